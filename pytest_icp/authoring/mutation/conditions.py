"""Mistakes in conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pytest_icp.authoring.mutation.edits import Edit, renamed, without
from pytest_icp.authoring.mutation.facts import likely, other_words
from pytest_icp.authoring.mutation.numbers import Amounts
from pytest_icp.law.condition import KEYWORDS
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.rules.fields import join_path

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
