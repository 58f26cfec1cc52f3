from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.facts.asof import NOT_APPLIED
from tests.contexts import decide, said
from tests.obligations import obligation

NOW = obligation("licensed", "sites", organisation="host", categories=["B14"])
HELD = {
    "categories": ["B14"],
    "valid_from": "2024-01-01",
    "valid_until": "2024-12-31",
    "status": "正常",
    "renewal": NOT_APPLIED,
}


def asked(applied_on: str) -> dict[str, str]:
    """Return a renewal that is not decided."""
    return {"applied_on": applied_on, "decision": "pending"}


def refused(applied_on: str, decided_on: str | None) -> dict[str, Any]:
    """Return a licence with a renewal that was refused."""
    renewal = {"applied_on": applied_on, "decided_on": decided_on, "decision": "refused"}
    return {"renewal": renewal}


def granted(until: str | None, **more: str) -> dict[str, Any]:
    """Return a licence with a renewal that was granted."""
    renewal = {"decision": "granted", "decided_on": "2024-05-10", "new_valid_until": until}
    return {"renewal": {**renewal, **more}}


@pytest.mark.parametrize(
    ("licences", "found"),
    [
        ([{**HELD, "categories": ["B11"]}, "no object"], "[B11] – 2024-12-31"),
        ([], "[]"),
        (
            [
                {**HELD, "categories": ["B11"], "renewal": asked("2024-10-02")},
                {**HELD, "valid_until": "2020-05-20", "renewal": asked("2020-02-21")},
            ],
            "[B11] – 2024-12-31; [B14] – 2020-05-20",
        ),
    ],
)
def test_what_is_held_is_told(licences: Any, found: str) -> None:
    facts = {"sites": [{"id": "s", "host": {"name": "某公司", "licences": licences}}]}
    (finding,) = decide(NOW, facts).findings
    assert finding.found.en == found
    assert "某公司" in finding.message.en


# --- the time in which it is held ---------------------------------------------------------------

CONTRACT = {"from": "since", "to": "until"}
LATER = {**HELD, "valid_from": "2025-01-01", "valid_until": "2026-12-31"}


def spanning(licences: Any, since: str | None, until: str | None, **settings: Any) -> Any:
    made = obligation(
        "licensed",
        "sites",
        organisation="host",
        categories=["B14"],
        **CONTRACT,
    )
    site = {"id": "s", "since": since, "until": until, "host": {"licences": licences}}
    return decide(made, {"sites": [site]}, **settings)


@pytest.mark.parametrize(
    ("licences", "until", "over"),
    [
        ([], "2024-05-31", date(2024, 5, 31)),
        ([], "2024-06-03", None),
        ([], "2024-12-31", None),
        ([], None, None),
        ([{**HELD, "valid_from": "2024-02-01"}], "2024-12-31", date(2024, 1, 31)),
    ],
)
def test_the_lack_of_a_licence_is_over_with_its_last_day(
    licences: Any, until: str | None, over: date | None
) -> None:
    (finding,) = spanning(licences, "2024-01-01", until).findings
    assert finding.over == over


