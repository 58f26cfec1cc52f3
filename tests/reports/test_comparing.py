"""What a change does, from two finished runs: data in, data out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import plain
from pytest_icp.reports.annotations import github
from pytest_icp.reports.comparing import compared, state_in, state_of
from pytest_icp.reports.entries import entries
from pytest_icp.reports.html import html
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.markdown import comment, markdown
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.record import Digest, Role
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Since, State, quiet_lines, since_section, title
from tests.results import FINDING, UNKNOWN, WAIVED, shown
from tests.runs import (
    GOOD,
    RECORDED,
    RUN,
    SOON,
    VIOLATED,
    WANTED,
    against,
    hostile,
    read,
    result,
    state,
    unjudged,
)

SATISFIED = result("SP12/renewal")
HERE = VIOLATED.description


def since(before: Run | State, *results: Result) -> Since:
    told = against(before, *results)
    for line in jsonl(read(told)).splitlines():
        validator("finding").validate(json.loads(line))
    assert told.since is not None
    return told.since


def run(*results: Result) -> Run:
    return replace(RUN, results=results)


def said(found: Since) -> list[str]:
    return [" ".join(line.split()) for line in quiet_lines(found, "en")]


@pytest.mark.parametrize(
    ("before", "after", "how"),
    [
        (SATISFIED, VIOLATED, "satisfied → violated"),
        (replace(WANTED, rule_id="SP12/renewal"), VIOLATED, "unknown → violated"),
        (VIOLATED, SATISFIED, "violated → satisfied"),
        (VIOLATED, replace(VIOLATED, waived=WAIVED), "violated → waived"),
        (replace(VIOLATED, waived=WAIVED), VIOLATED, "waived → violated"),
        (SATISFIED, replace(WANTED, rule_id="SP12/renewal"), "satisfied → unknown"),
        (replace(VIOLATED, level="advisory"), VIOLATED, "advisory, not met → violated"),
    ],
)
def test_each_change_of_a_rule(before: Result, after: Result, how: str) -> None:
    found = since(run(before), after)
    (change,) = found.rules
    assert change.how.en == how
    assert bool(found.new) == (after is not SATISFIED and "→ waived" not in how)


def test_what_is_the_same_is_no_change() -> None:
    found = since(run(VIOLATED, GOOD, WANTED), VIOLATED, GOOD, WANTED)
    assert found.nothing
    assert len(found.known) == 2
    assert said(found) == ["nothing: no verdict and no date differs"]


OTHER = replace(FINDING, subject="b", location=replace(FINDING.location, line=9))
BOTH = replace(VIOLATED, findings=(FINDING, OTHER))


def test_each_subject_is_new_or_mended_by_itself() -> None:
    found = since(run(VIOLATED), BOTH)
    (change,) = found.rules
    assert (change.subject, change.new) == ("b", True)
    assert "SP12/renewal: satisfied → violated [b]" in said(found)[0]
    assert (found.violations, found.fixed) == (1, 0)
    found = since(run(BOTH), VIOLATED)
    assert "SP12/renewal: violated → satisfied [b]" in said(found)[0]
    assert (found.violations, found.fixed) == (0, 1)
    alone = replace(VIOLATED, findings=(OTHER,))
    found = since(run(VIOLATED), alone)
    assert title(found).en.endswith(": 1 new, 1 fixed")
    assert [one.subject for one in found.rules] == ["b", FINDING.subject]


def test_a_subject_that_is_new_was_not_looked_at() -> None:
    elements = {HERE: frozenset({"sites: b"})}
    there = replace(state(run(VIOLATED)), elements={HERE: frozenset()})
    after = replace(state(run(BOTH)), elements=elements)
    (change,) = compared(there, after).rules
    assert change.how.en == "not looked at → violated"
    (change,) = compared(replace(there, elements=elements), after).rules
    assert change.how.en == "satisfied → violated"


def test_what_is_violated_by_another_value_is_new() -> None:
    """Shanghai becomes Singapore: the same rule, subject and fact."""
    city, other = (
        replace(VIOLATED, findings=(replace(FINDING, found=plain(name)),))
        for name in ("Shanghai", "Singapore")
    )
    found = since(run(city), other)
    assert len(found.new) == 1
    assert not found.known
    (line,) = said(found)
    assert "SP12/renewal: still violated, Shanghai → Singapore [" in line
    assert since(run(city), city).nothing
    # Of what is undecided, or waived, nothing is worse by that.
    waived = [replace(one, waived=WAIVED) for one in (city, other)]
    assert since(run(waived[0]), waived[1]).nothing


def test_lines_that_moved_and_the_day_are_no_other_value() -> None:
    texts = (
        "90 days (a/main.tf:7:3); elsewhere: b.tf:9",
        "90 days (a/main.tf:8:3); elsewhere: b.tf:1",
    )
    here, there = (
        replace(VIOLATED, findings=(replace(FINDING, found=plain(text)),)) for text in texts
    )
    assert since(run(here), there).nothing
    late = replace(VIOLATED, findings=(replace(FINDING, found=plain("10:30")),))
    assert since(run(late), replace(late, findings=(replace(FINDING, found=plain("11:30")),))).new


def test_what_is_violated_no_more_but_undecided_is_not_fixed() -> None:
    unknown = replace(VIOLATED, verdict=Verdict.UNKNOWN, findings=(replace(UNKNOWN, subject="x"),))
    found = since(run(VIOLATED), unknown)
    assert [one.how.en for one in found.rules] == ["satisfied → unknown", "violated → unknown"]
    assert (found.fixed, found.absent) == (0, ())
    same = replace(unknown, findings=(replace(UNKNOWN, subject=FINDING.subject),))
    (change,) = since(run(VIOLATED), same).rules
    assert (change.how.en, change.subject) == ("violated → unknown", FINDING.subject)


def test_unknown_rules_with_other_subjects_share_a_line() -> None:
    first = replace(WANTED, findings=(UNKNOWN,))
    more = replace(WANTED, findings=(UNKNOWN, replace(UNKNOWN, subject="b")))
    rules = [f"SP12/r{n}" for n in range(6)]
    before = [replace(first, rule_id=rule) for rule in rules]
    after = [replace(more, rule_id=rule) for rule in rules]
    (line,) = said(since(run(*before), *after))
    assert line.endswith("6 rules: SP12/r0, SP12/r1, SP12/r2, SP12/r3 …")


def test_a_rule_that_is_not_decided_any_more_is_not_fixed() -> None:
    gone = replace(VIOLATED, rule_id="SP12/gone")
    na = replace(GOOD, rule_id="SP12/na", verdict=Verdict.NOT_APPLICABLE)
    found = since(run(GOOD, gone, na), GOOD)
    (change,) = found.unseen
    assert (change.rule_id, change.how.en) == ("SP12/gone", "violated → no longer looked at")
    assert found.rules == ()


def test_an_unjudged_base_says_nothing_is_new_or_known() -> None:
    nothing = State(name="main")
    found = since(replace(nothing, unjudged=(unjudged(),)), VIOLATED)
    assert (found.new, found.known, found.rules) == (frozenset(), frozenset(), ())
    assert said(found) == ["the base cannot be used: broken"]
    assert title(found).en == "What this change does (since main)"
    other = unjudged("other.icp.yaml")
    assert since(replace(nothing, unjudged=(other,)), VIOLATED).new
    crash = unjudged(HERE, rule="SP12/renewal")
    base = state(run(SATISFIED), unjudged=(crash,))
    assert not since(base, VIOLATED).new
    assert base.unread == frozenset()


def test_what_the_base_cannot_have_is_neither_new_nor_known() -> None:
    apart = replace(FINDING, location=replace(FINDING.location, path="plans/prod/plan.json"))
    planned = replace(VIOLATED, findings=(apart,))
    for before in (run(SATISFIED), run(planned)):
        found = since(state(before, apart=("plans/prod/plan.json",)), planned)
        assert (found.new, found.known, found.rules) == (frozenset(), frozenset(), ())
    resting = frozenset({(HERE, "SP12/renewal")})
    found = since(state(run(VIOLATED), apart=("plan.json",), resting=resting), VIOLATED)
    assert (found.new, found.known) == (frozenset(), frozenset())
    assert "git does not have plan.json" in " ".join(said(found))
    many = tuple(f"{n}.json" for n in range(20))
    assert said(since(state(run(GOOD), apart=many), GOOD))[-1] == "and 8 more"


def test_what_came_with_the_days_is_new() -> None:
    base = state(run(VIOLATED))
    found = since(replace(base, dated=frozenset(base.findings)), VIOLATED)
    assert said(found)[0].split(": ")[1].startswith("violated by the calendar alone")
    assert found.new
    assert not since(base, VIOLATED).new


def test_python_tests_are_not_compared() -> None:
    found = since(run(), replace(VIOLATED, kind=KIND))
    assert (found.new, found.known, found.rules) == (frozenset(), frozenset(), ())


def test_due_dates_and_subjects() -> None:
    key = (SOON.description, SOON.rule_id, SOON.upcoming[0].subject)
    base = state(run(SOON), upcoming={key: "2020-01-01"}, elements={HERE: frozenset({"a: 1"})})
    after = compared(base, state(run(SOON), elements={HERE: frozenset({"a: 2"})}))
    (due,) = after.due
    assert due.before == "2020-01-01"
    assert (after.added, after.gone) == (((HERE, "a: 2"),), ((HERE, "a: 1"),))
    assert len(jsonl(replace(run(), since=after)).splitlines()) == 3
    assert "due 2020-01-01 →" in said(after)[0]


def test_a_setting_that_differs_is_named_first() -> None:
    base = state(run(SATISFIED), settings={"icp_ignore": "SP02", "icp_lookback": "2y"})
    after = state(run(VIOLATED), settings={"icp_select": "SP12", "icp_lookback": "2y"})
    found = compared(base, after)
    lines = said(found)
    assert lines[:2] == ["icp_ignore: SP02 → not set", "icp_select: not set → SP12"]
    assert "satisfied → violated" in lines[2]
    told = replace(run(VIOLATED), since=found)
    assert "- ⚠️ icp&#95;ignore: SP02 → not set" in comment(told)
    assert "icp_ignore: SP02 → not set" in html(told)
    line = json.loads(jsonl(told).splitlines()[1])
    validator("finding").validate(line)
    assert line["setting"] == "icp_ignore"
    # Of a report without any nobody knows.
    assert not compared(replace(base, settings={}), after).settings


def test_policies_of_the_repository_are_settings() -> None:
    before, after = (
        replace(
            RECORDED, policy_files=(Digest(role=Role.POLICY, path="own.yaml", sha256=sign * 64),)
        )
        for sign in "12"
    )
    (change,) = compared(state_of(before), state_of(after)).settings
    assert (change.name, change.before) == ("own.yaml", "1" * 12)
    outside = Digest(role=Role.POLICY, path="../own.yaml", sha256="1" * 64)
    assert not state_of(replace(RECORDED, policy_files=(outside,))).settings


def test_an_earlier_report_is_a_base(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(jsonl(read(RUN)) + "\n", "utf-8")
    base = state_in(path, "r.jsonl")
    assert base.day == RUN.as_of[:10]
    found = since(base, *RUN.results)
    assert (found.rules, found.new) == ((), frozenset())
    assert len(base.upcoming) == 1
    new = replace(VIOLATED, rule_id="SP12/other")
    (change,) = since(base, *RUN.results, new).rules
    assert change.how.en == "not looked at → violated"
    assert next(one.rule_id for one in since(base, SOON).unseen) == "SP12/renewal"


def test_what_is_tolerated_is_no_error() -> None:
    known = frozenset(entry.key for entry in entries(run(VIOLATED)))
    told = replace(run(VIOLATED), tolerated=known, tolerated_since=plain("b.json"))
    assert github(told).startswith("::notice ")
    for text in (markdown(told), html(told)):
        assert "1 finding tolerated, there since b.json" in text
    assert "tolerated" not in markdown(run(VIOLATED))


def test_lines_fit_a_terminal_and_obey_nothing() -> None:
    run_ = hostile()
    found = compared(state(run()), state_of(read(run_)))
    section = shown(since_section(found).blocks, "both", 60)
    text = "\n".join(section)
    assert "\x1b" not in text
    assert "::error" not in "".join(line[:9] for line in section)
    many = [replace(VIOLATED, rule_id=f"SP12/r{n}") for n in range(20)]
    lines = shown(since_section(since(run(), *many)).blocks)
    assert len(lines) == 13
    assert lines[-1].strip() == "and 8 more"
    assert title(found).en.startswith("What this change does (since main of 2023-12-01): ")
