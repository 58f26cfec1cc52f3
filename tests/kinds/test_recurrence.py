from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import citation, obligation, version

YEARLY = obligation(
    "recurrence",
    "licence",
    window={"from": "01-01", "to": "03-31"},
    **{"while": {"from": "since", "until": "until"}},
    records="/reports",
    at="at",
    year="year",
)
LICENCE = {"since": "2021-06-01", "until": "2025-12-31"}
IN_2022 = {"year": 2022, "at": "2022-03-31"}
IN_2023 = {"year": 2023, "at": "2023-01-01"}
IN_2024 = {"year": 2024, "at": "2024-02-01"}


def verdict(reports: Any, as_of: str = "2024-06-03", **licence: Any) -> str:
    facts = {"licence": {**LICENCE, **licence}, "reports": reports}
    return str(decide(YEARLY, facts, as_of).verdict)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        ([IN_2022, IN_2023, IN_2024], "satisfied"),
        ([IN_2024, IN_2022, IN_2023], "satisfied"),
        ([IN_2022, IN_2023], "violated"),
        ([IN_2022, IN_2023, {"year": 2024, "at": "2024-04-01"}], "violated"),
        ([IN_2022, IN_2023, {"year": 2024, "at": None}], "unknown"),
        ([IN_2022, IN_2023, {"year": 2024, "at": "never"}], "violated"),
        # A report that names no year answers that of its day.
        ([IN_2022, IN_2023, {"at": "2024-02-01"}], "satisfied"),
        ([IN_2022, IN_2023, {"at": "2024-04-01"}], "violated"),
        ([IN_2022, IN_2023, {"at": None}], "unknown"),
        ([IN_2022, IN_2023, {"at": "never"}], "violated"),
        # One that names another year does not answer this one.
        ([IN_2022, IN_2023, {"year": 2023, "at": "2024-02-01"}], "violated"),
        # Windows before the look-back are over.
        ([IN_2023, IN_2024], "satisfied"),
        ([{"year": 2022, "at": None}, IN_2023, IN_2024], "satisfied"),
        ([{"year": 2022, "at": "2022-06-04"}, IN_2023, IN_2024], "violated"),
        ([{"year": 2022, "at": "2022-06-03"}, IN_2023, IN_2024], "satisfied"),
        (None, "unknown"),
        ([], "violated"),
    ],
)
def test_every_year_has_its_window(reports: Any, expected: str) -> None:
    assert verdict(reports) == expected


def test_the_line_to_add_is_asked_for_once() -> None:
    outcome = decide(YEARLY, {"licence": LICENCE})
    assert [pointer for _, pointer, _ in said(outcome)] == ["/reports"]


def test_late_before_the_look_back_is_a_note() -> None:
    reports = [{"year": 2022, "at": "2022-06-03"}, IN_2023, IN_2024]
    outcome = decide(YEARLY, {"licence": LICENCE, "reports": reports})
    assert [note.kind for note in outcome.notes] == ["late but remedied"]


@pytest.mark.parametrize(
    ("licence", "as_of", "expected"),
    [
        ({"since": "2024-01-01"}, "2024-06-03", "satisfied"),
        ({"since": "2025-01-01"}, "2025-06-03", "not applicable"),
        ({"since": None}, "2024-06-03", "unknown"),
        ({"until": None}, "2024-06-03", "unknown"),
        ({"until": "2023-12-31"}, "2024-06-03", "satisfied"),
    ],
)
def test_a_window_binds_who_was_licensed_before_its_year(
    licence: Any, as_of: str, expected: str
) -> None:
    assert verdict([IN_2022, IN_2023], as_of, **licence) == expected


def test_what_falls_due_next() -> None:
    facts = {"licence": LICENCE, "reports": [IN_2022, IN_2023]}
    (due,) = decide(YEARLY, facts, "2024-01-15").upcoming
    assert (due.last, due.safe) == ("2024-03-31", "2024-03-29")
    facts["reports"].append(IN_2024)
    assert decide(YEARLY, facts, "2024-02-15").upcoming[0].last == "2025-03-31"
    ending = {**LICENCE, "until": "2024-03-06"}
    outcome = decide(YEARLY, {"licence": ending, "reports": [IN_2022, IN_2023]}, "2024-01-15")
    assert [note.kind for note in outcome.notes] == ["due soon", "advice"]
    assert outcome.upcoming[0].safe == "2024-03-06"


def test_a_renewed_licence_is_bound_longer() -> None:
    renewed = obligation(
        "recurrence",
        "licence",
        window={"from": "01-01", "to": "03-31"},
        **{"while": {"from": "since", "until": "until", "renewed_until": "/renewal/until"}},
        records="/reports",
        at="at",
    )
    licence = {"since": "2021-06-01", "until": "2022-12-31"}
    facts = {"licence": licence, "reports": [{"at": "2022-02-01"}]}
    assert decide(renewed, facts).verdict == "satisfied"
    facts["renewal"] = {"until": "2027-12-31"}
    assert decide(renewed, facts).verdict == "violated"


def test_a_statute_binds_the_windows_that_close_while_it_is_law() -> None:
    law = citation(version("2020-01-01", "2023-12-31"))
    made = obligation(
        "recurrence",
        "licence",
        window={"from": "01-01", "to": "03-31"},
        **{"while": {"from": "since", "until": "until"}},
        records="/reports",
        at="at",
        basis="statute",
        cites=(law,),
    )
    facts = {"licence": LICENCE, "reports": [{"at": "2022-02-01"}, {"at": "2023-02-01"}]}
    assert decide(made, facts).verdict == "satisfied"


def test_what_neither_has_a_window_nor_a_period_asks_for_nothing() -> None:
    made = obligation("recurrence", "sites", records="tests", at="on")
    assert decide(made, {"sites": [{"id": "s"}]}).verdict == "not applicable"
