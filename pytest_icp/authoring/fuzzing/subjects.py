"""Finds the subjects of an obligation in a document (义务对象), and isolates one."""

from __future__ import annotations

import copy
from typing import Any

from pytest_icp.authoring.strategies.documents import Document, Tokens, found_at
from pytest_icp.rules.fields import join_path


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
