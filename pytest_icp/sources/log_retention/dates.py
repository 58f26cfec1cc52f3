"""How often a log file is rolled over, by the date pattern in its name (滚动周期)."""

from __future__ import annotations

import re

from pytest_icp.law.jsontypes import JsonObject

DATE = re.compile(r"%d(?:ate)?+(?:\{([^{}]*+)\})?")
"""A date in the name of a file, with its pattern."""

_QUOTED = re.compile(r"'[^']*+'")
# The finest unit counts. The letters are those of SimpleDateFormat and DateTimeFormatter.
_UNITS = (
    ("seconds", "SsAnN"),
    ("minutes", "m"),
    ("hours", "HhKk"),
    ("days", "dDEeuF"),
    ("weeks", "wW"),
    ("months", "ML"),
)
_PER_DAY = {"seconds": 86_400, "minutes": 1_440, "hours": 24}


def unit_of(pattern: str) -> str | None:
    """Return the unit of the periods of a date pattern, the finest that it shows; None if none."""
    shown = set(_QUOTED.sub("", pattern))
    return next((unit for unit, letters in _UNITS if not shown.isdisjoint(letters)), None)


def duration(n: int, unit: str) -> JsonObject:
    """Return so many periods as a span, whole days of what is shorter."""
    if unit == "months":
        return {"months": n}
    if unit == "weeks":
        return {"days": 7 * n}
    return {"days": n // _PER_DAY.get(unit, 1)}
