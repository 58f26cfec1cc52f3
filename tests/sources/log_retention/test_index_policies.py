"""ILM, data streams and ISM: what counts from when, and what follows what."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.log_retention.reading import read, stores, traced
from tests.sources.reading import remarks

NAME = "es/logs.json"
ROLLED = {"actions": {"rollover": {"max_age": "1d"}}}
DELETE = {"actions": {"delete": {}}}


def ilm(delete: Any, hot: Any = ROLLED) -> Any:
    return {"policy": {"phases": {"hot": hot, "delete": delete}}}


def derived_of(data: Any) -> Any:
    return read(NAME, json.dumps(data, indent=1))


def kept(data: Any) -> Any:
    return {id_.partition(":")[2]: one for id_, one in stores(derived_of(data)).items()}


@pytest.mark.parametrize(
    ("age", "days"), [("200d", 200), ("36h", 1), ("0ms", 0), ("23h", 0), ("90d", 90)]
)
def test_an_age_since_rollover_is_certain(age: str, days: int) -> None:
    derived = derived_of(ilm({"min_age": age, **DELETE}))
    assert stores(derived) == {f"{NAME}:logs": {"retention": {"days": days}}}
    assert traced(derived, "retention")[1:] == ("logs", "policy.phases.delete.min_age", "known")


def test_without_an_age_an_index_goes_at_its_rollover() -> None:
    assert kept(ilm(DELETE)) == {"logs": {"retention": {"days": 0}}}


@pytest.mark.parametrize(
    "policy",
    [
        {"policy": {"phases": {"hot": ROLLED}}},
        ilm({"min_age": "1d", "actions": {"wait_for_snapshot": {"policy": "p"}}}),
    ],
)
def test_what_no_phase_deletes_is_kept(policy: Any) -> None:
    derived = derived_of(policy)
    assert stores(derived) == {f"{NAME}:logs": {"retention": None}}
    assert "nothing here deletes it" in remarks(derived)[0]


def test_an_age_that_is_none_is_not_known() -> None:
    derived = derived_of(ilm({"min_age": "{{ days }}", **DELETE}))
    assert stores(derived) == {f"{NAME}:logs": {"retention": None}}
    assert traced(derived, "retention")[3] == "known after apply"


def test_a_data_stream_keeps_entries_for_its_retention() -> None:
    template = {"logs-app": {"template": {"lifecycle": {"data_retention": "7d"}}}}
    assert kept(template) == {"logs-app": {"retention": {"days": 7}}}


@pytest.mark.parametrize(
    ("settings", "retention"),
    [
        ({"index.lifecycle.name": "p"}, None),
        ({"index": {"lifecycle": {"name": "p", "prefer_ilm": True}}}, None),
        ({"index": {"lifecycle": {"name": "p", "prefer_ilm": False}}}, {"days": 200}),
        ({"number_of_replicas": 1}, {"days": 200}),
    ],
)
def test_a_policy_comes_before_the_retention_of_a_data_stream(
    settings: Any, retention: Any
) -> None:
    template = {"template": {"settings": settings, "lifecycle": {"data_retention": "200d"}}}
    assert kept(template) == {"logs": {"retention": retention}}


def state(name: str, to: str = "", *, actions: Any = (), **conditions: Any) -> Any:
    ways = [{"state_name": to, **({"conditions": conditions} if conditions else {})}] if to else []
    return {"name": name, "actions": list(actions), "transitions": ways}


GONE = state("gone", actions=[{"retry": {}, "delete": {}}])


def ism(*states: Any) -> Any:
    policy = {"policy_id": "p", "default_state": states[0]["name"], "states": list(states)}
    return {"policy": policy}


def test_the_age_of_an_index_is_a_bound() -> None:
    derived = derived_of(
        ism(
            state("hot", "cold", min_index_age="7d"),
            state("cold", "gone", min_index_age="30d"),
            GONE,
        )
    )
    assert stores(derived) == {
        f"{NAME}:p": {"retention": {"at_most": {"days": 30}}},
    }
    assert "counts from the creation of the index" in remarks(derived)[0]


def test_the_age_since_rollover_is_certain_whatever_else_delays() -> None:
    policy = ism(
        state("hot", "cold", min_size="5gb"), state("cold", "gone", min_rollover_age="190d"), GONE
    )
    assert kept(policy) == {"p": {"retention": {"days": 190}}}


@pytest.mark.parametrize(
    ("created", "retention"), [("180d", None), ("10d", {"days": 90}), ("90d", {"days": 90})]
)
def test_an_age_since_the_creation_beside_one_since_rollover(created: str, retention: Any) -> None:
    policy = ism(
        state("hot", "cold", min_rollover_age="90d"),
        state("cold", "gone", min_index_age=created),
        GONE,
    )
    assert kept(policy) == {"p": {"retention": retention}}


def test_what_another_condition_deletes_is_not_known() -> None:
    derived = derived_of(ism(state("hot", "gone", min_doc_count=5), GONE))
    assert stores(derived) == {f"{NAME}:p": {"retention": None}}
    assert "(min_doc_count)" in remarks(derived)[0]


def test_what_goes_at_once_is_not_kept() -> None:
    assert kept(ism(state("hot", "gone"), GONE)) == {"p": {"retention": {"at_most": {"days": 0}}}}


@pytest.mark.parametrize(
    ("states", "why"),
    [
        ((state("hot"), GONE), "nothing here deletes it"),
        ((state("hot", "nowhere"), GONE), "what follows the state 'nowhere'"),
        ((state("hot", "cold"), state("cold", "hot"), GONE), "what follows the state 'hot'"),
        (({"name": "hot", "transitions": [{"state_name": "gone"}] * 2}, GONE), "the state 'hot'"),
        ((state("hot", "gone", min_index_age="soon"), GONE), "does not follow from what is set"),
    ],
)
def test_what_does_not_lead_to_deletion_is_not_known(states: Any, why: str) -> None:
    derived = derived_of(ism(*states))
    assert stores(derived) == {f"{NAME}:p": {"retention": None}}
    assert why in remarks(derived)[0]


def test_what_is_deep_inside_is_left_alone() -> None:
    data: Any = ilm({"min_age": "30d", **DELETE})
    for _ in range(9):
        data = {"a": data}
    data["logs"] = ilm({"min_age": "5d", **DELETE})
    assert list(kept(data)) == ["logs"]


def test_a_document_that_cannot_be_read_is_a_gap() -> None:
    text = "policy:\n  phases:\n    hot: {}\n---\na: {{ b }}: c\n"
    derived = read("p.yaml", text)
    assert list(stores(derived)) == ["p.yaml:p"]
    assert derived.gaps[0].place.line == 5


def test_a_policy_in_a_manifest_is_left_alone() -> None:
    manifest = {"apiVersion": "v1", "kind": "X", "spec": {"logs": ilm({"min_age": "9d"})}}
    with pytest.raises(InputError, match="nothing here says how long logs are kept"):
        derived_of(manifest)


CURATOR = """actions:
  1:
    action: delete_indices
    options: {ignore_empty_list: true, disable_action: OFF}
    filters:
    - {filtertype: pattern, kind: prefix, value: nginx-access-}
    - {filtertype: age, source: name, direction: older, timestring: "%Y.%m.%d", UNITS}
  2:
    action: forcemerge
