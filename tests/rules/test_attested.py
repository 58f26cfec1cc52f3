from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.description import Description, load
from pytest_icp.law.errors import InputError
from pytest_icp.rules.attested import check_attested
from pytest_icp.rules.rule_ids import RuleIds

RULES = RuleIds(frozenset({"LIC/scan"}), frozenset({"LIC"}))


def described(folder: Path, attestations: str) -> Description:
    path = folder / "a.icp.yaml"
    path.write_text(f"apiVersion: pytest-icp/v1\nattestations: {attestations}\n", "utf-8")
    return load(path)


@pytest.mark.parametrize(
    "written",
    [
        "[{id: a, rule: LIC/scan}]",
        "[{id: a, rule: null}, {id: b}]",
        "[{id: a, rule: OWN/log-fields}]",
        "[]",
        "null",
    ],
)
def test_rules_that_there_may_be(tmp_path: Path, written: str) -> None:
    check_attested(described(tmp_path, written), lambda: RULES)


def test_a_misspelt_rule_is_told_at_its_place(tmp_path: Path) -> None:
    description = described(tmp_path, "[{id: a}, {id: b, rule: LIC/scam}]")
    with pytest.raises(InputError) as caught:
        check_attested(description, lambda: RULES)
    assert caught.value.text("en").splitlines() == [
        f"{tmp_path}/a.icp.yaml:2:39: there is no rule 'LIC/scam'",
        "  did you mean 'LIC/scan'?",
    ]


def test_no_rules_are_asked_for_where_nothing_is_attested(tmp_path: Path) -> None:
    def never() -> RuleIds:
        raise AssertionError

    check_attested(described(tmp_path, "[{id: a}]"), never)
