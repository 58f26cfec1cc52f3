from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.facts.answers import read_answer
from pytest_icp.law.errors import InputError


@pytest.mark.parametrize(
    ("path", "written", "value"),
    [
        ("services.features.app_distribution", "y", True),
        ("services.features.app_distribution", "否", False),
        ("incidents", "no", []),
        ("incidents", "没有", []),
        ("services.features.messaging", "no", "none"),
        (
            "services.features.messaging",
            "support_chat, user_to_user",
            ["support_chat", "user_to_user"],
        ),
        ("log_stores.kinds", "access，login、publish", ["access", "login", "publish"]),
        ("log_stores.retention", "{days: 180}", {"days": 180}),
        ("renewal.applied_on", "2023-12-07", "2023-12-07"),
        ("renewal.applied_on", "从未", "never"),
        ("renewal.applied_on", "没有", "never"),
        ("network_links.ended_on", "仍在使用", "never"),
        ("network_links.ended_on", "In use", "never"),
        ("apps.delisted_on", "在架", "never"),
        ("network_links.contract.to", "长期", "open"),
        ("approvals.valid_until", "长期有效", "none"),
        ("approvals.valid_until", "无", "none"),
        ("network_units.level", "没有", "none"),
        ("renewal.decision", "审批中", "pending"),
        ("renewal.intention", " renew ", "renew"),
        ("company.foreign_share", "0.25", 0.25),
        ("services.registered_users", "1200", 1200),
        # A name that looks like a number is a name.
        ("sites.name", "51", "51"),
        ("sites.name", "a: [b", "a: [b"),
    ],
)
def test_an_answer_is_read_as_the_schema_has_it(path: str, written: str, value: Any) -> None:
    found = read_answer("description", path, written, "")
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("path", "written", "wrong"),
    [
        ("renewal.applied_on", "2023-13-01", "2023-13-01 is not a date that exists"),
        ("renewal.intention", "perhaps", "'perhaps' is not one of the allowed values"),
        # It may mean that nobody knows.
        ("network_links.ended_on", "-", "'-' is not a date"),
        # An act is not in use, and a contract has no decision.
        ("renewal.applied_on", "在用", "'在用' is not a date"),
        ("network_links.contract.to", "办理中", "'办理中' is not a date"),
        ("services.registered_users", "many", "expected a whole number, found a string"),
        ("company.name", "''", "this cannot be empty"),
        ("no_such_fact", "1", "this does not fit here"),
    ],
)
def test_a_wrong_answer_is_refused_in_the_words_of_the_schema(
    path: str, written: str, wrong: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_answer("description", path, written, "a | b")
    assert caught.value.message.en == wrong
    if path != "no_such_fact":
        assert caught.value.hint.en == "expected: a | b"
