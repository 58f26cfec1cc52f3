"""Mistakes that the schema cannot exclude and that no check could decide (无法判断的规定)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from pytest_icp.facts.files.properties import mark, members, property_at
from pytest_icp.facts.files.wording import either
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Field, Path, join_path

_DESCRIPTION = "description"

_BACKWARDS = Text(
    zh="窗口期在 {to} 结束，早于开始的 {first}",
    en="the window closes on {to}, before it opens on {first}",
)
_ONE_YEAR = Text(
    zh="窗口期须在同一年内开始和结束；跨年的，写成两项义务",
    en="a window must open and close in the same year; split one that does not into two "
    "obligations",
)
_NO_DAY = Text(zh="事实“{path}”不是日期", en="the fact {path!r} is not a date")
_DAYS_HERE = Text(zh="此处的日期有：{known}", en="dates here: {known}")
_NO_PLACE = Text(zh="事实“{path}”不是地点", en="the fact {path!r} is not a location")
_OR_MAINLAND = Text(
    zh="写出所登载地点的路径，或者写 mainland",
    en="write the path of a location that the licence prints, or mainland",
)
_UNLIKE = Text(
    zh="“{path}”的值与“{fact}”的不是一类，永远不会相同",
    en="the values of {path!r} are of another type than those of {fact!r}, and never the same",
)
_AREAS = Text(
    zh="“{path}”是地域：各条记录的地域合在一起算，不能用 {name}",
    en="{path!r} is an area: those of all records count together, so {name!r} has no meaning",
)


class Undecidable(Struct, frozen=True):
    """A field that cannot be decided, by its path in the obligation, and how to correct it."""

    path: Path
    message: Text
    hint: Text


def refuse_undecidable(obligation: Field, place: Callable[[str], Place]) -> None:
    """Raise `InputError` for an obligation that cannot be decided; ``place`` locates its parts."""
    for one in undecidable(obligation):
        raise InputError(one.message, place=place(pointer(one.path)), hint=one.hint)


def undecidable(obligation: Field) -> Iterator[Undecidable]:
    """Yield the fields that cannot be decided in an obligation that its schema allows.

    The fact at a path marked ``x-icp-like`` has values of the type of that at the path named there.
    One marked ``x-icp-no-areas`` has no meaning where one of the paths named there is an area.
    """
    for field in obligation.walk():
        if field.mark("x-icp-like"):
            yield from _unlike(field)
        if field.mark("x-icp-no-areas"):
            yield from _of_areas(field)
        if field.what == "day":
            yield from _no_day(field)
        elif field.what == "place":
            yield from _no_place(field)
        elif field.what == "month-day" and field.mark("x-icp-after"):
            yield from _backwards(field)


def _backwards(field: Field) -> Iterator[Undecidable]:
    first = field.around.get(field.mark("x-icp-after")) if field.around else None
    if first and str(field.value) < str(first.value):
        message = _BACKWARDS.format(first=first.value, to=field.value)
        yield Undecidable(field.at, message, _ONE_YEAR)


def _unlike(field: Field) -> Iterator[Undecidable]:
    """Yield a path whose fact has other values than the one it is compared with."""
    for fact in _paths(field, field.mark("x-icp-like")):
        for path in field.paths:
            mine, theirs = _types(path), _types(fact)
            if mine and theirs and mine.isdisjoint(theirs):
                yield Undecidable(field.at, _UNLIKE.format(path=path, fact=fact), Text("", ""))


def _of_areas(field: Field) -> Iterator[Undecidable]:
    named = (path for name in field.mark("x-icp-no-areas") for path in _paths(field, name))
    areas = (path for path in named if mark(_DESCRIPTION, path, "x-icp-compare") == "area")
    for path in (*areas,)[:1]:
        yield Undecidable(field.at, _AREAS.format(path=path, name=field.name), Text("", ""))


def _paths(field: Field, name: str) -> Iterator[str]:
    """Yield the paths in another field of the obligation."""
    other = field.root.get(*name.split("."))
    for one in other.walk() if other else ():
        yield from one.paths


def _types(path: str) -> set[type]:
    """Return the types of the values of a fact, or of the elements of a list; by its examples."""
    known = property_at(_DESCRIPTION, path)
    each = known.examples if known else ()
    values = (v for one in each for v in (one if isinstance(one, list) else (one,)))
    return {float if type(value) is int else type(value) for value in values}


def _no_place(field: Field) -> Iterator[Undecidable]:
    for path in field.paths:
        known = property_at(_DESCRIPTION, path)
        if known is not None and "object" not in known.types:
            yield Undecidable(field.at, _NO_PLACE.format(path=path), _OR_MAINLAND)


def _no_day(field: Field) -> Iterator[Undecidable]:
    """Yield a path of a day that leads to something else; lint reports those that lead nowhere."""
    for path in field.paths:
        known = property_at(_DESCRIPTION, path)
        if known is not None and known.time is None:
            yield Undecidable(field.at, _NO_DAY.format(path=path), _days_beside(path))


def _days_beside(dotted: str) -> Text:
    base = dotted.rpartition(".")[0]
    names = members(_DESCRIPTION, base).names
    facts = [(name, property_at(_DESCRIPTION, join_path(base, name))) for name in names]
    days = [name for name, known in facts if known and known.time]
    return _DAYS_HERE.format(known=either(days)) if days else Text("", "")
