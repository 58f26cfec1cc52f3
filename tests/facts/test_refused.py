from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.refused import unreadable

GOOD: dict[str, Any] = {
    "number": "京B2-20190486",
    "service_lines": [
        {"name": "信息服务业务（仅限互联网信息服务）", "scope": "不含信息搜索查询服务。"},
        {"scope": "of a line without a name"},
        None,
    ],
    "attachments": [{"domains": ["example.cn", None]}, {"domains": None}],
}


@pytest.mark.parametrize(
    ("fact", "tokens", "words"),
    [
        ({"number": "京"}, ("number",), "'京' is not the number of a telecom licence"),
        (
            {"service_lines": [{**GOOD["service_lines"][0], "scope": "不含信息搜索查徇服务。"}]},
            ("service_lines", 0, "scope"),
            "信息搜索查徇",
        ),
        (
            {"service_lines": [{**GOOD["service_lines"][0], "scope": "甲乙丙丁"}]},
            ("service_lines", 0, "scope"),
            "甲乙丙丁",
        ),
        (
            {"attachments": [{"domains": ["example.cn", "a..b"]}]},
            ("attachments", 0, "domains", 1),
            "a..b",
        ),
    ],
)
def test_each_fault_is_told_where_it_stands(
    fact: dict[str, Any], tokens: tuple[str | int, ...], words: str
) -> None:
    (fault,) = unreadable({**GOOD, **fact})
    assert fault.tokens == tokens
    assert words in fault.message.en
    assert words.partition(" is")[0] in fault.message.zh
