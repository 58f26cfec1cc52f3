"""Subjects (对象): the objects that obligations judge, with their facts and paths."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.facts.asof import View
from pytest_icp.law.condition import open_at
from pytest_icp.law.jsontypes import Json, JsonObject, pointer
from pytest_icp.law.location import Location

Tokens: TypeAlias = tuple[str | int, ...]

_UP = "../"


class Subject(Struct, frozen=True, gc=False):
    """One object that an obligation judges, with its place in the description.

    ``parent`` is the object that contains it, directly or in one of its lists; None for the
    document.
    """

    tokens: Tokens
    value: JsonObject
    parent: Subject | None = None

    @property
    def place(self) -> str:
        """Its JSON Pointer in the description."""
        return pointer(self.tokens)

    @property
    def label(self) -> str:
        """The id of the element, else its place."""
        name = self.value.get("id")
        return name if isinstance(name, str) else self.place.lstrip("/")

    @property
    def open_at(self) -> Tokens | None:
        """The place of the fact that would tell whether it is there; None if it certainly is."""
        return open_at(self.value, self.tokens) or (self.parent.open_at if self.parent else None)

    @property
    def above(self) -> Subject:
        """The object that contains it; the document contains itself."""
        return self.parent or self


class Fact(Struct, frozen=True, gc=False):
    """A value and its place; None is not known."""

    tokens: Tokens
    value: Json

    @property
    def text(self) -> str | None:
        """The value where it is a text."""
        return self.value if isinstance(self.value, str) else None

    @property
    def values(self) -> tuple[Json, ...]:
        """The elements of a list, or the one value; none where nothing is known."""
        if self.value is None:
            return ()
        return tuple(self.value) if isinstance(self.value, list) else (self.value,)

    @property
    def is_open(self) -> bool:
        """Whether the value is not known, or an element of the list."""
        return self.value is None or (isinstance(self.value, list) and None in self.value)


class Collected(Struct, frozen=True, eq=False):
    """The subjects at a path, and the places where nothing was declared.

    ``holders`` are the objects that lack the last name of the path, by that place; where
    something on the way is not declared, there is none.
    """

    subjects: tuple[Subject, ...]
    missing: tuple[Tokens, ...]
    holders: Mapping[Tokens, Subject] = field(default_factory=dict)


@cache
def steps(path: str) -> tuple[int, bool, tuple[str, ...]]:
    """Return how far up a path goes, whether it starts at the document, and its names.

    Each leading ``../`` goes up to the containing object.
    """
    up = 0
    while path.startswith(_UP):
        up, path = up + 1, path[len(_UP) :]
    return up, path.startswith("/"), tuple(path.lstrip("/").replace("/", ".").split("."))


def location(tokens: Tokens) -> Location:
    """Return the location of a fact; the engine adds the place in a file."""
    return Location(pointer=pointer(tokens))


def climb(subject: Subject, up: int) -> Subject:
    """Return the object that is so far above a subject."""
    for _ in range(up):
        subject = subject.above
    return subject


def collect(view: View, start: Subject, names: Tokens) -> Collected:
    """Collect the objects at a path from a subject, through every list on the way."""
    found: list[Subject] = []
    lacking: list[tuple[Tokens, Subject | None]] = []
    _collect(view, start, names, found, lacking)
    holders = {tokens: holder for tokens, holder in lacking if holder is not None}
    return Collected(tuple(found), tuple(tokens for tokens, _ in lacking), holders)


def _collect(
    view: View,
    at: Subject,
    names: Tokens,
    found: list[Subject],
    lacking: list[tuple[Tokens, Subject | None]],
) -> None:
    if not names:
        found.append(at)
        return
    value, below = at.value.get(str(names[0])), names[1:]
    tokens = (*at.tokens, names[0])
    if isinstance(value, Mapping):
        _collect(view, Subject(tokens, value, at), below, found, lacking)
    elif isinstance(value, list):
        inside = [
            Subject((*tokens, index), element, at)
            for index, element in zip(view.indices(value), value, strict=True)
            if isinstance(element, dict)
        ]
        if not below:
            found += inside
            return
        for step in inside:
            _collect(view, step, below, found, lacking)
    else:
        lacking.append((tokens, None if below else at))