"""


@pytest.mark.parametrize(
    ("units", "retention"),
    [
        ("unit: days, unit_count: 30", {"at_most": {"days": 30}}),
        ("unit: weeks, unit_count: 2", {"at_most": {"days": 14}}),
        ("unit: months, unit_count: 6", {"at_most": {"days": 180}}),
        ("unit: days, unit_count: '${DAYS}'", None),
        ("unit: moons, unit_count: 3", None),
    ],
)
def test_curator_deletes_by_the_age_of_an_index(units: str, retention: Any) -> None:
    text = CURATOR.replace("OFF", "false").replace("UNITS", units)
    derived = read("curator/actions.yml", text)
    assert stores(derived) == {
        "curator/actions.yml:nginx-access-": {"kinds": ["access"], "retention": retention}
    }
    assert traced(derived, "retention")[0] == 7


def test_curator_without_an_age_leaves_no_period() -> None:
    text = CURATOR.replace("OFF", "false").replace("filtertype: age", "filtertype: space")
    derived = read("actions.yml", text)
    assert [one["retention"] for one in stores(derived).values()] == [None]
    assert "(pattern, space)" in remarks(derived)[0]


def test_an_action_of_curator_that_is_off_deletes_nothing() -> None:
    with pytest.raises(InputError, match="nothing here says how long logs are kept"):
        read("actions.yml", CURATOR.replace("OFF", "true"))
