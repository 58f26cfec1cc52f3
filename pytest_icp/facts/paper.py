"""The contents of a printed licence (许可证纸面): each field with its place and doubts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json


class Spot(Struct, frozen=True):
    """A place on the paper (位置): a line of a page, both from 1.

    ``page`` is None if the text does not show how it was divided into pages; lines are then
    counted through the whole text.
    """

    page: int | None
    line: int


class Seen(Struct, frozen=True):
    """Words on the paper (所见文字) and where they begin."""

    words: str
    spot: Spot


class Field(Struct, frozen=True, kw_only=True):
    """One field of the paper (栏目): its value, or why it could not be read.

    ``value`` is in the form of the schema of licences, None if it could not be read; ``doubt``
    is then the reason, and ``seen`` the words on the paper.
    """

    value: Json = None
    seen: tuple[Seen, ...] = ()
    doubt: Text | None = None


class PaperLine(Struct, frozen=True, kw_only=True):
    """A line of business as printed (业务种类); ``permits`` are the codes that it permits."""

    name: Field
    scope: Field
    areas: Field
    permits: tuple[str, ...] = ()


class PaperAttachment(Struct, frozen=True, kw_only=True):
    """One site or app of the attached page (附页); ``kind`` is None if it may be either."""

    kind: str | None
    name: Field
    domains: Field
    server_location: Field
    access_provider: Field


class PaperProvision(Struct, frozen=True, kw_only=True):
    """A special provision as printed (特别规定): its number, ``(15, 3)`` for 十五(三), its words.

    The words are without their number, line ends and spaces; ``spot`` is where they begin.
    """

    number: tuple[int, int]
    words: str
    spot: Spot


class PaperLicence(Struct, frozen=True, kw_only=True):
    """A printed licence as it was read (读取结果).

    ``attached`` and ``licensed`` give the reason if there is no attachment or line of business;
    ``other`` are the words among the provisions that belong to none of them; ``remarks`` state
    how the text was put in order.
    """

    number: Field
    holder: Field
    legal_representative: Field
    registered_capital: Field
    registered_address: Field
    issued_on: Field
    valid_until: Field
    issuing_authority: Field
    service_lines: tuple[PaperLine, ...]
    licensed: Field
    attachments: tuple[PaperAttachment, ...]
    attached: Field
    provisions: tuple[PaperProvision, ...]
    other: tuple[Seen, ...] = ()
    remarks: tuple[Text, ...] = ()
