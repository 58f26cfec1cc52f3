from __future__ import annotations

import pytest

from pytest_icp.facts.titles import title_of, word_of
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
