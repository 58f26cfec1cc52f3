"""Parts become one document: what merging keeps, whatever the parts say, and in what order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.facts.derived import Provenance
from pytest_icp.facts.files.source import parse_source
from pytest_icp.facts.merging import Home, Joined, Part, key_of
from pytest_icp.law.domains import host_of
from pytest_icp.law.location import Place

values = st.none() | st.booleans() | st.integers(2, 4) | st.sampled_from(["a", "b"])
elements = st.fixed_dictionaries(
    {"id": st.sampled_from("abcd")},
    optional={
        "x": values,
        "y": st.fixed_dictionaries({}, optional={"z": values, "w": values}),
        "l": st.lists(st.sampled_from(["p", "q", "r"]), min_size=1, unique=True),
    },
)
parts = st.fixed_dictionaries(
    {},
    optional={
        "list": st.lists(elements, max_size=4, unique_by=lambda element: element["id"]),
        "object": st.fixed_dictionaries({}, optional={"m": values, "n": values}),
    },
)


def merged(*facts: dict[str, Any], by_hand: dict[str, Any] | None = None) -> Joined:
    written = by_hand or {}
    file = parse_source(Path("a.icp.json"), json.dumps(written).encode(), ".json")
    joined = Joined.of(Part.of_file(file))
    joined.join(Part(facts=one, trace=lambda _: Provenance(place=Place(path="b"))) for one in facts)
    return joined


def leaves(value: Any, at: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """Every known scalar by its path; elements by their ids, values of a list by themselves."""
    if isinstance(value, dict):
        return {p: v for key, one in value.items() for p, v in leaves(one, (*at, key)).items()}
    if isinstance(value, list):
        named = [(str(one["id"]) if isinstance(one, dict) else str(one), one) for one in value]
        return {p: v for name, one in named for p, v in leaves(one, (*at, name)).items()}
    return {} if value is None else {at: value}


@given(st.lists(parts, max_size=3))
def test_a_fact_is_known_where_all_who_know_it_agree(given_parts: list[dict[str, Any]]) -> None:
    found = leaves(merged(*given_parts).facts)
    said: dict[tuple[str, ...], list[Any]] = {}
    for part in given_parts:
        for path, value in leaves(part).items():
            said.setdefault(path, []).append(value)
    agreed = {p: v[0] for p, v in said.items() if all(v[0] == other for other in v)}
    assert found == agreed


@given(st.lists(parts, min_size=1, max_size=3), st.randoms())
def test_the_order_of_parts_changes_no_fact(given_parts: list[dict[str, Any]], random: Any) -> None:
    shuffled = random.sample(given_parts, len(given_parts))
    assert leaves(merged(*given_parts).facts) == leaves(merged(*shuffled).facts)


@given(parts)
def test_the_same_part_twice_adds_nothing(part: dict[str, Any]) -> None:
    once, twice = merged(part), merged(part, part)
    assert leaves(once.facts) == leaves(twice.facts)
    assert twice.contested == {}


@given(st.lists(parts, max_size=3))
def test_every_known_fact_is_found_where_it_is_written(given_parts: list[dict[str, Any]]) -> None:
    joined = merged(*given_parts)
    for path, value in pointers(joined.facts):
        if value is None:
            continue
        there = [found for _, found in joined.values(path) if found is not None]
        assert there
        assert all(found == value for found in there)
        for home, found in joined.values(path):
            follow: Any = joined.parts[home.part].facts
            for name in home.at if found is not None else ():
                follow = follow[int(name)] if isinstance(follow, list) else follow[name]
            assert found is None or follow is found


@given(st.lists(parts, max_size=3))
def test_what_is_contested_has_two_values_at_least(given_parts: list[dict[str, Any]]) -> None:
    joined = merged(*given_parts)
    for path, said in joined.contested.items():
        assert len({repr(key_of(value)) for _, value in said}) == len(said) > 1
        assert dict(pointers(joined.facts)).get(path) is None


def pointers(value: Any, at: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every scalar with the tokens of its pointer."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        return [one for key, below in items for one in pointers(below, (*at, str(key)))]
    return [(at, value)]


@given(parts)
def test_parts_are_not_changed(part: dict[str, Any]) -> None:
    before = repr(part)
    merged(part, {"list": [{"id": "a", "x": 7, "y": {"z": 7}}], "object": {"m": 7}}, by_hand=part)
    assert repr(part) == before


def test_elements_of_one_part_with_one_id_are_one() -> None:
    joined = merged({"list": [{"id": "a", "x": 1}, {"id": "b"}, {"id": "a", "z": 2}]})
    assert joined.facts["list"] == [{"id": "a", "x": 1, "z": 2}, {"id": "b"}]
    assert joined.homes(("list", "1")) == ([Home(1, ("list", "1"))], 2)
    assert joined.homes(("list", "2")) == ((Home(1, ("list",)),), 1)


def test_that_there_are_none_contradicts_what_there_is() -> None:
    hand = {"list": []}
    joined = merged({"list": [{"id": "a"}]}, by_hand=hand)
    assert joined.facts["list"] == [{"id": "a"}]
    assert [value for _, value in joined.contested[("list",)]] == [[], [{"id": "a"}]]
    # A source does not know of all others.
    assert merged({"list": []}, {"list": [{"id": "a"}]}).contested == {}
    assert merged({"list": []}, by_hand=hand).contested == {}


def test_lists_inside_elements_are_joined() -> None:
    joined = merged(
        {"list": [{"id": "a", "l": [1, {"id": "x", "m": 1}]}]},
        {"list": [{"id": "a", "l": [{"id": "x", "n": 2}, {"v": [3]}, 1]}]},
    )
    assert joined.facts["list"] == [{"id": "a", "l": [1, {"id": "x", "m": 1, "n": 2}, {"v": [3]}]}]
    assert joined.contested == {}
    empty = merged({"list": [{"id": "a", "l": []}]}, {"list": [{"id": "a", "l": [1]}]})
    assert empty.facts["list"] == [{"id": "a", "l": None}]


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("京公网安备 11010500000001 号", True),
        ("京公网安备11010500000001", True),
        ("京公网安备11010500000002号", False),
        (None, True),
    ],
)
def test_a_filing_number_may_be_written_in_more_than_one_way(written: Any, one: bool) -> None:
    number = {"number": "京公网安备11010500000001号"}
    joined = merged(
        {"sites": [{"id": "a", "psb_filing": number}]},
        {"sites": [{"id": "a", "psb_filing": {"number": written}}]},
    )
    assert (joined.facts["sites"] == [{"id": "a", "psb_filing": number}]) is one
    assert (not joined.contested) is one


@pytest.mark.parametrize(("written", "host"), [("A.cn.", "a.cn"), ("a b", None), (7, None)])
def test_what_is_a_host(written: Any, host: str | None) -> None:
    assert host_of(written) == host
