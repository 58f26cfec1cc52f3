from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.practice import breaches, by_practice

RULES = [one for policy in default_policies() for one in policy.obligations]
KNOWN = {one.own_id for rule in RULES for one in (rule, *rule.parts)}


def test_every_rule_that_a_breach_names_is_there() -> None:
    named = [rule for breach in breaches() for rule in breach.rules]
    assert not [rule for rule in named if not any(fnmatchcase(one, rule) for one in KNOWN)]


def test_the_most_pursued_rule_comes_first() -> None:
    ordered = sorted((rule.rule_id for rule in RULES), key=by_practice)
    assert ordered[0] == "SP14/report"
    assert by_practice("SP07/consent") < by_practice("SP01/rectification") < by_practice("LIC/apps")


def test_the_breaches_are_valid_and_in_order() -> None:
    check(read_source(resource("policies") / "practice.yaml"), "practice")
    ranks = [breach.rank for breach in breaches()]
    assert ranks == sorted({*ranks})


def test_the_file_of_a_company_is_no_practice(tmp_path: Path) -> None:
    """The ranks are the package's; a file of that name elsewhere is a policy, or an error."""
    from pytest_icp.kinds.policies import load_policies

    (tmp_path / "practice.yaml").write_text("breaches: []\n", "utf-8")
    with pytest.raises(InputError, match=r"practice\.yaml:1:1"):
        load_policies([resource("policies"), tmp_path])