@pytest.mark.parametrize(
    ("licences", "since", "until", "verdict", "pointer"),
    [
        ([HELD], "2024-01-01", "2024-12-31", "satisfied", None),
        # It ends before the contract does, and has not ended.
        ([HELD], "2024-01-01", "2025-01-01", "satisfied", None),
        (
            [{**HELD, "valid_until": "2024-06-02"}],
            *("2024-01-01", "2025-01-01", "violated", "/sites/0/host/licences"),
        ),
        # The contract ended before the licence did.
        ([{**HELD, "valid_until": "2024-06-02"}], "2024-01-01", "2024-06-02", "satisfied", None),
        ([HELD], "2023-12-31", "2024-12-31", "violated", "/sites/0/host/licences"),
        ([LATER, HELD], "2024-01-01", "2026-12-31", "satisfied", None),
        (
            [{**HELD, "valid_until": "2024-05-31"}, {**LATER, "valid_from": "2024-06-02"}],
            *("2024-01-01", "2026-12-31", "violated", "/sites/0/host/licences"),
        ),
        (
            [
                {**HELD, "valid_until": "2024-05-31"},
                {**LATER, "valid_from": None, "categories": None},
            ],
            *("2024-01-01", "2026-12-31", "unknown", "/sites/0/host/licences/1/categories"),
        ),
        # One that ran out long ago has nothing to do with it.
        (
            [
                {
                    **HELD,
                    "categories": None,
                    "valid_from": "2020-01-01",
                    "valid_until": "2020-12-31",
                },
                {**HELD, "valid_until": None},
            ],
            *("2024-01-01", "2024-06-30", "unknown", "/sites/0/host/licences/1/valid_until"),
        ),
        ([HELD], None, "2024-12-31", "unknown", "/sites/0/since"),
        # An end that is not declared may be any day since it began.
        ([HELD], "2024-01-01", None, "satisfied", None),
        ([HELD], "2022-01-01", None, "unknown", "/sites/0/until"),
        ([HELD], "2023-12-31", None, "violated", "/sites/0/host/licences"),
        (None, "2023-12-31", None, "unknown", "/sites/0/host/licences"),
        (
            [{**HELD, "valid_until": "2024-06-02"}],
            *("2024-01-01", None, "unknown", "/sites/0/until"),
        ),
        ([], "2022-06-04", None, "violated", "/sites/0/host/licences"),
        ([], "2022-06-03", None, "unknown", "/sites/0/until"),
        ([], "2024-06-04", None, "satisfied", None),
        ([HELD], "2024-01-01", "open", "satisfied", None),
        ([{**HELD, "valid_from": "2022-06-04"}], None, "2024-12-31", "satisfied", None),
        ([{**HELD, "valid_from": "2022-06-05"}], None, "2024-12-31", "unknown", "/sites/0/since"),
        # What was over before the look-back does not count, nor what lies ahead.
        ([HELD], "2020-01-01", "2022-06-03", "satisfied", None),
        ([HELD], "2020-01-01", "2022-06-04", "violated", "/sites/0/host/licences"),
        ([], None, "2022-06-03", "satisfied", None),
        (None, "2020-01-01", "2022-06-03", "satisfied", None),
        ([], "2024-07-01", "2024-12-31", "satisfied", None),
        ([{**HELD, "categories": ["B11"]}], None, None, "unknown", "/sites/0/until"),
        ([{**HELD, "categories": ["B11"]}], None, "open", "violated", "/sites/0/host/licences"),
        (None, "2024-01-01", None, "unknown", "/sites/0/host/licences"),
        (None, "2024-01-01", "2024-12-31", "unknown", "/sites/0/host/licences"),
    ],
)
def test_licences_span_a_contract(
    licences: Any, since: Any, until: Any, verdict: str, pointer: str | None
) -> None:
    outcome = spanning(licences, since, until)
    assert outcome.verdict == verdict
    assert [finding.pointer for finding in outcome.findings] == ([pointer] if pointer else [])


@pytest.mark.parametrize("licences", [[HELD], [], [{"valid_from": "2019-01-01"}], None])
def test_a_contract_that_ends_before_it_begins(licences: Any) -> None:
    outcome = spanning(licences, "2024-06-02", "2024-06-01")
    assert said(outcome) == [
        (
            "unknown",
            "/sites/0/until",
            "the period ends before it begins on 2024-06-02: one of the two dates is wrong",
        )
    ]
    (finding,) = outcome.findings
    assert (finding.found.en, finding.required.en) == ("2024-06-01", "not before 2024-06-02")
    assert spanning([HELD], "2024-06-02", "2024-06-02").verdict == "satisfied"


