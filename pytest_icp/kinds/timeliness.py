"""Whether what had a last day was done in time (是否按期): the states of a dated duty.

Done in time, done late (violated for the look-back, then a note), not yet due (with the due date),
overdue; and what cannot be decided, because a fact or a year's working days are not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import long_ago, moment, not_after, time_of, upcoming
from pytest_icp.kinds.finding import Note, NoteKind, Verdict
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, unknown, violated
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, location
from pytest_icp.kinds.words import shown
from pytest_icp.law.deadline import Due, Term
from pytest_icp.law.steps import steps_to
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date

_OVERDUE = Text(
    zh="至今未办理，{last} 已到期，逾期 {days} 日",
    en="not done, and overdue since {last}, {days:day} ago",
)
_OVERDUE_HOURS = Text(zh="至今未办理，{last} 已到期", en="not done, and overdue since {last}")
_TOO_EARLY = Text(
    zh="{early} 的办理早于 {event} 发生的事项，不是对它的办理（或日期有误）；{last} 已到期",
    en="done on {early}, before the event of {event}, which it cannot answer, unless one of the "
    "dates is wrong; overdue since {last}",
)
_OTHER_TERM = Text(
    zh="{early} 的办理属于上一个有效期；本期是否已经办理未申报，无法判断",
    en="what was done on {early} was for the term before; whether it was done for this one is not "
    "declared, so this cannot be decided",
)
_NOT_SO = Text(
    zh="办理不符合要求（{found}），{last} 已到期",
    en="done, but not as required ({found}): it was due by {last}",
)
_LATE = Text(zh="{done} 才办理，{last} 已到期", en="done late on {done}: it was due by {last}")
_ROLLED = Text(
    zh="于 {done} 办理：期限最后一日 {raw} 是休息日，依民法典第二百零三条顺延至 {last}",
    en="done on {done}: the last day, {raw}, was a rest day and rolls to {last} by Civil Code 203",
)
_REST_DAY = Text(
    zh="于 {done} 办理，晚于最后一个工作日 {safe}；提前期限不顺延",
    en="done on {done}, after the last working day {safe}; a term counted backwards never rolls",
)
_UNPUBLISHED = Text(
    zh="取决于尚未公布的放假安排，无法判断",
    en="it depends on working days that are not yet published",
)

_DONE_IN_TIME = Text("{done} 办理，期限为 {last}：按期", "done on {done}, due by {last}: in time")
_DONE_LATE = Text("{done} 办理，期限为 {last}：逾期", "done on {done}, due by {last}: late")
_DONE_OPEN = Text(
    "{done} 办理，期限为 {last}：尚不能确定是否按期",
    "done on {done}, due by {last}: whether in time cannot be decided yet",
)
_UNTIL_LAST = Text(
    "没有办理；截至 {today}，距 {last} 还有 {days} 日",
    "not done; on {today}, {days:day} left until {last}",
)
_AFTER_LAST = Text(
    "没有办理；截至 {today}，已过 {last} {days} 日",
    "not done; on {today}, {days:day} after {last}",
)
_NOT_KNOWN = Text(
    "不知道是否办理；截至 {today}，期限为 {last}",
    "whether it was done is not known; on {today}, it is due by {last}",
)


class Done(Struct, frozen=True):
    """When a duty was done, as far as is known.

    ``at`` is the day or instant, or None: then ``never`` distinguishes "not done" from "not known".
    ``perhaps`` is the place of a record that may be an earlier one, and ``best`` the earliest day
    of those that may count, where all are known. ``early`` is a day that does not count, for it
    lies before the event of the day ``since``, or in another term; ``found`` is what does not let
    it count.
    """

    tokens: Tokens
    at: date | None
    never: bool = False
    perhaps: Tokens | None = None
    best: tuple[Tokens, date] | None = None
    early: date | None = None
    since: date | None = None
    found: Text | None = None


class DatedDuty(Struct, frozen=True):
    """One duty of one subject: by when, done when, out of which event.

    ``term`` is the computed term; None where the last day was set, or lies beyond the calendar.
    """

    subject: Subject
    limit: Due
    done: Done
    event: date
    forward: bool
    term: Term | None = None

    @property
    def unsettled(self) -> bool:
        """Whether the last day may move; one that is counted back never does."""
        return self.forward and self.limit.provisional

    @property
    def last(self) -> date:
        """The last day in time."""
        return civil_date(self.limit.last)

    @property
    def required(self) -> Text:
        """What is required, in words."""
        return say.BY.format(last=moment(self.limit.last))


def done_at(fact: Fact) -> Done:
    """Return when a duty was done, by a single fact."""
    return Done(fact.tokens, time_of(fact), never=fact.value == NEVER)


def earliest(days: list[tuple[Tokens, date]]) -> tuple[Tokens, date]:
    """Return the first of several days, with its place."""
    return min(days, key=lambda one: _sortable(one[1]))


def judge_timely(context: Context, duty: DatedDuty) -> Judgement:
    """Judge one duty: in time, late, not yet due, overdue, or not to be decided."""
    return _judge(context, duty).by(lambda: steps_of(context, duty))


def steps_of(context: Context, duty: DatedDuty) -> Iterator[Text]:
    """Yield how the last day was computed, and whether it was met."""
    if duty.term:
        yield from steps_to(duty.limit, duty.term, context.calendar)
    yield _state(context, duty)


def _state(context: Context, duty: DatedDuty) -> Text:
    limit, done = duty.limit, duty.done.at
    last = moment(limit.last)
    if done is not None:
        timely = None if duty.unsettled else not_after(done, limit.last)
        if not_after(done, limit.certain):
            timely = True
        said = {True: _DONE_IN_TIME, False: _DONE_LATE, None: _DONE_OPEN}[timely]
        return said.format(done=moment(done), last=last)
    if not duty.done.never:
        return _NOT_KNOWN.format(today=context.today, last=last)
    days = (duty.last - context.today).days
    template = _UNTIL_LAST if not_after(context.as_of, limit.last) else _AFTER_LAST
    return template.format(today=context.today, last=last, days=abs(days))


def _judge(context: Context, duty: DatedDuty) -> Judgement:
    if duty.done.at is None:
        return _open(context, duty)
    if not_after(duty.done.at, duty.limit.certain):
        return _in_time(duty, duty.done.at)
    # After what is certain and not after the last: a day was too coarse to say.
    if duty.unsettled or not_after(duty.done.at, duty.limit.last) is not False:
        return _depends(duty, plain(moment(duty.done.at)))
    if duty.done.perhaps and not _is_late_at_best(duty):
        return missing(duty.subject, duty.done.perhaps, due=duty.last)
    return _late(duty, duty.done.at)


def _open(context: Context, duty: DatedDuty) -> Judgement:
    """Judge a duty that was never done, or of which it is not known whether it was."""
    if not_after(context.as_of, duty.limit.certain):
        limit = replace(duty.limit, provisional=duty.unsettled)
        return upcoming(context, duty.subject, duty.done.tokens, limit)
    if not duty.done.never and duty.done.early:
        early = moment(duty.done.early)
        text = _OTHER_TERM.format(early=early)
        return unknown(
            duty.subject,
            duty.done.tokens,
            text,
            found=plain(early),
            required=duty.required,
            due=duty.last,
        )
    if not duty.done.never:
        best = duty.done.best
        if best and _is_late_at_best(duty) and not long_ago(context, civil_date(best[1])):
            # It was done late then, or not at all.
            return _late(replace(duty, done=Done(*best)), best[1])
        return missing(duty.subject, duty.done.tokens, due=duty.last)
    if duty.unsettled or not_after(context.as_of, duty.limit.last):
        return _depends(duty, shown(NEVER))
    before = duty.done.early
    return violated(
        duty.subject,
        duty.done.tokens,
        _overdue(context, duty),
        found=duty.done.found or (plain(moment(before)) if before else shown(NEVER)),
        required=duty.required,
        due=duty.last,
        on=duty.event,
    )


def _is_late_at_best(duty: DatedDuty) -> bool:
    """Whether whatever may count was done late."""
    best = duty.done.best
    return best is not None and not duty.unsettled and not_after(best[1], duty.limit.last) is False


def _overdue(context: Context, duty: DatedDuty) -> Text:
    if duty.done.early:
        last = moment(duty.limit.last)
        event = civil_date(duty.done.since or duty.event)
        return _TOO_EARLY.format(early=moment(duty.done.early), event=event, last=last)
    if duty.done.found:
        return _NOT_SO.format(found=duty.done.found, last=moment(duty.limit.last))
    days = (context.today - duty.last).days
    template = _OVERDUE if days else _OVERDUE_HOURS
    return template.format(days=days, last=moment(duty.limit.last))


def _depends(duty: DatedDuty, found: Text) -> Judgement:
    why = _UNPUBLISHED if duty.unsettled else say.IMPRECISE
    return unknown(
        duty.subject, duty.done.tokens, why, found=found, required=duty.required, due=duty.last
    )


def _in_time(duty: DatedDuty, done: date) -> Judgement:
    limit = duty.limit
    if not not_after(done, limit.raw):
        text = _ROLLED.format(done=moment(done), raw=moment(limit.raw), last=moment(limit.last))
        return _noted(NoteKind.ROLLED, text, duty)
    if limit.raw == limit.last and not not_after(done, limit.safe):
        text = _REST_DAY.format(done=moment(done), safe=moment(limit.safe))
        return _noted(NoteKind.REST_DAY, text, duty)
    return SATISFIED


def _late(duty: DatedDuty, done: date) -> Judgement:
    return violated(
        duty.subject,
        duty.done.tokens,
        _LATE.format(done=moment(done), last=moment(duty.limit.last)),
        found=plain(moment(done)),
        required=duty.required,
        due=duty.last,
        on=duty.event,
        over=civil_date(done),
    )


def _noted(kind: NoteKind, text: Text, duty: DatedDuty) -> Judgement:
    note = Note(
        kind=kind, text=text, location=location(duty.done.tokens), due=duty.last.isoformat()
    )
    return Judgement(verdict=Verdict.SATISFIED, notes=(note,))


def _sortable(when: date) -> tuple[date, float]:
    if isinstance(when, datetime):
        return civil_date(when), when.timestamp()
    return when, float("inf")
