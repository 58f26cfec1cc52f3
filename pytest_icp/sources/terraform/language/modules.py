"""Modules (模块): what the files of a folder declare, evaluated lazily.

A child process evaluates them that sees nothing but a copy of the files. Its task: ``root``, the
copy; ``folder``, the one to evaluate, relative to it; ``variables``, the names of its files of
variables, or the values in one that is JSON.
"""

from __future__ import annotations

import json
import posixpath
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pytest_icp.sources.child import restrict
from pytest_icp.sources.terraform.language.expressions import (
    NOWHERE,
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
    converted,
    evaluate,
)
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
    not_known,
    plain,
)

_FRAMES = 20_000
"""How many functions may be in progress, ten for each value that another one is made of."""


def answer(task: Mapping[str, Any]) -> dict[str, Any]:
    """Return the resources, the calls of modules, providers and variables of a folder.

    Or ``fault``, what is wrong, of which ``word``, in which ``file``, ``line`` and ``column``; or
    a ``circle`` of folders that call each other.
    """
    root = Path(task["root"])
    texts = {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in root.rglob("*")
        if path.is_file()
    }
    restrict(task["root"])
    with _deep():
        try:
            return evaluated(texts, task["folder"], task["variables"])
        except FileFault as found:
            fault = found.fault
            where = {"file": found.file, "line": fault.line, "column": fault.column}
            return {"fault": str(fault), "word": fault.word, **where}
        except Circle as circle:
            return {"circle": circle.args[0]}


