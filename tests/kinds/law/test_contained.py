"""Provincial licences inside cross-regional ones, and what may not be known of either."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import obligation

CANCEL = obligation("law", "other_licences", check="licence.contained", **{"with": {"within": 30}})
DUPLICATE = obligation("law", "other_licences", check="licence.contained")

LINE = {"name": "在线数据处理与交易处理业务(仅限经营类电子商务)", "scope": "全国。"}
"""A line of the ministry's licence, nationwide."""

NATIONAL = {
    "issuing_authority": {"kind": "MIIT"},
    "service_lines": [{**LINE, "areas": ["全国"]}],
    "first_issued_on": "2024-01-10",
    "issued_on": "2024-01-10",
    "valid_until": "2029-01-09",
    "status": "正常",
}
PROVINCIAL = {
    "id": "p",
    "issuer": "CA",
    "codes": ["B21.ecommerce"],
    "areas": ["北京"],
    "obtained_on": "2022-05-01",
    "valid_until": "2027-04-30",
    "status": "正常",
}
FILING = {"id": "f", "authority": "CA", "submitted_at": "2024-02-09", "decision": "pending"}
NOT_FILED = {"cancel_or_change_filing": {"id": "f", "submitted_at": "never"}}


def verdict(made: Any, licence: dict[str, Any], *others: dict[str, Any], as_of: str) -> str:
    facts = {"licence": licence, "other_licences": list(others)}
    return str(decide(made, facts, as_of).verdict)


def without(value: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: what for key, what in value.items() if key not in names}


@pytest.mark.parametrize(
    ("given", "said_of_it"),
    [
        ({"cancel_or_change_filing": FILING}, "satisfied"),
        ({"cancel_or_change_filing": {**FILING, "submitted_at": "2024-02-10"}}, "violated"),
        ({"cancel_or_change_filing": {"id": "f", "submitted_at": "never"}}, "violated"),
        ({}, "unknown"),
        # Only the province takes it back.
        ({"cancel_or_change_filing": {**FILING, "authority": "MIIT"}}, "violated"),
        ({"cancel_or_change_filing": without(FILING, "authority")}, "unknown"),
        # What was refused is not done, unless it has ended all the same.
        ({"cancel_or_change_filing": {**FILING, "decision": "refused"}}, "violated"),
        ({"cancel_or_change_filing": without(FILING, "decision")}, "unknown"),
        (
            {"status": "注销", "cancel_or_change_filing": {**FILING, "decision": "refused"}},
            "satisfied",
        ),
        # Nothing is left to give up.
        ({"status": "注销", **NOT_FILED}, "satisfied"),
        # It was given up late, or ended otherwise.
        ({"status": "注销"}, "unknown"),
        ({"status": "注销", "cancel_or_change_filing": FILING}, "satisfied"),
        (
            {"status": "注销", "cancel_or_change_filing": {**FILING, "submitted_at": "2024-02-10"}},
            "violated",
        ),
        (
            {
                "status": "注销",
                "cancel_or_change_filing": {"id": "f", "submitted_at": "2024-02-10"},
            },
            "unknown",
        ),
        ({"status": None, **NOT_FILED}, "unknown"),
        ({"valid_until": None, **NOT_FILED}, "unknown"),
        ({"valid_until": "2024-02-08"}, "satisfied"),
        ({"valid_until": "2024-02-09"}, "unknown"),
        ({"valid_until": "none", "cancel_or_change_filing": FILING}, "satisfied"),
        # It was not held when the other was obtained.
        ({"valid_until": "2024-01-09"}, "not applicable"),
        ({"obtained_on": "2024-01-11"}, "not applicable"),
        ({"obtained_on": "2024-01-10", "status": "注销", **NOT_FILED}, "satisfied"),
        ({"obtained_on": None}, "unknown"),
        ({"obtained_on": None, "cancel_or_change_filing": FILING}, "satisfied"),
        # It lies in the other, or does not, or that is not known.
        ({"codes": ["B25.publish"]}, "not applicable"),
        ({"codes": ["B21"], "cancel_or_change_filing": FILING}, "satisfied"),
        ({"codes": ["B25.publish", None]}, "unknown"),
        ({"codes": None, "cancel_or_change_filing": FILING}, "satisfied"),
        ({"areas": None}, "unknown"),
        ({"areas": []}, "unknown"),
        ({"issuer": None}, "unknown"),
        ({"issuer": "MIIT"}, "not applicable"),
    ],
)
def test_one_inside_the_licence_itself(given: dict[str, Any], said_of_it: str) -> None:
    facts = {"licence": NATIONAL, "other_licences": [{**PROVINCIAL, **given}]}
    assert decide(CANCEL, facts, "2024-06-03").verdict == said_of_it


