"""Periods as log systems write them: ``30d``, ``1w2d``, ``720h`` (时长写法)."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from pytest_icp.law.jsontypes import Json, JsonObject

_DAY = 86_400
_SMALL = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


class Units(dict[str, float]):
    """Units of periods in seconds, which a cache knows by which they are."""

    __hash__ = object.__hash__  # type: ignore[assignment]  # that of a dict is None


GO = Units({**_SMALL, "d": _DAY, "w": 7 * _DAY, "y": 365 * _DAY})
"""Units of Loki and Prometheus."""

ELASTIC = Units({**_SMALL, "nanos": 1e-9, "micros": 1e-6, "d": _DAY})
"""Units of Elasticsearch and OpenSearch."""

_PART = re.compile(r"\s*+(\d{1,12}+(?:\.\d{1,12}+)?+)\s*+([A-Za-zµ]{0,8}+)\s*+")
_LONGEST = 200


def seconds(written: Json, units: Units) -> float | None:
    """Return how long a period is; None if it is not one, such as a variable.

    ``0`` needs no unit.
    """
    text = "" if isinstance(written, bool) else str(written)
    return _seconds(text, units) if 0 < len(text) < _LONGEST else None


# Many logs have few periods.
@lru_cache(maxsize=1024)
def _seconds(text: str, units: Units) -> float | None:
    at, total = 0, 0.0
    while at < len(text):
        part = _PART.match(text, at)
        size = units.get(part[2]) if part else None
        if part is None or (size is None and float(part[1])):
            return None
        total += float(part[1]) * (size or 0)
        at = part.end()
    return total


def whole_days(period: float, *, up: bool = False) -> JsonObject:
    """Return a period as a span of whole days; ``up`` of a limit that nothing outlasts."""
    days = period / _DAY
    return {"days": math.ceil(days) if up else math.floor(days)}
