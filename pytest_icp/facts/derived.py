"""Facts that were derived from other files, each with where it comes from and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.law.describe import show
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text


class Status(StrEnum):
    """How sure a derived fact is (状态). Only `KNOWN` and `REFERENCED` carry a value.

    The others are null in the facts, so whatever reads them is unknown.
    """

    KNOWN = "known"
    """The source says it."""
    REFERENCED = "referenced"
    """The source refers to another of its elements, which says it."""
    DEFAULT = "default"
    """Not set: what the cloud does by default applies, and nothing here enforces it."""
    AFTER_APPLY = "known after apply"
    """It comes to be when the plan is applied, or when a template is rendered."""
    SENSITIVE = "sensitive"
    """The source marks it as sensitive, so it is not read."""


class Provenance(Struct, frozen=True, kw_only=True):
    """Where one derived fact comes from (来源).

    ``address`` names the element of the source as its own tools do
    (``module.web.alicloud_eip_address.a``, ``Ingress/shop/web``); ``attribute`` is the dotted
    path inside that element that was read, empty when the element itself is the fact.
    """

    place: Place
    status: Status = Status.KNOWN
    address: str = ""
    attribute: str = ""

    def text(self, named: Callable[[Place], str] = str) -> str:
        """Return the place as it is ``named``, then the address and the attribute."""
        return ", ".join(part for part in (named(self.place), self.address, self.attribute) if part)


Trace: TypeAlias = Callable[[str], Provenance]
"""Tells the provenance of a fact by its JSON Pointer in the facts of its source.

It is asked for what is shown only, so places may be found then. Of a fact that is not there it
tells why, by the status; else where the closest thing above it stands, as known.
"""


KNOWING = frozenset({Status.KNOWN, Status.REFERENCED})
"""The statuses of facts that have a value."""


class Gap(Struct, frozen=True, kw_only=True):
    """Something that a source could not tell (缺口): a template, an incomplete plan.

    ``kinds`` are the top-level facts (``servers``, ``sites``) of which elements may be missing
    for it: no rule that reads them is satisfied or not applicable.
    """

    message: Text
    place: Place
    kinds: frozenset[str]


class Derived(Struct, frozen=True, kw_only=True):
    """A part of a description that one source gave (导出的事实).

    ``facts`` is valid under the description's schema; elements with equal ids in equal lists
    are one element, whichever source they come from. ``unmapped`` counts by type the elements
    that look relevant but are not understood; ``remarks`` are said once and decide nothing.
    """

    facts: JsonObject
    trace: Trace
    gaps: tuple[Gap, ...] = ()
    unmapped: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    remarks: tuple[Text, ...] = ()


class Reading(Struct, frozen=True, kw_only=True):
    """What came of one source (来源): the facts that it gave, or why it gave none.

    ``kind`` and ``path`` are as written, and ``place`` is where; ``gives`` are the top-level
    facts of which the source may give elements. A ``generated`` source is made from files that
    a person edits, so what those say too is shown there.
    """

    kind: str
    path: str
    place: Place
    gives: frozenset[str]
    generated: bool = False
    derived: Derived | None = None
    error: InputError | None = None

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What the source could not tell: of one that cannot be read, all that it may give."""
        if self.error is not None:
            place = self.error.place or self.place
            return (Gap(message=self.error.message, place=place, kinds=self.gives),)
        return self.derived.gaps if self.derived else ()


class Statement(Struct, frozen=True, kw_only=True):
    """One of several values that a fact is said to have, and where it is said."""

    value: Json
    provenance: Provenance


class Disagreement(Struct, frozen=True, kw_only=True):
    """A fact of which two sources, or a source and the hand, say different things (矛盾).

    ``pointer`` is that of the fact in the description, where it is not known for this reason;
    ``fact`` names it for people.
    """

    pointer: str
    fact: str
    statements: tuple[Statement, ...]

    def message(self, named: Callable[[Place], str] = str) -> Text:
        """Say which values there are and where, with each place as it is ``named``."""
        values = [f"{show(each.value)} ({each.provenance.text(named)})" for each in self.statements]
        return _DISAGREE.format(fact=self.fact, values="; ".join(values))

    @property
    def gap(self) -> Gap:
        """The disagreement as something that its sources cannot tell."""
        kind = tokens(self.pointer)[0]
        place = self.statements[-1].provenance.place
        return Gap(message=self.message(), place=place, kinds=frozenset({kind}))


_DISAGREE = Text(
    zh="「{fact}」在各处的值不一致，因此视为不知道：{values}",
    en="`{fact}` has different values in different places, so it counts as not known: {values}",
)
