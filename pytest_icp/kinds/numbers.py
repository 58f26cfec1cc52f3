"""Numbers of the law in words (数值): what one is on a day, and what it was and will be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.judgement import Judgement
from pytest_icp.kinds.subjects import steps
from pytest_icp.kinds.words import condition
from pytest_icp.law.describe import counted
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.numbers import Cases, Dated, Entry, Listing, Named, Number, Value
from pytest_icp.rules.policy import Obligation

_BEFORE = Text("；至 {day} 为 {amount}", "; until {day}: {amount}")
_LATER = Text("；自 {day} 起为 {amount}", "; from {day}: {amount}")
_BY = Text("（{article}）", " ({article})")
_GRACE = Text("；至 {day} 仍可按 {amount}", "; {amount} is enough until {day}")
_SINCE = Text("{value}（自 {day} 起）", "{value} (from {day})")
_UNTIL = Text("{value}（至 {day}）", "{value} (until {day})")
_NAMED = Text("{title}：{amount}", "{title}: {amount}")
_WHERE = Text("{amount}（{where}）", "{amount} ({where})")
_AND, _THEN = Text("、", ", "), Text("；", "; ")
_EVE = timedelta(days=1)


def notes_on_numbers(obligation: Obligation, outcome: Outcome, day: date) -> tuple[Note, ...]:
    """Return notes on the numbers behind a verdict that are not checked against the law.

    ``day`` chooses their values.
    """
    if outcome.verdict is Verdict.SATISFIED or outcome.verdict is Verdict.VIOLATED:
        return tuple(note for number in obligation.relies_on for note in _doubts(number, day))
    return ()


def _doubts(named: Named, day: date) -> Iterator[Note]:
    for number in _numbers(named):
        value = number.standing(day)
        if value.confidence in {"default", "unverified"}:
            text = say.DEFAULT_NUMBER if value.confidence == "default" else say.UNVERIFIED_NUMBER
            amount = counted(value.n, number.unit)
            text = text.format(title=number.title, amount=amount)
            yield Note(kind=NoteKind.DEFAULT, text=text)


def _numbers(named: Named) -> tuple[Number, ...]:
    if isinstance(named, Cases):
        return tuple(case.number for case in named.cases)
    return () if isinstance(named, Listing) else (named,)


def holding(named: Named, day: date) -> tuple[Dated, ...]:
    """Return the values of a number that hold on a day: one in each case, each word of a list."""
    if isinstance(named, Listing):
        return tuple(one for one in named.values if one.since <= day <= one.last)
    return tuple(number.standing(day) for number in _numbers(named))


def amount_on(named: Named, day: date, each: str) -> Text:
    """Return a number as of a day, with what it was and will be (沿革).

    ``each`` is the path of the subjects that its cases are about.
    """
    if isinstance(named, Listing):
        first = min((one.since for one in named.values), default=date.min)
        return _AND.join(_entry(one, first) for one in named.values)
    if isinstance(named, Number):
        return history(named, named.standing(day))
    at = steps(each)[2]
    return _THEN.join(
        _WHERE.format(amount=amount_on(case.number, day, each), where=condition(case.where, at))
        for case in named.cases
    )


def in_words(number: Number, chosen: Value) -> Text:
    """Return the number that a finding rests on: its title, value, article, and its history."""
    return _each_in_words(number)[number.values.index(chosen)]


@once
def _each_in_words(number: Number) -> tuple[Text, ...]:
    """Return each value of a number in words: many findings rest on the same."""
    said = (history(number, value, article=True) for value in number.values)
    return tuple(_NAMED.format(title=number.title, amount=amount) for amount in said)


def resting_on(judged: Judgement, number: Number, chosen: Value | None) -> Judgement:
    """Return a judgement whose findings say by which value of a number they were reckoned."""
    if not number.id or chosen is None or not judged.findings:
        return judged
    said = in_words(number, chosen)
    findings = tuple(replace(one, numbers=(*one.numbers, said)) for one in judged.findings)
    return replace(judged, findings=findings)


def numbers_on(obligation: Obligation, day: date, *, terms: bool) -> tuple[Text, ...]:
    """Return the numbers that a rule rests on as of a day, in words.

    Those of terms only if asked for: a check says by which values it reckoned. Of all others, whose
    values stand in what is required, those that have changed.
    """
    mine = obligation.terms
    said = [in_words(one, one.on(day)) for one in mine if terms]
    ids = {one.id for one in mine}
    for named in obligation.relies_on:
        changed = named.id not in ids and len(named.values) > 1
        if changed and not isinstance(named, Listing):
            said += [in_words(number, number.standing(day)) for number in _numbers(named)]
    return tuple(said)


def history(number: Number, chosen: Value, *, article: bool = False) -> Text:
    """Return a value with the one before it and the one after: “90 days; until …: 60 days”."""
    i, said = number.values.index(chosen), counted(chosen.n, number.unit)
    if article and chosen.article:
        said += _BY.format(article=chosen.article)
    if i:
        before = number.values[i - 1]
        last, amount = chosen.since - _EVE, _beside(number, before, chosen)
        said += _BEFORE.format(day=last, amount=amount)
        if chosen.grace:
            said += _GRACE.format(day=chosen.grace, amount=counted(before.n, number.unit))
    for after in number.values[i + 1 : i + 2]:
        said += _LATER.format(day=after.since, amount=_beside(number, after, chosen))
    return said


def _beside(number: Number, value: Value, chosen: Value) -> Text:
    """Return another value, with its article where that is another."""
    amount = counted(value.n, number.unit)
    other = value.article and value.article != chosen.article
    return amount + _BY.format(article=value.article) if other else amount


def _entry(one: Entry, first: date) -> Text:
    """Return a word of a list, with its days where it was not always there."""
    said = plain(one.value)
    if one.since > first:
        said = _SINCE.format(value=said, day=one.since)
    return _UNTIL.format(value=said, day=one.until) if one.until else said
