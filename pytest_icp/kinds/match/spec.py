"""The fields of the kind ``match``, and how the description schema says its facts compare."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.numbers import Listing
from pytest_icp.rules.policy import Join, Spec


class Pairs(Struct, frozen=True):
    """The facts by which records are those of a subject: each of a record, with its own."""

    each: tuple[Join, ...] = ()

    @classmethod
    def from_written(cls, written: JsonObject) -> Pairs:
        """Read a mapping of facts of a record to facts of its subject."""
        return cls(tuple(Join(record, str(subject)) for record, subject in written.items()))


class Among(Struct, frozen=True, kw_only=True):
    """Records, the value that each has, which of them count, and which are the subject's."""

    of: str
    at: str
    where: Node = ANYTHING
    match: Pairs = Pairs()

    def dotted(self, path: str = "") -> str:
        """Return the path of the records, or of a fact of them, from the root of a description."""
        return join_path(join_path("", self.of), path)


class Valid(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The days of a record, and the day of the subject on which, or since which, it must run.

    It runs until a day of its own, or for so many days after its first.
    """

    from_: tuple[str, ...]
    until: str | None = None
    days: int | None = None
    at: str | None = None
    since: str | None = None


class WhileOpen(Struct, frozen=True, kw_only=True):
    """Another rule, and for which of its subjects a difference is none while its duty is open."""

    rule: str
    where: Node = ANYTHING


class Match(Spec, frozen=True, kw_only=True):
    """What is found, and among what."""

    fact: tuple[str, ...] = ()
    values: Listing | None = None
    among: tuple[str | Among, ...]
    how: Literal["name", "company", "at_most"] | None = None
    one: bool = False
    valid: Valid | None = None
    if_none: Literal["violated", "not_applicable"] | None = None
    while_open: WhileOpen | None = None

    @property
    def records(self) -> Among | None:
        """The records among which it is found; None where that is at paths."""
        first = self.among[0]
        return first if isinstance(first, Among) else None

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths at which it is found; none where that is in records."""
        return tuple(path for path in self.among if isinstance(path, str))

    @property
    def pairs(self) -> tuple[Join, ...]:
        """The facts by which records are those of a subject."""
        return self.records.match.each if self.records else ()

    @property
    def names(self) -> bool:
        """Whether names are compared, which need not be written alike."""
        return self.how in {"name", "company"}

    @property
    def rules(self) -> tuple[str, ...]:
        """The other rule that it names."""
        return (self.while_open.rule,) if self.while_open else ()
