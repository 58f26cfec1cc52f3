from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.cli.account import MOST, account
from pytest_icp.engine import prepare
from pytest_icp.facts.description import load
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.times import as_of_instant
from pytest_icp.reports.trace import Account
from pytest_icp.rules.policy import Obligation
from tests.obligations import obligation, policy

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


def told(made: Obligation, as_of: str = "2025-06-01", family: str = "") -> Account:
    """The account of an obligation in the description of the current folder."""
    description = load(Path("prod.icp.yaml"))
    scene = prepare(description, as_of=as_of_instant(as_of), base=Path.cwd())
    return account(scene, policy(made, family=family), made)


def describe(folder: Path, **facts: str) -> None:
    lines = ["apiVersion: pytest-icp/v1", *(f"{name}: {value}" for name, value in facts.items())]
    (folder / "prod.icp.yaml").write_text("\n".join(lines) + "\n", "utf-8")


def values(found: Any) -> list[tuple[str, Any, str]]:
    return [(value.path, value.value, str(value.location)) for value in found]


def test_the_values_of_a_subject_with_their_places(folder: Path) -> None:
    found = told(UPDATED)
    moved, renamed = found.subjects
    assert found.result.verdict is Verdict.VIOLATED
    assert (moved.label, moved.applies, str(moved.location)) == ("moved", True, "prod.icp.yaml:7:5")
    assert values(moved.values) == [
        ("corporate_events.kind", "address", "prod.icp.yaml:7:23"),
        ("corporate_events.system_updated_on", "2024-10-08", "prod.icp.yaml:7:75"),
        ("corporate_events.changed_on", "2024-08-01", "prod.icp.yaml:7:44"),
    ]
    assert moved.steps[-1].en == "done on 2024-10-08, due by 2024-09-02: late"
    assert [finding.subject for finding in moved.findings] == ["moved"]
    assert (renamed.label, renamed.applies, renamed.steps) == ("renamed", False, ())


def test_facts_outside_the_subjects_stand_apart(folder: Path) -> None:
    found = told(RENEWED)
    assert found.each == "renewal"
    assert values(found.shared) == [
        ("licence.valid_until", "2026-01-04", "licence.yaml:4:14"),
        ("licence.first_issued_on", "2021-01-04", "licence.yaml:5:18"),
        ("licence.issued_on", "2021-01-04", "licence.yaml:3:12"),
    ]
    assert [value.path for value in found.subjects[0].values] == ["renewal.applied_on"]


def test_what_lies_after_the_instant_is_told_with_what_is_written(folder: Path) -> None:
    value = told(UPDATED, as_of="2024-09-01").subjects[0].values[1]
    assert (value.value, value.written) == ("never", "2024-10-08")


def test_what_is_not_declared_has_no_value(folder: Path) -> None:
    describe(folder, renewal="{intention: renew}")
    found = told(RENEWED)
    assert values(found.shared) == [
        ("licence.valid_until", None, "prod.icp.yaml:2:28"),
        ("licence.first_issued_on", None, "prod.icp.yaml:2:28"),
        ("licence.issued_on", None, "prod.icp.yaml:2:28"),
    ]
    assert found.subjects[0].values[0].value is None
    assert found.subjects[0].steps == ()
    assert [finding.verdict for finding in found.subjects[0].findings] == [Verdict.UNKNOWN]


def test_subjects_with_findings_come_first_and_those_not_meant_last(folder: Path) -> None:
    describe(
        folder,
        corporate_events="[{id: a, kind: name}, "
        "{id: b, kind: address, changed_on: 2024-02-01, system_updated_on: 2024-02-02}, "
        "{id: c, kind: address, changed_on: 2024-02-01, system_updated_on: never}]",
    )
    assert [subject.label for subject in told(UPDATED).subjects] == ["c", "b", "a"]


def test_of_many_subjects_the_first_are_told(folder: Path) -> None:
    events = ", ".join(f"{{id: e{n}, kind: address}}" for n in range(MOST + 3))
    describe(folder, corporate_events=f"[{events}]")
    found = told(UPDATED)
    assert (len(found.subjects), found.more) == (MOST, 3)


def test_of_many_shared_values_the_first_are_told(folder: Path) -> None:
    sites = ", ".join(f"{{id: s{n}, domains: [s{n}.cn]}}" for n in range(MOST + 2))
    describe(folder, sites=f"[{sites}]", domains="[{id: s1.cn, name: s1.cn}]")
    made = obligation("match", "domains", fact="name", among={"of": "/sites", "at": "domains"})
    found = told(made)
    assert (len(found.shared), found.more_values) == (MOST, 2)
    assert found.shared[1].value == ["s1.cn"]


def test_an_object_is_told_member_by_member(folder: Path) -> None:
    describe(folder, servers="[{id: a, location: {country: CN, city: 北京市}}]")
    made = obligation("placed", "servers", fact="location", at="mainland")
    assert values(told(made).subjects[0].values) == [
        ("servers.location.country", "CN", "prod.icp.yaml:2:39"),
        ("servers.location.city", "北京市", "prod.icp.yaml:2:49"),
    ]


def test_an_object_of_one_member_is_told_whole(folder: Path) -> None:
    describe(folder, log_stores="[{id: a, retention: {days: 200}}]")
    made = obligation("dated", "log_stores", reaches={"months": 6}, kept="retention")
    assert values(told(made).subjects[0].values) == [
        ("log_stores.retention", {"days": 200}, "prod.icp.yaml:2:33")
    ]


def test_only_the_entries_of_the_rule_are_subjects_of_the_register(folder: Path) -> None:
    describe(folder, attestations="[{id: a, rule: SP99/made}, {id: b, rule: SP01/other}]")
    made = obligation("evidence", "attestations")
    assert [subject.label for subject in told(made).subjects] == ["a"]


def test_elements_that_have_not_begun_do_not_shift_the_places(folder: Path) -> None:
    describe(
        folder,
        sites="[{id: later, launched_on: 2030-01-01, name: 甲}, {id: now, name: 乙}]",
        company="{name: 乙}",
    )
    made = obligation("match", "company", fact="name", among="/sites/name", how="name")
    (now,) = told(made).shared
    assert (now.value, now.written, str(now.location)) == ("乙", "乙", "prod.icp.yaml:2:72")


@pytest.mark.parametrize(("family", "binds"), [("", True), ("B25", True), ("B11", False)])
def test_whether_the_provision_binds_the_licence(folder: Path, family: str, binds: bool) -> None:
    assert told(RENEWED, family=family).binds is binds
