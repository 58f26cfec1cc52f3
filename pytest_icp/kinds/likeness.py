"""How values compare (比较), by the type that the description schema gives them.

``x-icp-compare`` says of a fact that it is a ``host``, a ``domain`` with all hosts below it, or an
``area``. A host lies under a domain, whichever of the two is looked for; what is not said to be
any of them is equal.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import cache
from typing import Literal, TypeAlias, cast

from msgspec import Struct

from pytest_icp.facts.files.properties import mark
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.hosts import domain_names, domains_over
from pytest_icp.kinds.matching import key_of
from pytest_icp.kinds.subjects import Fact
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.kleene import is_number

Type: TypeAlias = Literal["host", "domain", "area"]


class Likeness(Struct, frozen=True):
    """Which values are alike: those of which one is ``sought`` by a key that the other gives."""

    sought: Callable[[Json], Iterable[Hashable]]
    given: Callable[[Json], Iterable[Hashable]]


def _key(value: Json) -> tuple[Hashable]:
    """Return what is the same for equal values; sums of decimals may be a hair off."""
    return (("number", f"{value:.15g}") if is_number(value) else key_of(value),)


EQUAL = Likeness(_key, _key)
UNDER = Likeness(domains_over, domain_names)
"""Hosts under domains."""
OVER = Likeness(domain_names, domains_over)


def type_of(path: str) -> Type | None:
    """Return what the schema of descriptions says of the values at a dotted path."""
    return cast("Type | None", mark(SCHEMA, path, "x-icp-compare"))


@cache
def likeness(ours: str, theirs: str) -> Likeness:
    """Return how the values at a dotted path compare with those at another one."""
    types = type_of(ours), type_of(theirs)
    if types == ("domain", "host"):
        return OVER
    return UNDER if {"host", "domain"} & {*types} else EQUAL


class Index(Struct, frozen=True, eq=False):
    """What some facts say, by the keys of it; the ``others`` may say something else as well."""

    like: Likeness
    facts: tuple[Fact, ...]
    named: dict[Hashable, set[int]]
    others: tuple[int, ...]

    @classmethod
    def of(cls, like: Likeness, facts: Iterable[Fact]) -> Index:
        """Return the index of some facts."""
        every, named = tuple(facts), dict[Hashable, set[int]]()
        for i, fact in enumerate(every):
            for value in fact.values:
                for key in () if value is None else like.given(value):
                    named.setdefault(key, set()).add(i)
        return cls(like, every, named, tuple(i for i, one in enumerate(every) if one.is_open))

    def at(self, values: Iterable[Json]) -> set[int]:
        """Return the positions of the facts that say one of some values."""
        found = set[int]()
        for one in values:
            for key in () if one is None else self.like.sought(one):
                found.update(self.named.get(key, ()))
        return found
