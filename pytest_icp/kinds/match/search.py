"""Searches records for a value of a subject (查找): which say it, and which perhaps do.

What does not hang on a subject is read once for all of them. Records are looked up by the value
that they have, and by what joins them to the subject; those of which that is not known may be any.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from math import isclose
from operator import itemgetter
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import ALWAYS, Days, Runs, day_of, merged
from pytest_icp.kinds.likeness import Index, Likeness, folded, in_areas, key_of, legal_person
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, steps
from pytest_icp.kinds.words import first_of, shown
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.describe import show
from pytest_icp.law.divisions import may_be_traditional
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.numbers import Listing
from pytest_icp.rules.policy import Join, Spec

# ---- The fields of the kind


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


# ---- Names of one and the same (名称)

_COMPANY = ("/company/name", "/company/former_names")
"""The names of the licensee: where one of them is expected, the others are right as well."""


class Names(Struct, frozen=True):
    """The names that a subject has, and those of the licensee where these are one.

    ``gap`` is the place of the first that is not declared.
    """

    own: frozenset[str]
    company: frozenset[str]
    gap: Tokens | None

    @classmethod
    def of(cls, spec: Match, context: Context, subject: Subject) -> Names:
        """Return the names of a subject."""
        own = [*facts_at(context, subject, spec.fact)]
        company = [*facts_at(context, subject, _COMPANY if spec.how == "company" else ())]
        open_at = (fact.tokens for fact in (*own[1:], *company) if fact.is_open)
        return cls(_folded(own), _folded(company), next(open_at, None))

    @property
    def is_licensee(self) -> bool:
        """Whether one of them is the licensee's."""
        return not self.own.isdisjoint(self.company)

    def like(self, name: Json) -> bool | None:
        """Whether a name is one of them, however it is written; None where it may be."""
        theirs = legal_person(str(name))
        if theirs in self.own or (theirs in self.company and self.is_licensee):
            return True
        script = any(may_be_traditional(mine, folded(str(name))) for mine in self.own)
        return None if self.gap or script else False


def _folded(facts: Iterable[Fact]) -> frozenset[str]:
    texts = (value for fact in facts for value in fact.values)
    return frozenset(legal_person(text) for text in texts if isinstance(text, str))


def facts_at(context: Context, subject: Subject, paths: Iterable[str]) -> Iterator[Fact]:
    """Yield what is at some paths, through the lists on the way; the last is taken whole."""
    for path in paths:
        _, absolute, names = steps(path)
        start = Fact((), context.view.facts) if absolute else Fact(subject.tokens, subject.value)
        yield from _below(start, names)


def _below(fact: Fact, names: tuple[str, ...]) -> Iterator[Fact]:
    if not names or fact.value is None:
        yield fact
    elif isinstance(fact.value, list):
        for i, element in enumerate(fact.value):
            yield from _below(Fact((*fact.tokens, i), element), names)
    elif isinstance(fact.value, Mapping):
        yield from _below(Fact((*fact.tokens, names[0]), fact.value.get(names[0])), names[1:])


# ---- Records (记录): which count, whose they are, when they are valid


class Record(Struct, frozen=True, gc=False):
    """One of those among which a value is found, and what it says.

    ``days`` are those on which it is valid, or may be. Where ``counts_if``, a fact, is not known,
    it only perhaps counts; where ``valid_if`` is not known, neither are its days.
    """

    subject: Subject
    says: Fact
    days: Days = ALWAYS
    valid_if: Tokens | None = None
    counts_if: Tokens | None = None

    @property
    def known(self) -> tuple[Json, ...]:
        """The values that it certainly says."""
        return tuple(value for value in self.says.values if value is not None)


def records_of(
    among: Among, valid: Valid | None, context: Context
) -> tuple[list[Record], list[Fact]]:
    """Return the records of a rule that count, or may, and what those say that do not."""
    records: list[Record] = []
    left_out: list[Fact] = []
    for one in context.subjects(among.of).subjects:
        says, counts = context.fact(one, among.at), context.counts(one, among.where)
        days = _days(valid, context, one)
        if counts is False or days is None:
            left_out += () if counts else (says,)
            continue
        counts_if = None if counts else context.open_of(one, among.where)
        records.append(Record(one, says, *days, counts_if))
    return records, left_out


def _days(
    rule: Valid | None, context: Context, record: Subject
) -> tuple[Days, Tokens | None] | None:
    """Return when a record is valid, and what is not known of that; None if it never was."""
    starts = [context.fact(record, path) for path in rule.from_] if rule else []
    if any(start.value == NEVER for start in starts):
        return None
    ends = [context.fact(record, rule.until)] if rule and rule.until else []
    first = max((day for start in starts if (day := day_of(start))), default=ALWAYS.first)
    last = min((day for end in ends if (day := day_of(end))), default=ALWAYS.last)
    if rule and rule.days is not None and first != ALWAYS.first:
        last = min(last, first + timedelta(days=rule.days))
    open_at = (fact.tokens for fact in (*starts, *ends) if fact.value is None)
    return Days(first, last), next(open_at, None)


