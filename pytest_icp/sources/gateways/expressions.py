"""Expressions of routes, such as ``Host(`a.cn`) || Path(`/b`)``: whether every way asks for a host.

Traefik and Kong write them in the same manner, with ``||``, ``&&`` and parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

_TOKEN = re.compile(r"\|\||&&|[()!]|`[^`]*+`|\"[^\"]*+\"|'[^']*+'|[^|&()!`\"']++|.", re.DOTALL)
_DEEPEST = 32


def always(expression: str, asks: Callable[[str], bool]) -> bool:
    """Whether each alternative of an expression has a comparison that asks for a host.

    An expression that is nested too deeply, or is not closed, has none.
    """
    return _always(_TOKEN.findall(expression), asks, _DEEPEST)


def _always(words: Sequence[str], asks: Callable[[str], bool], deepest: int) -> bool:
    while words and not words[0].strip():
        words = words[1:]
    while words and not words[-1].strip():
        words = words[:-1]
    if not words or not deepest:
        return False
    ways = _split(words, "||")
    if len(ways) > 1:
        return all(_always(way, asks, deepest - 1) for way in ways)
    parts = _split(words, "&&")
    if len(parts) > 1:
        return any(_always(part, asks, deepest - 1) for part in parts)
    if words[0] == "!":
        return False
    if words[0] == "(" and words[-1] == ")":
        return _always(words[1:-1], asks, deepest - 1)
    return asks("".join(words))


def _split(words: Sequence[str], by: str) -> list[Sequence[str]]:
    """Split words where a sign stands outside of all parentheses."""
    found: list[Sequence[str]] = []
    start = depth = 0
    for at, word in enumerate(words):
        depth += (word == "(") - (word == ")")
        if word == by and not depth:
            found.append(words[start:at])
            start = at + 1
    return [*found, words[start:]]
