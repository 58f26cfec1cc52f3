"""What is said of a number on a day: what it is, what held before, and what is to come."""

from __future__ import annotations

from datetime import date
from typing import Any

from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.kinds.words import (
    amount_on,
    holding,
    notes_on_numbers,
)
from pytest_icp.law.condition import parse_condition
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.numbers import Case, Cases, Entry, Listing, Number, Value
from tests.obligations import obligation

TITLE = Text("期限", "A time")
DAY = date(2027, 3, 1)
OLD, NEW = (
    Value(n=90, article=Text("第一条", "Art. 1")),
    Value(n=60, start=DAY, article=Text("第一条", "Art. 1")),
)


def number(*values: Value, of: str = "n") -> Number:
    return Number(id=of, title=TITLE, unit="days", values=values)


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
