"""Kind ``dated`` (期日): duties with a date: an act, an anchor, and a bound between the two.

`when` says what a policy writes and finds the days. Here one act is judged by its anchor, in
`lasting` one that comes back, also in a window of every year, and how far records go back; `say`
compares the act with the last day, and puts the answer into words. The anchor of some is the end of
the term of the licence (`kinds.holdings`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.files.properties import property_at
from pytest_icp.kinds import Kind
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated import say
from pytest_icp.kinds.dated.lasting import Reach, judging_periods, judging_windows
from pytest_icp.kinds.dated.say import Duty, Limit, gap_from, judge_timely, standing_gap
from pytest_icp.kinds.dated.when import (
    LICENCE_TERM,
    TODAY,
    Dated,
    Dates,
    Moment,
    Open,
    finding,
)
from pytest_icp.kinds.dates import fixed, later, upcoming
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.holdings import Act, judge_in_term
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judge,
    Judgement,
    missing,
    resting_on,
)
from pytest_icp.kinds.legal_force import (
    FIRST_ISSUE,
    before_the_licence,
    binding_since,
    binds,
    in_doubt,
)
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.deadline import settled
from pytest_icp.law.times import civil_date
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.numbers import reckon
from pytest_icp.rules.policy import Obligation


def check_dated(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``dated``."""
    return judge_each(obligation, context, _judging(obligation, context))


def _judging(obligation: Obligation, context: Context) -> Judge:
    """Return what judges each subject, by the bound of the duty."""
    rule = obligation.spec_as(Dated)
    if rule.every:
        return judging_periods(rule, rule.every, obligation, context)
    if rule.yearly:
        return judging_windows(rule, rule.yearly, obligation, context)
    if rule.reaches:
        asked = standing_gap(rule.reaches, context.today)
        return Reach(rule, asked, context, obligation.each).judge
    judging = Judging(rule, obligation, context)
    if rule.act == TODAY:
        return judging.today
    return judging.in_term if rule.anchor == LICENCE_TERM else judging.of


class _Bound(Struct, frozen=True):
    """The last day for an anchor, the day that chooses the law, and whether the duty binds then."""

    limit: Limit | None
    day: date
    binding: bool | None


