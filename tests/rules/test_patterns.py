"""Patterns that conditions may not use, for the engine that decides cannot read them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.rules.patterns import refused_patterns

PYTHONS_OWN = [r"^x\Z", "(?a)x", "(?P<n>a)(?P=n)", "(?#why)x", "(x)(?(1)a|b)", r"\N{DIGIT ONE}"]


@pytest.mark.parametrize("pattern", PYTHONS_OWN)
def test_what_python_alone_reads_is_refused(pattern: str) -> None:
    assert list(refused_patterns({"a": {"pattern": pattern}})) == [("a", "pattern")]


IN_EVERY_WAY = ["(?=a)b", "^(?!x)", "(?<=a)b", r"(a)\1"]


@pytest.mark.parametrize("pattern", IN_EVERY_WAY)
def test_what_the_engine_would_have_to_try_in_every_way_is_refused(pattern: str) -> None:
    assert list(refused_patterns({"a": {"pattern": pattern}})) == [("a", "pattern")]


@pytest.mark.parametrize(
    ("condition", "paths"),
    [
        ({"pattern": "(?a)"}, [("pattern",)]),
        ({"anyOf": [{"a": "x"}, {"b": {"pattern": "(?a)"}}]}, [("anyOf", 1, "b", "pattern")]),
        ({"a": {"some": {"not": {"pattern": "(?a)"}}}}, [("a", "some", "not", "pattern")]),
        ({"a": "(?a)", "b": {"enum": ["(?a)"]}}, []),
        ("(?a)", []),
    ],
)
def test_patterns_are_found_wherever_they_stand(condition: Any, paths: list[Any]) -> None:
    assert list(refused_patterns(condition)) == paths
