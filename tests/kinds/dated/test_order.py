"""An act by the day of another one, and one that lasts at least or at most so long."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import citation, obligation, version


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
