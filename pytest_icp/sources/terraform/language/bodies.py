"""What is in a block: its arguments and the blocks in it, by name (块内容)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pytest_icp.sources.terraform.language.blocks import Block
from pytest_icp.sources.terraform.language.expressions import (
    Attribute,
    Expression,
    Index,
    Inner,
    Literal,
    Name,
    Scope,
    Splat,
    Tuple,
)
from pytest_icp.sources.terraform.language.values import (
    UNKNOWN,
    Fault,
    Value,
    items_of,
    plain,
)


def value_of(expression: Expression, scope: Scope) -> Value:
    """Return the value of an expression; one that has none is not known."""
    try:
        return expression.evaluate(scope)
    except Fault:
        return UNKNOWN


def body_of(block: Block, scope: Scope) -> dict[str, Value]:
    """Return what is set in a block; an argument that is null is not.

    Blocks of one type are a list, unless there is only one.
    """
    values = {name: value_of(one.value, scope) for name, one in block.arguments.items()}
    found = {name: value for name, value in values.items() if value is not None}
    made: dict[str, list[Value]] = {}
    for inner in block.blocks:
        if inner.type == "dynamic" and inner.labels:
            made.setdefault(inner.labels[0], []).extend(_dynamic(inner, scope))
        else:
            made.setdefault(inner.type, []).append(body_of(inner, scope))
    return found | {name: one[0] if len(one) == 1 else one for name, one in made.items() if one}


class Ignored(NamedTuple):
    """What Terraform leaves as others have set it (``ignore_changes``): names, or ``every`` one."""

    names: frozenset[str] = frozenset()
    every: bool = False
    place: tuple[str, int] = ("", 0)

    def has(self, name: str) -> bool:
        """Whether an argument or a block of that name is left as it is."""
        return self.every or name in self.names


def ignored_in(block: Block) -> Ignored:
    """Return what ``lifecycle`` says that changes of are ignored."""
    found = [
        (inner, inner.arguments["ignore_changes"])
        for inner in block.blocks
        if inner.type == "lifecycle" and "ignore_changes" in inner.arguments
    ]
    if not found:
        return Ignored()
    inner, (written, line) = found[-1]
    place = inner.replaced.get("ignore_changes", (inner.file, line))
    names = frozenset(map(_first, written.elements if isinstance(written, Tuple) else [written]))
    # Anything else than a list is `all`, or is not understood.
    every = not isinstance(written, Tuple) or not names.isdisjoint({"*", ""})
    return Ignored(names, every, place)


def _first(reference: Expression) -> str:
    """Return the name that a reference begins with; once it was a text."""
    while isinstance(reference, (Attribute, Index, Splat)):
        reference = reference.value
    if isinstance(reference, Name):
        return reference.name
    text = reference.value if isinstance(reference, Literal) else ""
    return re.split(r"[.\[]", text)[0] if isinstance(text, str) else ""


def _dynamic(block: Block, scope: Scope) -> Iterator[Value]:
    """Yield the block that a dynamic block makes of each element; none is known if they are not."""
    each = block.arguments.get("for_each")
    over = plain(value_of(each.value, scope)) if each else UNKNOWN
    if not isinstance(over, (list, dict)):
        yield UNKNOWN
        return
    named = block.arguments.get("iterator")
    name = named.value.name if named and isinstance(named.value, Name) else block.labels[0]
    for key, value in items_of(over):
        inner = Inner(scope, {name: {"key": key, "value": value}})
        for content in block.blocks:
            yield body_of(content, inner)
