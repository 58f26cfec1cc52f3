"""Values as a description would write them, and numbers with their units in words (数量)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain, plural


def show(value: Json) -> str:
    """Write a value as a description would: ``true``, ``never``, ``[a, b]``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {show(part)}" for key, part in value.items()) + "}"
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable):
        return "[" + ", ".join(show(part) for part in value) + "]"
    return str(value)


UNITS: Mapping[str, Text] = {
    "days": Text("日", "day"),
    "working_days": Text("个工作日", "working day"),
    "months": Text("个月", "month"),
    "hours": Text("小时", "hour"),
    "minutes": Text("分钟", "minute"),
    "years": Text("年", "year"),
    "calendar_years": Text("个公历年度", "calendar year"),
    "persons": Text("人", "person"),
}


def counted(n: float, unit: str) -> Text:
    """Return a number with its unit: ``90 日``, ``90 days``, ``1 day``, ``10%``."""
    number = str(int(n)) if n == int(n) else f"{n:g}"
    if unit == "percent":
        return plain(f"{number}%")
    words = UNITS.get(unit)
    if words is None:
        return plain(f"{number} {unit}")
    return Text(f"{number} {words.zh}", f"{number} {words.en if n == 1 else plural(words.en)}")
