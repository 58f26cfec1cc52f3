"""Records that belong to a subject, on its day or ever since one: coverage and amounts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.kinds.matching import Days, merged, sharing, span
from pytest_icp.kinds.subjects import Fact
from tests.contexts import context, decide, said
from tests.obligations import obligation

AS_OF = "2024-06-03"
RUNS = {"from": "from", "until": "until"}
PERMIT = {"id": "p", "kind": "news", "of": ["s"], "from": "2024-01-01", "until": "2024-12-31"}


def permitted(**more: Any) -> Any:
    fields = {"joined_by": {"record": "of", "subject": "id"}, **more}
    return obligation(
        "coverage", "sites", fact="kinds", by="/permits", covers="kind", match="equal", **fields
    )


def verdict(made: Any, permits: Any, **site: Any) -> str:
    subject = {"id": "s", "kinds": ["news"], "opened": "2024-02-01", **site}
    return str(decide(made, {"sites": [subject], "permits": permits}, AS_OF).verdict)


# ── which records name the subject ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (["s"], "satisfied"),
        (["t", "s"], "satisfied"),
        ("s", "satisfied"),
        (["t"], "violated"),
        ([], "violated"),
        (["t", None], "unknown"),
        (["s", None], "satisfied"),
        (None, "unknown"),
    ],
)
def test_a_record_that_names_the_subject_counts(of: Any, expected: str) -> None:
    assert verdict(permitted(), [{**PERMIT, "of": of}]) == expected


def test_one_path_may_be_that_of_both() -> None:
    made = permitted(joined_by="owner")
    assert verdict(made, [{**PERMIT, "owner": "a"}], owner="a") == "satisfied"
    assert verdict(made, [{**PERMIT, "owner": "b"}], owner="a") == "violated"
    assert verdict(made, [{**PERMIT, "owner": "b"}], owner=None) == "unknown"


def test_what_is_missing_of_a_record_is_named() -> None:
    made = permitted(by_where={"granted": True})
    site = {"id": "s", "kinds": ["news"]}

    def at(**more: Any) -> Any:
        facts = {"sites": [site], "permits": [{**PERMIT, "granted": True, **more}]}
        return [pointer for _, pointer, _ in said(decide(made, facts))]

    assert at() == []
    assert at(granted=None) == ["/permits/0/granted"]
    assert at(kind=None) == ["/permits/0/kind"]
    assert at(of=None) == ["/permits/0/of"]
    assert at(granted=False) == ["/sites/0/kinds/0"]


@pytest.mark.parametrize("permits", [None, [{**PERMIT, "kind": None}]])
def test_a_record_that_perhaps_covers_leaves_it_open(permits: Any) -> None:
    assert verdict(permitted(), permits) == "unknown"


def test_a_value_that_is_not_known_is_asked_for() -> None:
    assert verdict(permitted(), [PERMIT], kinds=["news", None]) == "unknown"


TEXTS = st.sampled_from(["a", "b", "c"])
SCALARS = st.none() | TEXTS | st.integers(0, 1)
OBJECTS = st.dictionaries(TEXTS, TEXTS, max_size=1)
NAMED = st.none() | TEXTS | OBJECTS | st.lists(SCALARS | OBJECTS, max_size=3)


@given(st.lists(NAMED, max_size=6), NAMED)
def test_only_records_that_cannot_share_a_value_are_left_out(theirs: list[Any], mine: Any) -> None:
    facts = {"records": [{"of": value} for value in theirs]}
    seen, here = context(facts), Fact(("mine",), mine)
    shared = sharing(seen, seen.subjects("/records"), "of", here)
    assert list(shared.named) == sorted(set(shared.named))
    for i, value in enumerate(theirs):
        there = Fact(("of",), value)
        common = [one for one in there.values if one is not None and one in here.values]
        assert (i in shared.named) == bool(common)
        assert (i in shared.others) == (here.is_open or there.is_open)


# ── ever since a day ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("begins", "ends", "opened", "expected"),
    [
        ("2024-02-01", "2024-06-03", "2024-02-01", "satisfied"),
        ("2024-02-02", "2024-12-31", "2024-02-01", "violated"),
        ("2024-01-01", "2024-06-02", "2024-02-01", "violated"),
        ("2024-01-01", "none", "2024-02-01", "satisfied"),
        (None, "2024-12-31", "2024-02-01", "unknown"),
        (None, "2024-06-02", "2024-02-01", "violated"),
        ("2024-01-01", None, "2024-02-01", "unknown"),
        ("2024-02-02", None, "2024-02-01", "violated"),
        ("never", "2024-12-31", "2024-02-01", "violated"),
        ("2024-01-01", "2024-12-31", None, "unknown"),
        ("2024-01-01", "2024-06-02", None, "violated"),
        # What was never opened is looked at today.
        ("2024-06-03", "2024-12-31", "never", "satisfied"),
        ("2024-06-04", "2024-12-31", "never", "violated"),
    ],
)
def test_in_force_ever_since(
    begins: str | None, ends: str | None, opened: str | None, expected: str
) -> None:
    made = permitted(in_force={**RUNS, "since": "opened"})
    assert verdict(made, [{**PERMIT, "from": begins, "until": ends}], opened=opened) == expected


def test_several_records_make_up_the_time_together() -> None:
    made = permitted(in_force={**RUNS, "since": "opened"})
    first = {**PERMIT, "until": "2024-03-31"}
    second = {**PERMIT, "id": "q", "from": "2024-04-01"}
    assert verdict(made, [second, first]) == "satisfied"
    assert verdict(made, [{**second, "from": "2024-04-02"}, first]) == "violated"
    assert verdict(made, [{**second, "from": None}, first]) == "unknown"


def test_without_a_day_of_the_subject_it_is_today() -> None:
    made = permitted(in_force={"from": ["from", "built"]})
    assert verdict(made, [{**PERMIT, "built": "2024-06-03"}]) == "satisfied"
    assert verdict(made, [{**PERMIT, "built": "2024-06-04"}]) == "violated"
    assert verdict(made, [{**PERMIT, "built": "never"}]) == "violated"


def test_what_was_in_force_at_another_time_is_told_apart() -> None:
    made = permitted(by_where={"granted": True}, in_force={**RUNS, "since": "opened"})
    site = {"id": "s", "kinds": ["news"], "opened": "2024-02-01"}

    def told(permits: list[Any]) -> tuple[str, str]:
        (finding,) = decide(made, {"sites": [site], "permits": permits}, AS_OF).findings
        return finding.message.en, finding.required.en

    late = {**PERMIT, "granted": True, "from": "2024-03-01"}
    stays = "this can no longer be fixed, and stays a violation until 2026-02-28"
    assert told([late]) == (
        f"no record in “permits” for news is in force from 2024-02-01 to 2024-06-03; {stays}",
        "records for it in “permits”, in force from 2024-02-01 to 2024-06-03 (“granted” is true)",
    )
    assert told([]) == (
        "no record in “permits” for this covers news",
        "a record for it in “permits” (“granted” is true)",
    )


@pytest.mark.parametrize(
    ("runs", "held"),
    [
        ([], False),
        ([None], False),
        ([("2024-01-05", "2024-01-09")], True),
        ([("2024-01-06", "2024-01-09")], False),
        ([("2024-01-01", "2024-01-08")], False),
        ([("2024-01-07", "2024-01-30"), ("2024-01-01", "2024-01-06")], True),
        (
            [
                ("2024-01-01", "2024-01-07"),
                ("2024-01-02", "2024-01-03"),
                ("2024-01-08", "2024-01-09"),
            ],
            True,
        ),
        ([("2024-01-01", "2024-01-07"), ("2024-01-09", "2024-01-09")], False),
    ],
)
def test_days_are_held_without_a_gap(runs: list[Any], held: bool) -> None:
    def days(first: str, last: str) -> Days:
        return Days(date.fromisoformat(first), date.fromisoformat(last))

    wanted = days("2024-01-05", "2024-01-09")
    assert span(wanted, merged(days(*run) if run else None for run in runs)) is held


# ── on a day ────────────────────────────────────────────────────────────────────────────────

LISTED = obligation(
    "coverage",
    "charges",
    fact="item",
    by="/prices",
    covers="item",
    match="equal",
    in_force={**RUNS, "on": "on"},
)
MARKED = obligation(
    "agreement",
    "charges",
    fact="amount",
    **{"with": {"records": "/prices", "joined_by": "item", "fact": "price"}},
    unit="unit",
    in_force={**RUNS, "on": "on"},
    compare="amount",
)
PRICE = {"item": "a", "price": 9.9, "unit": "CNY", "from": "2024-01-01", "until": "2024-03-31"}
CHARGE = {"item": "a", "amount": 9.9, "unit": "CNY", "on": "2024-03-31T23:59"}


def judged(made: Any, charge: Any, *prices: Any) -> str:
    facts = {"charges": [{**CHARGE, **charge}], "prices": [*prices]}
    return str(decide(made, facts, AS_OF).verdict)


@pytest.mark.parametrize(
    ("charge", "price", "listed", "marked"),
    [
        ({}, {}, "satisfied", "satisfied"),
        ({"on": "2024-04-01"}, {}, "violated", "not applicable"),
        ({"on": "2024-04-01"}, {"until": "none"}, "satisfied", "satisfied"),
        ({"on": "2024-04-01"}, {"until": None}, "unknown", "unknown"),
        ({"on": None}, {}, "unknown", "unknown"),
        ({"on": None}, {"item": "b"}, "violated", "unknown"),
        ({"item": "b"}, {}, "violated", "not applicable"),
        ({"item": None}, {}, "unknown", "unknown"),
        ({"amount": 9.91}, {}, "satisfied", "violated"),
        ({"unit": "USD"}, {}, "satisfied", "violated"),
        ({"amount": None}, {}, "satisfied", "unknown"),
        ({"unit": None}, {}, "satisfied", "unknown"),
        ({}, {"price": None}, "satisfied", "unknown"),
        ({}, {"unit": None}, "satisfied", "unknown"),
        # Whatever the unit is, the number is greater.
        ({"amount": 10}, {"unit": None}, "satisfied", "violated"),
        ({"amount": 5}, {"unit": None}, "satisfied", "unknown"),
        ({"amount": 5}, {}, "satisfied", "satisfied"),
        ({"amount": 9.900000000000002}, {}, "satisfied", "satisfied"),
    ],
)
def test_in_force_on_a_day(charge: Any, price: Any, listed: str, marked: str) -> None:
    assert judged(LISTED, charge, {**PRICE, **price}) == listed
    assert judged(MARKED, charge, {**PRICE, **price}) == marked


def test_one_of_several_prices_will_do() -> None:
    cheap = {**PRICE, "price": 2}
    assert judged(MARKED, {}, cheap, PRICE) == "satisfied"
    assert judged(MARKED, {}, cheap, {**PRICE, "until": None}) == "unknown"
    assert judged(MARKED, {}, cheap, {**PRICE, "from": "2024-04-01", "until": None}) == "violated"
    facts = {"charges": [CHARGE], "prices": [cheap, {**PRICE, "price": 3}]}
    (finding,) = decide(MARKED, facts, AS_OF).findings
    assert finding.message.en == "9.9 CNY is charged, but 2 CNY / 3 CNY was marked for that day"


def test_prices_that_are_not_declared_leave_it_open() -> None:
    facts = {"charges": [CHARGE], "prices": None}
    assert decide(MARKED, facts, AS_OF).verdict == "unknown"
    assert decide(LISTED, facts, AS_OF).verdict == "unknown"
    nothing = {"charges": [{**CHARGE, "on": None}], "prices": None}
    assert decide(LISTED, nothing, AS_OF).verdict == "unknown"
