"""Acts by a last day, and what lasts at least or at most so long."""

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


@pytest.mark.parametrize("unit", ["days", "working_days", "months", "hours"])
def test_a_term_that_ends_after_the_calendar_is_never_overdue(unit: str) -> None:
    made = obligation("dated", "cases", act="done", anchor="on", within={unit: 1})
    facts = {"cases": [{"id": "c", "on": "9999-12-31", "done": "never"}]}
    assert decide(made, facts).verdict == "satisfied"


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


# ---- At least, at most so long after the anchor


def ordered(**given: Any) -> Any:
    if "lasts" in given or "at_most" in given:
        return obligation("dated", "items", act="then", anchor="first", **given)
    return obligation("dated", "items", act="first", anchor="then", ahead=0, **given)


@pytest.mark.parametrize(
    ("gaps", "first", "then", "verdict"),
    [
        ({}, "2024-01-01", "2024-01-01", "satisfied"),
        ({}, "2024-01-02", "2024-01-01", "violated"),
        ({"lasts": {"days": 1}}, "2024-01-01", "2024-01-01", "violated"),
        ({"lasts": {"days": 1}}, "2024-01-01", "2024-01-02", "satisfied"),
        ({"lasts": {"months": 1}}, "2024-01-31", "2024-02-29", "satisfied"),
        ({"lasts": {"months": 1}}, "2024-01-31", "2024-02-28", "violated"),
        ({"at_most": {"years": 1}}, "2024-02-29", "2025-02-28", "satisfied"),
        ({"at_most": {"years": 1}}, "2024-02-29", "2025-03-01", "violated"),
        ({"at_most": {"years": 1}}, "2024-02-29", "2024-02-28", "satisfied"),
        ({}, "never", "2024-01-01", "violated"),
        ({}, "never", "2024-06-03", "satisfied"),
        ({"at_most": {"years": 5}}, "never", "2024-01-01", "not applicable"),
        ({}, "never", "never", "not applicable"),
        ({}, "never", None, "unknown"),
        ({}, None, "never", "not applicable"),
        ({"lasts": {"days": 30}}, "never", "2024-07-02", "not applicable"),
        ({}, "2024-01-01T10:00+08:00", "2024-01-01T10:00+08:00", "satisfied"),
        ({}, "2024-01-01T10:00+08:00", "2024-01-01T09:59+08:00", "violated"),
        ({}, "2024-01-01T17:00+08:00", "2024-01-01T09:30Z", "satisfied"),
        ({}, "2024-01-01", "2024-01-01T23:59+08:00", "unknown"),
        ({}, "2024-01-01T10:00+08:00", "2024-01-01", "satisfied"),
        ({}, "2024-01-01T10:00+08:00", "2023-12-31", "violated"),
        ({}, "2024-01-01", "2024-01-02T00:00+08:00", "satisfied"),
        ({"at_most": {"days": 1}}, "2024-01-01", "2024-01-01T23:59+08:00", "satisfied"),
        ({}, "never", "2024-06-03T23:00+08:00", "violated"),
        ({}, "2024-01-01", "never", "not applicable"),
        ({}, None, "2024-01-01", "unknown"),
        ({}, "2024-01-01", None, "unknown"),
    ],
)
def test_one_date_comes_before_another(
    gaps: Any, first: str | None, then: str | None, verdict: str
) -> None:
    facts = {"items": [{"id": "i", "first": first, "then": then}]}
    assert decide(ordered(**gaps), facts).verdict == verdict


RECORDS = obligation(
    "dated",
    "stores",
    act={
        "of": "/reviews",
        "at": "done_on",
        "where": {"kind": "impact"},
        "match": {"concerns": "id"},
    },
    anchor="started_on",
    ahead=0,
)
MINE = {"id": "r", "kind": "impact", "concerns": ["s", "t"]}


