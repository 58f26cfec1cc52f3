"""`due` as users call it: with the published working days."""

from __future__ import annotations

from datetime import date, datetime

from pytest_icp.facts.workdays import published
from pytest_icp.law import deadline
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.deadline import Due


def due(
    *,
    after: str | date | datetime | None = None,
    before: str | date | datetime | None = None,
    days: int | None = None,
    working_days: int | None = None,
    months: int | None = None,
    hours: int | None = None,
    minutes: int | None = None,
    calendar: Calendar | None = None,
) -> Due:
    """Return the last day (期限届满日) of a term after an event or before a day.

    ``after`` or ``before`` is a day, an instant, or either as an ISO 8601 text, in China; one
    amount of ``days``, ``working_days``, ``months``, ``hours``, ``minutes`` goes with it.
    Forward, the day of the event is not counted, and a last day that is a rest day rolls to the
    next working day (民法典 201, 203). Backward (提前 90 日), nothing rolls. ``calendar``
    replaces the published working days.

    The result is ``Due(raw, last, safe, provisional)``: the day as counted, the last day in
    time, the last working day that is not after it, and whether a year counts whose working
    days are not published.

    Raises `TypeError` when not exactly one of each is given, `IcpError` (an `AmountError`) for an
    amount that is negative or no whole number, `TimeError` for a date that does not exist.
    """
    return deadline.due(
        after=after,
        before=before,
        days=days,
        working_days=working_days,
        months=months,
        hours=hours,
        minutes=minutes,
        calendar=calendar or published(),
    )
