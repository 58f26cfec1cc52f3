"""Which provider a resource is made by (云厂商配置)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pytest_icp.sources.terraform.language.blocks import Block
from pytest_icp.sources.terraform.language.bodies import value_of
from pytest_icp.sources.terraform.language.expressions import (
    Attribute,
    Expression,
    Index,
    Literal,
    Name,
    Object,
    Scope,
)
from pytest_icp.sources.terraform.language.modules import Call, Module, Node
from pytest_icp.sources.terraform.language.repeating import Once, repeated
from pytest_icp.sources.terraform.language.values import Value

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
