"""The text of a page that a reader can see (可见文字)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.law.hiding import OUTSIDE, Lineage, Sheet, conceals, removes, shrinks
from pytest_icp.law.html_tokens import (
    BLOCK,
    VOID,
    Characters,
    EndTag,
    StartTag,
    Token,
    names,
    tokens,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOT_RENDERED = names(
    "script style template noscript title iframe noembed noframes datalist audio video "
    # of a picture drawn in the page
    "desc defs metadata symbol"
)
_BARRIERS = frozenset(("table", "td", "th", "caption", "template", "object", "button"))
_TABLE = names("table caption thead tbody tfoot tr td th")
_ENDS_PARAGRAPH = BLOCK - _TABLE - {"body", "html", "legend", "option", "optgroup"} | {"table"}
_ROWS = ("thead", "tbody", "tfoot")
_LISTS = ("ul", "ol", "menu", "dir")
# What an opening tag closes although nobody wrote the end, and what shields it from that.
_ENDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "li": (("li",), _LISTS),
    "dt": (("dt", "dd"), ("dl",)),
    "dd": (("dt", "dd"), ("dl",)),
    "option": (("option",), ("select",)),
    "optgroup": (("optgroup", "option"), ("select",)),
    "td": (("td", "th"), ("table",)),
    "th": (("td", "th"), ("table",)),
    "tr": (("tr",), ("table",)),
    **dict.fromkeys(_ROWS, (_ROWS, ("table",))),
}


def visible_text(html: str) -> str:
    """Return the text that a reader of a page sees, without what is hidden (可见文字).

    Left out are comments, scripts, styles, titles, attributes, what ``hidden`` or a style
    hides (``display``, ``visibility``, ``opacity``, ``font-size`` 0, off the page), closed
    ``<details>`` and ``<dialog>``. Inline elements join without a space, others stand on lines
    of their own. A plain text comes back as it is. The page may be malformed or a fragment;
    time and memory are linear in its length.
    """
    read = tuple(tokens(html))
    page = _Page(Sheet(_styles(read)))
    for token in read:
        page.take(token)
    return "".join(page.text)


def _styles(read: Iterable[Token]) -> str:
    """Return the rules of all ``<style>`` elements for screens."""
    sheets: list[str] = []
    inside = False
    for token in read:
        if isinstance(token, Characters):
            if inside:
                sheets.append(token.text)
        else:
            inside = isinstance(token, StartTag) and _is_for_screens(token)
    return "\n".join(sheets)


def _is_for_screens(tag: StartTag) -> bool:
    media = tag.attributes.get("media", "").strip().lower()
    return tag.name == "style" and media in {"", "all", "screen"}


class _Box(Struct):
    """An open element: what of its text is seen; of closed details only the summary is."""

    name: str
    lineage: Lineage = OUTSIDE
    gone: bool = False
    concealed: bool = False
    shrunk: bool = False
    folded: bool = False
    summarised: bool = False

    @property
    def shows(self) -> bool:
        return not (self.gone or self.concealed or self.shrunk or self.folded)


class _Page:
    """The open elements at a place of a page and the text seen so far.

    ``open`` and ``blocks`` hold places on the stack, by name and of all block elements, so
    that every question about what is open is answered without looking through the stack.
    """

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.text: list[str] = []
        self.stack = [_Box("")]
        self.open: dict[str, list[int]] = {}
        self.blocks: list[int] = []

    def take(self, token: Token) -> None:
        if isinstance(token, StartTag):
            self._start(token)
        elif isinstance(token, EndTag):
            self._end(token.name)
        elif token.text and self.stack[-1].shows:
            self.text.append(token.text)

    def _start(self, tag: StartTag) -> None:
        if tag.name in _ENDS_PARAGRAPH:
            self._imply(("p",), tuple(_BARRIERS))
        closes = _ENDS.get(tag.name)
        if closes:
            self._imply(*closes)
        self._break(tag.name)
        if tag.name not in VOID:
            self._push(tag)

    def _push(self, tag: StartTag) -> None:
        self.open.setdefault(tag.name, []).append(len(self.stack))
        if tag.name in BLOCK:
            self.blocks.append(len(self.stack))
        self.stack.append(self._box(tag))

    def _box(self, tag: StartTag) -> _Box:
        parent = self.stack[-1]
        declared, lineage = self.sheet.look(tag.name, tag.attributes, parent.lineage)
        concealed, shrunk = conceals(declared), shrinks(declared)
        sums_up = parent.name == "details" and tag.name == "summary" and not parent.summarised
        parent.summarised |= sums_up
        return _Box(
            tag.name,
            lineage,
            gone=parent.gone or removes(declared) or _is_unseen(tag, declared.get("display")),
            concealed=parent.concealed if concealed is None else concealed,
            shrunk=parent.shrunk if shrunk is None else shrunk,
            folded=(parent.folded and not sums_up) or _is_closed(tag, "details"),
        )

    def _end(self, name: str) -> None:
        self._break(name)
        place = self._place(name)
        if place is None or place < self._last(_shield(name)):
            return
        if name not in BLOCK and self.blocks and self.blocks[-1] > place:
            return
        self._pop_to(place)

    def _imply(self, names: tuple[str, ...], shields: tuple[str, ...]) -> None:
        place = self._last(names)
        if place > self._last(shields):
            self._pop_to(place)

    def _pop_to(self, place: int) -> None:
        while len(self.stack) > place:
            self.open[self.stack.pop().name].pop()
        while self.blocks and self.blocks[-1] >= place:
            self.blocks.pop()

    def _place(self, name: str) -> int | None:
        places = self.open.get(name)
        return places[-1] if places else None

    def _last(self, names: Iterable[str]) -> int:
        return max((self._place(name) or 0 for name in names), default=0)

    def _break(self, name: str) -> None:
        """Begin a new line before and after what is no part of a line."""
        ends = name in BLOCK or name == "br"
        if ends and self.text and not self.text[-1].endswith("\n"):
            self.text.append("\n")


def _shield(name: str) -> Iterable[str]:
    """Return the elements through which a closing tag does not reach."""
    if name in _TABLE:
        return () if name == "table" else ("table",)
    return _BARRIERS - {name}


def _is_unseen(tag: StartTag, display: str | None) -> bool:
    """Say whether browsers show nothing of an element by themselves."""
    if tag.name in _NOT_RENDERED or _is_closed(tag, "dialog") or "popover" in tag.attributes:
        return True
    return "hidden" in tag.attributes and display is None


def _is_closed(tag: StartTag, name: str) -> bool:
    return tag.name == name and "open" not in tag.attributes
