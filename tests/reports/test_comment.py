"""The comment on a pull request, as GitHub's own parser reads it."""

from __future__ import annotations

import re

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.as_markdown import units
from pytest_icp.reports.comparing import compared, state_of
from pytest_icp.reports.markdown import LIMIT, MARKER_ROOM, comment, title_of
from pytest_icp.reports.run import Run
from pytest_icp.reports.since import DueChange, State
from tests.reports.test_markdown import Page
from tests.results import FINDING, LOCATION, UNKNOWN, UPCOMING, WAIVED
from tests.runs import (
    ADVISORY,
    GOOD,
    HOSTILE,
    RUN,
    SOON,
    TROUBLE,
    VIOLATED,
    WANTED,
    against,
    hostile,
    many,
    read,
    result,
    state,
    unjudged,
)

SATISFIED = result("SP12/renewal")
UNDECIDED = replace(WANTED, rule_id="SP12/renewal")


def before(*results: Result) -> Run:
    return replace(RUN, results=results)


def title(run: Run) -> str:
    sign, said = title_of(run, run.since)
    assert "项" in said.zh or "不" in said.zh or "没有" in said.zh
    return f"{sign} {said.en}"


ROOM = LIMIT - MARKER_ROOM
OURS = {
    *("h3", "p", "table", "thead", "tbody", "tr", "th", "td", "strong", "b", "em", "ul", "li"),
    *("code", "pre", "details", "summary", "blockquote", "sub"),
}


def page(run: Run) -> Page:
    text = cmarkgfm.github_flavored_markdown_to_html(comment(run), Options.CMARK_OPT_UNSAFE)
    read = Page(text)
    assert read.open == []
    return read


def seen(run: Run) -> list[str]:
    """Return the lines that are seen before anything is unfolded."""
    text = comment(run)
    shown = re.sub(r"(?s)(<summary>[^\n]*</summary>).*?\n</details>\n(?!\n</details>)", r"\1", text)
    return [line for line in shown.splitlines() if line]


BROKEN = against(before(SATISFIED, GOOD), VIOLATED, GOOD)


def test_a_breach_is_one_line() -> None:
    text = comment(BROKEN)
    assert text.startswith(
        "### ❌ This change breaks 1 rule of the licence: SP12/renewal\n\n"
        "Compared with main of 2023-12-01, as of 2023-12-08 · pytest-icp 1.2.3\n\n"
        "- ❌ **SP12/renewal** <code>infra/prod.icp.yaml:7</code> "
        "satisfied → violated: not done, and overdue. Fix: Apply now.\n\n"
        "<details><summary>What is new, and how to fix it: ❌ 1</summary>\n"
    )
    assert "<summary>In all: ❌ Violated <b>1</b> · ✅ Satisfied <b>1</b></summary>" in text
    assert "\n**fix** Apply now.\n" in text


def test_a_message_is_whole_and_what_it_assumes_is_left_to_the_fold() -> None:
    said = Text(zh="在境外（假定 `production: true`）", en="abroad (assuming `production: true`)")
    one = replace(VIOLATED, findings=(replace(FINDING, message=said),))
    (line,) = [x for x in seen(against(before(SATISFIED), one)) if x.startswith("- ❌")]
    assert line.endswith("satisfied → violated: abroad. Fix: Apply now.")
    assert "(assuming" in comment(against(before(SATISFIED), one))
    one = replace(VIOLATED, findings=(replace(FINDING, message=plain("word " * 99)),))
    (line,) = [x for x in seen(against(before(SATISFIED), one)) if x.startswith("- ❌")]
    assert line.count("word") == 99


def test_what_changed_besides() -> None:
    found = against(before(VIOLATED, result("SP12/gone")), result("SP12/renewal"), SOON)
    assert found.since is not None
    moved = [
        DueChange(description="", rules=("SP01/a",), subject="s", before="2024-01-01", after=after)
        for after in ("2024-02-01", *["2024-03-01"] * 5)
    ]
    added = tuple(("infra/prod.icp.yaml", f"sites: s{i}") for i in range(14))
    found = replace(found, since=replace(found.since, due=tuple(moved), added=added))
    lines = seen(found)
    assert "- ✅ **SP12/renewal** <code>infra/prod.icp.yaml:7</code> violated → satisfied" in str(
        lines
    )
    assert any(line.startswith("- ⚠️ no longer looked at, so not fixed: 1 rule") for line in lines)
    assert "- 📅 SP01/a &#91;s&#93;: due 2024-01-01 → 2024-02-01" in lines
    assert "- and 2 more" in lines
    assert "<details><summary>What else changed: 13</summary>" in lines
    assert "- new subject sites: s11\n- and 2 more\n" in comment(found)


