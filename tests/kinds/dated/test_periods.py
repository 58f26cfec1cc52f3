from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import obligation

EVERY = obligation(
    "dated", "company", act={"of": "/trainings", "at": "on"}, anchor="since", every={"months": 12}
)


def told(made: Any, since: Any, trainings: Any, as_of: str = "2024-06-04", **more: Any) -> Any:
    facts = {"company": {"id": "us", "since": since, **more}, "trainings": trainings}
    return decide(made, facts, as_of)


@pytest.mark.parametrize(
    ("since", "trainings", "as_of", "expected"),
    [
        ("2023-06-03", [], "2024-06-03", "satisfied"),
        ("2023-06-03", [], "2024-06-04", "violated"),
        ("2023-06-03", [{"on": "2024-01-01"}], "2024-06-04", "satisfied"),
        ("2023-06-03", [{"on": None}], "2024-06-04", "unknown"),
        ("2023-06-03", [{"on": "never"}], "2024-06-04", "violated"),
        ("2023-06-03", None, "2024-06-04", "unknown"),
        (None, [], "2024-06-04", "unknown"),
        ("never", [], "2024-06-04", "not applicable"),
        # What was done before the duty began, or on that day, does not put it off.
        ("2023-06-03", [{"on": "2023-06-03"}], "2024-06-04", "violated"),
        # Each time is measured from the one before, not from the beginning.
        ("2022-06-03", [{"on": "2023-01-01"}, {"on": "2024-01-01"}], "2024-06-04", "satisfied"),
        ("2022-06-03", [{"on": "2024-01-01"}, {"on": "2023-01-01"}], "2024-06-04", "satisfied"),
        ("2022-06-03", [{"on": "2023-01-01"}, {"on": "2024-01-02"}], "2024-06-04", "violated"),
        # Late before the look-back is over.
        ("2020-06-03", [{"on": "2021-12-01"}, {"on": "2022-12-01"}], "2023-12-01", "violated"),
        ("2020-06-03", [{"on": "2021-11-01"}, {"on": "2022-11-01"}], "2023-11-02", "violated"),
        # A time that is not known may have come between.
        (
            "2022-06-03",
            [{"on": "2023-01-01"}, {"on": None}, {"on": "2024-01-02"}],
            "2024-06-04",
            "unknown",
        ),
        # Without its beginning, the first time that is not over perhaps came too late.
        (None, [{"on": "2024-01-01"}], "2024-06-04", "unknown"),
        (None, [{"on": "2022-06-03"}, {"on": "2023-06-03"}], "2024-06-03", "satisfied"),
        (None, [{"on": "2023-01-01"}], "2024-06-04", "unknown"),
        (None, [{"on": "2023-01-01"}, {"on": "2024-01-02"}], "2024-06-04", "unknown"),
    ],
)
def test_every_so_often(since: str | None, trainings: Any, as_of: str, expected: str) -> None:
    assert told(EVERY, since, trainings, as_of).verdict == expected


STORES = obligation(
    "dated",
    "company",
    act={"of": "/trainings", "at": "on"},
    anchor={"of": "/stores", "at": "on", "where": {"used": True}},
    every={"months": 12},
)


@pytest.mark.parametrize(
    ("used", "trainings", "expected"),
    [
        (True, ["2024-01-01"], "violated"),
        (False, ["2024-01-01"], "satisfied"),
        # Perhaps it began with the first store, and then the first time was late.
        (None, ["2024-01-01"], "unknown"),
        (None, ["2022-12-31", "2023-12-01"], "satisfied"),
        # The first time was early enough either way, and since then a year has passed.
        (None, ["2022-12-31"], "unknown"),
        (None, [], "unknown"),
    ],
)
def test_a_beginning_that_perhaps_counts_is_no_pass(
    used: bool | None, trainings: list[str], expected: str
) -> None:
    stores = [{"on": "2022-01-01", "used": used}, {"on": "2023-09-01", "used": True}]
    assert decide(STORES, since(stores, trainings), "2024-06-04").verdict == expected


