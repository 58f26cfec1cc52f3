"""Blocks of source as resources: the known values of their attributes, and references."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pytest_icp.law.jsontypes import Json
from pytest_icp.sources.terraform.addresses import module_of
from pytest_icp.sources.terraform.evaluating import HIDDEN
from pytest_icp.sources.terraform.resource import Resource, Row
from pytest_icp.sources.terraform.settling import MAYBE, META
from pytest_icp.sources.terraform.tables import row_of, should_be_mapped

_KEY = re.compile(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]$')
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PRESETS = ("current-region", "current-account-id")
"""What the parser has for what only the cloud knows."""
_NOT_TYPES = frozenset({"provider", "variable", "locals", "module", "output", "terraform", "moved"})


class Reference(NamedTuple):
    """A reference in an attribute: to the id of a block, or a path such as ``module.web.ip``."""

    path: tuple[str, ...]
    target: str


class Blocks:
    """The resources of evaluated source, and the references in their attributes."""

    def __init__(self, blocks: Mapping[str, Any]) -> None:
        self.resources: list[Resource] = []
        self.references: dict[Resource, list[Reference]] = {}
        self.maybe: dict[Resource, list[tuple[str, ...]]] = {}
        """By resource: the paths of blocks of which it is not known whether there are any."""
        self.by_id: dict[str, Resource] = {}
        self.providers: dict[Resource, str] = {}
        self.unmapped: Counter[str] = Counter()
        self._ids = {str(block.get("id")) for kind in blocks.values() for block in kind}
        for kind, listed in blocks.items():
            if kind not in _NOT_TYPES:
                for block in listed:
                    self._add(kind, block)

    def _add(self, kind: str, block: Mapping[str, Any]) -> None:
        meta = block[META]
        managed = meta.get("type") != "data"
        row = row_of(kind)
        if row is None:
            if managed and meta.get("type") == "resource" and should_be_mapped(kind):
                self.unmapped[kind] += 1
            return
        self._resource(row, block, meta, managed=managed)

    def _resource(
        self, row: Row, block: Mapping[str, Any], meta: Mapping[str, Any], *, managed: bool
    ) -> None:
        references: list[Reference] = []
        self._open: list[tuple[str, ...]] = []
        values: dict[str, Json] = {}
        unknown: dict[str, Json] = {}
        hidden = set()
        for name in row.attributes - {"id"}:
            if name not in block:
                continue
            if any(HIDDEN in text for text in _texts(block[name])):
                hidden.add(name)
                continue
            known, open_ = self._split(block[name], (name,), references)
            if known is not None:
                values[name] = known
            if open_:
                unknown[name] = open_
        address = meta["path"]
        key = _KEY.search(address)
        resource = Resource(
            address=address,
            base=address[: key.start()] if key else address,
            index=key[0] if key else "",
            module=module_of(address),
            row=row,
            values=values,
            unknown=unknown,
            hidden=frozenset(hidden),
            origin=meta["line_start"],
            file=meta["filename"],
            managed=managed,
        )
        self.resources.append(resource)
        self.references[resource] = references
        self.maybe[resource] = self._open
        self.by_id[str(block.get("id"))] = resource
        provider = block.get("provider")
        written = provider.get("__attribute__") if isinstance(provider, dict) else provider
        self.providers[resource] = str(written or row.provider.name)

    def _split(
        self, value: Any, path: tuple[str, ...], references: list[Reference]
    ) -> tuple[Json, Json]:
        """Return the known parts of a value, and a mirror that is True for the unknown parts."""
        if isinstance(value, list):
            parts = [self._split(element, path, references) for element in value]
            known = [part for part, _ in parts if part is not None]
            return known or None, [part for _, part in parts] if any(p for _, p in parts) else False
        if isinstance(value, dict):
            return self._split_object(value, path, references)
        if isinstance(value, str) and any(preset in value for preset in _PRESETS):
            return None, True
        if value == MAYBE:
            self._open.append(path)
            return None, True
        if isinstance(value, str):
            found = [name for name in _ID.findall(value) if name in self._ids]
            references += [Reference(path, name) for name in found]
            return (None, True) if found or "${" in value else (value, False)
        return (None, True) if value is None else (value, False)

    def _split_object(
        self, value: Mapping[str, Any], path: tuple[str, ...], references: list[Reference]
    ) -> tuple[Json, Json]:
        target = value.get("__attribute__")
        if target is not None:
            references.append(Reference(path, str(target)))
            return None, True
        known: dict[str, Json] = {}
        unknown: dict[str, Json] = {}
        before = len(references)
        for name, part in value.items():
            if name in {META, "id"}:
                continue
            known_part, open_ = self._split(part, (*path, name), references)
            if known_part is not None:
                known[name] = known_part
            if open_:
                unknown[name] = open_
        # The parser puts an id of its own into each block, in the place of one that is written.
        told = {reference.target for reference in references[before:]}
        inside = [one["id"] for one in value.get(META, {}).get("references", ())]
        references += [Reference((*path, "id"), name) for name in inside if name not in told]
        return known or (None if unknown else {}), unknown or False


def _texts(value: Any) -> Iterator[str]:
    """Yield the texts in a value: what is not known has the expression, or the path, of it."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name != META:
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value
