"""Words set in HTML so that they stay words, in the languages of the run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape

from pytest_icp.kinds.result import Spot
from pytest_icp.law.text import Text
from pytest_icp.reports.layout import inert, shortened
from pytest_icp.reports.safe import MOST
from pytest_icp.reports.words import Language

_TAGS = {"zh": "zh-CN", "en": "en"}
_COMMAND = re.compile(r"(?<!\S):(?=:)")
"""By which a CI service knows a command when a report is printed into its log."""

_BEFORE, _AFTER = 60, 120
"""Characters of a long line that are shown on either side of a fact."""


def plain_words(text: str, most: int = MOST) -> str:
    """Return a text of a user's on one line."""
    return _escaped(shortened(text, most))


# The words of a rule come back wherever it is named.
@lru_cache(maxsize=2048)
def _escaped(short: str) -> str:
    safe = escape(inert(short))
    return _COMMAND.sub("&#58;", safe) if "::" in safe else safe


def words(text: Text, language: Language, most: int = MOST) -> str:
    """Return a text in the languages asked for, each marked as what it is."""
    if language != "both" or text.zh == text.en:
        return plain_words(text.zh if language == "zh" else text.en, most)
    zh, en = plain_words(text.zh, most), plain_words(text.en, most)
    return (
        f'<span lang="{_TAGS["zh"]}">{zh}</span><span class="between"> · </span>'
        f'<span lang="{_TAGS["en"]}">{en}</span>'
    )


def plain_in(text: Text, language: Language) -> str:
    """Return a text for places that hold no elements: attributes, titles, drawings."""
    if language != "both" or text.zh == text.en:
        return plain_words(text.zh if language == "zh" else text.en)
    return plain_words(f"{text.zh} · {text.en}")


def paragraphs(text: Text, language: Language) -> Iterator[str]:
    """Yield a paragraph for each language."""
    for lang, said in (("zh", text.zh), ("en", text.en)):
        if language in {lang, "both"}:
            yield f'<p lang="{_TAGS[lang]}">{plain_words(said, 4 * MOST)}</p>'


def anchor(rule_id: str) -> str:
    """Return the id of the part of the page that is about a rule."""
    return "r-" + re.sub("[^A-Za-z0-9-]", "-", rule_id)[:80]


def excerpt(spot: Spot) -> str:
    """Return the line of a fact with the fact marked; nothing where there is no line."""
    if not spot.line or not spot.excerpt:
        return ""
    start = (spot.column or 1) - 1
    end = start + max(spot.width, 1)
    first = max(0, start - _BEFORE)
    last = min(len(spot.excerpt), end + _AFTER, first + _BEFORE + 2 * _AFTER)
    before = ("…" if first else "") + escape(inert(spot.excerpt[first:start]))
    fact = escape(inert(spot.excerpt[start : min(end, last)]))
    after = escape(inert(spot.excerpt[end:last])) + ("…" if last < len(spot.excerpt) else "")
    return (
        f'<pre class="excerpt" tabindex="0"><span class="number">{spot.line}</span> '
        f"{before}<mark>{fact}</mark>{after}</pre>"
    )
