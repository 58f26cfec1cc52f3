"""The values worth trying at a place: what the policy names, and what stands beside."""

from __future__ import annotations

from typing import Any

from pytest_icp.authoring.strategies.candidates import candidates, constants, declared
from pytest_icp.authoring.strategies.documents import Tokens
from pytest_icp.authoring.strategies.verdicts import trial_of
from tests.changed_law import changed, under
from tests.obligations import obligation


def worth(made: Any, at: Tokens, facts: dict[str, Any] | None = None) -> list[Any]:
    return candidates(trial_of(made, None), facts or {}, "2024-06-03", at)


def test_former_values_of_a_number_are_tried_too_and_the_day_of_its_change() -> None:
    _, made = under("SP12/update", changed("p12.update", 30, 20, "2024-02-01"))
    assert declared(trial_of(made, None)) == (("days", 20), ("days", 30))
    document = {"corporate_events": [{"id": "e", "changed_on": "2023-01-01"}]}
    at = ("corporate_events", 0, "system_updated_on")
    tried = candidates(trial_of(made, None), document, "2024-06-01", at)
    assert {"2023-01-31", "2023-01-28", "2024-02-01"} <= {*map(str, tried)}


def test_what_a_fact_is_compared_with_is_no_constant() -> None:
    made = obligation("condition", "releases", require={"now": {"minimum": {"of": "was"}}})
    assert constants(trial_of(made, None)) == {}
