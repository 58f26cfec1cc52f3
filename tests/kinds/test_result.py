from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from tests.results import FINDING, RESULT, WAIVED


@pytest.mark.parametrize(
    "result",
    [
        RESULT,
        replace(RESULT, waived=WAIVED),
        replace(RESULT, quote=None, findings=(), notes=(), upcoming=(), cited=()),
        replace(RESULT, findings=(replace(FINDING, due=None, cited=()),)),
    ],
)
def test_a_result_travels_as_json(result: Result) -> None:
    written = result.to_json()
    assert Result.from_json(json.loads(json.dumps(written))) == result
    assert Result.from_json(written) == result
    assert types(written) <= {dict, tuple, str, int, bool, type(None)}


def types(value: Any) -> set[type]:
    members = value.values() if isinstance(value, dict) else value
    inside = {type(value)}
    if isinstance(value, dict | tuple):
        for member in members:
            inside |= types(member)
    return inside


@pytest.mark.parametrize(
    ("changed", "failing"),
    [
        ({}, True),
        ({"level": "advisory"}, False),
        ({"waived": WAIVED}, False),
        ({"verdict": Verdict.UNKNOWN}, False),
        ({"verdict": Verdict.SATISFIED}, False),
    ],
)
def test_a_mandatory_violation_fails_unless_it_is_waived(
    changed: dict[str, Any], failing: bool
) -> None:
    assert replace(RESULT, **changed).failing is failing
