"""Facts that no description has, and words that they never are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.properties import allows, members, property_at
from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.facts.files.wording import either, show
from pytest_icp.law.condition import KEYWORDS
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.location import Place
from pytest_icp.law.suggestions import did_you_mean, nearest
from pytest_icp.law.text import Text
from pytest_icp.rules.fact_paths import base_of
from pytest_icp.rules.reads import rooted

_DESCRIPTION = "description"
_CONDITIONS = frozenset(
    {"where", "parent_where", "require", "exempt", "exists_where", "by_where", "records_where"}
    | {"when"}
)
_COMMON = frozenset({"where", "parent_where"})
"""The conditions of every kind."""

_NO_FACTS = {("at", "mainland"), ("throughout", "as_of")}
"""Words that stand where a path may."""

_NO_FACT = Text(
    zh="描述中没有事实「{path}」，本项因此无法判断",
    en="no description has the fact {path!r}, so nothing can be said",
)
_NO_WORD = Text(zh="「{path}」不会是 {word}", en="{path!r} is never {word}")
_KNOWN = Text(zh="此处可用：{known}", en="known here: {known}")

_Path: TypeAlias = tuple[str | int, ...]


class Unknown(Struct, frozen=True):
    """What a policy reads and no description has: its path in the obligation, and what is near.

    ``code`` is what `lint` calls it.
    """

    code: Literal["unknown-fact", "unknown-word"]
    path: _Path
    message: Text
    hint: Text


def refuse_unknown(document: Mapping[str, Any], place: Callable[[str], Place]) -> None:
    """Refuse a policy with facts that no description has: its rules would be unknown for ever."""
    for one in unknown_when(document.get("applies")):
        raise InputError(one.message, place=place(pointer(one.path)), hint=one.hint)
    for i, entry in enumerate(document["obligations"]):
        for one in unknown_facts(entry):
            at = pointer(("obligations", i, *one.path))
            raise InputError(one.message, place=place(at), hint=one.hint)


def unknown_when(applies: Json) -> Iterator[Unknown]:
    """Yield what no description has in the conditions on whom a whole policy binds."""
    if isinstance(applies, Mapping):
        yield from _of_condition(("applies", "when"), applies.get("when") or {}, "")


def unknown_facts(entry: JsonObject) -> Iterator[Unknown]:
    """Yield each fact of an obligation that the schema of descriptions does not have.

    The fields of a kind that others have added are theirs.
    """
    each = entry.get("each")
    wrong = [*_fact(("each",), str(each), rooted("", str(each)))] if each else []
    yield from wrong
    ours = str(entry["kind"]).capitalize() in schema_document("policy")["$defs"]
    for key, value in entry.items():
        if wrong:
            # Of what does not exist nothing more can be said.
            return
        if key in (_CONDITIONS if ours else _COMMON):
            yield from _of_condition((key,), value, base_of(entry, (key,)))
        elif ours or key == "applies":
            yield from _of_field(entry, (key,), value)


def _of_field(entry: JsonObject, path: _Path, value: Json) -> Iterator[Unknown]:
    if path == ("each",):
        return
    if isinstance(value, str):
        if _is_path(str(entry["kind"]), path) and not value.startswith("../"):
            yield from _fact(path, value, rooted(base_of(entry, path), value))
    elif isinstance(value, Mapping):
        for key, member in value.items():
            here = (*path, key)
            if key in _CONDITIONS:
                yield from _of_condition(here, member, base_of(entry, here))
            else:
                yield from _of_field(entry, here, member)
    elif isinstance(value, Sequence):
        for i, member in enumerate(value):
            yield from _of_field(entry, (*path, i), member)


def _of_condition(path: _Path, written: Json, base: str) -> Iterator[Unknown]:
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
            wrong = [*_fact(here, key, rooted(base, key))]
            yield from wrong or _of_condition(here, value, rooted(base, key))


def _fact(path: _Path, written: str, dotted: str) -> Iterator[Unknown]:
    if property_at(_DESCRIPTION, dotted) or (path[-1], written) in _NO_FACTS:
        return
    names = dotted.split(".")
    # The first name that is wrong has neighbours to be compared with.
    i = next(
        i for i in range(len(names)) if property_at(_DESCRIPTION, ".".join(names[: i + 1])) is None
    )
    known = members(_DESCRIPTION, ".".join(names[:i])).names
    near = nearest(names[i], known)
    hint = did_you_mean(near) if near else _listed(known)
    yield Unknown("unknown-fact", path, _NO_FACT.format(path=dotted), hint)


def _word(path: _Path, word: Json, base: str) -> Iterator[Unknown]:
    known = property_at(_DESCRIPTION, base)
    if known is None or allows(_DESCRIPTION, base, word):
        return
    words = [*map(str, (*members(_DESCRIPTION, base).words, *known.words))]
    near = nearest(str(word), words)
    hint = did_you_mean(near) if near else _listed(list(dict.fromkeys(words)))
    message = _NO_WORD.format(path=base, word=show(word))
    yield Unknown("unknown-word", path, message, hint)


def _listed(known: Sequence[str]) -> Text:
    return _KNOWN.format(known=either(known)) if known else Text("", "")


def _is_path(kind: str, path: _Path) -> bool:
    """Whether the schema of a kind says that a field is a path to a fact."""
    fields: Any = schema_document("policy")["$defs"].get(kind.capitalize(), {})
    for key in path:
        if isinstance(key, int):
            continue
        shapes = (fields, fields.get("then", {}), fields.get("else", {}), fields.get("items", {}))
        refs = [s["$ref"].rpartition("/")[2] for s in shapes if "$ref" in s]
        shapes += tuple(schema_document("policy")["$defs"][name] for name in refs)
        fields = next((s["properties"][key] for s in shapes if key in s.get("properties", {})), {})
    said = str({**fields, "description": "", "title": ""})
    return "#/$defs/Path" in said
