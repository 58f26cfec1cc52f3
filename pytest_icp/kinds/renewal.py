"""The renewal of a licence (延续): until when it is in force, and the term that runs.

A renewal that was granted begins another term, whatever the paper still prints. One that was
applied for in time, and not decided by the last day, is deemed granted until it is decided
(行政许可法 50(2)).

The term (许可期) in which something has to be done is as printed, or as renewed. What is not
declared of a renewal is tried in every way in which it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import reduce
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, long_ago
from pytest_icp.kinds.finding import Verdict, worst
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    unknown,
)
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


# ---- The term of the licence (许可期) in which something has to be done

ByEnd: TypeAlias = Callable[[date], Judgement]
"""Judges by the last day of a term."""


class Act(Struct, frozen=True):
    """What has to be done in a term: ``by`` judges it, by the last day of the term.

    What was ``done`` in the term before answers for that one, and tells nothing of this one:
    ``early`` judges it then. Without a day, it counts whenever it was done; when it was is not
    known where there is a ``gap``.
    """

    by: ByEnd
    early: ByEnd
    done: date | None = None
    gap: Tokens | None = None


class Since(Struct, frozen=True):
    """The first day of a term: not before ``first`` nor after ``last``, as far as is known.

    Where the two differ, ``gap`` is the fact that is not known.
    """

    first: date
    last: date
    gap: Tokens = ()

    def counts(self, done: date | None) -> bool | None:
        """Whether what was done on a day was done in the term; None where that is not known."""
        if done is None or civil_date(done) >= self.last:
            return True
        return False if civil_date(done) < self.first else None


class LicenceTerm(Struct, frozen=True):
    """One term: its last day, and the day from which on what is done is done for it.

    ``before`` is the last day of the term before, where the paper still prints that. With ``gap``,
    a fact that is not known, ``end`` is only the first day that may be the last.
    """

    end: date
    since: Since
    before: date | None = None
    gap: Tokens | None = None


def judge_in_term(context: Context, subject: Subject, end: date, act: Act) -> Judgement:
    """Judge what has to be done by the last day of the term that runs; ``end`` is that on paper.

    A term that an authority ended early never runs out.
    """
    renewal, cases = renewal_of(context), Cases(context, subject)
    terms = (term for one in renewal.outcomes for term in _terms(context, renewal, one, end))
    judged = (cases.unless_ended(term, cases.in_term(term, act)) for term in terms)
    return reduce(lambda one, other: cases.either(one, other, renewal.gap), judged)


def _terms(
    context: Context, renewal: Renewal, outcome: Decision, end: date
) -> Iterator[LicenceTerm]:
    """Yield the terms of which one runs, if this became of the renewal."""
    if outcome != "granted":
        yield LicenceTerm(end, _since(context, running=outcome != "none"))
        return
    new, next_day = day_of(renewal.new_valid_until), end + _DAY
    if new is None or new > end:
        gap = renewal.new_valid_until.tokens if new is None else None
        yield LicenceTerm(new or next_day, Since(next_day, next_day), before=end, gap=gap)
    if new is None or new <= end:
        # The paper is the renewed one.
        yield LicenceTerm(end, _since_renewed(context, renewal))


def _since_renewed(context: Context, renewal: Renewal) -> Since:
    """Return the first day of the term of a paper that a renewal brought, by the decision."""
    decided, (issued, first) = day_of(renewal.decided_on), _issues(context)
    if decided is None:
        last = day_of(issued) or date.max
        return Since(day_of(first) or date.min, last, renewal.decided_on.tokens)
    is_later = issued.value is not None and decided > (day_of(issued) or date.max)
    return _since(context, running=True) if is_later else Since(decided, decided)


def _since(context: Context, *, running: bool = False) -> Since:
    """Return the first day of the term of the paper; of one that may be issued anew, of the first.

    The paper may be issued anew while an application is ``running``.
    """
    issued, first = _issues(context)
    known = first if running or issued.value == NEVER else issued
    day = day_of(known)
    if day is not None or known.value == NEVER:
        return Since(day or date.min, day or date.min)
    if known is first:
        # The present licence was not issued before the first one.
        return Since(date.min, day_of(issued) or date.max, first.tokens)
    return Since(day_of(first) or date.min, date.max, issued.tokens)


def _issues(context: Context) -> tuple[Fact, Fact]:
    """Return the days of the present issue of the licence and of the first one."""
    whole = Subject((), context.view.facts)
    names = "issued_on", "first_issued_on"
    issued, first = (context.fact(whole, f"/licence/{name}") for name in names)
    return issued, first


class Cases(Struct, frozen=True):
    """Judges a subject in each case that there may be, and says what holds in all of them."""

    context: Context
    subject: Subject

    def in_term(self, term: LicenceTerm, act: Act) -> Judgement:
        """Judge what has to be done in one term that may be the one that runs."""
        counts = term.since.counts(act.done)
        judged = act.early(term.end) if counts is False else act.by(term.end)
        if judged.verdict is not Verdict.SATISFIED and self.context.today < term.since.first:
            # Nothing is due in a term that has not begun.
            judged = SATISFIED
        elif term.gap:
            # What is in time for the first day that may be the last is so for any other.
            in_time = judged.verdict is Verdict.SATISFIED
            judged = SATISFIED if in_time else missing(self.subject, term.gap)
        if counts is None:
            return self.either(judged, act.early(term.end), term.since.gap)
        if term.before is None:
            return judged
        if act.gap and not long_ago(self.context, term.before):
            # Perhaps it was done late in the term before.
            is_good = act.by(term.before).verdict is Verdict.SATISFIED
            return judged if is_good else both(missing(self.subject, act.gap), judged)
        return judged if counts else both(act.by(term.before), judged)

    def unless_ended(self, term: LicenceTerm, judged: Judgement) -> Judgement:
        """Return what is judged in a term, unless an authority ended it early."""
        status = self.context.fact(self.subject, "/licence/status")
        ended = ended_early(status, term.end, self.context.today)
        if ended:
            return NOT_APPLICABLE
        if ended is None and self._now(judged) is Verdict.VIOLATED:
            return self.either(judged, NOT_APPLICABLE, status.tokens)
        return judged

    def either(self, one: Judgement, other: Judgement, gap: Tokens) -> Judgement:
        """Return what holds in both of two cases, else that the fact which decides is unknown."""
        verdicts = {self._now(one), self._now(other)}
        if verdicts <= {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return other if one.verdict is Verdict.NOT_APPLICABLE else one
        if len(verdicts) == 1:
            return one
        due = next((found.due for found in (*one.findings, *other.findings) if found.due), None)
        day = date.fromisoformat(due) if due else None
        return missing(self.subject, gap, due=day).by(one.steps)

    def _now(self, judged: Judgement) -> Verdict:
        """Return the verdict without what was done late, and that before the look-back."""
        if judged.verdict is not Verdict.VIOLATED:
            return judged.verdict
        days = ((one, one.over) for one in judged.findings)
        kept = (one for one, over in days if not (over and long_ago(self.context, over)))
        return worst([Verdict.SATISFIED, *(one.verdict for one in kept)])
