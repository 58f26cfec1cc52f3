"""Facts and words that are easily confused with those of a policy."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.facts.files.properties import members, property_at
from pytest_icp.rules.fields import join_path

_DESCRIPTION = "description"


def likely(base: str, path: str) -> Iterator[str]:
    """Yield the facts that are easily confused with the one at a path: neighbours of its type.

    These are at most two, the next and the previous one in the order of the schema.
    """
    if path.startswith("../"):
        return
    whole = join_path(base, path)
    parent, _, name = whole.rpartition(".")
    fact = property_at(_DESCRIPTION, whole)
    if fact is None:
        return
    alike = [
        other
        for other in members(_DESCRIPTION, parent).names
        if (sibling := property_at(_DESCRIPTION, f"{parent}.{other}".lstrip(".")))
        and (sibling.types, sibling.time, sibling.words) == (fact.types, fact.time, fact.words)
    ]
    i = alike.index(name)
    near = {alike[(i + 1) % len(alike)], alike[i - 1]} - {name}
    yield from (path[: len(path) - len(name)] + other for other in sorted(near))


def other_words(path: str, word: str) -> Iterator[str]:
    """Yield the word that follows another in the schema's list of the words of a fact."""
    fact = property_at(_DESCRIPTION, path)
    words = [one for one in (fact.words if fact else ()) if isinstance(one, str)]
    if word in words and len(words) > 1:
        yield words[(words.index(word) + 1) % len(words)]
