"""Mistakes in a policy that its schema cannot exclude (无法判断的规定).

What no check could decide, facts that no description has, words that a fact never takes, and
numbers in another unit than that of the field they stand in. The schema gives the unit of a field
as ``x-icp-unit``, or as ``x-icp-counts`` where reports say it in words of their own. A bound in a
condition counts what its fact counts, as far as the name of the fact tells: ``outage_minutes``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.faults import either, show
from pytest_icp.facts.files.properties import allows, mark, members, property_at
from pytest_icp.law.condition import KEYWORDS
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, suggested
from pytest_icp.rules.fields import CONDITIONS, Field, Path, fields, join_path
from pytest_icp.rules.numbers import Named
from pytest_icp.rules.policy_files import PolicyFile
from pytest_icp.rules.statutes import referred

_DESCRIPTION = "description"
_NOTHING = Text("", "")

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


class Mistake(Struct, frozen=True):
    """A mistake in an obligation: the path of the field in it, and how to correct it.

    ``code`` is the name that `lint` gives it, if it does.
    """

    path: Path
    message: Text
    hint: Text = _NOTHING
    code: str = ""


def refuse(mistakes: Iterable[Mistake], file: PolicyFile, at: Path = ()) -> None:
    """Raise `InputError` for the first mistake of what is at a path of a file."""
    for one in mistakes:
        raise file.wrong((*at, *one.path), one.message, one.hint)


def undecidable(obligation: Field) -> Iterator[Mistake]:
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


def _backwards(field: Field) -> Iterator[Mistake]:
    first = field.around.get(field.mark("x-icp-after")) if field.around else None
    if first and str(field.value) < str(first.value):
        message = _BACKWARDS.format(first=first.value, to=field.value)
        yield Mistake(field.at, message, _ONE_YEAR)


def _unlike(field: Field) -> Iterator[Mistake]:
    """Yield a path whose fact has other values than the one it is compared with."""
    for fact in _paths(field, field.mark("x-icp-like")):
        for path in field.paths:
            mine, theirs = _types(path), _types(fact)
            if mine and theirs and mine.isdisjoint(theirs):
                yield Mistake(field.at, _UNLIKE.format(path=path, fact=fact))


def _of_areas(field: Field) -> Iterator[Mistake]:
    named = (path for name in field.mark("x-icp-no-areas") for path in _paths(field, name))
    areas = (path for path in named if mark(_DESCRIPTION, path, "x-icp-compare") == "area")
    for path in (*areas,)[:1]:
        yield Mistake(field.at, _AREAS.format(path=path, name=field.name))


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


def _no_place(field: Field) -> Iterator[Mistake]:
    for path in field.paths:
        known = property_at(_DESCRIPTION, path)
        if known is not None and "object" not in known.types:
            yield Mistake(field.at, _NO_PLACE.format(path=path), _OR_MAINLAND)


def _no_day(field: Field) -> Iterator[Mistake]:
    """Yield a path of a day that leads to something else; lint reports those that lead nowhere."""
    for path in field.paths:
        known = property_at(_DESCRIPTION, path)
        if known is not None and known.time is None:
            yield Mistake(field.at, _NO_DAY.format(path=path), _days_beside(path))


def _days_beside(dotted: str) -> Text:
    base = dotted.rpartition(".")[0]
    names = members(_DESCRIPTION, base).names
    facts = [(name, property_at(_DESCRIPTION, join_path(base, name))) for name in names]
    days = [name for name, known in facts if known and known.time]
    return _DAYS_HERE.format(known=either(days)) if days else _NOTHING


_TIMES = ("working_days", "days", "months", "calendar_years", "years", "hours", "minutes")
_COUNTED = ("persons", "times", "factor", "percent", "yuan")
_WRONG = Text(
    zh="数值“{name}”的单位是 {unit}，此处应为 {expected}",
    en="the number {name!r} is in {unit}, but here it has to be in {expected}",
)
_OR = Text("、", " or ")


def wrong_units(rule: Field, named: Mapping[str, Named]) -> Iterator[Mistake]:
    """Yield each reference to a number in another unit.

    ``rule`` is the rule as it is written, ``named`` the numbers that it refers to by their ids.
    """
    for field in rule.walk():
        if field.what == "length":
            for name, _ in referred(field.value):
                yield from _unless(named[name], field.mark("propertyNames")["enum"], field.at)
        elif field.what in {"amount", "number"} or field.what in CONDITIONS:
            for name, path in referred(field.value, field.at):
                yield from _unless(named[name], _expected(field, path), path)


def _unless(number: Named, expected: Collection[str], path: Path) -> Iterator[Mistake]:
    if number.unit not in expected:
        units = _OR.join([Text(one, one) for one in expected])
        yield Mistake(path, _WRONG.format(name=number.id, unit=number.unit, expected=units))


def _expected(field: Field, path: Path) -> Collection[str]:
    """Return the units of which a number at a path in a field may be."""
    if field.what not in CONDITIONS:
        unit = field.mark("x-icp-unit") or field.mark("x-icp-counts")
        return (unit,) if unit else _COUNTED
    names = (str(key) for key in reversed(path) if isinstance(key, str) and key not in KEYWORDS)
    fact = next(names, "")
    # A name that ends in working_days also ends in days; the longer unit is the right one.
    told = next((unit for unit in _TIMES if f"_{fact}".endswith(f"_{unit}")), None)
    return (told,) if told else _COUNTED


_NO_FACT = Text(
    zh="描述中没有事实“{path}”，本项永远无法判断",
    en="no description has the fact {path!r}, so this can never be decided",
)
_NO_WORD = Text(zh="“{path}”不会是 {word}", en="{path!r} is never {word}")
_KNOWN = Text(zh="此处可用：{known}", en="allowed here: {known}")


def unknown_when(applies: Json) -> Iterator[Mistake]:
    """Yield the unknown facts and words of the conditions under which a whole policy applies."""
    for one in _unknown(fields(applies, "Applies", {})):
        yield replace(one, path=("applies", *one.path))


def unknown_facts(obligation: Field) -> Iterator[Mistake]:
    """Yield each fact of an obligation that the schema of descriptions does not have."""
    each = obligation.get("each")
    wrong = [one for path in (each.paths if each else ()) for one in _fact(("each",), path)]
    # Below a fact that does not exist, everything else is unknown too.
    yield from wrong or _unknown(obligation)


def _unknown(whole: Field) -> Iterator[Mistake]:
    for field in whole.walk():
        if field.what in CONDITIONS:
            yield from (one for b in field.bases for one in _of_condition(field.at, field.value, b))
        else:
            yield from (one for path in field.paths for one in _fact(field.at, path))


def _of_condition(path: Path, written: Json, base: str) -> Iterator[Mistake]:
    """Yield what is wrong in a condition on the value at a dotted path."""
    if not isinstance(written, Mapping):
        yield from _word(path, written, base)
        return
    for key, value in written.items():
        here = (*path, key)
        if key == "const":
            yield from _word(here, value, base)
        elif key == "enum" and isinstance(value, Sequence):
            for i, word in enumerate(value):
                yield from _word((*here, i), word, base)
        elif key in {"anyOf", "allOf"} and isinstance(value, Sequence):
            for i, part in enumerate(value):
                yield from _of_condition((*here, i), part, base)
        elif key in {"not", "some", "every"}:
            yield from _of_condition(here, value, base)
        elif key not in KEYWORDS:
            wrong = [*_fact(here, join_path(base, key))]
            yield from wrong or _of_condition(here, value, join_path(base, key))


def _fact(path: Path, dotted: str) -> Iterator[Mistake]:
    if property_at(_DESCRIPTION, dotted):
        return
    names = dotted.split(".")
    # The first name that is wrong has neighbours to be compared with.
    i = next(
        i for i in range(len(names)) if property_at(_DESCRIPTION, ".".join(names[: i + 1])) is None
    )
    known = members(_DESCRIPTION, ".".join(names[:i])).names
    hint = suggested(names[i], known, _listed(known))
    yield Mistake(path, _NO_FACT.format(path=dotted), hint, "unknown-fact")


def _word(path: Path, word: Json, base: str) -> Iterator[Mistake]:
    known = property_at(_DESCRIPTION, base)
    if known is None or allows(_DESCRIPTION, base, word):
        return
    words = [*map(str, (*members(_DESCRIPTION, base).words, *known.words))]
    hint = suggested(str(word), words, _listed(list(dict.fromkeys(words))))
    message = _NO_WORD.format(path=base, word=show(word))
    yield Mistake(path, message, hint, "unknown-word")


def _listed(known: Sequence[str]) -> Text:
    return _KNOWN.format(known=either(known)) if known else _NOTHING
