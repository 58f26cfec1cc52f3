"""Periods as log systems write them: ``30d``, ``1w2d``, ``720h``, ``1month`` (时长写法)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import lru_cache

from pytest_icp.law.jsontypes import Json, JsonObject

_DAY = 86_400
_SMALL = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}

GO: Mapping[str, float] = {**_SMALL, "d": _DAY, "w": 7 * _DAY, "y": 365 * _DAY}
"""Units of Loki and Prometheus."""

ELASTIC: Mapping[str, float] = {**_SMALL, "nanos": 1e-9, "micros": 1e-6, "d": _DAY}
"""Units of Elasticsearch and OpenSearch."""

VICTORIA: Mapping[str, float] = {**GO, "": 31 * _DAY}
"""Units of VictoriaLogs, which counts in months of 31 days where none is written."""

SYSTEMD: Mapping[str, float] = {
    "": 1,
    **_SMALL,
    **dict.fromkeys(("usec",), 1e-6),
    **dict.fromkeys(("msec",), 1e-3),
    **dict.fromkeys(("sec", "second", "seconds"), 1),
    **dict.fromkeys(("min", "minute", "minutes"), 60),
    **dict.fromkeys(("hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), _DAY),
    **dict.fromkeys(("w", "week", "weeks"), 7 * _DAY),
    **dict.fromkeys(("M", "month", "months"), 30.44 * _DAY),
    **dict.fromkeys(("y", "year", "years"), 365.25 * _DAY),
}
"""Units of systemd, see systemd.time(7)."""

_PART = re.compile(r"\s*+(\d{1,12}+(?:\.\d{1,12}+)?+)\s*+([A-Za-zµ]{0,8}+)\s*+")
_LONGEST = 200


def seconds(written: Json, units: Mapping[str, float]) -> float | None:
    """Return how long a period is; None if it is not one, such as a variable.

    ``0`` needs no unit.
    """
    text = "" if isinstance(written, bool) else str(written)
    if not 0 < len(text) < _LONGEST:
        return None
    parts, total = _parts(text), 0.0
    for number, unit in parts or ():
        size = units.get(unit)
        if size is None and number:
            return None
        total += number * (size or 0)
    return None if parts is None else total


# Many logs have few periods.
@lru_cache(maxsize=1024)
def _parts(text: str) -> list[tuple[float, str]] | None:
    """Return the numbers of a period and their units; None if the text is none."""
    parts: list[tuple[float, str]] = []
    at = 0
    while at < len(text):
        part = _PART.match(text, at)
        if part is None:
            return None
        parts.append((float(part[1]), part[2]))
        at = part.end()
    return parts


def whole_days(period: float, *, up: bool = False) -> JsonObject:
    """Return a period as a span of whole days; ``up`` of a limit that nothing outlasts."""
    days = period / _DAY
    return {"days": math.ceil(days) if up else math.floor(days)}
