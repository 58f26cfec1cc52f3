"""A change of one thing in a document of JSON types, and the document that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.law.jsontypes import Json, JsonObject

Tokens: TypeAlias = tuple[str | int, ...]


class Edit(Struct, frozen=True):
    """One change (变异): ``value`` stands at ``path`` instead of what is there.

    ``operator`` is the sort of mistake, ``what`` the words that tell this change from others of
    the sort at the same place; ``dropped`` is the key that ``value`` lacks, where nothing else
    is new.
    """

    operator: str
    path: Tokens
    value: Json
    what: str = ""
    dropped: str | int | None = None

    def under(self, *path: str | int) -> Edit:
        """Return the same change of what stands further up."""
        return replace(self, path=(*path, *self.path))

    @property
    def id(self) -> str:
        """What names the change within its rule: where, the sort, and to what."""
        where = ".".join(map(str, self.path)) or "obligation"
        return f"{where}: {self.operator} {self.what}".rstrip()


def edited(value: Json, edit: Edit) -> Json:
    """Return a document with a change; what is not changed is shared with the old one."""
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
    """Return an object of which one member has another name, in the same order."""
    return {new if name == key else name: member for name, member in value.items()}
