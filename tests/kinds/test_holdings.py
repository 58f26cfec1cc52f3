"""The lines of business of all licences of a company, and for which licence a rule is asked."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.holdings import asked_for, licences_of
from tests.contexts import decide, said
from tests.obligations import obligation

OWN = {
    "number": "京B2-20190486",
    "service_lines": [
        {"name": "信息服务业务（仅限互联网信息服务）", "scope": "不含信息搜索查询服务。"},
        {"name": "存储转发类业务", "scope": "北京"},
    ],
}
CENTRE = {"id": "centre", "number": "B2-20200001", "codes": ["B24"], "areas": ["北京", "天津"]}


def asked(family: str, *others: dict[str, Any], licence: Any = OWN) -> list[str]:
    held = licences_of({"licence": licence, "other_licences": [*others]})
    return [one.name for one in asked_for(family, held)]


@pytest.mark.parametrize(
    ("family", "other", "names"),
    [
        ("", CENTRE, ["京B2-20190486"]),
        ("B25", CENTRE, ["京B2-20190486"]),
        ("B24", CENTRE, ["B2-20200001"]),
        ("B24", {**CENTRE, "status": "正常"}, ["B2-20200001"]),
        ("B24", {**CENTRE, "status": "注销"}, []),
        ("B24", {**CENTRE, "number": None}, ["centre"]),
        ("B21", CENTRE, []),
        # What it permits is not known: it may be for any line.
        ("B21", {**CENTRE, "codes": None}, ["B2-20200001"]),
        ("B21", {**CENTRE, "codes": ["B24", None]}, ["B2-20200001"]),
        ("B21", {**CENTRE, "codes": []}, []),
        ("B25", {**CENTRE, "codes": ["B25.search"]}, ["京B2-20190486", "B2-20200001"]),
        # Of a line as a whole every item is permitted; of one item no other.
        ("B25.non_internet", {**CENTRE, "codes": ["B25"]}, ["B2-20200001"]),
        ("B25.non_internet", {**CENTRE, "codes": ["B25.search"]}, []),
    ],
)
def test_a_line_is_asked_for_each_licence_that_permits_it(
    family: str, other: dict[str, Any], names: list[str]
) -> None:
    assert asked(family, other) == names


@pytest.mark.parametrize("licence", [None, {}, {"service_lines": None}])
def test_where_the_lines_are_not_declared_every_policy_is_asked(licence: Any) -> None:
    assert asked("B24", licence=licence) == ["licence"]


def test_the_lines_come_in_the_order_of_the_catalogue() -> None:
    own, other = licences_of({"licence": OWN, "other_licences": [CENTRE]})
    assert (own.lines, own.areas) == (("B23", "B25"), ("北京",))
    assert (other.lines, other.areas) == (("B24",), ("北京", "天津"))
    assert replace(own, codes=None).lines == ()


# ── the term of the licence that runs, and until when one that ran out may be in force ──────────

LICENCE = {
    "first_issued_on": "2019-03-07",
    "issued_on": "2020-01-08",
    "valid_until": "2024-03-06",
    "status": "正常",
}
GRANTED = {
    "applied_on": "2023-12-01",
    "decision": "granted",
    "decided_on": "2024-02-01",
    "new_valid_until": "2029-03-06",
}
NEW_PAPER = {"issued_on": "2024-03-07", "valid_until": "2029-03-06"}
PENDING = {"decision": "pending", "decided_on": "never"}
NOT_RENEWED = {"applied_on": "never"}


def by_the_end(ahead: Any, act: str, **term: str) -> Any:
    """Return a duty that is done so long before the end of the term of the licence."""
    return obligation("dated", "renewal", act=act, anchor="licence.term", ahead=ahead, **term)


RENEWAL = by_the_end({"days": 90}, "applied_on", term="own")
EXIT = by_the_end({"days": 90}, "exit_reported_on", term="own")
OPENED = by_the_end(0, "opened_on")


def found(made: Any, licence: dict[str, Any], renewal: Any, as_of: str) -> tuple[str, list[str]]:
    facts = {"licence": {**LICENCE, **licence}, "renewal": renewal}
    outcome = decide(made, facts, as_of)
    return str(outcome.verdict), [at for _, at, _ in said(outcome)]


@pytest.mark.parametrize(
    ("licence", "renewal", "as_of", "verdict", "pointer"),
    [
        ({}, {"applied_on": "2023-12-07", **PENDING}, "2024-01-01", "satisfied", None),
        ({}, {"applied_on": "2023-12-08", **PENDING}, "2024-01-01", "violated", "applied_on"),
        ({}, NOT_RENEWED, "2024-01-01", "violated", "applied_on"),
        # Before the paper was issued, which may be issued anew while an application runs.
        ({}, {"applied_on": "2020-01-07", **PENDING}, "2024-01-01", "satisfied", None),
        ({}, {"applied_on": "2019-03-06", **PENDING}, "2024-01-01", "unknown", "applied_on"),
        # Renewed: this term is answered, and the next one is not yet due.
        ({}, GRANTED, "2024-06-30", "satisfied", None),
        ({}, {**GRANTED, "applied_on": "2023-12-08"}, "2024-06-30", "violated", "applied_on"),
        ({}, GRANTED, "2028-12-07", "unknown", "applied_on"),
        ({}, {**GRANTED, "applied_on": "2028-12-06"}, "2028-12-07", "satisfied", None),
        # The paper is the renewed one.
        (NEW_PAPER, GRANTED, "2028-12-07", "unknown", "applied_on"),
        # A paper from before the decision is not the renewed one, although it ends on the same day.
        (
            {"issued_on": "2023-06-01", "valid_until": "2029-03-06"},
            *(GRANTED, "2028-12-07", "satisfied", None),
        ),
        (NEW_PAPER, {**GRANTED, "applied_on": "2028-12-06"}, "2028-12-07", "satisfied", None),
        # The paper is still to come; what was done counts from the first issue on.
        (
            {"issued_on": "never"},
            {**PENDING, **NOT_RENEWED},
            "2024-01-01",
            "violated",
            "applied_on",
        ),
    ],
)
def test_an_application_answers_for_its_own_term(
    licence: dict[str, Any], renewal: dict[str, Any], as_of: str, verdict: str, pointer: str | None
) -> None:
    at = [f"/renewal/{pointer}"] if pointer else []
    assert found(RENEWAL, licence, renewal, as_of) == (verdict, at)


@pytest.mark.parametrize(
    ("licence", "renewal", "as_of", "pointer"),
    [
        # Whether it was applied for in this term hangs on when the term began.
        ({"issued_on": None}, GRANTED | PENDING, "2024-01-01", None),
        ({"first_issued_on": None}, {"applied_on": "2020-01-07", **PENDING}, "2024-01-01", "first"),
        ({"first_issued_on": None}, {"applied_on": "2020-01-08", **PENDING}, "2024-01-01", None),
        (
            {"first_issued_on": None, "issued_on": None},
            {"applied_on": "2020-01-08", **PENDING},
            "2024-01-01",
            "first",
        ),
        # It was granted until a day that is not known: the next application may be due.
        ({}, {**GRANTED, "new_valid_until": None}, "2023-12-07", None),
        ({}, {**GRANTED, "new_valid_until": None}, "2024-06-30", "/renewal/new_valid_until"),
        (
            {"issued_on": None},
            {**GRANTED, "new_valid_until": None},
            "2024-06-30",
            "/renewal/new_valid_until",
        ),
        # Nothing is due in a term that has not begun.
        ({}, {**GRANTED, "new_valid_until": None}, "2024-03-06", None),
        ({}, {"applied_on": "2023-12-07"}, "2024-03-06", None),
        ({}, {"applied_on": "2023-12-07"}, "2024-03-07", "/renewal/decision"),
        # It was granted or not, so that the term ends later or not.
        ({}, {**GRANTED, "decision": None}, "2024-06-30", None),
        ({}, {**GRANTED, "decision": None}, "2028-12-07", "/renewal/decision"),
        ({}, {**GRANTED, "decided_on": None}, "2028-12-07", "/renewal/decided_on"),
        (NEW_PAPER, {**GRANTED, "decided_on": None}, "2028-12-07", "/renewal/decided_on"),
        (NEW_PAPER, {**GRANTED, "new_valid_until": None}, "2028-12-07", "/renewal/new_valid_until"),
        # Perhaps it was applied for late in the term before.
        ({}, {**GRANTED, "applied_on": None}, "2024-06-30", "/renewal/applied_on"),
        ({}, {**GRANTED, "applied_on": None}, "2023-12-07", None),
        ({}, {**GRANTED, "applied_on": None}, "2026-06-30", None),
    ],
)
def test_what_may_be_is_tried_in_each_way(
    licence: dict[str, Any], renewal: dict[str, Any], as_of: str, pointer: str | None
) -> None:
    if pointer == "first":
        pointer = "/licence/first_issued_on"
    expected = ("unknown", [pointer]) if pointer else ("satisfied", [])
    assert found(RENEWAL, licence, renewal, as_of) == expected


@pytest.mark.parametrize(
    ("renewal", "as_of", "verdict", "pointer"),
    [
        (NOT_RENEWED, "2023-12-08", "violated", "exit_reported_on"),
        (PENDING, "2023-12-08", "violated", "exit_reported_on"),
        ({}, "2023-12-07", "satisfied", None),
        ({}, "2023-12-08", "unknown", "applied_on"),
        ({"applied_on": "2023-12-01"}, "2023-12-09", "unknown", "decision"),
        (GRANTED, "2023-12-08", "satisfied", None),
        (GRANTED, "2028-12-07", "violated", "exit_reported_on"),
        ({**GRANTED, "decision": "refused"}, "2024-06-30", "violated", "exit_reported_on"),
    ],
)
def test_what_ends_with_the_licence_is_due_before_the_end_of_the_term_that_runs(
    renewal: dict[str, Any], as_of: str, verdict: str, pointer: str | None
) -> None:
    at = [f"/renewal/{pointer}"] if pointer else []
    assert found(EXIT, {}, {"exit_reported_on": "never", **renewal}, as_of) == (verdict, at)


def test_what_was_reported_before_a_paper_of_an_unknown_day_may_be_of_the_term_before() -> None:
    reported = {"exit_reported_on": "2023-12-01", **NOT_RENEWED}
    licence: dict[str, Any] = {"issued_on": None}
    assert found(EXIT, {}, reported, "2024-01-01") == ("satisfied", [])
    assert found(EXIT, licence, reported, "2024-01-01") == ("unknown", ["/licence/issued_on"])
    before = {**reported, "exit_reported_on": "2019-03-06"}
    assert found(EXIT, licence, before, "2024-01-01") == ("unknown", ["/renewal/exit_reported_on"])


def test_what_was_late_long_ago_decides_nothing_in_either_case() -> None:
    late = {**GRANTED, "applied_on": "2024-01-31", "decision": None}
    # It was late for the printed term, and for the next one nothing is known.
    assert found(RENEWAL, {}, late, "2028-12-07") == ("unknown", ["/renewal/decision"])
    assert found(RENEWAL, {}, late, "2026-01-30") == ("violated", ["/renewal/applied_on"])


def test_what_counts_in_any_term_may_be_done_in_the_one_before() -> None:
    opened = {**GRANTED, "opened_on": "2019-06-01"}
    assert found(OPENED, {}, opened, "2029-03-07") == ("satisfied", [])
    until_unknown = {**opened, "new_valid_until": None}
    assert found(OPENED, {}, until_unknown, "2029-03-07") == ("satisfied", [])
    later = {**until_unknown, "opened_on": "2024-06-01"}
    assert found(OPENED, {}, later, "2029-03-07") == ("unknown", ["/renewal/new_valid_until"])


@pytest.mark.parametrize(
    ("status", "as_of", "verdict"),
    [
        ("吊销", "2024-01-01", "not applicable"),
        ("注销", "2024-01-01", "not applicable"),
        # It ran out, and was struck off then.
        ("注销", "2024-06-30", "violated"),
        ("过期", "2024-06-30", "violated"),
        (None, "2024-01-01", "unknown"),
        (None, "2023-12-07", "satisfied"),
    ],
)
def test_a_term_that_was_ended_early_never_runs_out(
    status: str | None, as_of: str, verdict: str
) -> None:
    outcome, at = found(RENEWAL, {"status": status}, NOT_RENEWED, as_of)
    assert outcome == verdict
    assert at == {"violated": ["/renewal/applied_on"], "unknown": ["/licence/status"]}.get(
        verdict, []
    )
