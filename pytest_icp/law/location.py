"""Where something stands in a file."""

from __future__ import annotations

from pathlib import PurePath

from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True):
    """Where something stands: a file, and in it a line and a column, both from 1.

    ``excerpt`` is the text of that line and ``width`` the number of its characters, from
    the column on, that are meant.
    """

    path: PurePath
    line: int | None = None
    column: int | None = None
    excerpt: str = ""
    width: int = 1

    def __str__(self) -> str:
        """Return ``path:line:column``, as compilers and editors write it."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)