def test_what_falls_due() -> None:
    text = comment(replace(BROKEN, results=(*BROKEN.results, SOON), as_of="2023-12-01"))
    assert "<summary>📅 Due dates: 1 overdue, 1 soon, next " not in text
    early = replace(SOON, as_of="2023-12-01T00:00:00+08:00")
    text = comment(replace(RUN, results=(early,)))
    assert "<summary>📅 Due dates: 0 overdue, 1 soon, next 2023-12-07 SP14/report</summary>" in text
    assert "| 2023-12-07 | 6 days | Renewal is applied for 90 days ahead <code>SP14/report" in text
    later = replace(GOOD, upcoming=(replace(UPCOMING, last="2030-01-01"),))
    text = comment(replace(RUN, results=(later,)))
    assert "Due dates: 0 overdue, 0 soon, next 2030-01-01 LIC/valid</summary>" in text
    text = comment(replace(RUN, results=(VIOLATED,)))
    assert "<summary>📅 Due dates: 1 overdue, 0 soon</summary>" in text
    assert "📅" not in comment(replace(RUN, results=(GOOD,)))


def test_what_was_not_judged_and_what_weakens_the_run() -> None:
    text = comment(replace(BROKEN, troubles=(TROUBLE,), weakened=(TROUBLE, TROUBLE)))
    assert " did you mean y?\n\n- ❌ **SP12/renewal**" in text
    assert text.startswith("### 🚫 Incomplete; 1 rule violated: 1 place not judged\n")
    assert "\n\n- <code>infra/broken.icp.yaml:2:1</code> there is no property" in text
    assert "<summary>🔓 What weakens this run: 2</summary>\n\n- <code>infra/broken" in text


def test_what_does_not_fail_the_run_is_counted() -> None:
    known = frozenset({(VIOLATED.description, "f")})
    text = comment(replace(BROKEN, tolerated=known, tolerated_since=plain("main")))
    assert "\n1 finding tolerated, there since main (--icp-fail-on=new)\n" in text


def test_without_a_comparison_it_lists_what_is_violated() -> None:
    many_rules = [replace(VIOLATED, rule_id=f"SP12/r{i:02}") for i in range(14)]
    lines = seen(replace(RUN, results=(*many_rules, WANTED), version=""))
    assert lines[:2] == [
        "### ❌ 14 rules violated",
        "As of 2023-12-08, not compared with an earlier state · pytest-icp",
    ]
    assert lines[2] == (
        "- ❌ **SP12/r00** <code>infra/prod.icp.yaml:7</code> not done, and overdue. "
        "Fix: Apply now."
    )
    assert lines[14] == "- and 2 more"
    assert lines[15:17] == [
        "**Who can say more:** compliance 1 fact (1 rule) <code>pytest-icp ask</code>",
        "<details><summary>What to fix, and how: ❌ 14</summary>",
    ]
    assert "<details><summary>Facts that are not declared: 1</summary>" in lines


def test_a_base_that_cannot_be_judged_makes_nothing_new() -> None:
    whole = unjudged("", "no report", place=Location(path="r.jsonl"))
    found = against(State(name="r.jsonl", unjudged=(whole,)), VIOLATED)
    lines = seen(found)
    assert lines[0] == "### ❌ 1 rule violated"
    assert lines[2] == "- ⚠️ r.jsonl: the base cannot be used: no report"
    assert lines[3].startswith("- ❌ **SP12/renewal**")
    one = replace(whole, description=VIOLATED.description)
    found = against(state(before(), unjudged=(one,)), VIOLATED)
    lines = seen(found)
    assert lines[0].startswith("### ➖ As far as it could be compared:")
    assert "- ❌ **SP12/renewal** <code>infra/prod.icp.yaml:7</code> not done" in str(lines)


def test_nothing_to_say_is_said() -> None:
    assert seen(against(before(GOOD), GOOD)) == [
        "### ➖ This change alters no verdict and no due date",
        "Compared with main of 2023-12-01, as of 2023-12-08 · pytest-icp 1.2.3",
        "<details><summary>In all: ✅ Satisfied <b>1</b></summary>",
    ]
    assert "In all" not in comment(replace(RUN, results=()))


