from __future__ import annotations

from typing import Any

import pytest

import tests.contexts
from pytest_icp.facts.asof import View
from pytest_icp.kinds import kinds
from pytest_icp.kinds.context import Context
from pytest_icp.law.calendar import Calendar, Year
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Obligation
from tests.obligations import obligation

# Years without holidays: rest days are the weekends.
PLAIN = Calendar(
    {year: Year(holidays=frozenset(), workdays=frozenset()) for year in range(2019, 2025)}
)


def lines(made: Obligation, subject: dict[str, Any], as_of: str, **facts: Any) -> list[str]:
    """The steps in English; the Chinese ones are as many."""
    context = Context(
        view=View({**facts, made.each: subject}, {}),
        as_of=as_of_instant(as_of),
        calendar=PLAIN,
        explains=True,
    )
    reckoned = kinds()[made.kind].check(made, context).steps.get((made.each,))
    steps = tuple(reckoned()) if reckoned else ()
    assert all(step.zh for step in steps)
    return [step.en for step in steps]


WITHIN = obligation("dated", "event", act="done", anchor="on", within={"days": 30})


@pytest.mark.parametrize(
    ("subject", "as_of", "last"),
    [
        ({"done": "2024-01-31"}, "2024-03-01", "done: 2024-01-31; due by 2024-01-31"),
        ({"done": "2024-02-01"}, "2024-03-01", "done: 2024-02-01; due by 2024-01-31"),
        ({"done": "never"}, "2024-01-21", "done: never; due by 2024-01-31"),
        ({}, "2024-02-02", "done: not declared; due by 2024-01-31"),
    ],
)
def test_a_deadline(subject: dict[str, Any], as_of: str, last: str) -> None:
    first, *_, end = lines(WITHIN, {"on": "2024-01-01", **subject}, as_of)
    assert first.startswith("2024-01-01 (Monday) + 30 days = 2024-01-31 (Wednesday)")
    assert end.startswith(last)


def test_a_deadline_counted_back() -> None:
    made = obligation("dated", "renewal", act="applied", anchor="/until", ahead={"days": 90})
    first, *_, end = lines(made, {"applied": "never"}, "2023-11-20", until="2024-03-06")
    assert first.startswith("2024-03-06 (Wednesday) − 90 days = 2023-12-07 (Thursday)")
    assert end == "done: never; due by 2023-12-07"


def test_a_last_moment_that_was_set_needs_no_reckoning() -> None:
    made = obligation("dated", "request", act="done", anchor="due", ahead=0)
    request = {"due": "2024-01-08T18:00", "done": "2024-01-08T19:00"}
    assert lines(made, request, "2024-03-01") == ["done: 2024-01-08 19:00; due by 2024-01-08 18:00"]


def test_the_windows_of_the_last_years() -> None:
    made = obligation(
        "dated",
        "licence",
        act={"of": "/reports", "at": "at", "year": "year"},
        anchor="licence.term",
        yearly={"from": "01-01", "to": "03-31"},
        ahead={"days": 90},
    )
    reports = [
        {"year": 2020, "at": "2020-04-02"},
        {"year": 2021, "at": "2021-04-02"},
        {"year": 2021, "at": "2021-02-02"},
        {"at": "2022-01-01"},
        {"year": 2023, "at": "never"},
    ]
    licence = {"first_issued_on": "2019-03-06", "valid_until": "2026-03-06"}
    assert lines(made, licence, "2024-02-01", reports=reports) == [
        "2020: 2020-01-01 to 2020-03-31; done: 2020-04-02",
        "2021: 2021-01-01 to 2021-03-31; done: 2021-04-02, 2021-02-02",
        "2022: 2022-01-01 to 2022-03-31; done: 2022-01-01",
        "2023: 2023-01-01 to 2023-03-31; done: never",
        "2024: 2024-01-01 to 2024-03-31; done: never",
    ]
    assert lines(made, {"first_issued_on": "2019-03-06"}, "2024-02-01", reports=reports) == []


