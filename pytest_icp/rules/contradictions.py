"""Contradictions (矛盾): declarations that exclude each other, and numbers that are sums."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from msgspec import Struct

from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.source import read_source
from pytest_icp.law.condition import ANYTHING, Node, parse_condition
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Path, condition_paths, join_path
from pytest_icp.rules.policy import Join
from pytest_icp.rules.specs import read_spec

FILE = "contradictions"
"""The name of the file beside the policies, and of its schema."""


class Declared(Struct, frozen=True):
    """The first declaration: something at ``each`` certainly meets ``where``.

    ``fact`` is the path of the fact that says so, the subject itself without it. Subjects whose
    day ``until`` has passed do not count, nor do those whose ``day`` lies before the licence.
    """

    each: str
    where: Node
    fact: str = ""
    until: str = ""
    day: str = ""


class Denied(Struct, frozen=True):
    """The second declaration: nothing at ``each``, or ``inside`` the subject, may meet ``none``.

    ``facts`` of each then count as not known, without them the list.
    """

    each: str = ""
    inside: str = ""
    none: Node = ANYTHING
    facts: tuple[str, ...] = ()
    match: Join | None = None


class Contradiction(Struct, frozen=True):
    """Two declarations that exclude each other (相互矛盾的申报), and why."""

    id: str
    declared: Declared
    denied: Denied
    because: Text

    def reads(self) -> Iterator[str]:
        """Yield the dotted paths of the facts that it compares."""
        one, other = self.declared, self.denied
        each = join_path("", other.each) or join_path(one.each, other.inside)
        mine = [*condition_paths(one.where), one.fact, one.until, one.day]
        theirs = [*condition_paths(other.none), *other.facts]
        if other.match:
            mine.append(other.match.subject)
            theirs.append(other.match.record)
        yield from (join_path(one.each, path) for path in mine if path)
        yield from (join_path(each, path) for path in theirs)


class Sum(Struct, frozen=True):
    """A number that is the sum (合计) of the numbers ``add`` of those ``of`` that are ``where``.

    They are shares of one whole; where they ``overlap``, they may count the same thing twice. One
    that names another as ``within`` is part of that.
    """

    id: str
    fact: str
    of: str
    where: Node
    add: str
    because: Text
    overlap: bool = False
    within: str = ""

    def reads(self) -> Iterator[str]:
        """Yield the dotted paths of the facts that it compares."""
        yield self.fact
        mine = (*condition_paths(self.where), self.add, self.within)
        yield from (join_path(self.of, path) for path in mine if path)


class Contradictions(Struct, frozen=True):
    """All that the package knows of."""

    contradictions: tuple[Contradiction, ...]
    sums: tuple[Sum, ...]


@cache
def contradictions() -> Contradictions:
    """Return the contradictions that the package ships, which are tested to be valid."""
    written: Any = read_source(resource("policies") / f"{FILE}.yaml").data
    return read_spec(Contradictions, written, _condition, ())


def _condition(written: Json, _at: Path) -> Node:
    return parse_condition(written)
