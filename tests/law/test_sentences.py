from __future__ import annotations

from typing import Any

from pytest_icp.law.condition import ANYTHING, parse_condition
from pytest_icp.law.sentences import sentence
from pytest_icp.law.text import Text, plain
from tests.obligations import own_title


def named(path: str, value: Any) -> Text | None:
    known = {"a": "甲", "b": "乙", "never": "未办理"}
    return Text(known[value], value) if path == "named" else None


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
