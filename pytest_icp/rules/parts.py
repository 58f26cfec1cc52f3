"""Parts of an obligation (部分): what each inherits from it, and where its fields are written.

An obligation with ``parts`` is decided part by part. A part is an obligation like any other: it
has every field of the whole that it does not write itself, but for those of another kind, and the
words and citations of another basis.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Literal

from msgspec import Struct

from pytest_icp.facts.files.schema import check
from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.facts.files.source import Source
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, pointer, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.rules.fields import Path

PARTS = "parts"
NAME = "name"

_OF_BASIS = frozenset({"quote", "cites"})
"""What is quoted and cited for one basis carries no other."""

_OF_WHOLE = frozenset({"id", "title", "meaning", "quote", "fix", "kind", "basis", "cites", PARTS})
"""What is read of the whole, whether its parts inherit it or not."""

_TWICE = Text(zh="有两个部分的 name 都是 {name!r}", en="two parts have the name {name!r}")
_UNUSED = Text(zh="没有一个部分用到 '{name}'", en="no part uses '{name}'")
_REMOVE = Text(
    zh="各部分都另写的，或者类别不同的，在此处删去",
    en="remove it where every part writes its own, or is of another kind",
)


def merged(whole: JsonObject, part: JsonObject) -> dict[str, Json]:
    """Return a part with all that it inherits, as an obligation without parts is written."""
    inherited = {name: whole[name] for name in _inherited(whole, part)}
    return {**inherited, **{name: value for name, value in part.items() if name != NAME}}


def _inherited(whole: JsonObject, part: JsonObject) -> Iterator[str]:
    """Yield the fields of the whole that a part has as they are."""
    common = schema_document("policy")["$defs"]["Obligation"]["properties"]
    other_kind = part.get("kind", whole["kind"]) != whole["kind"]
    other_basis = part.get("basis", whole["basis"]) != whole["basis"]
    for name in whole:
        if name in part or name == PARTS:
            continue
        if not (other_kind and name not in common) and not (other_basis and name in _OF_BASIS):
            yield name


def with_whole_parts(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a policy with each part, and all that it inherits, among its obligations."""
    return {**document, "obligations": [entry for _, entry in _whole_parts(document)]}


def _whole_parts(document: Mapping[str, Any]) -> list[tuple[Path, dict[str, Any]]]:
    return [
        (("obligations", i, PARTS, j), merged(entry, part))
        for i, entry in enumerate(document["obligations"])
        for j, part in enumerate(entry.get(PARTS, ()))
    ]


def written_at(document: Any, json_pointer: str) -> str:
    """Return where a field of a policy is written in its file.

    What a part inherits is written in the whole.
    """
    match tokens(json_pointer):
        case "obligations", i, "parts", j, name, *below:
            whole = document["obligations"][int(i)]
            own = {k for k, part in enumerate(whole.get(PARTS, ())) if name in part}
            if name in whole and int(j) not in own:
                return pointer(("obligations", i, name, *below))
    return json_pointer


def check_parts(source: Source, schema: str) -> None:
    """Check the parts of a policy that its schema allows, with all that they inherit.

    ``schema`` is the name of the schema. Raises `InputError` with the place in the file.
    """
    document: Any = source.data
    for i, entry in enumerate(document["obligations"]):
        if PARTS in entry:
            _check_names(source, i, entry)
    whole = _Parts(source)
    if whole.every:
        check(whole, schema)


def _check_names(source: Source, i: int, entry: Mapping[str, Any]) -> None:
    """Check that each part has a name of its own, and that each field of the whole is of use."""
    at, parts = ("obligations", i), entry[PARTS]
    names = [part[NAME] for part in parts]
    for j, name in enumerate(names):
        if name in names[:j]:
            place = source.place(pointer((*at, PARTS, j, NAME)))
            raise InputError(_TWICE.format(name=name), place=place)
    used = {name for part in parts for name in _inherited(entry, part)}
    for name in entry:
        if name not in used and name not in _OF_WHOLE:
            place = source.place(pointer((*at, name)), of="key")
            raise InputError(_UNUSED.format(name=name), place=place, hint=_REMOVE)


class _Parts(Struct, frozen=True, dict=True):
    """The parts of a file in place of its obligations, as a document to validate.

    Its places are those in the file.
    """

    source: Source

    @cached_property
    def every(self) -> list[tuple[Path, dict[str, Any]]]:
        """Each part with its path."""
        document: Any = self.source.data
        return _whole_parts(document)

    @property
    def data(self) -> Json:
        document: Any = self.source.data
        return with_whole_parts(document)

    def place(self, json_pointer: str, *, of: Literal["value", "key"] = "value") -> Place:
        _, i, *path = tokens(json_pointer)
        at, _ = self.every[int(i)]
        written = written_at(self.source.data, pointer((*at, *path)))
        return self.source.place(written, of=of)
