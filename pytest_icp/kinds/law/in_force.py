"""Whether the licence is in force (许可证有效): within its term, renewed or deemed renewed.

An expired licence remains valid once a renewal is granted, or while one applied for in time was
not decided by the day of expiry: 行政许可法 第五十条 deems it renewed. The last printed day counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.say import steps_until
from pytest_icp.kinds.dates import day_of, moment
from pytest_icp.kinds.finding import NoteKind, Verdict
from pytest_icp.kinds.judgement import (
    SATISFIED,
    Judge,
    Judgement,
    missing,
    noted,
    unknown,
    violated,
)
from pytest_icp.kinds.renewal import (
    EXPIRED,
    IN_FORCE,
    InForce,
    application,
    by_its_value,
    in_force_by,
)
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.kinds.words import shown
from pytest_icp.law.describe import counted
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.numbers import Amount, Number

_STATUS = Text(zh="许可证状态为“{status}”", en="the status of the licence is {status}")
_NOT_ISSUED = Text(zh="许可证尚未颁发", en="the licence has not been issued yet")
_EXPIRED = Text(
    zh="许可证已于 {until} 到期（{days} 日前），没有已批准的延续",
    en="the licence expired on {until}, {days:day} ago, and no renewal was granted",
)
_REFUSED = Text(zh="延续申请未获批准", en="the renewal was refused")
_VALID = Text(zh="在有效期内，或已获准延续", en="valid, or renewed")
_DEEMED = Text(
    zh="已按期申请延续，届满前未作决定，依行政许可法第五十条视为准予延续",
    en="applied for in time and not decided by {until}: deemed renewed (Licensing Law 50)",
)


def in_force(context: Context, given: Mapping[str, Number]) -> Judge:
    """Return what judges the licence.

    ``ahead`` is how many days before the last day an application for renewal is in time.
    """
    ahead = Amount(days=given["ahead"]) if "ahead" in given else None
    return lambda licence: _in_force(context, licence, ahead)


def _in_force(context: Context, licence: Subject, ahead: Amount | None) -> Judgement:
    until = context.fact(licence, "valid_until")
    judged = _by_status(context, licence, until, _by_dates(context, licence, until, ahead))
    end = day_of(until)
    judged = by_its_value(judged, end, ahead)
    return context.explained(judged, lambda: _steps(context, end, ahead))


def _by_status(context: Context, licence: Subject, until: Fact, dates: Judgement) -> Judgement:
    """Return what the dates say, unless the status says otherwise."""
    status, end = context.fact(licence, "status"), day_of(until)
    if status.text is None:
        is_good = dates.verdict is Verdict.SATISFIED
        return missing(licence, status.tokens) if is_good else dates
    # Whether an expired licence was renewed, in law as well, is not for the system to say.
    expired = status.text == EXPIRED and (end is None or context.today > end)
    if status.text == IN_FORCE or expired:
        return dates
    message = _STATUS.format(status=status.text)
    found, required = plain(status.text), plain(IN_FORCE)
    return violated(licence, status.tokens, message, found=found, required=required)


def _by_dates(context: Context, licence: Subject, until: Fact, ahead: Amount | None) -> Judgement:
    issued, first = (context.fact(licence, name) for name in ("issued_on", "first_issued_on"))
    end = day_of(until)
    if issued.value == NEVER:
        return _not_issued(context, licence, issued, first)
    if end is None:
        return missing(licence, until.tokens)
    if context.today <= end:
        return SATISFIED if issued.value is not None else missing(licence, issued.tokens)
    return _after(context, licence, end, in_force_by(context, until, end, ahead))


def _not_issued(context: Context, licence: Subject, issued: Fact, first: Fact) -> Judgement:
    """Judge by a licence that is still to be issued, perhaps in the place of another one."""
    if first.value is None:
        return missing(licence, first.tokens)
    if first.value != NEVER:
        text, found = say.EARLIER_ISSUE, shown(NEVER)
        return unknown(licence, issued.tokens, text, found=found, required=_VALID)
    required = say.NOT_AFTER.format(day=context.today)
    return violated(licence, issued.tokens, _NOT_ISSUED, found=shown(NEVER), required=required)


def _after(context: Context, licence: Subject, printed: date, known: InForce) -> Judgement:
    """Judge an expired licence by its renewal."""
    if known.outcome == "refused":
        found, at = plain("refused"), ("renewal", "decision")
        return violated(licence, at, _REFUSED, found=found, required=_VALID)
    if known.gap:
        return known.gap.judged(licence, _VALID)
    if known.outcome == "pending" and known.last == date.max:
        return noted(NoteKind.DEEMED, _DEEMED.format(until=printed), known.fact.tokens)
    if context.today <= known.last:
        return SATISFIED
    days = (context.today - known.last).days
    return violated(
        licence,
        known.fact.tokens,
        _EXPIRED.format(until=known.last, days=days),
        found=plain(moment(known.last)),
        required=_VALID,
        due=known.last,
    )


def _steps(context: Context, end: date | None, ahead: Amount | None) -> Iterator[Text]:
    if end is None:
        return
    yield from steps_until(context, end, None, end)
    if ahead is not None and context.today > end:
        reckoned = application(end, ahead)
        span = counted(int(reckoned.value.n), ahead.number.unit)
        yield say.MINUS.format(start=end, span=span, end=reckoned.due.last)
