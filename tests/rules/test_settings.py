from __future__ import annotations

from pytest_icp import Settings


def test_the_defaults_are_those_that_are_documented() -> None:
    """Ninety days of notice, a look-back of two years, calendar months, one's own site search."""
    assert Settings() == Settings(
        warn_days=90, lookback_days=730, six_months="calendar", site_search="own"
    )
