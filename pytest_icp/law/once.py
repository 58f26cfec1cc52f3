"""What follows from one value alone is worked out once (只算一次), and kept beside that value.

Many descriptions are judged by the same rules, and many reports are made of one run.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_Of = TypeVar("_Of")
_Answer = TypeVar("_Answer")


def once(function: Callable[[_Of], _Answer]) -> Callable[[_Of], _Answer]:
    """Keep the answer of a function in the ``__dict__`` of what it is asked of."""
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def answer(of: _Of) -> _Answer:
        kept = vars(of)
        if name not in kept:
            kept[name] = function(of)
        known: _Answer = kept[name]
        return known

    return answer
