"""Conditions decided by compiled JSON Schema validators, each built once when first asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Literal, Protocol

from pytest_icp.core.condition import ANYTHING, Node
from pytest_icp.core.jsontypes import Json, JsonObject

Form = Literal["certain", "possible", "comply", "contains"]


_LONG = 100
"""From so many elements on it is worth remembering which of them may be meant."""


class _Validator(Protocol):
    def is_valid(self, instance: Json) -> bool: ...


class Validators:
    """Implements `pytest_icp.core.condition.Decide`; keeps what it has built.

    Conditions are known by identity: a policy's conditions live as long as the policy.
    """

    def __init__(self) -> None:
        self._built: dict[tuple[Form, int, int], tuple[_Validator, Node, Node]] = {}
        self._meant: dict[tuple[int, str], tuple[Sequence[bool], Sequence[Json]]] = {}

    def certain(self, node: Node, value: Json) -> bool:
        """Whether ``value`` certainly meets a condition."""
        if node is ANYTHING and value.__class__ is dict:
            return True
        return self._validator("certain", node, node).is_valid(value)

    def possible(self, node: Node, value: Json) -> bool:
        """Whether nothing known of ``value`` contradicts a condition."""
        return self._validator("possible", node, node).is_valid(value)

    def all_comply(self, where: Node, require: Node, elements: Sequence[Json]) -> bool:
        """Whether each element that may be meant certainly complies, in one call."""
        return self._validator("comply", where, require).is_valid(elements)

    def any_possible(self, where: Node, elements: Sequence[Json]) -> bool:
        """Whether one element may be meant, in one call."""
        if where == ANYTHING and any(element.__class__ is dict for element in elements):
            return True
        return self._validator("contains", where, where).is_valid(elements)

    def each_possible(self, where: Node, elements: Sequence[Json]) -> Sequence[bool]:
        """Whether each element may be meant."""
        if where == ANYTHING:
            return [True] * len(elements)
        is_valid = self._validator("possible", where, where).is_valid
        if len(elements) < _LONG:
            return [*map(is_valid, elements)]
        # Several duties are about the same elements. As text, `true` and 1 are not the same.
        key = (id(elements), json.dumps(where.possible))
        if key not in self._meant:
            self._meant[key] = ([*map(is_valid, elements)], elements)
        return self._meant[key][0]

    def _validator(self, form: Form, first: Node, second: Node) -> _Validator:
        key = (form, id(first), id(second))
        built = self._built.get(key)
        if built is None:
            from jsonschema_rs import Draft202012Validator

            # The nodes are kept beside their validator, so that no identity is used twice.
            validator = Draft202012Validator(dict(_schema(form, first, second)))
            built = self._built[key] = (validator, first, second)
        return built[0]


def _schema(form: Form, first: Node, second: Node) -> JsonObject:
    match form:
        case "certain":
            return first.certain
        case "possible":
            return first.possible
        case "comply":
            return {"items": {"if": first.possible, "then": second.certain}}
    return {"contains": first.possible}
