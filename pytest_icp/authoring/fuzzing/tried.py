"""The subjects and facts that the laws change, the values tried there, and the results."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from msgspec import Struct

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.strategies.candidates import candidates
from pytest_icp.authoring.strategies.shapes import expand, place
from pytest_icp.authoring.strategies.trial import (
    NOT_FACTS,
    CheckCrashed,
    Document,
    Situation,
    Tokens,
    Trial,
    found_at,
    is_valid,
    places_below,
)
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.fields import join_path

# ---- Subjects (义务对象), and one of them alone


def subjects(document: Document, each: str) -> list[Tokens]:
    """Return the places of the subjects, through every list on the way."""
    places: list[Tokens] = [()]
    for name in join_path("", each).split("."):
        below: list[Tokens] = []
        for at in places:
            value = found_at(document, (*at, name))
            if isinstance(value, dict):
                below.append((*at, name))
            elif isinstance(value, list):
                inside = (i for i, element in enumerate(value) if isinstance(element, dict))
                below += [(*at, name, i) for i in inside]
        places = below
    return places


def alone(document: Document, at: Tokens) -> tuple[Document, Tokens]:
    """Return a copy of a document with only one subject, and the place of it there."""
    result = copy.deepcopy(document)
    parent: Any = result
    place: list[str | int] = []
    for token in at:
        if isinstance(token, int):
            parent[:] = [parent[token]]
            token = 0  # noqa: PLW2901 - it is the only element now
        place.append(token)
        parent = parent[token]
    return result, tuple(place)


def resolve(at: Tokens, path: str) -> Tokens:
    """Return the place that a path leads to from a subject."""
    if path.startswith("/"):
        return tuple(path.strip("/").replace("/", ".").split("."))
    while path.startswith("../"):
        names = [i for i, token in enumerate(at) if isinstance(token, str)]
        at, path = at[: names[-1]], path[3:]
    return (*at, *path.replace("/", ".").split("."))


# ---- Facts and values


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
    return [*([] if there is None else [there]), *islice(worth, _MOST_VALUES)]


def having(situation: Situation, at: Tokens, value: Any) -> Situation | None:
    """Return the situation with one fact changed; None where the schema forbids it."""
    try:
        document = place(situation.document, at, value)
    except LookupError:
        return None
    return situation.having(document) if is_valid(document) else None


def neighbours(trial: Trial, situation: Situation) -> Iterator[tuple[Tokens, Any, Situation]]:
    """Yield the valid situations in which one fact has another value: its place, value, and these.

    What stands in an object that is read whole, such as the features, is changed one by one.
    """
    for at in facts(trial, situation):
        there = found_at(situation.document, at)
        inside = there if isinstance(there, dict) else ()
        for fact in (at, *((*at, name) for name in inside)):
            present = found_at(situation.document, fact)
            for value in values(trial, situation, fact)[present is not None :]:
                other = having(situation, fact, value)
                if other is not None:
                    yield fact, value, other


# ---- Outcomes: an obligation breaks a law, crashes, or could not be tested


class BrokenLaw(Struct, frozen=True):
    """A law (法则) that is broken in one situation.

    ``law`` is the law in a sentence; ``found`` the verdict there, ``expected`` what the law
    requires, both None for a crash; ``why`` the reason for it; ``cause`` identifies a crash.
    """

    law: Text
    situation: Situation
    found: Verdict | None
    expected: Verdict | None
    why: Text
    cause: str = ""


class GaveUp(Struct, frozen=True, kw_only=True):
    """No violation was found in so many tries; ``reasons`` are the most common outcomes."""

    tries: int
    reasons: tuple[tuple[Text, int], ...]


Law: TypeAlias = Callable[[Trial, Situation], Iterator[BrokenLaw]]
"""Tests an obligation in variations of a situation, always in the same order."""


# ---- A check never crashes


def every_description_is_decided(trial: Trial, situation: Situation) -> Iterator[BrokenLaw]:
    """Decide once; whatever the check raises is a breach."""
    try:
        trial.verdict(situation)
    except CheckCrashed as crash:
        yield crash_of(crash)


def crash_of(crash: CheckCrashed) -> BrokenLaw:
    """Return a crash as a breach, with its error and the line that raised it."""
    error = crash.__cause__
    frames = traceback.extract_tb(error.__traceback__) if error else []
    own = [frame for frame in frames if "pytest_icp" not in Path(frame.filename).parts]
    frame = (own or frames)[-1]
    at = f"{Path(frame.filename).name}:{frame.lineno}"
    why = plain(f"{type(error).__name__}: {error} ({at})")
    cause = f"{type(error).__name__} {at}"
    return BrokenLaw(say.CRASH_LAW, crash.situation, None, None, why, cause)