@pytest.mark.parametrize(
    ("change", "said_of_it"),
    [
        ({"issuing_authority": {"kind": "CA", "province": "北京"}}, "not applicable"),
        ({"issuing_authority": {}}, "unknown"),
        ({"issued_on": None}, "unknown"),
        ({"first_issued_on": None}, "unknown"),
        ({"first_issued_on": None, "scope_since": "2024-01-10"}, "unknown"),
        ({"first_issued_on": "never", "issued_on": "never"}, "not applicable"),
        # What the first issue covered is not told by a paper that was issued again.
        ({"first_issued_on": "2020-01-01"}, "unknown"),
        ({"first_issued_on": "2020-01-01", "scope_since": "2020-01-01"}, "not applicable"),
        ({"first_issued_on": "2020-01-01", "scope_since": "2024-01-10"}, "unknown"),
        # Issued when nobody says: what it prints it may have had from the first issue on.
        (
            {"first_issued_on": "2020-01-01", "issued_on": None, "scope_since": "2024-01-10"},
            "unknown",
        ),
        (
            {"service_lines": [{**LINE, "areas": ["上海", "天津"], "scope": "上海、天津。"}]},
            "not applicable",
        ),
        ({"service_lines": []}, "unknown"),
    ],
)
def test_what_the_licence_itself_must_say(change: dict[str, Any], said_of_it: str) -> None:
    assert verdict(CANCEL, {**NATIONAL, **change}, PROVINCIAL, as_of="2024-06-03") == said_of_it


HOME = {
    "issuing_authority": {"kind": "CA", "province": "北京"},
    "service_lines": [
        {"name": "信息服务业务（仅限互联网信息服务）", "scope": "含新闻。", "areas": []}
    ],
    "first_issued_on": "2022-05-01",
    "issued_on": "2022-05-01",
    "valid_until": "2027-04-30",
    "status": "正常",
}
MINISTRY = {
    "id": "m",
    "issuer": "MIIT",
    "codes": ["B25"],
    "areas": [],
    "obtained_on": "2024-01-10",
    "status": "正常",
}


def test_a_cross_regional_licence_that_has_ended_is_no_reason() -> None:
    ended = {**NATIONAL, "status": "过期"}
    late = {**PROVINCIAL, "obtained_on": "2029-02-01"}
    assert verdict(DUPLICATE, ended, late, as_of="2029-06-03") == "not applicable"
    assert (
        verdict(DUPLICATE, {**NATIONAL, "issued_on": None}, late, as_of="2029-06-03") == "unknown"
    )


@pytest.mark.parametrize(
    ("status", "obtained", "said_of_it"),
    [
        ("过期", "2029-02-01", "not applicable"),
        ("正常", "2029-02-01", "violated"),
        # Perhaps it was renewed, and still prints its old last day.
        (None, "2029-02-01", "unknown"),
        (None, "2024-01-11", "violated"),
        (None, "2024-01-10", "satisfied"),
    ],
)
def test_the_printed_last_day_may_be_an_old_one(
    status: str | None, obtained: str, said_of_it: str
) -> None:
    later = {**PROVINCIAL, "obtained_on": obtained}
    found = verdict(DUPLICATE, {**NATIONAL, "status": status}, later, as_of="2029-06-03")
    assert found == said_of_it


@pytest.mark.parametrize(
    ("status", "until", "expected"),
    [
        ("过期", "2024-05-31", "violated"),
        ("过期", None, "unknown"),
        (None, "2024-05-31", "unknown"),
        ("注销", "2024-05-31", "violated"),
        ("注销", "2024-06-04", "not applicable"),
        ("注销", None, "unknown"),
    ],
)
def test_a_cross_regional_licence_that_perhaps_has_ended(
    status: str | None, until: str | None, expected: str
) -> None:
    ended = {**MINISTRY, "status": status, "valid_until": until, **NOT_FILED}
    assert verdict(CANCEL, HOME, ended, as_of="2024-06-03") == expected
    printed = {**NATIONAL, "status": status, "valid_until": until}
    assert verdict(CANCEL, printed, {**PROVINCIAL, **NOT_FILED}, as_of="2024-06-03") == expected
