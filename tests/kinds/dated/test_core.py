"""An act that is done by a last day: what no case of a shipped provision reaches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import obligation

HOURS = obligation("dated", "cases", act="done", anchor="at", within={"hours": 24})


@pytest.mark.parametrize(
    ("at", "done", "as_of", "verdict"),
    [
        ("2024-06-03T09:00", "2024-06-04T09:00", "2024-06-05", "satisfied"),
        ("2024-06-03T09:00", "2024-06-04T09:01", "2024-06-05", "violated"),
        # A day is too coarse to say whether it was in time.
        ("2024-06-03T09:00", "2024-06-04", "2024-06-05", "unknown"),
        # Whatever the time of the day, it was done by now.
        ("2024-06-03T09:00", "2024-06-04", "2024-06-04T09:00", "satisfied"),
        ("2024-06-03T09:00", "2024-06-04", "2024-06-04T09:01", "unknown"),
        ("2024-06-03T09:00", "2024-06-03", "2024-06-05", "satisfied"),
        ("2024-06-03T09:00", "2024-06-05", "2024-06-05", "violated"),
        ("2024-06-03", "2024-06-04T00:00", "2024-06-05", "satisfied"),
        ("2024-06-03", "2024-06-04T00:01", "2024-06-05", "unknown"),
        ("2024-06-03", "2024-06-05T00:00", "2024-06-05", "violated"),
        ("2024-06-03", "never", "2024-06-04T12:00", "unknown"),
        ("2024-06-03", "never", "2024-06-05T00:00", "violated"),
        ("2024-06-03T09:00", "never", "2024-06-04T09:00", "satisfied"),
        ("2024-06-03T09:00", "never", "2024-06-04T09:00:01", "violated"),
        ("2024-06-03T09:00", None, "2024-06-04T09:00", "satisfied"),
        ("2024-06-03T09:00", None, "2024-06-04T09:00:01", "unknown"),
        (None, "2024-06-03T09:00", "2024-06-05", "unknown"),
        ("never", "never", "2024-06-05", "not applicable"),
    ],
)
def test_hours(at: str | None, done: str | None, as_of: str, verdict: str) -> None:
    facts = {"cases": [{"id": "c", "at": at, "done": done}]}
    assert decide(HOURS, facts, as_of).verdict == verdict


@pytest.mark.parametrize("unit", ["days", "working_days", "months", "hours"])
def test_a_term_that_ends_after_the_calendar_is_never_overdue(unit: str) -> None:
    made = obligation("dated", "cases", act="done", anchor="on", within={unit: 1})
    facts = {"cases": [{"id": "c", "on": "9999-12-31", "done": "never"}]}
    assert decide(made, facts).verdict == "satisfied"


@pytest.mark.parametrize("unit", ["days", "months"])
def test_a_term_that_begins_before_the_calendar_is_overdue(unit: str) -> None:
    made = obligation("dated", "cases", act="done", anchor="on", ahead={unit: 1})
    facts = {"cases": [{"id": "c", "on": "0001-01-01", "done": "never"}]}
    facts |= {"licence": {"first_issued_on": "0001-01-01"}}
    assert decide(made, facts).verdict == "violated"


@pytest.mark.parametrize(
    ("filings", "verdict"),
    [
        ([{"to": "CA", "at": "2024-06-01"}], "satisfied"),
        ([{"to": "CA", "at": "2024-05-31"}], "violated"),
        ([{"to": "CA", "at": "2024-05-31T23:59+08:00"}], "violated"),
        ([{"to": "CA", "at": "2024-05-31"}, {"to": "CA", "at": "2024-06-20"}], "satisfied"),
        ([{"to": None, "at": "2024-05-31"}], "violated"),
        ([{"to": None, "at": "2024-06-20"}], "unknown"),
        ([{"to": "CA", "at": None}], "unknown"),
    ],
)
def test_what_lies_before_the_event_does_not_answer_it(filings: Any, verdict: str) -> None:
    made = obligation(
        "dated",
        "changes",
        act={"of": "filings", "at": "at", "where": {"to": "CA"}, "since": "anchor"},
        anchor="on",
        within={"months": 1},
    )
    facts = {"changes": [{"id": "c", "on": "2024-06-01T09:00+08:00", "filings": filings}]}
    assert decide(made, facts, "2024-07-03").verdict == verdict


# 2026 is not published: what depends on its working days is not known.
DAYS = obligation("dated", "changes", act="done", anchor="on", within={"days": 30})


@pytest.mark.parametrize(
    ("done", "as_of", "verdict"),
    [
        ("2026-01-30", "2026-06-01", "satisfied"),
        ("2026-01-31", "2026-06-01", "unknown"),
        ("never", "2026-01-30", "satisfied"),
        ("never", "2026-01-31", "unknown"),
        (None, "2026-01-31", "unknown"),
    ],
)
def test_a_last_day_in_a_year_that_is_not_published(
    done: str | None, as_of: str, verdict: str
) -> None:
    facts = {"changes": [{"id": "c", "on": "2025-12-31", "done": done}]}
    assert decide(DAYS, facts, as_of).verdict == verdict


def test_what_perhaps_counts_is_not_late_by_a_day_that_may_move() -> None:
    made = obligation(
        "dated",
        "changes",
        act={"of": "filings", "at": "at", "where": {"to": "CA"}},
        anchor="on",
        within={"days": 30},
    )
    change = {"id": "c", "on": "2025-12-31", "filings": [{"to": None, "at": "2026-02-20"}]}
    (one,) = decide(made, {"changes": [change]}, "2026-06-01").findings
    assert (one.verdict, one.pointer) == ("unknown", "/changes/0/filings/0/to")


def test_a_day_that_is_counted_back_is_not_provisional() -> None:
    made = obligation("dated", "changes", act="done", anchor="on", ahead={"days": 30})
    facts = {"changes": [{"id": "c", "on": "2026-06-01", "done": "never"}]}
    outcome = decide(made, facts, "2026-01-05", warn_days=10)
    assert ([one.provisional for one in outcome.upcoming], outcome.notes) == ([False], ())


def test_a_day_that_is_far_but_provisional_is_noted_as_such() -> None:
    facts = {"changes": [{"id": "c", "on": "2026-01-01", "done": "never"}]}
    far = decide(DAYS, facts, "2026-01-01", warn_days=10)
    assert [note.kind for note in far.notes] == ["provisional date"]
    near = decide(DAYS, facts, "2026-01-01", warn_days=60)
    assert [note.kind for note in near.notes] == ["due soon"]
    assert near.upcoming[0].provisional


@pytest.mark.parametrize(
    ("lookback", "verdict", "notes"),
    [(30, "violated", []), (29, "satisfied", ["late but remedied"]), (10**12, "violated", [])],
)
def test_done_late_is_violated_for_the_look_back(
    lookback: int, verdict: str, notes: list[str]
) -> None:
    facts = {"changes": [{"id": "c", "on": "2024-01-02", "done": "2024-02-02"}]}
    outcome = decide(DAYS, facts, "2024-03-03", lookback_days=lookback)
    assert outcome.verdict == verdict
    assert [note.kind for note in outcome.notes] == notes


REPORTED = {"of": "told", "where": {"to": "CA"}, "at": "at"}


@pytest.mark.parametrize(
    ("told", "verdict", "pointer"),
    [
        # Late whichever of the two counts.
        ([("2024-06-06", "CA"), ("2024-06-05", None)], "violated", "/cases/0/told/0/at"),
        ([("2024-06-06", "CA"), ("2024-06-03", None)], "unknown", "/cases/0/told/1/to"),
        ([("2024-06-06", None), ("2024-06-05", None)], "violated", "/cases/0/told/1/at"),
        ([("2024-06-06", None), (None, None)], "unknown", "/cases/0/told/0/to"),
        ([("2024-06-06", None), ("never", None)], "violated", "/cases/0/told/0/at"),
    ],
)
def test_what_was_late_at_best_was_late(told: Any, verdict: str, pointer: str) -> None:
    made = obligation("dated", "cases", act=REPORTED, anchor="on", within={"days": 1})
    records = [{"id": str(i), "at": at, "to": to} for i, (at, to) in enumerate(told)]
    facts = {"cases": [{"id": "c", "on": "2024-06-03", "told": records}]}
    outcome = decide(made, facts, "2024-06-30")
    assert (outcome.verdict, [one.pointer for one in outcome.findings]) == (verdict, [pointer])


@pytest.mark.parametrize(
    ("received", "answered", "verdict", "pointer"),
    [
        ("2024-05-01", "2024-05-02", "satisfied", None),
        # It perhaps came before what it answers, and perhaps answers it.
        (None, "2024-05-02", "unknown", "/requests/0/received"),
        # It was late, whatever it answers.
        (None, "2024-05-11", "violated", "/requests/0/answered"),
        (None, "never", "violated", "/requests/0/answered"),
    ],
)
def test_since_when_it_counts_is_not_known(
    received: str | None, answered: str, verdict: str, pointer: str | None
) -> None:
    made = obligation(
        "dated", "requests", act={"at": "answered", "since": "received"}, anchor="due", ahead=0
    )
    request = {"id": "r", "due": "2024-05-10", "received": received, "answered": answered}
    outcome = decide(made, {"requests": [request]})
    assert outcome.verdict == verdict
    assert [one.pointer for one in outcome.findings] == ([pointer] if pointer else [])


def test_since_when_records_count_is_not_known() -> None:
    made = obligation(
        "dated",
        "changes",
        act={"of": "acts", "at": "on", "since": "noticed"},
        anchor="at",
        within={"days": 10},
    )
    change = {"id": "c", "at": "2024-05-01", "acts": [{"on": "2024-05-02"}]}
    (one,) = decide(made, {"changes": [change]}).findings
    assert (one.verdict, one.pointer) == ("unknown", "/changes/0/noticed")
