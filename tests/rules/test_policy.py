from __future__ import annotations

from datetime import date

import pytest

from tests.obligations import version


@pytest.mark.parametrize(
    ("day", "law"),
    [
        ("2019-12-31", False),
        ("2020-01-01", True),
        ("2021-12-31", True),
        ("2022-01-01", False),
    ],
)
def test_an_article_is_law_from_its_first_to_its_last_day(day: str, law: bool) -> None:
    assert version("2020-01-01", "2021-12-31").in_force(date.fromisoformat(day)) is law
    assert version("2020-01-01").in_force(date.fromisoformat(day)) is (day >= "2020-01-01")
