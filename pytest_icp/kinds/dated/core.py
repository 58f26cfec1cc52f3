"""Judges an act by its anchor (是否按期): the states of a duty with a date.

Done in time, done late (violated for the look-back, then a note), not yet due (with the due date),
overdue; and what cannot be decided, because a fact or a year's working days are not known.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated import say
from pytest_icp.kinds.dated.duty import (
    Duty,
    Limit,
    gap_from,
    is_scheduled,
    reckoner,
    span,
    standing_gap,
)
from pytest_icp.kinds.dated.periods import judging_periods
from pytest_icp.kinds.dated.reach import judging_reach
from pytest_icp.kinds.dated.spec import LICENCE_TERM, TODAY, Dated
from pytest_icp.kinds.dated.term import Act, judge_in_term
from pytest_icp.kinds.dated.when import Dates, Moment, Open, finding
from pytest_icp.kinds.dated.yearly import judging_windows
from pytest_icp.kinds.dates import fixed, long_ago, not_after, upcoming
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing
from pytest_icp.kinds.numbers import resting_on
from pytest_icp.kinds.past import FIRST_ISSUE, binds, in_doubt
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.spans import later
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.times import civil_date, start_of_day
from pytest_icp.rules.policy import Obligation


def check_dated(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``dated``."""
    return judge_each(obligation, context, _judging(obligation, context))


def _judging(obligation: Obligation, context: Context) -> Callable[[Subject], Judgement]:
    """Return what judges each subject, by the bound of the duty."""
    rule = obligation.spec_as(Dated)
    if rule.every:
        return judging_periods(rule, rule.every, obligation, context)
    if rule.yearly:
        return judging_windows(rule, rule.yearly, obligation, context)
    if rule.reaches:
        return judging_reach(rule, rule.reaches, context, obligation.each)
    judging = Judging(rule, obligation, context)
    return judging.in_term if rule.anchor == LICENCE_TERM else judging.of


class Judging(Struct, frozen=True, eq=False, dict=True):
    """Judges each subject by one last day; what is the same for all subjects, only once."""

    rule: Dated
    obligation: Obligation
    context: Context

    def of(self, subject: Subject) -> Judgement:
        """Judge a subject."""
        anchor = self.anchor_of(subject)
        if anchor.first:
            return self._from(subject, anchor.first, anchor)
        if anchor.open_at:
            return missing(subject, anchor.at)
        if self.rule.act != TODAY or anchor.endless:
            return NOT_APPLICABLE
        return say.never_begun(self.context, subject, anchor.at)

    def in_term(self, subject: Subject) -> Judgement:
        """Judge a subject by the end of the term of the licence that runs."""
        until = self.anchor_of(subject)
        if until.first is None:
            return self.of(subject)
        done = self.act_of(subject)
        # What answers for the term before tells nothing of this one.
        at = done.first.at if done.first else None
        early = Dates(done.tokens, open=(Open(None, done.tokens),), early=at)
        act = Act(
            by=lambda end: self.by(subject, Moment(end, until.tokens), done),
            early=lambda end: self.by(subject, Moment(end, until.tokens), early),
        )
        if self.rule.term:
            act = replace(act, done=at, gap=None if done.first else done.open_at)
        return judge_in_term(self.context, subject, until.first.day, act)

    @cached_property
    def anchor_of(self) -> Callable[[Subject], Dates]:
        """Finds the anchor of each subject."""
        return finding(self.context, self.rule.anchors)

    @cached_property
    def act_of(self) -> Callable[[Subject], Dates]:
        """Finds when the act of each subject was done."""
        return finding(self.context, self.rule.acts)

    @cached_property
    def _limit_of(self) -> Callable[[date], Limit]:
        return reckoner(self.rule, self.context)

    @cached_property
    def _holds_all_day(self) -> bool:
        return is_scheduled(self.obligation.each, self.rule.acts)

    @cached_property
    def _of_acts(self) -> bool:
        """Whether one act comes before another, which has no day that was set."""
        rule = self.rule
        return rule.gap is None and not is_scheduled(self.obligation.each, rule.anchors)

    def _from(self, subject: Subject, anchor: Moment, anchors: Dates) -> Judgement:
        rule = self.rule
        if rule.act == TODAY:
            return _judge_today(rule, self.context, subject, anchor)
        judged = self.by(subject, anchor, self.act_of(subject))
        if anchors.open_at is None or judged is NOT_APPLICABLE:
            return judged
        if rule.has_last_day and judged.verdict is Verdict.VIOLATED:
            return judged
        # Counted from an earlier anchor, it may be otherwise.
        return missing(subject, anchors.open_at).by(judged.steps)

    def by(self, subject: Subject, anchor: Moment, act: Dates) -> Judgement:
        """Judge when an act was done, counted from or back from an anchor."""
        rule = self.rule
        limit = self._limit_of(anchor.at) if rule.has_last_day else None
        day = civil_date(limit.due.last) if limit and rule.ahead else anchor.day
        binding = binds(self.obligation, self.context, day)
        if binding is False:
            return NOT_APPLICABLE
        if limit:
            judged = self._timely(subject, anchor, act, limit, day)
        else:
            judged = _judge_gap(rule, self.context, subject, anchor, act)
        return judged if binding else in_doubt(self.context, subject, judged, FIRST_ISSUE)

    def _timely(
        self, subject: Subject, anchor: Moment, act: Dates, limit: Limit, day: date
    ) -> Judgement:
        rule = self.rule
        instant = isinstance(limit.due.last, datetime)
        duty = Duty(
            subject=subject,
            limit=limit.due,
            act=act,
            anchor=anchor,
            forward=rule.within is not None,
            term=limit.term,
            of_acts=self._of_acts,
            whole=instant and self._holds_all_day,
            day=day,
        )
        judged = judge_timely(self.context, duty)
        return resting_on(judged, rule.gap.number, limit.value) if rule.gap else judged


