"""Notes on the numbers (数值) behind a verdict that are not checked against the law."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.law.units import counted
from pytest_icp.rules.numbers import Number, Value
from pytest_icp.rules.policy import Obligation


def notes_on_numbers(obligation: Obligation, outcome: Outcome, day: date) -> tuple[Note, ...]:
    """Return notes on the numbers behind a verdict that are not checked against the law."""
    if outcome.verdict is Verdict.SATISFIED or outcome.verdict is Verdict.VIOLATED:
        return tuple(_doubts(obligation, day))
    return ()


def _doubts(obligation: Obligation, day: date) -> Iterator[Note]:
    for number in obligation.relies_on:
        value = number.on(day)
        if value.confidence in {"default", "unverified"}:
            yield _doubt(number, value)


@cache
def _doubt(number: Number, value: Value) -> Note:
    text = say.DEFAULT_NUMBER if value.confidence == "default" else say.UNVERIFIED_NUMBER
    amount = counted(value.n, number.unit)
    return Note(kind=NoteKind.DEFAULT, text=text.format(title=number.title, amount=amount))
