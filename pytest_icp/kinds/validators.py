"""Conditions decided for values and for whole lists, with a validator where that is better."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Protocol

from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.kleene import Truth
from pytest_icp.rules.patterns import costly_patterns

FEW = 500
"""The longest list that is decided without a validator: building one takes as long."""


class _Validator(Protocol):
    def is_valid(self, instance: Any) -> bool: ...


class Validators:
    """Implements `pytest_icp.law.condition.Decide`; keeps what it has built.

    A validator is built for a long list, and for a pattern, whose dialect is its own. Conditions
    are known by identity: a policy's conditions live as long as the policy.
    """

    def __init__(self) -> None:
        self._built: dict[tuple[str, int, int], tuple[_Validator, object, object]] = {}

    def truth(self, node: Node, value: Json) -> Truth:
        """Return True (certain), False (impossible) or None (only possible) for one value."""
        return node.truth(value, self._meets)

    def certain(self, node: Node, value: Json) -> bool:
        """Whether ``value`` certainly meets a condition."""
        return node.truth(value, self._meets) is True

    def possible(self, node: Node, value: Json) -> bool:
        """Whether nothing known of ``value`` contradicts a condition."""
        return node.truth(value, self._meets) is not False

    def all_comply(self, where: Node, require: Node, elements: Sequence[Json]) -> bool:
        """Whether each element that possibly matches certainly complies, in one call."""
        if len(elements) > FEW:
            return self._of_list("comply", where, require).is_valid(elements)
        matches, complies, meets = where.truth, require.truth, self._meets
        return all(matches(one, meets) is False or complies(one, meets) is True for one in elements)

    def any_possible(self, where: Node, elements: Sequence[Json]) -> bool:
        """Whether one element possibly matches, in one call."""
        if where is ANYTHING and any(element.__class__ is dict for element in elements):
            return True
        if len(elements) > FEW:
            return self._of_list("contains", where, where).is_valid(elements)
        matches, meets = where.truth, self._meets
        return any(matches(one, meets) is not False for one in elements)

    def each_possible(self, where: Node, elements: Sequence[Json]) -> Sequence[bool]:
        """Whether each element possibly matches."""
        matches, meets = where.truth, self._meets
        return [matches(one, meets) is not False for one in elements]

    def _meets(self, schema: JsonObject, value: Json) -> bool:
        built = self._built.get(("meets", id(schema), id(schema)))
        validator = built[0] if built else self._build("meets", schema, schema, schema)
        return validator.is_valid(value)

    def _of_list(
        self, form: Literal["comply", "contains"], first: Node, second: Node
    ) -> _Validator:
        built = self._built.get((form, id(first), id(second)))
        if built:
            return built[0]
        schema: JsonObject = {"contains": first.possible}
        if form == "comply":
            schema = {"items": {"if": first.possible, "then": second.certain}}
        return self._build(form, first, second, schema)

    def _build(self, form: str, first: object, second: object, schema: JsonObject) -> _Validator:
        from jsonschema_rs import Draft202012Validator

        validator: _Validator = Draft202012Validator(dict(schema))
        if costly := [*costly_patterns(schema)]:
            from pytest_icp.kinds.pattern_limit import Limited

            validator = Limited(validator, costly)
        # What it was built of is kept beside it, so that no identity is used twice.
        self._built[form, id(first), id(second)] = (validator, first, second)
        return validator
