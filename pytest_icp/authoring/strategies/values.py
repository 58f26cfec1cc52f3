"""Strategies for single values: host names, days and instants, calendars, what a licence prints."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TypeAlias

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument

from pytest_icp.law.calendar import Calendar, Year
from pytest_icp.law.catalogue import INTERNET_ITEMS
from pytest_icp.law.deadline import Due
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.scope import render_scope
from pytest_icp.law.times import CST, as_of_instant, start_of_day

# ---- Host names (主机名) under a domain, and names that only resemble them


_LABELS = st.sampled_from(["www", "m", "api", "a-b", "x1", "图", "xn--fsq"]) | st.from_regex(
    "[a-z]([a-z0-9]{0,8}[a-z0-9])?", fullmatch=True
)
_SUFFIXES = ("cn", "com", "com.cn", "net", "中国", "公司.cn", "co.uk", "github.io")
_MOST_LABELS = 3
_PORT = 65535


def hosts(*, under: str | None = None) -> st.SearchStrategy[str]:
    """Return host names in all the ways that they are written.

    ``under`` is a domain that every one of them is or lies under, in the sense of
    `pytest_icp.host_under`; without it, any. Labels in Chinese and as A-labels, mixed case, a
    last dot, full-width dots, a port, a wildcard as the leftmost label.

    Examples shrink to the domain itself, or to ``www.cn``.

    Raises `InvalidArgument` when ``under`` is no host name.
    """
    if under is None:
        domains = st.builds("{}.{}".format, _LABELS, st.sampled_from(_SUFFIXES))
    else:
        try:
            normal_host(under)
        except HostError as error:
            raise InvalidArgument(f"hosts(under={under!r}): {error.reason}") from error
        domains = st.just(under)
    below = st.lists(_LABELS, max_size=_MOST_LABELS).map(".".join)
    wild = st.sampled_from(["", "*"])
    return st.builds(_joined, wild, below, domains).flatmap(_written)


def _joined(*labels: str) -> str:
    return ".".join(filter(None, labels))


def _written(host: str) -> st.SearchStrategy[str]:
    return st.builds(
        lambda spelt, port: spelt if port is None else f"{spelt.rstrip('.')}:{port}",
        st.sampled_from(spellings(host)),
        st.none() | st.integers(1, _PORT),
    )


def spellings(host: str) -> tuple[str, ...]:
    """Return the ways to write a host name, the given one first."""
    bare = host.rstrip(".")
    ways = [host, bare.upper(), bare.title(), f"{bare}.", bare.replace(".", "。")]
    normal = normal_host(host)
    ways += [normal, _in_chinese(normal)]
    return tuple(dict.fromkeys(way for way in ways if _same(way, normal)))


def _same(way: str, normal: str) -> bool:
    return is_host(way) and normal_host(way) == normal


def is_host(text: str) -> bool:
    """Whether a text is a host name."""
    try:
        normal_host(text)
    except HostError:
        return False
    return True


def _in_chinese(normal: str) -> str:
    labels = [
        label.encode("ascii").decode("idna") if label.startswith("xn--") else label
        for label in normal.split(".")
    ]
    return ".".join(labels)


def mistaken_for(domain: str) -> tuple[str, ...]:
    """Return hosts that are not under a domain but that comparing strings may accept.

    ``evil-etaoche.cn``, ``etaoche.cn.example``, ``etaoche.cn-evil.example``, and the public
    suffix that it is registered under. A printed ``www.`` is the bare domain.
    """
    name = normal_host(domain).removeprefix("www.")
    suffix = name.partition(".")[2]
    beside = (f"evil-{name}", f"evil{name}", f"{name}.example", f"{name}-evil.example")
    return (*beside, suffix) if suffix else beside


# ---- Days and instants, and those at which a verdict may change


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


# ---- Calendars (工作日历) with invented holidays and make-up days


_SATURDAY = 5
_Notice: TypeAlias = tuple[frozenset[int], frozenset[int]]


def calendars() -> st.SearchStrategy[Calendar]:
    """Return calendars of some years between 2018 and 2030, each with a notice of its own.

    Years in between may have none, as future years do.

    Examples shrink to a calendar of no published year.
    """
    # Days of a year, counted from its first: what is drawn is the same for every year.
    days = st.frozensets(st.integers(0, 364), max_size=8)
    return st.dictionaries(st.integers(2018, 2030), st.tuples(days, days), max_size=4).map(_made)


def _made(notices: Mapping[int, _Notice]) -> Calendar:
    years = {}
    for year, (off, worked) in notices.items():
        holidays = frozenset(_day(year, n) for n in off)
        weekends = frozenset(_weekend(_day(year, n)) for n in worked)
        years[year] = Year(holidays=holidays, workdays=weekends - holidays)
    return Calendar(years)


def _day(year: int, n: int) -> date:
    return date(year, 1, 1) + timedelta(days=n)


def _weekend(day: date) -> date:
    """Return the Saturday of the day's week, the day itself on a Sunday."""
    return day if day.weekday() > _SATURDAY else day + timedelta(days=_SATURDAY - day.weekday())


# ---- The number of a licence, and the scope of its business


_ISSUERS = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_CATEGORIES = ("B2", "B1", "A2", "A1")
_CONTENT = ("新闻", "出版", "药品和医疗器械", "互联网视听节目", "网络文化")


@st.composite
def _numbers(draw: st.DrawFn) -> str:
    issuer = draw(st.sampled_from([*_ISSUERS, "合字"]))
    chosen = draw(st.sets(st.sampled_from(_CATEGORIES), min_size=1))
    year, serial = draw(st.integers(2000, 2030)), draw(st.integers(1, 9999))
    return f"{issuer}{'.'.join(sorted(chosen))}-{year}{serial:04}"


def licence_numbers() -> st.SearchStrategy[str]:
    """Return numbers of telecom licences (经营许可证编号) in their normal form.

    Examples shrink to ``京B2-20000001``.
    """
    return _numbers()


def scope_texts() -> st.SearchStrategy[str]:
    """Return scope texts (业务覆盖范围) of Internet information services, as licences print them.

    Each permits at least one of the five items, and may name pre-approved content.

    Examples shrink to a text that excludes nothing.
    """
    return st.builds(
        lambda excluded, content: render_scope(
            [code for code in INTERNET_ITEMS if code not in excluded], preapprovals=content
        ),
        st.sets(st.sampled_from(INTERNET_ITEMS), max_size=len(INTERNET_ITEMS) - 1),
        st.just([]) | st.lists(st.sampled_from(_CONTENT), unique=True, max_size=2),
    )
