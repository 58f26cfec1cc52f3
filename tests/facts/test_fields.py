from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_icp.facts.fields import (
    Scoping,
    answered,
    asked_of,
    group_of,
    groups,
    roles,
    scoping_questions,
    title_of,
    word_of,
)
from pytest_icp.facts.files.properties import allows, members
from pytest_icp.facts.merging import NOT_FACTS
from pytest_icp.facts.written import SCHEMA
from pytest_icp.law.text import Text, plain


@pytest.mark.parametrize(
    ("path", "title"),
    [
        (
            "sites.home_page.snapshot",
            Text("网站 › 主页 › 快照文件", "Sites › Home page › Snapshot"),
        ),
        ("nowhere", plain("nowhere")),
    ],
)
def test_the_titles_down_to_a_fact(path: str, title: Text) -> None:
    assert title_of(path) == title


@pytest.mark.parametrize(
    ("path", "value", "word"),
    [
        ("servers.role", "origin", Text("源站", "origin")),
        ("services.features.messaging", "user_to_user", Text("用户之间", "user_to_user")),
        ("log_stores.kinds", "login", Text("登录", "login")),
        ("corporate_events.kind", "division", Text("分立", "division")),
        ("network_units.changes.kind", "division", Text("重新划分", "division")),
        ("servers.role", "never", None),
        ("servers.role", True, None),
        ("company.name", "origin", None),
        ("nowhere", "origin", None),
    ],
)
def test_what_a_choice_is_called(path: str, value: object, word: Text | None) -> None:
    assert word_of(path, value) == word


TOP = [name for name in members("description", "").names if name not in NOT_FACTS]


def every_fact(path: str = "", depth: int = 0) -> Iterator[str]:
    """Every fact of the schema; what contains itself is followed a little way."""
    made_of = members("description", path)
    if depth and (not made_of.names or depth > 4):
        yield path
        return
    for name in made_of.names:
        if name not in NOT_FACTS:
            yield from every_fact(f"{path}.{name}".lstrip("."), depth + 1)


def test_somebody_knows_every_fact() -> None:
    facts = list(every_fact())
    assert len(facts) > 400
    assert [fact for fact in facts if asked_of(fact) not in roles()] == []


def test_every_top_level_fact_is_in_a_group() -> None:
    assert [name for name in TOP if name != "licence_file" and group_of(name) not in groups()] == []


EVERY = {one.path: one for one in scoping_questions()}
STORE = EVERY["data_stores.personal_info"]


@pytest.mark.parametrize("one", EVERY.values(), ids=lambda one: one.path)
def test_the_no_of_a_question_is_valid_and_it_asks_in_both_languages(one: Scoping) -> None:
    assert allows(SCHEMA, one.path, one.no)
    assert one.question.zh.endswith("？")
    assert one.question.en.endswith("?")


def test_a_no_is_an_empty_list_false_none_or_zero() -> None:
    assert {
        path: EVERY[path].no
        for path in (
            "incidents",
            "data_stores.personal_info",
            "services.features.messaging",
            "company.foreign_share",
        )
    } == {
        "incidents": [],
        "data_stores.personal_info": False,
        "services.features.messaging": "none",
        "company.foreign_share": 0,
    }


def test_a_list_that_is_not_declared_gets_one_element() -> None:
    assert answered({}, STORE) == {"data_stores": [{"id": "", "personal_info": False}]}


def test_each_element_that_does_not_answer_yet_says_no() -> None:
    stores = [{"id": "a"}, {"id": "b", "personal_info": True}]
    assert answered({"data_stores": stores}, STORE)["data_stores"] == [
        {"id": "a", "personal_info": False},
        {"id": "b", "personal_info": True},
    ]


def test_other_facts_stay() -> None:
    facts = {"company": {"name": "甲"}, "incidents": None}
    assert answered(facts, EVERY["company.foreign_share"]) == {
        "company": {"name": "甲", "foreign_share": 0},
        "incidents": None,
    }
    assert answered(facts, EVERY["incidents"]) == {"company": {"name": "甲"}, "incidents": []}
