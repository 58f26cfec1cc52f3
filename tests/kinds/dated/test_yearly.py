"""What is done in a window of every year in which the licence is in force."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import citation, obligation, version

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
UNNAMED = obligation("dated", "licence", act={"of": "/reports", "at": "at"}, **WINDOW)
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


@pytest.mark.parametrize(
    ("last", "verdict"),
    [
        ("2024-02-01", "satisfied"),
        ("2024-04-01", "violated"),
        (None, "unknown"),
        ("never", "violated"),
    ],
)
def test_a_record_that_names_no_year_answers_that_of_its_day(
    last: str | None, verdict: str
) -> None:
    reports = [{"at": "2022-02-01"}, {"at": "2023-02-01"}, {"at": last}]
    assert found(reports, made=UNNAMED)[0] == verdict


def test_the_line_to_add_is_asked_for_once() -> None:
    assert found(None) == ("unknown", ["/reports"])


@pytest.mark.parametrize(
    ("licence", "as_of", "verdict", "pointer"),
    [
        ({"first_issued_on": "2024-01-01"}, "2024-06-03", "satisfied", None),
        ({"first_issued_on": "2025-01-01"}, "2025-06-03", "not applicable", None),
        # It is still to be issued.
        (
            {"first_issued_on": "never", "issued_on": "never"},
            *("2024-06-03", "not applicable", None),
        ),
        ({"first_issued_on": None, "issued_on": None}, "2024-06-03", "unknown", "first_issued_on"),
        ({"first_issued_on": None}, "2022-05-01", "unknown", "first_issued_on"),
        ({"first_issued_on": None, "issued_on": "2024-01-01"}, "2024-06-03", "unknown", "first"),
        ({"valid_until": None}, "2024-06-03", "unknown", "valid_until"),
        ({"valid_until": "2023-12-31"}, "2024-06-03", "satisfied", None),
    ],
)
def test_a_window_binds_who_was_licensed_before_its_year(
    licence: Any, as_of: str, verdict: str, pointer: str | None
) -> None:
    outcome, at = found([IN_2022, IN_2023], as_of, renewal={"applied_on": "never"}, **licence)
    assert outcome == verdict
    assert all(one.startswith(f"/licence/{pointer}") for one in at)
    assert bool(at) == bool(pointer)


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


def test_a_licence_that_was_struck_off_may_have_been_in_force_for_longer() -> None:
    state = {"valid_until": "2024-03-31", "status": "注销"}
    reports = [IN_2022, IN_2023]
    undecided = {"applied_on": "2023-12-01"}
    assert found(reports, renewal={"applied_on": "never"}, **state) == ("violated", ["/reports"])
    assert found(reports, renewal=undecided, **state) == ("unknown", ["/licence/status"])


def test_what_is_said_of_a_licence_that_was_ended() -> None:
    facts = {"licence": {**LICENCE, "status": "吊销"}, "reports": []}
    (late, *_) = decide(YEARLY, facts).findings
    assert late.message.en == (
        "the status of the licence is 吊销, and since when is not declared; "
        "whether this was due in 2024 cannot be decided"
    )


def test_what_falls_due_next() -> None:
    facts: dict[str, Any] = {"licence": LICENCE, "reports": [IN_2022, IN_2023]}
    (due,) = decide(YEARLY, facts, "2024-01-15").upcoming
    assert (due.last, due.safe) == ("2024-03-31", "2024-03-29")
    facts["reports"].append(IN_2024)
    assert decide(YEARLY, facts, "2024-02-15").upcoming[0].last == "2025-03-31"
    ending = {**LICENCE, **RAN_OUT}
    outcome = decide(YEARLY, {"licence": ending, "reports": [IN_2022, IN_2023]}, "2024-01-15")
    assert [note.kind for note in outcome.notes] == ["due soon", "advice"]
    assert outcome.upcoming[0].safe == "2024-03-06"
    deemed = {"applied_on": "2023-12-01", **PENDING}
    facts = {"licence": ending, "reports": [IN_2022, IN_2023, IN_2024], "renewal": deemed}
    assert decide(YEARLY, facts, "2024-06-03").upcoming[0].last == "2025-03-31"


def test_the_steps_do_not_take_a_record_for_that_of_another_year() -> None:
    late, other = {**IN_2023, "at": "2023-04-01"}, {**IN_2023, "about": 2021}
    outcome = decide(YEARLY, {"licence": LICENCE, "reports": [late, other]}, "2023-06-03")
    (steps,) = outcome.steps.values()
    assert [*steps()][-1].en == "2023: 2023-01-01 to 2023-03-31, done on 2023-04-01, outside it"


def test_a_statute_binds_the_windows_that_close_while_it_is_law() -> None:
    law = citation(version("2020-01-01", "2023-12-31"))
    of_statute = {"basis": "statute", "cites": (law,)}
    made = obligation(
        "dated", "licence", act={"of": "/reports", "at": "at"}, **WINDOW, **of_statute
    )
    reports = [{"at": "2022-02-01"}, {"at": "2023-02-01"}]
    assert found(reports, made=made) == ("satisfied", [])
