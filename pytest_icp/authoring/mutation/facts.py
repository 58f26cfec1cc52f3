"""Which other facts and words could be taken for those of a policy."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.facts.files.properties import members, property_at
from pytest_icp.rules.fields import join_path

_DESCRIPTION = "description"


def likely(base: str, path: str) -> Iterator[str]:
    """Yield the facts that could be taken for the one at a path: neighbours of the same type.

    At most two, the next and the one before in the order of the schema.
    """
    if path.startswith("../"):
        return
    whole = join_path(base, path)
    parent, _, name = whole.rpartition(".")
    meant = property_at(_DESCRIPTION, whole)
    if meant is None:
        return
    alike = [
        other
        for other in members(_DESCRIPTION, parent).names
        if (found := property_at(_DESCRIPTION, f"{parent}.{other}".lstrip(".")))
        and (found.types, found.time, found.words) == (meant.types, meant.time, meant.words)
    ]
    i = alike.index(name)
    near = {alike[(i + 1) % len(alike)], alike[i - 1]} - {name}
    yield from (path[: len(path) - len(name)] + other for other in sorted(near))


def other_words(path: str, word: str) -> Iterator[str]:
    """Yield the word that follows another in the schema's list of what a fact may be."""
    found = property_at(_DESCRIPTION, path)
    words = [one for one in (found.words if found else ()) if isinstance(one, str)]
    if word in words and len(words) > 1:
        yield words[(words.index(word) + 1) % len(words)]
