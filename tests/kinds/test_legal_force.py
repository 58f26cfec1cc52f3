"""Whether a duty binds: by the law of a day, by what is printed, by what is past."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_icp.kinds.legal_force import (
    binding_since,
    binds,
    by_its_law,
    in_force,
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


@pytest.mark.parametrize(
    ("since", "expected"), [("2018-06-01", "not applicable"), ("2023-03-06", "violated")]
)
def test_a_gap_that_ended_before_the_licence_is_not_bound(since: str, expected: str) -> None:
    made = obligation(
        "match",
        "services",
        fact="contents",
        among={"of": "/approvals", "at": "kind", "match": {"service": "id"}},
        if_none="violated",
        valid={"from": "valid_from", "until": "valid_until", "since": "launched_on"},
        basis="licence",
    )
    service = {"id": "a", "contents": ["news"], "launched_on": "2018-01-01"}
    approval = {"id": "n", "kind": "news", "service": "a", "valid_from": since}
    approvals = [{**approval, "valid_until": "2030-01-01"}]
    facts = {"licence": ISSUED, "services": [service], "approvals": approvals}
    assert decide(made, facts, "2024-06-04").verdict == expected


def test_a_licence_that_is_still_to_come_binds_nothing() -> None:
    act = {"at": "2018-05-02"}
    outcome = told(act, "2019-03-05", {"first_issued_on": "never"}, happened="at")
    assert outcome.verdict == "not applicable"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2020-12-31", "not applicable"),
        ("2021-01-01", "violated"),
        ("2023-01-02", "not applicable"),
    ],
)
def test_the_law_of_the_day_of_an_act_counts(at: str, expected: str) -> None:
    law = citation(version("2021-01-01", "2023-01-01"))
    outcome = told({"at": at}, basis="statute", cites=(law,), happened="at")
    assert outcome.verdict == expected
    assert [str(one.on) for one in outcome.findings] == ([at] if expected == "violated" else [])


@pytest.mark.parametrize(
    ("until", "expected", "notes"),
    [
        ("2019-03-05", "not applicable", []),
        ("2022-06-04", "satisfied", ["late but remedied"]),
        ("2022-06-05", "violated", []),
        ("2025-01-01", "violated", []),
        ("none", "violated", []),
        ("never", "violated", []),
        (None, "unknown", []),
    ],
)
def test_what_is_over_is_a_note_beyond_the_look_back(
    until: str | None, expected: str, notes: list[str]
) -> None:
    outcome = told({"until": until}, over="until")
    assert outcome.verdict == expected
    assert [note.kind for note in outcome.notes] == notes
    assert [note.location.pointer for note in outcome.notes] == ["/acts/0/sound"] * len(notes)


@pytest.mark.parametrize(
    ("act", "expected", "pointer", "hinge"),
    [
        ({"until": None}, "unknown", "/acts/0/sound", "/acts/0/until"),
        # What began within the look-back was not over before it.
        ({"until": None, "at": "2023-01-01"}, "violated", "/acts/0/sound", None),
        ({"until": None, "at": "2021-01-01"}, "unknown", "/acts/0/sound", "/acts/0/until"),
    ],
)
def test_what_may_be_over_since_long_would_be_violated(
    act: dict[str, Any], expected: str, pointer: str, hinge: str | None
) -> None:
    more = {"happened": "at"} if "at" in act else {}
    (one,) = told(act, over="until", **more).findings
    assert (one.verdict, one.pointer) == (expected, pointer)
    assert (one.hinge and one.hinge.pointer) == hinge
    assert one.message.en.startswith("would be violated if it was not over") == (hinge is not None)


def test_a_term_that_perhaps_ran_before_the_licence() -> None:
    made = obligation("dated", "items", act="done", anchor="at", within={"days": 3})

    def told(at: str, done: str, licence: dict[str, str]) -> Any:
        item = {"id": "i", "at": at, "done": done}
        return decide(made, {"licence": licence, "items": [item]}, "2024-06-04")

    (one,) = told("2024-01-01", "never", {}).findings
    assert one.verdict == "unknown"
    assert one.hinge
    assert one.hinge.pointer == "/licence/first_issued_on"
    assert told("2024-01-01", "never", {"issued_on": "2024-01-01"}).verdict == "violated"
    assert told("2024-01-01", "2024-01-03", {}).verdict == "satisfied"
    # Late long ago is a note, with a licence and without one.
    assert told("2020-01-01", "2020-02-03", {}).verdict == "satisfied"


def test_what_came_late_and_perhaps_before_the_licence() -> None:
    made = obligation(
        "dated", "items", act={"of": "times", "at": "on"}, anchor="since", every={"months": 1}
    )
    item = {"id": "i", "since": "2024-01-01", "times": [{"on": "2024-03-01"}, {"on": "2024-04-01"}]}
    facts = {"licence": {"issued_on": "2024-03-15"}, "items": [item]}
    (one,) = decide(made, facts, "2024-04-15").findings
    assert one.verdict == "unknown"
    assert one.hinge
    assert one.hinge.pointer == "/licence/first_issued_on"


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


def test_a_statute_binds_while_one_of_its_articles_is_law() -> None:
    first = citation(version("2020-01-01", "2021-12-31"), version("2022-01-01", "2022-12-31"))
    other = citation(version("2024-01-01"))
    made = obligation("condition", basis="statute", cites=(first, other))
    assert binding_since(made) == date(2020, 1, 1)
    days = ["2019-12-31", "2020-01-01", "2022-12-31", "2023-01-01", "2024-01-01"]
    binds = [in_force(made, date.fromisoformat(day)) for day in days]
    assert binds == [False, True, True, False, True]
    uncited = obligation("condition", basis="statute")
    assert in_force(uncited, date(2019, 1, 1))
    assert binding_since(uncited) == date.min


@pytest.mark.parametrize("basis", ["licence", "own"])
def test_no_duty_binds_before_the_first_law_that_it_cites(basis: str) -> None:
    """What the licence prints outlives the articles that it was printed for."""
    law = citation(version("2020-01-01", "2021-12-31"), version("2024-01-01"))
    made = obligation("condition", basis=basis, cites=(law,))
    days = ["2019-12-31", "2020-01-01", "2022-01-01", "2024-01-01"]
    binds = [in_force(made, date.fromisoformat(day)) for day in days]
    assert binds == [False, True, True, True]
    assert in_force(obligation("condition", basis=basis), date.min)
