"""How people get the fields of an obligation wrong: times, facts, lists, and what is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from pytest_icp.authoring.mutation.conditions import condition_edits, fewer
from pytest_icp.authoring.mutation.edits import Edit, Tokens, renamed, without
from pytest_icp.authoring.mutation.facts import likely
from pytest_icp.authoring.mutation.numbers import Amounts
from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.rules.fact_paths import base_of

_WORDS = frozenset(
    {"id", "title", "meaning", "quote", "mend", "kind", "level", "basis", "cites", "each"}
)
_CONDITIONS = frozenset(
    {"where", "parent_where", "require", "exempt", "exists_where", "by_where", "records_where"}
    | {"when"}
)
_SWAPPED = ({"first", "then"}, {"earlier", "later"}, {"from", "until"}, {"from", "to"})
_UNITS = {
    "days": (("working_days", 1), ("months", None)),
    "working_days": (("days", 1),),
    "hours": (("days", None), ("minutes", 1)),
    "minutes": (("hours", 1),),
    "months": (("days", 30),),
    "years": (("days", 365),),
}
_WHOLE = {("days", "months"): 30, ("hours", "days"): 24}
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")


def obligation_edits(entry: JsonObject, amounts: Amounts) -> Iterator[Edit]:
    """Yield changes of an obligation as its policy writes it."""
    for key in entry:
        if key not in _WORDS:
            yield Edit("drop", (), without(entry, key), key, dropped=key)
            yield from _field(entry, (key,), entry[key], amounts)
    yield from _pairs(entry)


def applies_edits(policy: JsonObject, amounts: Amounts) -> Iterator[Edit]:
    """Yield changes of what tells whether a whole policy binds."""
    yield Edit("drop", (), without(policy, "applies"), "applies", dropped="applies")
    yield from _field(policy, ("applies",), policy["applies"], amounts)


def _field(entry: JsonObject, path: Tokens, value: Json, amounts: Amounts) -> Iterator[Edit]:
    """Yield changes of a value of an obligation, each with its path from there."""
    if path[-1] in _CONDITIONS:
        edits = condition_edits(value, base_of(entry, path), amounts)
    elif amounts.value(value) is not None:
        edits = amounts.edits(value)
    elif isinstance(value, str):
        edits = _text(entry, path, value)
    elif isinstance(value, Mapping):
        yield from _object(entry, path, value, amounts)
        return
    elif isinstance(value, Sequence):
        yield from (edit.under(*path) for edit in fewer(value))
        for i, member in enumerate(value):
            yield from _field(entry, (*path, i), member, amounts)
        return
    else:
        return
    yield from (edit.under(*path) for edit in edits)


def _object(entry: JsonObject, path: Tokens, value: JsonObject, amounts: Amounts) -> Iterator[Edit]:
    for key, member in value.items():
        yield Edit("drop", path, without(value, key), key, dropped=key)
        yield from (edit.under(*path) for edit in _unit(value, key, amounts))
        yield from _field(entry, (*path, key), member, amounts)
    yield from (edit.under(*path) for edit in _pairs(value))


def _unit(value: JsonObject, key: str, amounts: Amounts) -> Iterator[Edit]:
    """Yield the same number of another unit, or about the same time in it."""
    number = amounts.value(value[key])
    if key not in _UNITS or not number:
        return
    for unit, times in _UNITS[key]:
        share = _WHOLE.get((key, unit), 1)
        if times is None and number % share:
            continue
        new = number * times if times else number // share
        made = {**renamed(value, key, unit), unit: new}
        yield Edit("unit", (), made, f"{number} {key} -> {new} {unit}")


def _pairs(value: JsonObject) -> Iterator[Edit]:
    """Yield after for before, within for at least, and ends that have changed places."""
    for pair in _SWAPPED:
        if pair <= value.keys():
            one, other = sorted(pair)
            made = {**value, one: value[other], other: value[one]}
            yield Edit("turn", (), made, f"{one} <-> {other}")
    for here, there, at, to in (
        ("within", "before", "after", "of"),
        ("before", "within", "of", "after"),
    ):
        span = value.get(here)
        if isinstance(span, Mapping) and at in span and there not in value:
            made = {**renamed(value, here, there), there: renamed(span, at, to)}
            yield Edit("turn", (), made, f"{here} -> {there}")
    for here, there in (("at_least", "at_most"), ("at_most", "at_least")):
        if here in value and there not in value:
            yield Edit("turn", (), renamed(value, here, there), f"{here} -> {there}")


def _text(entry: JsonObject, path: Tokens, value: str) -> Iterator[Edit]:
    if _MONTH_DAY.fullmatch(value):
        for days in (1, -1):
            # A leap year has every day that may be written.
            day = date.fromisoformat(f"2024-{value}") + timedelta(days=days)
            yield Edit("number", (), f"{day:%m-%d}", f"{value} -> {day:%m-%d}")
        return
    for word in _choices(str(entry.get("kind")), path):
        # Words that have to be equal are no names of hosts or places, however those compare.
        if value not in (word, "equal"):
            yield Edit("word", (), word, str(word))
    for other in likely(base_of(entry, path), value):
        yield Edit("fact", (), other, f"{value} -> {other}")


@cache
def _choices(kind: str, path: Tokens) -> tuple[Json, ...]:
    """Return the words between which the schema of a kind lets a field choose."""
    fields: Any = schema_document("policy")["$defs"].get(kind.capitalize(), {})
    for key in path:
        fields = fields.get("properties", {}).get(key, {})
    return tuple(fields.get("enum", ()))
