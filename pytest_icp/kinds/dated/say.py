"""One act by its last day (是否按期), and the wording and steps of a duty with a date.

Done in time, done late (violated for the look-back, then a note), not yet due (with the due date),
overdue; and what cannot be decided, because a fact or a year's working days are not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.when import Dates, Moment
from pytest_icp.kinds.dates import Span, later, long_ago, moment, not_after, span_of_value, upcoming
from pytest_icp.kinds.finding import NoteKind
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, noted, unknown, violated
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.deadline import Due, Term
from pytest_icp.law.steps import steps_to
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date, start_of_day
from pytest_icp.rules.numbers import Amount, Number, Value

# ---- One duty with a date, for one subject: its last day, or how long it has to last


class Limit(Struct, frozen=True):
    """The last day, the term that it was reckoned from, and the value of its number.

    There is neither where the day was set, and no term where it lies beyond the calendar.
    """

    due: Due
    term: Term | None = None
    value: Value | None = None


class Duty(Struct, frozen=True, kw_only=True):
    """One duty of one subject: by when, done when, out of which event.

    ``whole`` is whether an act of which the day alone is told holds from the beginning of that day,
    ``day`` the day whose law counts, where it is not that of the event.
    """

    subject: Subject
    limit: Due
    act: Dates
    anchor: Moment
    forward: bool
    term: Term | None = None
    whole: bool = False
    day: date | None = None

    @property
    def on(self) -> date:
        """The day whose law counts: that of the event, or the last day of a term ahead of it."""
        return self.day or self.anchor.day

    @property
    def unsettled(self) -> bool:
        """Whether the last day may move; one that is counted back never does."""
        return self.forward and self.limit.provisional

    @property
    def last(self) -> date:
        """The last day in time."""
        return civil_date(self.limit.last)


class Gap(Struct, frozen=True):
    """How long something takes or lasts that begins on a day, by which value of its number.

    Where the value reaches what runs already, it is by that; while there is a grace, the less
    strict of it and of the value before is asked for.
    """

    number: Number
    value: Value
    asked: Value

    @property
    def span(self) -> Span:
        """The time that is asked for."""
        return span_of_value(self.number, self.asked)


def gap_from(length: Amount, day: date, today: date, *, least: bool) -> Gap:
    """Return the time that is to pass from a day at least, or at most, as is asked for today."""
    number = length.number

    def end(value: Value) -> date:
        return later(day, span_of_value(number, value))

    value = number.forward(day, end)
    before = number.before(value)
    spared = before if before and value.grace and today <= value.grace else value
    asked = (min if least else max)(value, spared, key=end)
    return Gap(number, value, asked)


def standing_gap(length: Amount, today: date) -> Gap:
    """Return for how long what is to be good today has to be so."""
    number = length.number
    return Gap(number, number.on(today), number.standing(today))


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
_AFTER = Text(zh="{done} 晚于 {last}", en="{done} is after {last}")
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

_TOO_SOON = Text(zh="{then} 距 {first} 不足 {gap}", en="{then} is less than {gap} after {first}")
_TOO_LATE = Text(zh="{then} 距 {first} 超过 {gap}", en="{then} is more than {gap} after {first}")

_LAPSED = Text(zh="已于 {until} 失效（{days} 日前）", en="it expired on {until}, {days:day} ago")
_NEVER_BEGUN = Text(zh="从未办理", en="never done")
_STILL_GOOD = Text(zh="截至 {today} 仍然有效", en="valid on {today}")

_WHEN = Text("办理：{found}；期限为 {last}", "done: {found}; due by {last}")
_UNTIL = Text("有效期限至 {end}", "valid until {end}")


# ---- Done by a last day


def in_time(duty: Duty, done: date) -> Judgement:
    """Return that it was done in time, with a note where that hangs on the rest days."""
    limit = duty.limit
    if not_after(done, limit.raw) is False:
        text = _ROLLED.format(done=moment(done), raw=moment(limit.raw), last=moment(limit.last))
        return noted(NoteKind.ROLLED, text, duty.act.at, due=duty.last.isoformat())
    if duty.term and limit.raw == limit.last and not not_after(done, limit.safe):
        text = _REST_DAY.format(done=moment(done), safe=moment(limit.safe))
        return noted(NoteKind.REST_DAY, text, duty.act.at, due=duty.last.isoformat())
    return SATISFIED


def late(duty: Duty, done: Moment) -> Judgement:
    """Return that it was done late."""
    found = plain(moment(done.at))
    said = (_LATE if duty.term else _AFTER).format(done=found, last=moment(duty.limit.last))
    return _broken(duty, done.tokens, said, found, over=done.day)


def overdue(context: Context, duty: Duty) -> Judgement:
    """Return that it was not done, though the last day is over."""
    act, last = duty.act, moment(duty.limit.last)
    if act.early:
        event, found = civil_date(act.since or duty.anchor.at), plain(moment(act.early))
        said = _TOO_EARLY.format(early=found, event=event, last=last)
        return _broken(duty, act.at, said, found)
    if act.found:
        return _broken(duty, act.at, _NOT_SO.format(found=act.found, last=last), act.found)
    days = (context.today - duty.last).days
    said = (_OVERDUE if days else _OVERDUE_HOURS).format(days=days, last=last)
    return _broken(duty, act.at, said, say.NOT_DONE)


def _broken(duty: Duty, at: Tokens, said: Text, found: Text, over: date | None = None) -> Judgement:
    required, due = _by(duty), duty.last
    return violated(
        duty.subject, at, said, found=found, required=required, due=due, on=duty.on, over=over
    )


def _undecided(duty: Duty, why: Text, done: date | None) -> Judgement:
    """Return that it hangs on something that is not known, such as the time of a day."""
    found = plain(moment(done)) if done else say.NOT_DONE
    return unknown(duty.subject, duty.act.at, why, found=found, required=_by(duty), due=duty.last)


def _by(duty: Duty) -> Text:
    return say.BY.format(last=moment(duty.limit.last))


def steps(context: Context, duty: Duty) -> Iterator[Text]:
    """Yield how the last day was computed, and when it was done."""
    if duty.term:
        yield from steps_to(duty.limit, duty.term, context.calendar)
    first = duty.act.first
    undone = say.NOT_DONE if duty.act.never else say.NOT_DECLARED
    found = plain(moment(first.at)) if first else undone
    yield _WHEN.format(found=found, last=moment(duty.limit.last))


# ---- At least, at most so long after the anchor


def wrong_gap(
    subject: Subject, anchor: Moment, act: Moment, gap: Span, *, least: bool
) -> Judgement:
    """Return that an act came too soon after the anchor, where it has to ``least``, or too late."""
    template, required = (_TOO_SOON, say.NOT_BEFORE) if least else (_TOO_LATE, say.NOT_AFTER)
    return violated(
        subject,
        act.tokens,
        template.format(first=anchor.day, then=act.day, gap=gap.text),
        found=plain(moment(act.at)),
        required=required.format(day=later(anchor.day, gap)),
        on=act.day,
    )


def steps_between(anchor: Moment, gaps: Iterable[Span]) -> Iterator[Text]:
    """Yield the days from which, or until which, an act may follow its anchor."""
    for gap in gaps:
        yield say.PLUS.format(start=anchor.day, span=gap.text, end=later(anchor.day, gap))


# ---- Still good today


def never_begun(context: Context, subject: Subject, at: Tokens) -> Judgement:
    """Return that what is to be good today was never done."""
    required = _STILL_GOOD.format(today=context.today)
    return violated(subject, at, _NEVER_BEGUN, found=say.NOT_DONE, required=required)


def lapsed(context: Context, subject: Subject, anchor: Moment, end: date) -> Judgement:
    """Return that what is to be good today no longer is."""
    return violated(
        subject,
        anchor.tokens,
        _LAPSED.format(until=end, days=(context.today - end).days),
        found=plain(moment(anchor.at)),
        required=_STILL_GOOD.format(today=context.today),
        due=end,
    )


def steps_until(begun: date, lasting: Span | None, end: date) -> Iterator[Text]:
    """Yield until when something is good."""
    if lasting:
        yield say.PLUS.format(start=begun, span=lasting.text, end=end)
    yield _UNTIL.format(end=end)


# ---- One act by its last day (是否按期)


def judge_timely(context: Context, duty: Duty) -> Judgement:
    """Judge one duty: in time, late, not yet due, overdue, or not to be decided."""
    judged = _done(context, duty, duty.act.first) if duty.act.first else _undone(context, duty)
    return context.explained(judged, lambda: steps(context, duty))


def _done(context: Context, duty: Duty, first: Moment) -> Judgement:
    done, certain = _exact(duty, first), duty.limit.certain
    # Whatever the time of its day, it was done by now.
    if not_after(done, certain) or not_after(context.as_of, certain):
        return in_time(duty, done)
    # After what is certain and not after the last: a day was too coarse to
    if duty.unsettled or not_after(done, duty.limit.last) is not False:
        return _undecided(duty, _why(duty), first.at)
    if duty.act.open_at and not _late_at_best(context, duty):
        return _missing(duty)
    return late(duty, first)


def _undone(context: Context, duty: Duty) -> Judgement:
    """Judge a duty that was never done, or of which it is not known whether it was."""
    act, limit = duty.act, duty.limit
    if not_after(context.as_of, limit.certain):
        shown = replace(limit, provisional=duty.unsettled)
        return upcoming(context, duty.subject, act.at, shown)
    if act.open_at:
        best = _late_at_best(context, duty)
        if act.early:
            why = _OTHER_TERM.format(early=moment(act.early))
            return _undecided(duty, why, act.early)
        # It was done late then, or not at all.
        return late(duty, best) if best else _missing(duty)
    if duty.unsettled or not_after(context.as_of, limit.last):
        return _undecided(duty, _why(duty), None)
    return overdue(context, duty)


def _why(duty: Duty) -> Text:
    return _UNPUBLISHED if duty.unsettled else say.IMPRECISE


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
