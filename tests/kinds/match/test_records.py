"""Records that are a subject's, and valid on its day or ever since one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation

AS_OF = "2024-06-03"
RUNS = {"from": "from", "until": "until"}
PERMIT = {"id": "p", "kind": "news", "of": ["s"], "from": "2024-01-01", "until": "2024-12-31"}


def permitted(match: Any = None, where: Any = None, **more: Any) -> Any:
    permits = {"of": "/permits", "at": "kind", "match": match or {"of": "id"}}
    permits |= {"where": where} if where else {}
    return obligation("match", fact="kinds", among=permits, **{"if_none": "violated", **more})


def verdict(made: Any, permits: Any, **site: Any) -> str:
    subject = {"id": "s", "kinds": ["news"], "opened": "2024-02-01", **site}
    return str(decide(made, {"sites": [subject], "permits": permits}, AS_OF).verdict)


# ── which records are the subject's ─────────────────────────────────────────────────────────


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


def test_every_pair_has_a_value_in_common() -> None:
    made = permitted({"of": "id", "owner": "owner"})
    assert verdict(made, [{**PERMIT, "owner": "a"}], owner="a") == "satisfied"
    assert verdict(made, [{**PERMIT, "owner": "b"}], owner="a") == "violated"
    assert verdict(made, [{**PERMIT, "owner": "b"}], owner=None) == "unknown"
    assert verdict(made, [{**PERMIT, "of": ["t"], "owner": "a"}], owner="a") == "violated"
    assert verdict(made, [{**PERMIT, "of": None, "owner": "b"}], owner="a") == "violated"


def test_what_is_missing_of_a_record_is_named() -> None:
    made = permitted({"of": "id", "owner": "owner"}, where={"granted": True})

    def at(owner: str | None = "a", **more: Any) -> Any:
        permit = {**PERMIT, "granted": True, "owner": "a", **more}
        facts = {"sites": [{"id": "s", "kinds": ["news"], "owner": owner}], "permits": [permit]}
        return [pointer for _, pointer, _ in said(decide(made, facts))]

    assert at() == []
    assert at(granted=None) == ["/permits/0/granted"]
    assert at(kind=None) == ["/permits/0/kind"]
    assert at(of=None) == ["/permits/0/of"]
    assert at(granted=False) == ["/sites/0/kinds/0"]
    assert at(owner=None) == ["/sites/0/owner"]


@pytest.mark.parametrize("permits", [None, [{**PERMIT, "kind": None}]])
def test_a_record_that_perhaps_says_so_leaves_it_open(permits: Any) -> None:
    assert verdict(permitted(), permits) == "unknown"


@pytest.mark.parametrize("of", [["s"], None])
def test_a_record_that_says_something_else_does_not(of: Any) -> None:
    assert verdict(permitted(), [{**PERMIT, "of": of, "kind": "books"}]) == "violated"


@pytest.mark.parametrize("if_none", ["violated", "not_applicable"])
def test_a_value_that_is_not_known_is_asked_for(if_none: str) -> None:
    assert verdict(permitted(if_none=if_none), [PERMIT], kinds=["news", None]) == "unknown"
    assert verdict(permitted(if_none=if_none), [PERMIT], kinds=None) == "unknown"


@pytest.mark.parametrize(
    ("permits", "expected"),
    [
        ([], "not applicable"),
        ([{**PERMIT, "of": ["t"]}], "not applicable"),
        ([{**PERMIT, "of": None}], "unknown"),
        ([{**PERMIT, "kind": "books"}], "violated"),
        ([{**PERMIT, "kind": "books"}, {**PERMIT, "of": None}], "unknown"),
        ([{**PERMIT, "kind": "books"}, {**PERMIT, "of": None, "kind": "books"}], "violated"),
        ([PERMIT], "satisfied"),
        (None, "unknown"),
    ],
)
def test_what_is_of_nobody_need_not_apply(permits: Any, expected: str) -> None:
    assert verdict(permitted(if_none="not_applicable"), permits) == expected


def test_records_are_joined_by_their_hosts() -> None:
    printed = {"of": "/licence/attachments", "at": "name", "match": {"domains": "domains"}}
    made = obligation("match", fact="name", among=printed, how="name", if_none="not_applicable")

    def told(domains: Any, *attached: Any) -> tuple[str, list[str]]:
        site = {"id": "s", "domains": domains, "name": "甲"}
        outcome = decide(made, {"sites": [site], "licence": {"attachments": [*attached]}})
        return str(outcome.verdict), [at for _, at, _ in said(outcome)]

    a, b = {"domains": ["a.cn"], "name": "甲"}, {"domains": ["b.cn"], "name": "乙"}
    assert told(["www.a.cn"], a) == ("satisfied", [])
    assert told(["b.cn"], a, b) == ("violated", ["/sites/0/name"])
    assert told(["a.cn", "b.cn"], b, a) == ("satisfied", [])
    assert told(["c.cn"], a, b) == ("not applicable", [])
    assert told([], a, b) == ("not applicable", [])
    assert told(["b.cn", None], a, b) == ("unknown", ["/sites/0/domains"])
    assert told(["a.cn", None], a, b) == ("satisfied", [])
    assert told(["b.cn"], {**a, "domains": None}, b) == (
        "unknown",
        ["/licence/attachments/0/domains"],
    )
    assert told(["b.cn"], {**b, "name": None}) == ("unknown", ["/licence/attachments/0/name"])
    assert told(None, a) == ("unknown", ["/sites/0/domains"])


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
def test_valid_ever_since(
    begins: str | None, ends: str | None, opened: str | None, expected: str
) -> None:
    made = permitted(valid={**RUNS, "since": "opened"})
    assert verdict(made, [{**PERMIT, "from": begins, "until": ends}], opened=opened) == expected


def test_several_records_make_up_the_time_together() -> None:
    made = permitted(valid={**RUNS, "since": "opened"})
    first = {**PERMIT, "until": "2024-03-31"}
    second = {**PERMIT, "id": "q", "from": "2024-04-01"}
    assert verdict(made, [second, first]) == "satisfied"
    assert verdict(made, [{**second, "from": "2024-04-02"}, first]) == "violated"
    assert verdict(made, [{**second, "from": None}, first]) == "unknown"


def test_without_a_day_of_the_subject_it_is_today() -> None:
    made = permitted(valid={"from": ["from", "built"]})
    assert verdict(made, [{**PERMIT, "built": "2024-06-03"}]) == "satisfied"
    assert verdict(made, [{**PERMIT, "built": "2024-06-04"}]) == "violated"
    assert verdict(made, [{**PERMIT, "built": "never"}]) == "violated"


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        # The gap of the first of May 2021 is over since long, ...
        ("2021-05-02", "satisfied"),
        # ... or perhaps there was none, or perhaps it goes on.
        (None, "unknown"),
        ("2023-05-01", "violated"),
    ],
)
def test_a_gap_of_long_ago_is_over(second: str | None, expected: str) -> None:
    made = permitted(valid={**RUNS, "since": "opened"}, basis="own")
    first = {**PERMIT, "from": "2020-01-01", "until": "2021-04-30"}
    again = {**PERMIT, "from": second, "until": "none"}
    assert verdict(made, [first, again], opened="2021-01-01") == expected


@pytest.mark.parametrize("until", [None, "2030-01-01"])
def test_whether_a_gap_is_over_since_long_must_be_certain(until: str | None) -> None:
    made = permitted(valid={**RUNS, "since": "opened"}, basis="own")
    again = {**PERMIT, "from": "2021-05-02", "until": until}
    assert verdict(made, [again], opened="2021-01-01") == ("satisfied" if until else "unknown")


def test_what_was_valid_at_another_time_is_told_apart() -> None:
    made = permitted(where={"granted": True}, valid={**RUNS, "since": "opened"})
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
        "no record in “permits” for this (s) covers news",
        "a record for it in “permits” (“granted” is true)",
    )


# ── on a day ────────────────────────────────────────────────────────────────────────────────

PRICES = {"of": "/prices", "at": "price", "match": {"item": "item", "unit": "unit"}}
MARKED = obligation(
    "match",
    "charges",
    fact="amount",
    among=PRICES,
    how="at_most",
    if_none="violated",
    valid={**RUNS, "at": "on"},
)
PRICE = {"item": "a", "price": 9.9, "unit": "CNY", "from": "2024-01-01", "until": "2024-03-31"}
CHARGE = {"item": "a", "amount": 9.9, "unit": "CNY", "on": "2024-03-31T23:59"}


def judged(charge: Any, *prices: Any) -> str:
    facts = {"charges": [{**CHARGE, **charge}], "prices": [*prices]}
    return str(decide(MARKED, facts, AS_OF).verdict)


@pytest.mark.parametrize(
    ("charge", "price", "expected"),
    [
        ({}, {}, "satisfied"),
        ({"on": "2024-04-01"}, {}, "violated"),
        ({"on": "2024-04-01"}, {"until": "none"}, "satisfied"),
        ({"on": "2024-04-01"}, {"until": None}, "unknown"),
        ({"on": None}, {}, "unknown"),
        ({"on": None}, {"item": "b"}, "violated"),
        ({"item": "b"}, {}, "violated"),
        ({"item": None}, {}, "unknown"),
        ({"amount": 9.91}, {}, "violated"),
        ({"unit": "USD"}, {}, "violated"),
        ({"amount": None}, {}, "unknown"),
        ({"unit": None}, {}, "unknown"),
        ({}, {"price": None}, "unknown"),
        ({}, {"unit": None}, "unknown"),
        # Whatever the unit is, the number is greater.
        ({"amount": 10}, {"unit": None}, "violated"),
        ({"amount": 5}, {}, "satisfied"),
        ({"amount": 9.900000000000002}, {}, "satisfied"),
    ],
)
def test_valid_on_a_day(charge: Any, price: Any, expected: str) -> None:
    assert judged(charge, {**PRICE, **price}) == expected


def test_one_of_several_prices_will_do() -> None:
    cheap = {**PRICE, "price": 2}
    assert judged({}, cheap, PRICE) == "satisfied"
    assert judged({}, cheap, {**PRICE, "until": None}) == "unknown"
    assert judged({}, cheap, {**PRICE, "from": "2024-04-01", "until": None}) == "violated"


def test_what_is_too_much_is_told_with_what_it_is_for() -> None:
    facts = {"charges": [CHARGE], "prices": [{**PRICE, "price": 2}, {**PRICE, "price": 3}]}
    (finding,) = decide(MARKED, facts, AS_OF).findings
    assert finding.message.en == "9.9 is more than 2 / 3, the “prices.price” (a, CNY)"
    assert finding.required.en == "no more than 2 / 3"
    (finding,) = decide(MARKED, {**facts, "prices": []}, AS_OF).findings
    assert finding.message.en == "no record in “prices” for this (a, CNY) covers 9.9"


@pytest.mark.parametrize("on", [CHARGE["on"], None])
def test_prices_that_are_not_declared_leave_it_open(on: Any) -> None:
    facts = {"charges": [{**CHARGE, "on": on}], "prices": None}
    assert decide(MARKED, facts, AS_OF).verdict == "unknown"
