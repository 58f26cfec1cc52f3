"""Text from a user's files made harmless: no control characters, no endless lines, valid JSON."""

from __future__ import annotations

import json
import re
from codecs import utf_16_le_encode
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pytest_icp.reports.layout import inert, shortened

MOST = 1000
"""Characters of one value that a report shows; a value may be a whole file."""

_OBEYED = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ue000-\uf8ff\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_HALVES = re.compile("[\ud800-\udfff]")
# `json.dumps` makes an encoder at every call.
_COMPACT = json.JSONEncoder(ensure_ascii=False).encode
_INDENTED = json.JSONEncoder(ensure_ascii=False, indent=2).encode


def one_line(text: str, most: int = MOST) -> str:
    """Return a text on one line, without what a terminal or a page obeys, cut where it is long."""
    return inert(shortened(text, most))


def json_text(value: object, *, indented: bool = False) -> str:
    """Return JSON in UTF-8 whose invisible characters are written as escapes.

    What is half a character, as JSON may write one, becomes U+FFFD.
    """
    text = (_INDENTED if indented else _COMPACT)(value)
    if text.isprintable() and (text.isascii() or _in_two_bytes(text)):
        return text
    if _HALVES.search(text):
        text = _HALVES.sub("\ufffd", text)
    return _OBEYED.sub(_escape, text)


def quoted(text: str) -> str:
    """Return a text, made one line, as JSON: a part of which larger JSON is put together.

    What many findings share is so encoded once, and not with each of them.
    """
    return _quoted(shortened(text, MOST))


@lru_cache(maxsize=2048)
def _quoted(short: str) -> str:
    # Most names, paths and days are such; `json_text` would look for what they cannot hold.
    if short.isascii() and short.isprintable():
        return _COMPACT(short)
    return json_text(inert(short))


def json_lines(items: Sequence[str]) -> Iterator[str]:
    """Yield the pieces of a JSON array of items that are JSON already, one a line."""
    before = "[\n"
    for item in items:
        yield before
        yield item
        before = ",\n"
    yield "\n]" if items else "[]"


def _in_two_bytes(text: str) -> bool:
    """Whether every character is of the plane in which what is obeyed is not printable."""
    # The function itself: a codec is looked up by its name each time.
    return len(utf_16_le_encode(text)[0]) == 2 * len(text)


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
