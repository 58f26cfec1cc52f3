"""The tree of elements that a browser builds from a page (网页的元素树)."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser

MOST_OPEN = 1000
"""How many elements may be open at once; browsers stop at half as many."""

MOST_COPIED = 2**25
"""How many characters of tags the parser may copy, each tag with `_NODE` more."""

_NODE = 64
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Elements that continue in the following paragraphs until they are closed."""
_RAW = "script|style|textarea|title|iframe|noembed|noframes|noscript|xmp"
# A comment, an element whose content is not markup, or a tag. No alternative fails after its
# first characters, so that the search takes linear time.
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
# Open elements that a start tag closes implicitly.
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
    """Return a page up to where too many elements are open or repeated.

    The parser's time grows with the square of the open elements. An unclosed formatting element
    continues in each following paragraph: the parser copies its tag.
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
    """Close an element and those inside it whose end tag is optional, if nothing else is open."""
    at = len(names) - 1
    while at >= 0 and names[at] != name and names[at] in _ENDED_WITH_PARENT:
        at -= 1
    if at >= 0 and names[at] == name:
        del names[at:]
