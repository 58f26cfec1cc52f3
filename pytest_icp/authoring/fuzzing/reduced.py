"""A situation with nothing in it but what a broken law needs (最小反例)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec.structs import replace

from pytest_icp.authoring.fuzzing.breach import Breach
from pytest_icp.authoring.strategies.documents import Tokens, found_at, without
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.trial import can_be_read

Again: TypeAlias = Callable[[Situation], Breach | None]
"""Tries one law about a situation; None where it holds there."""

_MOST_TRIES = 600
_KEPT = frozenset({"apiVersion", "id"})


def reduced(situation: Situation, breach: Breach, again: Again) -> Breach:
    """Leave one thing after another out of a situation while the same law stays broken in it.

    Return the breach in the smallest situation that was found in a bounded number of tries.
    """
    tried: set[Tokens] = set()
    bare = replace(situation, files=())
    if situation.files and (found := again(bare)):
        situation, breach = bare, found
    while len(tried) < _MOST_TRIES:
        places = (at for at in _removable(situation.document, ()) if at not in tried)
        at = next(places, None)
        if at is None:
            break
        tried.add(at)
        smaller = situation.having(without(situation.document, at))
        if can_be_read(smaller.document) and (found := again(smaller)):
            situation, breach = smaller, found
    return breach


def _removable(value: object, at: Tokens) -> Iterator[Tokens]:
    """Yield what may be left out, the whole before its parts, the last of a list first."""
    if isinstance(value, dict):
        inside: list[Tokens] = [(*at, name) for name in value if name not in _KEPT]
    elif isinstance(value, list):
        inside = [(*at, i) for i in reversed(range(len(value)))]
    else:
        return
    yield from inside
    for place in inside:
        yield from _removable(found_at(value, place[-1:]), place)
