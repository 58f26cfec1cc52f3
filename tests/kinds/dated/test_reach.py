"""How far records go back: as they are there, and as they are set to be kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation

DATA = obligation(
    "dated",
    "stores",
    reaches={"months": 6},
    kept="kept",
    act="oldest",
    anchor="since",
    ends="ended",
    floor=[
        {"for": {"kinds": {"some": "access"}}, "since": {"of": "/sites", "at": "launched"}},
        {"for": {"kinds": {"some": "login"}}, "since": {"of": "logins", "at": "opened"}},
    ],
)
STORE = {"id": "s", "kept": {"years": 1}, "ended": "never", "kinds": []}


def found(
    *stores: dict[str, Any], as_of: str = "2024-06-03", **facts: Any
) -> tuple[str, list[str]]:
    every = [{**STORE, **one} for one in stores]
    outcome = decide(DATA, {"stores": every, **facts}, as_of)
    return str(outcome.verdict), [at for _, at, _ in said(outcome)]


@pytest.mark.parametrize(
    ("oldest", "since", "as_of", "verdict"),
    [
        ("2023-12-03", "2020-01-01", "2024-06-03", "satisfied"),
        ("2023-12-04", "2020-01-01", "2024-06-03", "violated"),
        ("2023-12-03", None, "2024-06-03", "satisfied"),
        ("2023-12-04", None, "2024-06-03", "unknown"),
        (None, "2020-01-01", "2024-06-03", "unknown"),
        # Recording is younger than six months: everything since is there.
        ("2024-03-01", "2024-03-01", "2024-06-03", "satisfied"),
        ("2024-03-02", "2024-03-01", "2024-06-03", "violated"),
        ("never", "never", "2024-06-03", "satisfied"),
        # What has records has begun, whatever else is said.
        (None, "never", "2024-06-03", "unknown"),
        ("2024-03-02", "never", "2024-06-03", "unknown"),
        # The oldest entry of today tells nothing of an earlier day.
        ("never", "2020-01-01", "2024-06-03", "unknown"),
        # Of 29 February is kept to 29 August: on the 31st it is no longer owed.
        ("2024-03-01", "2020-01-01", "2024-08-31", "satisfied"),
        ("2024-03-01", "2020-01-01", "2024-08-29", "violated"),
        ("2024-02-29", "2020-01-01", "2024-08-29", "satisfied"),
    ],
)
def test_what_is_really_there(
    oldest: str | None, since: str | None, as_of: str, verdict: str
) -> None:
    assert found({"oldest": oldest, "since": since}, as_of=as_of)[0] == verdict


TOO_SHORT = {"kept": {"days": 30}, "oldest": "2020-01-01", "since": "2020-01-01"}


@pytest.mark.parametrize(
    ("store", "verdict", "pointer"),
    [
        ({**TOO_SHORT, "ended": "2023-12-02"}, "not applicable", None),
        ({**TOO_SHORT, "ended": "2023-12-03"}, "violated", "kept"),
        ({**TOO_SHORT, "ended": None}, "unknown", "ended"),
        ({**TOO_SHORT, "kept": {"years": 1}, "ended": None}, "satisfied", None),
        ({**TOO_SHORT, "kept": None, "ended": None}, "unknown", "kept"),
    ],
)
def test_of_what_ended_long_ago_nothing_is_asked(
    store: dict[str, Any], verdict: str, pointer: str | None
) -> None:
    assert found(store) == (verdict, [f"/stores/0/{pointer}"] if pointer else [])


YOUNG = {"kinds": ["access"], "since": "2024-05-01", "oldest": "2024-05-01"}
OLD = {"id": "old", "kinds": ["access"], "since": "2020-01-01", "oldest": "2020-01-01"}
LAUNCHED = [{"id": "w", "launched": "2024-02-01"}]
YESTERDAY, EARLIER = "2024-04-30", "2024-04-29"
"""The day before the young store began, and one more."""
MID = {**OLD, "id": "mid", "since": EARLIER, "oldest": EARLIER}


@pytest.mark.parametrize(
    ("stores", "sites", "verdict", "pointer"),
    [
        ([YOUNG], [], "satisfied", None),
        ([YOUNG], LAUNCHED, "violated", "/stores/0/oldest"),
        ([YOUNG, {**YOUNG, "id": "too"}], LAUNCHED, "violated", "/stores/0/oldest"),
        ([YOUNG], [{"id": "w", "launched": "2024-05-01"}], "satisfied", None),
        ([YOUNG], [{"id": "w", "launched": "never"}], "satisfied", None),
        ([{**YOUNG, "kinds": ["dns"]}], LAUNCHED, "satisfied", None),
        ([{**YOUNG, "kinds": None}], LAUNCHED, "unknown", "/stores/0"),
        # Another store has what was before.
        ([YOUNG, OLD], LAUNCHED, "satisfied", None),
        ([YOUNG, {**OLD, "kinds": ["dns"]}], LAUNCHED, "violated", "/stores/0/oldest"),
        ([YOUNG, {**OLD, "kinds": None}], LAUNCHED, "unknown", "/stores/1/kinds"),
        ([YOUNG, {**OLD, "oldest": None}], LAUNCHED, "unknown", "/stores/1/oldest"),
        ([YOUNG, {**OLD, "oldest": "never"}], LAUNCHED, "violated", "/stores/0/oldest"),
        # It has all of it only if it did not end before the young one began.
        ([YOUNG, {**OLD, "ended": YESTERDAY}], LAUNCHED, "satisfied", None),
        ([YOUNG, {**OLD, "ended": EARLIER}], LAUNCHED, "violated", "/stores/0/oldest"),
        ([YOUNG, {**OLD, "ended": None}], LAUNCHED, "unknown", "/stores/1/ended"),
        (
            [YOUNG, {**OLD, "ended": EARLIER, "kinds": None}],
            *(LAUNCHED, "violated", "/stores/0/oldest"),
        ),
        ([YOUNG, {**OLD, "ended": EARLIER}, MID], LAUNCHED, "satisfied", None),
        # A site of which it is not known when it was launched may be older than both.
        ([YOUNG], [*LAUNCHED, {"id": "x", "launched": None}], "violated", "/stores/0/oldest"),
        ([YOUNG], [{"id": "x", "launched": None}], "unknown", "/sites/0/launched"),
        ([YOUNG, OLD], [*LAUNCHED, {"id": "x", "launched": None}], "satisfied", None),
        (
            [YOUNG, {**OLD, "since": "2024-01-01", "oldest": "2024-01-01"}],
            [*LAUNCHED, {"id": "x", "launched": None}],
            *("unknown", "/sites/1/launched"),
        ),
    ],
)
def test_records_go_back_to_the_day_since_when_there_should_be_some(
    stores: list[Any], sites: list[Any], verdict: str, pointer: str | None
) -> None:
    outcome, at = found(*stores, sites=sites)
    assert outcome == verdict
    assert at[:1] == ([pointer] if pointer else [])


# ---- As they are set to be kept


def keeping(least: dict[str, int], **more: str) -> Any:
    return obligation("dated", "stores", reaches=least, kept="kept", **more)


@pytest.mark.parametrize(
    ("least", "kept", "verdict"),
    [
        ({"months": 6}, {"days": 184}, "satisfied"),
        ({"months": 6}, {"days": 183}, "violated"),
        ({"months": 6}, {"months": 6}, "satisfied"),
        ({"months": 6}, {"months": 5}, "violated"),
        ({"months": 6}, {"years": 1}, "satisfied"),
        ({"days": 60}, {"days": 60}, "satisfied"),
        ({"days": 60}, {"days": 59}, "violated"),
        # Two months have 59 days at least, three months 89.
        ({"days": 60}, {"months": 2}, "violated"),
        ({"days": 60}, {"months": 3}, "satisfied"),
        ({"years": 1}, {"months": 12}, "satisfied"),
        ({"years": 1}, {"days": 365}, "violated"),
        ({"years": 1}, {"days": 366}, "satisfied"),
        ({"months": 6}, {"days": None}, "unknown"),
        ({"months": 6}, None, "unknown"),
    ],
)
def test_what_is_set_up(least: dict[str, int], kept: Any, verdict: str) -> None:
    assert decide(keeping(least), {"stores": [{"id": "s", "kept": kept}]}).verdict == verdict


def test_a_user_may_accept_180_days() -> None:
    facts = {"stores": [{"id": "s", "kept": {"days": 180}}]}
    outcome = decide(keeping({"months": 6}), facts, six_months="180")
    assert (outcome.verdict, [n.kind for n in outcome.notes]) == (
        "satisfied",
        ["rests on a default"],
    )
    for least, kept in (({"months": 6}, 179), ({"years": 1}, 180)):
        facts = {"stores": [{"id": "s", "kept": {"days": kept}}]}
        assert decide(keeping(least), facts, six_months="180").verdict == "violated"


@pytest.mark.parametrize(
    ("kept", "verdict", "at"),
    [
        ({"at_most": {"days": 183}}, "violated", "/at_most"),
        ({"at_most": {"days": 184}}, "unknown", ""),
        ({"at_most": {"months": 6}}, "unknown", ""),
        ({"at_most": {"months": None}}, "unknown", ""),
        ({"at_most": None}, "unknown", ""),
        # What several files declare has both: a setting does not undo what is deleted before.
        ({"days": 184, "at_most": {"days": 200}}, "satisfied", None),
        ({"days": 184, "at_most": {"days": 30}}, "violated", "/at_most"),
        ({"days": 30, "at_most": {"days": 60}}, "violated", ""),
        ({"days": 30, "at_most": {"days": 10}}, "violated", ""),
    ],
)
def test_what_is_set_up_at_most(kept: Any, verdict: str, at: str | None) -> None:
    outcome = decide(keeping({"months": 6}), {"stores": [{"id": "s", "kept": kept}]})
    assert outcome.verdict == verdict
    wanted = [] if at is None else [f"/stores/0/kept{at}"]
    assert [one.pointer for one in outcome.findings] == wanted
