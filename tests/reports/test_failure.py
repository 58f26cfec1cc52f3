from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Cited, Verdict
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.failure import failure_text
from pytest_icp.reports.html import html
from pytest_icp.reports.markdown import markdown
from tests.results import ARTICLE, FINDING, LOCATION, RESULT, UNKNOWN, unknown_text
from tests.runs import RUN


def test_a_failure_prints_like_a_compilers() -> None:
    assert (
        failure_text(RESULT, "en")
        == """\
SP12/renewal violated
  Renewal is applied for 90 days ahead

  --> infra/prod.icp.yaml:7:15  /renewal/applied_on
  |
7 |   applied_on: never
  |               ^^^^^
  | not done, and overdue
  |
  = found:    never (as of 2023-12-08)
  = required: on or before 2023-12-07
  = due:      2023-12-07, 1 day ago

  = article:  SP12 十二: «90 days in advance»
  = meaning:  It is applied for ahead.
  = statute:  Example Law, Art. 1
  = fix:      Apply now."""
    )


def test_the_numbers_that_it_rests_on_stand_under_the_law() -> None:
    rests = replace(FINDING, numbers=(plain("A time: 90 days"), plain("Another: 6 months")))
    text = failure_text(replace(RESULT, findings=(rests,)), "en").splitlines()
    at = text.index("  = statute:  Example Law, Art. 1")
    assert text[at + 1 : at + 3] == [
        "  = number:   A time: 90 days",
        "  = number:   Another: 6 months",
    ]


def test_both_languages_stand_one_under_the_other() -> None:
    text = failure_text(RESULT, "both").splitlines()
    assert text[0] == "SP12/renewal 违反 · violated"
    at = text.index("  = required: 不晚于 2023-12-07")
    assert text[at + 1] == " " * 14 + "on or before 2023-12-07"
    assert failure_text(RESULT, "zh").isascii() is False


def test_an_unknown_says_what_to_add() -> None:
    unknown = replace(RESULT, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
    assert (
        unknown_text(unknown, "en")
        == """\
SP12/renewal unknown
  Renewal is applied for 90 days ahead

  --> infra/prod.icp.yaml:7:15  /renewal/applied_on
      “applied_on” is not declared
  = to add (replace null with the actual value):
      + renewal:
      +   applied_on: null  # YYYY-MM-DD | never"""
    )


def test_a_place_and_a_pointer_that_do_not_fit_stand_on_two_lines() -> None:
    spot = replace(FINDING.location, path="infra/" * 9 + "prod.icp.yaml")
    result = replace(RESULT, findings=(replace(FINDING, location=spot),))
    assert f"  --> {spot}\n      /renewal/applied_on\n" in failure_text(result, "en")


def test_only_the_worst_are_shown_and_ten_of_them() -> None:
    many = tuple(replace(FINDING, found=plain(f"done {i}")) for i in range(13))
    text = failure_text(replace(RESULT, findings=(UNKNOWN, *many)), "en")
    assert text.count("-->") == 10
    assert "  = and 3 more" in text
    assert "to add" not in text
    wanted = tuple(replace(UNKNOWN, found=plain(f"done {i}")) for i in range(11))
    text = unknown_text(replace(RESULT, findings=wanted), "en")
    assert text.endswith("  = and 1 more")


def test_the_subject_is_named_where_the_place_does_not() -> None:
    other = replace(
        FINDING, subject="web-1", location=replace(LOCATION, pointer="/servers/0/location")
    )
    assert "  = subject:  web-1" in failure_text(replace(RESULT, findings=(other,)), "en")
    assert "subject" not in failure_text(RESULT, "en")


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2023-12-08", "2023-12-08, in 0 days"),
        ("2023-12-10", "2023-12-10, in 2 days"),
        ("2023-12-01", "2023-12-01, 7 days ago"),
    ],
)
def test_until_when(due: str, said: str) -> None:
    finding = replace(FINDING, due=due)
    assert said in failure_text(replace(RESULT, findings=(finding,)), "en")


