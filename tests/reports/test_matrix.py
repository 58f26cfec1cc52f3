from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import plain
from pytest_icp.reports.layout import width
from pytest_icp.reports.matrix import Marked, matrix
from tests.results import FINDING, RESULT, UNKNOWN, WAIVED

GOOD = replace(RESULT, verdict=Verdict.SATISFIED, findings=(), notes=(), upcoming=())
WANTED = replace(GOOD, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
BAD = replace(GOOD, verdict=Verdict.VIOLATED, findings=(FINDING,))
PARDONED = replace(BAD, waived=WAIVED)
LEGEND = "  . satisfied  F violated  ? unknown  a/u advisory  w waived  - not applicable"


def rule(result: Result, name: str, **changed: Any) -> Result:
    return replace(result, rule_id=name, provision=name.partition("/")[0], **changed)


def lines(results: Iterable[Result], marked: Iterable[Marked] = (), columns: int = 80) -> list[str]:
    *found, legend = matrix(list(results), marked, "en", columns)
    assert legend == LEGEND
    return found


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


def test_nothing_is_wider_than_asked() -> None:
    title = plain("许可证正文与附页" * 9)
    results = [rule(BAD, f"SP12/{'name-' * 9}{i}", provision_title=title) for i in range(30)]
    marks = [Marked(f"OWN/{'name-' * 9}{i}", Verdict.VIOLATED) for i in range(60)]
    for columns in (60, 80):
        assert max(map(width, matrix(results, marks, "both", columns))) <= columns
