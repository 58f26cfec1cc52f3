"""What every check stands on: the world it looks at, subjects, and how they are judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from itertools import zip_longest
from typing import TypeAlias

from pytest_icp.checks import messages as say
from pytest_icp.core.asof import View
from pytest_icp.core.blame import Blame, gaps
from pytest_icp.core.calendar import Calendar
from pytest_icp.core.condition import Decide, Node, truth
from pytest_icp.core.describe import describe, show
from pytest_icp.core.evidence import Evidence
from pytest_icp.core.finding import Finding, Note, Outcome, Upcoming, Verdict, worst
from pytest_icp.core.jsontypes import Json, JsonObject, pointer
from pytest_icp.core.policy import Obligation
from pytest_icp.core.settings import Settings
from pytest_icp.core.text import Text, plain
from pytest_icp.core.times import civil_date

Tokens: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that a check may look at; it reads no file and no clock.

    ``evidence`` maps a path as written in the description to the file that was read there.
    """

    view: View
    as_of: datetime
    calendar: Calendar
    decide: Decide
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)
    # Many duties are about the same lists; each is walked once.
    collected: dict[Tokens, Collected] = field(default_factory=dict, repr=False, compare=False)

    @property
    def today(self) -> date:
        """The civil day of the as-of instant in Asia/Shanghai."""
        return civil_date(self.as_of)

    def fact(self, subject: Subject, path: str) -> Fact:
        """Follow a path from a subject, or from the document when it begins with ``/``."""
        absolute, names = _steps(path)
        value: Json = self.view.facts if absolute else subject.value
        for name in names:
            # A dict is asked for: the facts are JSON, and the abstract class is slow to ask.
            value = value.get(name) if isinstance(value, dict) else None
        return Fact(names if absolute else subject.tokens + names, value)

    def subjects(self, path: str, start: Subject | None = None) -> Collected:
        """Collect the objects at a path, through every list on the way."""
        absolute, names = _steps(path)
        if start is not None and not absolute:
            return self._collected_from(start, names)
        known = self.collected.get(names)
        if known is None:
            known = self._collected_from(Subject((), self.view.facts), names)
            self.collected[names] = known
        return known

    def _collected_from(self, start: Subject, names: Tokens) -> Collected:
        found: list[Subject] = []
        missing: list[Tokens] = []
        self._collect(start, names, found, missing)
        return Collected(tuple(found), tuple(missing))

    def _collect(
        self, at: Subject, names: Tokens, found: list[Subject], missing: list[Tokens]
    ) -> None:
        if not names:
            found.append(at)
            return
        value = at.value.get(str(names[0]))
        tokens = (*at.tokens, names[0])
        if isinstance(value, Mapping):
            self._collect(Subject(tokens, value), names[1:], found, missing)
        elif isinstance(value, list):
            for i, element in enumerate(value):
                if isinstance(element, Mapping):
                    step = Subject((*tokens, self.view.index(value, i)), element)
                    self._collect(step, names[1:], found, missing)
        else:
            missing.append(tokens)


