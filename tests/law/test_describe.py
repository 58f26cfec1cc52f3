from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.law.condition import parse_condition
from pytest_icp.law.describe import describe, show


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (True, "true"),
        (False, "false"),
        (None, "null"),
        ("never", "never"),
        (3, "3"),
        (0.5, "0.5"),
        (["a", None, 1], "[a, null, 1]"),
        (("a",), "[a]"),
        ({"days": 3, "of": {"x": []}}, "{days: 3, of: {x: []}}"),
    ],
)
def test_values_are_shown_as_a_description_writes_them(value: Any, shown: str) -> None:
    assert show(value) == shown


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        (
            {"n": {"minimum": 3, "maximum": 5}},
            "n: 不少于 3 且 不多于 5",
            "n: at least 3 and at most 5",
        ),
        ({"n": {"exclusiveMinimum": 3}}, "n: 多于 3", "n: more than 3"),
        ({"n": {"exclusiveMaximum": 3}}, "n: 少于 3", "n: less than 3"),
        ({"s": {"minLength": 1}}, "s: 至少 1 个字符", "s: at least 1 character"),
        ({"s": {"maxLength": 9}}, "s: 至多 9 个字符", "s: at most 9 characters"),
        ({"s": {"pattern": "^a"}}, "s: 形如 ^a", "s: matching ^a"),
        ({"s": {"type": "string", "minLength": 1}}, "s: 至少 1 个字符", "s: at least 1 character"),
        ({"a": 1, "b": {"c": 2}}, "a: 1，b: c: 2", "a: 1, b: c: 2"),
        ({"a": {"allOf": [{"some": 1}, {"some": 2}]}}, "a: 至少一项 1，且 至少一项 2", None),
        ({"not": {"a": 1}}, "不是 a: 1", "not a: 1"),
    ],
)
def test_conditions_are_said_in_words(condition: Any, zh: str, en: str | None) -> None:
    said = describe(parse_condition(condition))
    assert said.zh == zh
    assert en is None or said.en == en
