"""Mistakes in a policy (变异): in conditions, times, facts, lists and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.files.properties import members, property_at
from pytest_icp.law.condition import KEYWORDS, is_number
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.rules.fields import CONDITIONS, Field, fields, join_path
from pytest_icp.rules.numbers import Listing, Named, Value

Tokens: TypeAlias = tuple[str | int, ...]


class Edit(Struct, frozen=True):
    """One change (变异): ``value`` replaces what is at ``path``.

    ``operator`` is the sort of mistake, ``what`` distinguishes it from others of the sort at the
    same place; ``dropped`` is the key that ``value`` lacks, where nothing else is new.
    """

    operator: str
    path: Tokens
    value: Json
    what: str = ""
    dropped: str | int | None = None

    def under(self, *path: str | int) -> Edit:
        """Return the same edit with a path from further up."""
        return replace(self, path=(*path, *self.path))

    @property
    def id(self) -> str:
        """Identifies the change within its rule: place, operator, and new value."""
        where = ".".join(map(str, self.path)) or "obligation"
        return f"{where}: {self.operator} {self.what}".rstrip()


def without(value: JsonObject, key: str) -> dict[str, Json]:
    """Return an object without one of its members."""
    return {name: member for name, member in value.items() if name != key}


def renamed(value: JsonObject, key: str, new: str) -> dict[str, Json]:
    """Return an object with one member renamed, in the same order."""
    return {new if name == key else name: member for name, member in value.items()}


# ---- Facts and words that are easily confused with those of a policy


_DESCRIPTION = "description"


def likely(base: str, path: str) -> Iterator[str]:
    """Yield the facts that are easily confused with the one at a path: neighbours of its type.

    These are at most two, the next and the previous one in the order of the schema.
    """
    if path.startswith("../"):
        return
    whole = join_path(base, path)
    parent, _, name = whole.rpartition(".")
    fact = property_at(_DESCRIPTION, whole)
    if fact is None:
        return
    alike = [
        other
        for other in members(_DESCRIPTION, parent).names
        if (sibling := property_at(_DESCRIPTION, f"{parent}.{other}".lstrip(".")))
        and (sibling.types, sibling.time, sibling.words) == (fact.types, fact.time, fact.words)
    ]
    i = alike.index(name)
    near = {alike[(i + 1) % len(alike)], alike[i - 1]} - {name}
    yield from (path[: len(path) - len(name)] + other for other in sorted(near))


def other_words(path: str, word: str) -> Iterator[str]:
    """Yield the word that follows another in the schema's list of the words of a fact."""
    fact = property_at(_DESCRIPTION, path)
    words = [one for one in (fact.words if fact else ()) if isinstance(one, str)]
    if word in words and len(words) > 1:
        yield words[(words.index(word) + 1) % len(words)]


# ---- Numbers, one too large or too small


class Amounts(Struct, frozen=True):
    """The numbers that a policy may refer to (数值)."""

    named: Mapping[str, Named]

    def value(self, written: Json) -> int | float | None:
        """Return a number that is written or referred to; None for anything else."""
        named = self.referred(written)
        if named:
            value = named.values[-1]
            return value.n if isinstance(value, Value) else None
        return written if is_number(written) else None

    def edits(self, written: Json) -> Iterator[Edit]:
        """Yield the number one larger and one smaller."""
        value, named = self.value(written), self.referred(written)
        if isinstance(named, Listing):
            words: Json = [one.value for one in named.values]
            yield Edit("list", (), words, "without its days")
        elif value is not None:
            values = named.values if named else ()
            if len({one.n for one in values}) > 1:
                yield Edit("number", (), value, "without its days")
            for other in (value + 1, value - 1):
                yield Edit("number", (), other, f"{value} -> {other}")

    def referred(self, written: Json) -> Named | None:
        """Return the number that is referred to; None for anything else."""
        if not isinstance(written, Mapping) or written.keys() != {"parameter"}:
            return None
        return self.named[str(written["parameter"])]


# ---- Conditions


