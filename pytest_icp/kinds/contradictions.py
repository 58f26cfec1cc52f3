"""Contradictions (矛盾) in a description as of an instant, and what is decided in spite of them.

Where two declarations exclude each other, the second counts as not known. Where a number is not
the sum that it has to be, a rule that reads it is decided with the one and with the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from decimal import Decimal
from functools import cached_property

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import View
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Outcome, Verdict, worst
from pytest_icp.kinds.judgement import missing
from pytest_icp.kinds.matching import key_of
from pytest_icp.kinds.subjects import Collected, Subject, Tokens, location, steps
from pytest_icp.law.jsontypes import Json, pointer, tokens
from pytest_icp.law.text import Text
from pytest_icp.rules.contradictions import (
    Contradiction,
    Contradictions,
    Declared,
    Denied,
    Sum,
)
from pytest_icp.rules.policy import Obligation

_WHOLE = Decimal(1)


class Doubt(Struct, frozen=True, dict=True):
    """A contradiction that holds (存疑): where its two declarations are, and why both cannot be.

    ``places`` are the facts that are not known for it; without any, the list at ``second`` may
    be incomplete.
    """

    first: Tokens
    second: Tokens
    because: Text
    places: tuple[Tokens, ...] = ()

    def concerns(self, json_pointer: str) -> bool:
        """Whether a fact is not known for it, or something in that fact is not."""
        names = tokens(json_pointer)
        return names in self._above or any(names[:n] in self._known for n in range(len(names)))

    @cached_property
    def _known(self) -> frozenset[Tokens]:
        return frozenset(tuple(map(str, place)) for place in self.places)

    @cached_property
    def _above(self) -> frozenset[Tokens]:
        return frozenset(place[:n] for place in self._known for n in range(len(place) + 1))


def _doubt(context: Context, one: Contradiction) -> Doubt | None:
    inside, denied = one.denied.inside, one.denied
    every = None if inside else _Records(context, denied, context.subjects(denied.each))
    for subject in context.subjects(one.declared.each).subjects:
        if _counts(context, one.declared, subject):
            there = every or _Records(context, denied, context.subjects(inside, subject))
            records = there.none_of(subject)
            if records is not None:
                fact = one.declared.fact
                first = context.fact(subject, fact).tokens if fact else subject.tokens
                top = steps(denied.each)[2][:1]
                whole = context.fact(subject, inside).tokens if inside else top
                names = [steps(name)[2] for name in denied.facts]
                facts = tuple((*record.tokens, *name) for record in records for name in names)
                places = facts if records else (whole,)
                return Doubt(first, (*places, whole)[0], one.because, places)
    return None


def _counts(context: Context, declared: Declared, subject: Subject) -> bool:
    """Whether a subject certainly meets the first declaration."""
    if not context.decide.certain(declared.where, subject.value):
        return False
    if declared.until:
        fact = context.fact(subject, declared.until)
        last = day_of(fact)
        if fact.value is None or (last is not None and last < context.today):
            return False
    if declared.day:
        licence = Subject(("licence",), {})
        days = [context.fact(licence, f"/licence/{n}") for n in ("first_issued_on", "issued_on")]
        issued = next((day for fact in days if (day := day_of(fact))), None)
        day = day_of(context.fact(subject, declared.day))
        return issued is not None and day is not None and issued <= day
    return True


class _Records(Struct, frozen=True, eq=False, dict=True):
    """The second declarations that there are, by the value that joins them to one of the first."""

    context: Context
    denied: Denied
    there: Collected
    known: dict[Hashable, bool] = field(default_factory=dict)

    def none_of(self, subject: Subject) -> tuple[Subject, ...] | None:
        """Return what there is, if it is all declared and certainly none of it is denied."""
        # What is declared for a later day is no denial.
        listed = self.context.view.facts.get(str(steps(self.denied.each)[2][0]))
        if self.there.missing or id(listed) in self.context.view.origins:
            return None
        join = self.denied.joined_by
        mine = key_of(self.context.fact(subject, join.subject).value) if join else None
        if self._may_be(None) or self._may_be(mine):
            return None
        positions = sorted({*self._by_value.get(None, ()), *self._by_value.get(mine, ())})
        return tuple(self.there.subjects[i] for i in positions) or self.there.subjects

    @cached_property
    def _by_value(self) -> Mapping[Hashable, list[int]]:
        """The positions by value. None is that of those that may be joined to any."""
        join, positions = self.denied.joined_by, defaultdict[Hashable, list[int]](list)
        for i, record in enumerate(self.there.subjects):
            value = self.context.fact(record, join.record).value if join else None
            positions[key_of(value)].append(i)
        return positions

    def _may_be(self, value: Hashable) -> bool:
        """Whether one of the records with a value may be what is denied."""
        if value not in self.known:
            records = (self.there.subjects[i].value for i in self._by_value.get(value, ()))
            truths = (self.context.decide.truth(self.denied.none, one) for one in records)
            self.known[value] = any(truth is not False for truth in truths)
        return self.known[value]


def _changed(view: View, changes: Mapping[Tokens, Json]) -> View:
    """Return a view with other values at some places, by the indices of the description."""
    origins = dict(view.origins)

    def below(old: Json, inside: Mapping[Tokens, Json]) -> Json:
        if () in inside:
            return inside[()]
        parts = defaultdict[str | int, dict[Tokens, Json]](dict)
        for (name, *rest), value in inside.items():
            parts[name][tuple(rest)] = value
        if isinstance(old, list):
            positions = {index: at for at, index in enumerate(view.indices(old))}
            made = [*old]
            for name, part in parts.items():
                at = positions[int(name)]
                made[at] = below(old[at], part)
            if id(old) in origins:
                origins[id(made)] = origins[id(old)]
            return made
        known = old if isinstance(old, Mapping) else {}
        return {**known, **{str(name): below(known.get(str(name)), parts[name]) for name in parts}}

    facts = below(view.facts, changes)
    return View(facts if isinstance(facts, Mapping) else {}, origins, view.later)


class Unequal(Struct, frozen=True):
    """A number that is not the sum that it has to be: the ``fact``, and why both cannot be.

    ``ways`` are the contexts in which the number is true, and in which the sum is.
    """

    fact: str
    doubt: Doubt
    ways: tuple[Context, Context]


class Found(Struct, frozen=True):
    """The contradictions in a description; with doubts, ``context`` is without what they doubt."""

    doubts: tuple[Doubt, ...] = ()
    unequal: tuple[Unequal, ...] = ()
    context: Context | None = None

    @property
    def every(self) -> tuple[Doubt, ...]:
        """All of them as doubts."""
        return (*self.doubts, *(one.doubt for one in self.unequal))


NOTHING = Found()


def contradicted(context: Context, known: Contradictions) -> Found:
    """Return the contradictions that hold in a context."""
    doubts = tuple(d for one in known.contradictions if (d := _doubt(context, one)))
    seen = context.view
    for doubt in doubts:
        seen = _changed(seen, dict.fromkeys(doubt.places))
    doubting = seeing(context, seen) if doubts else None
    unequal = tuple(
        found for one in known.sums if (found := _unequal(doubting or context, one)) is not None
    )
    return Found(doubts, unequal, doubting)


def seeing(context: Context, seen: View) -> Context:
    """Return a context in which other facts are seen."""
    return Context(
        view=seen,
        as_of=context.as_of,
        calendar=context.calendar,
        decide=context.decide,
        evidence=context.evidence,
        settings=context.settings,
    )


def _unequal(context: Context, rule: Sum) -> Unequal | None:
    whole = Subject((), context.view.facts)
    stated, parts = context.fact(whole, rule.fact), context.fact(whole, rule.of)
    # Of a list of which some are still to come, the number of today may be the sum.
    if not isinstance(parts.value, list) or id(parts.value) in context.view.origins:
        return None
    numbers = [
        (_decimal(context.fact(p, rule.add).value), context.decide.truth(rule.where, p.value))
        for p in context.subjects(rule.of).subjects
    ]
    mine = _decimal(stated.value)
    if mine is None or any(number is None or counts is None for number, counts in numbers):
        return None
    total = sum((n for n, counts in numbers if n is not None and counts), Decimal(0))
    rest = _WHOLE - sum((n for n, _ in numbers if n is not None), Decimal(0))
    most = total + max(rest, Decimal(0))
    if total <= mine <= most:
        return None
    one = _changed(context.view, {parts.tokens: []})
    sum_ = float(total if mine < total else most)
    other = _changed(context.view, {stated.tokens: sum_})
    doubt = Doubt(stated.tokens, parts.tokens, rule.because, (stated.tokens,))
    return Unequal(rule.fact, doubt, (seeing(context, one), seeing(context, other)))


def either(obligation: Obligation, one: Unequal, first: Outcome, second: Outcome) -> Outcome:
    """Return what holds either way: ``first`` goes by the number, ``second`` by the sum."""
    verdicts = {first.verdict, second.verdict}
    if verdicts == {Verdict.VIOLATED}:
        stated, parts = pointer(one.doubt.first), location(one.doubt.second)
        moved = (replace(f, location=parts) if f.pointer == stated else f for f in second.findings)
        return replace(first, findings=(*first.findings, *moved))
    if verdicts.isdisjoint({Verdict.VIOLATED, Verdict.UNKNOWN}):
        return first if first.verdict is worst(verdicts) else second
    at = one.doubt.first
    open_at = missing(Subject(at[:-1], {}), at)
    return Outcome(
        verdict=Verdict.UNKNOWN,
        reason=obligation.meaning,
        pointer=pointer(at),
        findings=open_at.findings,
    )


def _decimal(value: Json) -> Decimal | None:
    """Return a number as it is written: 0.1 and 0.2 are 0.3."""
    return Decimal(str(value)) if isinstance(value, (int, float)) else None
