"""The visible text of a page, and the links in it (可见文字、链接); the tree of its elements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from itertools import islice

from msgspec import Struct
from selectolax.lexbor import LexborHTMLParser, LexborNode

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.pages.styles import (
    COMPUTED,
    Declared,
    Lineage,
    Sheet,
    Value,
    blanks,
    conceals,
    declarations,
    ground_of,
    ink_of,
    merges,
    removes,
    shrinks,
    with_variables,
)

_BLOCK = frozenset(
    "address article aside blockquote caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li "
    "listing main menu nav ol optgroup option p plaintext pre search section summary table tbody "
    "td tfoot th thead tr ul xmp br".split()
)
"""Elements that are not part of a line."""
_CELL_FIRST = re.compile(r"\s*<t[dhr][\s>]", re.IGNORECASE)
"""The beginning of a fragment of a table."""
_NOT_RENDERED = frozenset(
    "head script style template noscript title iframe noembed noframes datalist audio video "
    "canvas progress meter rp object annotation "
    # parts of an inline SVG
    "desc defs metadata symbol mask pattern clippath lineargradient radialgradient".split()
)

ELEMENTS = frozenset(
    "a abbr acronym address area article aside audio b base basefont bdi bgsound big "
    "blockquote body br button canvas caption center cite code col colgroup data datalist dd "
    "details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer form "
    "frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins "
    "kbd label legend li link main map mark marquee math menu meta meter mrow mtext nav nobr "
    "noembed noframes noscript object ol optgroup option output p param picture plaintext pre "
    "progress q rb rp rt rtc ruby samp script search section select small source span strong "
    "style sub summary sup svg table tbody td template textarea tfoot th thead time title tr "
    "track tt u ul var video wbr xmp "
    # what groups in Angular, and shows text in uni-app
    "ng-container view "
    # parts of an inline SVG
    "circle clippath defs desc ellipse filter foreignobject g image line lineargradient mask "
    "metadata path pattern polygon polyline radialgradient rect stop symbol text tspan use".split()
)
"""Elements that show what is in them as it is written, or never; of ``del`` that is not so."""
_NAMESPACED = re.compile(r"(?:o|v|w|m|st[0-9]|svg|fb|g|wb|qz):\S++|asp:content")
"""Elements of Word, of maps and of social networks, which show what is in them."""
_PLAIN = (
    r"(?:key|href|src\w*|id|title|alt|to|target|rel|name|value|type|width|height|lang|index|size"
    r"|color|label|placeholder|routerlink\w*|click|action|(?:attr\.)?(?:data|aria)-\S++)"
)
_DIRECTIVE = re.compile(
    # What hides nothing: a value of an attribute, an event, a name
    rf"(?!(?:(?:v-bind|x-bind|[a-z-]{{0,7}})[:-]|\[){_PLAIN}(?:[.:]\S*+|\])?\Z|[@#(]"
    r"|(?:v-on|x-on|on|v-slot|xmlns|xml|xlink|transition|in|out|animate|o|v|w|m|fb|wb):"
    r"|v-(?:on|once|cloak|pre|memo|slot|model|loading|lazy|ripple)\b|x-(?:data|init|on|cloak)\b"
    r"|ng-(?:app|controller|version|reflect|server)\b|asp-(?!if|visible)|(?:uk|hx)-"
    r"|(?:data-)?th[:-](?:fragment|inline|with|object)\Z)"
    r"(?:[^\s:*@#\[({<.]*+[:*@#\[({<.]\S*+|(?:data-(?:ng|th|sly|win|rv)|[a-z]{1,3})-\S++"
    r"|data-(?:if|show|hide|visible|bind|text|html|each|repeat|include|i18n\S*+|translate\S*+)"
    r"|if|unless|each|repeat|show|hide|visible|rendered|condition|i18n\S*+|ref|is|include-html"
    r"|innerhtml|dangerouslysetinnerhtml)"
)
"""Attributes by which a server or a script may leave an element out, or replace what is in it."""


_CLASS = re.compile(
    r"(?:v-bind|x-bind)?:class|(?:data-)?ng-class|\[(?:ng)?class[\w.-]*\]"
    r"|(?:data-)?th[:-]class(?:append)?"
)
HIDING = re.compile(
    r"(?<![\w:-])(?!(?:\w++:)*+(?:overflow-(?:[xy]-)?hidden|border-collapse"
    r"|(?:leading|select|shadow|outline|border|list|resize|appearance|rounded|transition|touch|float"
    r"|bg|max-[wh]|ring|blur|(?:text-)?decoration|(?:pointer-)?events)-none)(?![\w-]))"
    r"[\w:-]*(?:hid|none|invis|collapse|sr-only)",
    re.IGNORECASE,
)
"""What is in an expression that gives an element a class by which it is hidden."""
_HIDDEN = re.compile(
    r"(?:.*\s)?(?:hidden|hide|none|dn|d-none|invisible|(?:sr-only|visually-hidden)(?:-focusable)?"
    r"|screen-reader-text|line-through|-(?:left|top|indent|translate-[xy])-\[\d{4}\w{0,9}\]|(?:opacity|scale)-0|text-transparent|text-\[0\w*\]|is-hidden|uk-hidden|layui-hide|am-hide|mui-hidden|fn-hide"
    r"|text-hide|visible-print-\w+)(?:\s.*)?"
    r"|(?=.*\boverflow-(?:[xy]-)?hidden)(?!.*\b(?:flex-1|grow|min-))(?:.*\s)?(?:max-)?[wh]-(?:0|px)(?:\s.*)?"
    # Bootstrap and Layui open these with a further class.
    r"|(?!.*\b(?:show|in|active)\b)(?:.*\s)?(?:collapse|modal|tab-pane|dropdown-menu|offcanvas|toast"
    r"|fade|carousel-item|layui-tab-item|layui-colla-content)(?:\s.*)?",
    re.DOTALL,
)
_WIDER = r"(?<![\w-])(?:sm|md|lg|xl|2xl):"
_RESPONSIVE = {
    "d-none": re.compile(r"(?<![\w-])d-(?:sm|md|lg|xl|xxl)-(?!none)\w"),
    "hidden": re.compile(rf"{_WIDER}(?:block|flex|grid|inline|table|contents|flow-root|list-item)"),
    "invisible": re.compile(f"{_WIDER}visible"),
    "sr-only": re.compile(f"{_WIDER}not-sr-only"),
    "opacity-0": re.compile(f"{_WIDER}opacity-[1-9]"),
    "scale-0": re.compile(f"{_WIDER}scale-[1-9]"),
}
"""Classes that hide, with what of the same style sheets shows the element on some screens."""
_STYLED = "link[rel~=stylesheet], link[onload], script[src]"
"""What brings styles that are not on the page; the scripts of Tailwind and Vite do."""
_TURNED = re.compile("[\u202d\u202e]")
"""Signs behind which text is shown from its end."""


class Link(Struct, frozen=True):
    """A link (链接): its address and its text."""

    address: str
    text: str


class PageContent(Confidential, Struct, frozen=True):
    """The visible text of a page, and the links in it.

    ``doubts`` are what makes it doubtful that an element is visible, each with the text of the
    element: a class that a style sheet or script, which the page links to, may hide, or an
    attribute by which a script may leave it out. Such an element does not count as visible.
    """

    text: str
    links: tuple[Link, ...]
    doubts: tuple[tuple[str, str], ...] = ()


class _Box(Struct):
    """An open element: its children still to read, and whether its text is visible."""

    tag: str
    children: Iterator[LexborNode]
    lineage: Lineage
    concealed: bool = False
    shrunk: bool = False
    blank: bool = False
    ink: Value = ""
    ground: Value = ""
    address: str | None = None
    start: int = 0
    """How many pieces of text precede it."""


@lru_cache(maxsize=8)
def read(html: str) -> PageContent:
    """Read a page; it may be malformed or a fragment. Time and memory are linear in its length.

    Several rules look at the same page, one after the other.
    """
    html = with_variables(html)
    # Outside a table, the tags of cells are dropped, and what they separate is one word.
    tree = parse(f"<table>{html}" if _CELL_FIRST.match(html) else html)
    page = _Page(Sheet(tree), linked=tree.css_first(_STYLED) is not None)
    page.read(tree)
    return PageContent("".join(page.text), tuple(page.links), tuple(page.doubts))


class _Page:
    """The open elements at a point of a page, and the text and links so far."""

    def __init__(self, sheet: Sheet, *, linked: bool) -> None:
        self.sheet = sheet
        self.linked = linked
        self.doubts: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.links: list[Link] = []
        self.open: list[_Box] = []

    def read(self, tree: LexborHTMLParser) -> None:
        """Read all elements; those inside hidden ones are skipped."""
        self.open.append(_Box("", (root for root in (tree.root,) if root), Lineage()))
        while self.open:
            box = self.open[-1]
            node = next(box.children, None)
            if node is None:
                self._end(self.open.pop())
            elif node.tag != "-text":
                self._start(node, box)
            elif not (box.concealed or box.shrunk or box.blank or merges(box.ink, box.ground)):
                self._add(node.text_content or "")

    def _add(self, text: str) -> None:
        turned = _TURNED.search(text)
        if turned:
            self.doubts.append((turned[0], text))
        else:
            self.text.append(text)

    def _start(self, node: LexborNode, parent: _Box) -> None:
        tag, attributes = node.tag or "", node.attributes
        self._break(tag)
        met = self.sheet.met(node.mem_id, parent.lineage)
        lineage = parent.lineage.child(met)
        declared = self.sheet.declared(met, attributes.get("style") or "")
        if tag in {"svg", "g", "text", "tspan"} and not _OF_SVG.keys().isdisjoint(attributes):
            declared = {**_of_svg(attributes), **declared}
        if old := _OLD.intersection(attributes):
            declared = {**_of_old(tag, attributes, old), **declared}
        if removes(declared) or _is_unseen(node, attributes, declared):
            return
        named = attributes.get("class") or ""
        doubt = tag if _is_strange(tag) else _replacing(attributes)
        if self.linked and "display" not in declared and may_hide(named):
            doubt = doubt or named
        doubt = doubt or next((name for name in declared if declared[name] == COMPUTED), "")
        if doubt:
            self.doubts.append((doubt, node.text()))
            return
        concealed, shrunk, blank = conceals(declared), shrinks(declared), blanks(declared)
        ink, ground = ink_of(declared), ground_of(declared)
        if ink is None:
            # A browser gives links a colour of their own.
            ink = "" if tag == "a" and "href" in attributes else parent.ink
        self.open.append(
            _Box(
                tag,
                _children(node, attributes),
                lineage,
                concealed=parent.concealed if concealed is None else concealed,
                shrunk=parent.shrunk if shrunk is None else shrunk,
                blank=parent.blank if blank is None else blank,
                ink=ink,
                ground=parent.ground if ground is None else ground,
                address=_address(attributes) if tag == "a" else None,
                start=len(self.text),
            )
        )

    def _end(self, box: _Box) -> None:
        self._break(box.tag)
        if box.address is not None:
            text = "".join(self.text[box.start :])
            self.links.append(Link(box.address.strip(), text))

    def _break(self, tag: str) -> None:
        """Begin a new line before and after an element that is not part of a line."""
        if tag in _BLOCK and self.text and not self.text[-1].endswith("\n"):
            self.text.append("\n")


_OLD = frozenset({"bgcolor", "background", "color", "text"})
"""Attributes that give colours."""
_OF_SVG = {"fill": "color", "fill-opacity": "opacity", "width": "width", "height": "height"} | {
    name: name for name in ("display", "visibility", "opacity", "font-size")
}
"""Attributes of parts of an SVG that say what a style sheet would."""


def _of_old(tag: str, attributes: Mapping[str, str | None], old: Set[str]) -> Declared:
    """Return what attributes of old pages declare."""
    names = {"bgcolor": "background-color", "background": "background-image"}
    names |= {"color": "color"} if tag == "font" else {"text": "color"} if tag == "body" else {}
    style = ";".join(f"{names[one]}:{attributes[one]}" for one in old & names.keys())
    return declarations(style)[0]


def _of_svg(attributes: Mapping[str, str | None]) -> Declared:
    """Return what attributes of a part of an SVG declare; what is outside of it is not shown."""
    given = (f"{name}:{attributes[of]}" for of, name in _OF_SVG.items() if of in attributes)
    return declarations(";".join(("overflow:hidden", *given)).replace("color:none", "color:#0000"))[
        0
    ]


def _replacing(attributes: Mapping[str, str | None]) -> str:
    """Return the attribute that says that its element may be left out; empty if there is none."""
    return next((name for name, value in attributes.items() if _is_replaced((name, value))), "")


def _is_strange(tag: str) -> bool:
    """Whether a tag is none of HTML; what scripts define has a hyphen, and is rendered by then."""
    return not (tag in ELEMENTS or "-" in tag or tag[0] == "!" or _NAMESPACED.fullmatch(tag))


def _is_replaced(attribute: tuple[str, str | None]) -> bool:
    """Whether an attribute says that a server or a script may leave its element out."""
    name, value = attribute
    if _CLASS.fullmatch(name):
        # An expression in braces was blanked out.
        return not (value or "").strip() or HIDING.search(f"{name}{value}") is not None
    if name == "hx-trigger":
        return "load" in (value or "")
    if name in {"th:attr", "th:attrappend"}:
        return re.search(r"\b(?:class|style|hidden)\b", value or "") is not None
    return _DIRECTIVE.fullmatch(name) is not None


_COMPUTED_ADDRESS = re.compile(r"(?:v-bind|x-bind)?:href|(?:data-)?(?:th[:-]|ng-)href|\[href\]")


def _address(attributes: Mapping[str, str | None]) -> str | None:
    """Return the address of a link, empty if it is computed; None if it has none."""
    computed = any(map(_COMPUTED_ADDRESS.fullmatch, attributes))
    return "" if computed else attributes.get("href")


def may_hide(classes: str) -> bool:
    """Whether style sheets that are widely used hide an element of some classes everywhere."""
    # Tailwind marks what is important, and may have a prefix.
    named = [one.strip("!").removeprefix("tw-").removeprefix("tw:") for one in classes.split()]
    left = [one for one in named if not (one in _RESPONSIVE and _RESPONSIVE[one].search(classes))]
    return _HIDDEN.fullmatch(" ".join(left)) is not None


def _children(node: LexborNode, attributes: Mapping[str, str | None]) -> Iterator[LexborNode]:
    """Return the children of an element; closed details and lists show only the first of them."""
    if node.tag == "details" and "open" not in attributes:
        return islice((child for child in node.iter() if child.tag == "summary"), 1)
    if node.tag == "select":
        return islice((child for child in node.iter() if "hidden" not in child.attributes), 1)
    return node.iter(include_text=True)


def _is_unseen(node: LexborNode, attributes: Mapping[str, str | None], declared: Declared) -> bool:
    """Return whether browsers hide an element by default."""
    return (
        node.tag in _NOT_RENDERED
        or (node.tag == "dialog" and "open" not in attributes)
        or "popover" in attributes
        or ("hidden" in attributes and "display" not in declared)
    )


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
