"""How the search splits Chinese: into pairs of characters, the same in the index and in a query.

Sphinx splits its pages with a dictionary, which a browser does not have: the index knows 许可证 and
延续, a reader asks for 许可证延续, and nothing is found. Pairs (许可, 可证, …) need no dictionary.
"""

from __future__ import annotations

import re
from pathlib import Path

from sphinx.search import SearchLanguage
from sphinx.search.en import SearchEnglish

_HAN = "\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff"
_WORD = re.compile(f"[{_HAN}]+|[^\\W{_HAN}]+")
_IS_HAN = re.compile(f"[{_HAN}]")

SPLITTER = Path(__file__).with_name("split_query.js").read_text("utf-8").replace("HAN", _HAN)


def split(words: str) -> list[str]:
    """Return the words of a text, and the pairs of characters of what is Chinese."""
    return [part for word in _WORD.findall(words) for part in _parts(word)]


def _parts(word: str) -> list[str]:
    if len(word) < 3 or not _IS_HAN.match(word):  # noqa: PLR2004  (two pairs need three)
        return [word]
    return [word[at : at + 2] for at in range(len(word) - 1)]


class _Pairs(SearchEnglish):
    js_splitter_code = SPLITTER

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self._stemmed: dict[str, str] = {}

    def split(self, input: str) -> list[str]:  # noqa: A002  (Sphinx calls it so)
        return split(input)

    def stem(self, word: str) -> str:
        # The same words come again on every page.
        return self._stemmed.get(word) or self._stemmed.setdefault(word, super().stem(word))


class Chinese(_Pairs):
    """Pages in Chinese; what is English in them is stemmed as in English."""

    lang = "zh"


class English(_Pairs):
    """Pages in English, which quote the licence in Chinese."""

    lang = "en"


LANGUAGES: tuple[type[SearchLanguage], ...] = (Chinese, English)
