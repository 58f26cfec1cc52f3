"""Which subjects an obligation matches, and what they are judged to be together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import zip_longest
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict, worst
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, both, missing, unknown
from pytest_icp.kinds.services import OPERATED, Operated, operates
from pytest_icp.kinds.subjects import Collected, Subject, Tokens, steps
from pytest_icp.law.blame import gaps
from pytest_icp.law.condition import ANYTHING, AllOf, Node, truth
from pytest_icp.law.describe import describe, show
from pytest_icp.law.jsontypes import Json, JsonObject, pointer, texts_of
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation

Check: TypeAlias = Callable[[Obligation, Context], Outcome]
"""A kind of obligation: decides one obligation in a context."""

Glance: TypeAlias = Callable[[JsonObject], Judgement | None]
"""What `judge_each` is told of an element at a glance; see `pytest_icp.kinds.glance`."""


def judge_each(
    obligation: Obligation,
    context: Context,
    judge: Callable[[Subject], Judgement],
    glance: Glance | None = None,
) -> Outcome:
    """Judge every subject that ``where``, ``parent_where`` and ``serving`` let in, and sum up.

    Where it is not known whether a subject is meant, a violation is only an unknown. The
    elements of a list of which a glance says enough are not judged one by one.
    """
    above, serving = obligation.condition("parent_where"), obligation.group("serving")
    elements = context.view.facts.get(obligation.each)
    if isinstance(elements, list) and not context.decide.any_possible(obligation.where, elements):
        # Nothing is meant, and one call has said so of the whole list.
        return sum_up(obligation, [NOT_APPLICABLE] * len(elements), tokens=_root(obligation.each))
    # What is around an element is not seen at once.
    alone = above is ANYTHING and not serving
    seen = _at_a_glance(obligation, context, glance, elements) if alone else []
    judged = [judgement for judgement in seen if judgement]
    if not seen or len(judged) < len(seen):
        collected = context.subjects(obligation.each)
        judged = [
            known or _judge(Selection(obligation.where, above, subject, context, serving), judge)
            for subject, known in zip_longest(collected.subjects, seen)
        ]
        judged += _wanting(collected, above, context)
    return sum_up(obligation, judged, tokens=_root(obligation.each))


def _wanting(collected: Collected, above: Node, context: Context) -> Iterator[Judgement]:
    for tokens in collected.missing:
        holder = collected.holders.get(tokens)
        # What stands in an object that is not meant need not be declared.
        meant = holder is None or truth(above, holder.value, context.decide)
        yield NOT_APPLICABLE if meant is False else _undeclared(tokens)


def _at_a_glance(
    obligation: Obligation, context: Context, glance: Glance | None, elements: Json
) -> list[Judgement | None]:
    """Return what can be said of each element of a list at once: it is not meant, or is well."""
    if not isinstance(elements, list) or {*map(type, elements)} != {dict}:
        return []
    meant = context.decide.each_possible(obligation.where, elements)
    if glance is None:
        return [None if perhaps else NOT_APPLICABLE for perhaps in meant]
    return [glance(e) if m else NOT_APPLICABLE for e, m in zip(elements, meant, strict=True)]


def sum_up(obligation: Obligation, judged: list[Judgement], *, tokens: Tokens) -> Outcome:
    """Fold what was said of the subjects into one outcome."""
    # Of most subjects of a long list nothing is said but one of these two.
    said = [j for j in judged if j is not SATISFIED and j is not NOT_APPLICABLE]
    not_meant = sum(1 for judgement in judged if judgement is NOT_APPLICABLE)
    verdicts = [judgement.verdict for judgement in said]
    outside = not_meant + verdicts.count(Verdict.NOT_APPLICABLE)
    if not_meant + len(said) < len(judged):
        verdicts.append(Verdict.SATISFIED)
    verdict = worst(verdicts)
    return Outcome(
        verdict=verdict,
        reason=reason(obligation, verdict, len(judged)),
        pointer=pointer(tokens),
        findings=tuple(f for j in said for f in j.findings),
        notes=tuple(_noted(said)),
        upcoming=tuple(u for j in said for u in j.upcoming),
        subjects=len(judged) - outside,
    )


def _noted(said: list[Judgement]) -> Iterator[Note]:
    """Yield the notes; a doubt about the law is the same for all, and is told of the first."""
    doubts: set[Text] = set()
    for note in (note for judgement in said for note in judgement.notes):
        if note.kind is NoteKind.GREY:
            if note.text in doubts:
                continue
            doubts.add(note.text)
        yield note


class Selection(Struct, frozen=True):
    """What lets a subject in: itself, the object that it stands in, the service that it serves.

    ``serving`` is ``{by: path, items: […]}``: the subject names by its id a service that does
    what one of the items is for. Empty, any will do.
    """

    where: Node
    above: Node
    subject: Subject
    context: Context
    serving: JsonObject = field(default_factory=dict)

    def meant(self) -> bool | None:
        """Whether the subject is meant; None where that is not known."""
        meant = truth(self.where, self.subject.value, self.context.decide)
        if self.above is not ANYTHING and meant is not False:
            parent = truth(self.above, self.subject.above.value, self.context.decide)
            meant = meant if parent else parent
        if self.serving and meant is not False:
            serves = self._serves().truth
            meant = meant if serves else serves
        return meant

    def gap(self) -> Judgement:
        """Say which facts are wanting to know whether the subject is meant at all."""
        tested = [(self.where, self.subject), (self.above, self.subject.above)]
        wanting = [
            ((*at.tokens, *gap.path), gap.path, describe(gap.test))
            for node, at in tested
            for gap in gaps(node, at.value, self.context.decide)
        ]
        serves = self._serves()
        if serves.truth is None:
            required = say.DECLARE.format(fact=str(serves.wanting[-1]))
            wanting.append((serves.wanting, serves.wanting, required))
        found = tuple(
            unknown(self.subject, at, say.MEANT.format(fact=_dotted(path)), required=required)
            for at, path, required in wanting
        )
        findings = tuple(f for j in found for f in j.findings)
        return Judgement(verdict=Verdict.UNKNOWN, findings=findings)

    def _serves(self) -> Operated:
        if not self.serving:
            return OPERATED
        named = self.context.fact(self.subject, str(self.serving["by"]))
        codes, services = texts_of(self.serving["items"]), self.context.view.facts.get("services")
        if not isinstance(services, list) or named.text is None:
            return Operated(None, named.tokens if named.text is None else ("services",))
        for i, service in enumerate(services):
            if isinstance(service, Mapping) and service.get("id") == named.text:
                found = operates(service, codes, strict=self.context.strict)
                return Operated(found.truth, ("services", i, *found.wanting))
        return Operated(None, named.tokens)


def _dotted(path: Tokens) -> str:
    return ".".join(str(step) for step in path)


def _judge(gate: Selection, judge: Callable[[Subject], Judgement]) -> Judgement:
    meant = gate.meant()
    if meant is False:
        return NOT_APPLICABLE
    judgement = judge(gate.subject)
    if meant or judgement.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
        return judgement
    if judgement.verdict is Verdict.UNKNOWN:
        return both(gate.gap(), judgement)
    return replace(gate.gap(), notes=judgement.notes)


def _undeclared(tokens: Tokens) -> Judgement:
    return missing(Subject(tokens, {}), tokens)


def reason(obligation: Obligation, verdict: Verdict, subjects: int) -> Text:
    """Say in one sentence why an obligation has a verdict, out of how many subjects."""
    if verdict is Verdict.NOT_APPLICABLE:
        template = say.NONE_MEANT if subjects else say.NONE_DECLARED
        around = (obligation.condition("parent_where"), obligation.where)
        asked = tuple(node for node in around if node is not ANYTHING)
        where = describe(asked[0] if len(asked) == 1 else AllOf(asked))
        serving = obligation.group("serving")
        if serving:
            where = say.SERVING.format(by=serving["by"], items=show(serving["items"]))
        return template.format(each=obligation.each.lstrip("/"), where=where)
    return obligation.meaning


def _root(path: str) -> Tokens:
    return steps(path)[2]
