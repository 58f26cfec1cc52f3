"""Hosts, days and scopes: spellings of a host and lookalikes, days that are easily miscounted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from pytest_icp.law.catalogue import INTERNET_ITEMS
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.scope import render_scope
from pytest_icp.law.times import CST

# ---- Host names (主机名), and names that only resemble them


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


# ---- Days and instants


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


# ---- The scope of the business of a licence (业务覆盖范围)


_CONTENT = ("新闻", "出版", "药品和医疗器械", "互联网视听节目", "网络文化")


def scope_texts() -> st.SearchStrategy[str]:
    """Return scopes of Internet information services, as licences print them.

    Each permits at least one of the five items, and may name pre-approved content.
    """
    return st.builds(
        lambda excluded, content: render_scope(
            [code for code in INTERNET_ITEMS if code not in excluded], preapprovals=content
        ),
        st.sets(st.sampled_from(INTERNET_ITEMS), max_size=len(INTERNET_ITEMS) - 1),
        st.just([]) | st.lists(st.sampled_from(_CONTENT), unique=True, max_size=2),
    )
