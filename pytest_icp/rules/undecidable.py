"""What the schema of policies cannot exclude and no check could decide (无法判断的规定)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.properties import members, property_at
from pytest_icp.facts.files.wording import either, show
from pytest_icp.law.text import Text
from pytest_icp.rules.fact_paths import base_of
from pytest_icp.rules.reads import rooted

_Path: TypeAlias = tuple[str | int, ...]

_DESCRIPTION = "description"
_IN_FORCE = ("in_force.from", "in_force.until", "in_force.on", "in_force.since")
_DAYS: Mapping[str, tuple[str, ...]] = {
    "deadline": ("within.after", "before.of", "not_after", "done", "done.at"),
    "recurrence": (
        *("while.from", "while.until", "while.renewed_until", "last", "at"),
        *("every.since", "every.since.at", "every.restart.at"),
    ),
    "order": ("first", "first.at", "then", "then.at"),
    "agreement": _IN_FORCE,
    "coverage": _IN_FORCE,
    "holding": ("throughout.from", "throughout.to", "throughout.on", "throughout.until"),
    "retention": ("oldest", "since"),
    "validity": ("until", "until.after"),
    "grading": ("on",),
}
"""The fields of each kind that are paths of days, or lists of such."""

_MAINLAND = "mainland"
"""What a location is compared with instead of a printed place."""

_NO_GRADE = Text(zh="等级 {grade} 不在 scale 之中", en="the grade {grade} is not on the scale")
_SCALE = Text(zh="scale 中有：{known}", en="on the scale: {known}")
_BACKWARDS = Text(
    zh="窗口期在 {to} 结束，早于开始的 {first}",
    en="the window closes on {to}, before it opens on {first}",
)
_ONE_YEAR = Text(
    zh="窗口期在同一年内开始和结束；跨年的，写成两项义务",
    en="a window opens and closes in one year; of one that does not, make two obligations",
)
_NO_DAY = Text(zh="事实「{path}」不是日期", en="the fact {path!r} is no day")
_DAYS_HERE = Text(zh="此处的日期有：{known}", en="days here: {known}")
_NO_PLACE = Text(zh="事实「{path}」不是地点", en="the fact {path!r} is no place")
_OR_MAINLAND = Text(
    zh="写出所登载地点的路径，或者写 mainland",
    en="write the path of the place that is printed, or mainland",
)


class Undecidable(Struct, frozen=True):
    """A field that cannot be decided: its path in the obligation, and what to do about it."""

    path: _Path
    message: Text
    hint: Text


def undecidable(entry: Mapping[str, Any]) -> Iterator[Undecidable]:
    """Yield what cannot be decided in an obligation that its schema allows."""
    yield from _no_days(entry)
    match entry["kind"]:
        case "grading":
            yield from _no_grades(entry)
        case "recurrence":
            yield from _backwards(entry)
        case "location":
            yield from _no_place(entry)


def _no_grades(entry: Mapping[str, Any]) -> Iterator[Undecidable]:
    scale = entry["scale"]
    for i, level in enumerate(entry["levels"]):
        if level["grade"] not in scale:
            message = _NO_GRADE.format(grade=show(level["grade"]))
            hint = _SCALE.format(known=either(scale))
            yield Undecidable(("levels", i, "grade"), message, hint)


def _backwards(entry: Mapping[str, Any]) -> Iterator[Undecidable]:
    window = entry.get("window")
    if window and window["to"] < window["from"]:
        message = _BACKWARDS.format(to=window["to"], first=window["from"])
        yield Undecidable(("window", "to"), message, _ONE_YEAR)


def _no_place(entry: Mapping[str, Any]) -> Iterator[Undecidable]:
    at = entry["at"]
    path = rooted(base_of(entry, ("at",)), at)
    known = property_at(_DESCRIPTION, path)
    if at != _MAINLAND and known is not None and "object" not in known.types:
        yield Undecidable(("at",), _NO_PLACE.format(path=path), _OR_MAINLAND)


def _no_days(entry: Mapping[str, Any]) -> Iterator[Undecidable]:
    """Yield the paths of days that lead to something else; lint tells those that lead nowhere."""
    for name in _DAYS.get(entry["kind"], ()):
        for at, path in _paths(entry, tuple(name.split("."))):
            dotted = rooted(base_of(entry, at), path)
            known = property_at(_DESCRIPTION, dotted)
            if known is not None and known.time is None:
                yield Undecidable(at, _NO_DAY.format(path=dotted), _days_beside(dotted))


def _paths(entry: Mapping[str, Any], at: _Path) -> Iterator[tuple[_Path, str]]:
    """Yield the paths that a field has: one, several, or none."""
    value: Any = entry
    for key in at:
        value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, str):
        yield at, value
    for i, path in enumerate(value if isinstance(value, list) else ()):
        yield (*at, i), str(path)


def _days_beside(dotted: str) -> Text:
    base = dotted.rpartition(".")[0]
    names = members(_DESCRIPTION, base).names
    found = [(name, property_at(_DESCRIPTION, rooted(base, name))) for name in names]
    days = [name for name, known in found if known and known.time]
    return _DAYS_HERE.format(known=either(days)) if days else Text("", "")
