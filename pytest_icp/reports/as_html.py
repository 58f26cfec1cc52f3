"""Blocks as one HTML page that needs nothing else: what users write stays text."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import escape
from pathlib import Path

from msgspec import Struct

from pytest_icp.kinds.standing import Standing, standing_title
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, in_quotes
from pytest_icp.reports.blocks import (
    Bar,
    Block,
    Code,
    Excerpt,
    Group,
    Heading,
    Items,
    Line,
    Paragraph,
    Quote,
    Rows,
    Span,
    Table,
)
from pytest_icp.reports.layout import inert, shortened
from pytest_icp.reports.words import Language, in_languages

_STYLE = Path(__file__).with_name("page.css")

SIGNS: Mapping[Standing, str] = {
    Standing.VIOLATED: "✗",
    Standing.UNKNOWN: "?",
    Standing.ADVISORY: "!",
    Standing.ADVISORY_UNKNOWN: "¿",
    Standing.DUE_SOON: "›",
    Standing.WAIVED: "‖",
    Standing.DECIDED: "☑",
    Standing.SATISFIED: "✓",
    Standing.NOT_APPLICABLE: "–",
}

_TAGS = {"code": "code", "strong": "strong"}

_BEFORE, _AFTER = 60, 120
"""Characters of a long line that are shown on either side of a fact."""

_LONGEST = 4000
"""Characters of the words of a law."""

_COMMAND = re.compile(r"(?<!\S):(?=:)")
"""By which a CI service knows a command when a report is printed into its log."""

_SKIP = Text(zh="跳到结果", en="Skip to the results")
_LANGUAGE = Text(zh="语言", en="Language")
_BOTH = Text(zh="双语", en="Both")
_PAGES = Text(zh="第 {} 页，共 {} 页", en="page {} of {}")


class Margins(Struct, frozen=True):
    """What stands in the margins of each printed page but the first: two heads, and a foot."""

    left: Text
    right: Text
    foot: Text


class Page(Struct, frozen=True):
    """A page: its title, the blocks of its head, and those of what follows."""

    title: Text
    head: tuple[Block, ...]
    main: tuple[Block, ...]
    margins: Margins | None = None


def html_page(page: Page, language: Language) -> str:
    """Return a page without scripts."""
    style = _STYLE.read_text("utf-8")
    style += _margins(page.margins, language) if page.margins else ""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    writer = _Writer(language)
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{"en" if language == "en" else "zh-CN"}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escaped(in_languages(page.title, language))}</title>",
            f"<style>{style}</style>",
            "</head>",
            "<body>",
            f'<a class="skip" href="#main">{writer.text(_SKIP)}</a>',
            "<header>",
            *(_languages(writer) if language == "both" else ()),
            *writer.blocks(page.head),
            "</header>",
            '<main id="main">',
            *writer.blocks(page.main),
            "</main>",
            "</body>",
            "</html>",
            "",
        ]
    )


def escaped(text: str) -> str:
    """Return text that neither a page nor a terminal obeys."""
    safe = escape(inert(text))
    return _COMMAND.sub("&#58;", safe) if "::" in safe else safe


def _languages(writer: _Writer) -> Iterator[str]:
    """Yield what chooses between two languages and both, which the style sheet obeys."""
    yield f'<fieldset><legend class="unseen">{writer.text(_LANGUAGE)}</legend>'
    for name, text in (("both", in_languages(_BOTH, "both")), ("zh", "中文"), ("en", "English")):
        checked = " checked" if name == "both" else ""
        button = f'<input type="radio" name="language" id="{name}"{checked}>'
        yield f'<label for="{name}">{button} {text}</label>'
    yield "</fieldset>"


def _margins(margins: Margins, language: Language) -> str:
    """Return the rules of the margins of a printed page."""
    left, right, foot = (
        _css(in_languages(one, language)) for one in (margins.left, margins.right, margins.foot)
    )
    first, last = in_languages(_PAGES, "en" if language == "en" else "zh").split("{}")[:2]
    number = f'"{first}" counter(page) "{last}" counter(pages) "{_after(language)}"'
    return (
        f"\n@page {{ @top-left {{ content: {left}; }} @top-right {{ content: {right}; }}"
        f" @bottom-left {{ content: {foot}; }} @bottom-right {{ content: {number}; }} }}\n"
        "@page :first { @top-left { content: none; } @top-right { content: none; } }\n"
    )


def _after(language: Language) -> str:
    return "" if language == "en" else " 页"


def _css(text: str) -> str:
    """Return a string of a style sheet; all but letters and digits is written as its number."""
    shown = inert(shortened(text, 120))
    return '"' + "".join(c if c.isalnum() else f"\\{ord(c):06x}" for c in shown) + '"'


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""


class _Writer(Struct, frozen=True):
    """Writes blocks in the languages of a page."""

    language: Language

    def blocks(self, blocks: Iterable[Block]) -> Iterator[str]:
        """Yield the elements of blocks."""
        for block in blocks:
            yield from self._block(block)

    def text(self, text: Text, most: int = 1000) -> str:
        """Return a text, each language marked as what it is where there are two."""
        zh, en = (escaped(shortened(one, most)) for one in (text.zh, text.en))
        if self.language != "both" or zh == en:
            return en if self.language == "en" else zh
        return (
            f'<span lang="zh-CN">{zh}</span><span class="between"> · </span>'
            f'<span lang="en">{en}</span>'
        )

    def line(self, line: Line) -> str:
        """Return a line."""
        return " ".join(map(self._span, line))

    def _span(self, span: Span) -> str:
        text = self.text(span.text, span.most)
        if span.style in _TAGS:
            text = f"<{_TAGS[span.style]}>{text}</{_TAGS[span.style]}>"
        if span.standing:
            text = self._sign(span.standing, text)
        if span.link:
            text = f'<a href="{escape(span.link)}">{text}</a>'
        if span.name or (span.style and span.style not in _TAGS):
            name = f' id="{span.name}"' if span.name else ""
            return f"<span{name}{_class(span.style)}>{text}</span>"
        return text

    def _sign(self, standing: Standing, name: str) -> str:
        """Return the sign of a standing; who does not see it hears its name."""
        css = standing.replace(" ", "-")
        sign = f'<span class="sign {css}" aria-hidden="true">{SIGNS[standing]}</span>'
        if name:
            return f"{sign} {name}"
        return f'{sign}<span class="unseen">{self.text(standing_title(standing))}</span>'

    def _block(self, block: Block) -> Iterator[str]:
        match block:
            case Heading():
                yield f"<h{block.level}>{self.line(block.line)}</h{block.level}>"
            case Paragraph():
                yield f"<p{_class(block.style)}>{self.line(block.line)}</p>"
            case Items():
                yield from self._items(block)
            case Rows():
                yield from self._rows(block)
            case Table():
                yield from self._table(block)
            case Code():
                lines = "\n".join(escaped(shortened(one, 200)) for one in block.lines)
                yield f'<pre{_class(block.style)} tabindex="0">{lines}</pre>'
            case Excerpt():
                yield _excerpt(block.location)
            case Quote():
                yield self._quote(block)
            case Group():
                yield from self._group(block)

    def _items(self, block: Items) -> Iterator[str]:
        yield f"<ul{_class(block.style)}>"
        for item in block.items:
            yield f"<li>{self.line(item.line)}"
            yield from self.blocks(item.below)
            yield "</li>"
        yield "</ul>"

    def _rows(self, block: Rows) -> Iterator[str]:
        yield f"<dl{_class(block.style)}>"
        for label, line in block.rows:
            yield f"<dt>{self.text(label)}</dt> <dd>{self.line(line)}</dd>"
        yield "</dl>"

    def _table(self, table: Table) -> Iterator[str]:
        heads = [
            f'<th scope="col"{_class("number" if i in table.numbers else "")}>{self.line(one)}</th>'
            if one
            else "<td></td>"
            for i, one in enumerate(table.head)
        ]
        yield f'<div class="scroll" tabindex="0"><table{_class(table.style)}>'
        yield f"<thead><tr>{' '.join(heads)}</tr></thead>"
        yield "<tbody>"
        for row in table.rows:
            cells = (self._cell(table, i, one) for i, one in enumerate(row))
            yield f"<tr>{' '.join(cells)}</tr>"
        yield "</tbody></table></div>"

    def _cell(self, table: Table, column: int, cell: Line | Bar) -> str:
        if isinstance(cell, Bar):
            bar = f'<rect width="{cell.size}" height="10"{_class(cell.style)}/>'
            return (
                '<td class="pictured"><svg class="bar" viewBox="0 0 1000 10" '
                f'preserveAspectRatio="none" aria-hidden="true">{bar}</svg></td>'
            )
        if column == 0:
            return f'<th scope="row">{self.line(cell)}</th>'
        # On a narrow screen, where each row is a block, the label stands beside the cell.
        label = " ".join(
            SIGNS[one.standing] if one.standing else in_languages(one.text, self.language)
            for one in table.head[column]
        )
        css = _class("number" if column in table.numbers else "")
        return f'<td{css} data-label="{escaped(label)}">{self.line(cell)}</td>'

    def _quote(self, quote: Quote) -> str:
        words = quote.text
        said = Text(zh=in_quotes(words.zh), en=f"“{words.en}”") if words else Text("", "")
        cited = f"<cite>{self.line(quote.source)}</cite>"
        return f"<blockquote>{cited} {self.text(said, _LONGEST)}</blockquote>"

    def _group(self, group: Group) -> Iterator[str]:
        tag, _, css = (group.style or "div").partition(" ")
        name = f' id="{group.name}"' if group.name else ""
        yield f"<{tag}{name}{_class(css)}>"
        if group.folded:
            yield f"<details><summary>{self.line(group.title)}</summary>"
        yield from self.blocks(group.blocks)
        if group.folded:
            yield "</details>"
        yield f"</{tag}>"


def _excerpt(location: Location) -> str:
    """Return the place of a fact and its line, where there is one, with the fact marked."""
    place = f'<span class="soft">{escaped(shortened(str(location), 200))}</span>'
    if not location.line or not location.excerpt:
        return f'<pre class="excerpt" tabindex="0">{place}</pre>'
    start = (location.column or 1) - 1
    end = start + max(location.width, 1)
    first = max(0, start - _BEFORE)
    last = min(len(location.excerpt), end + _AFTER, first + _BEFORE + 2 * _AFTER)
    before = "…" + location.excerpt[first:start] if first else location.excerpt[:start].lstrip()
    fact = location.excerpt[start : min(end, last)]
    after = location.excerpt[end:last] + ("…" if last < len(location.excerpt) else "")
    marked = f"{escaped(before)}<mark>{escaped(fact)}</mark>{escaped(after)}"
    return f'<pre class="excerpt" tabindex="0">{place} {marked}</pre>'
