"""The configuration in a plan: its expressions, and what they refer to through modules (引用)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeAlias

from pytest_icp.law.jsontypes import object_of, texts_of
from pytest_icp.law.location import Place
from pytest_icp.sources.documents import get
from pytest_icp.sources.terraform.language.values import NEVER_NULL
from pytest_icp.sources.terraform.resource import Origin, Resource, address_in, tokens_of

Path = tuple[str, ...]
"""A module by the names of its calls, without the keys of instances."""


Written: TypeAlias = Mapping[str, Any]
"""A part of the configuration, as the plan has it."""


def _modules(path: Path, written: Written) -> Iterator[tuple[Path, Written]]:
    """Yield a module and those that it calls, each with its path."""
    yield path, written
    for name, call in _members(written.get("module_calls")):
        yield from _modules((*path, name), object_of(call.get("module")))


def _name_of(resource: Written) -> str:
    """Return the address of a resource in its module."""
    prefix = "data." if resource.get("mode") == "data" else ""
    return f"{prefix}{resource.get('type')}.{resource.get('name')}"


def _is_repeated(declared: Written) -> bool:
    """Whether a resource or the call of a module may be there any number of times."""
    return "count_expression" in declared or "for_each_expression" in declared


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
    references = object_of(expression).get("references")
    for reference in references if isinstance(references, list) else ():
        if isinstance(reference, str) and not any(_begins(longer, reference) for longer in found):
            found.append(reference)
    return found


def _begins(longer: str, reference: str) -> bool:
    return longer.startswith(reference) and longer[len(reference) :][:1] in {"", ".", "["}


def objects_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the objects in a list; of anything else, and any other value in it, none."""
    for element in value if isinstance(value, list) else ():
        if isinstance(element, dict):
            yield element


def _members(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, member in object_of(value).items():
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
        configuration: Any,
        variables: Mapping[str, Any],
        place: Callable[[Origin], Place],
    ) -> None:
        """Begin with a configuration; a state has none, and neither have some plans."""
        known = object_of(configuration)
        self._providers = dict(_members(known.get("provider_config")))
        self._modules = (
            dict(_modules((), object_of(known.get("root_module"))))
            if isinstance(configuration, dict)
            else {}
        )
        self._resources = {
            (path, _name_of(one)): one
            for path, module in self._modules.items()
            for one in objects_in(module.get("resources"))
        }
        self._variables = variables
        self._by_base: dict[str, list[Resource]] = defaultdict(list)
        self._instances: dict[str, dict[str, None]] = defaultdict(dict)
        self.follow = cache(self._follow)
        self.place = place
        for resource in resources:
            self._by_base[resource.base].append(resource)
            self._note_modules(resource.module)
            key = object_of(self._declared(resource)).get("provider_config_key")
            resource.provider_key = resource.provider_key or str(key or "")

    def once(self) -> Iterator[str]:
        """Yield the addresses of the resources that are certainly there, once."""
        for (path, name), one in self._resources.items():
            calls = [object_of(self._call(path[: n + 1])) for n in range(len(path))]
            if one.get("mode") != "data" and not any(map(_is_repeated, (one, *calls))):
                yield "".join(f"module.{part}." for part in path) + name

    def commands(self) -> Iterator[str]:
        """Yield what Terraform runs, as far as that is written out."""
        for resource in self._resources.values():
            for one in objects_in(resource.get("provisioners")):
                for value in object_of(one.get("expressions")).values():
                    constant = get(value, "constant_value")
                    yield from texts_of(constant if isinstance(constant, list) else [constant])

    def _call(self, path: Path) -> Any:
        """Return the call of a module; None of the root, and if there is none."""
        return get(self._modules.get(path[:-1]), "module_calls", path[-1]) if path else None

    def _output_of(self, path: Path, name: str) -> Any:
        """Return the expression of an output of a module; None if there is none."""
        return get(self._modules.get(path), "outputs", name, "expression")

    def _note_modules(self, module: str) -> None:
        above = ""
        for name, key in tokens_of(module)[1::2]:
            base = address_in(above, f"module.{name}")
            above = base + key
            self._instances[base][above] = None

    def _declared(self, resource: Resource) -> Written | None:
        above = f"{resource.module}." if resource.module else ""
        name = resource.base.removeprefix(above)
        return self._resources.get((module_path(resource.module), name))

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
            for one in expressions_at(get(declared, "expressions", first), tuple(rest))
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
            given = get(self._call(path), "expressions", name)
            return self._is_sure(given, path[:-1], depth)
        if first == "module":
            output = self._output_of((*path, name), rest[0]) if rest else None
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
        expressions = list(expressions_at(get(declared, "expressions", first), tuple(rest)))
        scope = _Scope(resource.module, resource.index, declared.get("for_each_expression"))
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
        written = self._call((*module_path(above), call))
        scope = _Scope(above, index, get(written, "for_each_expression"))
        return self._resolve_all(references_in(get(written, "expressions", name)), scope, depth)

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
                expression = self._output_of(module_path(instance), parts[2][0])
                inside = _Scope(instance, "", None)
                found += self._resolve_all(references_in(expression), inside, depth)
        return found

    def provider_region(self, key: str) -> str | None:
        """Return the region of a provider: a constant, or the value of a variable.

        It is empty if none is set, and None if it is not known.
        """
        own = self._providers.get(key)
        if own is not None and (_region_of(own) is not None or not own.get("module_address")):
            return self._region(own)
        # Older plans omit the provider that a module gets: use any, if they all agree.
        name = _provider_name(key, own) if own else key.rpartition(":")[2].partition(".")[0]
        agreed = {
            self._region(one)
            for other, one in self._providers.items()
            if not one.get("module_address") and _provider_name(other, one) == name
        }
        none = "" if self._modules else None
        return agreed.pop() if len(agreed) == 1 else None if agreed else none

    def _region(self, provider: Written) -> str | None:
        expression, module = _region_of(provider), str(provider.get("module_address") or "")
        value = self._value(expression, module_path(module), _DEPTH) if expression else expression
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
        declared = object_of(get(self._modules.get(path), "variables", name))
        if declared.get("sensitive") is True:
            return ...
        given = declared.get("default", ...)
        if not path:
            told = self._variables.get(name)
            return told.get("value", given) if isinstance(told, dict) else given
        argument = get(self._call(path), "expressions", name)
        return given if argument is None else self._value(argument, path[:-1], depth)


def _region_of(provider: Written) -> Any:
    """Return the expression of the region of a provider; None if none is set."""
    return get(provider, "expressions", "region")


def _provider_name(key: str, provider: Written) -> str:
    return str(provider.get("name") or key)


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
