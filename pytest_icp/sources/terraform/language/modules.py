"""Modules: what their blocks declare, evaluated lazily (模块)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple, Protocol

from pytest_icp.sources.terraform.language.blocks import Block
from pytest_icp.sources.terraform.language.bodies import Ignored, body_of, ignored_in, value_of
from pytest_icp.sources.terraform.language.expressions import Expression, Scope
from pytest_icp.sources.terraform.language.repeating import Once, gathered, repeated
from pytest_icp.sources.terraform.language.types import NOWHERE, converted
from pytest_icp.sources.terraform.language.values import (
    HIDDEN,
    NEVER_NULL,
    UNKNOWN,
    Fault,
    Instance,
    Unknown,
    Value,
)

LOCAL = ("./", "../")


class Circle(Exception):  # noqa: N818 - of the source
    """Modules call each other: their folders, the first again as the last."""


class Declaration(NamedTuple):
    """What the files of a folder declare, by kind and name."""

    variables: Mapping[str, Block]
    locals: Mapping[str, Expression]
    outputs: Mapping[str, Block]
    calls: Mapping[tuple[str, ...], Block]
    providers: tuple[Block, ...]
    resources: Mapping[tuple[str, ...], Block]
    data: Mapping[tuple[str, ...], Block]


class Folders(Protocol):
    """The folders that may be called as modules."""

    def declared(self, folder: str) -> Declaration | None:
        """Return what a folder declares; None if there is no such folder."""
        ...


class _Names(Instance):
    """Names of one kind, such as ``var``, each of which is looked up when it is asked for."""

    def __init__(self, find: Callable[[str], Value]) -> None:
        self._find = find

    def attribute(self, name: str) -> Value:
        """Return what a name means."""
        return self._find(name)


class Lazy:
    """Values that are made once; one that depends on itself is not known."""

    def __init__(self) -> None:
        self._made: dict[object, Value] = {}

    def get(self, key: object, make: Callable[[], Value]) -> Value:
        """Return the value of a key."""
        if key not in self._made:
            self._made[key] = UNKNOWN
            self._made[key] = make()
        return self._made[key]


class Root(NamedTuple):
    """What the root module is called with: its folder, and the values in files of variables."""

    folder: str
    folders: Folders
    values: Mapping[str, Value]
    address: str = ""

    @property
    def top(self) -> str:
        """Its folder."""
        return self.folder

    def argument(self, name: str) -> Value:
        """Return the value that is given for a variable; ``...`` for none."""
        return self.values.get(name, ...)


_NOT_HERE = ("terraform", "tofu", "each", "count", "self", "ephemeral")
"""Names that mean something elsewhere, or something that is not known before apply."""


class Module:
    """A module as it is called once: a scope, its variables, and the resources in it."""

    def __init__(self, declared: Declaration, above: Root | Call) -> None:
        self.declared = declared
        self.above = above
        self.folder = above.folder
        self.folders: Folders = above.folders
        self.address = above.address
        self._lazy = Lazy()
        self._roots: dict[str, Value] = {
            "var": _Names(self.variable),
            "local": _Names(self._local),
            "module": _Names(lambda name: self._named(declared.calls, name)),
            "data": _Names(
                lambda kind: _Names(lambda name: self._named(declared.data, kind, name))
            ),
            "path": {"module": self.path, "root": ".", "cwd": UNKNOWN},
        } | dict.fromkeys(_NOT_HERE, UNKNOWN)

    @property
    def path(self) -> str:
        """The folder, relative to that of the root module."""
        return posixpath.relpath(self.folder, self.above.top)

    def root(self, name: str) -> Value:
        """Return what the first name of a reference means in this module."""
        if name not in self._roots:
            resources = self.declared.resources
            self._roots[name] = _Names(lambda label: self._named(resources, name, label))
        return self._roots[name]

    # --- variables, locals and outputs ----------------------------------------------------------

    def variable(self, name: str) -> Value:
        """Return the value of a variable; what is sensitive has none."""
        return self._lazy.get(("var", name), lambda: self._variable(name))

    def _variable(self, name: str) -> Value:
        block = self.declared.variables.get(name)
        if block is None:
            return UNKNOWN
        if is_hidden(block, NOWHERE):
            return HIDDEN
        default, kind = block.arguments.get("default"), block.arguments.get("type")
        nullable = block.arguments.get("nullable")
        value = self.above.argument(name)
        refused = nullable is not None and value_of(nullable.value, NOWHERE) is False
        if value is ... or (value is None and refused):
            value = value_of(default.value, NOWHERE) if default else UNKNOWN
        try:
            return converted(value, kind.value) if kind else value
        except Fault:
            return UNKNOWN

    def _local(self, name: str) -> Value:
        found = self.declared.locals.get(name)
        if found is None:
            return UNKNOWN
        return self._lazy.get(("local", name), lambda: value_of(found, self))

    def output(self, name: str) -> Value:
        """Return the value of an output; what is sensitive has none."""
        block = self.declared.outputs.get(name)
        if block is None or "value" not in block.arguments:
            return UNKNOWN
        if is_hidden(block, self):
            return HIDDEN
        value = block.arguments["value"].value
        return self._lazy.get(("output", name), lambda: value_of(value, self))

    # --- resources and calls of modules ---------------------------------------------------------

    def of(self, block: Block) -> list[Call | Resource] | None:
        """Return the instances of a resource, or of the call of a module; None if not known."""
        found = self._lazy.get((block.type, block.labels), lambda: self._of(block))
        return found if isinstance(found, list) else None

    def _of(self, block: Block) -> list[Call | Resource] | None:
        kind = Call if block.type == "module" else Resource
        there = repeated(block, self)
        return None if there is None else [kind(self, block, once) for once in there]

    def _named(self, blocks: Mapping[tuple[str, ...], Block], *labels: str) -> Value:
        """Return what a reference to a block means."""
        block = blocks.get(labels)
        nodes = self.of(block) if block else None
        if block is None or nodes is None:
            return UNKNOWN
        return gathered(block, [(node.once, node) for node in nodes])


class Node(Instance):
    """A block of a module as it is there once."""

    def __init__(self, module: Module, block: Block, once: Once) -> None:
        self.module = module
        self.block = block
        self.once = once
        self.base = self.named(module, block)
        self.address = f"{self.base}{once.suffix}"
        self._lazy = Lazy()

    @staticmethod
    def named(module: Module, block: Block) -> str:
        """Return the address of a block in a module."""
        kind = () if block.type == "resource" else (block.type,)
        return ".".join([*filter(None, [module.address]), *kind, *block.labels])


class Resource(Node):
    """A resource, or a data source."""

    @cached_property
    def ignored(self) -> Ignored:
        """What is left as others have set it, whatever its source says."""
        return ignored_in(self.block)

    @property
    def values(self) -> dict[str, Value]:
        """What is set in it."""
        values = body_of(self.block, self.once.scope)
        names = values.keys() | self.ignored.names if self.ignored.every else self.ignored.names
        return values | dict.fromkeys(names, UNKNOWN)

    def attribute(self, name: str) -> Value:
        """Return the value of an attribute; what is not set is known only after apply."""
        return self._lazy.get(name, lambda: self._attribute(name))

    def _attribute(self, name: str) -> Value:
        written = None if self.ignored.has(name) else self.block.arguments.get(name)
        value = value_of(written.value, self.once.scope) if written else None
        if value is not None:
            return value
        return Unknown(frozenset({self.address}), given=name in NEVER_NULL)


class Call(Node):
    """A module that is called; one that is not here has outputs that are not known."""

    def __init__(self, module: Module, block: Block, once: Once) -> None:
        super().__init__(module, block, once)
        self.source = block.arguments["source"].value if "source" in block.arguments else None
        source = value_of(self.source, once.scope) if self.source else None
        self.written = source if isinstance(source, str) else ""
        self.folder = ""
        self.folders = module.folders
        self.top: str = module.above.top
        self.inner: Module | None = None
        if self.written.startswith(LOCAL):
            self.folder = posixpath.normpath(posixpath.join(module.folder, self.written))
            self._refuse_circle(module)
            declared = module.folders.declared(self.folder)
            self.inner = declared and Module(declared, self)

    def _refuse_circle(self, module: Module) -> None:
        above = [module.folder]
        while isinstance(module.above, Call):
            module = module.above.module
            above.append(module.folder)
        if self.folder in above:
            raise Circle([*above[above.index(self.folder) :: -1], self.folder])

    def argument(self, name: str) -> Value:
        """Return the value that the module is given for a variable; ``...`` for none."""
        written = self.block.arguments.get(name)
        return value_of(written.value, self.once.scope) if written else ...

    def attribute(self, name: str) -> Value:
        """Return the value of an output."""
        return self.inner.output(name) if self.inner else UNKNOWN


def is_hidden(block: Block, scope: Scope) -> bool:
    """Whether a variable or an output is marked as sensitive, or may be."""
    marks = [
        block.arguments[mark] for mark in ("sensitive", "ephemeral") if mark in block.arguments
    ]
    return any(value_of(mark.value, scope) not in {False, "false"} for mark in marks)
