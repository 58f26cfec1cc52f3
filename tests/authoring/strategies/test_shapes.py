"""The smallest value of every place that the schema knows, and where facts stand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_icp.authoring.strategies.shapes import Shape, expand, place, root, smallest, values_at
from pytest_icp.authoring.strategies.trial import (
    NOT_FACTS,
    VERSION,
    Tokens,
    is_valid,
)
from tests.authoring.strategies.drawing import simplest


def places(shape: Shape, at: Tokens = ()) -> Iterator[tuple[Tokens, Shape]]:
    """Yield every place of a description once, of lists the first element."""
    for one in shape.alternatives():
        for name in [*one.schema.get("properties", {})][: one.schema.get("maxProperties")]:
            below = (*at, name)
            # The smallest number, name and domain of a licence are for its reader to refuse.
            if below[0] not in NOT_FACTS and name not in NOT_FACTS:
                yield below, shape.below(name)
                yield from places(shape.below(name), below)
        if "items" in one.schema:
            yield (*at, 0), shape.below(0)
            yield from places(shape.below(0), (*at, 0))


PLACES = [*places(root())]


def test_the_smallest_value_is_valid_wherever_it_stands() -> None:
    wrong = [at for at, shape in PLACES if not is_valid(place(VERSION, at, smallest(shape)))]
    assert wrong == []
    assert smallest(root()) == {}
    assert smallest(root().below("apiVersion")) == "pytest-icp/v1"


def test_every_place_has_values() -> None:
    assert all(not values_at(at).is_empty for at, _ in PLACES)


@pytest.mark.parametrize(
    ("at", "least"),
    [
        (("log_stores", 0, "retention"), {"days": None}),
        (("renewal",), "none"),
        (("renewal", "applied_on"), "never"),
        (("corporate_events", 0), {"id": "main"}),
    ],
)
def test_values_shrink_to_what_they_must_have(at: Tokens, least: Any) -> None:
    assert simplest(values_at(at).filter(lambda found: found is not None)) == least


def test_a_fact_is_named_in_each_element_or_in_the_first_to_come() -> None:
    document = {"sites": [{"id": "a", "domains": ["x.cn"]}, {"id": "b"}]}
    assert expand(document, "sites.domains") == [("sites", 0, "domains"), ("sites", 1, "domains")]
    assert expand({}, "sites.domains") == [("sites", 0, "domains")]
    assert expand({"sites": None}, "sites.nothing") == []
