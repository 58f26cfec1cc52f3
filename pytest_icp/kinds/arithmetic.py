"""The reckoning behind a dated verdict, step by step, for one subject (计算过程)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import TypeAlias

from pytest_icp.kinds.containment import clock, filing_of, held_before, pairs_of
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, moment, not_after, time_of
from pytest_icp.kinds.deadline import event_paths, find_done, find_event, reckon, terms_of
from pytest_icp.kinds.interval import course
from pytest_icp.kinds.order import ends
from pytest_icp.kinds.recurrence import windows_of
from pytest_icp.kinds.spans import Span, earlier, later, span_of
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.kinds.timeliness import Case
from pytest_icp.kinds.validity import last_day
from pytest_icp.law.deadline import Term, Unit
from pytest_icp.law.recurrence import months_as_days
from pytest_icp.law.steps import steps
from pytest_icp.law.text import Text
from pytest_icp.law.times import TimeError, civil_date, parse_time
from pytest_icp.rules.policy import Obligation

_LATEST = 5
"""How many windows are told, the latest."""

_Steps: TypeAlias = "Iterator[Text]"

_DONE_IN_TIME = Text("{done} 办理，期限为 {last}：按期", "done on {done}, due by {last}: in time")
_DONE_LATE = Text("{done} 办理，期限为 {last}：逾期", "done on {done}, due by {last}: late")
_DONE_OPEN = Text(
    "{done} 办理，期限为 {last}：尚不能确定是否按期",
    "done on {done}, due by {last}: whether in time cannot be said yet",
)
_DATES = Text("{first} 至 {last}", "{first} to {last}")
_OPEN = Text(
    "没有办理；截至 {today}，距 {last} 还有 {days} 日",
    "not done; on {today}, {days:day} left until {last}",
)
_OVERDUE = Text(
    "没有办理；截至 {today}，已过 {last} {days} 日",
    "not done; on {today}, {days:day} after {last}",
)
_NOT_KNOWN = Text(
    "不知道是否办理；截至 {today}，期限为 {last}",
    "whether it was done is not known; on {today}, it is due by {last}",
)
_PLUS = Text("{start} 之后 {span}为 {end}", "{start} + {span} = {end}")
_MINUS = Text("{start} 之前 {span}为 {end}", "{start} − {span} = {end}")
_AT_LEAST = Text("{then}，应不早于 {end}", "{then}, and not before {end} is required")
_AT_MOST = Text("{then}，应不晚于 {end}", "{then}, and not after {end} is required")
_WINDOW = Text("{year} 年：{first} 至 {last}，{state}", "{year}: {first} to {last}, {state}")
_IN_WINDOW = Text("{day} 已办理", "done on {day}")
_OUT_OF_WINDOW = Text("{day} 办理，不在期内", "done on {day}, outside it")
_NO_RECORD = Text("没有记录", "no record")
_TO_COME = Text("尚未结束", "still open")
_LAST_TIME = Text("最近一次为 {day}", "the last time was {day}")
_MONTHS_AS_DAYS = Text(
    "{span}按日历为 {least} 至 {most} 日", "{span} are {least} to {most} calendar days"
)
_OLDEST = Text(
    "{cut} 的记录应仍在；最早的记录为 {oldest}",
    "a record of {cut} should still be there; the oldest is of {oldest}",
)
_RUNS = Text(
    "有效期限至 {end}；截至 {today}，还有 {days} 日",
    "valid until {end}; on {today}, {days:day} left",
)
_RAN_OUT = Text(
    "有效期限至 {end}；截至 {today}，已过 {days} 日",
    "valid until {end}; on {today}, {days:day} after it",
)
_GOOD_FOR = Text(
    "{issued} 出具，时效 {span}，至 {end} 有效",
    "of {issued}, good for {span}, until {end}",
)
_GOOD_UNTIL = Text("写明的失效日期为 {end}", "its own last day is {end}")


def arithmetic(obligation: Obligation, context: Context, subject: Subject) -> tuple[Text, ...]:
    """Return the steps that lead from the dates of a subject to what is said of it.

    None where the kind reckons no dates, or a date that it starts from is not known.
    """
    return tuple(_STEPS.get(obligation.kind, _none)(obligation, context, subject))


def _none(*_: object) -> _Steps:
    yield from ()


def _deadline(obligation: Obligation, context: Context, subject: Subject) -> _Steps:
    event = find_event(context, subject, event_paths(obligation))
    if time_of(event) is None or event.text is None:
        return
    # A term that leaves the calendar has no steps, only an end.
    if "not_after" not in obligation.fields:
        with suppress(TimeError):
            yield from steps(terms_of(obligation)(event.text), context.calendar)
    limit = reckon(obligation, context, event.text)
    done = find_done(obligation, context, subject)
    day = civil_date(parse_time(event.text))
    yield _state(context, Case(subject, limit, done, day, "within" in obligation.fields))


def _containment(obligation: Obligation, context: Context, subject: Subject) -> _Steps:
    for pair in pairs_of(context, subject):
        limit, since = clock(obligation, context, pair), pair.national.obtained
        if limit is None or since is None or held_before(pair) is False:
            continue
        days = int(str(obligation.group("within")["days"]))
        asked = Term(start=since, direction="after", amount=days, unit=Unit.DAYS)
        yield from steps(asked, context.calendar)
        done = filing_of(context, subject)
        yield _state(context, Case(subject, limit, done, civil_date(since), forward=True))


def _state(context: Context, case: Case) -> Text:
    limit, done = case.limit, case.done.at
    last = moment(limit.last)
    if done is not None:
        timely = None if case.unsettled else not_after(done, limit.last)
        if not_after(done, limit.certain):
            timely = True
        said = {True: _DONE_IN_TIME, False: _DONE_LATE, None: _DONE_OPEN}[timely]
        return said.format(done=moment(done), last=last)
    if not case.done.never:
        return _NOT_KNOWN.format(today=context.today, last=last)
    days = (case.last - context.today).days
    template = _OPEN if not_after(context.as_of, limit.last) else _OVERDUE
    return template.format(today=context.today, last=last, days=abs(days))


def _recurrence(obligation: Obligation, context: Context, subject: Subject) -> _Steps:
    if "window" in obligation.fields:
        records = [
            (_year(context.fact(one, obligation.path("year"))), when)
            for one in context.subjects(obligation.path("records"), subject).subjects
            if (when := day_of(context.fact(one, obligation.path("at"))))
        ]
        yield from _windows(obligation, context, subject, records)
        return
    told = course(obligation, context, subject)
    if told is not None and told.last is not None:
        yield _LAST_TIME.format(day=told.last)
        end = later(told.last, told.gap)
        yield _PLUS.format(start=told.last, span=told.gap.text, end=end)


def _windows(
    obligation: Obligation,
    context: Context,
    subject: Subject,
    records: list[tuple[int | None, date]],
) -> _Steps:
    span = obligation.group("while")
    first, until = (day_of(context.fact(subject, str(span[end]))) for end in ("from", "until"))
    if first is None or until is None:
        return
    begun = [w for w in windows_of(obligation, first, until) if w.opens <= context.today]
    for window in begun[-_LATEST:]:
        days = [day for year, day in records if (year or day.year) == window.year]
        state = _TO_COME if window.closes >= context.today else _NO_RECORD
        for day in days:
            inside = window.opens <= day <= window.closes
            state = (_IN_WINDOW if inside else _OUT_OF_WINDOW).format(day=day)
            if inside:
                break
        yield _WINDOW.format(year=window.year, first=window.opens, last=window.closes, state=state)


def _order(obligation: Obligation, context: Context, subject: Subject) -> _Steps:
    found = [side.first for side in ends(obligation, context, subject)]
    if found[0] is None or found[1] is None:
        return
    first, then = found[0].day, found[1].day
    bounds = {"at_least": _AT_LEAST, "at_most": _AT_MOST}
    spans = {name: span_of(obligation.group(name)) for name in bounds}
    for name, span in spans.items():
        if span is not None:
            end = later(first, span)
            yield _PLUS.format(start=first, span=span.text, end=end)
            yield bounds[name].format(then=then, end=end)
    if not any(spans.values()):
        yield _AT_LEAST.format(then=moment(found[1].at), end=moment(found[0].at))


def _retention(obligation: Obligation, context: Context, subject: Subject) -> _Steps:
    least = span_of(obligation.group("at_least"))
    if least is None:
        return
    if least.unit != "days":
        fewest, most = months_as_days(least.months)
        yield _MONTHS_AS_DAYS.format(span=least.text, least=fewest, most=most)
    if "oldest" in obligation.fields:
        cut = earlier(context.today, least)
        yield _MINUS.format(start=context.today, span=least.text, end=cut)
        oldest = day_of(context.fact(subject, obligation.path("oldest")))
        if oldest is not None:
            yield _OLDEST.format(cut=cut, oldest=oldest)


def _validity(obligation: Obligation, context: Context, subject: Subject) -> _Steps:
    end = day_of(context.fact(subject, "valid_until"))
    if "until" in obligation.fields:
        fact, end = last_day(obligation, context, subject)
        lasts = None
        if not isinstance(obligation.fields["until"], str):
            lasts = span_of(obligation.group("until"))
        if end is not None and lasts is not None:
            yield _PLUS.format(start=day_of(fact), span=lasts.text, end=end)
    ahead = span_of(obligation.group("before"))
    if end is None:
        return
    days = (end - context.today).days
    template = _RUNS if days >= 0 else _RAN_OUT
    yield template.format(end=end, today=context.today, days=abs(days))
    if ahead is not None and end < context.today:
        yield _MINUS.format(start=end, span=ahead.text, end=earlier(end, ahead))


def _attestation(obligation: Obligation, context: Context, subject: Subject) -> _Steps:
    path = obligation.path("document")
    value = context.fact(subject, path).value if path else subject.value
    if not isinstance(value, Mapping):
        return
    document = Subject((), value)
    issued = day_of(context.fact(document, "issued_on"))
    stated = [source.get("max_age_days") for source in (value, obligation.fields)]
    age = next((int(n) for n in stated if isinstance(n, int | float)), None)
    if issued is not None and age is not None:
        span = Span(age, "days")
        yield _GOOD_FOR.format(issued=issued, span=span.text, end=later(issued, span))
    expires = day_of(context.fact(document, "expires_on"))
    if expires is not None:
        yield _GOOD_UNTIL.format(end=expires)


def _year(fact: Fact) -> int | None:
    return int(fact.value) if isinstance(fact.value, int | float) else None


_STEPS: Mapping[str, Callable[[Obligation, Context, Subject], _Steps]] = {
    "attestation": _attestation,
    "containment": _containment,
    "deadline": _deadline,
    "order": _order,
    "recurrence": _recurrence,
    "retention": _retention,
    "validity": _validity,
}
