from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
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
    ("days", "expected"),
    [
        (("2022-06-05", "2020-01-01"), "violated"),
        (("never", "2020-01-01"), "satisfied"),
        ((None, "2020-01-01"), "unknown"),
        ((None, "never"), "unknown"),
        (("never", None), "unknown"),
        (("never", "never"), "violated"),
    ],
)
def test_the_first_day_on_which_it_was_over_counts(
    days: tuple[str | None, str | None], expected: str
) -> None:
    act = {"stopped": days[0], "disposed": days[1]}
    assert told(act, over=["stopped", "disposed"]).verdict == expected


@pytest.mark.parametrize(("until", "expected"), [("2022-06-04", "satisfied"), ("none", "unknown")])
def test_what_is_not_known_of_the_distant_past_is_no_doubt(until: str, expected: str) -> None:
    assert told({"sound": None, "until": until}, over="until").verdict == expected


@pytest.mark.parametrize(
    ("started", "expected"), [("2019-03-05", "not applicable"), ("2019-03-06", "violated")]
)
def test_a_term_does_not_run_from_before_the_licence(started: str, expected: str) -> None:
    made = obligation("dated", "items", act="done", anchor="at", within={"days": 3})
    facts = {"licence": ISSUED, "items": [{"id": "i", "at": started, "done": "never"}]}
    assert decide(made, facts, "2024-06-04").verdict == expected


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
