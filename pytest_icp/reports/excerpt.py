"""The line of a fact with carets under the fact, for characters of any width."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.reports.layout import cut, inert, width


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
    yield f"{lead}{shown}"
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
