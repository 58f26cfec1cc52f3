"""Names, hosts, spans and the time of a law: what several kinds stand on."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.kinds.dates import Span, earlier, later, span_of
from pytest_icp.kinds.legal_force import earliest, in_force
from pytest_icp.kinds.likeness import domain_names, domains_over, folded, plainly
from tests.obligations import citation, obligation, version


@pytest.mark.parametrize(
    ("host", "domain", "answer"),
    [
        ("www.a.cn", "a.cn", True),
        ("a.cn", "A.CN.", True),
        ("evil-a.cn", "a.cn", False),
        ("a.cn", "http://a.cn", False),
        ("a cn", "a.cn", False),
        ("a.cn", "www.a.cn", True),
        ("www.a.cn", "www.a.cn", True),
        ("m.a.cn", "www.a.cn", True),
        ("b.m.a.cn", "www.a.cn", True),
        ("a.cn", "m.a.cn", False),
        ("www.m.a.cn", "m.a.cn", True),
        ("www.a.cn", "m.a.cn", False),
        ("evil-a.cn", "www.a.cn", False),
        ("b.cn", "www.a.cn", False),
        # What others register under it is not theirs.
        ("a.cn", "www.cn", False),
        ("m.www.cn", "www.cn", True),
        ("a.com.cn", "www.com.cn", False),
        ("a.bj.cn", "www.bj.cn", False),
        ("m.jd.cn", "www.jd.cn", True),
        (None, "a.cn", False),
        ("a.cn", None, False),
    ],
)
def test_domains_over_a_host(host: str | None, domain: str | None, answer: bool) -> None:
    assert bool({*domains_over(host)} & {*domain_names(domain)}) is answer


def test_names_are_the_same_in_spite_of_brackets_width_and_space() -> None:
    assert folded("ＡＢＣ（北京） 公司") == folded("abc[北京]公司") == "abc(北京)公司"
    assert plainly(" ＡＢ  c ") == "AB c"


@pytest.mark.parametrize(
    ("written", "span", "months", "words"),
    [
        ({"days": 3}, Span(3, "days"), 0, "3 days"),
        ({"months": 6}, Span(6, "months"), 6, "6 months"),
        ({"years": 2.0}, Span(2, "years"), 24, "2 years"),
    ],
)
def test_spans(written: dict[str, int], span: Span, months: int, words: str) -> None:
    assert span_of(written) == span
    assert (span.months, span.text.en) == (months, words)


@pytest.mark.parametrize("written", [None, {}, {"days": None}, "3 days"])
def test_a_span_that_is_not_known(written: object) -> None:
    assert span_of(written) is None  # type: ignore[arg-type]  # that is the point


def test_a_span_before_and_after_a_day() -> None:
    day = date(2024, 3, 31)
    assert later(day, Span(1, "days")) == date(2024, 4, 1)
    assert later(day, Span(1, "months")) == date(2024, 4, 30)
    assert earlier(day, Span(1, "months")) == date(2024, 2, 29)
    assert earlier(day, Span(31, "days")) == date(2024, 2, 29)


@pytest.mark.parametrize("unit", ["days", "months", "years"])
def test_a_span_beyond_the_calendar_ends_where_the_calendar_does(unit: Any) -> None:
    day, span = date(2024, 3, 31), Span(10**12, unit)
    assert (earlier(day, span), later(day, span)) == (date.min, date.max)


def test_a_statute_binds_while_one_of_its_articles_is_law() -> None:
    first = citation(version("2020-01-01", "2021-12-31"), version("2022-01-01", "2022-12-31"))
    other = citation(version("2024-01-01"))
    made = obligation("condition", basis="statute", cites=(first, other))
    assert earliest(made) == date(2020, 1, 1)
    days = ["2019-12-31", "2020-01-01", "2022-12-31", "2023-01-01", "2024-01-01"]
    binds = [in_force(made, date.fromisoformat(day)) for day in days]
    assert binds == [False, True, True, False, True]
    uncited = obligation("condition", basis="statute")
    assert in_force(uncited, date(2019, 1, 1))
    assert earliest(uncited) is None


@pytest.mark.parametrize("basis", ["licence", "own"])
def test_no_duty_binds_before_the_first_law_that_it_cites(basis: str) -> None:
    """What the licence prints outlives the articles that it was printed for."""
    law = citation(version("2020-01-01", "2021-12-31"), version("2024-01-01"))
    made = obligation("condition", basis=basis, cites=(law,))
    days = ["2019-12-31", "2020-01-01", "2022-01-01", "2024-01-01"]
    binds = [in_force(made, date.fromisoformat(day)) for day in days]
    assert binds == [False, True, True, True]
    assert in_force(obligation("condition", basis=basis), date.min)