@pytest.mark.parametrize(
    ("changed", "wanted", "not_wanted"),
    [
        # With words of its own the provision is quoted, without them the statute is.
        ({"quote": None}, "Example Law, Art. 1: «The words.»", "article"),
        ({}, "Example Law, Art. 1", "The words."),
    ],
)
def test_what_it_rests_on(changed: dict[str, Any], wanted: str, not_wanted: str) -> None:
    text = failure_text(replace(RESULT, **changed), "en")
    assert wanted in text
    assert not_wanted not in text


def test_a_rule_of_the_companys_own_is_not_taken_for_the_licence() -> None:
    own = replace(RESULT, basis="own", cited=(), findings=(replace(FINDING, cited=()),))
    text = failure_text(own, "en")
    assert "\n  Renewal is applied for 90 days ahead (company rule)\n" in text
    assert "\n  = own rule: SP12 十二: «90 days in advance»\n" in text
    assert "article" not in text
    assert "own rule: SP12 十二\n" in failure_text(replace(own, quote=None), "en")
    unknown = replace(own, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
    assert "ahead (company rule)\n" in unknown_text(unknown, "en")
    assert "申请延续（公司自定）\n" in unknown_text(unknown, "both")


def test_an_article_is_named_once() -> None:
    same = Cited(label=ARTICLE.label, quote=Text("另一句。", "Another sentence."))
    bare = Cited(label=Text("办法第二条", "Measures, Art. 2"))
    finding = replace(FINDING, cited=(ARTICLE, same, bare))
    text = failure_text(replace(RESULT, findings=(finding,)), "en")
    assert text.count("Example Law, Art. 1") == 1
    alone = failure_text(replace(RESULT, findings=(finding,), quote=None), "en")
    assert alone.count("Example Law, Art. 1") == 2
    assert "Measures, Art. 2\n" in alone


def test_a_fact_without_a_line_has_no_excerpt() -> None:
    finding = replace(FINDING, location=Location(path="infra/prod.icp.yaml"), due=None)
    text = failure_text(replace(RESULT, findings=(finding,)), "en")
    assert "^" not in text
    assert "      not done, and overdue" in text
    assert "due:" not in text


def test_a_line_that_is_not_quoted_is_only_named() -> None:
    at = replace(LOCATION, path="infra/plan.json", line=225, column=11, excerpt="")
    finding = replace(FINDING, location=at)
    text = failure_text(replace(RESULT, findings=(finding,)), "en")
    assert (
        "  --> infra/plan.json:225:11  /renewal/applied_on\n      not done, and overdue\n" in text
    )
    assert "225 |" not in text


def test_a_place_without_a_column_is_its_line() -> None:
    spot = Location(path="a.yaml", line=12, excerpt="done: never")
    text = failure_text(replace(RESULT, findings=(replace(FINDING, location=spot),)), "en")
    assert "12 | done: never\n   | ^\n" in text


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [
        ("known", "res.a, role\n", "res.a, role\n"),
        ("", "res.a, role\n", "res.a, role\n"),
        ("referenced", "res.a, role（引用）\n", "res.a, role (referenced)\n"),
    ],
)
def test_a_derived_fact_is_told_with_its_resource(status: str, zh: str, en: str) -> None:
    spot = Location(path="plan.json", line=7, address="res.a", attribute="role", status=status)
    result = replace(RESULT, findings=(replace(FINDING, location=spot),))
    assert f"  = 资源:     {zh}" in failure_text(result, "zh")
    assert f"  = resource: {en}" in failure_text(result, "en")


def test_a_resource_that_is_the_subject_is_named_once() -> None:
    spot = Location(path="plan.json", line=7, pointer="/servers/0/role", address="res.a")
    finding = replace(FINDING, location=spot, subject="res.a")
    result = replace(RESULT, findings=(finding,))
    run = replace(RUN, results=(result,), language="en")
    assert failure_text(result, "en").count("res.a") == 1
    for text in (markdown(run), html(run)):
        assert "res.a" in text
        assert "resource" not in text


@pytest.mark.parametrize("verdict", [Verdict.VIOLATED, Verdict.UNKNOWN])
def test_a_check_of_ones_own_may_name_no_subject(verdict: Verdict) -> None:
    result = replace(RESULT, verdict=verdict, findings=(), reason=plain("nobody was asked"))
    said = failure_text(result, "en")
    assert said.splitlines()[-1] == "  = found:    nobody was asked"
