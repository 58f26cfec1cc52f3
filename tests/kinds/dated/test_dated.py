"""Acts by a last day, and what lasts at least or at most so long."""

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


# 2026 is not published: what depends on its working days is not known.
DAYS = obligation("dated", "changes", act="done", anchor="on", within={"days": 30})


def test_a_day_that_is_far_but_provisional_is_noted_as_such() -> None:
    facts = {"changes": [{"id": "c", "on": "2026-01-01", "done": "never"}]}
    far = decide(DAYS, facts, "2026-01-01", warn_days=10)
    assert [note.kind for note in far.notes] == ["provisional date"]
    near = decide(DAYS, facts, "2026-01-01", warn_days=60)
    assert [note.kind for note in near.notes] == ["due soon"]
    assert near.upcoming[0].provisional


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
