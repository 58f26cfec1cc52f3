"""Settings for how strictly dates and scopes are judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple


class Settings(NamedTuple):
    """The settings of a project (设置), with their defaults.

    ``warn_days``: how many days before its last day a duty is noted; ``lookback_days``: for
    how many days a duty done late stays violated; ``six_months``: whether 180 days of logs are
    accepted as six months; ``site_search``: whether searching one's own site counts as a
    search service (``strict``) or not (``own``); ``papers``: which papers are asked for beside
    those that a description names.
    """

    warn_days: int = 90
    lookback_days: int = 730
    six_months: Literal["calendar", "180"] = "calendar"
    site_search: Literal["own", "strict"] = "own"
    papers: Sequence[str] = ()