def period_of(
    rule: Valid | None, context: Context, subject: Subject
) -> tuple[Days | None, Tokens | None]:
    """Return the days on which a value of a subject must be found; None where none is known.

    Where a fact that is not known may add others, its place is returned as well.
    """
    today = Days(context.today, context.today)
    if rule and rule.at:
        on = context.fact(subject, rule.at)
        day = day_of(on)
        return (Days(day, day), None) if day else (None, on.tokens)
    if not rule or not rule.since:
        return today, None
    since = context.fact(subject, rule.since)
    begun = day_of(since)
    if begun is not None:
        return Days(begun, context.today), None
    return today, None if since.value == NEVER else since.tokens


_Open: TypeAlias = tuple[int, Tokens]
"""The position of a record, and what is not known of it; () stands for a fact of the subject."""

_ALWAYS, _NEVER = merged([ALWAYS]), merged([])
_LEAST = float("-inf")


class Found(Struct, frozen=True, kw_only=True):
    """The days on which records certainly say a value, and those on which they may.

    ``open_at`` is the first fact that is not known, so that one only may. ``times`` is how many
    certainly do. ``there`` are the records that certainly count, belong to the subject and are
    valid, whatever they say; ``maybe`` is the first fact that is not known, so that there only may
    be one.
    """

    sure: Runs
    perhaps: tuple[Runs, ...]
    open_at: Tokens | None
    times: int = 0
    there: tuple[Record, ...] = ()
    maybe: Tokens | None = None

    @property
    def ever(self) -> bool:
        """Whether one says it on any day, or may."""
        return any(runs.days for runs in (self.sure, *self.perhaps))


class _Sum(Struct, frozen=True):
    """What some records come to, with what is not known of each that is open."""

    sure: Runs
    times: int
    perhaps: Runs
    open_at: tuple[_Open, ...]
    there: tuple[Record, ...]
    maybe: tuple[_Open, ...]


class _Here(Struct, frozen=True):
    """A fact of a subject that joins records to it; those ``named`` share a value with it."""

    index: Index
    fact: Fact
    named: set[int]

    @classmethod
    def of(cls, index: Index, fact: Fact) -> _Here:
        """Return which records share a value with a fact."""
        return cls(index, fact, index.at(fact.values))


class _Asked(Struct, frozen=True):
    """What is looked for: a value, or the names of a subject; the records ``said`` say it."""

    value: Json
    names: Names | None
    said: set[int]


def _joined(i: int, heres: Sequence[_Here]) -> list[Tokens] | None:
    """Return what is not known of whether a record is a subject's; None if it is not."""
    gaps: list[Tokens] = []
    for here in heres:
        if i in here.named:
            continue
        there = here.index.facts[i]
        if not there.is_open and not here.fact.is_open:
            return None
        gaps.append(there.tokens if there.is_open else ())
    return gaps


