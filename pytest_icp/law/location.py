"""A place in a file, and the location of a fact."""

from __future__ import annotations

from pathlib import PurePath

from msgspec import Struct


class Place(Struct, frozen=True, kw_only=True):
    """A place in a file: its line and column, both from 1.

    ``excerpt`` is the text of that line and ``width`` the number of its characters, from
    the column on, that are marked.
    """

    path: PurePath | str
    line: int | None = None
    column: int | None = None
    excerpt: str = ""
    width: int = 1

    def __str__(self) -> str:
        """Return ``path:line:column``, as compilers and editors write it."""
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part)


class Location(Place, frozen=True, kw_only=True):
    """The location of a fact: its JSON Pointer in the description, and its place in a file.

    A check gives the pointer, the engine the place: ``path`` is a POSIX path relative to the
    root. Of a derived fact, ``address`` names the resource as its own tools do, ``attribute``
    what was read of it, and ``status`` how sure it is; of others they are empty.
    """

    pointer: str = ""
    path: str = ""
    address: str = ""
    attribute: str = ""
    status: str = ""

    def __str__(self) -> str:
        """Return ``path:line:column``; without a line, the path with the address."""
        place = super().__str__()
        return f"{place} ({self.address})" if self.address and not self.line else place

    @property
    def resource(self) -> str:
        """The address of the resource and the attribute (资源地址)."""
        return ", ".join(part for part in (self.address, self.attribute) if part)
