from __future__ import annotations

import pytest

from pytest_icp import Settings
from pytest_icp.law.jsontypes import Json


def test_the_defaults_are_those_that_are_documented() -> None:
    """Ninety days of notice, a look-back of two years, calendar months, one's own site search."""
    assert Settings() == Settings(
        warn_days=90, lookback_days=730, six_months="calendar", site_search="own"
    )


@pytest.mark.parametrize(
    ("said", "how"),
    [
        ({}, ("calendar", "own")),
        ({"six_months": 180, "site_search": None}, ("180", "own")),
        ({"six_months": "calendar", "site_search": "strict"}, ("calendar", "strict")),
    ],
)
def test_a_description_says_how_some_things_are_counted(
    said: dict[str, Json], how: tuple[str, str]
) -> None:
    settings = Settings(warn_days=30).said_by(said)
    assert (settings.six_months, settings.site_search, settings.warn_days) == (*how, 30)
