"""Makes a counterexample as small as possible (最小反例)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from msgspec.structs import replace

from pytest_icp.authoring.fuzzing.breach import Breach
from pytest_icp.authoring.strategies.documents import Tokens, found_at, without
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.trial import can_be_read

Retry: TypeAlias = Callable[[Situation], Breach | None]
"""Tests one law in a situation; None where it is kept."""

_MOST_TRIES = 600
_KEPT = frozenset({"apiVersion", "id"})


def reduced(situation: Situation, breach: Breach, retry: Retry) -> Breach:
    """Remove one part after another from a situation as long as it still breaks the law.

    Return the breach in the smallest situation reached in a bounded number of tries.
    """
    tried: set[Tokens] = set()
    bare = replace(situation, files=())
    if situation.files and (smaller_breach := retry(bare)):
        situation, breach = bare, smaller_breach
    while len(tried) < _MOST_TRIES:
        places = (at for at in _removable(situation.document, ()) if at not in tried)
        at = next(places, None)
        if at is None:
            break
        tried.add(at)
        smaller = situation.having(without(situation.document, at))
        if can_be_read(smaller.document) and (smaller_breach := retry(smaller)):
            situation, breach = smaller, smaller_breach
    return breach


def _removable(value: object, at: Tokens) -> Iterator[Tokens]:
    """Yield the places that may be removed, the whole before its parts, lists from the end."""
    if isinstance(value, dict):
        inside: list[Tokens] = [(*at, name) for name in value if name not in _KEPT]
    elif isinstance(value, list):
        inside = [(*at, i) for i in reversed(range(len(value)))]
    else:
        return
    yield from inside
    for place in inside:
        yield from _removable(found_at(value, place[-1:]), place)
