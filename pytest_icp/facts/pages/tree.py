"""A page as the tree that a browser makes of it (网页的元素树)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

MOST_OPEN = 1000
"""How many elements may be open at once; browsers stop at half as many."""

MOST_COPIED = 2**25
"""How many characters of tags the parser may copy, each tag with `_NODE` more."""

_NODE = 64
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Elements that go on in the paragraphs behind them until somebody ends them."""
_RAW = "script|style|textarea|title|iframe|noembed|noframes|noscript|xmp"
# A comment, an element whose content is no markup, or a tag. No alternative fails after its
# first signs, so that the search takes linear time.
_MARKUP = re.compile(
    rf"""<!--(?:-?>|.*?(?:--!?>|\Z))
    | <({_RAW})(?=[\s/>]).*?(?:</\1(?=[\s/>])|\Z)
    | <(?P<end>/?)(?P<name>[a-z][^\s/>]*)
      (?:=\s*(?:"[^"]*(?:"|\Z)|'[^']*(?:'|\Z)|[^\s>"'][^\s>]*)?|[^>=])*+(?:>|\Z)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_VOID = frozenset(
    "area base basefont bgsound br col embed frame hr image img input keygen link meta param "
    "source track wbr".split()
)
_CELLS = frozenset({"p", "td", "th"})
_ROWS = _CELLS | {"tr"}
# Which open elements a start tag ends although nobody wrote their end.
_ENDED_BY = {
    "p": frozenset({"p"}),
    "li": frozenset({"p", "li"}),
    "option": frozenset({"option"}),
    **dict.fromkeys(("dt", "dd"), frozenset({"p", "dt", "dd"})),
    **dict.fromkeys(("td", "th"), _CELLS),
    "tr": _ROWS,
    **dict.fromkeys(("thead", "tbody", "tfoot"), _ROWS | {"thead", "tbody", "tfoot"}),
}
_ENDED_WITH_PARENT = frozenset(_ENDED_BY) | {"span"}


def parse(html: str) -> LexborHTMLParser:
    """Return the tree of a page, a fragment or a text, as a browser that runs scripts sees it."""
    return LexborHTMLParser(_within_limits(html).encode("utf-8", "replace"), scripting=True)


def _within_limits(html: str) -> str:
    """Return a page up to where more elements are open, or repeated, than any page needs.

    The parser's time grows with the square of the elements that are open. A word in bold that
    nobody ends is bold in each paragraph that follows: the parser copies the tag.
    """
    names: list[str] = []
    copied = [0]
    total = 0
    for tag in _MARKUP.finditer(html):
        name = (tag["name"] or "").lower()
        if tag["end"]:
            _close(names, name)
        elif name and name not in _VOID:
            while names and names[-1] in _ENDED_BY.get(name, ()):
                names.pop()
            names.append(name)
            size = len(tag[0]) + _NODE if name in _FORMATTING else 0
            copied[len(names) :] = [copied[len(names) - 1] + size]
        total += copied[len(names)]
        if len(names) > MOST_OPEN or total > MOST_COPIED:
            return html[: tag.start()]
    return html


def _close(names: list[str], name: str) -> None:
    """Close an element, and those in it whose end need not be written, if nothing else is open."""
    at = len(names) - 1
    while at >= 0 and names[at] != name and names[at] in _ENDED_WITH_PARENT:
        at -= 1
    if at >= 0 and names[at] == name:
        del names[at:]
