"""What follows from a rule alone is worked out once (同一规则只算一次).

Many descriptions are judged by the same rules, and of one description many things ask the same.
What also depends on a day is not kept: a forecast watches which days it is compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from msgspec import Struct

_Keeper = TypeVar("_Keeper", bound="Keeper")
_Rest = ParamSpec("_Rest")
_Answer = TypeVar("_Answer")


class Keeper(Struct, frozen=True, dict=True):
    """A part of a policy that keeps what functions marked with `once` have answered of it."""

    @cached_property
    def answers(self) -> dict[tuple[Any, ...], Any]:
        """The answers, by function and other arguments."""
        return {}


def once(
    function: Callable[Concatenate[_Keeper, _Rest], _Answer],
) -> Callable[Concatenate[_Keeper, _Rest], _Answer]:
    """Keep the answers of a function of a part of a policy beside that part."""

    @wraps(function)
    def answer(of: _Keeper, /, *rest: _Rest.args, **named: _Rest.kwargs) -> _Answer:
        key = (function, *rest, *named.values())
        answers = of.answers
        if key not in answers:
            answers[key] = function(of, *rest, **named)
        known: _Answer = answers[key]
        return known

    return answer
