from __future__ import annotations

import json

from msgspec.structs import replace

from pytest_icp.reports.baseline import baseline_section, baseline_text, known_findings, stale
from pytest_icp.reports.entries import entries
from pytest_icp.reports.run import Run
from pytest_icp.rules.baseline import KnownFinding
from tests.results import FINDING, LOCATION
from tests.runs import GOOD, PARDONED, RUN, VIOLATED, hostile


def baseline(run: Run) -> list[KnownFinding]:
    return [KnownFinding(**one) for one in json.loads(baseline_text(run))["findings"]]


def beside(run: Run, known: list[KnownFinding]) -> list[str]:
    marked = replace(run, known=frozenset(one.key for one in known))
    return list(baseline_section(marked, known, "en", 80).lines)


def test_it_holds_what_is_open_and_nothing_that_a_day_or_an_edit_changes() -> None:
    assert known_findings(RUN) == len(baseline(RUN)) == 3
    moved = replace(FINDING, location=replace(LOCATION, line=99), due="2030-01-01")
    other = replace(RUN, results=(replace(VIOLATED, findings=(moved,), as_of="2030-01-01"),))
    assert baseline(other) == [one for one in baseline(RUN) if one.rule == "SP12/renewal"]


def test_the_run_it_was_written_of_has_nothing_new() -> None:
    assert beside(RUN, baseline(RUN)) == ["  0 new, 3 in the baseline; both count as usual"]


def test_what_is_tolerated_is_not_said_to_count() -> None:
    run = replace(RUN, tolerated=frozenset({("infra/prod.icp.yaml", "0")}))
    assert beside(run, baseline(RUN)) == ["  0 new, 3 in the baseline"]


def test_what_is_new_is_listed() -> None:
    (known,) = baseline(replace(RUN, results=(VIOLATED,)))
    lines = beside(RUN, [known])
    assert lines[0] == "  2 new, 1 in the baseline; both count as usual"
    assert lines[1] == "  new: infra/prod.icp.yaml:7:15: SP09/record-kept [renewal]"


def test_what_is_fixed_is_reported() -> None:
    fixed = replace(RUN, results=(replace(GOOD, rule_id="SP12/renewal"),))
    known = baseline(replace(RUN, results=(VIOLATED,)))
    assert stale(fixed, known) == known
    assert beside(fixed, known)[1:] == [
        "  no longer there: infra/prod.icp.yaml: SP12/renewal [renewal]",
        "  write it again to drop these: pytest-icp baseline --force",
    ]


def test_what_was_not_decided_is_not_stale_but_a_rule_that_is_gone_is() -> None:
    known = baseline(replace(RUN, results=(VIOLATED,)))
    assert stale(replace(RUN, results=()), known) == []
    gone = [replace(known[0], rule="SP99/gone")]
    assert stale(replace(RUN, results=()), gone) == gone


def test_the_same_finding_of_another_description_is_new() -> None:
    known = baseline(replace(RUN, results=(VIOLATED,)))
    other = replace(RUN, results=(replace(VIOLATED, description="infra/test.icp.yaml"),))
    assert beside(other, known)[0].startswith("  1 new, 0 in the baseline")


def test_a_violation_that_is_waived_meanwhile_is_not_stale() -> None:
    pardoned = replace(PARDONED, rule_id="SP12/renewal")
    known = baseline(replace(RUN, results=(VIOLATED,)))
    assert stale(replace(RUN, results=(pardoned,)), known) == []
    assert [entry.known for entry in entries(replace(RUN, results=(pardoned,)))] == [False]


def test_long_lists_are_counted() -> None:
    findings = tuple(replace(FINDING, subject=f"s{i}") for i in range(14))
    run = replace(RUN, results=(replace(VIOLATED, findings=findings),))
    assert beside(run, [])[-1] == "  and 2 more"
    assert (
        beside(replace(RUN, results=(replace(GOOD, rule_id="SP12/renewal"),)), baseline(run))[-2]
        == "  and 2 more"
    )


def test_hostile_text_stays_on_its_line() -> None:
    run = hostile()
    lines = "".join(beside(run, []))
    assert not {"\x1b", "\u202e"} & set(lines)
    assert json.loads(baseline_text(run))
