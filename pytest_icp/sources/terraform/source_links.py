"""Links of evaluated source: references, providers and places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pytest_icp.sources.terraform.addresses import address_in, tokens_of
from pytest_icp.sources.terraform.settling import META
from pytest_icp.sources.terraform.source_resources import Blocks

if TYPE_CHECKING:
    from pytest_icp.law.location import Place
    from pytest_icp.sources.terraform.resource import Origin, Resource
    from pytest_icp.sources.terraform.source_places import SourcePlaces

_KEY = re.compile(r"\.\[([^\]]*+)\]?")
_DEPTH = 32


class SourceLinks:
    """Follows references (引用) in evaluated source."""

    def __init__(self, found: Blocks, blocks: Mapping[str, Any], places: SourcePlaces) -> None:
        self._found = found
        self._blocks = blocks
        self._places = places
        self._by_base: dict[str, list[Resource]] = defaultdict(list)
        for resource in found.resources:
            self._by_base[resource.base].append(resource)
        for resource in found.resources:
            resource.provider_key = self._provider(resource.module, found.providers[resource])

    def follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return the resources that an attribute refers to."""
        path = tuple(attribute.split("."))
        found: dict[Resource, None] = {}
        for reference in self._found.references[resource]:
            if reference.path[: len(path)] == path:
                found |= dict.fromkeys(self._target(reference.target, resource.module, _DEPTH))
        return tuple(found)

    def _target(self, target: str, module: str, depth: int) -> list[Resource]:
        known = self._found.by_id.get(target)
        if known is not None:
            return [known]
        parts = tokens_of(_written(target))
        names = [name for name, _ in parts]
        if names[:1] == ["module"] and len(parts) > 2:  # noqa: PLR2004 - a call, and its output
            call = address_in(module, f"module.{names[1]}{parts[1][1]}")
            return self._output(call, self._outputs.get((call, names[2])), depth)
        length = 3 if names[:1] == ["data"] else 2
        candidates = self._by_base.get(address_in(module, ".".join(names[:length])), [])
        wanted = parts[:length][-1][1] if parts else ""
        exact = [candidate for candidate in candidates if candidate.index == wanted]
        return exact or (candidates if not wanted else [])

    def _output(self, module: str, block: Mapping[str, Any] | None, depth: int) -> list[Resource]:
        """Follow an output of a module to the resources in its value."""
        if block is None or not depth:
            return []
        value = block.get("value")
        if isinstance(value, dict):
            value = value.get("__attribute__") or value.get("id")
        referred = [reference["id"] for reference in block[META].get("references", ())]
        if not isinstance(value, str) and len(referred) == 1:
            # An output of several values that are all of one resource.
            value = referred[0]
        return self._target(value, module, depth - 1) if isinstance(value, str) else []

    @cached_property
    def _outputs(self) -> dict[tuple[str, str], Mapping[str, Any]]:
        """The outputs by module and name."""
        return {
            (_above(block, ".output."), block[META]["label"]): block
            for block in self._blocks.get("output", ())
        }

    def is_set(self, resource: Resource, attribute: str) -> bool | None:
        """Whether an attribute is written; None if it is not known whether its block is there."""
        path = tuple(attribute.split("."))
        if any(path[: len(one)] == one for one in self._found.maybe[resource]):
            return None
        known = (resource.values, resource.unknown, resource.hidden)
        return any(path[0] in names for names in known)

    def _provider(self, module: str, written: str) -> str:
        """Return the key of a provider by its name in a module."""
        while module:
            if written in self._provider_blocks.get(module, {}):
                return f"{module}:{written}"
            block = self._calls.get(module)
            given = self._places.providers_given(block) if block is not None else {}
            written = given.get(written, written)
            above, _, _ = module.rpartition("module.")
            module = above.rstrip(".")
        return written

    @cached_property
    def _calls(self) -> dict[str, Mapping[str, Any]]:
        return {block[META]["path"]: block for block in self._blocks.get("module", ())}

    @cached_property
    def _provider_blocks(self) -> dict[str, dict[str, Any]]:
        """The provider blocks of each module, by name."""
        found: dict[str, dict[str, Any]] = defaultdict(dict)
        for block in self._blocks.get("provider", ()):
            meta, alias = block[META], block.get("alias")
            module = _above(block, ".provider.")
            name = f"{meta['label']}.{alias}" if isinstance(alias, str) else meta["label"]
            found[module][name] = block
        return found

    def provider_region(self, key: str) -> str | None:
        """Return the region of a provider: a constant, or the value of a variable.

        It is empty if none is set, and None if it is not known.
        """
        block = self._declared(key)
        region = block.get("region", "") if block else ""
        return region if isinstance(region, str) and "${" not in region else None

    def _declared(self, key: str) -> Mapping[str, Any] | None:
        module, _, name = key.rpartition(":")
        return self._provider_blocks.get(module, {}).get(name)

    def place(self, origin: Origin) -> Place:
        """Return the place of an attribute, or of the region of a provider."""
        if origin.resource is not None:
            return self._places.of_resource(origin.resource, origin.attribute)
        block = self._declared(origin.provider_key) if origin.provider_key else None
        return self._places.of_block(block, "region")


def _above(block: Mapping[str, Any], kind: str) -> str:
    """Return the module of a block of a kind, from its path."""
    return f".{block[META]['path']}".rpartition(kind)[0].lstrip(".")


def _written(target: str) -> str:
    """Return a path of the parser in the form of Terraform: ``a.[0].b`` as ``a[0].b``."""
    return _KEY.sub(lambda found: f"[{_index(found[1])}]", target)


def _index(key: str) -> str:
    return key if key.isdecimal() or key.startswith('"') else f'"{key}"'