def judge_timely(context: Context, duty: Duty) -> Judgement:
    """Judge one duty: in time, late, not yet due, overdue, or not to be decided."""
    judged = _done(context, duty, duty.act.first) if duty.act.first else _undone(context, duty)
    return judged.by(lambda: say.steps(context, duty))


def _done(context: Context, duty: Duty, first: Moment) -> Judgement:
    done, certain = _exact(duty, first), duty.limit.certain
    # Whatever the time of its day, it was done by now.
    if not_after(done, certain) or not_after(context.as_of, certain):
        return say.in_time(duty, done)
    # After what is certain and not after the last: a day was too coarse to say.
    if duty.unsettled or not_after(done, duty.limit.last) is not False:
        return say.undecided(duty, first)
    if duty.act.open_at and not _late_at_best(context, duty):
        return _missing(duty)
    return say.late(duty, first)


def _undone(context: Context, duty: Duty) -> Judgement:
    """Judge a duty that was never done, or of which it is not known whether it was."""
    act, limit = duty.act, duty.limit
    if not_after(context.as_of, limit.certain):
        shown = replace(limit, provisional=duty.unsettled)
        return upcoming(context, duty.subject, act.at, shown)
    if act.open_at:
        best = _late_at_best(context, duty)
        if act.early:
            return say.of_another_term(duty, act.early)
        # It was done late then, or not at all.
        return say.late(duty, best) if best else _missing(duty)
    if duty.unsettled or not_after(context.as_of, limit.last):
        return say.undecided(duty, None)
    return say.overdue(context, duty)


def _late_at_best(context: Context, duty: Duty) -> Moment | None:
    """Return the earliest day that may count, if it was late whatever counts."""
    best = duty.act.at_best
    if best is None or duty.unsettled or long_ago(context, best.day):
        return None
    return best if not_after(_exact(duty, best), duty.limit.last) is False else None


def _exact(duty: Duty, act: Moment) -> date:
    """Return when an act was done; one that holds all day, from its beginning."""
    instant = not duty.whole or isinstance(act.at, datetime)
    return act.at if instant else start_of_day(act.at)


def _missing(duty: Duty) -> Judgement:
    at = duty.act.open_at or duty.act.at
    return missing(duty.subject, at, due=None if duty.of_acts else duty.last)


def _judge_gap(
    rule: Dated, context: Context, subject: Subject, anchor: Moment, act: Dates
) -> Judgement:
    """Judge whether an act is at least, at most so long after its anchor."""
    if act.first is None:
        return NOT_APPLICABLE if act.never else missing(subject, act.at)
    done, judged = act.first, SATISFIED
    least = gap_from(rule.lasts, anchor.day, context.today, least=True)
    most = gap_from(rule.at_most, anchor.day, context.today, least=False)
    if least and done.day < later(anchor.day, least.span):
        judged = say.too_soon(subject, anchor, done, least.span)
    elif most and done.day > later(anchor.day, most.span):
        judged = say.too_late(subject, anchor, done, most.span)
    # An earlier act would be another gap.
    judged = missing(subject, act.open_at) if act.open_at else judged
    for gap in filter(None, (least, most)):
        judged = resting_on(judged, gap.number, gap.value)
    return judged.by(lambda: say.steps_between(anchor, done, span(least), span(most)))


def _judge_today(rule: Dated, context: Context, subject: Subject, anchor: Moment) -> Judgement:
    """Judge whether something is still good: until a day, or for so long after it was done."""
    gap = standing_gap(rule.within, context.today) if rule.within else None
    lasting = span(gap)
    end = later(anchor.day, lasting) if lasting else anchor.day
    if context.today <= end:
        judged = upcoming(context, subject, anchor.tokens, fixed(context, end))
    else:
        judged = say.lapsed(context, subject, anchor, end)
    judged = resting_on(judged, gap.number, gap.value) if gap else judged
    return judged.by(lambda: say.steps_until(context, anchor.day, lasting, end))
