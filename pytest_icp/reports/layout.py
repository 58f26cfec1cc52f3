"""Text laid out for a terminal, where Chinese characters are two columns wide, and made safe."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import accumulate

import msgspec

from pytest_icp.law.text import Text

LONGEST = 4000
"""Characters of a text that are laid out: more than any provision has. A value may be a file."""

_MOST_LINES = 100
_INERT = {"\t": " ", "\n": " "}
_WIDE = 2
_OBEYED = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
COMMAND = re.compile(r"##(?=[A-Za-z]{0,20}\[)")
"""What a CI service takes for a command wherever in a line it stands: ``##[…]``, ``##vso[…]``."""


HIDDEN = re.compile("[\U000e0100-\U000e01ef]")
"""Selectors of variants, which count as printable: many in a row can hide a text."""

_CLOSING = frozenset("，。、；：？！）》”’」』】〕…)],.;:?!")
_OPENING = frozenset("（《“‘「『【〔([")
_MOST_SHOWN = 1000
"""Characters of one value that a report shows; a value may be a whole file."""

# All that is not printable: `json_text` looks for it only in text that holds something such.
_INVISIBLE = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ue000-\uf8ff\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef\U000f0000-\U0010ffff]"
)
_HALVES = re.compile("[\ud800-\udfff]")


def inert(text: str) -> str:
    """Return text without control and direction characters, so that no terminal obeys it.

    Nor does a CI service find a command in the middle of it, or anybody a text that is not seen.
    """
    clean = text.isprintable() and (text.isascii() or HIDDEN.search(text) is None)
    shown = text if clean else "".join(map(_inert, text))
    return COMMAND.sub("#…", shown) if "##" in shown else shown


@cache
def _inert(character: str) -> str:
    unseen = unicodedata.category(character) in _OBEYED or HIDDEN.match(character)
    return _INERT.get(character, "\ufffd" if unseen else character)


def width(text: str) -> int:
    """Return how many columns a text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, columns: int) -> str:
    """Return the text filled with spaces to so many columns; longer text stays as it is."""
    return text + " " * max(0, columns - width(text))


def cut(text: str, columns: int) -> str:
    """Return the text in at most so many columns, with ``…`` where something is left out."""
    if _fitting(text, columns) is None:
        return text
    return f"{text[: _fitting(text, columns - 1)]}…"


def shortened(text: str, most: int = LONGEST) -> str:
    """Return the text in at most so many characters, with ``…`` where something is left out."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def ruled(title: str, columns: int, line: str) -> str:
    """Return a title in the middle of a line drawn across so many columns."""
    rest = max(columns - width(title) - 2, 2)
    return f"{line * (rest // 2)} {title} {line * (rest - rest // 2)}"


def wrap(text: str, columns: int, *, indent: str = "") -> list[str]:
    """Break a text into inert lines of at most so many columns; later ones begin with ``indent``.

    Lines break at spaces and beside any double-width character, never before closing or behind
    opening punctuation; only a word that is wider than a line is broken anywhere. Of a text that is
    longer than any that is to be read, the rest is left out.
    """
    shown = inert(shortened(text))
    if width(shown) <= columns:
        return [uncommanded(shown.rstrip())]
    lines: list[str] = []
    line, used = "", 0
    for word in _words(shown):
        wide = width(word)
        bare = width(word.rstrip()) if word[-1:].isspace() else wide
        if used + bare > columns and line.strip():
            lines.append(line.rstrip())
            line, used = indent, width(indent)
            if word[:1].isspace():
                # The space at a break is the break.
                word = word.lstrip()  # noqa: PLW2901 - what is left of it
                wide = width(word)
        line += word
        used += wide
        while used > columns and (end := _fitting(line.rstrip(), columns)) is not None:
            fitting = max(len(indent) + 1, end)
            lines.append(line[:fitting].rstrip())
            line = indent + line[fitting:]
            used = width(line)
    whole = [*lines, line.rstrip()] if line.strip() or not lines else lines
    return [uncommanded(one) for one in whole]


def item(text: str, columns: int) -> list[str]:
    """Break an item of a list into lines: two columns in, later lines four."""
    return wrap(f"  {text}", columns, indent="    ")


