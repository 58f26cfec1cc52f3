"""Settings for how strictly dates and scopes are judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

WARN_DAYS = 90
"""How many days before its last day a duty is noted, unless a project says otherwise."""


class Settings(NamedTuple):
    """The settings of a project (设置), with their defaults; some a description says.

    ``warn_days``: how many days before its last day a duty is noted; ``lookback_days``: for
    how many days a duty done late stays violated; ``six_months``: whether 180 days of logs are
    accepted as six months; ``site_search``: whether searching one's own site counts as a
    search service (``strict``) or not (``own``); ``papers``: which papers are asked for beside
    those that a description names.
    """

    warn_days: int = WARN_DAYS
    lookback_days: int = 730
    six_months: Literal["calendar", "180"] = "calendar"
    site_search: Literal["own", "strict"] = "own"
    papers: Sequence[str] = ()

    def said_by(self, facts: Mapping[str, object]) -> Settings:
        """Return the settings with those that a description says."""
        usual = {"six_months": self.six_months, "site_search": self.site_search}
        said: dict[str, Any] = {name: str(facts.get(name) or own) for name, own in usual.items()}
        return self._replace(**said)
