"""Modules (模块): what the files of a folder declare, evaluated lazily."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from pytest_icp.sources.terraform.language.expressions import (
    Attribute,
    Expression,
    Index,
    Inner,
    Literal,
    Name,
    Object,
    Scope,
    Splat,
    Tuple,
)
from pytest_icp.sources.terraform.language.functions import NOWHERE, converted
from pytest_icp.sources.terraform.language.syntax import (
    Argument,
    Block,
    SyntaxFault,
    parse,
)
from pytest_icp.sources.terraform.language.values import (
    HIDDEN,
    NEVER_NULL,
    UNKNOWN,
    Fault,
    Instance,
    Set,
    Unknown,
    Value,
    as_number,
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
    names = frozenset(map(_first, written.elements if isinstance(written, Tuple) else [written]))
    # Anything else than a list is `all`, or is not understood.
    every = not isinstance(written, Tuple) or not names.isdisjoint({"*", ""})
    return Ignored(names, every, (inner.file, line))


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
    folders: Files
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
        self.folders: Files = above.folders
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


OPEN = "[?]"
"""Stands for the key of a provider that is not known."""


class Provider(NamedTuple):
    """A provider that is configured: its key, and its block with the value of its region."""

    key: str
    block: Block
    region: Value


def provider_of(resource: Node) -> str:
    """Return the key of the provider of a resource."""
    written = resource.block.arguments.get("provider")
    named = _written(written.value, resource.once.scope) if written else ""
    return _resolved(named or resource.block.labels[0].partition("_")[0], resource.module)


def _resolved(name: str, module: Module) -> str:
    """Return the key of what a provider is called in a module."""
    while isinstance(module.above, Call):
        call = module.above
        given = call.block.arguments.get("providers")
        passed = dict(_passed(given.value, call.once.scope)) if given else {}
        if name not in passed and name.partition("[")[0] in {
            *map(_name, module.declared.providers)
        }:
            return f"{module.address}:{name}"
        name, module = passed.get(name, name), call.module
    return name


def _passed(expression: Expression, scope: Scope) -> Iterator[tuple[str, str]]:
    for key, value in expression.members if isinstance(expression, Object) else ():
        yield _written(key, scope), _written(value, scope)


def _written(expression: Expression, scope: Scope) -> str:
    """Return the name of a provider as it is written, with its key."""
    if isinstance(expression, Index):
        key = value_of(expression.key, scope)
        known = isinstance(key, (int, str)) and not isinstance(key, bool)
        suffix = Once(key, scope).suffix if known else OPEN
        return f"{_written(expression.value, scope)}{suffix}"
    if isinstance(expression, Attribute):
        return f"{_written(expression.value, scope)}.{expression.name}"
    if isinstance(expression, Name):
        return expression.name
    return str(expression.value) if isinstance(expression, Literal) else ""


def _name(block: Block) -> str:
    alias = block.arguments.get("alias")
    named = alias.value.value if alias and isinstance(alias.value, Literal) else None
    return ".".join([*block.labels, *([named] if isinstance(named, str) else [])])


def providers_in(module: Module) -> Iterator[Provider]:
    """Yield the providers that a module configures."""
    for block in module.declared.providers:
        region = block.arguments.get("region")
        key = f"{module.address}:{_name(block)}" if module.address else _name(block)
        for once in repeated(block, module) or ():
            value = value_of(region.value, once.scope) if region else ""
            yield Provider(f"{key}{once.suffix}", block, value)


SUFFIX = ".tf"


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
            if path.endswith(SUFFIX):
                self._names.setdefault(posixpath.dirname(path) or ".", []).append(path)
        self._declared: dict[str, Declaration] = {}

    def declared(self, folder: str) -> Declaration | None:
        """Return what a folder declares; None if there is no such folder."""
        return self.read(folder) if folder in self._names else None

    def read(self, folder: str) -> Declaration:
        """Return what a folder that is there declares. Raises `FileFault`."""
        if folder not in self._declared:
            parsed = map(self._parsed, self._names[folder])
            self._declared[folder] = _declaration([block for _, some in parsed for block in some])
        return self._declared[folder]

    def variables(self, given: Iterable[str | Mapping[str, Value]]) -> dict[str, Value]:
        """Return the values in files of variables, or that are given; later ones win."""
        found: dict[str, Value] = {}
        for one in given:
            found |= self._values_in(one) if isinstance(one, str) else one
        return found

    def _values_in(self, file: str) -> dict[str, Value]:
        arguments, _ = self._parsed(posixpath.normpath(posixpath.join(self._top, file)))
        return {name: value_of(one.value, NOWHERE) for name, one in arguments.items()}

    def _parsed(self, path: str) -> tuple[dict[str, Argument], list[Block]]:
        try:
            found = parse(self._texts[path], posixpath.relpath(path, self._top))
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
