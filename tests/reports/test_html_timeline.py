from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree as ET

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from pytest_icp.reports.duties import duties
from pytest_icp.reports.html.page import html
from pytest_icp.reports.html.timeline import timeline
from pytest_icp.reports.run import Run
from tests.results import UPCOMING, WAIVED
from tests.runs import RUN, SOON, VIOLATED

TODAY = date(2023, 12, 8)


def dues(*days: date, **changed: object) -> Run:
    upcoming = tuple(
        replace(UPCOMING, subject=f"s{i}", last=str(day), safe=str(day), **changed)
        for i, day in enumerate(days)
    )
    return replace(RUN, results=(replace(SOON, upcoming=upcoming),))


def due_section(run: Run) -> ET.Element:
    page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html(run))
    (found,) = (one for one in page.iter("section") if one.get("id") == "due")
    return found  # type: ignore[no-any-return]  # the library has no types


def words(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def test_what_is_overdue_stands_apart_then_days_then_months_then_years() -> None:
    run = dues(TODAY, date(2024, 3, 7), date(2024, 3, 8), date(2024, 12, 31), date(2025, 1, 1))
    found = due_section(replace(run, results=(VIOLATED, *run.results)))
    assert [words(one) for one in found.iter() if one.tag in {"h3", "h4"}] == [
        "Overdue (1)",
        "The next 90 days (2)",
        "Later, by month (2)",
        "2024-03",
        "2024-12",
        "Later still, by year (1)",
        "2025",
    ]


def test_every_entry_has_its_date_days_title_rule_and_subject() -> None:
    entries = [words(one) for one in due_section(dues(TODAY, date(2025, 3, 1))).iter("li")]
    assert entries == [
        "2023-12-08 today Renewal is applied for 90 days ahead SP14/report · s0",
        "2025-03-01 449 days Renewal is applied for 90 days ahead SP14/report · s1",
    ]
    (overdue,) = due_section(replace(RUN, results=(VIOLATED,))).iter("li")
    assert words(overdue) == (
        "2023-12-07 1 day ago Renewal is applied for 90 days ahead SP12/renewal · Renewal"
    )
    assert overdue.get("class") == "due overdue"


def test_a_day_has_a_bar_as_long_as_the_days_that_are_left() -> None:
    found = due_section(dues(TODAY, TODAY + timedelta(days=45), TODAY + timedelta(days=400)))
    bars = [one for one in found.iter() if str(one.tag).endswith("rect")]
    assert [one.get("width") for one in bars] == ["0.6", "45"]
    assert "30 days" in words(found)


def test_what_a_reader_has_to_know_of_a_day_is_said() -> None:
    run = dues(date(2024, 3, 3), provisional=True)
    (result,) = run.results
    moved = replace(result.upcoming[0], safe="2024-03-01", location=SOON.notes[0].location)
    soon = replace(SOON.notes[0], due="2024-03-03")
    told = replace(result, upcoming=(moved,), notes=(soon,), waived=WAIVED)
    (entry,) = due_section(replace(run, results=(told,))).iter("li")
    for said in (
        "due soon",
        "Waived",
        "the last working day before 2024-03-01",
        "provisional: the working days of that year are not published",
    ):
        assert said in words(entry)


def test_subjects_of_one_rule_and_day_are_one_entry() -> None:
    found = due_section(dues(*[TODAY] * 8))
    (entry,) = found.iter("li")
    assert words(entry).endswith("s0, s1, s2, s3, s4 (+3)")


def test_duties_of_several_descriptions_are_told_apart() -> None:
    run = dues(TODAY)
    other = replace(run.results[0], description="infra/test.icp.yaml")
    found = due_section(replace(run, results=(*run.results, other)))
    assert [words(one).split()[-3] for one in found.iter("li")] == [
        "prod.icp.yaml",
        "test.icp.yaml",
    ]


def test_a_thousand_days_stay_a_page_that_can_be_read() -> None:
    days = [TODAY + timedelta(days=n) for n in range(1000)]
    near, months, years = timeline(duties(dues(*days)))[-3:]
    assert [near.count, months.count, years.count] == [91, 299, 610]
    assert {len(part.shown) for part in (*months.parts, *years.parts)} == {5}
    assert [part.more for part in years.parts] == [260, 140]
    assert [(len(part.shown), len(part.folded)) for part in near.parts] == [(20, 71)]
    found = due_section(dues(*[date(2026, 1, 1) + timedelta(days=n) for n in range(150)]))
    (folded,) = found.iter("details")
    assert "and 130 more" not in words(found)
    assert words(folded).startswith("and 100 more 2026-01-06")
    assert words(folded).endswith("and 45 more")


def test_without_dates_it_says_so() -> None:
    assert "No duty has a due date." in words(due_section(replace(RUN, results=())))
    assert timeline(duties(dues(date.max))) == []


@given(st.lists(st.dates(date(2000, 1, 1), date(2999, 12, 31)), max_size=30, unique=True))
def test_no_due_date_is_lost_and_all_are_in_order(days: list[date]) -> None:
    told = [
        due.duty.last
        for stretch in timeline(duties(dues(*days)))
        for part in stretch.parts
        for due in (*part.shown, *part.folded)
    ]
    assert sorted(told) == sorted(days)
    assert told == sorted(told)


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_it_is_in_every_language(language: str) -> None:
    text = words(due_section(replace(dues(TODAY), language=language)))
    assert ("今后 90 日" in text) is (language != "en")
    assert ("The next 90 days" in text) is (language != "zh")
