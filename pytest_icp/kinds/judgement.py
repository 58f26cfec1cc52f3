"""The judgement of one subject: a verdict with its findings, notes and due dates.

What is wrong with an element of which nobody says since when it is there, or because of it, is
wrong only if it has begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.finding import (
    MANY,
    Finding,
    Note,
    NoteKind,
    Upcoming,
    Verdict,
    moved,
    of_others,
    pointer_moved,
    worst,
)
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, location
from pytest_icp.kinds.words import condition, in_words, shown, title, titles
from pytest_icp.law.blame import Blame
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.numbers import Number, Value

_MISSING = Text(
    zh="未申报“{fact}”，无法判断", en="“{fact}” is not declared, so this cannot be decided"
)
_WOULD_BE_VIOLATED = Text(
    zh="如果{condition}，则构成违反：{message}",
    en="would be violated if {condition}: {message}",
)
_IS = Text(zh="“{fact}”为“{found}”", en="“{fact}” is {found}")
_NOT_MET = Text(zh="未满足：{required}", en="not met: {required}")
_LONGEST = 60
"""Characters of a value that a sentence names; a longer one stands beside it alone."""

Steps: TypeAlias = Callable[[], Iterable[Text]]
"""Returns the steps of a calculation, put into words only when they are shown."""


class Judgement(Struct, frozen=True, kw_only=True, gc=False):
    """The verdict on one subject, with its findings and notes.

    ``steps`` explain how its dates were computed (计算过程); None without dates.
    """

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    upcoming: tuple[Upcoming, ...] = ()
    steps: Steps | None = None

    def by(self, steps: Steps | None) -> Judgement:
        """Return the judgement with the steps that led to it."""
        return replace(self, steps=steps)


Judge: TypeAlias = Callable[[Subject], Judgement]
"""Judges one subject."""

SATISFIED = Judgement(verdict=Verdict.SATISFIED)
NOT_APPLICABLE = Judgement(verdict=Verdict.NOT_APPLICABLE)


def violated(
    subject: Subject,
    at: Tokens,
    message: Text,
    *,
    found: Text,
    required: Text,
    due: date | None = None,
    on: date | None = None,
    over: date | None = None,
) -> Judgement:
    """Return that a subject certainly does not comply, because of a fact.

    ``over`` is the day on which it did at last, or could no more.
    """
    judged = unknown(subject, at, message, found=found, required=required, due=due)
    (finding,) = judged.findings
    broken = replace(finding, verdict=Verdict.VIOLATED, on=on, over=over)
    return Judgement(verdict=Verdict.VIOLATED, findings=(broken,))


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
    """Return that a subject cannot be decided, because a fact is not known.

    ``add`` are the lines that declare it, where the schema's example would not do.
    """
    finding = Finding(
        verdict=Verdict.UNKNOWN,
        subject=subject.label,
        location=location(at),
        message=message,
        found=found,
        required=required,
        due=due.isoformat() if due else None,
        line_to_add=add,
    )
    return Judgement(verdict=Verdict.UNKNOWN, findings=(finding,))


def noted(kind: NoteKind, text: Text, at: Tokens, *, due: str | None = None) -> Judgement:
    """Return that a subject complies, with a note on a fact."""
    note = Note(kind=kind, text=text, location=location(at), due=due)
    return Judgement(verdict=Verdict.SATISFIED, notes=(note,))


def missing(subject: Subject, at: Tokens, *, due: date | None = None) -> Judgement:
    """Return that a fact of a subject is not declared."""
    message, required = _undeclared(title(at))
    return unknown(subject, at, message, required=required, due=due)


@cache
def _undeclared(fact: Text) -> tuple[Text, Text]:
    """Return what is said of a fact that is not declared, and what is required."""
    return _MISSING.format(fact=fact), say.DECLARE.format(fact=fact)


def would_be_violated(
    condition: Text, gap: Finding, breaches: Iterable[Finding]
) -> tuple[Finding, ...]:
    """Return unknown findings at what certainly breaks a requirement that may not apply.

    It applies on a condition; whether that is met hangs on the fact of ``gap``.
    """
    return tuple(
        replace(
            breach,
            verdict=Verdict.UNKNOWN,
            message=_WOULD_BE_VIOLATED.format(condition=condition, message=breach.message),
            hinge=gap,
        )
        for breach in breaches
        if breach.verdict is Verdict.VIOLATED
    )


def only_if(condition: Text, gap: Finding, judged: Judgement) -> Judgement:
    """Return as unknown what is violated if a duty applies: that hangs on the fact of ``gap``."""
    findings = would_be_violated(condition, gap, judged.findings)
    return replace(judged, verdict=Verdict.UNKNOWN, findings=findings, upcoming=())


def resting_on(judged: Judgement, number: Number, chosen: Value | None) -> Judgement:
    """Return a judgement whose findings say by which value of a number they were reckoned."""
    if not number.id or chosen is None or not judged.findings:
        return judged
    said = in_words(number, chosen)
    findings = tuple(replace(one, numbers=(*one.numbers, said)) for one in judged.findings)
    return replace(judged, findings=findings)


def both(first: Judgement, second: Judgement) -> Judgement:
    """Combine two judgements of a subject: the worse verdict, with all findings and notes."""
    # Mostly one of the two says nothing and changes nothing.
    for one, other in ((first, second), (second, first)):
        if one is NOT_APPLICABLE:
            return other
        if one is SATISFIED and other.verdict is not Verdict.NOT_APPLICABLE:
            return other
    steps = [one.steps for one in (first, second) if one.steps]
    return Judgement(
        verdict=worst((first.verdict, second.verdict)),
        findings=first.findings + second.findings,
        notes=first.notes + second.notes,
        upcoming=first.upcoming + second.upcoming,
        steps=None if not steps else lambda: [said for one in steps for said in one()],
    )


def as_of_each(
    subjects: Sequence[Subject], judged: list[Judgement], alike: Iterable[Sequence[int]]
) -> None:
    """Make the judgement that subjects with the same facts share that of each of them.

    Of many findings what is not known is found once, for all of them.
    """
    are_many = sum(len(one.findings) for one in judged) > MANY
    for first, *others in alike:
        judgement = judged[first]
        rest = [subjects[i] for i in others]
        if are_many:
            judged[first], judgement = _as_of_all(subjects[first], judgement, rest)
        for i in others:
            judged[i] = _as_of_another(subjects[first], judgement, subjects[i])


def _as_of_another(subject: Subject, judgement: Judgement, other: Subject) -> Judgement:
    """Return the judgement of a subject as that of another one with the same facts."""
    if subject is other or not (judgement.findings or judgement.notes or judgement.upcoming):
        return judgement
    of, to = (subject.label, subject.place), (other.label, other.place)
    findings = tuple(moved(one, of, to) for one in judgement.findings)
    notes = tuple(
        replace(one, location=Location(pointer=pointer_moved(one.location.pointer, of[1], to[1])))
        for one in judgement.notes
    )
    upcoming = tuple(
        replace(one, pointer=pointer_moved(one.pointer, of[1], to[1]), subject=other.label)
        for one in judgement.upcoming
    )
    return replace(judgement, findings=findings, notes=notes, upcoming=upcoming)


def _as_of_all(
    subject: Subject, judgement: Judgement, others: Sequence[Subject]
) -> tuple[Judgement, Judgement]:
    """Return the judgement of a subject with what is not known of others that have the same facts.

    The second is what remains to be said of each of the others.
    """
    of, to = (subject.label, subject.place), [(one.label, one.place) for one in others]
    every, rest = judgement.findings, tuple(one for one in judgement.findings if one.broken)
    findings = tuple(one if one.broken else of_others(one, of, to) for one in every)
    return replace(judgement, findings=findings), replace(judgement, findings=rest)


def blamed(subject: Subject, fault: Blame) -> Judgement:
    """Return the judgement of a subject for the fact at fault in a condition."""
    at = (*subject.tokens, *fault.path)
    required = condition(fault.test, (*subject.tokens, *fault.at), subject.tokens)
    fact = titles(subject.tokens, fault.path) if fault.path else title(at)
    if not fault.known:
        return unknown(subject, at, _MISSING.format(fact=fact), required=required)
    found = shown(fault.found, at)
    whole = isinstance(fault.found, Mapping | list) or len(found.en) > _LONGEST
    message = (_NOT_MET if whole else _IS).format(fact=fact, found=found, required=required)
    return violated(subject, at, message, found=found, required=required)


# ---- Files that are not beside a description, and elements that are perhaps not there yet

_NOT_LOOKED_AT = Text(
    zh="这份描述没有随附文件，无法查看“{path}”",
    en="this description has no files beside it, so {path} was not looked at",
)


def not_looked_at(subject: Subject, file: Fact, required: Text) -> Judgement:
    """Return that the file that a fact names could not be looked at."""
    message, found = _NOT_LOOKED_AT.format(path=file.value), plain(file.text or "")
    return unknown(subject, file.tokens, message, found=found, required=required)


_PERHAPS = Text(
    zh="未申报“{fact}”，不知道截至 {day} 是否已有此项",
    en="“{fact}” is not declared, so whether this was there on {day} is not known",
)
_NOT_AFTER = Text(zh="“{fact}”不晚于 {day}", en="“{fact}” is not after {day}")


def perhaps_there(subject: Subject, begin: Tokens, day: date) -> Finding:
    """Return that it is not known whether an element is there on a day: it is if it had begun."""
    message, required = _begun(title(begin), day)
    (finding,) = unknown(subject, begin, message, required=required).findings
    return finding


@cache
def _begun(fact: Text, day: date) -> tuple[Text, Text]:
    return _PERHAPS.format(fact=fact, day=day), _NOT_AFTER.format(fact=fact, day=day)


def if_there(element: Subject, subject: Subject, judgement: Judgement, day: date) -> Judgement:
    """Return what holds of a subject because of an element, which perhaps is not there."""
    begin = element.open_at
    if begin is None or judgement.verdict is not Verdict.VIOLATED:
        return judgement
    gap = perhaps_there(subject, begin, day)
    return only_if(gap.required, gap, judgement)
