"""Facts derived from other files, each with its origin and status."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, show


class Status(StrEnum):
    """How certain a derived fact is (状态). Only those in `KNOWING` have a value.

    The others are null in the facts, so whatever reads them is unknown.
    """

    KNOWN = "known"
    """The source contains it."""
    REFERENCED = "referenced"
    """The source refers to another of its elements, which contains it."""
    DEFAULT = "default"
    """Not set: the default of the cloud applies, which nothing in the source enforces."""
    NOT_TOLD = "not told"
    """What is set says nothing of it, or nothing certain."""
    AFTER_APPLY = "known after apply"
    """Known only when the plan is applied, or the template of a manifest is filled in."""
    AS_SERVED = "known as served"
    """Known only of the page that visitors get: a template, a script or a program fills it in."""
    SENSITIVE = "sensitive"
    """Marked as sensitive in the source, so it is not read."""
    ASSUMED = "assumed"
    """The entry of the source assumes it, and nothing else says anything about it."""


class Provenance(Struct, frozen=True, kw_only=True):
    """Where one derived fact comes from (来源).

    ``address`` names the element of the source as its own tools do
    (``module.web.alicloud_eip_address.a``, ``Ingress/shop/web``); ``attribute`` is the dotted
    path inside that element that was read, empty when the element itself is the fact. ``advice``
    says why a fact is not known and what to do, where there is more to say than its status.
    """

    place: Place
    status: Status = Status.KNOWN
    address: str = ""
    attribute: str = ""
    advice: Text | None = None

    def text(self, named: Callable[[Place], str] = str) -> str:
        """Return the place, written by ``named``, the address and the attribute."""
        return ", ".join(part for part in (named(self.place), self.address, self.attribute) if part)


Trace: TypeAlias = Callable[[str], Provenance]
"""Returns the provenance of a fact by its JSON Pointer in the facts of its source.

It is called only for facts that are shown, so it may look places up then. For an absent fact,
the status is the reason if there is one; else the place is that of the closest value above it.
"""


KNOWING = frozenset({Status.KNOWN, Status.REFERENCED, Status.ASSUMED})
"""The statuses of facts that have a value."""


class Gap(Struct, frozen=True, kw_only=True):
    """Something that a source does not contain (缺口): a template, an incomplete plan.

    ``kinds`` are the top-level facts (``servers``, ``sites``) whose elements may be missing:
    no rule that reads them is satisfied or not applicable.
    """

    message: Text
    place: Place
    kinds: frozenset[str]


Names: TypeAlias = Callable[[str, str], Sequence[str]]


def _no_names(_each: str, _own: str) -> Sequence[str]:
    return ()


class Derived(Struct, frozen=True, kw_only=True):
    """The part of a description that one source gives (导出的事实).

    ``facts`` is valid under the description's schema; elements with equal ids in equal lists
    are one element, whichever source they come from. ``names`` returns what else an element is
    called, by its list and id: the name of a bucket, say. A ``current`` one says itself that what
    it lists is in use. ``remarks`` are reported once and decide nothing.
    """

    facts: JsonObject
    trace: Trace
    names: Names = _no_names
    current: bool = False
    gaps: tuple[Gap, ...] = ()
    remarks: tuple[Text, ...] = ()


class Reading(Struct, frozen=True, kw_only=True):
    """The result of reading one source (来源): its facts, or why there are none.

    ``kind`` and ``path`` are as written, at ``place``; ``gives`` are the top-level facts whose
    elements the source may give. A ``generated`` source is made from files that a person edits,
    so a fact that both contain is shown in those. What a ``deployed`` one lists is in use.
    Its ids are addresses within its ``root`` (a Terraform root, an overlay), which is of an
    ``environment`` if the entry says so; without a root they are the same everywhere.
    ``assume`` are facts of its elements that hold where nothing else speaks (假定). ``digests`` are
    the SHA-256 of the files that were read.
    """

    kind: str
    path: str
    place: Place
    gives: frozenset[str]
    generated: bool = False
    deployed: bool = False
    root: str = ""
    environment: str = ""
    assume: JsonObject = field(default_factory=dict)
    derived: Derived | None = None
    error: InputError | None = None
    digests: Mapping[Path, str] = field(default_factory=dict)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What the source does not contain; if it cannot be read, everything that it may give."""
        if self.error is not None:
            place, message = self.error.place or self.place, self.error.message
            if place == self.place:
                # The place is not the file, so that is named.
                message = _UNREAD.format(path=self.path, why=message)
            return (Gap(message=message, place=place, kinds=self.gives),)
        return self.derived.gaps if self.derived else ()


_UNREAD = Text(zh="{path}：{why}", en="{path}: {why}")


class Statement(Struct, frozen=True, kw_only=True):
    """One of several values of a fact, and its origin.

    A ``generated`` one is of a source that a tool made from files that a person edits.
    """

    value: Json
    provenance: Provenance
    generated: bool = False


class Disagreement(Struct, frozen=True, kw_only=True):
    """A fact with different values in two sources, or in a source and the description (矛盾).

    ``pointer`` is that of the fact in the description, where it is not known for this reason;
    ``fact`` is its name for people.
    """

    pointer: str
    fact: str
    statements: tuple[Statement, ...]

    def message(self, named: Callable[[Place], str] = str) -> Text:
        """Return the values and their places, each place written by ``named``."""
        values = [f"{show(each.value)} ({each.provenance.text(named)})" for each in self.statements]
        return _DISAGREE.format(fact=self.fact, values="; ".join(values))

    @property
    def stale(self) -> bool:
        """Whether a file that a tool made says something else than what it was made from (过时)."""
        made = {one.provenance.address for one in self.statements if one.generated}
        edited = {one.provenance.address for one in self.statements if not one.generated}
        return bool(made & edited - {""})

    @property
    def gap(self) -> Gap:
        """The disagreement as a gap of its sources."""
        kind = tokens(self.pointer)[0]
        place = self.statements[-1].provenance.place
        return Gap(message=self.message(), place=place, kinds=frozenset({kind}))


_DISAGREE = Text(
    zh="“{fact}”在各处的值不一致，因此视为不知道：{values}",
    en="`{fact}` has different values in different places, so it counts as not known: {values}",
)


NOT_PRODUCTION = frozenset(
    {
        *("dev", "develop", "development", "local", "sandbox", "demo", "override"),
        *("test", "testing", "qa", "sit", "uat", "staging", "stage", "stg", "pre", "preprod"),
    }
)
"""What people call environments that serve no public."""

_KNOWN = {"prod", "production", "prd"} | NOT_PRODUCTION


def environment_in(names: Iterable[str]) -> str:
    """Return the first word in some names that is called like an environment, or nothing."""
    words = (word for name in names for word in re.split(r"[\W_]+", name.lower()))
    return next((word for word in words if word in _KNOWN), "")
