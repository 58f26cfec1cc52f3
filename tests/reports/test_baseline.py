from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from pytest_icp.law.text import plain
from pytest_icp.reports.baseline import baseline_lines, baseline_section
from pytest_icp.reports.comparing import compared, state_in, state_of
from pytest_icp.reports.entries import entries
from pytest_icp.reports.run import Run
from tests.results import FINDING, LOCATION
from tests.runs import GOOD, PARDONED, RECORD, RUN, VIOLATED

ALL = replace(RUN, records=(RECORD,))
ONE = replace(ALL, results=(VIOLATED,))


def beside(tmp_path: Path, run: Run, earlier: Run) -> Run:
    """Return a run beside the baseline of an earlier one."""
    path = tmp_path / "b.jsonl"
    path.write_text("\n".join(baseline_lines(earlier)), "utf-8")
    found = compared(state_in(path, "b.jsonl"), state_of(run))
    return replace(run, known=found.known, gone=found.absent)


def said(run: Run) -> list[str]:
    return list(baseline_section(run, "en", 80).lines)


def test_it_holds_what_is_open_and_nothing_that_a_day_or_an_edit_changes() -> None:
    assert len(baseline_lines(RUN)) == 4
    moved = replace(FINDING, location=replace(LOCATION, line=99), due="2030-01-01")
    other = replace(RUN, results=(replace(VIOLATED, findings=(moved,), as_of="2030-01-01"),))
    assert set(baseline_lines(other)) < set(baseline_lines(RUN))


def test_what_is_new_is_listed(tmp_path: Path) -> None:
    lines = said(beside(tmp_path, ALL, ONE))
    assert lines[0] == "  2 new, 1 in the baseline; both count as usual"
    assert lines[1] == "  new: infra/prod.icp.yaml:7:15: SP09/record-kept [renewal]"


def test_a_violation_by_another_value_is_new(tmp_path: Path) -> None:
    worse = replace(FINDING, found=plain("2024-01-01"))
    run = replace(ONE, results=(replace(VIOLATED, findings=(worse,)),))
    assert said(beside(tmp_path, run, ONE))[0].startswith("  1 new, 0 in the baseline")


def test_what_is_fixed_is_reported(tmp_path: Path) -> None:
    fixed = replace(ONE, results=(replace(GOOD, rule_id="SP12/renewal"),))
    assert said(beside(tmp_path, fixed, ONE))[1:] == [
        "  no longer there: infra/prod.icp.yaml: SP12/renewal [renewal]",
        "  write it again to drop these: pytest-icp baseline --force",
    ]
    not_decided = replace(ONE, results=())
    assert not beside(tmp_path, not_decided, ONE).gone


def test_a_violation_that_is_waived_meanwhile_is_not_stale(tmp_path: Path) -> None:
    pardoned = replace(ONE, results=(replace(PARDONED, rule_id="SP12/renewal"),))
    run = beside(tmp_path, pardoned, ONE)
    assert not run.gone
    assert [entry.known for entry in entries(run)] == [False]


def test_long_lists_are_counted(tmp_path: Path) -> None:
    findings = tuple(replace(FINDING, subject=f"s{i}") for i in range(14))
    run = replace(ONE, results=(replace(VIOLATED, findings=findings),))
    assert said(replace(run, known=frozenset()))[-1] == "  and 2 more"
    fixed = replace(ONE, results=(replace(GOOD, rule_id="SP12/renewal"),))
    assert said(beside(tmp_path, fixed, run))[-2] == "  and 2 more"
