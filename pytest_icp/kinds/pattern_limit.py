"""Patterns that the engine gives up on: no match and no mismatch, but an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from jsonschema_rs import Draft202012Validator

from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text

_TOO_COSTLY = Text(
    zh="`pattern` {pattern} 用于一段 {n} 字的文字时，步数超过正则表达式引擎的上限，不能判断",
    en="the `pattern` {pattern} takes more steps than the engine allows on a text of "
    "{n:character}, so nothing can be decided by it",
)
_SIMPLER = Text(
    zh="改写这条规定的 pattern，不用 (?=…)、(?!…) 和反向引用",
    en="write the pattern of the policy without (?=…), (?!…) and references back",
)


class _Validator(Protocol):
    def is_valid(self, instance: Any) -> bool: ...


class Limited:
    """A validator that raises where the engine gives up on one of its patterns.

    The engine then says that the text does not match, and does not not match either.
    """

    def __init__(self, validator: _Validator, patterns: Iterable[str]) -> None:
        self._validator = validator
        self._senses = {
            pattern: (
                Draft202012Validator({"pattern": pattern}),
                Draft202012Validator({"not": {"pattern": pattern}}),
            )
            for pattern in patterns
        }

    def is_valid(self, instance: Json) -> bool:
        """Whether a value meets the condition.

        Raises `InputError` if a pattern exceeds the limit of the engine on a text in the value.
        """
        for text in _texts(instance):
            for pattern, senses in self._senses.items():
                if not any(sense.is_valid(text) for sense in senses):
                    message = _TOO_COSTLY.format(pattern=pattern, n=len(text))
                    raise InputError(message, hint=_SIMPLER)
        return self._validator.is_valid(instance)


def _texts(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
