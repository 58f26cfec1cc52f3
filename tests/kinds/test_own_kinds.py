"""Kinds in forms that the shipped provisions do not use: a user's own policy decides with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp import Result, Settings, evaluate, load, load_policies
from pytest_icp.facts.files.resources import resource

SAY = {"zh": "自订", "en": "our own"}


def decide(tmp_path: Path, facts: dict[str, Any], as_of: str = "2025-06-01", **own: Any) -> Result:
    """Decide one obligation of a policy written for it."""
    obligation = {
        "id": "own",
        "title": SAY,
        "meaning": SAY,
        "fix": SAY,
        "quote": {"zh": "自订", "en": "our own"},
        "level": "mandatory",
        "basis": "licence",
        "cites": ["licence"],
        **own,
    }
    policy = {
        "id": "OWN",
        "article": "自订",
        "title": SAY,
        "text": {"zh": "自订。", "en": "our own."},
        "obligations": [obligation],
    }
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "OWN.yaml").write_text(json.dumps(policy, ensure_ascii=False), "utf-8")
    description = tmp_path / "own.icp.json"
    written = {"apiVersion": "pytest-icp/v1", **facts}
    description.write_text(json.dumps(written, ensure_ascii=False), "utf-8")
    policies = load_policies([resource("policies"), folder])
    results = evaluate(
        load(description),
        as_of=as_of,
        policies=[one for one in policies if one.id == "OWN"],
        settings=Settings(),
    )
    return results[0]


@pytest.mark.parametrize(
    ("staff", "verdict"),
    [
        ([{"id": "a", "full_time": True}, {"id": "b", "full_time": True}], "satisfied"),
        ([{"id": "a", "full_time": True}, {"id": "b", "full_time": False}], "violated"),
        ([{"id": "a", "full_time": True}, {"id": "b", "full_time": None}], "unknown"),
        (
            [{"id": "a", "full_time": True}, {"id": "b", "full_time": True, "since": None}],
            "unknown",
        ),
        ([{"id": "a", "full_time": None}, {"id": "b", "full_time": False}], "violated"),
        ([], "violated"),
        (None, "unknown"),
    ],
)
def test_a_condition_counts_the_records_that_count(
    tmp_path: Path, staff: list[dict[str, Any]] | None, verdict: str
) -> None:
    begun = staff and [{"since": "2025-01-01", **one} for one in staff]
    result = decide(
        tmp_path,
        {"security_staff": begun, "company": {}},
        kind="condition",
        each="company",
        records={"of": "/security_staff", "where": {"full_time": True}},
        at_least=2,
    )
    assert result.verdict == verdict


IN_FORCE = {"status": "正常", "renewal": "none"}


def held(category: str, since: str, until: str) -> list[dict[str, Any]]:
    return [{"categories": [category], "valid_from": since, "valid_until": until, **IN_FORCE}]


LINK = {
    "id": "l",
    "in_service_on": "2024-01-01",
    "kind": "leased_line",
    "contract": {"from": "2024-01-01", "to": "2025-12-31"},
}


@pytest.mark.parametrize(
    ("licences", "verdict"),
    [
        (
            held("A14", "2023-01-01", "2026-01-01"),
            "satisfied",
        ),
        (
            held("A14", "2024-01-02", "2026-01-01"),
            "violated",
        ),
        (
            held("A14", "2023-01-01", "2025-05-31"),
            "violated",
        ),
        (
            held("B14", "2023-01-01", "2026-01-01"),
            "violated",
        ),
        ([{"categories": ["A14"], "valid_from": "2023-01-01", **IN_FORCE}], "unknown"),
        ([{"valid_from": "2023-01-01", "valid_until": "2026-01-01", **IN_FORCE}], "unknown"),
        (
            [{"categories": ["A14"], "valid_from": "2023-01-01", "valid_until": "2026-01-01"}],
            "unknown",
        ),
        ([], "violated"),
        (None, "unknown"),
    ],
)
def test_a_licence_spans_the_contract_so_far(
    tmp_path: Path, licences: list[dict[str, Any]] | None, verdict: str
) -> None:
    link = {**LINK, "provider": {"name": "某运营商", "licences": licences}}
    result = decide(
        tmp_path,
        {"network_links": [link]},
        kind="licensed",
        each="network_links",
        organisation="provider",
        categories=["A1"],
        to="contract.to",
        **{"from": "contract.from"},
    )
    assert result.verdict == verdict


PROVIDER = {"name": "某运营商", "licences": held("A14", "2025-01-01", "2026-01-01")}


def test_a_licence_asks_when_the_contract_began(tmp_path: Path) -> None:
    result = decide(
        tmp_path,
        {"network_links": [{**LINK, "contract": {"to": "open"}, "provider": PROVIDER}]},
        kind="licensed",
        each="network_links",
        organisation="provider",
        categories=["A1"],
        to="contract.to",
        **{"from": "contract.from"},
    )
    assert result.verdict == "unknown"
    assert result.findings[0].pointer == "/network_links/0/contract/from"


@pytest.mark.parametrize(
    ("since", "done", "as_of", "verdict"),
    [
        ("2024-01-01", ["2024-12-01"], "2025-12-01", "satisfied"),
        ("2024-01-01", ["2024-12-01"], "2025-12-02", "violated"),
        ("2024-01-01", [], "2025-01-01", "satisfied"),
        ("2024-01-01", [], "2025-01-02", "violated"),
        ("2024-01-01", [None], "2025-01-02", "unknown"),
        ("2024-01-01", None, "2025-01-02", "unknown"),
        (None, [], "2025-01-02", "unknown"),
        ("never", [], "2025-01-02", "not applicable"),
    ],
)
def test_a_duty_comes_back_a_year_after_the_last_time(
    tmp_path: Path, since: str | None, done: list[str | None] | None, as_of: str, verdict: str
) -> None:
    records = None if done is None else [{"id": str(i), "done_on": d} for i, d in enumerate(done)]
    unit = {"id": "u", "in_production_on": "2023-06-01", "review_passed_on": since, "risk": records}
    result = decide(
        tmp_path,
        {"network_units": [unit]},
        as_of,
        kind="dated",
        each="network_units",
        act={"of": "risk", "at": "done_on"},
        anchor="review_passed_on",
        every={"months": 12},
    )
    assert result.verdict == verdict
