"""The dated duties of a run: what is overdue, due soon or due later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from pytest_icp.facts.fields import roles
from pytest_icp.kinds.finding import Finding, NoteKind, Upcoming, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import standing, standing_name
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import words as w
from pytest_icp.reports.findings import who_knows
from pytest_icp.reports.run import Run
from pytest_icp.rules.policy import part_id

_HOT, _WARM = 14, 60


class State(StrEnum):
    """Whether a due date is past, near or far as of the run (期限状态)."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


class Duty(Struct, frozen=True, kw_only=True):
    """A duty with its last day; ``days`` are those left, negative once it is past.

    ``safe`` is the last working day not after it, ``level`` that of the rule or part, and ``who``
    the role that has to do it, as far as anybody is named.
    """

    last: date
    safe: date
    days: int
    state: State
    rule_id: str
    part: str
    title: Text
    subject: str
    description: str
    provisional: bool
    waived: bool = False
    level: str = "mandatory"
    who: Text = plain("")

    @property
    def own_id(self) -> str:
        """The id of the rule, or of the part of it that is due."""
        return part_id(self.rule_id, self.part)

    @property
    def turns(self) -> date:
        """The day from which the verdict is another one if it is not done (结论改变之日)."""
        return self.last + timedelta(days=1)

    @property
    def becomes(self) -> Text:
        """What the verdict is from then on."""
        if self.level != "mandatory":
            return w.LEVELS[self.level]
        return standing_name(standing(Verdict.VIOLATED, self.level, waived=self.waived))

    def urgency(self, within: int) -> tuple[int, str]:
        """Return how urgent it is: in thousandths of so many days that have passed, and a word."""
        size = max(0, min(1000, 1000 * (within - self.days) // max(within, 1)))
        return size, "hot" if self.days <= _HOT else "warm" if self.days <= _WARM else ""


@once
def duties(run: Run) -> tuple[Duty, ...]:
    """Return the dated duties of a run in the order of their last days."""
    found: list[Duty] = []
    for result in run.results:
        found += (*_overdue(result), *_next(result))
    # What is never due again, as far as dates go, is no duty.
    found = [one for one in found if one.last != date.max]
    found.sort(key=lambda one: (one.last, one.own_id, one.description, one.subject))
    return tuple(dict.fromkeys(found))


def left(duty: Duty) -> Text:
    """Return how many days are left, or have passed."""
    if duty.days == 0:
        return w.TODAY
    return (w.DAYS if duty.days > 0 else w.AGO).format(n=abs(duty.days))


def _overdue(result: Result) -> Iterable[Duty]:
    for finding in result.findings:
        # What was done, though late, is to be done no more.
        if finding.broken and finding.due and finding.over is None:
            last = date.fromisoformat(finding.due)
            if last < _today(result):
                yield _duty(result, State.OVERDUE, finding, last, safe=last)


def _next(result: Result) -> Iterable[Duty]:
    near = (note for note in result.notes if note.kind == NoteKind.DUE_SOON)
    soon = {(note.due, note.location, note.part) for note in near}
    for one in result.upcoming:
        state = State.SOON if (one.last, one.location, one.part) in soon else State.LATER
        last, safe = map(date.fromisoformat, (one.last, one.safe))
        yield _duty(result, state, one, last, safe=safe, provisional=one.provisional)


def _duty(
    result: Result,
    state: State,
    one: Finding | Upcoming,
    last: date,
    *,
    safe: date,
    provisional: bool = False,
) -> Duty:
    about = result.about(one)
    return Duty(
        last=last,
        safe=safe,
        days=(last - _today(result)).days,
        state=state,
        rule_id=result.rule_id,
        part=one.part,
        title=about.title,
        subject=one.subject,
        description=result.description,
        provisional=provisional,
        waived=about.waived is not None,
        level=about.level,
        who=roles().get(who_knows(one.location.pointer), plain("")),
    )


def _today(result: Result) -> date:
    return date.fromisoformat(result.as_of[:10])