def test_a_duty_that_comes_back() -> None:
    made = obligation(
        "dated", "unit", act={"of": "tests", "at": "on"}, anchor="graded", every={"years": 2}
    )
    unit = {"graded": "2019-05-01", "tests": [{"on": "2021-03-01"}, {"on": "never"}]}
    assert lines(made, unit, "2022-01-01") == ["2021-03-01 + 2 years = 2023-03-01"]
    never = {"graded": "2021-05-01", "tests": []}
    assert lines(made, never, "2022-01-01") == ["2021-05-01 + 2 years = 2023-05-01"]
    assert lines(made, {"tests": []}, "2022-01-01") == []


def test_a_duty_of_each_calendar_year() -> None:
    every: Any = {"anchor": "graded", "every": {"calendar_years": 1}}
    made = obligation("dated", "unit", act={"of": "tests", "at": "on"}, **every)
    unit = {"graded": "2019-05-01", "tests": [{"on": "2021-03-01"}]}
    assert lines(made, unit, "2022-01-01") == ["2021-03-01 + 1 calendar year = 2022-12-31"]


def test_an_order() -> None:
    gaps: Any = {"lasts": {"days": 1}, "at_most": {"years": 5}}
    made = obligation("dated", "licence", act="until", anchor="issued", **gaps)
    licence = {"issued": "2020-01-08", "until": "2024-03-06"}
    assert lines(made, licence, "2023-01-01") == [
        "2020-01-08 + 1 day = 2020-01-09",
        "2020-01-08 + 5 years = 2025-01-08",
    ]
    assert lines(made, {"until": "2024-03-06"}, "2023-01-01") == []


def test_a_retention() -> None:
    kept: Any = {"kept": "kept", "reaches": {"months": 6}}
    made = obligation("dated", "log", act="oldest", anchor="since", **kept)
    assert lines(made, {}, "2023-11-20") == ["2023-11-20 − 6 months = 2023-05-20"]
    assert lines(obligation("dated", "log", **kept), {}, "2023-11-20") == []


def test_two_demands_on_one_subject_have_the_steps_of_both() -> None:
    made = obligation(
        "law", "other_licences", check="licence.contained", **{"with": {"within": 30}}
    )
    own = {"id": "p", "issuer": "CA", "obtained_on": "2022-05-01"}
    fellows = [{"id": "m", "obtained_on": f"2024-01-{day}"} for day in (10, 11)]
    context = tests.contexts.context({"other_licences": [own, *fellows]}, "2024-02-01")
    steps = [step.en for step in kinds()["law"].check(made, context).steps["other_licences", 0]()]
    assert [step[:10] for step in steps if "+ 30 days" in step] == ["2024-01-10", "2024-01-11"]


def test_a_validity() -> None:
    made = obligation("law", "licence", check="licence.in_force", **{"with": {"ahead": 90}})
    licence = {"valid_until": "2024-03-06"}
    assert lines(made, licence, "2024-03-01") == ["valid until 2024-03-06"]
    assert lines(made, licence, "2024-03-07") == [
        "valid until 2024-03-06",
        "2024-03-06 − 90 days = 2023-12-07",
    ]
    assert (
        len(lines(obligation("law", "licence", check="licence.in_force"), licence, "2024-03-07"))
        == 1
    )
    assert lines(made, {}, "2024-03-07") == []


def test_what_is_good_until_a_day_or_for_a_time() -> None:
    permit = obligation("dated", "number", act="today", anchor="valid_until", ahead=0)
    assert lines(permit, {"valid_until": "2024-03-06"}, "2024-03-07") == ["valid until 2024-03-06"]
    review = obligation(
        "dated", "controls", act="today", anchor="reviewed_on", within={"days": 365}
    )
    assert lines(review, {"reviewed_on": "2023-03-01"}, "2024-02-28") == [
        "2023-03-01 + 365 days = 2024-02-29",
        "valid until 2024-02-29",
    ]
    assert lines(review, {"reviewed_on": "never"}, "2024-02-28") == []


def test_a_document_that_is_good_for_ever() -> None:
    made = obligation("evidence", "attestations", fresh=10**12)
    entry = {"rule": "SP99/made", "issued_on": "2023-06-12"}
    (step,) = lines(made, entry, "2023-11-20")
    assert step.endswith(" days = 9999-12-31")