_TURNED = {
    "some": "every",
    "every": "some",
    "anyOf": "allOf",
    "allOf": "anyOf",
    "minimum": "maximum",
    "maximum": "minimum",
    "exclusiveMinimum": "exclusiveMaximum",
    "exclusiveMaximum": "exclusiveMinimum",
}
_STRICT = {
    "minimum": "exclusiveMinimum",
    "maximum": "exclusiveMaximum",
    "exclusiveMinimum": "minimum",
    "exclusiveMaximum": "maximum",
}
_BOUNDS = frozenset(_STRICT)


def condition_edits(written: Json, base: str, amounts: Amounts) -> Iterator[Edit]:
    """Yield edits of a condition on the object, or the value, at the dotted path ``base``."""
    if isinstance(written, Mapping):
        yield from _of_mapping(written, base, amounts)
        return
    if isinstance(written, bool):
        yield Edit("negate", (), not written)
        return
    yield Edit("negate", (), {"not": written})
    if isinstance(written, str):
        yield from (Edit("word", (), word, word) for word in other_words(base, written))
    else:
        yield from amounts.edits(written)


def _of_mapping(written: JsonObject, base: str, amounts: Amounts) -> Iterator[Edit]:
    fields = {key: value for key, value in written.items() if key not in KEYWORDS}
    if not fields and "not" in written:
        if len(written) == 1:
            yield Edit("negate", (), written["not"])
    elif not fields and written and not written.keys() <= {"type", "minLength", "some", "every"}:
        yield Edit("negate", (), {"not": written})
    for key, value in written.items():
        # No text of a description is empty.
        if len(written) > 1 and (key, value) != ("minLength", 1):
            yield Edit("drop", (), without(written, key), key, dropped=key)
        if key in fields:
            yield from _of_field(written, key, base)
            under = condition_edits(value, join_path(base, key), amounts)
        else:
            yield from _turned(written, key)
            under = _of_word(key, value, base, amounts)
        yield from (edit.under(key) for edit in under)


def _of_field(written: JsonObject, key: str, base: str) -> Iterator[Edit]:
    for other in likely(base, key):
        if other not in written:
            yield Edit("fact", (), renamed(written, key, other), f"{key} -> {other}")
    value = written[key]
    if isinstance(value, Mapping) and value and not value.keys() & KEYWORDS:
        yield Edit("negate", (key,), {"not": value})


def _turned(written: JsonObject, key: str) -> Iterator[Edit]:
    for operator, table in (("turn", _TURNED), ("strict", _STRICT)):
        other = table.get(key)
        if other and other not in written:
            yield Edit(operator, (), renamed(written, key, other), f"{key} -> {other}")


def _of_word(key: str, value: Json, base: str, amounts: Amounts) -> Iterator[Edit]:
    if key in _BOUNDS and isinstance(value, Mapping) and not amounts.referred(value):
        yield from _of_bound(value, base, amounts)
    elif key in _BOUNDS:
        yield from amounts.edits(value)
    elif key in {"not", "some", "every"}:
        yield from condition_edits(value, base, amounts)
    elif key in {"anyOf", "allOf", "enum"} and isinstance(value, Sequence):
        yield from fewer(value)
        if key != "enum":
            for i, part in enumerate(value):
                yield from (e.under(i) for e in condition_edits(part, base, amounts))


def _of_bound(written: JsonObject, base: str, amounts: Amounts) -> Iterator[Edit]:
    """Yield edits of a span, or of another fact of the same subject to compare with."""
    for key, value in written.items():
        if key != "of":
            yield from (edit.under(key) for edit in amounts.edits(value))
            if len(written) > 1:
                yield Edit("drop", (), without(written, key), key, dropped=key)
        else:
            for other in likely(join_path(base, "../"), str(value)):
                yield Edit("fact", (key,), other, f"{value} -> {other}")


def fewer(members: Sequence[Json]) -> Iterator[Edit]:
    """Yield a list without each of its members; a list is never left empty."""
    if len(members) > 1 and not isinstance(members, str):
        for i, member in enumerate(members):
            name = str(member) if not isinstance(member, Mapping) else str(i)
            yield Edit("drop", (), [*members[:i], *members[i + 1 :]], name, dropped=i)


# ---- Fields of an obligation: times, facts, lists, and omissions


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
    yield from _swapped(obligation)


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
        yield from (edit.under(*field.at) for edit in _swapped(field))


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


def _swapped(field: Field) -> Iterator[Edit]:
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
