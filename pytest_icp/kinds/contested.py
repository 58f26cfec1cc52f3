"""Contested facts (存疑的事实): where a description says two things, a rule is decided with each.

- Places state different values of one fact. It counts as not known; yet where one of the values
  breaks a rule, the rule is violated: either it is broken, or that place says what is not so.
- Two declarations exclude each other (矛盾). The second counts as not known.
- A number is not the sum that it has to be. A rule that reads it is decided with the number and
  with the sum, and what both say holds. Where the number is left out, the sum stands for it, or the
  bounds within which the sum lies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import View
from pytest_icp.facts.derived import Disagreement
from pytest_icp.facts.description import Description
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Finding, Outcome, Verdict, worst
from pytest_icp.kinds.judgement import missing
from pytest_icp.kinds.likeness import EQUAL, Index
from pytest_icp.kinds.locator import Doubt, Locator
from pytest_icp.kinds.subjects import Collected, Subject, Tokens, location, steps
from pytest_icp.kinds.words import shown
from pytest_icp.law.condition import Truth, between
from pytest_icp.law.jsontypes import Json, JsonObject, changed, dotted, overlap, pointer, tokens
from pytest_icp.law.text import Text
from pytest_icp.rules.contradictions import Contradiction, Declared, Denied, Sum, contradictions
from pytest_icp.rules.policy import Obligation

_ELSEWHERE = Text(
    zh="{found}（{place}）；另一处不同：{others}",
    en="{found} ({place}); elsewhere it differs: {others}",
)
_OTHERS, _STATED = Text("；", "; "), Text("{value}（{place}）", "{value} ({place})")
_STALE = Text(
    zh="；计划或状态已经过时，请重新生成计划，或用 terraform apply 部署代码所写的",
    en="; the plan or state is out of date: plan again, or apply what the code says",
)
_FINE = (Verdict.SATISFIED, Verdict.NOT_APPLICABLE)
_WHOLE = Decimal(1)

Judge = Callable[[Context], Outcome]
"""Decides one rule in a context."""


class Unequal(Struct, frozen=True):
    """A number that is not the sum that it has to be: the ``fact``, and why both cannot be.

    ``ways`` are the contexts in which the number is true, and in which the sum is.
    """

    fact: str
    doubt: Doubt
    ways: tuple[Context, Context]


class Contested(Struct, frozen=True):
    """What is contested in a description; ``context`` is without the facts that are doubted.

    ``claims`` are the facts that have several values, by pointer, and ``ways`` contexts with one
    value of each.
    """

    context: Context
    doubts: tuple[Doubt, ...] = ()
    unequal: tuple[Unequal, ...] = ()
    claims: Mapping[str, Disagreement] = field(default_factory=dict)
    ways: tuple[Context, ...] = ()

    @property
    def every_doubt(self) -> tuple[Doubt, ...]:
        """The contradictions, those of sums among them."""
        return (*self.doubts, *(one.doubt for one in self.unequal))

    def decided(
        self,
        locator: Locator,
        obligation: Obligation,
        outcome: Outcome,
        facts: Sequence[str],
        judge: Judge,
    ) -> Outcome:
        """Return the outcome of a rule that reads ``facts``, by all that is said of them."""
        for one in self.unequal:
            if one.fact in facts:
                outcome = _either(obligation, one, *map(judge, one.ways))
        mine = {at: one for at, one in self.claims.items() if _is_read(at, facts)}
        if not mine or outcome.verdict in _FINE:
            return outcome
        return _by_claims(locator, outcome, mine, list(map(judge, self.ways)))


def contested(context: Context, description: Description) -> Contested:
    """Return what is contested in a description; ``context`` is that in which it is decided.

    A list that is contested as a whole is left out of the claims: it may be incomplete whichever
    is so.
    """
    claims = {at: one for at, one in description.contested.items() if not _is_list(one)}
    most = max((len(one.statements) for one in claims.values()), default=0)

    def way(number: int) -> Context:
        values: dict[Tokens, Json] = {
            tuple(tokens(at)): one.statements[min(number, len(one.statements) - 1)].value
            for at, one in claims.items()
        }
        facts = changed(description.facts, values)
        return _contradicted(_seeing(context, description, facts), description, facts).context

    found = _contradicted(context, description, description.facts)
    return replace(found, claims=claims, ways=tuple(map(way, range(most))))


def _seeing(context: Context, description: Description, facts: JsonObject) -> Context:
    """Return a context in which other facts are seen."""
    return _in_view(context, description.view(context.as_of, facts))


def _in_view(context: Context, view: View) -> Context:
    return Context(
        view=view,
        as_of=context.as_of,
        calendar=context.calendar,
        evidence=context.evidence,
        settings=context.settings,
    )


# ---- Declarations that exclude each other, and sums


def _contradicted(context: Context, description: Description, facts: JsonObject) -> Contested:
    """Return the contradictions that hold in a context, and the context without what they doubt."""
    known = contradictions()
    doubts = tuple(chain.from_iterable(_doubts(context, one) for one in known.contradictions))
    if doubts:
        facts = changed(facts, {place: None for doubt in doubts for place in doubt.places})
        context = _seeing(context, description, facts)

    def way(place: Tokens, value: Json) -> Context:
        return _seeing(context, description, changed(facts, {place: value}))

    totals = [(one, _left_out(context, one)) for one in known.sums]
    left_out = dict(total for _, total in totals if total)
    if left_out:
        facts = changed(facts, left_out)
        # A total has no date: nothing else looks different.
        seen = replace(context.view, facts=changed(context.view.facts, left_out))
        context = _in_view(context, seen)
    stated = (one for one, total in totals if total is None)
    unequal = tuple(found for one in stated if (found := _unequal(context, one, way)))
    return Contested(context, doubts, unequal)


def _doubts(context: Context, one: Contradiction) -> Iterator[Doubt]:
    """Yield what is doubted: for each subject that is joined to records, else once."""
    inside, denied = one.denied.inside, one.denied
    top, names = steps(denied.each)[2][:1], [steps(name)[2] for name in denied.facts]
    every = None if inside else _Records(context, denied, context.subjects(denied.each))
    # What is declared for a later day is no denial.
    if every and id(context.view.facts.get(top[0])) in context.view.origins:
        return
    for subject in context.subjects(one.declared.each).subjects:
        if not _counts(context, one.declared, subject):
            continue
        there = every or _Records(context, denied, context.subjects(inside, subject))
        fact, whole = one.declared.fact, context.fact(subject, inside).tokens if inside else top
        first = context.fact(subject, fact).tokens if fact else subject.tokens
        for records in there.without_any(subject):
            facts = tuple((*record.tokens, *name) for record in records for name in names)
            places = facts if records else (whole,)
            yield Doubt(first, (*places, whole)[0], one.because, places)
            if not (inside or denied.match):
                return


def _counts(context: Context, declared: Declared, subject: Subject) -> bool:
    """Whether a subject certainly meets the first declaration."""
    if not context.decide.truth(declared.where, subject.value):
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
    """The second declarations that there are, and what joins them to one of the first."""

    context: Context
    denied: Denied
    there: Collected

    def without_any(self, subject: Subject) -> Iterator[tuple[Subject, ...]]:
        """Yield what there is for each value of a subject, where certainly none of it is denied.

        Of a list, those values count that join some to it.
        """
        subjects, join = self.there.subjects, self.denied.match
        if self.there.missing or not (join or not self._may_be):
            return
        if join is None:
            yield subjects
            return
        mine = self.context.fact(subject, join.subject)
        is_list = isinstance(mine.value, list)
        others = self._by_value.others
        for value in mine.values if is_list else (mine.value,):
            own = self._by_value.at([value])
            if (own or not is_list) and self._may_be.isdisjoint((*others, *own)):
                yield tuple(subjects[i] for i in sorted({*others, *own})) or subjects

    @cached_property
    def _may_be(self) -> frozenset[int]:
        """The positions of what may be that which is denied."""
        decide, none = self.context.decide, self.denied.none
        records = enumerate(self.there.subjects)
        return frozenset(i for i, one in records if decide.truth(none, one.value) is not False)

    @cached_property
    def _by_value(self) -> Index:
        """The records by the value that joins them."""
        path = self.denied.match.record if self.denied.match else ""
        return Index.of(EQUAL, (self.context.fact(one, path) for one in self.there.subjects))


def _unequal(context: Context, rule: Sum, way: Callable[[Tokens, Json], Context]) -> Unequal | None:
    whole = Subject((), context.view.facts)
    stated, parts = context.fact(whole, rule.fact), context.fact(whole, rule.of)
    # Of a list of which some are still to come, the number of today may be the sum.
    mine = _decimal(stated.value)
    listed = isinstance(parts.value, list) and id(parts.value) not in context.view.origins
    if mine is None or not listed:
        return None
    added = _parts(rule, context, lambda part: context.decide.truth(rule.where, part.value))
    if any(None in {one.number, one.counts} for one in added):
        return None
    least, most = _bounds(rule, added)
    if least <= mine <= most:
        return None
    doubt = Doubt(stated.tokens, parts.tokens, rule.because, (stated.tokens,))
    as_stated = context if rule.overlap else way(parts.tokens, [])
    return Unequal(
        rule.fact, doubt, (as_stated, way(stated.tokens, _number(least if mine < least else most)))
    )


def _left_out(context: Context, rule: Sum) -> tuple[Tokens, Json] | None:
    """Return the place of a total that is left out, and what stands for it.

    What is not known of the parts makes the bounds wider.
    """
    whole = Subject((), context.view.facts)
    stated, parts = context.fact(whole, rule.fact), context.fact(whole, rule.of)
    if stated.value is not None or not isinstance(parts.value, list) or None in parts.value:
        return None
    added = _parts(rule, context, lambda part: context.counts(part, rule.where))
    least, most = map(_number, _bounds(rule, added))
    return stated.tokens, between(least, most)


class _Part(Struct, frozen=True):
    """The number of one part, and whether it is added up, as far as both are known.

    What is not ``apart`` lies within another part.
    """

    number: Decimal | None
    counts: Truth
    apart: bool


def _parts(rule: Sum, context: Context, counts: Callable[[Subject], Truth]) -> list[_Part]:
    there = context.subjects(rule.of).subjects
    ids = {context.fact(one, "id").value for one in there} - {None} if rule.within else set()
    return [
        _Part(
            number=_decimal(context.fact(one, rule.add).value),
            counts=counts(one),
            apart=not rule.within or context.fact(one, rule.within).value not in ids,
        )
        for one in there
    ]


def _bounds(rule: Sum, parts: Iterable[_Part]) -> tuple[Decimal, Decimal]:
    """Return what parts add up to at least and at most.

    All shares together are the whole, so that what is not declared is part of the rest. The persons
    of several stores may be the same ones.
    """
    added = [one for one in parts if not rule.overlap or one.counts is not False]
    sure = [one.number for one in added if one.number is not None and one.counts]
    if rule.overlap:
        apart = [one.number for one in added if one.apart]
        most = sum((n for n in apart if n is not None), Decimal(0))
        least = max(sure, default=Decimal(0))
        return least, Decimal("Infinity") if None in apart else max(least, most)
    least = sum(sure, Decimal(0))
    perhaps = sum((n for one in added if one.counts is None and (n := one.number)), Decimal(0))
    rest = _WHOLE - sum((one.number for one in added if one.number is not None), Decimal(0))
    return least, least + perhaps + max(rest, Decimal(0))


def _number(value: Decimal) -> float:
    """Return a number as descriptions write it: whole ones without a point."""
    return int(value) if value.is_finite() and value == value.to_integral_value() else float(value)


def _either(obligation: Obligation, one: Unequal, first: Outcome, second: Outcome) -> Outcome:
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


# ---- Claims about one fact


def _by_claims(
    locator: Locator,
    outcome: Outcome,
    claims: Mapping[str, Disagreement],
    ways: Sequence[Outcome],
) -> Outcome:
    """Return the outcome of a rule that reads some claims, which has another in each way.

    If it is violated by one of them, it is violated, or would be; if each of them satisfies it,
    it is satisfied; else it stays unknown.
    """
    broken = next((way for way in ways if way.verdict is Verdict.VIOLATED), None)

    def counts(one: Finding) -> bool:
        would = broken is None and one.hinge is not None
        return one.verdict is Verdict.VIOLATED or would

    found = {_about(one): one for one in outcome.findings if counts(one)}
    for number, way in enumerate(ways):
        for one in filter(counts, way.findings):
            found.setdefault(_about(one), _placed(locator, claims, one, number))
    if found:
        subjects = {one.subject for one in found.values()}
        others = (one for one in outcome.findings if one.subject not in subjects)
        return replace(broken or outcome, findings=(*found.values(), *others))
    # Of several facts not every pair of claims was tried.
    agreed = len(claims) == 1 and all(way.verdict in _FINE for way in ways)
    return min(ways, key=lambda way: _FINE.index(way.verdict)) if agreed else outcome


def _is_list(one: Disagreement) -> bool:
    whole = len(tokens(one.pointer)) == 1
    return whole and any(isinstance(each.value, list) for each in one.statements)


def _is_read(at: str, facts: Iterable[str]) -> bool:
    """Whether a rule reads a contested fact, a part of it or what it is a part of."""
    mine = dotted(tokens(at))
    return any(overlap(mine, one) for one in facts)


def _about(finding: Finding) -> tuple[str, str]:
    return finding.subject, finding.pointer


def _placed(
    locator: Locator, claims: Mapping[str, Disagreement], finding: Finding, number: int
) -> Finding:
    """Return a finding at the place of the claim that it rests on, with the other claims."""
    about = finding.pointer
    claim = next((c for at, c in claims.items() if overlap(at, about, "/")), None)
    if claim is None:
        return finding
    number = min(number, len(claim.statements) - 1)
    here = locator.stated(claim.statements[number].provenance, finding.pointer)
    at = tuple(tokens(claim.pointer))
    others = _OTHERS.join(
        [
            _STATED.format(value=shown(one.value, at), place=locator.stated(one.provenance, about))
            for i, one in enumerate(claim.statements)
            if i != number
        ]
    )
    found = _ELSEWHERE.format(found=finding.found, place=here, others=others)
    return replace(finding, location=here, found=found + _STALE if claim.stale else found)
