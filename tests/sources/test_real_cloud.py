"""Real answers of tools and serverless files: the facts, each with its line, as checked by eye."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_icp.facts.files.schema import validator
from tests.sources.cloud_files import FOLDERS, REAL, files, golden, told


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_facts_are_those_that_were_checked_by_eye(path: Path) -> None:
    said = told(path)
    assert said == json.loads(golden(path).read_text("utf-8"))
    validator("description").validate({"apiVersion": "pytest-icp/v1", **said["facts"]})


@pytest.mark.parametrize("kind", FOLDERS)
def test_every_file_names_its_source(kind: str) -> None:
    listed = (REAL / kind / "INDEX.tsv").read_text("utf-8").splitlines()[1:]
    names = {path.name for path in files() if path.parent.name == kind}
    assert {line.split("\t")[0] for line in listed} == names
    assert len(names) >= 5
