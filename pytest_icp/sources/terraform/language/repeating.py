"""How often a block is there: ``count``, ``for_each``, ``enabled`` (重复)."""

from __future__ import annotations

import json
from typing import NamedTuple

from pytest_icp.sources.terraform.language.blocks import Block
from pytest_icp.sources.terraform.language.bodies import value_of
from pytest_icp.sources.terraform.language.expressions import Expression, Inner, Scope
from pytest_icp.sources.terraform.language.values import (
    Fault,
    Set,
    Value,
    as_number,
    plain,
)


class Once(NamedTuple):
    """A block that is there: the key of it, if it is repeated, and the scope of what is in it."""

    key: int | str | None
    scope: Scope

    @property
    def suffix(self) -> str:
        """The key in brackets, as it stands in an address."""
        if self.key is None:
            return ""
        return f"[{json.dumps(self.key, ensure_ascii=False)}]"


def repeated(block: Block, scope: Scope) -> list[Once] | None:
    """Return how often a block is there; None if that is not known."""
    enabled = _enabled(block, scope)
    if enabled is not True:
        return [] if enabled is False else None
    if "count" in block.arguments:
        return _counted(plain(value_of(block.arguments["count"].value, scope)), scope)
    if "for_each" in block.arguments:
        return _for_each(plain(value_of(block.arguments["for_each"].value, scope)), scope)
    return [Once(None, scope)]


def _enabled(block: Block, scope: Scope) -> Value:
    """Return what OpenTofu reads in ``lifecycle``: whether there is one at all."""
    written: list[Expression] = [
        inner.arguments["enabled"].value
        for inner in block.blocks
        if inner.type == "lifecycle" and "enabled" in inner.arguments
    ]
    if not written:
        return True
    return plain(value_of(written[-1], scope))


def _counted(count: Value, scope: Scope) -> list[Once] | None:
    try:
        number = as_number(count)
    except Fault:
        return None
    if number != int(number) or number < 0:
        return None
    return [Once(at, Inner(scope, {"count": {"index": at}})) for at in range(int(number))]


def _for_each(each: Value, scope: Scope) -> list[Once] | None:
    if isinstance(each, Set):
        pairs = [(element, element) for element in each]
    elif isinstance(each, dict):
        pairs = sorted(each.items())
    else:
        return None
    if not all(isinstance(key, str) for key, _ in pairs):
        return None
    return [Once(key, Inner(scope, {"each": {"key": key, "value": value}})) for key, value in pairs]


def gathered(block: Block, one_by_one: list[tuple[Once, Value]]) -> Value:
    """Return what a reference to a block means: one value, a list, or an object of them."""
    if "count" in block.arguments:
        return [value for _, value in one_by_one]
    if "for_each" in block.arguments:
        return {str(once.key): value for once, value in one_by_one}
    return one_by_one[0][1] if one_by_one else None