class Judging(Struct, frozen=True, eq=False, dict=True):
    """Judges each subject by one last day; what is the same for all subjects, only once."""

    rule: Dated
    obligation: Obligation
    context: Context
    bounds: dict[date, _Bound] = field(default_factory=dict)

    def of(self, subject: Subject) -> Judgement:
        """Judge when an act was done."""
        anchors = self._anchor_of(subject)
        if anchors.first is None:
            return _without_anchor(subject, anchors)
        anchor, within = self._once_law(anchors.first), self.rule.within
        day = within.number.counted_from(anchor.day, self.context.today) if within else anchor.day
        # What had happened before its number was law runs from later.
        anchor = anchor if day == anchor.day else Moment(day, anchor.tokens)
        judged = self._by(subject, anchor, self._act_of(subject))
        if anchors.open_at is None or judged is NOT_APPLICABLE:
            return judged
        if self.rule.has_last_day and judged.verdict is Verdict.VIOLATED:
            return judged
        # Counted from an earlier anchor, it may be otherwise.
        return missing(subject, anchors.open_at).by(judged.steps)

    def _once_law(self, anchor: Moment) -> Moment:
        """Return since when something has to be done that goes on: not before that was law."""
        obligation, since = self.obligation, binding_since(self.obligation)
        goes_on = obligation.basis == "statute" and obligation.past.over
        is_older = goes_on and anchor.day < since <= self.context.today
        return Moment(since, anchor.tokens) if is_older else anchor

    def in_term(self, subject: Subject) -> Judgement:
        """Judge when an act was done, by the end of the term of the licence that runs."""
        until = self._anchor_of(subject)
        if until.first is None:
            return _without_anchor(subject, until)
        if before_the_licence(self.obligation, self.context, self.context.today):
            return NOT_APPLICABLE
        done = self._act_of(subject)
        # What answers for the term before tells nothing of this one.
        at = done.first.at if done.first else None
        early = Dates(done.tokens, open=(Open(None, done.tokens),), early=at)
        act = Act(
            by=lambda end: self._by(subject, Moment(end, until.tokens), done),
            early=lambda end: self._by(subject, Moment(end, until.tokens), early),
        )
        if self.rule.term:
            act = replace(act, done=at, gap=None if done.first else done.open_at)
        return judge_in_term(self.context, subject, until.first.day, act)

    def today(self, subject: Subject) -> Judgement:
        """Judge whether something is still good: until a day, or for so long after it was done."""
        context, within, anchors = self.context, self.rule.within, self._anchor_of(subject)
        anchor = anchors.first
        if anchor is None:
            if anchors.never and not anchors.endless:
                return say.never_begun(context, subject, anchors.at)
            return _without_anchor(subject, anchors)
        gap = standing_gap(within, context.today) if within else None
        end = later(anchor.day, gap.span) if gap else anchor.day
        if context.today <= end:
            judged = upcoming(context, subject, anchor.tokens, fixed(context, end))
        else:
            judged = say.lapsed(context, subject, anchor, end)
        judged = resting_on(judged, gap.number, gap.value) if gap else judged
        lasting = gap.span if gap else None
        return context.explained(judged, lambda: say.steps_until(anchor.day, lasting, end))

    @cached_property
    def _anchor_of(self) -> Callable[[Subject], Dates]:
        return finding(self.context, self.rule.anchors)

    @cached_property
    def _act_of(self) -> Callable[[Subject], Dates]:
        return finding(self.context, self.rule.acts)

    @cached_property
    def _holds_all_day(self) -> bool:
        """Whether a day is one on which something takes effect as planned, from its beginning."""
        when = self.rule.acts
        path = ".".join(filter(None, (when.of, when.at[0])))
        each = join_path("", self.obligation.each)
        known = property_at("description", join_path(each, path))
        return known is not None and known.time == "schedule"

    def _by(self, subject: Subject, anchor: Moment, act: Dates) -> Judgement:
        """Judge when an act was done, counted from or back from an anchor."""
        bound = self._bound(anchor)
        if bound.binding is False:
            return NOT_APPLICABLE
        if bound.limit:
            judged = self._timely(subject, anchor, act, bound.limit, bound.day)
        else:
            judged = self._by_gap(subject, anchor, act)
        return judged if bound.binding else in_doubt(self.context, subject, judged, FIRST_ISSUE)

    def _by_gap(self, subject: Subject, anchor: Moment, act: Dates) -> Judgement:
        """Judge whether an act is at least, at most so long after its anchor."""
        if act.first is None:
            return NOT_APPLICABLE if act.never else missing(subject, act.at)
        rule, today, done, judged = self.rule, self.context.today, act.first, SATISFIED
        bounds = [
            (gap_from(one, anchor.day, today, least=one is rule.lasts), one is rule.lasts)
            for one in (rule.lasts, rule.at_most)
            if one
        ]
        for gap, least in bounds:
            end = later(anchor.day, gap.span)
            if judged is SATISFIED and (done.day < end if least else done.day > end):
                judged = say.wrong_gap(subject, anchor, done, gap.span, least=least)
        # An earlier act would be another gap.
        judged = missing(subject, act.open_at) if act.open_at else judged
        for gap, _ in bounds:
            judged = resting_on(judged, gap.number, gap.value)
        spans = [gap.span for gap, _ in bounds]
        return self.context.explained(judged, lambda: say.steps_between(anchor, spans))

    def _bound(self, anchor: Moment) -> _Bound:
        known = self.bounds.get(anchor.at)
        if known is None:
            limit = self._limit(anchor.at) if self.rule.has_last_day else None
            day = civil_date(limit.due.last) if limit and self.rule.ahead else anchor.day
            known = _Bound(limit, day, binds(self.obligation, self.context, day))
            self.bounds[anchor.at] = known
        return known

    def _limit(self, event: date) -> Limit:
        """Return the last day (期限届满日) for the day or instant of an event."""
        length = self.rule.gap
        if length is None:
            return Limit(
                settled(event) if isinstance(event, datetime) else fixed(self.context, event)
            )
        way: Literal["after", "before"] = "after" if self.rule.within else "before"
        reckoned = reckon(length.number, event, way, self.context.calendar)
        return Limit(reckoned.due, reckoned.term, reckoned.value)

    def _timely(
        self, subject: Subject, anchor: Moment, act: Dates, limit: Limit, day: date
    ) -> Judgement:
        instant = isinstance(limit.due.last, datetime)
        duty = Duty(
            subject=subject,
            limit=limit.due,
            act=act,
            anchor=anchor,
            forward=self.rule.within is not None,
            term=limit.term,
            whole=instant and self._holds_all_day,
            day=day,
        )
        judged, length = judge_timely(self.context, duty), self.rule.gap
        return resting_on(judged, length.number, limit.value) if length else judged


def _without_anchor(subject: Subject, anchors: Dates) -> Judgement:
    """Return that nothing is counted from what has not happened, as far as is known."""
    return missing(subject, anchors.at) if anchors.open_at else NOT_APPLICABLE


KIND = Kind("dated", Dated, check_dated)
