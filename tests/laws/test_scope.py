"""The more is operated, or the less is licensed, the worse: SP02 in one direction only."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.authoring.strategies.shapes import values_at
from pytest_icp.authoring.strategies.trial import Document
from pytest_icp.law.catalogue import INTERNET_ITEMS
from pytest_icp.law.scope import INTERNET_LINE, render_scope
from tests.laws.conftest import Court
from tests.laws.strategies import Situation, alone, example

LICENSED, DECLARED = "SP02/scope#licensed", "SP02/scope#declared"
OPERATED = (LICENSED, DECLARED, "SP02/area")
SEVERITY = ["not applicable", "satisfied", "unknown", "violated"]
FEATURES = list(example()["services"][0]["features"])
NOTHING = {
    name: [] if name == "regulated_content" else False if isinstance(value, bool) else "none"
    for name, value in example()["services"][0]["features"].items()
}


def value_of(feature: str) -> st.SearchStrategy[Any]:
    return values_at(("services", 0, "features", feature))


SOME = st.fixed_dictionaries({}, optional={name: value_of(name) for name in FEATURES})
ITEMS = st.sets(st.sampled_from(INTERNET_ITEMS))
CODES = values_at(("services", 0, "declared_codes"))
AREAS = values_at(("services", 0, "areas_served"))
PRINTED = values_at(("licence", "service_lines", 0, "areas"))


def having(
    features: Document, *, permitted: set[str], declared: Any, served: Any = None, areas: Any = None
) -> Situation:
    """Return the example with one service of these features, under a licence of these items."""
    document = copy.deepcopy(example())
    document["services"] = [
        {
            "id": "service",
            "commercial": True,
            "status": "production",
            "features": features,
            "declared_codes": declared,
            "areas_served": served,
        }
    ]
    document["licence"]["service_lines"] = [
        {"name": INTERNET_LINE, "scope": render_scope(permitted), "areas": areas}
    ]
    return Situation(document=document, as_of="2023-11-20")


def severity(court: Court, situation: Situation, rule: str) -> int:
    """Return how bad the verdict of a rule is; a rule that does not bind says nothing."""
    verdicts = court.verdicts(situation, policies=[alone(rule)])
    return SEVERITY.index(verdicts.get(rule.partition("#")[0], "not applicable"))


@pytest.mark.parametrize("rule", OPERATED)
@given(
    features=SOME, feature=st.sampled_from(FEATURES), permitted=ITEMS, codes=CODES, data=st.data()
)
def test_one_more_function_never_makes_it_better(
    court: Court,
    rule: str,
    features: Document,
    feature: str,
    permitted: set[str],
    codes: Any,
    data: st.DataObject,
) -> None:
    features = {**features, feature: NOTHING[feature]}
    value = data.draw(value_of(feature))
    before = having(features, permitted=permitted, declared=codes)
    after = having({**features, feature: value}, permitted=permitted, declared=codes)
    assert severity(court, after, rule) >= severity(court, before, rule)


@given(features=SOME, permitted=ITEMS, excluded=ITEMS, codes=CODES)
def test_one_more_exclusion_never_makes_it_better(
    court: Court, features: Document, permitted: set[str], excluded: set[str], codes: Any
) -> None:
    before = having(features, permitted=permitted, declared=codes)
    after = having(features, permitted=permitted - excluded, declared=codes)
    assert severity(court, after, LICENSED) >= severity(court, before, LICENSED)


@given(
    features=SOME,
    codes=st.lists(st.sampled_from(INTERNET_ITEMS)),
    more=st.sampled_from(INTERNET_ITEMS),
)
def test_one_more_declared_item_never_makes_the_declaration_worse(
    court: Court, features: Document, codes: list[str], more: str
) -> None:
    every = set(INTERNET_ITEMS)
    before = having(features, permitted=every, declared=codes)
    after = having(features, permitted=every, declared=[*codes, more])
    assert severity(court, after, DECLARED) <= severity(court, before, DECLARED)


@given(served=AREAS, more=st.sampled_from(["北京", "上海", "西藏", None]), areas=PRINTED)
def test_one_more_area_never_makes_it_better(
    court: Court, served: Any, more: str | None, areas: Any
) -> None:
    every = set(INTERNET_ITEMS)
    some = {"permitted": every, "declared": [], "areas": areas}
    before = having(NOTHING, **some, served=served or [])
    after = having(NOTHING, **some, served=[*(served or []), more])
    assert severity(court, after, "SP02/area") >= severity(court, before, "SP02/area")


@pytest.mark.parametrize("rule", OPERATED)
@given(features=SOME, more=SOME, permitted=ITEMS, codes=CODES)
def test_one_more_service_never_makes_it_better(
    court: Court, rule: str, features: Document, more: Document, permitted: set[str], codes: Any
) -> None:
    before = having(features, permitted=permitted, declared=codes)
    document = copy.deepcopy(before.document)
    document["services"].append({**document["services"][0], "id": "other", "features": more})
    assert severity(court, before.having(document), rule) >= severity(court, before, rule)