@pytest.mark.parametrize(
    ("reviews", "verdict", "pointer"),
    [
        ([{**MINE, "done_on": "2024-02-01"}], "satisfied", ""),
        ([{**MINE, "done_on": "2024-02-02"}], "violated", "/reviews/0/done_on"),
        # The earliest of several counts, in whatever order they stand.
        ([{**MINE, "done_on": "2024-03-01"}, {**MINE, "done_on": "2024-01-01"}], "satisfied", ""),
        # Of two on one day, an instant is taken before the day.
        (
            [{**MINE, "done_on": "2024-02-01"}, {**MINE, "done_on": "2024-02-01T08:00Z"}],
            "satisfied",
            "",
        ),
        # Records of others, of another kind, and what was never done, are none.
        ([{**MINE, "concerns": ["t"], "done_on": "2024-01-01"}], "violated", "/reviews"),
        ([{**MINE, "kind": "code", "done_on": "2024-01-01"}], "violated", "/reviews"),
        ([{**MINE, "done_on": "never"}], "violated", "/reviews"),
        ([], "violated", "/reviews"),
        # What is not known of them.
        (None, "unknown", "/reviews"),
        ([{**MINE, "done_on": None}], "unknown", "/reviews/0/done_on"),
        ([{**MINE, "kind": None, "done_on": "2024-01-01"}], "unknown", "/reviews/0/kind"),
        ([{**MINE, "concerns": None, "done_on": "2024-01-01"}], "unknown", "/reviews/0/concerns"),
        # A late one is certain only when no other may be earlier.
        (
            [{**MINE, "done_on": "2024-02-02"}, {**MINE, "id": "q", "done_on": None}],
            "unknown",
            "/reviews/1/done_on",
        ),
        (
            [{**MINE, "done_on": "2024-02-01"}, {**MINE, "id": "q", "done_on": None}],
            "satisfied",
            "",
        ),
    ],
)
def test_the_first_of_the_records_of_a_subject(reviews: Any, verdict: str, pointer: str) -> None:
    facts = {"stores": [{"id": "s", "started_on": "2024-02-01"}], "reviews": reviews}
    outcome = decide(RECORDS, facts)
    assert outcome.verdict == verdict
    assert [at for _, at, _ in said(outcome)] == ([pointer] if pointer else [])


@pytest.mark.parametrize(
    ("gap", "then", "verdict"),
    [
        ({}, ["2024-02-01", None], "unknown"),
        ({}, ["2024-01-01", None], "violated"),
        ({"at_most": {"days": 60}}, ["2024-02-01", None], "unknown"),
        ({"at_most": {"days": 5}}, ["2024-02-01", None], "unknown"),
        ({"at_most": {"days": 60}}, ["2024-02-01"], "satisfied"),
    ],
)
def test_an_earlier_second_date_may_turn_the_answer(
    gap: Any, then: list[str | None], verdict: str
) -> None:
    acts = {"of": "acts", "at": "on"}
    if gap:
        made = obligation("dated", "items", act=acts, anchor="first", **gap)
    else:
        made = obligation("dated", "items", act="first", anchor=acts, ahead=0)
    records = [{"id": str(i), "on": day} for i, day in enumerate(then)]
    facts = {"items": [{"id": "i", "first": "2024-01-15", "acts": records}]}
    assert decide(made, facts).verdict == verdict


@pytest.mark.parametrize(
    ("gap", "first", "then", "verdict"),
    [
        ({}, "2020-02-01", "2020-01-01", "not applicable"),
        ({}, "2021-02-01", "2021-01-01", "satisfied"),
        ({}, "2022-07-01", "2022-06-01", "violated"),
        ({}, "never", "2020-01-01", "not applicable"),
        ({"lasts": {"years": 3}}, "2020-12-31", "2021-12-31", "not applicable"),
        ({"lasts": {"years": 3}}, "2021-01-01", "2021-12-31", "violated"),
        ({}, "2020-01-01", None, "unknown"),
    ],
)
def test_a_statute_binds_what_happened_while_it_was_law(
    gap: Any, first: str, then: str | None, verdict: str
) -> None:
    law = citation(version("2021-01-01"))
    made = ordered(**gap, basis="statute", cites=(law,))
    facts = {"items": [{"id": "i", "first": first, "then": then}]}
    assert decide(made, facts).verdict == verdict


@pytest.mark.parametrize(
    ("then", "verdict"),
    [
        ("2024-02-01T16:00:00Z", "satisfied"),
        ("2024-02-01T15:59:59Z", "violated"),
        ("2024-02-02T09:00+08:00", "satisfied"),
    ],
)
def test_what_is_in_force_from_a_day_is_so_from_its_beginning(then: str, verdict: str) -> None:
    made = obligation(
        "dated", "approvals", act="valid_from", anchor="addition_filing.submitted_at", ahead=0
    )
    approval = {"id": "a", "valid_from": "2024-02-02", "addition_filing": {"submitted_at": then}}
    assert decide(made, {"approvals": [approval]}).verdict == verdict
