"""What is said of a number on a day: what it is, what held before, and what is to come."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.dated.when import Dated
from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.kinds.numbers import (
    amount_on,
    history,
    holding,
    in_words,
    notes_on_numbers,
    numbers_on,
)
from pytest_icp.law.condition import ANYTHING, parse_condition
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.numbers import Case, Cases, Entry, Listing, Number, Value
from pytest_icp.rules.specs import read_spec
from pytest_icp.rules.statutes import Numbers
from tests.obligations import obligation

TITLE = Text("期限", "A time")
DAY = date(2027, 3, 1)
OLD, NEW = (
    Value(n=90, article=Text("第一条", "Art. 1")),
    Value(n=60, start=DAY, article=Text("第一条", "Art. 1")),
)
LATEST = Value(n=30, start=date(2030, 1, 1), article=Text("第二条", "Art. 2"))


def number(*values: Value, of: str = "n") -> Number:
    return Number(id=of, title=TITLE, unit="days", values=values)


@pytest.mark.parametrize(
    ("chosen", "values", "expected"),
    [
        (OLD, (OLD,), "90 days"),
        (OLD, (OLD, NEW), "90 days; from 2027-03-01: 60 days"),
        (NEW, (OLD, NEW), "60 days; until 2027-02-28: 90 days"),
        (
            NEW,
            (OLD, NEW, LATEST),
            "60 days; until 2027-02-28: 90 days; from 2030-01-01: 30 days (Art. 2)",
        ),
        (LATEST, (OLD, NEW, LATEST), "30 days; until 2029-12-31: 60 days (Art. 1)"),
    ],
)
def test_a_value_with_what_held_before_and_what_comes(
    chosen: Value, values: tuple[Value, ...], expected: str
) -> None:
    assert history(number(*values), chosen).en == expected


def test_while_there_is_a_grace_the_value_before_is_said_to_be_enough() -> None:
    spared = Value(n=60, start=DAY, grace=date(2027, 6, 30))
    said = history(number(OLD, spared), spared)
    assert (
        said.en == "60 days; until 2027-02-28: 90 days (Art. 1); 90 days is enough until 2027-06-30"
    )
    assert said.zh == "60 日；至 2027-02-28 为 90 日（第一条）；至 2027-06-30 仍可按 90 日"


def test_a_number_in_a_finding_has_its_title_and_article() -> None:
    said = in_words(number(OLD, NEW), NEW)
    assert said.en == "A time: 60 days (Art. 1); until 2027-02-28: 90 days"
    assert said.zh == "期限：60 日（第一条）；至 2027-02-28 为 90 日"


BY_LEVEL = Cases(
    id="c",
    title=TITLE,
    unit="days",
    cases=tuple(
        Case(parse_condition(where), where, number(Value(n=n, confidence="unverified"), of="c"))
        for where, n in ((({"level": 3}), 1), ({"level": 2}, 2))
    ),
)
LISTING = Listing(
    id="l",
    title=TITLE,
    values=(
        Entry(value="a"),
        Entry(value="b", until=date(2025, 1, 19)),
        Entry(value="c", start=DAY),
    ),
)


def test_a_number_that_differs_by_the_subject() -> None:
    said = amount_on(BY_LEVEL, DAY, "network_units")
    assert said.en == "1 day (“Level” is 3); 2 days (“Level” is 2)"


def test_a_list_says_until_when_each_word_is_on_it() -> None:
    assert amount_on(LISTING, DAY, "services").en == "a, b (until 2025-01-19), c (from 2027-03-01)"
    assert [one.value for one in holding(LISTING, date(2025, 1, 19))] == ["a", "b"]  # type: ignore[attr-defined]
    assert [one.value for one in holding(LISTING, DAY)] == ["a", "c"]  # type: ignore[attr-defined]


def test_a_standing_duty_is_told_by_its_day() -> None:
    spared = Value(n=60, start=DAY, grace=date(2027, 6, 30))
    changed = number(OLD, spared)
    said = [amount_on(changed, day, "sites").en[:7] for day in (DAY, date(2027, 7, 1))]
    assert said == ["90 days", "60 days"]
    assert holding(changed, DAY) == (OLD,)


def rests(on: Any, **given: Any) -> Any:
    return obligation("condition", "sites", require={"public": True}, relies_on=on, **given)


def test_each_case_that_nobody_checked_is_noted() -> None:
    outcome = Outcome(verdict=Verdict.SATISFIED, reason=plain(""))
    notes = notes_on_numbers(rests((BY_LEVEL, LISTING, number(OLD))), outcome, DAY)
    assert [note.text.en.split(":")[1].split(" is ")[0].strip() for note in notes] == [
        "1 day was not checked against the text of the law",
        "2 days was not checked against the text of the law",
        "90 days",
    ]
    assert {note.kind for note in notes} == {NoteKind.DEFAULT}


def test_a_finding_names_what_has_changed_and_every_term() -> None:
    same = number(Value(n=5), of="same")
    changed = number(OLD, NEW, of="changed")
    made = rests((same, changed, BY_LEVEL, LISTING))
    found = [one.en for one in numbers_on(made, date(2027, 2, 28), terms=True)]
    assert found == [
        "A time: 90 days (Art. 1); from 2027-03-01: 60 days",
        "A time: 1 day",
        "A time: 2 days",
    ]


def test_terms_are_named_unless_a_check_has_done_so() -> None:
    term = number(OLD, NEW, of="term")
    written = {"within": {"days": {"parameter": "term"}}, "anchor": "a", "act": "b"}
    spec = read_spec(Dated, written, lambda *_: ANYTHING, (), Numbers({"term": term}))
    made = replace(rests((term,)), spec=spec)
    assert made.terms == (term,)
    assert [one.en for one in numbers_on(made, DAY, terms=True)] == [
        "A time: 60 days (Art. 1); until 2027-02-28: 90 days"
    ]
    assert numbers_on(made, DAY, terms=False) == ()
