from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.law.condition import ANYTHING, parse_condition
from pytest_icp.law.sentences import sentence
from pytest_icp.law.text import Text, plain
from tests.obligations import own_title


def named(path: str, value: Any) -> Text | None:
    known = {"a": "甲", "b": "乙", "never": "未办理"}
    return Text(known[value], value) if path == "named" else None


@pytest.mark.parametrize(
    ("written", "zh", "en"),
    [
        ({"kind": "site"}, "“kind”为 site", "“KIND” is site"),
        ({"named": "a"}, "“named”为“甲”", "“NAMED” is a"),
        (
            {"named": {"not": {"enum": ["a", "b"]}}},
            "“named”不为“甲”、“乙”",
            "“NAMED” is none of a, b",
        ),
        ({"named": {"some": "b"}}, "“named”含有“乙”", "“NAMED” contains b"),
        ({"on": True}, "“on”为“是”", "“ON” is true"),
        ({"kind": {"enum": ["a", "b"]}}, "“kind”为 a、b 之一", "“KIND” is one of a, b"),
        ({"kind": {"not": "a"}}, "“kind”不为 a", "“KIND” is not a"),
        ({"kind": {"not": {"enum": ["a", "b"]}}}, "“kind”不为 a、b", "“KIND” is none of a, b"),
        ({"n": {"minimum": 3}}, "“n”不少于 3", "“N” is at least 3"),
        ({"n": {"type": "integer"}}, "“n”已填写", "“N” is declared"),
        (
            {"n": {"exclusiveMinimum": 3, "exclusiveMaximum": 9, "type": "integer"}},
            "“n”多于 3，且少于 9",
            "“N” is more than 3 and is less than 9",
        ),
        ({"n": {"not": {"maximum": 3}}}, "并非（“n”不多于 3）", "not (“N” is at most 3)"),
        (
            {"s": {"minLength": 1, "maxLength": 9, "pattern": "^a"}},
            "“s”至少有 1 个字符，且至多有 9 个字符，且以 a 开头",
            "“S” has at least 1 character and has at most 9 characters and begins with a",
        ),
        ({"list": {"some": "a"}}, "“list”含有 a", "“LIST” contains a"),
        (
            {"list": {"some": {"enum": ["a", "b"]}}},
            "“list”含有 a、b 之一",
            "“LIST” contains one of a, b",
        ),
        ({"list": {"some": {}}}, "“list”至少有一项", "“LIST” is not empty"),
        (
            {"list": {"some": {"kind": "a"}}},
            "“list”中至少有一项：“kind”为 a",
            "“LIST” has an element such that “KIND” is a",
        ),
        (
            {"list": {"every": {"minimum": 1}}},
            "“list”的每一项不少于 1",
            "each element of “LIST” is at least 1",
        ),
        ({"a": 1, "b": {"c": 2}}, "“a”为 1，且“c”为 2", "“A” is 1 and “C” is 2"),
        ({"a": {}}, "“a”已填写", "“A” is declared"),
        (
            {"a": 1, "anyOf": [{"b": 2}, {"c": 3, "d": 4}]},
            "“a”为 1，且（“b”为 2，或者（“c”为 3，且“d”为 4））",
            "“A” is 1 and (“B” is 2 or (“C” is 3 and “D” is 4))",
        ),
        (
            {"a": {"anyOf": [1, 2]}, "b": 3},
            "（“a”为 1，或者“a”为 2），且“b”为 3",
            "(“A” is 1 or “A” is 2) and “B” is 3",
        ),
        ({"anyOf": [{"a": 1}]}, "“a”为 1", "“A” is 1"),
        ({"a": False}, "“a”为“否”", "“A” is false"),
        ({"a": "none"}, "没有“a”", "there is no “A”"),
        ({"a": "never"}, "“a”尚未发生", "“A” has not happened"),
        ({"named": "never"}, "“named”为“未办理”", "“NAMED” has not happened"),
        ({"named": {"not": "never"}}, "“named”不为“未办理”", "“NAMED” has happened"),
        ({"a": {"not": True}}, "“a”不为“是”", "“A” is not true"),
        ({"a": {"not": False}}, "“a”不为“否”", "“A” is not false"),
        ({"a": {"not": "none"}}, "有“a”", "there is “A”"),
        ({"a": {"not": "never"}}, "“a”已经发生", "“A” has happened"),
        ({"a": {"type": "string", "minLength": 1}}, "有“a”", "there is “A”"),
        ({"a": {"pattern": "^(?:x|y)"}}, "“a”以 x 或者 y 开头", "“A” begins with x or y"),
        ({"a": {"not": {"pattern": "^B14"}}}, "“a”不以 B14 开头", "“A” does not begin with B14"),
        ({"a": {"some": {"minLength": 1}}}, "“a”至少有一项", "“A” is not empty"),
        (
            {"a": {"every": {"not": "x"}}},
            "“a”中每一项：“a”不为 x",
            "“A” has only elements such that “A” is not x",
        ),
        ({"a": {"pattern": "[0-9]+"}}, "“a”符合规定的写法", "“A” is written as prescribed"),
        (
            {"a": {"not": {"pattern": "^[0-9]"}}},
            "并非（“a”符合规定的写法）",
            "not (“A” is written as prescribed)",
        ),
    ],
)
def test_a_condition_is_a_sentence(written: Any, zh: str, en: str) -> None:
    assert sentence(parse_condition(written), "", own_title, named) == Text(zh, en)


def test_spans_are_said_with_their_unit() -> None:
    said = sentence(parse_condition({"a": {"minimum": {"months": 5}}}), "", plain, named)
    assert (said.zh, said.en) == ("“a”不少于 5 个月", "“a” is at least 5 months")


def test_facts_are_named_by_their_whole_path() -> None:
    asked = []

    def title(path: str) -> Text:
        asked.append(path)
        return own_title(path)

    sentence(parse_condition({"filings": {"some": {"authority": "CA"}}}), "sites", title, named)
    assert asked == ["sites.filings", "sites.filings.authority"]


def test_the_condition_that_everything_meets() -> None:
    assert sentence(ANYTHING, "sites", own_title, named).en == "“SITES” is declared"
