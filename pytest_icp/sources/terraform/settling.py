"""Settles what the parser leaves open of evaluated blocks, by what their files declare."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from pytest_icp.sources.terraform.addresses import module_of, tokens_of
from pytest_icp.sources.terraform.source_blocks import INSTEAD, Declared

META = "__tfmeta"
MAYBE = "icp-maybe"
"""Stands for blocks of which it is not known whether there are any."""
At: TypeAlias = tuple[str, str]
"""A file, and the address in its module of a block in it."""

Blocks: TypeAlias = dict[str, list[dict[str, Any]]]
_NONE: tuple[object, ...] = (0, [], {})


def evaluated(blocks: Blocks) -> set[At]:
    """Return the resources and calls of modules that there are."""
    return {at for at, _ in _all(blocks)}


def not_there(blocks: Blocks) -> set[At]:
    """Return the blocks that certainly are not there, as they are repeated no times."""
    return {
        at
        for at, block in _all(blocks)
        if any(name in block and block[name] in _NONE for name in INSTEAD.values())
    }


def take_out_uncertain(blocks: Blocks, known: Mapping[At, Declared]) -> set[At]:
    """Take out the blocks of which it is not known how many there are, with all that is in them.

    Return them.
    """
    found = [
        (at, f"{block[META]['path']}.")
        for at, block in _all(blocks)
        if _is_open(block) or (at in known and known[at].enabled not in ([], ["true"]))
    ]
    inside = tuple(path for _, path in found)
    for kind, listed in blocks.items():
        blocks[kind] = [
            block for block in listed if not f"{block[META]['path']}.".startswith(inside)
        ]
    return {at for at, _ in found}


def settle_values(blocks: Blocks, known: Mapping[At, Declared]) -> None:
    """Take out arguments that are null: they set nothing. What a dynamic block makes is open."""
    unset = {
        (module_of(one[META]["path"]), f"var.{one[META]['label']}")
        for one in blocks.get("variable", ())
        if one.get("default", ...) is None
    }
    given = {
        (call[META]["path"], f"var.{name}") for call in blocks.get("module", ()) for name in call
    }
    null = unset - given
    for at, block in _all(blocks):
        if at not in known:
            continue
        module = module_of(block[META]["path"])
        for name, value in [*block.items()]:
            reference = value.get("__attribute__") if isinstance(value, dict) else None
            is_null = value is None and name in known[at].nulls
            if is_null or (module, reference) in null:
                del block[name]
        for path in known[at].dynamic:
            _mark(block, path, known[at].fixed[path])


def _mark(value: Any, path: tuple[str, ...], fixed: int) -> None:
    """Mark where a dynamic block may be, unless there are more than the fixed ones of its name.

    The parser leaves it out both if it is made from nothing, and from what is not known.
    """
    if isinstance(value, list):
        for part in value:
            _mark(part, path, fixed)
    elif isinstance(value, dict) and path[1:]:
        _mark(value.get(path[0]), path[1:], fixed)
    elif isinstance(value, dict):
        made = value.get(path[0])
        listed = made if isinstance(made, list) else [] if made is None else [made]
        if len(listed) <= fixed:
            value[path[0]] = [*listed, MAYBE] if listed else MAYBE


def _all(blocks: Blocks) -> Iterator[tuple[At, dict[str, Any]]]:
    """Yield the resources and the calls of modules."""
    for kind, listed in blocks.items():
        for block in listed:
            meta = block[META]
            if kind == "module" or meta.get("type") == "resource":
                parts = tokens_of(meta["path"])[-2:]
                yield (posixpath.normpath(meta["filename"]), ".".join(n for n, _ in parts)), block


def _is_open(block: Mapping[str, Any]) -> bool:
    """Whether it is not known how often a block is repeated."""
    return "count" in block and not isinstance(block["count"], int | float)
