from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation

JOINED = obligation(
    "agreement",
    fact="name",
    **{"with": {"records": "/printed", "joined_by": "domains", "fact": "name"}},
    compare="name",
)
A = {"domains": ["a.cn"], "name": "甲"}
B = {"domains": ["b.cn"], "name": "乙"}


@pytest.mark.parametrize(
    ("domains", "printed", "verdict"),
    [
        (["a.cn"], [A], "satisfied"),
        (["www.a.cn"], [A], "satisfied"),
        (["b.cn"], [A, B], "violated"),
        (["a.cn", "b.cn"], [B, A], "satisfied"),
        (["c.cn"], [A, B], "not applicable"),
        ([], [A, B], "not applicable"),
        # One that is not known may be the one that agrees.
        (["b.cn", None], [A, B], "unknown"),
        (["a.cn", None], [A, B], "satisfied"),
        (["b.cn"], [{**A, "domains": None}, B], "unknown"),
        (["a.cn"], [A, {**B, "domains": ["a.cn"], "name": None}], "satisfied"),
        (["b.cn"], [{**B, "name": None}], "unknown"),
        (None, [A], "unknown"),
        (["a.cn"], None, "unknown"),
        # What is no host name lies under nothing.
        (["a cn", "a.cn"], [{**A, "domains": ["http://a.cn"]}], "not applicable"),
    ],
)
def test_records_are_joined_by_their_hosts(
    domains: list[Any] | None, printed: list[Any] | None, verdict: str
) -> None:
    site = {"id": "s", "domains": domains, "name": "甲"}
    assert decide(JOINED, {"sites": [site], "printed": printed}).verdict == verdict


def test_the_fact_that_is_missing_is_named() -> None:
    facts = {"sites": [{"id": "s", "domains": ["b.cn", None], "name": "甲"}], "printed": [A, B]}
    ((verdict, pointer, _),) = said(decide(JOINED, facts))
    assert (verdict, pointer) == ("unknown", "/sites/0/domains")


PLAIN = obligation("agreement", fact="name", **{"with": "/holder"}, also="former", compare="name")


@pytest.mark.parametrize(
    ("name", "former", "verdict", "notes"),
    [
        ("示例（北京）公司", None, "satisfied", 0),
        ("示例(北京)公司", None, "satisfied", 0),
        ("示例 【北京】 公司", None, "satisfied", 1),
        ("另一公司", ["示例(北京)公司"], "satisfied", 0),
        ("另一公司", ["第三公司", None], "unknown", 0),
        ("另一公司", None, "unknown", 0),
        ("另一公司", ["另一公司"], "violated", 0),
        ("另一公司", [{"name": "示例（北京）公司"}], "violated", 0),
        ("另一公司", "示例（北京）公司", "satisfied", 0),
        ("示例（北京）公司上海分公司", None, "satisfied", 0),
        ("示例（北京）公司（上海）分公司", None, "satisfied", 0),
        ("示例（北京）公司上海子公司", [], "violated", 0),
        (None, ["另一公司"], "unknown", 0),
    ],
)
def test_names_are_compared_as_people_write_them(
    name: str | None, former: Any, verdict: str, notes: int
) -> None:
    facts = {"sites": [{"id": "s", "name": name, "former": former}], "holder": "示例（北京）公司"}
    outcome = decide(PLAIN, facts)
    assert (outcome.verdict, len(outcome.notes)) == (verdict, notes)


def test_former_names_may_lie_anywhere() -> None:
    deep = obligation(
        "agreement", fact="name", **{"with": "/holder"}, also="/groups/members/name", compare="name"
    )
    facts = {
        "sites": [{"id": "s", "name": "子公司"}],
        "holder": "母公司",
        "groups": [{"members": [{"name": "子公司"}]}, {"members": None}, "none"],
    }
    assert decide(deep, facts).verdict == "satisfied"
