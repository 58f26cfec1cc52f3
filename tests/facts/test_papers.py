"""The papers that a company asks for: each by its name, in its description or its settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp import Settings, evaluate, load
from pytest_icp.facts.papers import papers, with_papers
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from tests.obligations import written

(RULE,) = (
    rule for policy in default_policies() for rule in policy.obligations if policy.id == "EVID"
)
STATUTE = "accuracy"
"""What rests on a statute is asked for whatever the company names."""


@pytest.mark.parametrize("part", RULE.parts, ids=lambda part: part.part)
def test_a_paper_is_asked_for_by_its_name_or_with_all(part: Any) -> None:
    asked = written(part).get("applies", {}).get("when", {}).get("papers")
    wanted = {"some": {"enum": ["all", part.part]}}
    assert asked == (None if part.part == STATUTE else wanted)


def test_the_names_are_those_of_the_parts() -> None:
    assert sorted({*papers(), STATUTE}) == sorted({"all", *(one.part for one in RULE.parts)})


@pytest.mark.parametrize(
    ("declared", "named", "asked"),
    [
        ({}, (), []),
        ({"papers": ["scan"]}, (), ["scan"]),
        ({"papers": ["scan"]}, ["truth", "scan"], ["truth", "scan"]),
        ({}, ("all",), ["all"]),
        ({"papers": None}, ("scan",), ["scan"]),
    ],
)
def test_settings_add_to_the_description(declared: Any, named: Any, asked: list[str]) -> None:
    assert with_papers({"sites": [], **declared}, named) == {"sites": [], "papers": asked}


@pytest.mark.parametrize(
    ("paper", "hint"), [("scna", "did you mean 'scan'?"), ("x", "papers: all, scan, ")]
)
def test_a_paper_that_nobody_knows(paper: str, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        with_papers({}, [paper])
    first, second = caught.value.text("en").splitlines()
    assert first == f"there is no paper {paper!r}"
    assert second.strip().startswith(hint)


def decided(folder: Path, said: str, **settings: Any) -> dict[str, str]:
    path = folder / "a.icp.yaml"
    path.write_text(f"apiVersion: pytest-icp/v1\nannual_reports: []\n{said}\n", "utf-8")
    results = evaluate(load(path), as_of="2023-11-20", settings=Settings(**settings))
    (result,) = (one for one in results if one.rule_id == RULE.rule_id)
    return {"": result.verdict.value, **{one.name: one.verdict.value for one in result.parts}}


def test_what_nobody_asks_for_does_not_apply(tmp_path: Path) -> None:
    assert set(decided(tmp_path, "attestations: []").values()) == {"not applicable"}


@pytest.mark.parametrize(
    ("said", "settings"),
    [("papers: [scan]", {}), ("", {"papers": ["scan"]}), ("papers: []", {"papers": ("scan",)})],
)
def test_what_is_asked_for_has_to_be_there(tmp_path: Path, said: str, settings: Any) -> None:
    found = decided(tmp_path, f"attestations: []\n{said}", **settings)
    assert (found["scan"], found["truth"]) == ("violated", "not applicable")
