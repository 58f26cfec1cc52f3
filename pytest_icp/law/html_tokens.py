"""HTML cut into tags and text as a browser cuts it, in linear time whatever the page.

The standard library's ``html.parser`` is not used: it hands over an unclosed comment and an
unclosed last tag as text, so that a number in them would pass for shown, it takes quadratic
time on malformed pages, and it differs between versions of Python.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct, field

if TYPE_CHECKING:
    from collections.abc import Iterator


class StartTag(Struct, frozen=True):
    """An opening tag: its name in lower case, its attributes, the first of equal names."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)


class EndTag(Struct, frozen=True):
    """A closing tag."""

    name: str


class Characters(Struct, frozen=True):
    """Text, with character references resolved."""

    text: str


Token: TypeAlias = StartTag | EndTag | Characters


def names(listed: str) -> frozenset[str]:
    """Return the names in a list with spaces between them."""
    return frozenset(listed.split())


VOID: frozenset[str] = names(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param "
    "source track wbr"
)
"""Elements without content: they are never closed."""

BLOCK: frozenset[str] = names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
    "listing main menu nav ol optgroup option p plaintext pre search section summary table tbody "
    "td tfoot th thead tr ul xmp"
)
"""Elements that stand on lines of their own."""

INLINE: frozenset[str] = names(
    "a abbr acronym audio b bdi bdo big blink button canvas cite code data datalist del dfn em "
    "font head i iframe ins kbd label map mark marquee meter nobr noembed noframes noscript "
    "object output picture progress q rb rp rt rtc ruby s samp script select slot small span "
    "strike strong style sub sup svg template textarea time title tt u var video"
)
"""Other elements of HTML that have content."""

_KNOWN = VOID | BLOCK | INLINE
_RAW = names("iframe noembed noframes noscript script style textarea title xmp")
_NAME = re.compile(r"[A-Za-z][^\s/<>]*")
_GAP = re.compile(r"[\s/]*")
_ATTRIBUTE = re.compile(r"=?[^\s/>=]*")
_EQUALS = re.compile(r"\s*=\s*")
_UNQUOTED = re.compile(r"[^\s>]*")
_SIMPLE_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_COMMENT_END = re.compile(r"--!?>")
_LEAST_COMMENT = re.compile(r"<!---?>")
_END_OF_RAW = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}


def tokens(html: str) -> Iterator[Token]:
    """Cut a page, a fragment or a plain text into tags and text.

    Comments, declarations and processing instructions vanish; one that is not closed takes
    the rest of the page with it, as does a tag. ``a < b`` is text, and so is what looks like a
    tag of an unknown name but runs into another one.
    """
    return _Cutter(html).cut()


class _Cutter:
    """The place in a page, and which raw elements are known to have no end."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.at = 0
        self.endless: set[str] = set()

    def cut(self) -> Iterator[Token]:
        while self.at < len(self.html):
            start = self.html.find("<", self.at)
            end = len(self.html) if start < 0 else start
            if end > self.at:
                yield Characters(unescape(self.html[self.at : end]))
            self.at = end
            if start >= 0:
                yield from self._markup()

    def _markup(self) -> Iterator[Token]:
        follows = self.html[self.at + 1 : self.at + 3]
        if self.html.startswith("<!--", self.at):
            self._comment()
        elif follows[:1] in {"!", "?"}:
            self._skip_to(">")
        elif self._is_tag(follows):
            yield from self._tag(closing=follows[0] == "/")
        elif follows[:1] == "/" and ">" in self.html[self.at : self.at + 3]:
            self._skip_to(">")
        else:
            yield Characters("<")
            self.at += 1

    def _is_tag(self, follows: str) -> bool:
        name = _NAME.match(self.html, self.at + (2 if follows[:1] == "/" else 1))
        if name is None:
            return False
        return name.group().lower() in _KNOWN or bool(_SIMPLE_TAG.match(self.html, self.at))

    def _comment(self) -> None:
        least = _LEAST_COMMENT.match(self.html, self.at)
        end = least or _COMMENT_END.search(self.html, self.at + 4)
        self.at = end.end() if end else len(self.html)

    def _skip_to(self, sign: str) -> None:
        end = self.html.find(sign, self.at)
        self.at = len(self.html) if end < 0 else end + 1

    def _tag(self, *, closing: bool) -> Iterator[Token]:
        found = _NAME.match(self.html, self.at + 1 + closing)
        assert found is not None  # noqa: S101 - _is_tag has seen it
        name = found.group().lower()
        self.at = found.end()
        attributes = self._attributes()
        if attributes is None:
            return
        closed = self.html[self.at - 2] == "/"
        if closing:
            yield EndTag(name)
            return
        yield StartTag(name, attributes)
        if name in _RAW:
            yield from self._raw(name, closed=closed)
        elif closed and name not in _KNOWN:
            yield EndTag(name)

    def _attributes(self) -> dict[str, str] | None:
        """Read up to the end of the tag; None where the page ends first."""
        found: dict[str, str] = {}
        while True:
            self.at = self._past(_GAP)
            if self.at >= len(self.html):
                return None
            if self.html[self.at] == ">":
                self.at += 1
                return found
            start, self.at = self.at, self._past(_ATTRIBUTE)
            name = self.html[start : self.at].lower()
            value = self._value()
            if value is None:
                return None
            found.setdefault(name, value)

    def _value(self) -> str | None:
        """Read the value of an attribute, empty where it has none."""
        equals = _EQUALS.match(self.html, self.at)
        if equals is None:
            return ""
        start = equals.end()
        quote = self.html[start : start + 1]
        if quote not in {'"', "'"}:
            self.at = start
            self.at = self._past(_UNQUOTED)
            return unescape(self.html[start : self.at])
        end = self.html.find(quote, start + 1)
        self.at = len(self.html) if end < 0 else end + 1
        return None if end < 0 else unescape(self.html[start + 1 : end])

    def _past(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.html, self.at)
        return match.end() if match else self.at

    def _raw(self, name: str, *, closed: bool) -> Iterator[Token]:
        """Read an element whose content is not markup; without an end it takes all the rest.

        A self-closed one without an end (``<iframe … />``, as JSX writes it) has no content.
        """
        end = None
        if name not in self.endless:
            end = _END_OF_RAW[name].search(self.html, self.at)
        if end is None:
            self.endless.add(name)
        if end is None and closed:
            yield EndTag(name)
            return
        stop = end.start() if end else len(self.html)
        yield Characters(
            unescape(self.html[self.at : stop]) if name != "style" else self.html[self.at : stop]
        )
        self.at = stop
