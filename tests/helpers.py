"""Reading the case files, and what several test modules ask of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from pytest_icp.authoring.cases import Case, CaseFile, read_cases

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"

LAST_GOOD = "last good"
FIRST_BAD = "first bad"


@cache
def case_files() -> tuple[CaseFile, ...]:
    """Read every case file."""
    return read_cases(CASES)


@cache
def all_cases() -> tuple[Case, ...]:
    """Read the cases of every file."""
    return tuple(case for file in case_files() for case in file.cases)


def written_keys(text: str) -> tuple[set[str], set[str]]:
    """Return the anchors that a YAML text defines and the aliases that refer to them."""
    tokens = list(yaml.scan(text))
    anchors = {token.value for token in tokens if isinstance(token, yaml.AnchorToken)}
    aliases = {token.value for token in tokens if isinstance(token, yaml.AliasToken)}
    return anchors, aliases