def since(stores: list[dict[str, Any]], trainings: list[str]) -> dict[str, Any]:
    times = [{"on": day} for day in trainings]
    return {"company": {"id": "us"}, "stores": stores, "trainings": times}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        # If it began with this store, the first time was late.
        ("2022-01-01", "unknown"),
        ("2023-01-01", "satisfied"),
        (None, "unknown"),
    ],
)
def test_the_only_beginning_perhaps_counts(on: str | None, expected: str) -> None:
    facts = since([{"on": on, "used": None}], ["2024-01-01"])
    assert decide(STORES, facts, "2024-06-04").verdict == expected


RESTARTED = obligation(
    "dated",
    "company",
    act={"of": "/trainings", "at": "on"},
    anchor="since",
    every={"months": 12},
    restart={"of": "changes", "at": "on", "where": {"kind": "grading"}},
)
REGRADED = {"id": "c", "kind": "grading", "on": "2024-01-01"}


@pytest.mark.parametrize(
    ("changes", "trainings", "as_of", "expected"),
    [
        ([], [], "2024-06-04", "violated"),
        ([REGRADED], [], "2024-06-04", "satisfied"),
        ([REGRADED], [], "2025-01-01", "satisfied"),
        ([REGRADED], [], "2025-01-02", "violated"),
        # What lay before the last restart is not judged, what comes after it is.
        ([REGRADED], [{"on": "2023-12-01"}], "2025-01-02", "violated"),
        ([REGRADED], [{"on": "2025-02-01"}], "2025-02-02", "violated"),
        ([REGRADED, {**REGRADED, "on": "2024-03-01"}], [], "2025-03-01", "satisfied"),
        ([{**REGRADED, "kind": "information"}], [], "2024-06-04", "violated"),
        ([{**REGRADED, "kind": None}], [], "2024-06-04", "unknown"),
        ([{**REGRADED, "on": None}], [], "2024-06-04", "unknown"),
        (None, [], "2024-06-04", "unknown"),
        # One that may count and came too early to matter.
        (
            [REGRADED, {**REGRADED, "kind": None, "on": "2023-06-01"}],
            [],
            "2025-01-02",
            "violated",
        ),
    ],
)
def test_a_new_period_begins(changes: Any, trainings: Any, as_of: str, expected: str) -> None:
    assert told(RESTARTED, "2022-01-01", trainings, as_of, changes=changes).verdict == expected


LAST = obligation("dated", "search", act="tested", anchor="since", every={"days": 90})


@pytest.mark.parametrize(
    ("since", "tested", "as_of", "expected"),
    [
        ("2019-01-01", "2024-03-01", "2024-05-30", "satisfied"),
        ("2019-01-01", "2024-03-01", "2024-05-31", "violated"),
        ("2024-03-01", "never", "2024-05-30", "satisfied"),
        ("2024-03-01", "never", "2024-05-31", "violated"),
        ("2024-03-01", None, "2024-05-30", "satisfied"),
        ("2024-03-01", None, "2024-05-31", "unknown"),
        # A test before the beginning does not put the first one off.
        ("2024-03-01", "2023-12-01", "2024-05-31", "violated"),
        ("never", "never", "2024-05-31", "not applicable"),
        # The last time tells enough without the beginning.
        (None, "2024-03-01", "2024-05-30", "satisfied"),
        (None, "never", "2024-05-30", "unknown"),
    ],
)
def test_it_is_due_again_from_the_last_time_on(
    since: str | None, tested: str | None, as_of: str, expected: str
) -> None:
    facts = {"search": {"since": since, "tested": tested}}
    assert decide(LAST, facts, as_of).verdict == expected


YEARLY = obligation(
    "dated",
    "company",
    act={"of": "/trainings", "at": "on"},
    anchor="since",
    every={"calendar_years": 1},
)