@pytest.mark.parametrize(
    ("changed", "verdict", "pointer"),
    [
        ({}, "violated", ""),
        ({"renewal": None}, "unknown", "/0/renewal/applied_on"),
        ({"renewal": {"applied_on": "never"}}, "violated", ""),
        (refused("2024-02-20", "2024-05-20"), "violated", ""),
        # Applied for in time it was deemed granted until it was refused.
        (refused("2024-02-20", "2024-06-04"), "satisfied", None),
        (refused("2024-02-21", "2024-06-04"), "violated", ""),
        (refused("2024-02-20", None), "unknown", "/0/renewal/decided_on"),
        # It may have been granted all the same.
        ({"renewal": {"applied_on": "2024-05-21"}}, "unknown", "/0/renewal/decision"),
        ({"renewal": asked("2024-05-21")}, "violated", ""),
        # It may have been refused.
        ({"renewal": {"applied_on": "2024-02-20"}}, "unknown", "/0/renewal/decision"),
        ({"renewal": asked("2024-02-20")}, "satisfied", None),
        ({"renewal": asked("2024-02-21")}, "violated", ""),
        ({"renewal": {"applied_on": "2024-02-21", "decision": "none"}}, "violated", ""),
        # What is decided after the day was still pending on it, and was applied for too late.
        (granted("2024-06-03", decided_on="never", applied_on="2024-02-21"), "violated", ""),
        (granted(None), "unknown", "/0/renewal/new_valid_until"),
        (granted("2024-06-03"), "satisfied", None),
        (granted("2024-06-02"), "violated", ""),
        ({"valid_until": "2024-12-31", "status": "正常"}, "satisfied", None),
        ({"valid_until": "2024-12-31", "status": "吊销"}, "violated", ""),
    ],
)
def test_renewals_and_the_status_of_other_peoples_licences(
    changed: Any, verdict: str, pointer: str | None
) -> None:
    held = {**HELD, "valid_until": "2024-05-20", **changed}
    outcome = decide(NOW, {"sites": [{"id": "s", "host": {"licences": [held]}}]})
    assert outcome.verdict == verdict
    at = [] if pointer is None else [f"/sites/0/host/licences{pointer}"]
    assert [finding.pointer for finding in outcome.findings] == at


@pytest.mark.parametrize(
    ("limits", "areas", "verdict", "pointer"),
    [
        (["全国"], None, "satisfied", None),
        ([], ["上海"], "satisfied", None),
        (None, None, "unknown", "/host/licences/0/areas"),
        (None, [], "satisfied", None),
        (None, ["上海"], "unknown", "/host/licences/0/areas"),
        (["北京"], None, "unknown", "/areas"),
        (["北京"], ["北京市"], "satisfied", None),
        (["北京"], ["北京", None], "unknown", "/areas"),
        (["北京"], ["北京", "上海"], "violated", "/host/licences"),
        (["北京", None], ["上海"], "unknown", "/host/licences/0/areas"),
    ],
)
def test_a_licence_is_for_its_areas(
    limits: Any, areas: Any, verdict: str, pointer: str | None
) -> None:
    made = obligation(
        "licensed",
        "sites",
        organisation="host",
        categories=["B14"],
        areas="areas",
    )
    site = {"id": "s", "areas": areas, "host": {"licences": [{**HELD, "areas": limits}]}}
    outcome = decide(made, {"sites": [site]})
    assert outcome.verdict == verdict
    at = [] if pointer is None else [f"/sites/0{pointer}"]
    assert [finding.pointer for finding in outcome.findings] == at


# --- the company's own licences -----------------------------------------------------------------

OURS = obligation("licensed", "links", categories=["A26"], at="on")
PRINTED = {
    "service_lines": [{"name": "国内通信设施服务业务", "scope": "全国", "areas": ["全国"]}],
    "issued_on": "2022-01-01",
    "first_issued_on": "2020-01-01",
    "valid_until": "2024-05-31",
}
PUBLISHER = {
    **PRINTED,
    "service_lines": [{"name": "信息服务业务(仅限互联网信息服务)", "scope": "", "areas": []}],
}
NOT_RENEWED = {"applied_on": "never"}
OTHER = {
    "id": "o",
    "codes": ["A26"],
    "obtained_on": "2022-01-01",
    "valid_until": "2024-12-31",
    "status": "正常",
}


