"""Whether a duty binds: by the law of a day, by what is printed, by what is past."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.kinds.legal_force import (
    by_its_law,
    not_binding,
    prints,
)
from pytest_icp.rules.policy import Edition, Printed
from tests.contexts import context, decide
from tests.obligations import citation, obligation, version

ISSUED = {"first_issued_on": "2019-03-06"}


def told(act: dict[str, Any], as_of: str = "2024-06-04", licence: Any = ISSUED, **more: Any) -> Any:
    made = obligation("condition", "acts", require={"sound": True}, **more)
    facts = {"licence": licence, "acts": [{"id": "a", "sound": False, **act}]}
    return decide(made, facts, as_of)


@pytest.mark.parametrize(
    ("at", "basis", "licence", "expected"),
    [
        ("2019-03-06", "licence", ISSUED, "violated"),
        ("2019-03-05", "licence", ISSUED, "not applicable"),
        ("2019-03-05T23:59:59+08:00", "licence", ISSUED, "not applicable"),
        ("2019-03-05", "own", ISSUED, "violated"),
        ("never", "licence", ISSUED, "violated"),
        # What may excuse, and is not known.
        ("2019-03-05", "licence", {}, "unknown"),
        ("2019-03-05", "licence", None, "unknown"),
        ("2019-03-05", "licence", {"issued_on": "2019-03-06"}, "unknown"),
        ("2019-03-05", "licence", {"issued_on": "2019-03-05"}, "violated"),
        (None, "licence", ISSUED, "unknown"),
        (None, "own", ISSUED, "violated"),
    ],
)
def test_an_act_before_the_licence_is_not_bound(
    at: str | None, basis: str, licence: Any, expected: str
) -> None:
    assert told({"at": at}, licence=licence, basis=basis, happened="at").verdict == expected


# ---- Whether the licence prints a duty


OLD = Edition(id="old", start=None, until=date(2025, 12, 31))
MIDDLE = Edition(id="middle", start=date(2026, 1, 1), until=date(2026, 6, 30))
NEW = Edition(id="new", start=date(2026, 7, 1))
EVERY = (OLD, MIDDLE, NEW)


def licence(
    issued: str | None = None, edition: str | None = None, first: str | None = None
) -> dict[str, Any]:
    return {
        "licence": {
            "issued_on": issued,
            "provisions_edition": edition,
            "first_issued_on": first or issued,
        }
    }


@pytest.mark.parametrize(
    ("by", "facts", "day", "expected"),
    [
        # The licence of today prints what is declared.
        (["new"], licence("2026-08-01", "new"), "2027-01-01", True),
        (["new"], licence("2026-08-01", "old"), "2027-01-01", False),
        (["new"], licence(None, "new"), "2027-01-01", None),
        (["old"], licence("2026-01-10", "middle"), "2027-01-01", False),
        # Else its day of issue tells, where only one edition fits.
        (["new"], licence("2026-08-01"), "2027-01-01", True),
        (["new"], licence("2026-06-30"), "2027-01-01", False),
        (["middle", "old"], licence("2026-06-30"), "2027-01-01", True),
        (["new"], licence(), "2027-01-01", None),
        (["new"], licence(), "2025-12-31", False),
        # A licence before that of today was issued since the first one, and until the day.
        (["new"], licence("2028-01-01", "new", "2026-07-01"), "2027-01-01", True),
        (["new"], licence("2028-01-01", "new", "2026-06-01"), "2027-01-01", None),
        (["new"], licence("2028-01-01", "new", "2026-06-01"), "2026-06-30", False),
        (["old"], licence("2028-01-01", "new", "2020-01-01"), "2025-12-31", True),
        # Where no edition that is known fits, it may print anything.
        (["new"], licence("2026-08-01", "lost"), "2027-01-01", True),
    ],
)
def test_what_the_licence_of_a_day_prints(
    by: list[str], facts: dict[str, Any], day: str, expected: bool | None
) -> None:
    made = obligation("condition", printed=Printed(EVERY, frozenset(by)))
    assert prints(made, context(facts), date.fromisoformat(day)) is expected


def printed(**given: Any) -> Any:
    own: dict[str, Any] = {"printed": Printed(EVERY, frozenset({"new"}))}
    return obligation("condition", "acts", require={"sound": True}, **{**own, **given})


def outcome(facts: dict[str, Any], made: Any, as_of: str = "2027-06-01", **act: Any) -> Any:
    """Decide as the engine does: before, by the kind, and after."""
    whole = {**facts, "acts": [{"id": "a", "sound": False, **act}]}
    here = context(whole, as_of)
    return not_binding(made, here) or by_its_law(made, here, decide(made, whole, as_of))


def test_a_breach_of_a_time_in_which_it_was_not_printed_is_none() -> None:
    made = obligation(
        "dated",
        "acts",
        act="last",
        anchor="since",
        every={"years": 1},
        printed=Printed(EVERY, frozenset({"new"})),
    )
    facts = licence("2027-01-01", "new", "2020-01-01")
    acts = {"since": "2024-01-01", "last": "2025-06-01"}
    found = outcome(facts, made, as_of="2026-06-01", **acts)
    assert found.verdict == "not applicable"
    found = outcome(facts, made, as_of="2027-02-01", **acts)
    assert (found.verdict, found.findings) == ("satisfied", ())


LAW = citation(version("2021-01-01", "2026-12-31"))


@pytest.mark.parametrize(
    ("as_of", "facts", "expected"),
    [
        # By the statute, although the licence does not print it; then by the licence alone.
        ("2026-12-31", licence("2026-08-01", "old"), "violated"),
        ("2027-01-01", licence("2026-08-01", "old"), "not applicable"),
        ("2027-01-01", licence("2026-08-01", "new"), "violated"),
        ("2026-12-31", licence(None, None), "violated"),
        ("2027-01-01", licence(None, None), "unknown"),
    ],
)
def test_a_duty_of_both_binds_while_either_does(
    as_of: str, facts: dict[str, Any], expected: str
) -> None:
    assert outcome(facts, printed(basis="both", cites=(LAW,)), as_of).verdict == expected
