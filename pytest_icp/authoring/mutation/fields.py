"""Mistakes in the fields of an obligation: times, facts, lists, and omissions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec.structs import replace

from pytest_icp.authoring.mutation.conditions import condition_edits, fewer
from pytest_icp.authoring.mutation.edits import Edit, renamed, without
from pytest_icp.authoring.mutation.facts import likely
from pytest_icp.authoring.mutation.numbers import Amounts
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.rules.fields import CONDITIONS, Field, fields

_OPPOSITE = {"less": "more", "more": "less"}
_UNITS = {
    "days": (("working_days", 1), ("months", None)),
    "working_days": (("days", 1),),
    "hours": (("days", None), ("minutes", 1)),
    "minutes": (("hours", 1),),
    "months": (("days", 30),),
    "years": (("days", 365),),
    "calendar_years": (("years", 1),),
}
_WHOLE = {("days", "months"): 30, ("hours", "days"): 24}


def obligation_edits(obligation: Field, amounts: Amounts) -> Iterator[Edit]:
    """Yield edits of an obligation."""
    entry = obligation.value if isinstance(obligation.value, Mapping) else {}
    for field in obligation.members:
        if field.what not in {"words", "subjects"}:
            yield Edit("drop", (), without(entry, field.name), field.name, dropped=field.name)
            yield from _field(field, amounts)
    yield from _turned(obligation)


def applies_edits(policy: JsonObject, amounts: Amounts) -> Iterator[Edit]:
    """Yield edits of the applicability of a whole policy."""
    yield Edit("drop", (), without(policy, "applies"), "applies", dropped="applies")
    edits = _field(fields(policy["applies"], "Applies", {}), amounts)
    yield from (edit.under("applies") for edit in edits)


def _field(field: Field, amounts: Amounts) -> Iterator[Edit]:
    """Yield edits of a field, with paths from its obligation."""
    value = field.value
    edits: Iterator[Edit]
    if field.what in CONDITIONS:
        edits = (e for base in field.bases for e in condition_edits(value, base, amounts))
    elif field.what == "length" and not isinstance(value, Mapping):
        edits = _length(value, amounts)
    elif amounts.value(value) is not None or amounts.referred(value):
        edits = amounts.edits(value)
    elif isinstance(value, str):
        edits = _text(field, value)
    else:
        yield from _of_members(field, amounts)
        return
    yield from (edit.under(*field.at) for edit in edits)


def _of_members(field: Field, amounts: Amounts) -> Iterator[Edit]:
    """Yield edits of an object or a list."""
    value = field.value
    if isinstance(value, Mapping):
        for key in value:
            yield Edit("drop", field.at, without(value, key), key, dropped=key)
            yield from (edit.under(*field.at) for edit in _unit(value, key, amounts))
    elif isinstance(value, list):
        yield from (edit.under(*field.at) for edit in fewer(value))
    for member in field.members:
        yield from _field(member, amounts)
    if isinstance(value, Mapping):
        yield from (edit.under(*field.at) for edit in _turned(field))


def _length(written: Json, amounts: Amounts) -> Iterator[Edit]:
    """Yield other times instead of a number of the law, or of no time at all."""
    referred: Json = {"parameter": written} if written else 0
    named = amounts.referred(referred)
    unit = named.unit if named else "days"
    for edit in amounts.edits(referred):
        yield replace(edit, value={unit: edit.value})
    yield from _unit({unit: referred}, unit, amounts)


def _unit(value: JsonObject, key: str, amounts: Amounts) -> Iterator[Edit]:
    """Yield the number in another unit, unchanged or converted."""
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


def _turned(field: Field) -> Iterator[Edit]:
    """Yield swapped ends, and after for before, or at most for at least.

    The schema marks the later end as ``x-icp-after`` the earlier one, and with
    ``x-icp-stricter`` whether a shorter or a longer time is stricter.
    """
    value = field.value if isinstance(field.value, Mapping) else {}
    for later in field.members:
        earlier = later.mark("x-icp-after")
        if earlier in value:
            one, other = sorted((earlier, later.name))
            made = {**value, one: value[other], other: value[one]}
            yield Edit("turn", (), made, f"{one} <-> {other}")
    for other in (one for one in field.described() if one.name not in value):
        opposite = _OPPOSITE.get(other.mark("x-icp-stricter") or "")
        for here in (one for one in field.members if opposite == one.mark("x-icp-stricter")):
            yield from _instead(value, here, other) if opposite else ()


def _instead(value: JsonObject, here: Field, there: Field) -> Iterator[Edit]:
    """Yield an object in which one time takes the place of another."""
    made = renamed(value, here.name, there.name)
    yield Edit("turn", (), made, f"{here.name} -> {there.name}")


def _text(field: Field, value: str) -> Iterator[Edit]:
    if field.what == "month-day":
        for days in (1, -1):
            # A leap year has every day that may be written.
            day = date.fromisoformat(f"2024-{value}") + timedelta(days=days)
            yield Edit("number", (), f"{day:%m-%d}", f"{value} -> {day:%m-%d}")
    elif field.is_path:
        for base in field.bases:
            for other in likely(base, value):
                yield Edit("fact", (), other, f"{value} -> {other}")
    else:
        # Codes are not a choice between words.
        for word in () if field.what == "code" else field.mark("enum") or ():
            # `equal` compares words; hosts and places would compare differently.
            if value not in (word, "equal"):
                yield Edit("word", (), word, str(word))
