"""Where the values of an item are in an answer, and how Terraform writes them (取值)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec import Struct

from pytest_icp.sources.terraform.conditions import word

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json

Path: TypeAlias = tuple[str, ...]
Allowed: TypeAlias = tuple[tuple[Path, frozenset[str]], ...]
"""The values, as words, that each path may have."""

_ANY = "*"


class Form(Struct, frozen=True, kw_only=True):
    """The paths of a value, or the setting that it is, and how it is written otherwise."""

    paths: tuple[Path, ...] = ()
    setting: str = ""
    is_set: bool = False
    where: Allowed = ()
    match: re.Pattern[str] | None = None
    values: Mapping[str, Json]
    absent: Json = None
    plain: bool = False
    """Whether the values are those at its paths, as they are."""

    def of(self, item: Json, settings: Mapping[str, Json]) -> list[Json]:
        """Return the values of an item; none if it has none."""
        if self.plain:
            return values_at(item, self.paths[0])
        if self.setting:
            found = [settings[self.setting]] if settings.get(self.setting) else []
        elif len(self.paths) == 1 and not self.where:
            found = values_at(item, self.paths[0])
        else:
            found = [value for path in self.paths for value in self._at(item, path)]
        if self.is_set:
            found = [bool(found)]
        if self.match is not None:
            parts = [self.match.fullmatch(text) for text in found if isinstance(text, str)]
            found = [part[1] for part in parts if part]
        if self.values:
            found = [self.values.get(word(value), value) for value in found]
        return [self.absent] if not found and self.absent is not None else found

    def _at(self, item: Json, path: Path) -> list[Json]:
        if not self.where:
            return values_at(item, path)
        return [
            value
            for holder in values_at(item, path[:-1])
            if all(is_one_of(holder, *allowed) for allowed in self.where)
            for value in values_at(holder, path[-1:])
        ]


def form(written: Any) -> Form:
    """Compile a form: a path, or a mapping."""
    if isinstance(written, str):
        return Form(paths=(path_of(written),), values={}, plain=True)
    of = written.get("of", written.get("set", ()))
    match = written.get("match")
    return Form(
        paths=tuple(map(path_of, [of] if isinstance(of, str) else of)),
        setting=written.get("setting", ""),
        is_set="set" in written,
        where=allowed_of(written.get("where", {})),
        match=re.compile(match) if match else None,
        values={name.casefold(): value for name, value in written.get("values", {}).items()},
        absent=written.get("absent"),
    )


def path_of(written: str) -> Path:
    """Split a path of keys; the empty one is the whole answer."""
    return tuple(written.split(".")) if written else ()


def allowed_of(written: Mapping[str, Any]) -> Allowed:
    """Compile the values that paths may have."""
    return tuple((path_of(path), frozenset(map(word, values))) for path, values in written.items())


def is_one_of(item: Json, path: Path, allowed: frozenset[str]) -> bool:
    """Whether a value at a path is one of those that are allowed."""
    return any(word(value) in allowed for value in values_at(item, path))


def values_at(value: Json, path: Path) -> list[Json]:
    """Return the values at a path, through lists; nothing for what is empty."""
    for depth, key in enumerate(path):
        if value.__class__ is not dict or key == _ANY:
            return _below(value, path[depth:])
        value = value.get(key)
    if value.__class__ is list:
        return _below(value, ())
    return [value] if value or isinstance(value, int | float) else []


def _below(value: Any, path: Path) -> list[Json]:
    if isinstance(value, list):
        return [found for element in value for found in values_at(element, path)]
    if isinstance(value, dict):
        return [found for part in value.values() for found in values_at(part, path[1:])]
    return []


def items_at(value: Any, path: Path, above: tuple[str | int, ...] = ()) -> Iterator[Item]:
    """Yield the elements of the lists at a path (`has_list`), and the tokens of their pointers."""
    if isinstance(value, dict):
        yield from items_at(value[path[0]], path[1:], (*above, path[0]))
        return
    for index, element in enumerate(value):
        if path:
            yield from items_at(element, path, (*above, index))
        else:
            yield (*above, index), element


Tokens: TypeAlias = tuple[str | int, ...]
Item: TypeAlias = "tuple[Tokens, Json]"


def has_list(value: Json, path: Path) -> bool:
    """Whether there is a list at a path, an empty one too; in lists, in each element."""
    if not path:
        return isinstance(value, list)
    if isinstance(value, list):
        return all(has_list(element, path) for element in value)
    return isinstance(value, dict) and has_list(value.get(path[0]), path[1:])
