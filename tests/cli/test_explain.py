from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from pytest_icp.cli.explain import explained as explanation
from pytest_icp.cli.explain import find_rule
from pytest_icp.engine import Scene, prepare
from pytest_icp.facts.description import load
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant, civil_date
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.layout import width
from pytest_icp.reports.words import Language
from pytest_icp.rules.policy import Policy
from tests.helpers import for_each
from tests.obligations import obligation, policy

POLICIES = default_policies()
DAY = as_of_instant("2025-06-01")
RULES = [o.rule_id for policy in POLICIES for o in policy.obligations]


def explained(
    rule: str,
    language: Language = "en",
    description: str | None = None,
    policies: Sequence[Policy] = POLICIES,
) -> str:
    scene = scene_of(Path(description).absolute()) if description else None
    return Screen(language).text(explanation(rule, policies, civil_date(DAY), scene))


@cache
def scene_of(description: Path) -> Scene:
    return prepare(load(description), as_of=DAY, base=description.parent)


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
      3. done: never; due by 2025-10-06
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
        ("SP12/zzz", "the rules of SP12 are: SP12/update, SP12/renewal"),
        ("renewal-please", "name a rule, such as SP12/renewal, or a provision"),
    ],
)
def test_a_rule_that_there_is_not(name: str, hint: str) -> None:
    with pytest.raises(InputError, match=f"there is no rule '{name}'(.|\n)*{hint}"):
        find_rule(name, POLICIES)


def test_a_fact_that_the_schema_does_not_know_is_named_by_its_path() -> None:

    odd = policy(obligation("condition", "servers", require={"colour": "red"}))
    text = explained("SP99/made", policies=(odd,))
    assert "required: “servers.colour” is red" in text


def test_a_provision_with_the_verdicts_of_a_description(folder: Path) -> None:
    text = explained("SP12", "both", description="prod.icp.yaml")
    assert "  SP12/renewal：符合：" in text
    assert "  SP12/renewal: satisfied: " in text
