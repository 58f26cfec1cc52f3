"""Which licence prints a duty: by the edition that is declared, or that follows from its day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.legal_force import binds, by_its_law, not_binding, prints
from pytest_icp.rules.policy import Edition, Printed
from tests.contexts import context, decide
from tests.obligations import citation, obligation, version

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


def test_a_licence_that_is_older_than_all_editions_may_print_anything() -> None:
    made = obligation("condition", printed=Printed((MIDDLE, NEW), frozenset({"new"})))
    assert prints(made, context(licence("2020-01-01")), date(2027, 1, 1)) is None


def test_what_every_licence_prints_asks_for_no_edition() -> None:
    assert prints(obligation("condition"), context({}), date(2027, 1, 1)) is True


def printed(**given: Any) -> Any:
    own: dict[str, Any] = {"printed": Printed(EVERY, frozenset({"new"}))}
    return obligation("condition", "acts", require={"sound": True}, **{**own, **given})


def outcome(facts: dict[str, Any], made: Any, as_of: str = "2027-06-01", **act: Any) -> Any:
    """Decide as the engine does: before, by the kind, and after."""
    whole = {**facts, "acts": [{"id": "a", "sound": False, **act}]}
    here = context(whole, as_of)
    return not_binding(made, here) or by_its_law(made, here, decide(made, whole, as_of))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (licence("2026-08-01", "new"), "violated"),
        (licence("2026-08-01", "old"), "not applicable"),
        (licence("2025-08-01"), "not applicable"),
        (licence(None, None), "unknown"),
    ],
)
def test_a_standing_duty_binds_who_has_a_licence_that_prints_it(
    facts: dict[str, Any], expected: str
) -> None:
    assert outcome(facts, printed()).verdict == expected


def test_it_is_said_which_edition_does_not_print_it() -> None:
    found = outcome(licence("2026-08-01", "old"), printed())
    assert found.reason.en == (
        "the edition of the special provisions on the licence (old) does not print this"
    )
    assert found.pointer == "/licence/provisions_edition"


def test_where_the_edition_is_not_known_it_is_asked_for() -> None:
    (finding,) = outcome(licence(None, None), printed()).findings
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.hinge
    assert finding.hinge.pointer == "/licence/provisions_edition"


@pytest.mark.parametrize(
    ("at", "expected"),
    [("2026-05-01", "not applicable"), ("2026-08-15", "unknown"), ("2027-02-01", "violated")],
)
def test_an_act_goes_by_the_licence_of_its_day(at: str, expected: str) -> None:
    facts = licence("2027-01-01", "new", "2020-01-01")
    assert outcome(facts, printed(happened="at"), at=at).verdict == expected


def test_what_is_satisfied_stays_so_whatever_is_printed() -> None:
    assert outcome(licence(None, None), printed(), sound=True).verdict == "satisfied"


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


@pytest.mark.parametrize(
    ("day", "expected"), [("2020-12-31", False), ("2021-01-01", True), ("2026-09-01", True)]
)
def test_a_statute_binds_before_the_licence_is_issued(day: str, expected: bool) -> None:
    made = obligation("condition", basis="both", cites=(LAW,))
    facts = context(licence("2026-08-01", "new"))
    assert binds(made, facts, date.fromisoformat(day)) is expected
