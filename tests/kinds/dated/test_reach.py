"""How far records go back, as they are there."""

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
