"""The known word nearest to an unknown one, and the question that offers it."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pytest_icp.law.text import Text

_NOTHING = Text(zh="", en="")

_BEGUN = 0.5
"""The least similarity of a word to one that it begins."""


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the known word whose spelling is nearest to another; empty if none is near.

    A word is nearest to one that it begins, as ``prod`` is to ``production``. ``cutoff`` is the
    least similarity, from 0 to 1.
    """
    words = tuple(known)
    longer = [one for one in words if one.startswith(word)] if word.isalpha() else []
    near = get_close_matches(word, longer or words, n=1, cutoff=_BEGUN if longer else cutoff)
    return near[0] if near else ""


def suggested(word: str, known: Iterable[str], otherwise: Text = _NOTHING) -> Text:
    """Return the question that offers the nearest known word; ``otherwise`` if none is near."""
    near = nearest(word, known)
    return did_you_mean(near) if near else otherwise


def did_you_mean(word: str) -> Text:
    """Return the question whether another word was intended (是否指)."""
    return Text(zh=f"是否指 '{word}'？", en=f"did you mean '{word}'?")
