"""Where the values of an item are in an answer, and how Terraform writes them (取值)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from pytest_icp.sources.terraform.conditions import word

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json

Path: TypeAlias = tuple[str, ...]
Allowed: TypeAlias = tuple[tuple[Path, frozenset[str]], ...]
"""The values, as words, that each path may have."""

_ANY = "*"
_NUMBERS = (int, float)


class Read(Struct, frozen=True):
    """Where values are: at paths, below what has the values that are allowed, or in a setting."""

    paths: tuple[Path, ...]
    where: Allowed
    setting: str

    def of(self, item: Json, settings: Mapping[str, Json]) -> list[Json]:
        """Return the values of an item as they are; none if it has none."""
        if len(self.paths) == 1 and not self.where:
            return values_at(item, self.paths[0])
        if self.setting:
            return [settings[self.setting]] if settings.get(self.setting) else []
        return [value for path in self.paths for value in self._below(item, path)]

    def _below(self, item: Json, path: Path) -> list[Json]:
        if not self.where:
            return values_at(item, path)
        return [
            value
            for holder in values_at(item, path[:-1])
            if all(is_one_of(holder, *allowed) for allowed in self.where)
            for value in values_at(holder, path[-1:])
        ]


class Form(Struct, frozen=True, kw_only=True):
    """Where the values of an attribute are, and how Terraform writes them if it does otherwise."""

    read: Read
    rewrite: Callable[[list[Json]], list[Json]] | None = None
    absent: Json = None

    def of(self, item: Json, settings: Mapping[str, Json]) -> list[Json]:
        """Return the values of an item; none if it has none."""
        found = self.read.of(item, settings)
        return found if self.rewrite is None else self.rewrite(found)


def form(written: Any) -> Form:
    """Compile a form: a path, or a mapping."""
    if isinstance(written, str):
        written = {"of": written}
    of = written.get("of", written.get("set", ()))
    paths = tuple(map(path_of, [of] if isinstance(of, str) else of))
    return Form(
        read=Read(paths, allowed_of(written.get("where", {})), written.get("setting", "")),
        rewrite=_rewriter(written) if written.keys() - {"of", "where", "setting"} else None,
        absent=written.get("absent"),
    )


def _rewriter(written: Mapping[str, Any]) -> Callable[[list[Json]], list[Json]]:
    """Return what writes values as Terraform does."""
    is_set, absent = "set" in written, written.get("absent")
    match = re.compile(written["match"]) if "match" in written else None
    values = {name.casefold(): value for name, value in written.get("values", {}).items()}

    def rewritten(found: list[Json]) -> list[Json]:
        if is_set:
            found = [bool(found)]
        if match is not None:
            parts = [match.fullmatch(text) for text in found if isinstance(text, str)]
            found = [part[1] for part in parts if part]
        if values:
            found = [values.get(word(value), value) for value in found]
        return [absent] if not found and absent is not None else found

    return rewritten


def path_of(written: str) -> Path:
    """Split a path of keys; the empty one is the whole answer."""
    return tuple(written.split(".")) if written else ()


def allowed_of(written: Mapping[str, Any]) -> Allowed:
    """Compile the values that paths may have."""
    return tuple((path_of(path), frozenset(map(word, values))) for path, values in written.items())


def is_one_of(item: Json, path: Path, allowed: frozenset[str]) -> bool:
    """Whether a value at a path is one of those that are allowed."""
    return any(word(value) in allowed for value in values_at(item, path))


def values_at(value: Any, path: Path) -> list[Json]:
    """Return the values at a path, through lists; nothing for what is empty."""
    for depth, key in enumerate(path):
        if value.__class__ is not dict or key == _ANY:
            return _below(value, path[depth:])
        value = value.get(key)
    if value:
        return _below(value, ()) if value.__class__ is list else [value]
    return [value] if isinstance(value, _NUMBERS) else []


def _below(value: Any, path: Path) -> list[Json]:
    if isinstance(value, list):
        return [found for element in value for found in values_at(element, path)]
    if isinstance(value, dict):
        return [found for part in value.values() for found in values_at(part, path[1:])]
    return []


def elements_at(value: Any, path: Path) -> list[Json]:
    """Return the elements of the lists at a path (`has_list`)."""
    if isinstance(value, dict):
        return elements_at(value[path[0]], path[1:])
    return [one for element in value for one in elements_at(element, path)] if path else value


def tokens_at(value: Any, path: Path, above: Tokens = ()) -> Iterator[Tokens]:
    """Yield the tokens of the pointers to the elements of the lists at a path, in their order."""
    if isinstance(value, dict):
        yield from tokens_at(value[path[0]], path[1:], (*above, path[0]))
        return
    for index, element in enumerate(value):
        if path:
            yield from tokens_at(element, path, (*above, index))
        else:
            yield (*above, index)


Tokens: TypeAlias = tuple[str | int, ...]


def has_list(value: Json, path: Path) -> bool:
    """Whether there is a list at a path, an empty one too; in lists, in each element."""
    if not path:
        return isinstance(value, list)
    if isinstance(value, list):
        return all(has_list(element, path) for element in value)
    return isinstance(value, dict) and has_list(value.get(path[0]), path[1:])
