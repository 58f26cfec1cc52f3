"""The files of folders, as what they declare (文件夹), with override files merged in (覆盖文件).

As Terraform merges them: arguments are replaced one by one, blocks in a block by all of their
type, and ``lifecycle`` argument by argument.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from pytest_icp.sources.terraform.language.blocks import Argument, Block, SyntaxFault
from pytest_icp.sources.terraform.language.bodies import value_of
from pytest_icp.sources.terraform.language.expressions import Literal
from pytest_icp.sources.terraform.language.json_syntax import parse_json
from pytest_icp.sources.terraform.language.modules import Declaration
from pytest_icp.sources.terraform.language.syntax import parse
from pytest_icp.sources.terraform.language.types import NOWHERE
from pytest_icp.sources.terraform.language.values import UNKNOWN, Value

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


SUFFIXES = (".tf", ".tf.json")


class FileFault(Exception):  # noqa: N818 - of the source
    """A file that is not written in the language, and why."""

    def __init__(self, file: str, fault: SyntaxFault) -> None:
        super().__init__(file)
        self.file = file
        self.fault = fault


class Files:
    """Files by their paths; what a folder declares is read when it is asked for."""

    def __init__(self, texts: Mapping[str, str], top: str) -> None:
        self._texts = texts
        self._top = top
        self._names: dict[str, list[str]] = {}
        for path in sorted(texts):
            if path.endswith(SUFFIXES):
                self._names.setdefault(posixpath.dirname(path) or ".", []).append(path)
        self._declared: dict[str, Declaration] = {}
        self.missing: dict[str, None] = {}

    def declared(self, folder: str) -> Declaration | None:
        """Return what a folder declares; None, and remember it, if there is no such folder."""
        if folder in self._names:
            return self.read(folder)
        self.missing[folder] = None
        return None

    def read(self, folder: str) -> Declaration:
        """Return what a folder that is there declares. Raises `FileFault`."""
        if folder not in self._declared:
            base: list[Block] = []
            overriding: list[Block] = []
            for path in self._names[folder]:
                name = posixpath.basename(path)
                (overriding if is_override(name) else base).extend(self._parsed(path)[1])
            self._declared[folder] = _declaration(overridden(base, overriding))
        return self._declared[folder]

    def variables(self, names: Iterable[str]) -> dict[str, Value]:
        """Return the values in files of variables; later ones win."""
        return {
            name: value_of(one.value, NOWHERE)
            for file in names
            for name, one in self._parsed(posixpath.normpath(posixpath.join(self._top, file)))[
                0
            ].items()
        }

    def _parsed(self, path: str) -> tuple[dict[str, Argument], list[Block]]:
        read = parse_json if path.endswith(".json") else parse
        try:
            found = read(self._texts[path], posixpath.relpath(path, self._top))
            _check_labels(found[1])
        except SyntaxFault as fault:
            raise FileFault(path, fault) from None
        return found


def _check_labels(blocks: Iterable[Block]) -> None:
    """Raise `SyntaxFault` for a block that lacks a name, or has one too many."""
    for block in blocks:
        if len(block.labels) != _LABELS.get(block.type, len(block.labels)):
            raise SyntaxFault("labels", block.type, block.line, 1)


_LABELS = {"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "provider": 1}


def _declaration(blocks: list[Block]) -> Declaration:
    def named(kind: str) -> dict[tuple[str, ...], Block]:
        found: dict[tuple[str, ...], Block] = {}
        for block in blocks:
            if block.type == kind:
                # Of two that have one name, nothing is known, not even how often it is there.
                open_ = {"count": Argument(Literal(UNKNOWN), block.line)}
                twice = block.labels in found
                found[block.labels] = block._replace(arguments=open_) if twice else block
        return found

    def labelled(kind: str) -> dict[str, Block]:
        return {".".join(labels): block for labels, block in named(kind).items()}

    return Declaration(
        variables=labelled("variable"),
        locals={
            name: one.value
            for block in blocks
            if block.type == "locals"
            for name, one in block.arguments.items()
        },
        outputs=labelled("output"),
        calls=named("module"),
        providers=tuple(block for block in blocks if block.type == "provider"),
        resources=named("resource"),
        data=named("data"),
    )
