"""The facts of a situation that the laws change, and the values that they try there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_icp.authoring.strategies.candidates import candidates
from pytest_icp.authoring.strategies.documents import (
    NOT_FACTS,
    Tokens,
    found_at,
    is_valid,
    places_below,
)
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.smallest import expand, place
from pytest_icp.authoring.strategies.trial import Trial

_MOST_VALUES = 12
ENOUGH = 4
"""Elements of one list that are tried one by one."""


def facts(trial: Trial, situation: Situation) -> Iterator[Tokens]:
    """Yield the facts that may change the verdict: those the policy names, else every one."""
    document = situation.document
    if trial.own_kind:
        for top in sorted(document.keys() - NOT_FACTS):
            places = (at for at in places_below(document[top], (top,)) if at != (top,))
            yield from (at for at in places if not _repeats(at))
        return
    seen: set[Tokens] = set()
    for path in trial.reads:
        for at in expand(document, path):
            value = found_at(document, at)
            elements = value if isinstance(value, list) else ()
            inside = [(*at, i) for i, one in enumerate(elements) if isinstance(one, str)]
            for one in (at, *inside):
                if one not in seen and not _repeats(one):
                    seen.add(one)
                    yield one


def _repeats(at: Tokens) -> bool:
    """Whether a fact is in an element so far down its list that it would show nothing new."""
    return any(isinstance(token, int) and token >= ENOUGH for token in at)


def values(trial: Trial, situation: Situation, at: Tokens) -> list[Any]:
    """Return the values to try at a place, the present one first."""
    there = found_at(situation.document, at)
    worth = candidates(trial, situation.document, situation.as_of, at)
    return [*([] if there is None else [there]), *worth[:_MOST_VALUES]]


def having(situation: Situation, at: Tokens, value: Any) -> Situation | None:
    """Return the situation with one fact changed; None where the schema forbids it."""
    try:
        document = place(situation.document, at, value)
    except LookupError:
        return None
    return situation.having(document) if is_valid(document) else None