def ours(made: Any, on: str | None, **facts: Any) -> tuple[str, list[str]]:
    known = {"licence": PUBLISHER, "renewal": NOT_RENEWED, "other_licences": []}
    outcome = decide(made, {**known, "links": [{"id": "l", "on": on}], **facts})
    return str(outcome.verdict), [pointer for _, pointer, _ in said(outcome)]


@pytest.mark.parametrize(
    ("on", "other", "expected"),
    [
        ("2022-01-01", OTHER, ("satisfied", [])),
        ("2021-12-31", OTHER, ("violated", ["/links/0/on"])),
        ("2023-01-01", {**OTHER, "valid_until": "none"}, ("satisfied", [])),
        (
            "2023-01-01",
            {**OTHER, "valid_until": None},
            ("unknown", ["/other_licences/0/valid_until"]),
        ),
        ("2023-01-01", {**OTHER, "codes": ["B11"]}, ("violated", ["/links/0/on"])),
        ("2023-01-01", {**OTHER, "codes": None}, ("unknown", ["/other_licences/0/codes"])),
        ("2023-01-01", {**OTHER, "status": None}, ("unknown", ["/other_licences/0/status"])),
        ("2023-01-01", {**OTHER, "status": "注销"}, ("unknown", ["/other_licences/0/status"])),
        ("2024-06-03", {**OTHER, "status": "注销"}, ("violated", ["/links/0/on"])),
        (None, OTHER, ("unknown", ["/links/0/on"])),
        (None, {**OTHER, "codes": ["B11"]}, ("violated", ["/links/0/on"])),
    ],
)
def test_another_licence_of_the_company(
    on: str | None, other: dict[str, Any], expected: tuple[str, list[str]]
) -> None:
    assert ours(OURS, on, other_licences=[other]) == expected


@pytest.mark.parametrize(
    ("on", "licence", "renewal", "expected"),
    [
        ("2022-01-01", {}, NOT_RENEWED, ("satisfied", [])),
        ("2024-05-31", {}, NOT_RENEWED, ("satisfied", [])),
        ("2024-06-01", {}, NOT_RENEWED, ("violated", ["/links/0/on"])),
        ("2021-12-31", {}, NOT_RENEWED, ("unknown", ["/licence/issued_on"])),
        ("2019-12-31", {}, NOT_RENEWED, ("violated", ["/links/0/on"])),
        (
            *("2019-12-31", {"first_issued_on": None}, NOT_RENEWED),
            ("unknown", ["/licence/issued_on"]),
        ),
        ("2023-01-01", {"issued_on": None}, NOT_RENEWED, ("unknown", ["/licence/issued_on"])),
        ("2023-01-01", {"issued_on": "never"}, NOT_RENEWED, ("unknown", ["/licence/issued_on"])),
        ("2023-01-01", {"valid_until": None}, NOT_RENEWED, ("unknown", ["/licence/valid_until"])),
        (
            *("2023-01-01", {"service_lines": None}, NOT_RENEWED),
            ("unknown", ["/licence/service_lines"]),
        ),
        ("2024-06-01", {}, None, ("unknown", ["/renewal/applied_on"])),
        ("2024-06-01", {}, {"applied_on": "2024-02-01"}, ("unknown", ["/renewal/decision"])),
        ("2024-06-01", {}, asked("2024-02-01"), ("satisfied", [])),
        ("2024-06-01", {}, asked("2024-03-03"), ("violated", ["/links/0/on"])),
        (
            "2024-06-01",
            {},
            refused("2024-02-01", "2024-05-02")["renewal"],
            ("violated", ["/links/0/on"]),
        ),
        ("2024-06-01", {}, granted("2029-05-31")["renewal"], ("satisfied", [])),
    ],
)
def test_the_licence_that_is_described(
    on: str, licence: dict[str, Any], renewal: Any, expected: tuple[str, list[str]]
) -> None:
    assert ours(OURS, on, licence={**PRINTED, **licence}, renewal=renewal) == expected
