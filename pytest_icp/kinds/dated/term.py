"""The term of the licence (许可期) in which something has to be done: as printed, or as renewed.

What is not declared of a renewal is tried in every way in which it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import reduce
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, long_ago
from pytest_icp.kinds.finding import Verdict, worst
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, both, missing
from pytest_icp.kinds.renewal import Decision, Renewal, ended_early, renewal_of
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.times import civil_date

_DAY = timedelta(days=1)

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
    """ByEnd what has to be done by the last day of the term that runs; ``end`` is that on paper.

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
        """ByEnd what has to be done in one term that may be the one that runs."""
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