class Search(Struct, frozen=True, eq=False, dict=True):
    """The records of a rule that count, or may, with what they say and what joins them.

    Values are compared by ``like``. ``joins`` are facts of a subject, each with those of the
    records. ``missing`` are the places where no records are declared, ``left_out`` what those say
    that do not count. What is the same for many subjects is summed up once.
    """

    spec: Match
    context: Context
    records: tuple[Record, ...]
    like: Likeness
    joins: tuple[tuple[str, Index], ...] = ()
    missing: tuple[Tokens, ...] = ()
    left_out: tuple[Fact, ...] = ()
    known: dict[Hashable, _Sum] = field(default_factory=dict)
    covering: dict[str, tuple[bool, bool]] = field(default_factory=dict)

    def of(self, subject: Subject, fact: Fact, days: Days, names: Names | None) -> Found:
        """Return which records say a value of a subject on some days.

        What is looked for may not be known; then only whether there are records is told.
        """
        heres = [_Here.of(index, self.context.fact(subject, path)) for path, index in self.joins]
        here = heres[0] if heres else None
        asked = _Asked(fact.value, names, set() if self.spec.how else self.said.at([fact.value]))
        # Whether there is a record of a subject at all, only what joins the two tells.
        by_value = not self.spec.how and self.spec.if_none != "not_applicable"
        saying = asked.said if by_value and fact.value is not None else range(len(self.records))
        named = here.named if here else saying
        own = self._sum(sorted(named), asked, heres, days)
        rest = [*self._rest(asked, saying, heres, by_value=by_value)]
        place = next((one.fact.tokens for one in heres if one.fact.is_open), fact.tokens)

        def first(mine: Sequence[_Open], *others: Sequence[_Open]) -> Tokens | None:
            each = [next((one for one in some if one[0] not in named), None) for some in others]
            every = [one for one in (*mine[:1], *each) if one]
            at = min(every, key=itemgetter(0))[1] or place if every else None
            return self.missing[0] if self.missing else at

        return Found(
            sure=own.sure,
            perhaps=(own.perhaps, *(one.perhaps for one in rest), *[_ALWAYS][: len(self.missing)]),
            open_at=first(own.open_at, *(one.open_at for one in rest)),
            times=own.times,
            there=own.there,
            maybe=first(own.maybe, *(one.maybe for one in rest)),
        )

    def _rest(
        self, asked: _Asked, saying: Collection[int], heres: Sequence[_Here], *, by_value: bool
    ) -> Iterator[_Sum]:
        """Yield what the records come to that may be any subject's, or may say any value."""
        here = heres[0] if heres else None
        if not (here.fact.is_open or here.index.others if here else self.said.others):
            return

        def anybody(positions: Collection[int]) -> Iterable[int]:
            if here is None or here.fact.is_open:
                return sorted(positions)
            return (i for i in here.index.others if i in positions)

        open_here = here and here.fact.is_open
        alike = (asked.names, open_here, *(key_of(one.fact.value) for one in heres[1:]))
        if here:
            # Of prices that may be anybody's it is not asked how high they are.
            value = _LEAST if self.spec.how == "at_most" else asked.value
            key = (key_of(value), alike)
            if key not in self.known:
                some = replace(asked, value=value)
                self.known[key] = self._sum(anybody(saying), some, heres)
            yield self.known[key]
        if by_value and asked.value is not None:
            if alike not in self.known:
                nothing = replace(asked, value=None)
                self.known[alike] = self._sum(anybody(self.said.others), nothing, heres)
            yield self.known[alike]

    def _sum(
        self,
        positions: Iterable[int],
        asked: _Asked,
        heres: Sequence[_Here],
        days: Days = ALWAYS,
    ) -> _Sum:
        """Sum up the records at some positions that are valid on some of the days."""
        sure, perhaps = list[Days](), list[Days]()
        open_at, maybe, there = list[_Open](), list[_Open](), list[Record]()
        for i in positions:
            record, joined = self.records[i], _joined(i, heres)
            if joined is None or record.days.last < days.first or days.last < record.days.first:
                continue
            gaps = [one for one in (record.counts_if, *joined, record.valid_if) if one is not None]
            if gaps:
                maybe.append((i, gaps[0]))
            else:
                there.append(record)
            says = self._says(asked, i, record)
            if says is None:
                names = asked.names
                gap = names.gap if names and not record.says.is_open else record.says.tokens
                gaps.insert(0, () if gap is None else gap)
            if gaps and says is not False:
                open_at.append((i, gaps[0]))
                perhaps.append(record.days)
            elif says:
                sure.append(record.days)
        runs = [merged(days) if days else _NEVER for days in (sure, perhaps)]
        return _Sum(runs[0], len(sure), runs[1], tuple(open_at), tuple(there), tuple(maybe))

    def _says(self, asked: _Asked, i: int, record: Record) -> bool | None:
        """Whether a record says what is asked; None where that is not known."""
        value: Any = asked.value
        names = asked.names
        if value is None:
            return None
        if names:
            answers = [names.like(name) for name in record.known]
        elif self.spec.how == "at_most":
            # Sums of decimals may be a hair off.
            limits: Any = record.known
            answers = [bool(value <= most or isclose(value, most)) for most in limits]
        else:
            answers = [i in asked.said]
        if True in answers:
            return True
        return None if None in answers or record.says.is_open else False

    def of_area(self, area: str) -> Found:
        """Return whether an area is one of those of all records together, or lies in one."""
        sure, every, gaps = self._areas
        known = self.covering.get(area)
        if known is None:
            known = self.covering[area] = in_areas(area, sure), in_areas(area, every)
        perhaps = known[1] or any(one.says.is_open for one in self.records)
        open_at = (*self.missing, *(gaps if perhaps else ()))
        found = _ALWAYS if known[0] else _NEVER
        return Found(sure=found, perhaps=(), open_at=next(iter(open_at), None))

    @cached_property
    def _areas(self) -> tuple[set[str], set[str], list[Tokens]]:
        """The areas of the records that count, of all, and what is not known of them."""
        sure = {str(v) for one in self.records if one.counts_if is None for v in one.known}
        every = {str(value) for one in self.records for value in one.known}
        gaps = [one.counts_if or one.says.tokens for one in self.records]
        known = [one.counts_if is None and not one.says.is_open for one in self.records]
        return sure, every, [gap for gap, one in zip(gaps, known, strict=True) if not one]

    @cached_property
    def said(self) -> Index:
        """What the records say that count, or may."""
        return Index.of(self.like, (one.says for one in self.records))

    @cached_property
    def uncounted(self) -> Index:
        """What the records say that do not count."""
        return Index.of(self.like, self.left_out)

    @cached_property
    def shown(self) -> Text:
        """The first of the values that the records say, as a finding names them."""
        counted = [one for one in self.records if one.counts_if is None]
        values = {show(v): shown(v, one.says.tokens) for one in counted for v in one.known}
        return first_of(values[name] for name in sorted(values))
