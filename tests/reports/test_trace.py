"""How a rule is decided in a description: its facts with their places, the steps, what is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from pytest_icp.engine import prepare
from pytest_icp.facts.derived import Reading
from pytest_icp.law.location import Place
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.trace import trace
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.waivers import Waiver
from tests.derivations import described, reading
from tests.obligations import obligation, policy
from tests.results import shown

UPDATED = obligation(
    "dated",
    "corporate_events",
    act="system_updated_on",
    anchor="changed_on",
    within={"days": 30},
    where={"kind": "address"},
)
RENEWED = obligation(
    "dated", "renewal", act="applied_on", anchor="/licence/valid_until", ahead={"days": 90}
)
PLACED = obligation("placed", "servers", fact="location", at="mainland")
MOVED = {
    "id": "moved",
    "kind": "address",
    "changed_on": "2024-08-01",
    "system_updated_on": "2024-10-08",
}
RENAMED = {"id": "renamed", "kind": "name", "changed_on": "2024-02-01"}
LICENCE = {"first_issued_on": "2021-01-04", "issued_on": "2021-01-04"}
LINE = {"name": "信息服务业务（仅限互联网信息服务）", "scope": "不含信息搜索查询服务。"}

LATE = (
    "done late on 2024-10-08: it was due by 2024-09-02; "
    "this can no longer be fixed, and stays a violation until 2026-10-08"
)

Told: TypeAlias = Callable[..., list[str]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """The account of an obligation in a description of some facts, without the empty lines."""

    def lines(
        made: Obligation,
        *readings: Reading,
        as_of: str = "2025-06-01",
        family: str = "",
        waivers: tuple[Waiver, ...] = (),
        **facts: Any,
    ) -> list[str]:
        description = described(tmp_path, {"licence": LICENCE, **facts}, *readings)
        day = as_of_instant(as_of)
        scene = prepare(description, as_of=day, base=tmp_path, waivers=waivers)
        of = policy(made, family=family)
        return [one for one in shown(trace(scene, of, made), columns=200) if one]

    return lines


def test_a_subject_has_its_facts_the_calculation_and_what_was_found(told: Told) -> None:
    lines = told(UPDATED, corporate_events=[RENAMED, MOVED])
    assert lines[:2] == ["In prod.icp.json, as of 2025-06-01", "  verdict: violated"]
    at = lines.index("  subject moved prod.icp.json:13:3")
    assert lines[at + 1 : at + 5] == [
        "    kind: address  prod.icp.json:15:12",
        "    system_updated_on: 2024-10-08  prod.icp.json:17:25",
        "    changed_on: 2024-08-01  prod.icp.json:16:18",
        "    calculation",
    ]
    assert lines[at + 8 :] == [
        "      4. done: 2024-10-08; due by 2024-09-02",
        f"    violated: {LATE}",
        "      found: 2024-10-08",
        "      required: on or before 2024-09-02",
        # What is not meant comes last.
        "  subject renamed prod.icp.json:8:3",
        "    kind: name  prod.icp.json:10:12",
        "    changed_on: 2024-02-01  prod.icp.json:11:18",
        "    not declared: system_updated_on",
        "    The rule does not apply to it.",
    ]


def test_a_subject_that_complies_is_said_to_whether_or_not_it_is_meant(told: Told) -> None:
    lines = told(
        UPDATED, corporate_events=[{**MOVED, "kind": None, "system_updated_on": "2024-08-02"}]
    )
    assert lines[-1] == "    No findings, whether or not the rule applies to it."


def test_what_lies_after_the_instant_is_told_with_what_is_written(told: Told) -> None:
    lines = told(UPDATED, corporate_events=[MOVED], as_of="2024-09-01")
    said = "    system_updated_on: never (2024-10-08 is declared, which is later)  "
    assert f"{said}prod.icp.json:12:25" in lines
    assert "    No findings." in lines
    assert lines[-1].startswith("  note: due by 2024-09-02, in 1 day")


def test_what_is_not_declared_is_named_with_the_line_to_add(told: Told) -> None:
    shared = ["  facts shared by all subjects", "    not declared: licence.valid_until"]
    lines = told(RENEWED, renewal={"intention": "renew"}, licence={})
    assert lines[2] == shared[0]
    assert lines[3].startswith(shared[1])
    assert lines[5] == "    not declared: applied_on"
    assert lines[-2:] == ["          licence:", "            valid_until: null  # YYYY-MM-DD"]
    assert told(RENEWED)[5:] == [
        "    not declared: licence.valid_until",
        "  No subject is declared.",
        "    unknown: “Renewal” is not declared, so this cannot be decided",
        "      found: not declared",
        "      required: declare “Renewal”",
        "      to add (replace null with the actual value)",
        "          renewal: null  # none | {intention: renew | exit | undecided, …}",
    ]


def test_subjects_with_findings_come_first_and_those_beyond_ten_are_counted(told: Told) -> None:
    fine = {**MOVED, "system_updated_on": "2024-08-02"}
    late = [{**MOVED, "id": f"m{i}"} for i in range(12)]
    lines = told(UPDATED, corporate_events=[{**fine, "id": "fine"}, *late])
    subjects = [line.split()[1] for line in lines if line.startswith("  subject ")]
    assert subjects == [f"m{i}" for i in range(10)]
    assert lines[-1] == "  3 more subjects not shown."


def test_an_object_is_told_member_by_member_and_a_derived_one_with_its_resource(told: Told) -> None:
    located = {"country": "CN", "city": "北京市"}
    lines = told(PLACED, servers=[{"id": "a", "location": located}])
    assert "    location.country: CN  prod.icp.json:11:16" in lines
    assert "    location.city: 北京市  prod.icp.json:12:13" in lines
    lines = told(PLACED, reading("q", {"servers": [{"id": "web", "location": {"country": "US"}}]}))
    assert any(line.endswith(":4:1  res.q, servers/0/location") for line in lines)
    assert "      resource: res.q, servers/0/location/country" in lines


def test_what_does_not_apply_or_bind_says_why(told: Told) -> None:
    assert told(UPDATED, corporate_events=[])[1:3] == [
        "  verdict: not applicable",
        "    “Corporate events” is declared empty: there are none",
    ]
    licence = {**LICENCE, "service_lines": [LINE]}
    lines = told(UPDATED, corporate_events=[MOVED], family="B24", licence=licence)
    assert lines[1].startswith("  The licence has no such line of business")


def test_a_waiver_is_told(told: Told) -> None:
    waiver = Waiver(
        rule="SP99/made",
        subject="*",
        reason="moving",
        owner="compliance",
        expires=date(2025, 12, 31),
        place=Place(path=Path("w.yaml"), line=1),
    )
    lines = told(UPDATED, corporate_events=[MOVED], waivers=(waiver,))
    assert lines[2] == "    waived until 2025-12-31 by compliance: moving"


def test_only_the_entries_of_the_rule_are_subjects_of_the_register(told: Told) -> None:
    entries = [{"id": "a", "rule": "SP99/made"}, {"id": "b", "rule": "SP01/other"}]
    lines = told(obligation("evidence", "attestations"), attestations=entries)
    assert [line.split()[1] for line in lines if line.startswith("  subject ")] == ["a"]
