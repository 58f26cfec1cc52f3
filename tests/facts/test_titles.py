from __future__ import annotations

import pytest

from pytest_icp.facts.titles import title_of
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
