"""A service that is launched later is not there yet, whatever its status says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp import Result, evaluate
from tests.derivations import described

LATER = {"id": "cars", "status": "pilot", "launched_on": "2024-06-04", "commercial": True}


def decided(folder: Path, rule: str, *services: Any) -> Result:
    description = described(folder, {"services": [*services]})
    results = evaluate(description, as_of="2024-06-03")
    return next(result for result in results if result.rule_id == rule)


def test_the_day_decides_and_a_note_names_the_status(tmp_path: Path) -> None:
    result = decided(tmp_path, "SP15-01/pre-approval", LATER)
    assert result.verdict == "not applicable"
    (note,) = result.notes
    assert note.location.pointer == "/services/0/launched_on"
    assert note.text.en.startswith("the status of cars is pilot, but it is launched later")
    assert "（2024-06-04）" in note.text.zh


@pytest.mark.parametrize(
    ("rule", "services"),
    [
        # It is as its status says, or nothing hangs on the day.
        ("SP15-01/pre-approval", [{**LATER, "launched_on": "2024-06-03"}]),
        ("SP15-01/pre-approval", [{**LATER, "status": "planned"}]),
        ("SP15-01/pre-approval", [{**LATER, "launched_on": "never"}]),
        ("SP02/scope", [LATER]),
    ],
)
def test_nothing_is_said_of_others(tmp_path: Path, rule: str, services: list[Any]) -> None:
    result = decided(tmp_path, rule, *services)
    assert not [note for note in result.notes if "launched later" in note.text.en]
