"""The last day of a term (期限): days, working days, months, hours, minutes (民法典 200-204).

A term runs forward from an event or back from a day. Forward, the day of the event is not
counted (第二百零一条), and a term of days or months that would end on a rest day ends on the
next working day (第二百零三条). Backward (提前九十日), the day that is reckoned is where the
term starts, so it never moves; only the safe day does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Literal, TypeAlias

from msgspec import Struct

from pytest_icp.law.calendar import NOTHING_PUBLISHED, Calendar
from pytest_icp.law.errors import IcpError
from pytest_icp.law.times import (
    add_days,
    add_months,
    add_time,
    civil_date,
    end_of_day,
    in_china,
    parse_time,
    start_of_day,
)

When: TypeAlias = str | date | datetime
"""A day or an instant, as `parse_time` reads it or returns it."""


class Unit(Enum):
    """What a term is counted in; the value is the keyword that gives the amount."""

    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    HOURS = "hours"
    MINUTES = "minutes"

    @property
    def continuous(self) -> bool:
        """Whether it runs from instant to instant, through nights and holidays (连续计算)."""
        return self is Unit.HOURS or self is Unit.MINUTES


class Term(Struct, frozen=True, kw_only=True):
    """A term (期限): so many units after an event, or before a day."""

    start: date | datetime
    direction: Literal["after", "before"]
    amount: int
    unit: Unit

    @property
    def day(self) -> date:
        """The day in China that the term runs from."""
        return civil_date(self.start)


class Due(Struct, frozen=True, kw_only=True):
    """When a term ends (期限届满): days in China, or instants in UTC+8 for hours and minutes.

    - ``raw``: the end by arithmetic alone.
    - ``last``: the last day in time (末日), moved to a working day where the law requires it.
    - ``safe``: the last working day in time that rests on arithmetic alone, never before the
      event; ``raw`` when no day from the event to it is worked.
    - ``provisional``: ``last`` or ``safe`` depends on a year whose notice is not published.
    - ``certain``: the last day that is in time whatever those notices will contain.

    Done by ``certain`` is in time; done after ``last`` is late unless ``provisional``. The two
    differ only in a provisional answer, and for hours or minutes after an event whose day alone
    is known.
    """

    raw: date | datetime
    last: date | datetime
    safe: date | datetime
    provisional: bool
    certain: date | datetime


class AmountError(ValueError, TypeError, IcpError):
    """An amount that no term has: it is negative, or no whole number."""


def due(
    *,
    after: When | None = None,
    before: When | None = None,
    calendar: Calendar | None = None,
    **amounts: int | None,
) -> Due:
    """Return when a term ends (期限届满).

    - ``after``, ``before``: the event, or the day to count back from; exactly one. A text is
      read by `parse_time`; an instant counts by its day in China, except for hours and minutes.
    - ``days`` (日), ``working_days`` (工作日), ``months`` (月), ``hours`` (小时), ``minutes``
      (分钟): exactly one, a whole number from 0. ``before`` goes with days and months only.
    - ``calendar``: the published years; without it every year counts as unpublished.

    A term of 0 after an event is the event itself and moves nowhere. For hours or minutes after
    an event whose day alone is known, ``raw`` and ``last`` reckon from the end of that day, the
    latest that it can have been, ``safe`` and ``certain`` from its start.

    Raises `TypeError` when the keywords do not make one term, `AmountError` when the amount is
    negative or no whole number, and `TimeError` when a date does not exist or leaves the years
    1-9999.
    """
    return reckon(term(after=after, before=before, **amounts), calendar)


def term(*, after: When | None = None, before: When | None = None, **amounts: int | None) -> Term:
    """Return the one term (期限) that the keywords of `due` make; raise as it does."""
    unit, amount = _amount(amounts)
    if after is not None and before is None:
        return Term(start=_moment(after), direction="after", amount=amount, unit=unit)
    if before is None or after is not None:
        raise TypeError("a term has exactly one of after and before")
    if unit is Unit.WORKING_DAYS or unit.continuous:
        raise TypeError(
            f"before goes with days or months, not with {unit.value}: "
            "no provision counts these back from a day"
        )
    return Term(start=_moment(before), direction="before", amount=amount, unit=unit)


def reckon(limit: Term, calendar: Calendar | None = None) -> Due:
    """Return when a term ends; ``calendar`` and what is raised as for `due`."""
    published = NOTHING_PUBLISHED if calendar is None else calendar
    if limit.unit.continuous:
        return _instant_after(limit)
    if limit.direction == "before":
        return _before(limit, published)
    if limit.amount == 0:
        return settled(limit.day)
    if limit.unit is Unit.WORKING_DAYS:
        return _working_days_after(limit, published)
    return _after(limit, published)


def shifted(limit: Term) -> date:
    """Return the end of a term of days or months by arithmetic alone (按日、月计算)."""
    amount = limit.amount if limit.direction == "after" else -limit.amount
    return (add_months if limit.unit is Unit.MONTHS else add_days)(limit.day, amount)


def _amount(amounts: Mapping[str, object]) -> tuple[Unit, int]:
    given = {name: amount for name, amount in amounts.items() if amount is not None}
    units = [unit.value for unit in Unit]
    if len(given) != 1 or set(units).isdisjoint(given):
        raise TypeError(
            f"a term has exactly one of {', '.join(units)}; given: {', '.join(given) or 'none'}"
        )
    [(name, amount)] = given.items()
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise AmountError(f"{name} is a whole number, not {amount!r}")
    if amount < 0:
        raise AmountError(f"{name} is a number from 0, not {amount}")
    return Unit(name), amount


def _moment(when: When) -> date | datetime:
    if isinstance(when, str):
        return parse_time(when)
    if isinstance(when, datetime):
        return in_china(when)
    if isinstance(when, date):
        return when
    raise TypeError(f"a term runs from a date, a datetime or a text of one, not {when!r}")


def settled(end: date | datetime) -> Due:
    """Return an end (期限届满) that no calendar touches."""
    return Due(raw=end, last=end, safe=end, provisional=False, certain=end)


def _instant_after(limit: Term) -> Due:
    unit: Literal["hours", "minutes"] = "hours" if limit.unit is Unit.HOURS else "minutes"
    if isinstance(limit.start, datetime):
        return settled(add_time(limit.start, limit.amount, unit))
    earliest = add_time(start_of_day(limit.start), limit.amount, unit)
    latest = add_time(end_of_day(limit.start), limit.amount, unit)
    return Due(raw=latest, last=latest, safe=earliest, provisional=False, certain=earliest)


def _before(limit: Term, calendar: Calendar) -> Due:
    raw = shifted(limit)
    safe = calendar.previous_workday(raw)
    provisional = not calendar.all_known(safe, raw)
    return Due(raw=raw, last=raw, safe=safe, provisional=provisional, certain=raw)


def _after(limit: Term, calendar: Calendar) -> Due:
    raw = shifted(limit)
    last = calendar.next_workday(raw)
    if last == raw:
        # It ends on a working day, as most terms do: nothing moves.
        known = calendar.known(raw)
        return Due(raw=raw, last=raw, safe=raw, provisional=not known, certain=raw)
    # Nothing can be done before its event, so the safe day is not looked for there.
    worked = calendar.is_workday(limit.day) or calendar.count_workdays(limit.day, raw) > 0
    safe = calendar.previous_workday(raw) if worked else raw
    provisional = not calendar.all_known(safe if worked else limit.day, last)
    certain = calendar.earliest_next_workday(raw)
    return Due(raw=raw, last=last, safe=safe, provisional=provisional, certain=certain)


def _working_days_after(limit: Term, calendar: Calendar) -> Due:
    day, amount = limit.day, limit.amount
    last = calendar.add_workdays(day, amount)
    provisional = not calendar.all_known(add_days(day, 1), last)
    certain = calendar.earliest_add_workdays(day, amount)
    return Due(raw=last, last=last, safe=last, provisional=provisional, certain=certain)
