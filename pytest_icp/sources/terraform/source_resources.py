"""Blocks of source as resources: the known values of their attributes, and references."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_icp.sources.terraform.evaluating import UNKNOWN
from pytest_icp.sources.terraform.resource import Resource
from pytest_icp.sources.terraform.tables import lists_of, row_of

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.source_files import Declared


class Reference(NamedTuple):
    """A reference in an attribute: its path, and the address of a resource."""

    path: tuple[str, ...]
    target: str


class Blocks:
    """The resources of evaluated source, and the references in their attributes."""

    def __init__(self, declared: Iterable[Declared]) -> None:
        self.resources: list[Resource] = []
        self.references: dict[Resource, list[Reference]] = {}
        self.maybe: dict[Resource, list[tuple[str, ...]]] = {}
        """By resource: the paths of what may be there or not: a block, or a value that is null."""
        self.unmapped: dict[str, list[Declared]] = defaultdict(list)
        """By type: what has no row and may tell something."""
        for one in declared:
            self._add(one)

    def _add(self, one: Declared) -> None:
        row = row_of(one.type)
        if row is None:
            if one.managed and lists_of(one.type):
                self.unmapped[one.type].append(one)
            return
        references: list[Reference] = []
        self._open: list[tuple[str, ...]] = []
        values: dict[str, Json] = {}
        unknown: dict[str, Json] = {}
        hidden = {name for name, value in one.values.items() if any(_hidden(value))}
        for name in one.values.keys() - hidden - {"id"}:
            known, open_ = self._split(one.values[name], (name,), references)
            if known is not None:
                values[name] = known
            if open_:
                unknown[name] = open_
        resource = Resource(
            address=one.address,
            base=one.base,
            index=one.key,
            module=one.module,
            row=row,
            values=values,
            unknown=unknown,
            hidden=frozenset(hidden),
            provider_key=one.provider,
            origin=one.line,
            file=one.file,
            replaced=one.replaced,
            managed=one.managed,
            whole=one.whole,
        )
        self.resources.append(resource)
        self.references[resource] = references
        self.maybe[resource] = self._open

    def _split(
        self, value: Any, path: tuple[str, ...], references: list[Reference]
    ) -> tuple[Json, Json]:
        """Return the known parts of a value, and a mirror that is True for the unknown parts."""
        if isinstance(value, list):
            parts = [self._split(element, path, references) for element in value]
            known = [part for part, _ in parts if part is not None]
            return known or None, [part for _, part in parts] if any(p for _, p in parts) else False
        if not isinstance(value, dict):
            return value, False
        if UNKNOWN in value:
            references += [Reference(path, target) for target in value[UNKNOWN]["of"]]
            if not value[UNKNOWN]["given"]:
                self._open.append(path)
            return None, True
        split = {name: self._split(part, (*path, name), references) for name, part in value.items()}
        found = {name: part for name, (part, _) in split.items() if part is not None}
        unknown: dict[str, Json] = {name: open_ for name, (_, open_) in split.items() if open_}
        return found or (None if unknown else {}), unknown or False


def _hidden(value: Any) -> Iterator[bool]:
    """Yield for each part of a value that is not known whether it is not to be known."""
    if isinstance(value, Mapping):
        if UNKNOWN in value:
            yield value[UNKNOWN]["hidden"]
        else:
            for part in value.values():
                yield from _hidden(part)
    elif isinstance(value, list):
        for part in value:
            yield from _hidden(part)