@contextmanager
def _deep() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _FRAMES))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def evaluated(
    texts: Mapping[str, str], folder: str, variables: Sequence[str | Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what is declared in a folder, evaluated. Raises `FileFault` and `Circle`."""
    modules = modules_of(texts, folder, variables)
    called = (module.caller for module in modules)
    names = modules[0].declared.variables
    return {
        "resources": [told for module in modules for told in _resources(module)],
        "calls": [told for module in modules for told in _lacking(module)],
        "providers": [told for module in modules for told in _providers(module)],
        "open": [told for module in modules for told in _open(module)],
        "left": [told for module in modules for told in _left(module)],
        "variables": {name: [block.file, block.line] for name, block in names.items()},
        "callers": {
            call.address: (call.block.file, call.block.line, call.module.address)
            for call in called
            if call
        },
        "hidden": [name for name, block in names.items() if is_hidden(block, NOWHERE)],
    }


def modules_of(
    texts: Mapping[str, str], folder: str, variables: Sequence[str | Mapping[str, Any]]
) -> list[Module]:
    """Return the module in a folder, and all that are called from there and are here."""
    files = Files(texts, folder)
    found = [Module(files, folder, given=files.variables(variables))]
    for module in found:
        found += [call.inner for call in module.calls() if call.inner]
    return found


def _where(block: Block) -> dict[str, Any]:
    return {"file": block.file, "line": block.line}


def _open(module: Module) -> Iterator[dict[str, Any]]:
    """Yield what may be there or not: resources and calls of modules."""
    for blocks in (module.declared.resources, module.declared.calls):
        for block in blocks.values():
            if module.of(block) is None:
                kind = block.type if block.type == "module" else block.labels[0]
                yield {"address": Node.named(module, block), "type": kind, **_where(block)}


def _left(module: Module) -> Iterator[dict[str, Any]]:
    """Yield what is not managed any more, and is not destroyed either (``removed``)."""
    for block in module.declared.removed:
        written, destroy = block.arguments.get("from"), lifecycle(block, "destroy")
        if written and destroy and value_of(destroy.value, module) is not True:
            address = _written(written.value, module)
            kind = address.split(".")[-2] if "." in address else ""
            yield {"address": address, "type": kind, **_where(block)}


def _lacking(module: Module) -> Iterator[dict[str, Any]]:
    """Yield the calls of modules that are not here."""
    for call in module.calls():
        if call.inner is None:
            told = {"address": call.address, "source": call.written, "called": call.folder}
            yield told | _where(call.block)


def _providers(module: Module) -> Iterator[dict[str, Any]]:
    """Yield the providers that a module configures: their keys and regions."""
    for block in module.declared.providers:
        key = f"{module.address}:{_name(block)}" if module.address else _name(block)
        for once in repeated(block, module) or ():
            region = plain(value_in(block, "region", once.scope, absent=""))
            told = region if isinstance(region, str) else None
            yield {"key": f"{key}{once.suffix}", "region": told, **_where(block)}


def _resources(module: Module) -> Iterator[dict[str, Any]]:
    """Yield the resources and data sources as they are there, with what is known of them."""
    for node in module.resources():
        block, values, ignored = node.block, node.values, node.ignored
        yield {
            "address": node.address,
            "base": node.base,
            "index": node.once.suffix,
            "module": module.address,
            "type": block.labels[0],
            "managed": block.type == "resource",
            "ignored": dict.fromkeys(filter(ignored.has, values), ignored.place),
            "provider": provider_of(node),
            "whole": not ignored.every,
            **_where(block),
            **Known(values).told(),
        }


class Known:
    """What is known of the attributes of a resource, and what is not.

    ``unknown`` mirrors the parts that are not known with True. ``references`` are the paths of such
    parts with the resources that they are made of, and ``open`` the paths of those that may be
    null. What is ``hidden`` is in none of them.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._references: list[tuple[list[str], str]] = []
        self._open: list[list[str]] = []
        not_here = {name: not_known([value]) for name, value in values.items()}
        self._hidden = [name for name, open_ in not_here.items() if open_ and open_.hidden]
        # What a source sets as `id` is not the id that the cloud gives.
        shown = {name: values[name] for name in values.keys() - self._hidden - {"id"}}
        self._values, self._unknown = self._split(shown, [])

    def told(self) -> dict[str, Any]:
        """Return all of it in the types of JSON."""
        return {
            "values": self._values or {},
            "unknown": self._unknown or {},
            "hidden": self._hidden,
            "references": self._references,
            "open": self._open,
        }

    def _split(self, value: Value, path: list[str]) -> tuple[Any, Any]:
        """Return the known parts of a value without what is null, and the mirror."""
        value = plain(value)
        if isinstance(value, Unknown) and isinstance(value.made, (list, dict)):
            value = value.made
        if isinstance(value, Unknown):
            self._references += [(path, target) for target in sorted(value.of)]
            self._open += [] if value.given else [path]
            return None, True
        if isinstance(value, list):
            parts = [self._split(part, path) for part in value if part is not None]
            known = [part for part, _ in parts if part is not None]
            mirror = [open_ for _, open_ in parts]
            return known or None, any(mirror) and mirror
        if not isinstance(value, dict):
            return value, False
        named = {
            name: self._split(part, [*path, name])
            for name, part in value.items()
            if part is not None
        }
        found = {name: part for name, (part, _) in named.items() if part is not None}
        unknown = {name: open_ for name, (_, open_) in named.items() if open_}
        return found or (None if unknown else {}), unknown or False


def value_of(expression: Expression, scope: Scope) -> Value:
    """Return the value of an expression; one that has none is not known."""
    try:
        return evaluate(expression, scope)
    except Fault:
        return UNKNOWN


def value_in(block: Block, name: str, scope: Scope, *, absent: Value = None) -> Value:
    """Return the value of an argument of a block; ``absent`` if it is not set."""
    written = block.arguments.get(name)
    return value_of(written.value, scope) if written else absent


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
    found = lifecycle(block, "ignore_changes")
    if found is None:
        return Ignored()
    written, line = found
    names = frozenset(map(_first, written.elements if isinstance(written, Tuple) else [written]))
    # Anything else than a list is `all`, or is not understood.
    every = not isinstance(written, Tuple) or not names.isdisjoint({"*", ""})
    return Ignored(names, every, (block.file, line))


def lifecycle(block: Block, name: str) -> Argument | None:
    """Return an argument of the block ``lifecycle`` in a block, if it is set there."""
    found = [inner.arguments.get(name) for inner in block.blocks if inner.type == "lifecycle"]
    return next(filter(None, reversed(found)), None)


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
    over = plain(value_in(block, "for_each", scope, absent=UNKNOWN))
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
    removed: tuple[Block, ...]
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


_NOT_HERE = ("terraform", "tofu", "each", "count", "self", "ephemeral")
"""Names that mean something elsewhere, or something that is not known before apply."""


class Module:
    """A module as it is called once: a scope, its variables, and the resources in it."""

    def __init__(
        self,
        files: Files,
        folder: str,
        caller: Call | None = None,
        given: Mapping[str, Value] = MappingProxyType({}),
    ) -> None:
        """Take the files of a folder, and what calls it or else the values that it is given."""
        self.declared = declared = files.read(folder)
        self.files = files
        self.folder = folder
        self.caller = caller
        self.address = caller.address if caller else ""
        self._given = given
        self._lazy = Lazy()
        self._roots: dict[str, Value] = {
            "var": _Names(self.variable),
            "local": _Names(self._local),
            "module": _Names(lambda name: self._named(declared.calls, name)),
            "data": _Names(
                lambda kind: _Names(lambda name: self._named(declared.data, kind, name))
            ),
            "path": {
                "module": posixpath.relpath(folder, files.top),
                "root": ".",
                "cwd": UNKNOWN,
            },
        } | dict.fromkeys(_NOT_HERE, UNKNOWN)

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
        kind = block.arguments.get("type")
        value = self.caller.argument(name) if self.caller else self._given.get(name, ...)
        refused = value_in(block, "nullable", NOWHERE) is False
        if value is ... or (value is None and refused):
            value = value_in(block, "default", NOWHERE, absent=UNKNOWN)
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
        return self._lazy.get(("output", name), lambda: value_in(block, "value", self))

    # --- resources and calls of modules ---------------------------------------------------------

    def calls(self) -> Iterator[Call]:
        """Yield the modules that are called."""
        for block in self.declared.calls.values():
            yield from (node for node in self.of(block) or () if isinstance(node, Call))

    def resources(self) -> Iterator[Resource]:
        """Yield the resources and data sources."""
        for blocks in (self.declared.resources, self.declared.data):
            for block in blocks.values():
                yield from (node for node in self.of(block) or () if isinstance(node, Resource))

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
        if "count" in block.arguments:
            return nodes
        if "for_each" in block.arguments:
            return {str(node.once.key): node for node in nodes}
        return nodes[0] if nodes else None


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
        value = None if self.ignored.has(name) else value_in(self.block, name, self.once.scope)
        if value is not None:
            return value
        return Unknown(frozenset({self.address}), given=name in NEVER_NULL)


class Call(Node):
    """A module that is called; one that is not here has outputs that are not known."""

    def __init__(self, module: Module, block: Block, once: Once) -> None:
        super().__init__(module, block, once)
        source = value_in(block, "source", once.scope)
        self.written = source if isinstance(source, str) else ""
        self.folder = ""
        self.inner: Module | None = None
        if self.written.startswith(LOCAL):
            self.folder = posixpath.normpath(posixpath.join(module.folder, self.written))
            self._refuse_circle(module)
            if module.files.has(self.folder):
                self.inner = Module(module.files, self.folder, self)

    def _refuse_circle(self, module: Module) -> None:
        above = [module.folder]
        while module.caller:
            module = module.caller.module
            above.append(module.folder)
        if self.folder in above:
            raise Circle([*above[above.index(self.folder) :: -1], self.folder])

    def argument(self, name: str) -> Value:
        """Return the value that the module is given for a variable; ``...`` for none."""
        return value_in(self.block, name, self.once.scope, absent=...)

    def attribute(self, name: str) -> Value:
        """Return the value of an output."""
        return self.inner.output(name) if self.inner else UNKNOWN


def is_hidden(block: Block, scope: Scope) -> bool:
    """Whether a variable or an output is marked as sensitive, or may be."""
    marks = [value_in(block, mark, scope, absent=False) for mark in ("sensitive", "ephemeral")]
    return any(mark not in (False, "false") for mark in marks)


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
    written = lifecycle(block, "enabled")  # of OpenTofu
    enabled = plain(value_of(written.value, scope)) if written else True
    if enabled is not True:
        return [] if enabled is False else None
    if "count" in block.arguments:
        return _counted(plain(value_in(block, "count", scope)), scope)
    if "for_each" in block.arguments:
        return _for_each(plain(value_in(block, "for_each", scope)), scope)
    return [Once(None, scope)]


def _counted(count: Value, scope: Scope) -> list[Once] | None:
    try:
        number = as_number(count)
    except Fault:
        return None
    if number != int(number) or number < 0:
        return None
    return [Once(at, Inner(scope, {"count": {"index": at}})) for at in range(int(number))]


def _for_each(each: Value, scope: Scope) -> list[Once] | None:
    pairs = items_of(each) if isinstance(each, (Set, dict)) else [(None, None)]
    if not all(isinstance(key, str) for key, _ in pairs):
        return None
    return [Once(key, Inner(scope, {"each": {"key": key, "value": value}})) for key, value in pairs]


OPEN = "[?]"
"""Stands for the key of a provider that is not known."""


def provider_of(resource: Node) -> str:
    """Return the key of the provider of a resource."""
    written = resource.block.arguments.get("provider")
    named = _written(written.value, resource.once.scope) if written else ""
    return _resolved(named or resource.block.labels[0].partition("_")[0], resource.module)


def _resolved(name: str, module: Module) -> str:
    """Return the key of what a provider is called in a module."""
    while call := module.caller:
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
        self.top = top
        self._names: dict[str, list[str]] = {}
        for path in sorted(texts):
            if path.endswith(SUFFIX):
                self._names.setdefault(posixpath.dirname(path) or ".", []).append(path)
        self._declared: dict[str, Declaration] = {}

    def has(self, folder: str) -> bool:
        """Whether there is such a folder."""
        return folder in self._names

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
        arguments, _ = self._parsed(posixpath.normpath(posixpath.join(self.top, file)))
        return {name: value_of(one.value, NOWHERE) for name, one in arguments.items()}

    def _parsed(self, path: str) -> tuple[dict[str, Argument], list[Block]]:
        try:
            found = parse(self._texts[path], posixpath.relpath(path, self.top))
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
        removed=tuple(block for block in blocks if block.type == "removed"),
        resources=named("resource"),
        data=named("data"),
    )
