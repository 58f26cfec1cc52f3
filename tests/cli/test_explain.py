from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.cli.explain import account, find_rule, run_explain
from pytest_icp.engine import prepare
from pytest_icp.facts.description import load
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant, civil_date
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.explain import Account
from pytest_icp.reports.layout import width
from pytest_icp.reports.words import Language
from pytest_icp.rules.policy import Obligation, Policy
from tests.helpers import for_each
from tests.obligations import obligation, policy

POLICIES = default_policies()
RULES = [o.rule_id for policy in POLICIES for o in policy.obligations]


def explained(
    rule: str,
    language: Language = "en",
    description: str | None = None,
    policies: Sequence[Policy] = POLICIES,
) -> str:
    day = as_of_instant("2025-06-01")
    scene = prepare(load(description), as_of=day, base=Path.cwd()) if description else None
    return run_explain(rule, policies, civil_date(day), Screen(language), scene=scene)


def test_a_rule_without_a_description() -> None:
    text = explained("SP12/renewal")
    assert text.startswith("SP12/renewal\n  Renewal is applied for 90 days ahead\n")
    assert "The law in force on 2025-06-01" in text
    assert (
        "  term: 90 days before the end of the term of the licence that runs, as renewed\n" in text
    )
    assert "  renewal.applied_on: Renewal › Applied on\n" in text
    assert "verdict" not in text


def test_a_rule_with_a_description(folder: Path) -> None:
    text = explained("SP12/renewal", description="prod.icp.yaml")
    assert text[text.index("In prod.icp.yaml") :] == (
        """In prod.icp.yaml, as of 2025-06-01
  verdict: satisfied

  facts shared by all subjects
    licence.status: 正常  licence.yaml:6:9
    licence.issued_on: 2021-01-04  licence.yaml:3:12
    licence.first_issued_on: 2021-01-04  licence.yaml:5:18
    licence.valid_until: 2026-01-04  licence.yaml:4:14

  subject renewal prod.icp.yaml:4:3
    intention: renew  prod.icp.yaml:4:14
    applied_on: never  prod.icp.yaml:5:15
    not declared: decision, decided_on, new_valid_until
    calculation
      1. 2026-01-04 (Sunday, a make-up day) − 90 days = 2025-10-06 (Monday, a
         holiday); never rolled (Civil Code art. 203 does not apply to a start
         day)
      2. safe day: the last working day up to 2025-10-06, 2025-09-30 (Tuesday)
      3. not done; on 2025-06-01, 127 days left until 2025-10-06
    No findings."""
    )


def test_the_words_of_a_licence_of_its_own_are_shown(folder: Path) -> None:
    licence = folder / "licence.yaml"
    own = "provisions: [{id: SP12, text: 十二、应当提前120日提出申请。}]"
    licence.write_text(f"{licence.read_text('utf-8')}\n{own}\n", "utf-8")
    text = explained("SP12/renewal", description="prod.icp.yaml")
    shown = "The words that this licence prints\n  十二、应当提前120日提出申请。\n"
    assert shown in text
    assert "verdict: unknown" in text
    other = explained("SP14/report", description="prod.icp.yaml")
    assert "that this licence prints" not in other


def test_the_gate_of_the_provision_is_told() -> None:
    text = explained("SP15-12/blocklist")
    assert "  applies to licences of: search and retrieval\n" in text
    assert text.count("applies to who operates: search and retrieval") == 1
    told = text[text.index("The facts that decide whether it applies") :]
    assert "services.features: " in told
    assert "licence.service_lines" in told
    whole = explained("SP15-12")
    assert "When it applies\n  applies to licences of: search and retrieval\n" in whole


def test_a_provision() -> None:
    text = explained("SP12", "zh")
    assert text.startswith("SP12 十二\n  信息更新与许可延续\n")
    assert "\n  SP12/renewal：提前90日申请延续\n" in text


@for_each("rule", RULES)
def test_every_rule_can_be_explained_within_a_terminal(folder: Path, rule: str) -> None:
    text = explained(rule, "both", description="prod.icp.yaml")
    lines = [line for line in text.splitlines() if width(line) > 80]
    # A line to be pasted is not broken.
    assert [line for line in lines if not line.startswith(" " * 8)] == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("SP12/renewl", "did you mean 'SP12/renewal'"),
        ("sp12/RENEWAL", "did you mean 'SP12/renewal'"),
        ("sp12", "did you mean 'SP12'"),
        ("SP12/zzz", "the rules of SP12 are: SP12/update, SP12/renewal"),
        ("renewal-please", "name a rule, such as SP12/renewal, or a provision"),
    ],
)
def test_a_rule_that_there_is_not(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=f"there is no rule '{name}'(.|\n)*{hint}"):
        find_rule(name, POLICIES)


def test_a_fact_that_the_schema_does_not_know_is_named_by_its_path() -> None:
    from tests.obligations import obligation, policy

    odd = policy(obligation("condition", "servers", require={"colour": "red"}))
    text = explained("SP99/made", policies=(odd,))
    assert "required: “servers.colour” is red" in text


# ---- The account of a verdict


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
