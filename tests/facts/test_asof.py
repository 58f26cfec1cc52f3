"""Descriptions as of an instant: what has not begun is hidden, what comes later is never."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.asof import view
from pytest_icp.facts.plans import Plan
from pytest_icp.law.condition import PERHAPS
from pytest_icp.law.times import CST, as_of_instant, happened, parse_time

INNER = Plan(fields={"opened": "begins", "seen": "event"}, children={})
PLAN = Plan(
    fields={"done": "event", "due": "schedule"},
    children={"parts": INNER, "one": Plan(fields={"seen": "event"}, children={})},
)


def seen(facts: dict[str, Any], as_of: str) -> dict[str, Any]:
    return dict(view(facts, PLAN, as_of_instant(as_of)).facts)


PERHAPS_THERE = {PERHAPS: "opened"}


def test_an_event_after_the_instant_reads_never() -> None:
    assert seen({"done": "2024-03-07"}, "2024-03-06") == {"done": "never"}


@pytest.mark.parametrize(
    ("written", "as_of"),
    [
        ("2024-03-06", "2024-03-06T00:00"),
        ("2024-03-06T09:30", "2024-03-06T09:30"),
        ("2024-03-05T16:30:00Z", "2024-03-06T00:30"),
        ("never", "2024-03-06"),
    ],
)
def test_what_has_happened_stands(written: str, as_of: str) -> None:
    assert seen({"done": written}, as_of) == {"done": written}


@pytest.mark.parametrize(
    ("written", "as_of"),
    [
        ("2024-03-06T09:30:01", "2024-03-06T09:30"),
        ("2024-03-05T16:30:01Z", "2024-03-06T00:30"),
        ("2024-03-07T00:00:00+08:00", "2024-03-06"),
    ],
)
def test_instants_are_compared_in_china(written: str, as_of: str) -> None:
    assert seen({"done": written}, as_of) == {"done": "never"}


def test_a_schedule_is_always_known() -> None:
    assert seen({"due": "2030-01-01"}, "2024-03-06") == {"due": "2030-01-01"}


def test_an_element_that_has_not_begun_is_hidden_and_the_others_keep_their_place() -> None:
    facts = {"parts": [{"opened": "2025-01-01"}, {"opened": "2024-01-01", "id": "b"}]}
    now = view(facts, PLAN, as_of_instant("2024-03-06"))
    parts: Any = now.facts["parts"]
    assert parts == [{"opened": "2024-01-01", "id": "b"}]
    assert [*now.indices(parts)] == [1]


def test_an_element_without_a_first_day_is_perhaps_there() -> None:
    facts = {"parts": [{"id": "a"}, {"opened": None}, {"opened": "never"}, {"opened": "none"}]}
    a, null, never, none = facts["parts"]
    now = {"parts": [{**a, **PERHAPS_THERE}, {**null, **PERHAPS_THERE}, never, none]}
    assert seen(facts, "2024-03-06") == now
    assert view(facts, PLAN, as_of_instant("2024-03-06"), marked=False).facts is facts


def test_another_fact_may_tell_since_when_it_is_there() -> None:
    facts = {"parts": [{"id": "a"}, {"id": "b"}, {"id": "c", "opened": "2024-01-01"}, {"id": "d"}]}
    since = {"parts": {0: "", 1: "/day", 2: "/day"}}
    now = view(facts, PLAN, as_of_instant("2024-03-06"), since=since).facts
    a, b, c, d = facts["parts"]
    assert now == {"parts": [a, {**b, PERHAPS: "/day"}, c, {**d, **PERHAPS_THERE}]}


def test_a_place_in_a_view_is_one_in_the_description() -> None:
    parts = [{"opened": "2025-01-01"}, {"opened": "2024-01-01", "id": "b"}]
    now = view({"parts": parts, "one": {"seen": "never"}}, PLAN, as_of_instant("2024-03-06"))
    assert now.written(("parts", 0, "id")) == ("parts", 1, "id")
    assert now.written(("parts", "0", "id", "x")) == ("parts", 1, "id", "x")
    assert now.written(("parts", 1, "id")) == ("parts", 1, "id")
    assert now.written(("one", "seen")) == ("one", "seen")


def test_a_place_in_a_list_of_a_list_is_one_in_the_description() -> None:
    plan = Plan(fields={}, children={"places": Plan(fields={}, children={"parts": INNER})})
    places = [{"parts": [{"opened": "2025-01-01"}, {"opened": "2024-01-01"}]}]
    now = view({"places": places}, plan, as_of_instant("2024-03-06"))
    assert now.written(("places", 0, "parts", 0)) == ("places", 0, "parts", 1)


def test_what_is_left_out_whatever_its_dates_takes_no_place_from_the_others() -> None:
    a, b, c = ({"opened": f"{year}-01-01", "id": year} for year in (2023, 2025, 2024))
    facts = {"parts": [a, b, c], "due": "2030-01-01"}
    now = view(facts, PLAN, as_of_instant("2024-03-06"), since={"parts": {0: None}})
    assert now.facts == {"parts": [c], "due": "2030-01-01"}
    assert now.written(("parts", 0, "id")) == ("parts", 2, "id")
    late = view(facts, PLAN, as_of_instant("2026-03-06"), since={"parts": {0: None}})
    assert late.facts == {"parts": [b, c], "due": "2030-01-01"}
    assert late.written(("parts", 1, "id")) == ("parts", 2, "id")


@pytest.mark.parametrize(
    ("facts", "none"),
    [
        ({"parts": []}, True),
        ({"parts": [{"opened": "2025-01-01"}]}, False),
        ({"parts": [{"opened": "2024-01-01"}]}, False),
        ({"parts": None}, False),
        ({}, False),
    ],
)
def test_a_list_whose_elements_come_later_is_not_declared_empty(
    facts: dict[str, Any], none: bool
) -> None:
    assert view(facts, PLAN, as_of_instant("2024-03-06")).declares_none("parts") is none


def test_objects_below_objects_are_seen_as_of_the_instant() -> None:
    part = {"opened": "2024-01-01", "seen": "2025-01-01"}
    now = {"one": {"seen": "never"}, "parts": [{**part, "seen": "never"}]}
    assert seen({"one": {"seen": "2025-01-01"}, "parts": [part]}, "2024-03-06") == now
    assert seen({"parts": None, "one": {"seen": "2025-01-01"}}, "2024-03-06")["one"] == now["one"]


def test_a_renewal_that_is_none_was_never_applied_for() -> None:
    renewal = Plan(fields={"applied_on": "event"}, children={})
    one = PLAN.children["one"]
    plan = Plan(fields={}, children={"renewal": renewal, "one": one, "two": one})
    facts = {"renewal": "none", "one": "none", "two": {"seen": "2025-01-01"}}
    now = view(facts, plan, as_of_instant("2024-03-06")).facts
    assert now == {
        "renewal": {"applied_on": "never", "decided_on": "never", "decision": "none"},
        "one": "none",
        "two": {"seen": "never"},
    }


def test_what_comes_later_is_told_from_what_never_comes() -> None:
    later = {"seen": "2024-03-07"}
    facts: dict[str, Any] = {"parts": [{"opened": "2024-01-01", **later}, later, {"seen": "never"}]}
    whole = view(facts, PLAN, as_of_instant("2024-03-06"))
    now: Any = whole.facts["parts"]
    assert [whole.to_come.get(id(one)) for one in now] == [{"seen"}, {"seen"}, None]
    assert not view(facts, PLAN, as_of_instant("2024-03-07")).to_come


def test_what_does_not_change_is_shared() -> None:
    part = {"opened": "2024-01-01", "seen": "2024-01-01"}
    facts: dict[str, Any] = {"done": "2024-01-01", "parts": [part], "one": None}
    assert view(facts, PLAN, as_of_instant("2024-03-06")).facts is facts


def test_the_ends_of_time_are_no_trouble() -> None:
    first, last = datetime(1, 1, 1, 7, 59, tzinfo=CST), datetime(9999, 12, 31, tzinfo=CST)
    assert view({"done": "0001-01-01T00:00Z"}, PLAN, first).facts == {"done": "never"}
    assert view({"done": "9999-12-31"}, PLAN, last).facts == {"done": "9999-12-31"}


DAYS = st.dates(date(2023, 12, 25), date(2024, 1, 8))
TIMES = st.one_of(
    DAYS.map(date.isoformat),
    st.datetimes(datetime(2023, 12, 25), datetime(2024, 1, 8)).map(datetime.isoformat),
    st.datetimes(
        datetime(2023, 12, 25),
        datetime(2024, 1, 8),
        timezones=st.sampled_from([UTC, CST]) | st.just(CST),
    ).map(datetime.isoformat),
    st.sampled_from(["never", None]),
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "done": TIMES,
        "due": TIMES,
        "parts": st.lists(
            st.fixed_dictionaries({}, optional={"opened": TIMES, "seen": TIMES}), max_size=4
        ),
        "one": st.none() | st.fixed_dictionaries({}, optional={"seen": TIMES}),
    },
)


def later(written: str | None, as_of: datetime) -> bool:
    return written not in {None, "never"} and not happened(parse_time(str(written)), as_of)


def naive(facts: dict[str, Any], as_of: datetime) -> dict[str, Any]:
    now = copy.deepcopy(facts)
    if later(now.get("done"), as_of):
        now["done"] = "never"
    if "parts" in now:
        now["parts"] = [part for part in now["parts"] if not later(part.get("opened"), as_of)]
    for part in now.get("parts", []):
        if part.get("opened") is None:
            part[PERHAPS] = "opened"
    for part in [*now.get("parts", []), now.get("one") or {}]:
        if later(part.get("seen"), as_of):
            part["seen"] = "never"
    return now


@given(FACTS, st.datetimes(datetime(2023, 12, 25), datetime(2024, 1, 8), timezones=st.just(CST)))
def test_a_view_agrees_with_the_naive_one(facts: dict[str, Any], as_of: datetime) -> None:
    assert view(facts, PLAN, as_of).facts == naive(facts, as_of)


@given(FACTS, DAYS, st.integers(0, 20))
def test_a_view_of_a_view_is_the_earlier_one(facts: dict[str, Any], day: date, n: int) -> None:
    early = as_of_instant(day)
    late = as_of_instant(day + timedelta(days=n))
    assert view(view(facts, PLAN, late).facts, PLAN, early).facts == view(facts, PLAN, early).facts


def test_what_is_neither_object_nor_list_stands() -> None:
    facts = {"one": "x", "parts": 3}
    assert seen(facts, "2024-03-06") == facts


def test_elements_that_are_no_objects_are_kept() -> None:
    facts = {"parts": ["x", {"opened": "2024-03-07"}, None, {"seen": "2024-03-07"}]}
    assert seen(facts, "2024-03-06") == {"parts": ["x", None, {"seen": "never", **PERHAPS_THERE}]}
