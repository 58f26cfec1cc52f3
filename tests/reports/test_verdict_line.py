from __future__ import annotations

from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.reports.matrix import Marked
from pytest_icp.reports.verdict_line import verdict_line
from tests.results import RESULT, WAIVED


def test_a_run_in_a_line() -> None:
    results = [
        replace(RESULT, verdict=Verdict.SATISFIED),
        replace(RESULT, verdict=Verdict.SATISFIED),
        replace(RESULT, verdict=Verdict.UNKNOWN, level="advisory"),
        replace(RESULT, verdict=Verdict.VIOLATED),
        replace(RESULT, verdict=Verdict.VIOLATED, waived=WAIVED),
    ]
    line = verdict_line(results)
    assert line
    assert line.en == (
        f"{RESULT.description} as of 2023-12-08: 1 violated; 1 advisory, unknown; 1 waived; "
        "2 satisfied"
    )
    assert line.zh == (
        f"{RESULT.description} 截至 2023-12-08：违反 1，建议性要求无法判断 1，已豁免 1，符合 2"
    )


def test_several_descriptions_and_ordinary_tests_count_together() -> None:
    results = [
        replace(RESULT, verdict=Verdict.SATISFIED, description=name) for name in ("a", "b", "c")
    ]
    line = verdict_line(results, [Marked("OWN/a", Verdict.VIOLATED)])
    assert line
    assert line.en == "3 descriptions as of 2023-12-08: 1 violated; 3 satisfied"


def test_without_a_description_there_is_no_line() -> None:
    assert verdict_line([], [Marked("OWN/a", Verdict.VIOLATED)]) is None
