from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import plain
from pytest_icp.reports.layout import width
from pytest_icp.reports.matrix import Marked, matrix, sign
from tests.results import FINDING, RESULT, UNKNOWN, WAIVED

GOOD = replace(RESULT, verdict=Verdict.SATISFIED, findings=(), notes=(), upcoming=())
IDLE = replace(GOOD, verdict=Verdict.NOT_APPLICABLE)
WANTED = replace(GOOD, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
BAD = replace(GOOD, verdict=Verdict.VIOLATED, findings=(FINDING,))
ADVISORY = replace(BAD, level="advisory")
ADVISED = replace(WANTED, level="advisory")
PARDONED = replace(BAD, waived=WAIVED)
LEGEND = "  . satisfied  F violated  ? unknown  a/u advisory  w waived  - not applicable"


def rule(result: Result, name: str, **changed: Any) -> Result:
    return replace(result, rule_id=name, provision=name.partition("/")[0], **changed)


def lines(results: Iterable[Result], marked: Iterable[Marked] = (), columns: int = 80) -> list[str]:
    *found, legend = matrix(list(results), marked, "en", columns)
    assert legend == LEGEND
    return found


@pytest.mark.parametrize(
    ("result", "letter"),
    [
        (GOOD, "."),
        (IDLE, "-"),
        (WANTED, "?"),
        (BAD, "F"),
        (ADVISORY, "a"),
        (PARDONED, "w"),
        (ADVISED, "u"),
    ],
)
def test_one_sign_for_each_result(result: Result, letter: str) -> None:
    assert sign(result) == letter


def test_a_row_for_each_provision() -> None:
    results = [
        rule(BAD, "SP12/renewal"),
        rule(PARDONED, "SP12/stop"),
        rule(GOOD, "SP12/update"),
        rule(WANTED, "SP14/report"),
        rule(GOOD, "SP14/sections"),
        rule(BAD, "SP12/exit", description="other.icp.yaml"),
    ]
    assert lines(results) == [
        "infra/prod.icp.yaml  as of 2023-12-08",
        "  Provision                 F  ?  w  .  Rules not met",
        "  SP12 Changes and renewal  1     1  1  F renewal",
        "  SP14 Changes and renewal     1     1  ? report",
        "other.icp.yaml  as of 2023-12-08",
        "  Provision                 F  Rules not met",
        "  SP12 Changes and renewal  1  F exit",
    ]


def test_ordinary_tests_have_a_matrix_of_their_own() -> None:
    marks = [Marked("OWN/b", Verdict.VIOLATED), Marked("OWN/a", Verdict.SATISFIED)]
    marks += [Marked("OWN/b", Verdict.NOT_APPLICABLE), Marked("LAW", Verdict.VIOLATED)]
    assert lines([rule(GOOD, "SP12/renewal")], marks)[2:] == [
        "  SP12 Changes and renewal  1",
        "tests with the marker icp",
        "  Provision  F  .  -  Rules not met",
        "  LAW        1        F LAW",
        "  OWN a, b   1  1  1  F b",
    ]


def test_all_unknown_rules_are_named() -> None:
    some = [rule(WANTED, f"SP12/rule-{i:02}") for i in range(12)]
    text = " ".join(lines([rule(BAD, "SP12/a"), *some, rule(GOOD, "SP12/update")]))
    assert all(f"rule-{i:02}" in text for i in range(12))
    assert "F a; ? rule-00" in text


def test_nothing_is_wider_than_asked() -> None:
    title = plain("许可证正文与附页" * 9)
    results = [rule(BAD, f"SP12/{'name-' * 9}{i}", provision_title=title) for i in range(30)]
    marks = [Marked(f"OWN/{'name-' * 9}{i}", Verdict.VIOLATED) for i in range(60)]
    for columns in (60, 80):
        assert max(map(width, matrix(results, marks, "both", columns))) <= columns


def test_no_result_has_no_matrix() -> None:
    assert list(matrix([], [], "en", 80)) == []
