"""The public strategies: what they make is valid, and what it shrinks to."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis.errors import InvalidArgument

from pytest_icp import InputError, parse_scope
from pytest_icp.authoring import strategies
from pytest_icp.authoring.strategies.shapes import scope_texts, values_at
from pytest_icp.facts.files.schema import validator
from tests.authoring.strategies.drawing import simplest


@given(strategies.descriptions())
def test_every_description_answers_to_the_schema(document: dict[str, Any]) -> None:
    assert validator("description").is_valid(document)


@settings(max_examples=200)
@given(values_at(("service_ads", 0)))
def test_of_facts_that_exclude_each_other_one_is_drawn(advertisement: dict[str, Any]) -> None:
    assert not {"text", "file"} <= {*advertisement}


@given(scope_texts())
def test_every_scope_permits_something(text: str) -> None:
    assert parse_scope(text).permitted


def test_a_description_shrinks_to_one_that_declares_nothing() -> None:
    assert simplest(strategies.descriptions(facts=["renewal"])) == {"apiVersion": "pytest-icp/v1"}


def test_a_wrong_argument_is_named() -> None:
    with pytest.raises(InvalidArgument, match="'licences'"):
        strategies.descriptions(facts=["company", "licences"])


def test_there_is_no_other_name() -> None:
    assert set(strategies.__all__) <= set(dir(strategies))
    with pytest.raises(AttributeError, match="no attribute 'companies'"):
        _ = strategies.companies  # type: ignore[attr-defined]  # wrong on purpose


def test_without_hypothesis_a_strategy_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(InputError) as refused:
        _ = strategies.descriptions
    for language in ("zh", "en"):
        assert 'pip install "pytest-icp[fuzz]"' in refused.value.text(language)
