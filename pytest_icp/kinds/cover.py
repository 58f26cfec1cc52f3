"""Values that records cover (覆盖范围): how many of the records cover a given one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Literal, TypeAlias

from msgspec import Struct, field

from pytest_icp.kinds.areas import in_areas
from pytest_icp.kinds.hosts import covered, domains_over, normal_names
from pytest_icp.kinds.matching import key_of
from pytest_icp.kinds.subjects import Fact, Tokens
from pytest_icp.kinds.words import first_of
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json

Match: TypeAlias = Literal["equal", "host", "domain", "area"]
"""How a value and those that cover it compare."""


class Cover(Struct, frozen=True, eq=False, dict=True):
    """What the records cover: the values of each, and where it is not known.

    Of areas the records make up one together: provinces that are filed one by one are the country.
    ``perhaps`` are the values of records that perhaps count, each with the fact that would tell;
    ``left_out`` those of records that do not count.
    """

    match: Match
    values: tuple[tuple[Json, ...], ...]
    unknown: tuple[Tokens, ...] = ()
    areas: dict[str, bool] = field(default_factory=dict)
    perhaps: tuple[tuple[tuple[Json, ...], Tokens], ...] = ()
    left_out: Cover | None = None

    def times(self, value: Json, most: int) -> int:
        """Return how many of the records cover a value, and no more than ``most``."""
        if self.match == "area":
            return self._in_areas(str(value))
        return len([*islice(self.covering(value), most)])

    def open_at(self, value: Json) -> Tokens | None:
        """Return the first fact that is not known, so that a further record may cover a value."""
        if self.unknown:
            return self.unknown[0]
        if not self.perhaps or (self.match == "area" and not self._at_best.times(value, 1)):
            return None
        first = 0 if self.match == "area" else next(self._at_best.covering(value), None)
        return None if first is None else self.perhaps[first][1]

    @cached_property
    def _at_best(self) -> Cover:
        """What the records cover that perhaps count; of areas, together with the others."""
        values = tuple(values for values, _ in self.perhaps)
        return Cover(self.match, values + self.values if self.match == "area" else values)

    def covering(self, value: Json) -> Iterator[int]:
        """Yield the number of each record that covers a value, which is no area."""
        found: set[int] = set()
        for key in _asked(self.match, value):
            for i, one in self._register.get(key, {}).items():
                if i not in found and _covers(self.match, one, value):
                    found.add(i)
                    yield i

    def joined(self, mine: Fact) -> tuple[list[int], list[Fact]]:
        """Return the numbers of the records that cover a value of a fact, in order.

        With them goes the first fact that is not known, by which another may cover one.
        """
        found = sorted({i for value in mine.values for i in self.covering(value)})
        open_at = (mine.tokens, *self.unknown) if mine.is_open else self.unknown
        return found, [Fact(at, None) for at in open_at[:1]]

    @cached_property
    def shown(self) -> str:
        """The first of the values, as a finding names them."""
        return first_of(sorted({show(value) for values in self.values for value in values}))

    @cached_property
    def _register(self) -> dict[Hashable, dict[int, Json]]:
        """The records by the keys of their values, each with such a value."""
        register: dict[Hashable, dict[int, Json]] = {}
        for i, values in enumerate(self.values):
            for value in values:
                for key in _given(self.match, value):
                    register.setdefault(key, {}).setdefault(i, value)
        return register

    def _in_areas(self, area: str) -> int:
        if area not in self.areas:
            self.areas[area] = in_areas(area, self._together)
        return int(self.areas[area])

    @cached_property
    def _together(self) -> set[str]:
        return {str(area) for values in self.values for area in values}


def cover_of_hosts(facts: Sequence[Fact]) -> Cover:
    """Return the hosts that some facts name as what records cover, each fact a record."""
    values = tuple(fact.values for fact in facts)
    return Cover("host", values, tuple(fact.tokens for fact in facts if fact.is_open))


def _covers(match: Match, one: Json, value: Json) -> bool:
    """Whether one of the values of a record covers a value."""
    if match == "host":
        return covered(value, [one])
    return covered(one, [value]) if match == "domain" else value == one


def _asked(match: Match, value: Json) -> Iterable[Hashable]:
    """Return the keys under which what covers a value is found."""
    if match == "host":
        return domains_over(value)
    return normal_names(value) if match == "domain" else (key_of(value),)


def _given(match: Match, value: Json) -> Iterable[Hashable]:
    """Return the keys of a value that records cover."""
    if match == "host":
        return normal_names(value)
    return domains_over(value) if match == "domain" else (key_of(value),)
