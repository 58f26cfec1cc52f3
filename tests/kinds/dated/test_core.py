"""An act that is done by a last day: what no case of a shipped provision reaches."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import citation, obligation, version

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


def test_overdue_by_hours_is_not_overdue_by_days() -> None:
    facts = {"cases": [{"id": "c", "at": "2024-06-03T09:00", "done": "never"}]}
    ((_, _, same_day),) = said(decide(HOURS, facts, "2024-06-04T10:00"))
    assert "ago" not in same_day
    ((_, _, next_day),) = said(decide(HOURS, facts, "2024-06-05T10:00"))
    assert "1 day ago" in next_day


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


FIRST = obligation(
    "dated",
    "changes",
    act={"of": "filings", "at": "at", "where": {"to": "CA"}},
    anchor="on",
    within={"months": 1},
)
LATE = {"to": "CA", "at": "2024-07-02"}


@pytest.mark.parametrize(
    ("filings", "verdict"),
    [
        ([{"to": "CA", "at": "2024-07-01"}], "satisfied"),
        ([LATE], "violated"),
        ([LATE, {"to": "CA", "at": "2024-06-20"}], "satisfied"),
        (
            [LATE, {"to": "CA", "at": "2024-06-20T10:00"}, {"to": "CA", "at": "2024-06-20"}],
            "satisfied",
        ),
        ([LATE, {"to": "CAC", "at": "2024-06-20"}], "violated"),
        ([LATE, {"to": "CA", "at": "never"}], "violated"),
        # One that is not known may be the first, or may count.
        ([LATE, {"to": "CA", "at": None}], "unknown"),
        ([LATE, {"to": None, "at": "2024-06-20"}], "unknown"),
        ([{"to": None, "at": "2024-06-20"}], "unknown"),
        ([], "violated"),
        (None, "unknown"),
    ],
)
def test_the_first_of_several_records(filings: Any, verdict: str) -> None:
    facts = {"changes": [{"id": "c", "on": "2024-06-01", "filings": filings}]}
    assert decide(FIRST, facts, "2024-08-01").verdict == verdict


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


@pytest.mark.parametrize(
    ("done", "found"),
    [("2026-02-20", "2026-02-20"), ("never", "never"), (None, "not declared")],
)
def test_what_hangs_on_days_that_are_not_published_says_what_was_done_and_by_when(
    done: str | None, found: str
) -> None:
    facts = {"changes": [{"id": "c", "on": "2025-12-31", "done": done}]}
    (one,) = decide(DAYS, facts, "2026-06-01").findings
    assert (one.verdict, one.found.en, one.due) == ("unknown", found, "2026-01-30")


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


def test_a_statute_binds_only_what_happened_while_it_was_law() -> None:
    law = citation(version("2020-01-01", "2023-12-31"))
    made = obligation(
        "dated",
        "changes",
        act="done",
        anchor="on",
        within={"days": 30},
        basis="statute",
        cites=(law,),
    )
    for on, verdict in (("2023-12-31", "violated"), ("2024-01-01", "not applicable")):
        facts = {"changes": [{"id": "c", "on": on, "done": "never"}]}
        assert decide(made, facts).verdict == verdict


@pytest.mark.parametrize(
    ("at", "done", "verdict"),
    [
        ("2024-06-03T23:50", "2024-06-04T00:20", "satisfied"),
        ("2024-06-03T23:50", "2024-06-04T00:21", "violated"),
        ("2024-06-03T15:50Z", "2024-06-04T00:20+08:00", "satisfied"),
        ("2024-06-03T10:00", "2024-06-03", "unknown"),
        ("2024-06-03", "2024-06-04T00:29", "unknown"),
        ("2024-06-03", "2024-06-04T00:30", "violated"),
        ("2024-06-03T10:00", "never", "violated"),
    ],
)
def test_minutes_run_through_midnight(at: str, done: str, verdict: str) -> None:
    made = obligation("dated", "cases", act="done", anchor="at", within={"minutes": 30})
    facts = {"cases": [{"id": "c", "at": at, "done": done}]}
    assert decide(made, facts, "2024-06-05").verdict == verdict


@pytest.mark.parametrize(
    ("acted", "planned", "done", "verdict"),
    [
        # The day of the act counts, whatever was planned.
        ("2024-05-01", "2024-04-01", "2024-04-21", "satisfied"),
        ("2024-05-01", "2024-06-01", "2024-04-22", "violated"),
        # While there was none, the day on which it was to take effect does.
        ("never", "2024-05-01", "2024-04-21", "satisfied"),
        ("never", "2024-05-01", "2024-04-22", "violated"),
        ("never", None, "2024-04-22", "unknown"),
        # An act of which nothing is known may have come on any day.
        (None, "2024-05-01", "2024-04-21", "unknown"),
        (None, "never", "2024-04-22", "unknown"),
        ("never", "never", "never", "not applicable"),
    ],
)
def test_the_day_of_the_act_or_else_the_planned_one(
    acted: str | None, planned: str | None, done: str, verdict: str
) -> None:
    made = obligation(
        "dated", "changes", act="done", anchor=["acted", "planned"], ahead={"days": 10}
    )
    facts = {"changes": [{"id": "c", "acted": acted, "planned": planned, "done": done}]}
    assert decide(made, facts).verdict == verdict


@pytest.mark.parametrize(
    ("done", "verdict", "found"),
    [
        ("2024-05-01", "satisfied", None),
        ("2024-04-30", "violated", "2024-04-30"),
        ("never", "violated", "未办理"),
        (None, "unknown", None),
    ],
)
def test_what_was_done_before_the_event_is_not_its_answer(
    done: str | None, verdict: str, found: str | None
) -> None:
    made = obligation(
        "dated", "changes", act={"at": "done", "since": "anchor"}, anchor="at", within={"days": 10}
    )
    facts = {"changes": [{"id": "c", "at": "2024-05-01", "done": done}]}
    result = decide(made, facts)
    assert result.verdict == verdict
    assert [f.found.zh for f in result.findings if f.verdict == "violated"] == [found] * bool(found)


@pytest.mark.parametrize(
    ("due", "done", "as_of", "verdict"),
    [
        ("2024-06-03T18:00", "2024-06-03T18:00", "2024-07-01", "satisfied"),
        ("2024-06-03T18:00", "2024-06-03T18:01", "2024-07-01", "violated"),
        ("2024-06-03T18:00", "2024-06-03", "2024-07-01", "unknown"),
        ("2024-06-03T18:00", "never", "2024-06-03T18:00", "satisfied"),
        ("2024-06-03T18:00", "never", "2024-06-03T18:01", "violated"),
        # A day that is set holds until its end, and a rest day never moves it.
        ("2024-06-02", "2024-06-02T23:59", "2024-07-01", "satisfied"),
        ("2024-06-02", "2024-06-03", "2024-07-01", "violated"),
        (None, "2024-06-03", "2024-07-01", "unknown"),
        # None was set, so nothing is late.
        ("none", "2024-06-03", "2024-07-01", "not applicable"),
        ("2024-06-02", "none", "2024-07-01", "violated"),
    ],
)
def test_a_last_moment_that_was_set(due: str | None, done: str, as_of: str, verdict: str) -> None:
    made = obligation("dated", "requests", act="done", anchor="due", ahead=0)
    facts = {"requests": [{"id": "r", "due": due, "done": done}]}
    assert decide(made, facts, as_of).verdict == verdict


FILED = obligation(
    "dated",
    "units",
    act={"of": "filings", "at": "on", "match": {"to": "/licence/issuing_authority/kind"}},
    anchor="reviewed",
    within={"days": 30},
)


@pytest.mark.parametrize(
    ("to", "issuer", "verdict", "pointer"),
    [
        ("CA", "CA", "satisfied", None),
        ("MIIT", "CA", "violated", "/units/0/filings"),
        (None, "CA", "unknown", "/units/0/filings/0/to"),
        ("CA", None, "unknown", "/licence/issuing_authority/kind"),
    ],
)
def test_what_went_to_the_issuer_of_the_licence(
    to: str | None, issuer: str | None, verdict: str, pointer: str | None
) -> None:
    unit = {"id": "u", "reviewed": "2024-05-01", "filings": [{"to": to, "on": "2024-05-06"}]}
    licence = {"first_issued_on": "2000-01-01", "issuing_authority": {"kind": issuer}}
    facts = {"licence": licence, "units": [unit]}
    outcome = decide(FILED, facts)
    assert outcome.verdict == verdict
    assert [one.pointer for one in outcome.findings] == ([pointer] if pointer else [])


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
