"""What is done again and again, and in a window of every year."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import citation, obligation, version

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


CALENDAR = obligation(
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
    outcome = told(CALENDAR, since, [{"on": day} for day in trainings], as_of)
    assert outcome.verdict == expected
    days = [str(f.due) for f in outcome.findings] or [one.last for one in outcome.upcoming]
    assert days == [due]


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


# ---- In a window of every year


WINDOW = {
    "anchor": "licence.term",
    "yearly": {"from": "01-01", "to": "03-31"},
    "ahead": {"days": 90},
}
YEARLY = obligation(
    "dated",
    "licence",
    act={"of": "/reports", "at": "at", "year": "year", "about": "about"},
    **WINDOW,
)
"""A duty whose records name no year: each answers that of its day."""

LICENCE = {
    "first_issued_on": "2021-06-01",
    "issued_on": "2021-06-01",
    "valid_until": "2025-12-31",
    "status": "正常",
}
IN_2022 = {"year": 2022, "about": 2021, "at": "2022-03-31"}
IN_2023 = {"year": 2023, "about": 2022, "at": "2023-01-01"}
IN_2024 = {"year": 2024, "about": 2023, "at": "2024-02-01"}


def found(
    reports: Any, as_of: str = "2024-06-03", made: Any = YEARLY, renewal: Any = None, **licence: Any
) -> tuple[str, list[str]]:
    facts = {"licence": {**LICENCE, **licence}, "reports": reports, "renewal": renewal}
    outcome = decide(made, facts, as_of)
    return str(outcome.verdict), [at for _, at, _ in said(outcome)]


@pytest.mark.parametrize(
    ("reports", "verdict", "pointer"),
    [
        ([IN_2022, IN_2023, IN_2024], "satisfied", None),
        ([IN_2024, IN_2022, IN_2023], "satisfied", None),
        ([IN_2022, IN_2023], "violated", ""),
        ([IN_2022, IN_2023, {**IN_2024, "at": "2024-04-01"}], "violated", "/2/at"),
        ([IN_2022, IN_2023, {**IN_2024, "at": "never"}], "violated", ""),
        # One that names another year, or tells of another one, does not answer this one.
        ([IN_2022, IN_2023, {**IN_2024, "year": 2023}], "violated", ""),
        ([IN_2022, IN_2023, {**IN_2024, "about": 2022}], "violated", ""),
        # What is not known of one may be what makes it answer, or not.
        ([IN_2022, IN_2023, {**IN_2024, "at": None}], "unknown", "/2/at"),
        ([IN_2022, IN_2023, {**IN_2024, "year": None}], "unknown", "/2/year"),
        ([IN_2022, IN_2023, {**IN_2024, "about": None}], "unknown", "/2/about"),
        ([IN_2022, IN_2023, IN_2024, {**IN_2024, "at": None}], "satisfied", None),
        ([IN_2022, IN_2023, {**IN_2024, "year": None, "at": "2024-04-01"}], "violated", ""),
        (
            [IN_2022, IN_2023, {**IN_2024, "at": "2024-04-01"}, {**IN_2024, "at": None}],
            *("unknown", "/3/at"),
        ),
        # Windows before the look-back are over, but what was done late is so by its day.
        ([IN_2023, IN_2024], "satisfied", None),
        ([{**IN_2022, "at": "2022-06-04"}, IN_2023, IN_2024], "violated", "/0/at"),
        ([{**IN_2022, "at": "2022-06-03"}, IN_2023, IN_2024], "satisfied", None),
        ([{**IN_2022, "at": None}, IN_2023, IN_2024], "unknown", "/0/at"),
        ([{**IN_2022, "year": None}, IN_2023, IN_2024], "satisfied", None),
        (
            [{**IN_2022, "year": None, "at": "2022-06-04"}, IN_2023, IN_2024],
            *("unknown", "/0/year"),
        ),
        (None, "unknown", ""),
        ([], "violated", ""),
    ],
)
def test_every_year_has_its_window(reports: Any, verdict: str, pointer: str | None) -> None:
    outcome, at = found(reports)
    assert outcome == verdict
    assert at[:1] == ([] if pointer is None else [f"/reports{pointer}"])


def test_what_was_before_the_paper_is_over_after_the_look_back() -> None:
    held = {"first_issued_on": None, "issued_on": "2021-01-01"}
    assert found([IN_2022, IN_2023, IN_2024], **held) == ("satisfied", [])
    in_2021 = {"year": 2021, "about": 2020}
    every = [IN_2022, IN_2023, IN_2024]
    # What was done late is over only when that is.
    for done, verdict in (
        ("2021-02-01", "satisfied"),
        ("2023-02-01", "unknown"),
        (None, "unknown"),
    ):
        assert found([{**in_2021, "at": done}, *every], **held)[0] == verdict


RAN_OUT = {"valid_until": "2024-03-06"}
GRANTED = {
    "applied_on": "2023-12-01",
    "decision": "granted",
    "decided_on": "2024-02-01",
    "new_valid_until": "2029-03-06",
}
PENDING = {"decision": "pending", "decided_on": "never"}
IN_2025 = {"year": 2025, "about": 2024, "at": "2025-02-01"}


@pytest.mark.parametrize(
    ("renewal", "reports", "verdict", "pointer"),
    [
        ({"applied_on": "never"}, [], "satisfied", None),
        # Whether it was renewed is not known, so neither whether anything was due.
        (None, [], "unknown", "/renewal/applied_on"),
        (None, [IN_2025], "satisfied", None),
        (GRANTED, [], "violated", "/reports"),
        (GRANTED, [IN_2025], "satisfied", None),
        ({**GRANTED, "new_valid_until": None}, [], "unknown", "/renewal/new_valid_until"),
        ({**GRANTED, "new_valid_until": None}, [IN_2025], "satisfied", None),
        ({**GRANTED, "decided_on": None}, [], "unknown", "/renewal/decided_on"),
        # What is granted later was applied for too late to be deemed granted until then.
        (
            {**GRANTED, "applied_on": "2024-01-01", "decided_on": "never"},
            *([], "satisfied", None),
        ),
        ({"applied_on": "2023-12-07", **PENDING}, [], "violated", "/reports"),
        ({"applied_on": "2023-12-08", **PENDING}, [], "satisfied", None),
        ({"applied_on": "2023-12-07"}, [], "unknown", "/renewal/decision"),
        ({"decision": "pending"}, [], "unknown", "/renewal/applied_on"),
        # It was in force until it was refused.
        ({**GRANTED, "decision": "refused"}, [], "satisfied", None),
        ({**GRANTED, "decision": "refused", "decided_on": "2025-01-01"}, [], "satisfied", None),
        # Refused within the window, it no longer was in force when that closed.
        ({**GRANTED, "decision": "refused", "decided_on": "2025-03-31"}, [], "satisfied", None),
        (
            {**GRANTED, "decision": "refused", "decided_on": "2025-04-01"},
            *([], "violated", "/reports"),
        ),
        (
            {**GRANTED, "decision": "refused", "decided_on": "2025-01-02", "applied_on": None},
            *([], "unknown", "/renewal/applied_on"),
        ),
        (
            {**GRANTED, "decision": "refused", "decided_on": "2025-01-02"}
            | {"applied_on": "2023-12-08"},
            *([], "satisfied", None),
        ),
    ],
)
def test_a_licence_that_ran_out_may_be_in_force(
    renewal: Any, reports: list[Any], verdict: str, pointer: str | None
) -> None:
    every = [IN_2022, IN_2023, IN_2024, *reports]
    expected = (verdict, [pointer] if pointer else [])
    assert found(every, "2025-04-01", renewal=renewal, **RAN_OUT) == expected


def test_the_latest_window_may_be_a_later_one() -> None:
    not_reported = [IN_2022, IN_2023, IN_2025]
    decided = {"applied_on": "2023-12-01"}
    said = found(not_reported, "2026-06-03", renewal=decided, **RAN_OUT)
    assert said[0] == "unknown"
    granted = {**GRANTED, "new_valid_until": "2025-12-31"}
    assert found(not_reported, "2026-06-03", renewal=granted, **RAN_OUT)[0] == "satisfied"
    refused = {**GRANTED, "decision": "refused"}
    assert found(not_reported, "2026-06-03", renewal=refused, **RAN_OUT)[0] == "satisfied"
    whole = {"valid_until": "2024-03-31"}
    assert found(not_reported, "2026-06-03", renewal=refused, **whole)[0] == "violated"


@pytest.mark.parametrize(
    ("status", "valid_until", "verdict", "pointer"),
    [
        ("吊销", "2025-12-31", "unknown", "/licence/status"),
        (None, "2025-12-31", "unknown", "/licence/status"),
        # It ran out, and was struck off then.
        ("注销", "2024-03-31", "violated", "/reports"),
    ],
)
def test_of_a_licence_that_was_ended_nobody_knows_since_when(
    status: str | None, valid_until: str, verdict: str, pointer: str
) -> None:
    state = {"status": status, "valid_until": valid_until}
    not_renewed = {"applied_on": "never"}
    assert found([IN_2023], renewal=not_renewed, **state) == (verdict, [pointer])
    every = [IN_2022, IN_2023, IN_2024]
    assert found(every, renewal=not_renewed, **state) == ("satisfied", [])
    long_ago = [{**IN_2022, "at": "2022-06-03"}, IN_2023, IN_2024]
    assert found(long_ago, renewal=not_renewed, **state) == ("satisfied", [])


def test_what_falls_due_next() -> None:
    facts: dict[str, Any] = {"licence": LICENCE, "reports": [IN_2022, IN_2023]}
    (due,) = decide(YEARLY, facts, "2024-01-15").upcoming
    assert (due.last, due.safe) == ("2024-03-31", "2024-03-29")
    facts["reports"].append(IN_2024)
    assert decide(YEARLY, facts, "2024-02-15").upcoming[0].last == "2025-03-31"
    ending = {**LICENCE, **RAN_OUT}
    outcome = decide(YEARLY, {"licence": ending, "reports": [IN_2022, IN_2023]}, "2024-01-15")
    assert [note.kind for note in outcome.notes] == ["due soon"]
    assert outcome.upcoming[0].safe == "2024-03-06"
    deemed = {"applied_on": "2023-12-01", **PENDING}
    facts = {"licence": ending, "reports": [IN_2022, IN_2023, IN_2024], "renewal": deemed}
    assert decide(YEARLY, facts, "2024-06-03").upcoming[0].last == "2025-03-31"


def test_the_steps_do_not_take_a_record_for_that_of_another_year() -> None:
    late, other = {**IN_2023, "at": "2023-04-01"}, {**IN_2023, "about": 2021}
    outcome = decide(YEARLY, {"licence": LICENCE, "reports": [late, other]}, "2023-06-03")
    (steps,) = outcome.steps.values()
    assert [*steps()][-1].en == "2023: 2023-01-01 to 2023-03-31; done: 2023-04-01"


def test_a_statute_binds_the_windows_that_close_while_it_is_law() -> None:
    law = citation(version("2020-01-01", "2023-12-31"))
    of_statute = {"basis": "statute", "cites": (law,)}
    made = obligation(
        "dated", "licence", act={"of": "/reports", "at": "at"}, **WINDOW, **of_statute
    )
    reports = [{"at": "2022-02-01"}, {"at": "2023-02-01"}]
    assert found(reports, made=made) == ("satisfied", [])
