"""Conditions of rows on attributes: true, false, or not known (None)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_icp.facts.derived import Status
from pytest_icp.facts.files.json import embedded
from pytest_icp.law.kleene import all_of
from pytest_icp.sources.terraform.resource import reader

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.resource import (
        AttributeValues,
        Condition,
        Resource,
        ResourceGraph,
    )

_Test: TypeAlias = "Callable[[AttributeValues], bool | None]"

_DEFAULT = Status.DEFAULT
PUBLIC = "public"
"""The key for the condition that the resource has a public endpoint."""


def condition(written: Mapping[str, Any]) -> Condition:
    """Compile a mapping of attributes to tests, all of which must pass."""
    parts = [
        _public(bool(test)) if path == PUBLIC else _on(path, test) for path, test in written.items()
    ]
    return parts[0] if len(parts) == 1 else all_of(parts)


def undecided(_graph: ResourceGraph, _resource: Resource) -> bool | None:
    """The condition of a row that does not declare when it is public."""
    return None


def word(value: Json) -> str:
    """Return a value as tables write it (true, 1, internet), in lower case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.casefold()
    return str(value) if isinstance(value, int) else json.dumps(value)


def _public(wanted: bool) -> Condition:  # noqa: FBT001 - the value that the table gives
    def matches(graph: ResourceGraph, resource: Resource) -> bool | None:
        found = graph.is_public(resource)
        return None if found is None else found is wanted

    return matches


def _on(path: str, written: Any) -> Condition:
    read = reader(path)
    rule: Mapping[str, Any] = written if isinstance(written, dict) else {"in": written}
    unset: bool | None = rule.get("unset")
    (test,) = (_TESTS[name](value) for name, value in rule.items() if name in _TESTS)

    def matches(graph: ResourceGraph, resource: Resource) -> bool | None:
        reading = read(graph, resource)
        if unset is not None and reading.status is _DEFAULT:
            return unset
        return test(reading)

    return matches


def _any(holds: Callable[[Json], bool]) -> _Test:
    """Return the test whether a value holds; one that is known only in part may."""

    def test(reading: AttributeValues) -> bool | None:
        if any(map(holds, reading.values)):
            return True
        return False if reading.values and not reading.partly else None

    return test


def _in(written: Any) -> _Test:
    wanted = {word(value) for value in (written if isinstance(written, list) else [written])}
    return _any(lambda value: word(value) in wanted)


def _except(written: Any) -> _Test:
    within = _in(written)

    def test(reading: AttributeValues) -> bool | None:
        found = within(reading)
        if found is not None:
            return not found
        # What is set may be any of these; what is not set, or not told, is none.
        is_set = reading.values or reading.written is not False
        return None if is_set or reading.status is Status.SENSITIVE else True

    return test


def _set(written: Any) -> _Test:
    def test(reading: AttributeValues) -> bool | None:
        if reading.unset or (reading.lacking and not written):
            return not written
        if reading.status is Status.DEFAULT:
            # The code does not set it, but the cloud does, or a block that is made from a value.
            return False if written else None
        if reading.written or any(value not in ("", False) for value in reading.values):
            return bool(written)
        return not written if reading.values else None

    return test


def _over(written: Any) -> _Test:
    def test(reading: AttributeValues) -> bool | None:
        numbers = [number for value in reading.values if (number := _number(value)) is not None]
        if True in [number > written for number in numbers]:
            return True
        return False if numbers and not reading.partly else None

    return test


def _number(value: Json) -> float | None:
    try:
        return float(value) if isinstance(value, (int, float, str)) else None
    except ValueError:
        return None


def _contains(written: Any) -> _Test:
    wanted = set(written)
    return _any(lambda value: any(part.strip() in wanted for part in str(value).split(",")))


def _grants(_written: Any) -> _Test:
    def test(reading: AttributeValues) -> bool | None:
        verdicts = {grants_everyone(value) for value in reading.values}
        return True if True in verdicts else False if verdicts == {False} else None

    return test


def grants_everyone(policy: Json) -> bool | None:
    """Whether a bucket policy, as JSON text, grants access to everyone without a condition."""
    document = embedded(policy) if isinstance(policy, str) else policy
    if not isinstance(document, dict):
        return None
    lowered = {str(key).casefold(): value for key, value in document.items()}
    statements = lowered.get("statement")
    listed = statements if isinstance(statements, list) else [statements]
    return any(_opens(statement) for statement in listed if isinstance(statement, dict))


def _opens(statement: Mapping[str, Any]) -> bool:
    parts = {str(key).casefold(): value for key, value in statement.items()}
    allowed = str(parts.get("effect")).casefold() == "allow" and not parts.get("condition")
    return allowed and any(_everyone(name) for name in _names(parts.get("principal")))


def _names(principal: Any) -> Iterable[str]:
    if isinstance(principal, dict):
        principal = [name for value in principal.values() for name in _names(value)]
    return [str(name) for name in (principal if isinstance(principal, list) else [principal])]


def _everyone(name: str) -> bool:
    return name == "*" or name.endswith("cam::anyone:anyone")


_TESTS: Mapping[str, Callable[[Any], _Test]] = {
    "in": _in,
    "except": _except,
    "set": _set,
    "over": _over,
    "holds": _contains,
    "grants": _grants,
}
