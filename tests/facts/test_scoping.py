from __future__ import annotations

import pytest

from pytest_icp.facts.files.properties import allows
from pytest_icp.facts.scoping import Scoping, answered, scoping_questions
from pytest_icp.facts.written import SCHEMA

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
