"""Blocks as Markdown that GitHub and GitLab accept, with all text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.text import Text
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import one_line
from pytest_icp.reports.words import Language, each_language, in_languages

SIGNS: Mapping[Standing, str] = {
    Standing.VIOLATED: "❌",
    Standing.UNKNOWN: "❓",
    Standing.ADVISORY: "⚠️",
    Standing.ADVISORY_UNKNOWN: "❔",
    Standing.DUE_SOON: "📅",
    Standing.WAIVED: "⏸️",
    Standing.DECIDED: "☑️",
    Standing.SATISFIED: "✅",
    Standing.NOT_APPLICABLE: "➖",
}

# A character reference never counts as the sign it stands for. What platforms look for after
# that, in the finished page (@somebody, #12, !12), is parted from its sign by a comment.
_SIGNS = {
    **{sign: f"&#{ord(sign)};" for sign in "&<>\\`*_[]|~$%"},
    "@": "@<!-- -->",
    "#": "&#35;<!-- -->",
    "!": "!<!-- -->",
}
# One sign at a time: to look for several is to try at every character.
_ACTIVE = re.compile(r"[&<>\\`*_\[\]|~$%@#!]")
_PERHAPS = ("::", "//", "www.", "mailto:", "xmpp:")
_LINKS = re.compile(r"(?i)(?<=www)[.]|:(?=//)|(?<=mailto):|(?<=xmpp):|(?<!\S):(?=:)")
"""The sign by which a bare address is taken for a link, or a line of a log for a command."""

_NAMED = re.compile(r"(?i)(?<![0-9a-z])(?:gh-(?=[0-9])|[0-9a-f]{7}(?=[0-9a-f]{0,33}(?![0-9a-z])))")
"""What a platform takes for the number of an issue (``GH-12``), or for a commit."""

_STYLES = {"strong": "**{}**", "code": "<code>{}</code>", "tag": "({})"}
_PARAGRAPHS = {
    "urgent": "> ⏰ **{}**",
    "note": "*{}*",
    "small": "<sub>{}</sub>",
    "message": "**{}**",
}


def units(text: str) -> int:
    """Return the length of a text in units of UTF-16: where characters are counted, never less.

    GitHub does not say what a character is; those beyond the first 65,536 are two units.
    """
    return len(text.encode("utf-16-le", "replace")) // 2


def escaped(text: str, most: int = b.LONGEST) -> str:
    """Return a text as one line of Markdown that reads as it is written."""
    line = _ACTIVE.sub(lambda found: _SIGNS[found.group()], one_line(text, most))
    if line.startswith("/"):
        # At the beginning of a line of a note, GitLab takes a word after it for a command.
        line = f"&#47;{line[1:]}"
    # Most lines have no link, and looking for these words is much faster than the pattern.
    low = line.lower()
    if any(sign in low for sign in _PERHAPS):
        line = _LINKS.sub(lambda found: f"&#{ord(found.group())};", line)
    return _NAMED.sub(_parted, line)


def _parted(found: re.Match[str]) -> str:
    """Return what is found with a comment before its last sign."""
    text = found.group()
    return f"{text[:-1]}<!-- -->{text[-1]}"


def inline(text: Text, language: Language, most: int = b.LONGEST) -> str:
    """Return a text in the selected languages, on one line."""
    return escaped(in_languages(text, language), most)


def paragraphs(texts: Iterable[str], most: int = b.LONGEST) -> Iterator[str]:
    """Yield texts as Markdown paragraphs: one for each of their lines."""
    for words in texts:
        for line in words.strip().split("\n"):
            yield escaped(line, most)


def line_text(line: b.Line, language: Language, *, html: bool = False) -> str:
    """Return a line; within an element of HTML no Markdown is read."""
    return " ".join(_span(one, language, html=html) for one in line)


def _span(span: b.Span, language: Language, *, html: bool) -> str:
    bold = html and span.style == "strong"
    style = "<b>{}</b>" if bold else _STYLES.get(span.style, "{}")
    text = style.format(inline(span.text, language, span.most))
    if span.link and not span.link.startswith("#"):
        text = f"[{text}]({span.link})"
    return f"{SIGNS[span.standing]} {text}".rstrip() if span.standing else text


def markdown_text(blocks: Iterable[b.Block], language: Language) -> str:
    """Return blocks as Markdown; two spaces at the end of a line would break it there."""
    text = "\n".join(markdown_lines(blocks, language)).rstrip()
    return "\n".join(line.rstrip(" ") for line in text.split("\n")) + "\n"


def within(blocks: Iterable[b.Block], room: int, language: Language) -> str:
    """Return blocks as far as there is room, then how many entries of lists are left out."""
    lines, left_out = [], 0
    for line in markdown_lines(blocks, language):
        room -= units(line) + 1
        if room >= 0:
            lines.append(line)
        else:
            left_out += line.startswith("- ")
    return "\n".join(
        [*lines, *([f"- {inline(w.MORE.format(n=left_out), language)}"] * (left_out > 0))]
    )


def markdown_lines(blocks: Iterable[b.Block], language: Language) -> Iterator[str]:
    """Yield the lines of blocks, an empty one after each block."""
    for block in blocks:
        yield from _block(block, language)
        yield ""


def _block(block: b.Block, language: Language) -> Iterator[str]:
    match block:
        case b.Heading():
            yield f"{'#' * block.level} {line_text(block.line, language)}"
        case b.Paragraph():
            said = line_text(block.line, language)
            # Signs around nothing would be a line across the page.
            yield _PARAGRAPHS.get(block.style, "{}").format(said) if said.strip() else ""
        case b.Items():
            yield from (line for item in block.items for line in _item(item, language))
        case b.Rows():
            for label, line in block.rows:
                yield f"- **{inline(label, language)}**: {line_text(line, language)}"
        case b.Code() | b.Excerpt():
            yield from _as_written(block, language)
        case b.Table():
            yield from _table(block, language)
        case b.Quote():
            yield from _quote(block, language)
        case b.Group():
            yield from _group(block, language)


def _as_written(block: b.Code | b.Excerpt, language: Language) -> Iterator[str]:
    """Yield lines as they are written; of the line of a fact, its place."""
    if isinstance(block, b.Excerpt):
        yield line_text((b.code(block.location),), language)
    else:
        yield from ("<pre>", *(escaped(line, 200) for line in block.lines), "</pre>")


def _item(item: b.Item, language: Language) -> Iterator[str]:
    yield f"- {line_text(item.line, language)}"
    for block in item.below:
        if not isinstance(block, b.Items | b.Rows):
            yield ""
        yield from (f"  {line}" for line in _block(block, language))


def _table(table: b.Table, language: Language) -> Iterator[str]:
    """Yield a table without its bars."""
    columns = [i for i, head in enumerate(table.head) if head]

    def cells(row: Sequence[b.Line | b.Bar]) -> str:
        texts = (one for one in (row[i] for i in columns) if not isinstance(one, b.Bar))
        return f"| {' | '.join(line_text(one, language) for one in texts)} |"

    yield cells(table.head)
    yield f"{''.join('|--:' if i in table.numbers else '|---' for i in columns)}|"
    yield from map(cells, table.rows)


def _quote(quote: b.Quote, language: Language) -> Iterator[str]:
    source = line_text(quote.source, language)
    for words in each_language(quote.text, language) if quote.text else ():
        yield f"> {source}: {escaped(words)}"
        yield ">"


def _group(group: b.Group, language: Language) -> Iterator[str]:
    if group.folded:
        yield f"<details><summary>{line_text(group.title, language, html=True)}</summary>"
        yield ""
    yield from markdown_lines(group.blocks, language)
    if group.folded:
        yield "</details>"
