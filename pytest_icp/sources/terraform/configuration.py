"""The configuration in a plan: the expressions of attributes and what they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct, field

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.sources.terraform.resource import tokens_of
from pytest_icp.sources.terraform.tables import row_of

Path = tuple[str, ...]
"""A module by the names of its calls, without the keys of instances."""


class Declaration(Confidential, Struct, frozen=True, gc=False):
    """The declaration of a resource: its expressions, provider and ``for_each``.

    It may be there any number of times if it is ``repeated``.
    """

    _shown = ()

    expressions: Mapping[str, Any]
    provider_key: str
    for_each: Any
    repeated: bool


class Module(Confidential, Struct):
    """One module: its resources, outputs, variables and calls."""

    _shown = ()

    resources: dict[str, Declaration] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)


class Configuration(Confidential, Struct):
    """All modules by path, and the ``region`` of each provider with its module."""

    _shown = ()

    modules: dict[Path, Module] = field(default_factory=dict)
    regions: dict[str, tuple[Any, Path]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """The name of the provider for each key."""

    def once(self) -> Iterator[str]:
        """Yield the addresses of the resources that are certainly there, once."""
        for path, module in self.modules.items():
            calls = (self.modules[path[:n]].calls[name] for n, name in enumerate(path))
            if any(call["repeated"] for call in calls):
                continue
            above = "".join(f"module.{name}." for name in path)
            for name, one in module.resources.items():
                if not one.repeated and not name.startswith("data."):
                    yield f"{above}{name}"


_CONSTANT: Mapping[str, Any] = {}
"""An expression without references, which stands for any constant."""


def read_configuration(value: Mapping[str, Any], kept: Callable[[Any], Any]) -> Configuration:
    """Read the configuration of a plan; ``kept`` checks what is kept of it."""
    found = Configuration()
    for key, provider in _members(value.get("provider_config")):
        module = str(provider.get("module_address") or "")
        region = kept(_object(provider.get("expressions")).get("region"))
        found.regions[key] = (region, module_path(module))
        found.names[key] = str(provider.get("name") or key)
    _module(found, (), _object(value.get("root_module")), kept)
    return found


def _module(
    found: Configuration, path: Path, written: Mapping[str, Any], kept: Callable[[Any], Any]
) -> None:
    module = found.modules[path] = Module()
    for resource in objects_in(written.get("resources")):
        row = row_of(str(resource.get("type")))
        if row is None:
            continue
        expressions = {
            name: _reduced(kept(expression))
            for name, expression in _object(resource.get("expressions")).items()
            if name in row.attributes
        }
        module.resources[_declaration_name(resource)] = Declaration(
            expressions,
            str(resource.get("provider_config_key") or ""),
            resource.get("for_each_expression"),
            _is_repeated(resource),
        )
    for name, output in _members(written.get("outputs")):
        module.outputs[name] = output.get("expression")
    for name, variable in _members(written.get("variables")):
        module.variables[name] = variable
    for name, call in _members(written.get("module_calls")):
        module.calls[name] = {
            "expressions": _object(call.get("expressions")),
            "for_each": call.get("for_each_expression"),
            "repeated": _is_repeated(call),
        }
        _module(found, (*path, name), _object(call.get("module")), kept)


def _reduced(expression: Any) -> Any:
    constant = isinstance(expression, dict) and "constant_value" in expression
    return _CONSTANT if constant else expression


def _is_repeated(written: Mapping[str, Any]) -> bool:
    return "count_expression" in written or "for_each_expression" in written


def _declaration_name(resource: Mapping[str, Any]) -> str:
    prefix = "data." if resource.get("mode") == "data" else ""
    return f"{prefix}{resource.get('type')}.{resource.get('name')}"


@lru_cache(maxsize=4096)
def module_path(address: str) -> Path:
    """Return the path of a module instance: its address without the keys."""
    return tuple(name for name, _ in tokens_of(address))[1::2]


def expressions_at(expression: Any, parts: Path) -> Iterator[Mapping[str, Any]]:
    """Yield the expressions at a path, through lists of blocks."""
    if isinstance(expression, list):
        for element in expression:
            yield from expressions_at(element, parts)
    elif isinstance(expression, dict):
        if not parts or _is_expression(expression):
            yield expression
        elif parts[0] in expression:
            yield from expressions_at(expression[parts[0]], parts[1:])


def _is_expression(value: Mapping[str, Any]) -> bool:
    return not value or "references" in value or "constant_value" in value


def references_in(expression: Any) -> list[str]:
    """Return the references of an expression, without prefixes of other references."""
    found: list[str] = []
    references = _object(expression).get("references")
    for reference in references if isinstance(references, list) else ():
        if isinstance(reference, str) and not any(_begins(longer, reference) for longer in found):
            found.append(reference)
    return found


def _begins(longer: str, reference: str) -> bool:
    return longer.startswith(reference) and longer[len(reference) :][:1] in {"", ".", "["}


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def objects_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a list; of anything else, and any other value in it, none."""
    for element in value if isinstance(value, list) else ():
        if isinstance(element, dict):
            yield element


def _members(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, member in _object(value).items():
        if isinstance(member, dict):
            yield name, member
