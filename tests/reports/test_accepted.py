from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.location import Place
from pytest_icp.law.text import plain
from pytest_icp.reports.accepted import Judged, baseline_lines, baseline_section, waiver_sections
from pytest_icp.reports.comparing import compared, state_in, state_of
from pytest_icp.reports.entries import entries
from pytest_icp.reports.run import Run
from pytest_icp.rules.waivers import Waiver
from tests.results import FINDING, LOCATION, RESULT, shown
from tests.runs import GOOD, PARDONED, RECORD, RUN, VIOLATED

BASE = Path("/repository")


def waiver(**changed: Any) -> Waiver:
    given: dict[str, Any] = {
        "rule": "SP12/renewal",
        "subject": "*",
        "reason": "agreed",
        "owner": "compliance",
        "expires": date(2023, 12, 8),
        "place": Place(path=BASE / "infra" / "icp-waivers.yaml", line=2),
    }
    return Waiver(**{**given, **changed})


def sections(
    *waivers: Waiver, results: Any = (RESULT,), names: Any = ("prod.icp.yaml",)
) -> dict[str, list[str]]:
    def beside(one: Waiver) -> set[str]:
        return {str(one.place.path.parent / name) for name in names}

    judged = Judged(results, BASE, date(2023, 12, 8), beside)
    found = waiver_sections(waivers, judged, BASE)
    return {one.title.en: shown(one.blocks, columns=200) for one in found}


def test_a_waiver_that_is_used_is_not_mentioned() -> None:
    assert sections(waiver()) == {}
    assert sections() == {}


def test_an_expired_waiver_is_listed_with_its_place() -> None:
    where = "  infra/icp-waivers.yaml:2: SP12/renewal [*]"
    assert sections(waiver(expires=date(2023, 12, 7))) == {
        "expired waivers": [f"{where} waived until 2023-12-07 by compliance: agreed"]
    }


def test_an_expired_waiver_that_matches_nothing_is_listed_once() -> None:
    assert list(sections(waiver(expires=date(2023, 12, 7), subject="web-*"))) == ["expired waivers"]


def test_a_waiver_that_matches_nothing_is_listed() -> None:
    assert list(sections(waiver(subject="web-*"))) == ["waivers that match nothing"]
    unknown = replace(RESULT, findings=(replace(FINDING, verdict=Verdict.UNKNOWN),))
    assert list(sections(waiver(), results=[unknown])) == ["waivers that match nothing"]


def test_of_a_waiver_whose_rule_was_not_judged_nothing_is_said() -> None:
    assert sections(waiver(rule="SP12/exit")) == {}
    assert sections(waiver(), results=[]) == {}
    # But for the day that everybody can read in it.
    expired = waiver(rule="SP12/exit", expires=date(2023, 12, 7))
    assert list(sections(expired)) == list(sections(expired, results=[])) == ["expired waivers"]


def test_a_waiver_is_for_every_description_of_its_folder_and_no_other() -> None:
    idle = waiver(subject="web-*")
    other = replace(RESULT, description="infra/test.icp.yaml")
    both = ("prod.icp.yaml", "test.icp.yaml")
    assert sections(idle, names=both) == {}
    assert list(sections(idle, names=both, results=[RESULT, other])) == [
        "waivers that match nothing"
    ]
    elsewhere = replace(RESULT, description="other/prod.icp.yaml")
    compliant = replace(RESULT, findings=())
    assert list(sections(waiver(), results=[compliant, elsewhere])) == [
        "waivers that match nothing"
    ]


ALL = replace(RUN, records=(RECORD,))
ONE = replace(ALL, results=(VIOLATED,))


def beside(tmp_path: Path, run: Run, earlier: Run) -> Run:
    """Return a run beside the baseline of an earlier one."""
    path = tmp_path / "b.jsonl"
    path.write_text("\n".join(baseline_lines(earlier)), "utf-8")
    found = compared(state_in(path, "b.jsonl"), state_of(run))
    return replace(run, known=found.known, gone=found.absent)


def said(run: Run) -> list[str]:
    return shown(baseline_section(run).blocks)


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
