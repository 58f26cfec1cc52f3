"""The line of a fact with carets under what is meant, in any width of character."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.reporters.layout import cut, inert, width


def caret_lines(
    excerpt: str, column: int, meant: int, columns: int, *, number: str = ""
) -> Iterator[str]:
    """Yield a line and the carets under it, each behind a gutter of the line number's width.

    ``column`` is that of the first character meant, from 1, and ``meant`` how many there are.
    A line that is too long is shown from where the carets can be seen.
    """
    gutter = " " * len(number)
    text = inert(excerpt)
    before, shown = _window(text, column, columns - len(number) - 3)
    room = width(shown) - before
    carets = "^" * max(1, min(width(text[column - 1 : column - 1 + meant]), room))
    yield f"{number} | {shown}"
    yield f"{gutter} | {' ' * before}{carets}"


def _window(text: str, column: int, columns: int) -> tuple[int, str]:
    """Return the part of a line around a column, and how many columns stand before it."""
    start = 0
    while width(text[start : column - 1]) > columns * 2 // 3:
        start += 1
    lead = "…" if start else ""
    return width(lead + text[start : column - 1]), cut(lead + text[start:], columns)
