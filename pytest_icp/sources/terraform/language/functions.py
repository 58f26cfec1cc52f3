"""Calls of functions (函数调用). One that is not in the tables gives what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pytest_icp.sources.terraform.language.collections import ANSWERS, COLLECTIONS
from pytest_icp.sources.terraform.language.expressions import Expression, Scope
from pytest_icp.sources.terraform.language.texts import TEXTS
from pytest_icp.sources.terraform.language.values import (
    HIDDEN,
    UNKNOWN,
    Unknown,
    Value,
    not_known,
    plain,
)

_LINKED = frozenset(
    {"join", "format", "formatlist", "tostring", "trimspace", "jsonencode", "compact", "distinct"}
    | {"flatten", "sort", "toset", "tolist", "coalescelist", "concat", "element", "one", "values"}
    | {"lower", "upper", "setunion", "merge", "reverse", "slice"}
)
"""Functions whose value refers to what their arguments refer to."""


class Call(NamedTuple):
    """A call of a function; ``spread``: its last argument is a list of arguments."""

    name: str
    arguments: Sequence[Expression]
    spread: bool

    def evaluate(self, scope: Scope) -> Value:
        """Return its value: not known if that of an argument is not, unless it is all the same."""
        values = [plain(argument.evaluate(scope)) for argument in self.arguments]
        if self.spread:
            last = values.pop()
            if not isinstance(last, list):
                return not_known([last]) or UNKNOWN
            values += map(plain, last)
        name = self.name.removeprefix("core::")
        if name in {"sensitive", "nonsensitive"}:
            return HIDDEN if name == "sensitive" else values[0] if values else UNKNOWN
        partly, wholly = COLLECTIONS.get(name), TEXTS.get(name)
        open_ = [one for one in values if isinstance(one, Unknown)] if partly else values
        unknown = None if name in ANSWERS else not_known(open_, linked=name in _LINKED)
        if unknown is not None:
            return unknown
        called = partly or wholly
        if called is None:
            return UNKNOWN
        try:
            return called(*values)
        except (ArithmeticError, LookupError, TypeError, ValueError):
            return UNKNOWN  # it is more than is read here