def compared_with_nothing(run: Run) -> Run:
    return replace(run, since=compared(State(name="m"), state_of(read(run))))


@pytest.mark.parametrize(
    "run",
    [
        many(600),
        compared_with_nothing(many(600)),
        replace(hostile("&" * 5000), weakened=(replace(TROUBLE, message=plain("&" * 900)),) * 40),
        compared_with_nothing(hostile("𠀀" * 5000)),
    ],
)
def test_it_keeps_within_the_limit_whatever_there_is_to_say(run: Run) -> None:
    text = comment(run)
    assert units(text) <= ROOM
    page(run)


def test_what_has_no_room_is_said() -> None:
    weak = (replace(TROUBLE, message=plain("&" * 299), hint=plain("&" * 299)),) * 30
    text = comment(replace(RUN, results=(GOOD,), weakened=weak))
    assert text.endswith(
        "*a comment holds no more: the log and the reports of this job have the rest*\n"
    )
    assert "\n🔓 What weakens this run: 30\n\n<details><summary>In all: ✅ Satisfied <b>1<" in text
    text = comment(replace(RUN, results=(GOOD,), troubles=weak))
    assert re.search(r"\n- and \d+ more\n", text)


@given(
    st.sampled_from([HOSTILE, "</details>", "-->"]) | st.text("<>&`*_[]|~#!@-\n a1", max_size=40)
)
def test_no_text_becomes_anything_but_text(text: str) -> None:
    words = plain(text)
    finding = replace(FINDING, message=words, subject=text, location=replace(LOCATION, path=text))
    found = against(before(SATISFIED), replace(VIOLATED, findings=(finding,), fix=words))
    assert found.since is not None
    since = replace(found.since, added=((text, text),))
    since = replace(since, base=replace(since.base, name=text, apart=(text,)))
    assert set(page(replace(found, since=since)).tags) <= OURS


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (SATISFIED, VIOLATED, "❌ This change breaks 1 rule of the licence: SP12/renewal"),
        (SATISFIED, UNDECIDED, "❓ This change leaves 1 rule undecided: SP12/renewal"),
        (
            VIOLATED,
            replace(VIOLATED, waived=WAIVED),
            "⏸️ This change waives 1 rule: SP12/renewal",
        ),
        (VIOLATED, SATISFIED, "✅ This change fixes 1 rule: SP12/renewal"),
        (UNDECIDED, SATISFIED, "✅ This change fixes 1 rule: SP12/renewal"),
        (VIOLATED, UNDECIDED, "➖ No mandatory rule got worse by this change"),
        (
            replace(ADVISORY, rule_id="SP12/renewal", verdict=Verdict.SATISFIED, findings=()),
            replace(ADVISORY, rule_id="SP12/renewal"),
            "➖ No mandatory rule got worse by this change",
        ),
        (SATISFIED, SATISFIED, "➖ This change alters no verdict and no due date"),
        (VIOLATED, VIOLATED, "➖ This change alters no verdict and no due date"),
        (
            VIOLATED,
            result("SP12/renewal", verdict=Verdict.NOT_APPLICABLE),
            "➖ No mandatory rule got worse by this change",
        ),
    ],
)
def test_what_a_change_does_to_a_rule(was: Result, now: Result, expected: str) -> None:
    assert title(against(before(was), now)) == expected


def test_the_worst_counts_and_a_rule_of_several_descriptions_once() -> None:
    other = replace(VIOLATED, description="other.icp.yaml")
    gone = result("SP12/gone")
    found = against(before(SATISFIED, gone), VIOLATED, other, WANTED)
    assert title(found) == "⚠️ This change takes 1 rule out of the check: SP12/gone"
    found = against(before(SATISFIED), VIOLATED, other, WANTED)
    assert title(found) == "❌ This change breaks 1 rule of the licence: SP12/renewal"


def test_another_subject_that_is_undecided_is_told_as_that() -> None:
    more = replace(VIOLATED, findings=(FINDING, replace(UNKNOWN, subject="other")))
    assert title(against(before(VIOLATED), more)) == (
        "❓ This change leaves 1 rule undecided: SP12/renewal"
    )


def test_what_the_calendar_does_is_not_blamed_on_the_change() -> None:
    base = state(before(VIOLATED))
    found = against(replace(base, dated=frozenset(base.findings)), VIOLATED)
    assert title(found) == "❌ By the calendar alone, 1 rule got worse: SP12/renewal"
