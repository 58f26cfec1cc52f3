"""Strategies for days and instants, and for those at which a verdict may change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pytest_icp.law.deadline import Due
from pytest_icp.law.times import CST, as_of_instant, start_of_day

# From before the first licence of most companies to after the last year that is published.
DAYS = st.dates(date(2018, 1, 1), date(2028, 12, 31))
ANY_DAYS = DAYS | st.dates(date(1000, 1, 2), date(2999, 12, 30))
ZONES = st.sampled_from([UTC, CST, timezone(timedelta(hours=-5)), timezone(timedelta(hours=14))])
INSTANTS = st.builds(
    lambda day, second, zone: (
        datetime(day.year, day.month, day.day, tzinfo=zone) + timedelta(seconds=second)
    ),
    DAYS,
    st.integers(0, 86_399),
    ZONES,
).map(lambda instant: instant.isoformat())

NOTABLE_DAYS = (
    *("2020-01-31", "2020-02-29", "2024-02-10", "2024-02-29", "2023-09-21", "2023-08-31"),
    *("2023-10-07", "2021-02-07", "2021-12-31", "2022-12-31", "2024-01-31", "2025-01-26"),
    *("2023-01-20", "2023-01-21", "2023-01-27", "2023-01-28", "2023-09-28", "2023-09-29"),
    *("2023-10-06", "2023-12-29", "2023-11-30", "2024-02-09", "2024-02-17", "2024-02-18"),
)
"""Days that are easily miscounted (易错日期).

Leap days, month ends, the ends of years, both ends of the Spring Festival and of the National
Day holidays, and the Saturdays and Sundays that are worked for them.
"""

_SECOND = timedelta(seconds=1)


def instants_near(due: Due | date | datetime) -> st.SearchStrategy[datetime]:
    """Return instants about the end of a term (期限届满), in several zones.

    ``due`` is what `pytest_icp.due` returns, or a last day or instant itself. The last second
    in time, the first too late, the same a day earlier and later, noon, and for a `Due` also
    about its ``raw``, ``safe`` and ``certain`` ends; each written in the time of China, in UTC,
    and in zones where another day is counted. All are aware.

    Examples shrink to the last second that is in time, in the time of China.
    """
    ends = ends_of(due)
    edges = [edge for end in ends for edge in about(end)]
    return st.builds(
        lambda instant, zone: instant.astimezone(zone),
        st.sampled_from(list(dict.fromkeys(edges))),
        st.sampled_from([CST, UTC, timezone(timedelta(hours=-9)), timezone(timedelta(hours=14))]),
    )


def ends_of(due: Due | date | datetime) -> tuple[date, ...]:
    """Return the days or instants at which a term may end, the last one first."""
    if isinstance(due, Due):
        return tuple(dict.fromkeys((due.last, due.raw, due.safe, due.certain)))
    if isinstance(due, date):
        return (due,)
    raise InvalidArgument(f"instants_near({due!r}): neither a Due nor a date nor a datetime")


def about(end: date) -> tuple[datetime, ...]:
    """Return the instants around an end: the last in time first, then the first too late."""
    last = as_of_instant(end).replace(microsecond=0)
    edges = [last, last + _SECOND, last - _SECOND, last - timedelta(days=1), last + timedelta(1)]
    if not isinstance(end, datetime):
        edges += [start_of_day(end), start_of_day(end) + timedelta(hours=12)]
    return tuple(edges)
