"""The renewal of a licence (延续): until when it is in force, on paper, renewed or deemed renewed.

A renewal that was granted begins another term, whatever the paper still prints. One that was
applied for in time, and not decided by the last day, is deemed granted until it is decided
(行政许可法 50(2)).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.judgement import Judgement, missing, unknown
from pytest_icp.kinds.numbers import resting_on
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Amount, Reckoned, reckon

IN_FORCE = "正常"
"""The status of a licence in force, in the words of the licensing system."""

EXPIRED = "过期"
"""The status of one whose term has ended, in the same words."""

ENDED = frozenset({"注销", "撤销", "吊销", "无效"})
"""The statuses of a licence that an authority has ended."""

STRUCK_OFF = "注销"
"""The status that a licence may also get because it ran out (行政许可法 70(1))."""

_DAY = timedelta(days=1)

Decision: TypeAlias = Literal["none", "pending", "granted", "refused"]
"""What became of a renewal: not applied for, not decided, granted or refused."""


class OpenFact(Struct, frozen=True):
    """The place of an unknown fact, with a message of its own where it is not just absent."""

    tokens: Tokens
    message: Text | None = None

    def judged(self, subject: Subject, required: Text) -> Judgement:
        """Return that a subject cannot be decided for it."""
        if self.message is None:
            return missing(subject, self.tokens)
        return unknown(subject, self.tokens, self.message, required=required)


class Renewal(Struct, frozen=True):
    """What is known of the renewal of a licence."""

    applied_on: Fact
    decided_on: Fact
    decision: Fact
    new_valid_until: Fact

    @classmethod
    def at(cls, context: Context, subject: Subject, path: str) -> Renewal:
        """Return what a subject says of a renewal at a path."""
        return cls(*(context.fact(subject, f"{path}{name}") for name in cls.__struct_fields__))

    @property
    def outcomes(self) -> tuple[Decision, ...]:
        """What may have become of it as of the day: one, where that is known."""
        if self.applied_on.value == NEVER:
            return ("none",)
        undecided: tuple[Decision, ...] = ("pending",)
        if self.applied_on.value is None:
            undecided = ("none", "pending")
        match self.decision.value:
            case "granted" | "refused" as decision:
                decided: tuple[Decision, ...] = (decision,)
            case None:
                decided = ("granted", "refused")
            case _:
                return undecided
        if self.decided_on.value is None:
            return (*undecided, *decided)
        # What was decided later was still pending on the day.
        return undecided if self.decided_on.value == NEVER else decided

    @property
    def outcome(self) -> Decision | None:
        """What became of it as of the day; None where that is not known."""
        return self.outcomes[0] if len(self.outcomes) == 1 else None

    @property
    def gap(self) -> Tokens:
        """The first fact that is not known."""
        if self.outcome:
            return self.new_valid_until.tokens
        if self.decision.value is not None and self.applied_on.value is not None:
            return self.decided_on.tokens
        return (self.applied_on if self.applied_on.value is None else self.decision).tokens


class InForce(Struct, frozen=True):
    """Until when the licence is in force as of the day: surely until ``last``, as ``fact`` says.

    ``outcome`` is what became of the renewal, None where it is not known. With ``gap``, a fact
    that is not known, it may be in force for longer.
    """

    last: date
    fact: Fact
    outcome: Decision | None
    gap: OpenFact | None = None


def renewal_of(context: Context) -> Renewal:
    """Return what is known of the renewal of the licence that is described."""
    return Renewal.at(context, Subject((), context.view.facts), "/renewal/")


def in_force_until(
    renewal: Renewal, printed: Fact, end: date, today: date, *, in_time_by: date
) -> InForce:
    """Return until when a licence is in force, by the last day on paper and by the renewal.

    An application by the day ``in_time_by``, ahead of the printed ``end``, is in time, so that it
    is deemed granted.
    """
    applied, decided, new = (
        day_of(fact) for fact in (renewal.applied_on, renewal.decided_on, renewal.new_valid_until)
    )
    in_time = applied is not None and applied <= in_time_by
    outcome = renewal.outcome
    on_paper = InForce(end, printed, outcome)
    if outcome == "granted":
        if new is None:
            return replace(on_paper, gap=OpenFact(renewal.gap))
        return InForce(new, renewal.new_valid_until, outcome) if new >= end else on_paper
    if today <= end or outcome == "none":
        return on_paper
    if outcome is None:
        said = say.UNDECIDED_RENEWAL.format(until=end)
        return replace(on_paper, gap=OpenFact(renewal.gap, said))
    if outcome == "pending":
        return InForce(date.max, renewal.applied_on, outcome) if in_time else on_paper
    if decided is None or decided <= end:
        return on_paper
    if applied is None:
        return replace(on_paper, gap=OpenFact(renewal.applied_on.tokens))
    return InForce(decided - _DAY, renewal.decided_on, outcome) if in_time else on_paper


def in_force_by(context: Context, printed: Fact, end: date, ahead: Amount | None) -> InForce:
    """Return until when the licence is in force that is described.

    ``ahead`` is how long before its last day on paper an application is in time.
    """
    by = civil_date(application(end, ahead).due.last) if ahead else date.min
    return in_force_until(renewal_of(context), printed, end, context.today, in_time_by=by)


def application(end: date, ahead: Amount) -> Reckoned:
    """Return by when a renewal is applied for in time: ``ahead`` of the last day of the term."""
    return reckon(ahead.number, end, "before")


def by_its_value(judged: Judgement, end: date | None, ahead: Amount | None) -> Judgement:
    """Return a judgement whose findings say how long ahead a renewal is applied for in time."""
    if end is None or ahead is None:
        return judged
    return resting_on(judged, ahead.number, application(end, ahead).value)


def ended_early(status: Fact, end: date, today: date) -> bool | None:
    """Whether an authority ended the licence within its term, so that the term never runs out.

    One that is struck off after its last day is taken to have run out. None is not known.
    """
    if status.value is None:
        return None
    return status.value in ENDED and not (status.value == STRUCK_OFF and end < today)
