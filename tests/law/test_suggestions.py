from __future__ import annotations

import pytest

from pytest_icp.law.suggestions import nearest


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("provinc", "province"),
        ("prod", "production"),
        ("SP1", "SP11"),
        ("p", ""),
        ("qqq", ""),
    ],
)
def test_the_nearest_word(word: str, near: str) -> None:
    assert nearest(word, ["provider", "production", "province", "SP11"]) == near