@pytest.mark.parametrize(
    ("since", "trainings", "as_of", "expected", "due"),
    [
        # The rest of the first year is free, and a whole first year is not.
        ("2022-10-08", [], "2023-12-31", "satisfied", "2023-12-31"),
        ("2022-10-08", [], "2024-01-01", "violated", "2023-12-31"),
        ("2022-01-01", [], "2022-12-31", "satisfied", "2022-12-31"),
        ("2022-01-01", [], "2023-01-01", "violated", "2022-12-31"),
        # One in each year, however far apart.
        ("2021-06-01", ["2022-01-01", "2023-12-31"], "2024-12-31", "satisfied", "2024-12-31"),
        ("2021-06-01", ["2022-01-01", "2023-12-31"], "2025-01-01", "violated", "2024-12-31"),
        # A year without one, and the next time after it.
        ("2021-06-01", ["2022-01-01", "2024-01-01"], "2024-06-01", "violated", "2023-12-31"),
        ("2022-06-01", ["2022-07-01", None], "2024-06-01", "unknown", "2023-12-31"),
    ],
)
def test_once_in_every_calendar_year(
    since: str, trainings: list[str | None], as_of: str, expected: str, due: str
) -> None:
    outcome = told(YEARLY, since, [{"on": day} for day in trainings], as_of)
    assert outcome.verdict == expected
    days = [str(f.due) for f in outcome.findings] or [one.last for one in outcome.upcoming]
    assert days == [due]


def test_once_in_every_two_calendar_years() -> None:
    made = obligation("dated", "company", act="on", anchor="since", every={"calendar_years": 2})
    for as_of, expected in (("2023-12-31", "satisfied"), ("2024-01-01", "violated")):
        assert told(made, "2019-06-01", [], as_of, on="2021-02-03").verdict == expected


ENDING = obligation(
    "dated",
    "company",
    act={"of": "/trainings", "at": "on"},
    anchor="since",
    every={"months": 12},
    ends="ended",
)


@pytest.mark.parametrize(
    ("ended", "as_of", "expected"),
    [
        ("never", "2024-06-04", "violated"),
        ("2024-06-03", "2024-06-10", "satisfied"),
        ("2024-06-04", "2024-06-10", "violated"),
        (None, "2024-06-03", "satisfied"),
        (None, "2024-06-04", "unknown"),
    ],
)
def test_a_duty_that_ends(ended: str | None, as_of: str, expected: str) -> None:
    assert told(ENDING, "2023-06-03", [], as_of, ended=ended).verdict == expected


@pytest.mark.parametrize(
    ("since", "ended", "expected"),
    [
        ("2023-01-01", "never", "violated"),
        ("2023-01-01", "2024-01-02", "violated"),
        # By the end of the period it was no longer owed, so what was done later was not late.
        ("2023-01-01", "2024-01-01", "satisfied"),
        ("2023-01-01", None, "unknown"),
        (None, "never", "unknown"),
    ],
)
def test_what_was_done_after_the_end_was_not_late(
    since: str | None, ended: str | None, expected: str
) -> None:
    times = [{"on": "2024-03-01"}]
    assert told(ENDING, since, times, "2024-06-04", ended=ended).verdict == expected


def test_an_earlier_beginning_is_counted_from_the_last_time_that_alone_is_told() -> None:
    anchor = {"of": "/stores", "at": "on", "where": {"used": True}}
    every: Any = {"anchor": anchor, "every": {"months": 12}}
    made = obligation("dated", "notice", act="on", **every)
    stores = [{"on": "2024-06-04", "used": True}, {"on": None, "used": None}]
    for updated, expected in (("2023-06-04", "satisfied"), ("2023-06-03", "unknown")):
        facts = {"notice": {"id": "n", "on": updated}, "stores": stores}
        assert decide(made, facts, "2024-06-04").verdict == expected


def test_a_beginning_that_perhaps_counts_ends_with_the_duty() -> None:
    made = obligation(
        "dated",
        "company",
        act={"of": "/trainings", "at": "on"},
        anchor={"of": "/stores", "at": "on", "where": {"used": True}},
        every={"months": 12},
        ends="ended",
    )
    facts = since([{"on": "2023-01-01", "used": None}], ["2024-03-01"])
    for ended, expected in (("never", "unknown"), ("2024-01-01", "satisfied")):
        facts["company"]["ended"] = ended
        assert decide(made, facts, "2024-06-04").verdict == expected
