"""Evaluate ``.tf`` files, in a child process that sees nothing but a copy of them.

The task: ``root``, the copy; ``folder``, the one to evaluate, relative to it; ``variables``, the
names of its files of variables, or the values in one that is JSON.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytest_icp.sources.child.entry import restrict
from pytest_icp.sources.terraform.language.functions import NOWHERE
from pytest_icp.sources.terraform.language.modules import (
    Call,
    Circle,
    FileFault,
    Files,
    Module,
    Node,
    Resource,
    Root,
    is_hidden,
    provider_of,
    providers_in,
)
from pytest_icp.sources.terraform.language.values import Unknown, Value, plain

UNKNOWN = "icp-unknown"
"""The member of an object that stands for a value that is not known, and tells more of it."""
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
    files = Files(texts, folder)
    declared = files.read(folder)
    found: dict[str, list[Any]] = {"resources": [], "calls": [], "providers": [], "open": []}
    callers: dict[str, tuple[str, int, str]] = {}
    waiting = [Module(declared, Root(folder, files, files.variables(variables)))]
    for module in waiting:
        waiting += _told(module, found)
        if isinstance(module.above, Call):
            block, outer = module.above.block, module.above.module
            callers[module.address] = (block.file, block.line, outer.address)
    names = declared.variables
    return {
        **found,
        "variables": {name: [block.file, block.line] for name, block in names.items()},
        "callers": callers,
        "hidden": [name for name, block in names.items() if is_hidden(block, NOWHERE)],
    }


def _told(module: Module, found: dict[str, list[Any]]) -> Iterator[Module]:
    """Add what a module has to what was found; yield the modules that it calls."""
    declared = module.declared
    for blocks in (declared.resources, declared.data, declared.calls):
        for block in blocks.values():
            nodes = module.of(block)
            if nodes is None and block.type != "data":
                address = Node.named(module, block)
                where = {"file": block.file, "line": block.line}
                found["open"].append(
                    {
                        "address": address,
                        "type": block.type if block.type == "module" else block.labels[0],
                        **where,
                    }
                )
            for node in nodes or ():
                if isinstance(node, Call):
                    if node.inner:
                        yield node.inner
                    else:
                        found["calls"].append(_not_here(node))
                else:
                    found["resources"].append(_resource(node))
    for provider in providers_in(module):
        block = provider.block
        region = written(provider.region)
        where = {"file": block.file, "line": block.line}
        found["providers"].append({"key": provider.key, "region": region, **where})


def _resource(node: Resource) -> dict[str, Any]:
    block, values, ignored = node.block, node.values, node.ignored
    return {
        "address": node.address,
        "base": node.base,
        "key": node.once.suffix,
        "module": node.module.address,
        "type": block.labels[0],
        "managed": block.type == "resource",
        "file": block.file,
        "line": block.line,
        "ignored": dict.fromkeys(filter(ignored.has, values), ignored.place),
        "provider": provider_of(node),
        "values": written(values),
        "whole": not ignored.every,
    }


def _not_here(node: Call) -> dict[str, Any]:
    where = {"file": node.block.file, "line": node.block.line}
    return {"address": node.address, "source": node.written, "called": node.folder, **where}


def written(value: Value) -> Any:
    """Return a value in the types of JSON, without what is null in it."""
    value = plain(value)
    if isinstance(value, Unknown):
        return {UNKNOWN: {"of": sorted(value.of), "hidden": value.hidden, "given": value.given}}
    if isinstance(value, dict):
        return {name: written(part) for name, part in value.items() if part is not None}
    if isinstance(value, list):
        return [written(part) for part in value if part is not None]
    return value
