"""One act by its last day (是否按期): in time, late, not yet due, overdue, or not to be decided."""

from __future__ import annotations

from datetime import date, datetime

from msgspec.structs import replace

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated import say
from pytest_icp.kinds.dated.duty import Duty
from pytest_icp.kinds.dated.when import Moment
from pytest_icp.kinds.dates import long_ago, not_after, upcoming
from pytest_icp.kinds.judgement import Judgement, missing
from pytest_icp.law.times import start_of_day


def judge_timely(context: Context, duty: Duty) -> Judgement:
    """Judge one duty: in time, late, not yet due, overdue, or not to be decided."""
    judged = _done(context, duty, duty.act.first) if duty.act.first else _undone(context, duty)
    return judged.by(lambda: say.steps(context, duty)) if context.explains else judged


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
    return missing(duty.subject, duty.act.open_at or duty.act.at, due=duty.last)
