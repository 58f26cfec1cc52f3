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
        "  SP12    Fw.  Changes and renewal",
        "          F renewal",
        "  SP14    ?.   Changes and renewal",
        "          ? report",
        "other.icp.yaml  as of 2023-12-08",
        "  SP12    F    Changes and renewal",
        "          F exit",
    ]


def test_ordinary_tests_stand_under_the_same_columns() -> None:
    marks = [Marked("OWN/b", Verdict.VIOLATED), Marked("OWN/a", Verdict.SATISFIED)]
    marks += [Marked("OWN/b", Verdict.NOT_APPLICABLE), Marked("LAW", Verdict.VIOLATED)]
    assert lines([rule(GOOD, "SP12/renewal")], marks) == [
        "infra/prod.icp.yaml  as of 2023-12-08",
        "  SP12    .    Changes and renewal",
        "tests with the marker icp",
        "  LAW     F",
        "  OWN     .F-  a, b",
        "          F b",
    ]
    assert lines([], marks[:1])[0] == "tests with the marker icp"


def test_a_long_name_moves_the_signs_of_every_row() -> None:
    marks = [Marked("OWNPOLICY/a", Verdict.SATISFIED), Marked("車" * 40 + "/a", Verdict.VIOLATED)]
    named, wide = lines([], marks[:1]), lines([], marks)
    assert named[1] == "  OWNPOLICY .  a"
    assert [line.rindex("  a") for line in named[1:]] == [13]
    assert wide[1].startswith("  OWNPOLICY" + " " * 15 + ".  a")
    assert wide[2].startswith("  " + "車" * 11 + "…")
    assert width(wide[2].partition("F")[0]) == wide[1].index(".")


def test_all_unknown_rules_are_named() -> None:
    some = [rule(WANTED, f"SP12/rule-{i:02}") for i in range(12)]
    every = [rule(WANTED, "SP14/report"), rule(WANTED, "SP14/sections")]
    results = [*some, rule(GOOD, "SP12/update"), *every]
    whole = lines(results)
    assert whole[3].strip() == "rule-07, rule-08, rule-09, rule-10, rule-11"
    assert whole[-1] == "          ? report, sections"


def test_many_tests_of_one_provision_take_several_lines() -> None:
    marks = [Marked("OWN/a", Verdict.SATISFIED)] * 95
    assert lines([], marks)[1:] == [
        "  OWN     " + "." * 26 + "  a",
        *["          " + "." * 26] * 2,
        "          " + "." * 17,
    ]


def test_nothing_is_wider_than_asked() -> None:
    title = plain("许可证正文与附页" * 9)
    results = [rule(BAD, f"SP12/{'name-' * 9}{i}", provision_title=title) for i in range(30)]
    marks = [Marked(f"OWN/{'name-' * 9}{i}", Verdict.VIOLATED) for i in range(60)]
    for columns in (60, 80):
        assert max(map(width, matrix(results, marks, "both", columns))) <= columns


def test_no_result_has_no_matrix() -> None:
    assert list(matrix([], [], "en", 80)) == []
