"""What was read on a printed licence (许可证纸面): each field with its place, and each doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.law.text import Text
from pytest_icp.law.values import frozen

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json


@frozen
class Spot:
    """Where something stands on the paper (位置): a line of a page, both from 1.

    ``page`` is None where the text does not say how it was divided into pages; lines are then
    counted through the whole text.
    """

    page: int | None
    line: int


@frozen
class Seen:
    """Words that were seen (所见文字) and where they begin."""

    words: str
    spot: Spot


@frozen(kw_only=True)
class Field:
    """One field of the paper (栏目): what was read, or why nothing was.

    ``value`` is in the form that the schema of licences asks for, None where it could not be
    read; ``doubt`` says why then, and ``seen`` what stands there instead.
    """

    value: Json = None
    seen: tuple[Seen, ...] = ()
    doubt: Text | None = None


@frozen(kw_only=True)
class PaperLine:
    """A line of business as printed (业务种类); ``permits`` are the codes that it reads as."""

    name: Field
    scope: Field
    areas: Field
    permits: tuple[str, ...] = ()


@frozen(kw_only=True)
class PaperAttachment:
    """One site or app of the attached page (附页)."""

    kind: str
    name: Field
    domains: Field
    server_location: Field
    access_provider: Field


@frozen(kw_only=True)
class PaperProvision:
    """A special provision as printed (特别规定): its number, ``(15, 3)`` for 十五(三), its words.

    The words are without their number, line ends and spaces; ``spot`` is where they begin.
    """

    number: tuple[int, int]
    words: str
    spot: Spot


@frozen(kw_only=True)
class Reading:
    """All that was read on a licence (读取结果).

    ``attached`` and ``licensed`` say why there is no attachment or line of business, where there
    is none; ``other`` are the words among the provisions that belong to none of them;
    ``remarks`` tell how the text was put in order.
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
