"""Plans of real projects: what came of each, and the facts that were compared by eye."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.facts.derived import KNOWING
from pytest_icp.facts.files.schema import validator
from pytest_icp.law.jsontypes import tokens
from tests.sources.plan_files import (
    REAL,
    facts,
    golden,
    outcomes,
    pointers,
    read_real,
    real_files,
    told,
)

GOLDEN = [path for path in real_files() if golden(path).exists()]


def test_every_plan_is_accepted_or_refused_with_its_reason() -> None:
    assert outcomes() == (REAL / "outcomes.tsv").read_text("utf-8")


def test_every_plan_names_its_source() -> None:
    rows = (REAL / "INDEX.tsv").read_text("utf-8").splitlines()[1:]
    assert [row.split("\t")[0] for row in rows] == [path.name for path in real_files()]
    assert all(all(row.split("\t")) for row in rows)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem[-60:])
def test_the_facts_are_those_that_were_compared_by_eye(path: Path) -> None:
    derived = read_real(path)
    assert told(derived) == json.loads(golden(path).read_text("utf-8"))
    assert validator("description").is_valid(
        {"apiVersion": "pytest-icp/v1", "licence_file": "licence.yaml", **derived.facts}
    )
    for pointer in pointers(derived):
        kind, index, name = tokens(pointer)
        value = facts(derived)[kind][int(index)][name]
        if not isinstance(value, dict):
            assert (value is not None) == (derived.trace(pointer).status in KNOWING), pointer
