from __future__ import annotations

from datetime import date

import pytest

from tests.obligations import citation, obligation, version


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


def test_a_citation_has_the_wording_of_the_day() -> None:
    old, new = version("2020-01-01", "2021-12-31"), version("2023-01-01")
    cited = citation(old, new)
    days = ["2019-01-01", "2020-06-01", "2022-06-01", "2024-06-01"]
    assert [cited.on(date.fromisoformat(day)) for day in days] == [None, old, None, new]


def test_an_obligation_has_the_id_that_users_see() -> None:
    assert obligation("condition").rule_id == "SP99/made"
