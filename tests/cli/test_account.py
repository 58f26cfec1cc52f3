from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_icp.cli.account import account
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


def test_an_object_is_told_member_by_member(folder: Path) -> None:
    describe(folder, servers="[{id: a, location: {country: CN, city: 北京市}}]")
    made = obligation("placed", "servers", fact="location", at="mainland")
    assert values(told(made).subjects[0].values) == [
        ("servers.location.country", "CN", "prod.icp.yaml:2:39"),
        ("servers.location.city", "北京市", "prod.icp.yaml:2:49"),
    ]


def test_only_the_entries_of_the_rule_are_subjects_of_the_register(folder: Path) -> None:
    describe(folder, attestations="[{id: a, rule: SP99/made}, {id: b, rule: SP01/other}]")
    made = obligation("evidence", "attestations")
    assert [subject.label for subject in told(made).subjects] == ["a"]
