"""Conditions decided by compiled JSON Schema validators, each built once when it is worth it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal, Protocol

from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.kleene import FEW, Truth, decide_one
from pytest_icp.rules.patterns import costly_patterns

Form = Literal["certain", "possible", "comply", "contains"]


OFTEN = 128
"""So many single values are decided until a validator is built for a condition."""

_LONG = 100
"""From so many elements on it is worth remembering which of them possibly match."""


class _Validator(Protocol):
    def is_valid(self, instance: Any) -> bool: ...


class Validators:
    """Implements `pytest_icp.law.condition.Decide`; keeps what it has built.

    A validator is built where it is worth it: for a long list, or once a condition has been
    decided for many values. Conditions are known by identity: a policy's conditions live as long
    as the policy.
    """

    def __init__(self) -> None:
        self._built: dict[tuple[Form, int, int], tuple[_Validator, Node, Node]] = {}
        self._possible: dict[tuple[int, str], tuple[Sequence[bool], Sequence[Json]]] = {}
        self._uses: dict[int, int] = {}

    def certain(self, node: Node, value: Json) -> bool:
        """Whether ``value`` certainly meets a condition."""
        if node is ANYTHING and value.__class__ is dict:
            return True
        validator = self._of_many("certain", node)
        if validator:
            return validator.is_valid(value)
        return decide_one(node, value, self._compiled) is True

    def possible(self, node: Node, value: Json) -> bool:
        """Whether nothing known of ``value`` contradicts a condition."""
        validator = self._of_many("possible", node)
        if validator:
            return validator.is_valid(value)
        return decide_one(node, value, self._compiled) is not False

    def all_comply(self, where: Node, require: Node, elements: Sequence[Json]) -> bool:
        """Whether each element that possibly matches certainly complies, in one call."""
        if len(elements) > FEW:
            return self._validator("comply", where, require).is_valid(elements)
        return all(
            decide_one(where, one, self._compiled) is False
            or decide_one(require, one, self._compiled) is True
            for one in elements
        )

    def any_possible(self, where: Node, elements: Sequence[Json]) -> bool:
        """Whether one element possibly matches, in one call."""
        if where == ANYTHING and any(element.__class__ is dict for element in elements):
            return True
        if len(elements) > FEW:
            return self._validator("contains", where, where).is_valid(elements)
        return any(decide_one(where, one, self._compiled) is not False for one in elements)

    def each_possible(self, where: Node, elements: Sequence[Json]) -> Sequence[bool]:
        """Whether each element possibly matches."""
        if where == ANYTHING:
            return [True] * len(elements)
        if len(elements) <= FEW:
            return [decide_one(where, one, self._compiled) is not False for one in elements]
        is_valid = self._validator("possible", where, where).is_valid
        if len(elements) < _LONG:
            return [*map(is_valid, elements)]
        # Several duties are about the same elements. As text, `true` and 1 are not the same.
        key = (id(elements), json.dumps(where.possible))
        if key not in self._possible:
            self._possible[key] = ([*map(is_valid, elements)], elements)
        return self._possible[key][0]

    def _of_many(self, form: Literal["certain", "possible"], node: Node) -> _Validator | None:
        """Return the validator of a condition that there is, or that is decided for many values."""
        built = self._built.get((form, id(node), id(node)))
        if built:
            return built[0]
        uses = self._uses[id(node)] = self._uses.get(id(node), 0) + 1
        return self._validator(form, node, node) if uses > OFTEN else None

    def _compiled(self, node: Node, value: Json) -> Truth:
        if self._validator("certain", node, node).is_valid(value):
            return True
        return None if self._validator("possible", node, node).is_valid(value) else False

    def _validator(self, form: Form, first: Node, second: Node) -> _Validator:
        key = (form, id(first), id(second))
        built = self._built.get(key)
        if built is None:
            from jsonschema_rs import Draft202012Validator

            # The nodes are kept beside their validator, so that no identity is used twice.
            schema = _schema(form, first, second)
            validator: _Validator = Draft202012Validator(dict(schema))
            if costly := [*costly_patterns(schema)]:
                from pytest_icp.kinds.pattern_limit import Limited

                validator = Limited(validator, costly)
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