def uncommanded(line: str) -> str:
    """Return a line that no CI service takes for a command, as it would one after spaces."""
    words = line.lstrip()
    if not words.startswith(("::", "##")):
        return line
    return f"{line[: len(line) - len(words)]}…{words[1:]}"


def to_paste(text: str, lead: str, columns: int) -> Iterator[str]:
    """Yield lines of YAML for a reader to copy: never broken, only a comment is cut."""
    for line in shortened(text).splitlines()[:_MOST_LINES]:
        shown = inert(line)
        value, mark, _ = shown.partition("  # ")
        room = columns - width(lead)
        whole = cut(shown, max(room, width(value + mark) + 1)) if mark else shown
        yield uncommanded(f"{lead}{whole}")


def caret_lines(
    excerpt: str, column: int, length: int, columns: int, *, lead: str, under: str = ""
) -> Iterator[str]:
    """Yield a line behind its ``lead``, and the carets behind ``under`` or as much room.

    ``column`` is that of the first character of the fact, from 1, and ``length`` how many
    characters it has.
    A line that is too long is shown from where the carets can be seen.
    """
    before, shown = _window(excerpt, column, columns - width(lead))
    room = width(shown) - before
    fact = excerpt[column - 1 : column - 1 + min(length, columns)]
    carets = "^" * max(1, min(width(inert(fact)), room))
    yield uncommanded(f"{lead}{shown}")
    yield f"{under or ' ' * width(lead)}{' ' * before}{carets}"


def _window(text: str, column: int, columns: int) -> tuple[int, str]:
    """Return the part of a line around a column, and how many columns stand before it."""
    # A file of JSON may be one line.
    start = max(0, column - 1 - columns)
    before = inert(text[start : column - 1])
    while width(before) > columns * 2 // 3:
        start, before = start + 1, before[1:]
    lead = f"…{before}" if start else before
    rest = inert(text[column - 1 : column - 1 + 2 * columns])
    # The two may be a command together.
    return width(lead), cut(inert(lead + rest), columns)


def _fitting(text: str, columns: int) -> int | None:
    """Return how many characters fit into so many columns; None where all of them do."""
    if width(text) <= columns:
        return None
    ends = enumerate(accumulate(map(_columns, text)))
    return next(i for i, end in ends if end > columns)


def _words(text: str) -> Iterator[str]:
    """Yield the pieces between which a line may break."""
    *spaced, last = text.split(" ")
    for token in spaced:
        *pieces, end = [token] if token.isascii() else _pieces(token)
        yield from pieces
        yield f"{end} "
    yield from _pieces(last)


def _pieces(token: str) -> Iterator[str]:
    """Yield the pieces of a text without spaces: it breaks beside double-width characters."""
    word = ""
    for c in token:
        beside = word and _WIDE in (_columns(word[-1]), _columns(c))
        if beside and c not in _CLOSING and word[-1] not in _OPENING:
            yield word
            word = c
        else:
            word += c
    yield word


def one_line(text: str, most: int = _MOST_SHOWN) -> str:
    """Return a text on one line, without what a terminal or a page obeys, cut where it is long."""
    return inert(shortened(text, most))


def both_languages(text: Text) -> dict[str, str]:
    """Return a text in both languages, each on one line, as JSON has it."""
    return {"zh": one_line(text.zh), "en": one_line(text.en)}


def given(fields: Mapping[str, object]) -> dict[str, object]:
    """Return the fields of a JSON object that have a value."""
    return {name: value for name, value in fields.items() if value is not None}


def json_text(value: object, *, indented: bool = False) -> str:
    """Return JSON in UTF-8 whose invisible characters are written as escapes.

    So is what a CI service that prints it would take for a command. What is half a character, as
    JSON may write one, becomes U+FFFD.
    """
    text = json.dumps(value, ensure_ascii=False)
    if not text.isprintable() or HIDDEN.search(text):
        text = _INVISIBLE.sub(_escaped, _HALVES.sub("\ufffd", text))
    if "##" in text:
        text = COMMAND.sub(r"#\\u0023", text)
    # In Python, `json.dumps` would indent ten times slower.
    return msgspec.json.format(text, indent=2) if indented else text


def _escaped(found: re.Match[str]) -> str:
    return json.dumps(found.group())[1:-1]
