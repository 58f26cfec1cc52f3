"""Numbers of law: which of them a company may set itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.kinds.policies import load_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.rules.numbers import Value
from pytest_icp.rules.policy import Obligation
from tests.obligations import written

SAY = {"zh": "自订", "en": "our own"}
VALUE: dict[str, Any] = {
    "value": 30,
    "source": {"zh": "自定", "en": "Our own"},
    "confidence": "default",
}
PARAMETER: dict[str, Any] = {"id": "own.n", "title": SAY, "unit": "days", "values": [VALUE]}
OBLIGATION: dict[str, Any] = {
    "id": "own",
    "title": SAY,
    "meaning": SAY,
    "quote": SAY,
    "fix": SAY,
    "kind": "dated",
    "level": "mandatory",
    "basis": "licence",
    "cites": ["licence"],
    "each": "renewal",
    "act": "decided_on",
    "anchor": "applied_on",
    "within": "own.n",
}


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def numbers(folder: Path, unit: str = "days", **changes: Any) -> Path:
    number = {**PARAMETER, "unit": unit, "values": [{**VALUE, **changes}]}
    write(folder / "parameters.yaml", {"parameters": [number]})
    return folder


def reckoned(*folders: Path) -> Obligation:
    """Read the one obligation that counts ``own.n`` days, out of several folders."""
    policy = {"id": "OWN", "article": "自订", "title": SAY, "text": SAY}
    write(folders[0] / "OWN.yaml", {**policy, "obligations": [OBLIGATION]})
    (read,) = load_policies(folders)
    return read.obligations[0]


def test_a_company_sets_a_number_that_no_law_fixes(tmp_path: Path) -> None:
    shipped, own = numbers(tmp_path / "shipped"), numbers(tmp_path / "own", value=10)
    obligation = reckoned(shipped, own)
    assert written(obligation)["within"] == {"days": 10}
    assert [number.values[-1] for number in obligation.relies_on] == [
        Value(n=10, source=Text("自定", "Our own"), confidence="default")
    ]


@pytest.mark.parametrize(
    ("shipped", "own", "why"),
    [
        ({"confidence": "primary", "from": "2020-01-01"}, {}, "is fixed by law (Our own)"),
        ({}, {"unit": "hours"}, "is in days, not in hours"),
    ],
)
def test_a_number_of_law_is_not_set_anew(
    tmp_path: Path, shipped: dict[str, str], own: dict[str, str], why: str
) -> None:
    folders = numbers(tmp_path / "shipped", **shipped), numbers(tmp_path / "own", **own)
    with pytest.raises(InputError) as caught:
        reckoned(*folders)
    assert why in str(caught.value)
    assert caught.value.place
    assert caught.value.place.path == tmp_path / "own" / "parameters.yaml"


def test_a_number_stands_once_in_a_file(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    write(folder / "parameters.yaml", {"parameters": [PARAMETER, PARAMETER]})
    with pytest.raises(InputError, match="defined twice"):
        reckoned(folder)
