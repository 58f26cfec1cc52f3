"""The dated duties of a run: what is overdue, what falls due soon, what comes later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum

from pytest_icp.core.finding import NoteKind, Verdict
from pytest_icp.core.result import Result
from pytest_icp.core.text import Text
from pytest_icp.core.values import frozen
from pytest_icp.reporters import labels as say
from pytest_icp.reporters.run import Run, once

HORIZON_DAYS = 400
"""How far ahead a due date is listed: a year and what a reader plans beyond it."""


class State(StrEnum):
    """Where a last day stands as of the run (期限状态)."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


@frozen(kw_only=True)
class Duty:
    """A duty with its last day; ``days`` are those left, negative once it is past.

    ``safe`` is the last working day not after it.
    """

    last: date
    safe: date
    days: int
    state: State
    rule_id: str
    title: Text
    subject: str
    description: str
    provisional: bool
    waived: bool = False


@once
def duties(run: Run) -> tuple[Duty, ...]:
    """Return the dated duties of a run in the order of their last days."""
    found: list[Duty] = []
    for result in run.results:
        today = date.fromisoformat(result.as_of[:10])
        found += (*_overdue(result, today), *_next(result, today))
    found.sort(key=lambda duty: (duty.last, duty.rule_id, duty.description, duty.subject))
    return tuple(dict.fromkeys(found))


def left(duty: Duty) -> Text:
    """Say how many days are left, or have passed."""
    if duty.days == 0:
        return say.TODAY
    return (say.DAYS if duty.days > 0 else say.AGO).format(n=abs(duty.days))


def _overdue(result: Result, today: date) -> Iterable[Duty]:
    for finding in result.findings:
        if finding.verdict is Verdict.VIOLATED and finding.due:
            last = date.fromisoformat(finding.due[:10])
            if last < today:
                yield _duty(result, today, last, finding.subject, State.OVERDUE)


def _next(result: Result, today: date) -> Iterable[Duty]:
    soon = {(note.due, note.spot) for note in result.notes if note.kind == NoteKind.DUE_SOON}
    for one in result.upcoming:
        state = State.SOON if (one.last, one.spot) in soon else State.LATER
        last = date.fromisoformat(one.last)
        safe = date.fromisoformat(one.safe)
        duty = _duty(result, today, last, one.subject, state)
        yield replace(duty, safe=safe, provisional=one.provisional)


def _duty(result: Result, today: date, last: date, subject: str, state: State) -> Duty:
    return Duty(
        last=last,
        safe=last,
        days=(last - today).days,
        state=state,
        rule_id=result.rule_id,
        title=result.title,
        subject=subject,
        description=result.description,
        provisional=False,
        waived=result.waived is not None,
    )
