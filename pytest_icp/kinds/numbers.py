"""Notes on the numbers (数值) behind a verdict that are not checked against the law."""

from __future__ import annotations

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.law.once import once
from pytest_icp.law.units import counted
from pytest_icp.rules.policy import Obligation, Parameter


def notes_on_numbers(obligation: Obligation, outcome: Outcome) -> tuple[Note, ...]:
    """Return notes on the numbers behind a verdict that are not checked against the law."""
    if outcome.verdict is Verdict.SATISFIED or outcome.verdict is Verdict.VIOLATED:
        return _doubts(obligation)
    return ()


@once
def _doubts(obligation: Obligation) -> tuple[Note, ...]:
    return tuple(
        _doubt(parameter)
        for parameter in obligation.relies_on
        if parameter.confidence in {"default", "unverified"}
    )


def _doubt(parameter: Parameter) -> Note:
    text = say.DEFAULT_NUMBER if parameter.confidence == "default" else say.UNVERIFIED_NUMBER
    amount = counted(parameter.value, parameter.unit)
    return Note(kind=NoteKind.DEFAULT, text=text.format(title=parameter.title, amount=amount))
