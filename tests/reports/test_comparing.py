"""What a change does, from two finished runs: data in, data out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.comment import comment
from pytest_icp.reports.comment_title import title_of
from pytest_icp.reports.comparing import compared, findings_of
from pytest_icp.reports.earlier import earlier_run
from pytest_icp.reports.entries import entries
from pytest_icp.reports.github import github
from pytest_icp.reports.html.page import html
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.markdown import markdown
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import Base, Since, Unjudged
from pytest_icp.reports.since_text import since_lines, since_section, title
from pytest_icp.reports.touched import touched
from tests.results import FINDING, UNKNOWN, WAIVED
from tests.runs import GOOD, RUN, SOON, VIOLATED, WANTED, hostile, result

SATISFIED = result("SP12/renewal")
HERE = VIOLATED.description


def base_of(run: Run, **more: object) -> Base:
    return Base(
        name="main",
        day="2023-12-01",
        standings={(one.description, one.rule_id): one.standing for one in run.results},
        findings=findings_of(run, None, ()),
        **more,  # type: ignore[arg-type]  # the fields of a base
    )


def since(before: Run | Base, *results: object, ours: bool = False) -> Since:
    base = before if isinstance(before, Base) else base_of(before)
    after = replace(RUN, results=tuple(results))  # type: ignore[arg-type]  # results
    found = compared(after, base, lambda _: ours, {})
    for line in jsonl(replace(after, since=found)).splitlines():
        validator("finding").validate(json.loads(line))
    return found


def run(*results: object) -> Run:
    return replace(RUN, results=tuple(results))  # type: ignore[arg-type]  # results


def said(found: Since) -> list[str]:
    return [" ".join(line.split()) for line in since_lines(found, "en", None)]


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
def test_each_change_of_a_rule(before: object, after: object, how: str) -> None:
    found = since(run(before), after)
    (change,) = found.rules
    assert change.how.en == how
    assert bool(found.new) == (after is not SATISFIED and "→ waived" not in how)


def test_a_waiver_says_until_when_and_why() -> None:
    (line,) = said(since(run(VIOLATED), replace(VIOLATED, waived=WAIVED)))
    assert line.endswith("violated → waived until 2024-01-01 by compliance: agreed")


def test_what_is_the_same_is_no_change() -> None:
    found = since(run(VIOLATED, GOOD, WANTED), VIOLATED, GOOD, WANTED)
    assert found.nothing
    assert len(found.known) == 2
    assert said(found) == ["nothing: no verdict and no date differs"]


def test_further_findings_of_a_rule_are_new_and_others_are_gone() -> None:
    other = replace(FINDING, subject="b", location=replace(FINDING.location, line=9))
    both = replace(VIOLATED, findings=(FINDING, other))
    (change,) = since(run(VIOLATED), both, ours=True).rules
    assert (change.new, change.gone, change.subject, change.ours) == (1, 0, "b", True)
    (change,) = since(run(both), VIOLATED).rules
    assert (change.new, change.gone, change.ours) == (0, 1, False)
    assert "still violated, 1 fewer" in said(since(run(both), VIOLATED))[0]
    assert "still violated, 1 new [b]" in said(since(run(VIOLATED), both))[0]


def test_a_violation_on_a_line_of_the_change_is_told_as_it_may_be_worse() -> None:
    """90 days become 30: the same rule, subject and fact, and nothing that is new."""
    found = since(run(VIOLATED), VIOLATED, ours=True)
    (line,) = [one for one in said(found) if "SP12" in one]
    assert line.startswith("+ ")
    assert "SP12/renewal: still violated [" in line
    assert not found.new
    assert found.known
    assert title_of(run(VIOLATED), found) == (
        "❌",
        Text(
            zh="这项变更改动的行仍违反 1 项规则：SP12/renewal",
            en="This change edits lines that still violate 1 rule: SP12/renewal",
        ),
    )


def test_a_new_unknown_of_a_violated_rule_is_no_new_violation() -> None:
    both = replace(VIOLATED, findings=(FINDING, replace(UNKNOWN, subject="b")))
    found = since(run(VIOLATED), both)
    assert "still violated, 1 new unknown [b]" in said(found)[0]
    assert "- ❓ **SP12/renewal**" in comment(replace(run(both), since=found))


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
    whole = Unjudged(description="", location=Location(), message=plain("broken"))
    found = since(Base(name="main", standings={}, unjudged=(whole,)), VIOLATED)
    assert (found.new, found.known, found.rules) == (frozenset(), frozenset(), ())
    assert said(found) == ["the base cannot be used: broken"]
    other = replace(whole, description="other.icp.yaml")
    assert since(Base(name="main", standings={}, unjudged=(other,)), VIOLATED).new
    crash = replace(whole, description=HERE, rule_id="SP12/renewal", whole=False)
    assert not since(Base(name="main", standings={}, unjudged=(crash,)), VIOLATED).new


def test_what_the_base_cannot_have_is_neither_new_nor_known() -> None:
    apart = replace(FINDING, location=replace(FINDING.location, path="plans/prod/plan.json"))
    planned = replace(VIOLATED, findings=(apart,))
    for before in (run(SATISFIED), run(planned)):
        found = since(base_of(before, apart=("plans/prod",)), planned)
        assert (found.new, found.known, found.rules) == (frozenset(), frozenset(), ())
    resting = frozenset({(HERE, "SP12/renewal")})
    found = since(base_of(run(VIOLATED), apart=("plan.json",), resting=resting), VIOLATED)
    assert (found.new, found.known) == (frozenset(), frozenset())
    assert "git does not have plan.json" in " ".join(said(found))


def test_what_came_with_the_days_is_new() -> None:
    before = base_of(run(VIOLATED))
    day: dict[tuple[str, str], Standing] = {}
    found = since(replace(before, findings=findings_of(run(VIOLATED), day, ())), VIOLATED)
    assert said(found)[0].split(": ")[1].startswith("violated by the calendar alone")
    then = dict.fromkeys(before.findings, Standing.UNKNOWN)
    assert since(replace(before, findings=findings_of(run(VIOLATED), then, ())), VIOLATED).new
    then = dict.fromkeys(before.findings, Standing.VIOLATED)
    assert not since(replace(before, findings=findings_of(run(VIOLATED), then, ())), VIOLATED).new


def test_python_tests_are_not_compared() -> None:
    found = since(run(), replace(VIOLATED, kind=KIND))
    assert (found.new, found.known, found.rules) == (frozenset(), frozenset(), ())


def test_due_dates_and_subjects() -> None:
    key = (SOON.description, SOON.rule_id, SOON.upcoming[0].subject)
    base = base_of(run(SOON), upcoming={key: "2020-01-01"}, elements={HERE: frozenset({"a: 1"})})
    after = compared(run(SOON), base, lambda _: False, {HERE: frozenset({"a: 2"})})
    (due,) = after.due
    assert due.before == "2020-01-01"
    assert (after.added, after.gone) == (((HERE, "a: 2"),), ((HERE, "a: 1"),))
    assert len(jsonl(replace(run(), since=after)).splitlines()) == 3
    assert "due 2020-01-01 →" in said(after)[0]


def test_an_earlier_report_is_a_base(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(jsonl(RUN) + "\n", "utf-8")
    base = earlier_run(path, "r.jsonl")
    assert base.day == RUN.as_of[:10]
    found = since(base, *RUN.results)
    assert (found.rules, found.new) == ((), frozenset())
    assert len(base.upcoming) == 1
    new = replace(VIOLATED, rule_id="SP12/other")
    (change,) = since(base, *RUN.results, new).rules
    assert change.how.en == "nothing found → violated"
    assert next(one.rule_id for one in since(base, SOON).unseen) == "SP12/renewal"


def test_other_formats_say_it_first() -> None:
    both = run(VIOLATED, GOOD)
    found = compared(both, base_of(run(SATISFIED, GOOD), apart=("plan.json",)), lambda _: True, {})
    told = replace(both, since=found)
    text = markdown(told)
    assert text.index("🔀 What this change does") < text.index("SP12/renewal</b>")
    assert "satisfied → violated" in text
    assert "**+**" in text
    assert "not comparable" in text
    assert "(new)" in text
    page = html(told)
    assert page.index('id="violated"') < page.index('id="since"') < page.index('id="due"')
    assert "plan.json" in page
    (line, *_) = github(told).splitlines()
    assert line.startswith("::error ")
    assert "(new)" in line


def test_what_is_tolerated_is_no_error() -> None:
    known = frozenset(entry.key for entry in entries(run(VIOLATED)))
    told = replace(run(VIOLATED), tolerated=known, tolerated_since=plain("b.json"))
    assert github(told).startswith("::notice ")
    for text in (markdown(told), html(told)):
        assert "1 finding tolerated, there since b.json" in text
    assert "tolerated" not in markdown(run(VIOLATED))


def test_nothing_new_and_nothing_of_the_change() -> None:
    found = since(run(VIOLATED), GOOD)
    text = markdown(replace(run(GOOD), since=found))
    assert "**+**" not in text
    assert "a line of this change" not in html(replace(run(GOOD), since=found))


def test_lines_fit_a_terminal_and_obey_nothing() -> None:
    run_ = hostile()
    found = compared(run_, base_of(run()), lambda _: True, {})
    section = since_section(found, "both", 60)
    text = "\n".join(section.lines)
    assert "\x1b" not in text
    assert "::error" not in "".join(line[:9] for line in section.lines)
    many = [replace(VIOLATED, rule_id=f"SP12/r{n}") for n in range(20)]
    lines = since_section(since(run(), *many), "en", 80).lines
    assert len(lines) == 13
    assert lines[-1].strip() == "and 8 more"
    assert title(found).en == "What this change does (since main of 2023-12-01)"


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("a\nb\n", "a\nb\n", set()),
        ("a\nb\nc\n", "a\nx\nc\n", {2}),
        ("a\nc\n", "a\nb\nc\n", {2}),
        ("a\nb\nc\n", "a\nc\n", set()),
        ("", "a\n", {1}),
        ("a\nb\nc\nd\n", "x\nc\nb\ny\n", {1, 4}),
        ("a\n", "a\na\n", {2}),
    ],
)
def test_the_lines_that_a_change_wrote(before: str, after: str, lines: set[int]) -> None:
    assert touched(before.encode(), after.encode()) == lines
