from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.kinds.policies import load_policies, written_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.fields import Written
from pytest_icp.rules.undecidable import unknown_facts, unknown_when
from tests.rules.test_policies import OBLIGATION, POLICY, own, write


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"each": "serverz"}, ["no description has the fact 'serverz'", "did you mean 'servers'?"]),
        (
            {"each": "servers", "where": {"role": {"enum": ["orgin"]}}, "require": {"id": "a"}},
            ["'servers.role' is never 'orgin'", "did you mean 'origin'?"],
        ),
        (
            {
                "each": "network_units.changes",
                "require": {"kind": "grading"},
                "happened": "../in_production",
            },
            [
                "no description has the fact 'network_units.in_production'",
                "did you mean 'in_production_on'?",
            ],
        ),
        (
            {"applies": {"when": {"company": {"nam": "a"}}}},
            ["no description has the fact 'company.nam'", "did you mean 'name'?"],
        ),
    ],
)
def test_what_no_description_has_is_refused_where_it_stands(
    tmp_path: Path, changed: dict[str, Any], said: list[str]
) -> None:
    folder = own(tmp_path, **changed)
    with pytest.raises(InputError) as caught:
        load_policies([folder])
    lines = caught.value.text("en").splitlines()
    assert lines[0].startswith(f"{folder}/OWN.yaml:")
    assert all(words in line for words, line in zip(said, lines, strict=True))
    # Who asks for all that is odd is told of it otherwise.
    assert len(written_policies([folder])) == 1


def test_whom_a_whole_policy_binds_is_a_condition_too(tmp_path: Path) -> None:
    assert list(unknown_when(None)) == []
    assert list(unknown_when({"items": ["B25"]})) == []
    (one,) = unknown_when({"when": {"company": {"nam": "a"}}})
    assert one.path == ("applies", "when", "company", "nam")
    write(tmp_path / "OWN.yaml", {**POLICY, "applies": {"when": {"firm": {"name": "a"}}}})
    with pytest.raises(InputError, match="'firm'"):
        load_policies([tmp_path])


def test_of_a_kind_of_others_only_what_every_kind_has_is_looked_at() -> None:
    own_kind = {**OBLIGATION, "kind": "named", "require": {"zzz": 1}, "fact": "zzz"}
    assert list(unknown_facts(Written(own_kind).fields)) == []
    wrong = {**own_kind, "where": {"nam": "a"}, "applies": {"when": {"firm": {"name": "a"}}}}
    assert [one.path for one in unknown_facts(Written(wrong).fields)] == [
        ("where", "nam"),
        ("applies", "when", "firm"),
    ]
