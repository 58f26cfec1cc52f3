"""Edits of a document of JSON types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.law.jsontypes import Json, JsonObject

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


def apply_edit(value: Json, edit: Edit) -> Json:
    """Return a document with an edit; unchanged parts are shared with the old one."""
    return _put(value, edit.path, edit.value)


def _put(value: Json, path: Tokens, new: Json) -> Json:
    if not path:
        return new
    first, *rest = path
    if isinstance(value, Mapping):
        return {**value, str(first): _put(value[str(first)], tuple(rest), new)}
    assert isinstance(value, Sequence), path  # noqa: S101 - paths come from walks of the document
    i = int(first)
    return [*value[:i], _put(value[i], tuple(rest), new), *value[i + 1 :]]


def without(value: JsonObject, key: str) -> dict[str, Json]:
    """Return an object without one of its members."""
    return {name: member for name, member in value.items() if name != key}


def renamed(value: JsonObject, key: str, new: str) -> dict[str, Json]:
    """Return an object with one member renamed, in the same order."""
    return {new if name == key else name: member for name, member in value.items()}
