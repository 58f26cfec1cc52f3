"""Text from users' files made safe: no control characters, no endless lines, valid JSON."""

from __future__ import annotations

import json
import re

import msgspec

from pytest_icp.law.text import Text
from pytest_icp.reports.layout import COMMAND, HIDDEN, inert, shortened

MOST = 1000
"""Characters of one value that a report shows; a value may be a whole file."""

# All that is not printable: `json_text` looks for it only in text that holds something such.
_OBEYED = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ue000-\uf8ff\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef\U000f0000-\U0010ffff]"
)
_HALVES = re.compile("[\ud800-\udfff]")


def one_line(text: str, most: int = MOST) -> str:
    """Return a text on one line, without what a terminal or a page obeys, cut where it is long."""
    return inert(shortened(text, most))


def both_languages(text: Text) -> dict[str, str]:
    """Return a text in both languages, each on one line, as JSON has it."""
    return {"zh": one_line(text.zh), "en": one_line(text.en)}


def json_text(value: object, *, indented: bool = False) -> str:
    """Return JSON in UTF-8 whose invisible characters are written as escapes.

    So is what a CI service that prints it would take for a command. What is half a character, as
    JSON may write one, becomes U+FFFD.
    """
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable() or HIDDEN.search(text):
        text = _OBEYED.sub(_escape, _HALVES.sub("\ufffd", text))
    if "##" in text:
        text = COMMAND.sub(r"#\\u0023", text)
    # In Python, `json.dumps` would indent ten times slower.
    return msgspec.json.format(text, indent=2) if indented else text


def _escape(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
