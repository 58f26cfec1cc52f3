"""The configuration in a plan: its expressions, and what they refer to through modules (引用)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from msgspec import Struct, field

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.jsontypes import texts_of
from pytest_icp.law.location import Place
from pytest_icp.sources.terraform.language.values import NEVER_NULL
from pytest_icp.sources.terraform.resource import Origin, Resource, address_in, tokens_of
from pytest_icp.sources.terraform.tables import lists_of, row_of

Path = tuple[str, ...]
"""A module by the names of its calls, without the keys of instances."""


class Declaration(Confidential, Struct, frozen=True, gc=False):
    """A resource or the call of a module as it is declared: its expressions and ``for_each``.

    It may be there any number of times if it is ``repeated``.
    """

    expressions: Mapping[str, Any]
    for_each: Any
    repeated: bool
    provider_key: str = ""


class Module(Confidential, Struct):
    """One module: its resources, outputs, variables and calls."""

    resources: dict[str, Declaration] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    variables: dict[str, Any] = field(default_factory=dict)
    calls: dict[str, Declaration] = field(default_factory=dict)


class Configuration(Confidential, Struct):
    """All modules by path, and the ``region`` of each provider with its module.

    A state has none, and neither has a plan that was made without: there are no modules then.
    """

    modules: dict[Path, Module] = field(default_factory=dict)
    regions: dict[str, tuple[Any, Path]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    """The name of the provider for each key."""
    commands: list[str] = field(default_factory=list)
    """What Terraform runs, as far as that is written out."""

    def once(self) -> Iterator[str]:
        """Yield the addresses of the resources that are certainly there, once."""
        for path, module in self.modules.items():
            calls = (self.modules[path[:n]].calls[name] for n, name in enumerate(path))
            if any(call.repeated for call in calls):
                continue
            above = "".join(f"module.{name}." for name in path)
            for name, one in module.resources.items():
                if not one.repeated and not name.startswith("data."):
                    yield f"{above}{name}"

    def output(self, path: Path, name: str) -> Any:
        """Return the expression of an output of a module; None if there is none."""
        module = self.modules.get(path)
        return module.outputs.get(name) if module else None

    def argument(self, path: Path, name: str) -> Any:
        """Return what the call of a module sets a variable to; None if it does not."""
        calling = self.modules.get(path[:-1])
        call = calling.calls.get(path[-1]) if calling else None
        return call.expressions.get(name) if call else None


_CONSTANT: Mapping[str, Any] = {}
"""An expression without references, which stands for any constant."""


def read_configuration(value: Any) -> Configuration:
    """Read the configuration of a plan."""
    found = Configuration()
    if isinstance(value, dict):
        for key, provider in _members(value.get("provider_config")):
            module = module_path(str(provider.get("module_address") or ""))
            found.regions[key] = (_object(provider.get("expressions")).get("region"), module)
            found.names[key] = str(provider.get("name") or key)
        _module(found, (), _object(value.get("root_module")))
    return found


def _module(found: Configuration, path: Path, written: Mapping[str, Any]) -> None:
    module = found.modules[path] = Module()
    for resource in objects_in(written.get("resources")):
        kind = str(resource.get("type"))
        for one in objects_in(resource.get("provisioners")):
            for value in map(_object, _object(one.get("expressions")).values()):
                constant = value.get("constant_value")
                found.commands += texts_of(constant if isinstance(constant, list) else [constant])
        row = row_of(kind)
        if row or lists_of(kind):
            name = f"{kind}.{resource.get('name')}"
            name = f"data.{name}" if resource.get("mode") == "data" else name
            attributes = row.attributes if row else frozenset[str]()
            module.resources[name] = _declaration(resource, attributes)
    for name, output in _members(written.get("outputs")):
        module.outputs[name] = output.get("expression")
    module.variables.update(_members(written.get("variables")))
    for name, call in _members(written.get("module_calls")):
        module.calls[name] = _declaration(call)
        _module(found, (*path, name), _object(call.get("module")))


def _declaration(
    written: Mapping[str, Any], attributes: frozenset[str] | None = None
) -> Declaration:
    """Return a declaration; of a resource only the attributes that are read, and no constants."""
    expressions = _object(written.get("expressions"))
    if attributes is not None:
        read = expressions.keys() & attributes
        expressions = {name: _reduced(expressions[name]) for name in read}
    return Declaration(
        expressions,
        written.get("for_each_expression"),
        "count_expression" in written or "for_each_expression" in written,
        str(written.get("provider_config_key") or ""),
    )


def _reduced(expression: Any) -> Any:
    constant = isinstance(expression, dict) and "constant_value" in expression
    return _CONSTANT if constant else expression


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


_DEPTH = 32
_ITERATORS = frozenset({"each", "count"})
_NOT_RESOURCES = frozenset({"local", "path", "terraform", "self", *_ITERATORS})
_MAYBE_NULL = frozenset({"data", "each", "local", "self"})


class PlanLinks:
    """Follows references (引用) from expressions to instances of resources."""

    def __init__(
        self,
        resources: list[Resource],
        configuration: Configuration,
        variables: Mapping[str, Any],
        place: Callable[[Origin], Place],
    ) -> None:
        self._configuration = configuration
        self._variables = variables
        self._by_base: dict[str, list[Resource]] = defaultdict(list)
        self._instances: dict[str, dict[str, None]] = defaultdict(dict)
        self.follow = cache(self._follow)
        for resource in resources:
            self._by_base[resource.base].append(resource)
            self._note_modules(resource.module)
        self.place = place
        for resource in resources:
            if declared := self._declared(resource):
                resource.provider_key = declared.provider_key

    def _note_modules(self, module: str) -> None:
        above = ""
        for name, key in tokens_of(module)[1::2]:
            base = address_in(above, f"module.{name}")
            above = base + key
            self._instances[base][above] = None

    def _declared(self, resource: Resource) -> Declaration | None:
        module = self._configuration.modules.get(module_path(resource.module))
        above = f"{resource.module}." if resource.module else ""
        return module.resources.get(resource.base.removeprefix(above)) if module else None

    def is_set(self, resource: Resource, attribute: str) -> bool | None:
        """Whether an attribute is set; None if there is no configuration, or it may be null."""
        declared = self._declared(resource)
        if declared is None:
            return None
        first, *rest = attribute.split(".")
        path = module_path(resource.module)
        # A variable whose value is null sets nothing.
        found = [
            one
            for one in expressions_at(declared.expressions.get(first), tuple(rest))
            if self._value(one, path, _DEPTH) is not None
        ]
        return (any(self._is_sure(one, path, _DEPTH) for one in found) or None) if found else False

    def _is_sure(self, expression: Any, path: tuple[str, ...], depth: int) -> bool:
        """Whether what is not known of an expression is of resources alone, so that it is set."""
        parts = map(tokens_of, references_in(expression))
        return depth > 0 and all(self._is_sure_of(one, path, depth - 1) for one in parts if one)

    def _is_sure_of(self, parts: list[tuple[str, str]], path: tuple[str, ...], depth: int) -> bool:
        """Whether a reference is to a resource or a variable: local values may be null."""
        first, name, *rest = [part for part, _ in (*parts, ("", ""))]
        if first == "var" and path:
            given = self._configuration.argument(path, name)
            return self._is_sure(given, path[:-1], depth)
        if first == "module":
            output = self._configuration.output((*path, name), rest[0]) if rest else None
            return output is not None and self._is_sure(output, (*path, name), depth)
        return first not in _MAYBE_NULL or (
            first == "data" and not NEVER_NULL.isdisjoint(rest[1:2])
        )

    def _follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return the resources that the expression of an attribute refers to.

        If a single value may come from several resources, return none.
        """
        declared = self._declared(resource)
        if declared is None:
            return ()
        first, *rest = attribute.split(".")
        expressions = list(expressions_at(declared.expressions.get(first), tuple(rest)))
        scope = _Scope(resource.module, resource.index, declared.for_each)
        found: dict[Resource, None] = {}
        for expression in expressions:
            found |= dict.fromkeys(self._resolve_all(references_in(expression), scope, _DEPTH))
        several = _is_plural(attribute) or len(expressions) > 1
        return tuple(found) if several or len(found) == 1 else ()

    def _resolve_all(self, references: list[str], scope: _Scope, depth: int) -> list[Resource]:
        iterated = any(
            tokens_of(reference)[:1][0][0] in _ITERATORS for reference in references if reference
        )
        found: list[Resource] = []
        for reference in references:
            found += self._resolve(tokens_of(reference), scope, depth, iterated=iterated)
        return found

    def _resolve(
        self, parts: list[tuple[str, str]], scope: _Scope, depth: int, *, iterated: bool
    ) -> list[Resource]:
        if not parts or not depth:
            return []
        first = parts[0][0]
        if first == "each" and len(parts) > 1 and parts[1][0] == "value":
            return (
                self._resolve_all(references_in(scope.for_each), scope, depth - 1)
                if scope.key
                else []
            )
        if first in _NOT_RESOURCES or len(parts) == 1:
            return []
        if first == "var":
            return self._argument(parts[1][0], scope.module, depth - 1)
        if first == "module":
            return self._output(parts, scope, depth - 1, iterated=iterated)
        named = parts[1:3] if first == "data" else parts[:2]
        if len(named) < 2:  # noqa: PLR2004 - a type and a name
            return []
        prefix = "data." if first == "data" else ""
        base = address_in(scope.module, f"{prefix}{named[0][0]}.{named[1][0]}")
        return _chosen(self._by_base.get(base, []), named[1][1], scope.key if iterated else "")

    def _argument(self, name: str, module: str, depth: int) -> list[Resource]:
        """Follow a variable of a module to the argument of its call."""
        if not module:
            return []
        above, call, index = _call_of(module)
        written = self._configuration.modules[module_path(above)].calls[call]
        scope = _Scope(above, index, written.for_each)
        return self._resolve_all(references_in(written.expressions.get(name)), scope, depth)

    def _output(
        self, parts: list[tuple[str, str]], scope: _Scope, depth: int, *, iterated: bool
    ) -> list[Resource]:
        """Follow an output of a module to the resources in its expression."""
        if len(parts) < 3:  # noqa: PLR2004 - module, name, output
            return []
        base = address_in(scope.module, f"module.{parts[1][0]}")
        wanted = parts[1][1] or (scope.key if iterated else "")
        found: list[Resource] = []
        for instance in self._instances.get(base, ()):
            if not wanted or instance == base + wanted:
                expression = self._configuration.output(module_path(instance), parts[2][0])
                inside = _Scope(instance, "", None)
                found += self._resolve_all(references_in(expression), inside, depth)
        return found

    def provider_region(self, key: str) -> str | None:
        """Return the region of a provider: a constant, or the value of a variable.

        It is empty if none is set, and None if it is not known.
        """
        configuration = self._configuration
        found = configuration.regions.get(key)
        if found is not None and (found[0] is not None or not found[1]):
            return self._region(*found)
        # Older plans omit the provider that a module gets: use any, if they all agree.
        name = configuration.names.get(key) or key.rpartition(":")[2].partition(".")[0]
        agreed = {
            self._region(expression, path)
            for other, (expression, path) in configuration.regions.items()
            if not path and configuration.names[other] == name
        }
        none = "" if configuration.modules else None
        return agreed.pop() if len(agreed) == 1 else None if agreed else none

    def _region(self, expression: Any, path: tuple[str, ...]) -> str | None:
        value = None if expression is None else self._value(expression, path, _DEPTH)
        return value if isinstance(value, str) else "" if value is None else None

    def _value(self, expression: Any, path: tuple[str, ...], depth: int) -> Any:
        """Return the value of a constant or a single variable; ``...`` for other expressions."""
        if isinstance(expression, dict) and "constant_value" in expression:
            return expression["constant_value"]
        references = references_in(expression)
        parts = tokens_of(references[0]) if len(references) == 1 and depth else []
        if len(parts) != 2 or parts[0][0] != "var":  # noqa: PLR2004 - var and its name
            return ...
        return self._variable(parts[1][0], path, depth - 1)

    def _variable(self, name: str, path: tuple[str, ...], depth: int) -> Any:
        module = self._configuration.modules.get(path)
        declared = module.variables.get(name, {}) if module else {}
        if declared.get("sensitive") is True:
            return ...
        given = declared.get("default", ...)
        if not path:
            told = self._variables.get(name)
            return told.get("value", given) if isinstance(told, dict) else given
        argument = self._configuration.argument(path, name)
        return given if argument is None else self._value(argument, path[:-1], depth)


class _Scope(NamedTuple):
    """Where a reference is written: the module instance, and the key of the resource."""

    module: str
    key: str
    for_each: Any


def _chosen(candidates: list[Resource], written: str, index: str) -> list[Resource]:
    """Choose instances of a resource by the written key, or else by the key of the reference."""
    wanted = written if written not in {"", "[*]"} else index
    if not wanted:
        return candidates
    exact = [candidate for candidate in candidates if candidate.index == wanted]
    return exact or (candidates if len(candidates) == 1 and not written else [])


def _call_of(module: str) -> tuple[str, str, str]:
    """Split the address of a module instance: the caller, the name of the call, the key."""
    parts = tokens_of(module)
    name, key = parts[-1]
    above = ".".join(part + index for part, index in parts[:-2])
    return above, name, key


def _is_plural(attribute: str) -> bool:
    """Whether an attribute is a list: all five providers use plural names for lists."""
    last = attribute.rpartition(".")[2]
    return last.endswith("s") and not last.endswith("ss")