@cache
def _steps(path: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether a path begins at the document, and the names on it."""
    return path.startswith("/"), tuple(path.lstrip("/").replace("/", ".").split("."))


@dataclass(frozen=True, slots=True)
class Subject:
    """One object that an obligation is about, with its place in the description."""

    tokens: Tokens
    value: JsonObject

    @property
    def label(self) -> str:
        """The id of the element, else where it stands."""
        name = self.value.get("id")
        return name if isinstance(name, str) else pointer(self.tokens).lstrip("/")


@dataclass(frozen=True, slots=True)
class Fact:
    """A value and its place; None is not known."""

    tokens: Tokens
    value: Json

    @property
    def text(self) -> str | None:
        """The value where it is a text."""
        return self.value if isinstance(self.value, str) else None

    @property
    def values(self) -> tuple[Json, ...]:
        """The elements of a list, or the one value; none where nothing is known."""
        if self.value is None:
            return ()
        return tuple(self.value) if isinstance(self.value, list) else (self.value,)


@dataclass(frozen=True, slots=True)
class Collected:
    """The subjects at a path, and the places where nothing was declared."""

    subjects: tuple[Subject, ...]
    missing: tuple[Tokens, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is said of one subject."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()


SATISFIED = Judgement(verdict=Verdict.SATISFIED)
NOT_APPLICABLE = Judgement(verdict=Verdict.NOT_APPLICABLE)

Check: TypeAlias = Callable[[Obligation, World], Outcome]
"""A kind of obligation: decides one obligation in a world."""

Glance: TypeAlias = Callable[[JsonObject], Judgement | None]
"""What `judge_each` is told of an element at a glance; see `pytest_icp.checks.glance`."""


def judge_each(
    obligation: Obligation,
    world: World,
    judge: Callable[[Subject], Judgement],
    glance: Glance | None = None,
) -> Outcome:
    """Judge every subject of an obligation that its ``where`` lets in, and sum up.

    Where it is not known whether a subject is meant, a violation is only an unknown. The
    elements of a list of which a glance says enough are not judged one by one.
    """
    elements = world.view.facts.get(obligation.each)
    if isinstance(elements, list) and not world.decide.any_possible(obligation.where, elements):
        # Nothing is meant, and one call has said so of the whole list.
        return sum_up(obligation, [NOT_APPLICABLE] * len(elements), tokens=_root(obligation.each))
    seen = _at_a_glance(obligation, world, glance, elements) if glance else []
    judged = [judgement for judgement in seen if judgement]
    if not seen or len(judged) < len(seen):
        collected = world.subjects(obligation.each)
        judged = [
            known or _judge(obligation.where, subject, world, judge)
            for subject, known in zip_longest(collected.subjects, seen)
        ]
        judged += [_undeclared(tokens) for tokens in collected.missing]
    return sum_up(obligation, judged, tokens=_root(obligation.each))


def _at_a_glance(
    obligation: Obligation, world: World, glance: Glance, elements: Json
) -> list[Judgement | None]:
    """Return what a glance says of each element of a list, meant or perhaps meant."""
    if not isinstance(elements, list) or {*map(type, elements)} != {dict}:
        return []
    meant = world.decide.each_possible(obligation.where, elements)
    return [glance(e) if m else NOT_APPLICABLE for e, m in zip(elements, meant, strict=True)]


def sum_up(obligation: Obligation, judged: list[Judgement], *, tokens: Tokens) -> Outcome:
    """Fold what was said of the subjects into one outcome."""
    verdicts = [judgement.verdict for judgement in judged]
    verdict = worst(verdicts)
    said = [j for j in judged if j is not SATISFIED and j is not NOT_APPLICABLE]
    return Outcome(
        verdict=verdict,
        reason=reason(obligation, verdict, len(judged)),
        pointer=pointer(tokens),
        findings=tuple(f for j in said for f in j.findings),
        notes=tuple(n for j in said for n in j.notes),
        upcoming=tuple(u for j in said for u in j.upcoming),
        subjects=len(verdicts) - verdicts.count(Verdict.NOT_APPLICABLE),
    )


def violated(
    subject: Subject,
    at: Tokens,
    message: Text,
    *,
    found: Text,
    required: Text,
    due: date | None = None,
    on: date | None = None,
) -> Judgement:
    """Say that a subject certainly does not comply, and by which fact."""
    return _judged(
        Finding(
            verdict=Verdict.VIOLATED,
            subject=subject.label,
            pointer=pointer(at),
            message=message,
            found=found,
            required=required,
            due=due,
            on=on,
        )
    )


def unknown(
    subject: Subject,
    at: Tokens,
    message: Text,
    *,
    required: Text,
    found: Text = say.NOT_DECLARED,
    due: date | None = None,
    add: str = "",
) -> Judgement:
    """Say that it cannot be decided of a subject, and for want of which fact.

    ``add`` are the lines that declare it, where the schema's example would not do.
    """
    return _judged(
        Finding(
            verdict=Verdict.UNKNOWN,
            subject=subject.label,
            pointer=pointer(at),
            message=message,
            found=found,
            required=required,
            due=due,
            add=add,
        )
    )


def missing(subject: Subject, at: Tokens, *, due: date | None = None) -> Judgement:
    """Say that one fact of a subject is not declared."""
    name = str(at[-1])
    required = say.DECLARE.format(fact=name)
    return unknown(subject, at, say.MISSING.format(fact=name), required=required, due=due)


def both(first: Judgement, second: Judgement) -> Judgement:
    """Join two demands on one subject: the worse verdict, and all that was said."""
    # Mostly one of the two says nothing and changes nothing.
    for one, other in ((first, second), (second, first)):
        if one is NOT_APPLICABLE:
            return other
        if one is SATISFIED and other.verdict is not Verdict.NOT_APPLICABLE:
            return other
    return Judgement(
        verdict=worst((first.verdict, second.verdict)),
        findings=first.findings + second.findings,
        notes=first.notes + second.notes,
        upcoming=first.upcoming + second.upcoming,
    )


def blamed(subject: Subject, fault: Blame) -> Judgement:
    """Turn the fact at fault in a condition into what is said of its subject."""
    at = (*subject.tokens, *fault.path)
    required = describe(fault.test)
    if not fault.known:
        name = ".".join(str(step) for step in fault.path)
        return unknown(subject, at, say.MISSING.format(fact=name), required=required)
    message = say.CONTRADICTS.format(fact=".".join(str(step) for step in fault.path))
    return violated(subject, at, message, found=plain(show(fault.found)), required=required)


def _judge(
    where: Node, subject: Subject, world: World, judge: Callable[[Subject], Judgement]
) -> Judgement:
    meant = truth(where, subject.value, world.decide)
    if meant is False:
        return NOT_APPLICABLE
    judgement = judge(subject)
    if meant or judgement.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
        return judgement
    gap = _gap(where, subject, world)
    if judgement.verdict is Verdict.UNKNOWN:
        return both(gap, judgement)
    return replace(gap, notes=judgement.notes)


def _gap(where: Node, subject: Subject, world: World) -> Judgement:
    """Say which fact is wanted to know whether the subject is meant at all."""
    found = tuple(
        unknown(
            subject,
            (*subject.tokens, *gap.path),
            say.MEANT.format(fact=".".join(str(step) for step in gap.path)),
            required=describe(gap.test),
        )
        for gap in gaps(where, subject.value, world.decide)
    )
    return Judgement(verdict=Verdict.UNKNOWN, findings=tuple(f for j in found for f in j.findings))


def _undeclared(tokens: Tokens) -> Judgement:
    return missing(Subject(tokens, {}), tokens)


def _judged(finding: Finding) -> Judgement:
    return Judgement(verdict=finding.verdict, findings=(finding,))


def reason(obligation: Obligation, verdict: Verdict, subjects: int) -> Text:
    """Say in one sentence why an obligation has a verdict, out of how many subjects."""
    if verdict is Verdict.NOT_APPLICABLE:
        template = say.NONE_MEANT if subjects else say.NONE_DECLARED
        return template.format(each=obligation.each.lstrip("/"), where=describe(obligation.where))
    return obligation.meaning


def _root(path: str) -> Tokens:
    return _steps(path)[1]
