"""Selects the subjects that an obligation matches, judges each, and sums up.

The subjects of a long list are often alike. A subject with the same facts as an earlier one, as
far as the obligation reads them, gets the same verdict, unless that one violates the obligation
or has a due date.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.questions import title_of
from pytest_icp.kinds import kinds
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import (
    MANY,
    Finding,
    Note,
    NoteKind,
    Outcome,
    Verdict,
    of_each_subject,
    worst,
)
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    Steps,
    both,
    missing,
    unknown,
    would_be_violated,
)
from pytest_icp.kinds.past import bound, judged_now
from pytest_icp.kinds.services import OPERATED, Operated, operates
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.subjects import steps as steps_along
from pytest_icp.kinds.words import condition, title, titles
from pytest_icp.law.blame import gaps
from pytest_icp.law.catalogue import name_of
from pytest_icp.law.condition import ANYTHING, truth
from pytest_icp.law.jsontypes import JsonObject, pointer
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.reads import facts_read

_NONE_DECLARED = Text(
    zh="「{each}」申报为空：没有此类事项", en="“{each}” is declared empty: there are none"
)
_NONE_MATCHES = Text(
    zh="「{each}」中没有符合条件的事项：{where}", en="nothing among “{each}” matches: {where}"
)
_NONE_OPEN = Text(
    zh="「{each}」中没有引起本项义务的事项", en="nothing among “{each}” gives rise to this duty"
)
_AND, _AND_THEN, _OR = Text("，且", " and "), Text("；", "; "), Text("、", " or ")
_SERVING = Text(zh="「{by}」所指的业务属于{items}", en="“{by}” names a service of {items}")

_Judge: TypeAlias = Callable[[Subject], Judgement]
_FactsOf: TypeAlias = Callable[[JsonObject], bytes | None]
_Steps: TypeAlias = Mapping[Tokens, Steps]


def judge_each(
    obligation: Obligation, context: Context, judge: _Judge, *, indifferent: Container[str] = ()
) -> Outcome:
    """Judge every subject that ``where``, ``parent_where`` and ``serving`` match, and sum up.

    Where it is not known whether a subject matches, a violation is only an unknown.
    ``indifferent`` are facts that the rule reads, but whose values change nothing here.
    """
    tokens = steps_along(obligation.each)[2]
    elements = context.view.facts.get(obligation.each)
    if isinstance(elements, list) and not context.decide.any_possible(obligation.where, elements):
        # Nothing matches, and one call has said so of the whole list.
        return sum_up(obligation, [NOT_APPLICABLE] * len(elements), tokens=tokens)
    subjects = context.subjects(obligation.each)

    def one(subject: Subject) -> Judgement:
        return _judge(Selection(obligation, subject, context), judge)

    if (
        isinstance(elements, list)
        and len(subjects.subjects) == len(elements)
        and _are_many(elements)
    ):
        possible = context.decide.each_possible(obligation.where, elements)
        facts_of = _projection(obligation, indifferent)
        judged = _alike(facts_of, zip(subjects.subjects, possible, strict=True), one)
    else:
        judged = [one(subject) for subject in subjects.subjects]
    reckoned = steps_by_place(subjects.subjects, judged)
    for place in subjects.missing:
        holder = subjects.holders.get(place)
        # Parts of an object that does not match need not be declared.
        matched = holder is None or truth(obligation.parent_where, holder.value, context.decide)
        undeclared = missing(Subject(place, {}), place)
        judged.append(NOT_APPLICABLE if matched is False else undeclared)
    return sum_up(obligation, judged, tokens=tokens, steps=reckoned)


def _are_many(elements: Sequence[object]) -> bool:
    return len(elements) > MANY


def steps_by_place(subjects: Iterable[Subject], judged: Iterable[Judgement]) -> _Steps:
    """Return the steps of the judgements that have any, by the places of their subjects."""
    both_of = zip(subjects, judged, strict=True)
    return {subject.tokens: one.steps for subject, one in both_of if one.steps}


def _alike(
    facts_of: _FactsOf, subjects: Iterable[tuple[Subject, bool]], judge: _Judge
) -> list[Judgement]:
    """Judge each of the subjects that perhaps match, those with the same facts only once."""
    judged: list[Judgement] = []
    known: dict[bytes, _Alike] = {}
    for subject, possible in subjects:
        facts = facts_of(subject.value) if possible else None
        if not possible:
            judged.append(NOT_APPLICABLE)
        elif facts in known:
            alike = known[facts]
            alike.others[len(judged)] = subject
            judged.append(alike.again)
        else:
            judgement = judge(subject)
            if facts is not None and not _is_specific(judgement):
                # A doubt about the law is the same for all, and is noted once.
                again = replace(judgement, notes=()) if judgement.notes else judgement
                known[facts] = _Alike(len(judged), subject, again)
            judged.append(judgement)
    shared = [alike for alike in known.values() if alike.others and alike.again.findings]
    few = sum(len(judgement.findings) for judgement in judged) <= MANY
    for alike in shared:
        alike.share(judged, apart=few)
    return judged


class _Alike(Struct):
    """Subjects with the same facts: the first and its number, the judgement of the others."""

    number: int
    first: Subject
    again: Judgement
    others: dict[int, Subject] = field(default_factory=dict)

    def share(self, judged: list[Judgement], *, apart: bool) -> None:
        """Give the findings to the others too: each its own, or all with those of the first."""
        judgement = judged[self.number].shared(self.first, self.others.values())
        findings: Iterable[tuple[Finding, ...]] = repeat(())
        if apart:
            own, *findings = zip(*map(of_each_subject, judgement.findings), strict=True)
            judgement = replace(judgement, findings=own)
        judged[self.number] = judgement
        for number, found in zip(self.others, findings, strict=False):
            judged[number] = replace(self.again, findings=found)


def _projection(obligation: Obligation, indifferent: Container[str]) -> _FactsOf:
    """Return a function that encodes the facts of a subject that the obligation reads.

    It returns None where the kind does not declare which facts it reads.
    """
    each = f"{obligation.each}."
    read = [fact.removeprefix(each) for fact in facts_read(obligation) if fact.startswith(each)]
    names = tuple({fact.partition(".")[0] for fact in read if fact not in indifferent})
    if obligation.kind not in kinds():
        return lambda _: None
    # It distinguishes `true` and 1, 1 and 1.0. Version 2 has no references in it.
    # Null is not the same as nothing.
    return lambda subject: marshal.dumps([subject.get(name, ...) for name in names], 2)


def _is_specific(judgement: Judgement) -> bool:
    """Whether a judgement has more than a verdict that names its subject."""
    if judgement.verdict is Verdict.VIOLATED or judgement.upcoming:
        return True
    return any(note.kind is not NoteKind.GREY for note in judgement.notes)


def sum_up(
    obligation: Obligation,
    judged: list[Judgement],
    *,
    tokens: Tokens,
    steps: _Steps | None = None,
) -> Outcome:
    """Combine the judgements of all subjects into one outcome."""
    # Most judgements of a long list are one of these two constants.
    specific = [j for j in judged if j is not SATISFIED and j is not NOT_APPLICABLE]
    outside = sum(1 for judgement in judged if judgement is NOT_APPLICABLE)
    verdicts = [judgement.verdict for judgement in specific]
    if outside + len(specific) < len(judged):
        verdicts.append(Verdict.SATISFIED)
    outside += verdicts.count(Verdict.NOT_APPLICABLE)
    verdict = worst(verdicts)
    return Outcome(
        verdict=verdict,
        reason=reason(obligation, verdict, len(judged)),
        pointer=pointer(tokens),
        findings=tuple(f for j in specific for f in j.findings),
        notes=tuple(_noted(specific)),
        upcoming=tuple(u for j in specific for u in j.upcoming),
        subjects=len(judged) - outside,
        steps=steps or {},
    )


def _noted(judged: list[Judgement]) -> Iterator[Note]:
    """Yield the notes; a doubt about the law is the same for all, and is given once."""
    doubts: set[Text] = set()
    for note in (note for judgement in judged for note in judgement.notes):
        if note.kind is NoteKind.GREY:
            if note.text in doubts:
                continue
            doubts.add(note.text)
        yield note


class Selection(Struct, frozen=True):
    """The conditions that decide whether an obligation applies to a subject.

    They concern the subject itself, the object that contains it, and the service that it serves.
    """

    obligation: Obligation
    subject: Subject
    context: Context

    def matches(self) -> bool | None:
        """Whether the subject matches; None where that is not known."""
        above, decide = self.obligation.parent_where, self.context.decide
        matched = truth(self.obligation.where, self.subject.value, decide)
        if above is not ANYTHING and matched is not False:
            parent = truth(above, self.subject.above.value, decide)
            matched = matched if parent else parent
        if self.obligation.serving and matched is not False:
            serves = self._serves().truth
            matched = matched if serves else serves
        return matched

    def gap(self) -> Judgement:
        """Return the unknown facts that decide whether the subject matches."""
        found = tuple(
            unknown(
                self.subject,
                at,
                _open(fact),
                required=required,
            )
            for at, fact, required in self._open_facts()
        )
        findings = tuple(f for j in found for f in j.findings)
        return Judgement(verdict=Verdict.UNKNOWN, findings=findings)

    def breach(self, judgement: Judgement) -> Judgement:
        """Return the unknown judgement of a subject that violates the obligation if it matches."""
        gap = self.gap().findings[0]
        tests = [words for _, _, words in self._open_tests()]
        met = _AND.join(tests) if tests else say.IT_APPLIES
        findings = would_be_violated(met, gap, judgement.findings)
        return replace(judgement, verdict=Verdict.UNKNOWN, findings=findings, upcoming=())

    def _open_facts(self) -> Iterator[tuple[Tokens, Text, Text]]:
        """Yield the place, name and requirement of each unknown fact."""
        yield from self._open_tests()
        serves = self._serves()
        if serves.truth is None:
            fact = title(serves.open_at)
            yield serves.open_at, fact, say.DECLARE.format(fact=fact)

    def _open_tests(self) -> Iterator[tuple[Tokens, Text, Text]]:
        """Yield the same of the facts that the conditions test."""
        tested = [
            (self.obligation.where, self.subject),
            (self.obligation.parent_where, self.subject.above),
        ]
        for node, at in tested:
            for gap in gaps(node, at.value, self.context.decide):
                place, part = (*at.tokens, *gap.path), (*at.tokens, *gap.at)
                yield place, titles(at.tokens, gap.path), self.context.words(gap.test, part)

    def _serves(self) -> Operated:
        serving = self.obligation.serving
        if serving is None:
            return OPERATED
        named = self.context.fact(self.subject, serving.by)
        services = self.context.view.facts.get("services")
        if not isinstance(services, list) or named.text is None:
            return Operated(None, named.tokens if named.text is None else ("services",))
        for i, service in enumerate(services):
            if isinstance(service, Mapping) and service.get("id") == named.text:
                operated = operates(service, serving.items, strict=self.context.strict)
                return Operated(operated.truth, ("services", i, *operated.open_at))
        return Operated(None, named.tokens)


@cache
def _open(fact: Text) -> Text:
    """Return that it hangs on a fact whether something applies."""
    return say.APPLICABILITY_UNKNOWN.format(fact=fact)


def _judge(selection: Selection, judge: _Judge) -> Judgement:
    matched = selection.matches()
    if matched is False:
        return NOT_APPLICABLE
    obligation, context, subject = selection.obligation, selection.context, selection.subject
    if not bound(obligation, context, subject):
        return NOT_APPLICABLE
    judgement = judged_now(obligation, context, subject, judge(subject))
    if matched or judgement.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
        return judgement
    if judgement.verdict is Verdict.UNKNOWN:
        return both(selection.gap(), judgement)
    return selection.breach(judgement)


def reason(obligation: Obligation, verdict: Verdict, subjects: int) -> Text:
    """Return the reason for the verdict of an obligation in one sentence."""
    if verdict is not Verdict.NOT_APPLICABLE:
        return obligation.meaning
    each = steps_along(obligation.each)[2]
    named, said = title_of(".".join(each)), [*_conditions(obligation, each)]
    if not subjects:
        return _NONE_DECLARED.format(each=named)
    if not said:
        return _NONE_OPEN.format(each=named)
    return _NONE_MATCHES.format(each=named, where=_AND_THEN.join(said))


def _conditions(obligation: Obligation, each: Tokens) -> Iterator[Text]:
    """Yield in words what a subject must meet for the obligation to concern it."""
    parent, where, serving = obligation.parent_where, obligation.where, obligation.serving
    if parent is not ANYTHING:
        yield condition(parent, each[:-1])
    if where is not ANYTHING:
        yield condition(where, each)
    if serving:
        items = _OR.join(name_of(code) for code in serving.items)
        yield _SERVING.format(by=titles(each, steps_along(serving.by)[2]), items=items)
