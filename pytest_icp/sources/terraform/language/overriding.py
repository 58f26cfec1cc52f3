"""Override files: what they say instead of what other files say (覆盖文件).

As Terraform merges them: arguments are replaced one by one, blocks in a block by all of their
type, and ``lifecycle`` argument by argument.
"""

from __future__ import annotations

from collections.abc import Iterable

from pytest_icp.sources.terraform.language.blocks import Argument, Block

_MERGED = {"lifecycle"}


def is_override(name: str) -> bool:
    """Whether a file overrides others, by its name."""
    stem = name.removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def overridden(blocks: list[Block], overriding: Iterable[Block]) -> list[Block]:
    """Return blocks with what the blocks of override files say of them; others of those are new."""
    found = {_key(block): at for at, block in enumerate(blocks) if _key(block)}
    made = [*blocks]
    for block in overriding:
        at = found.get(_key(block)) if _key(block) else None
        if at is not None:
            made[at] = _merged(made[at], block)
        else:
            made.append(block)
    return made


def _key(block: Block) -> tuple[object, ...]:
    """Return by what a block is found; blocks of locals are found by what is in them."""
    if block.type in {"locals", "terraform"}:
        return ()
    alias = block.arguments.get("alias") if block.type == "provider" else None
    return (block.type, block.labels, alias and alias.value)


def _merged(block: Block, other: Block) -> Block:
    replaced = {name for inner in other.blocks for name in _names(inner)} - _MERGED
    replaced |= other.arguments.keys()
    kept = [inner for inner in block.blocks if replaced.isdisjoint(_names(inner))]
    merged = [inner for inner in other.blocks if inner.type in _MERGED]
    given = _of_all(merged)
    there = {name: (other.file, one.line) for name, one in given.items()}
    kept = [
        inner._replace(arguments=inner.arguments | given, replaced=inner.replaced | there)
        if inner.type in _MERGED
        else inner
        for inner in kept
    ]
    new = [
        inner
        for inner in other.blocks
        if inner.type not in _MERGED or not any(inner.type == one.type for one in kept)
    ]
    arguments = {name: one for name, one in block.arguments.items() if name not in replaced}
    return block._replace(
        arguments=arguments | other.arguments,
        blocks=kept + new,
        replaced=block.replaced | dict.fromkeys(replaced, (other.file, other.line)),
    )


def _of_all(blocks: Iterable[Block]) -> dict[str, Argument]:
    """Return the arguments of all blocks."""
    return {name: one for block in blocks for name, one in block.arguments.items()}


def _names(block: Block) -> list[str]:
    """Return the names that a block in a block goes by: a dynamic one by that which it makes."""
    return [*block.labels] if block.type == "dynamic" else [block.type]
