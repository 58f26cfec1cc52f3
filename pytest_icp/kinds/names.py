"""Names as people write them: the same in spite of spaces, brackets and width (名称比对)."""

from __future__ import annotations

import unicodedata

_BRACKETS = str.maketrans("【】〔〕[]{}「」『』", "()()()()()()")


def folded(name: str) -> str:
    """Return a name without spaces, with one kind of bracket, half-width, in lower case."""
    half_width = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return "".join(half_width.split()).casefold()


def plainly(name: str) -> str:
    """Return a name in normal form with single spaces, and nothing else changed."""
    return " ".join(unicodedata.normalize("NFKC", name).split())
