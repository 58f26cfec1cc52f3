"""Values that may hold a secret or a whole file, and what a traceback shows of them."""

from __future__ import annotations

from typing import Any

_SHOWN = ("path", "kind", "namespace", "name", "address", "key")


class Confidential:
    """A base of structs whose content stays out of tracebacks, failed assertions and logs.

    The ``repr`` shows only what the value is of: its path, its name and the like.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        members = ", ".join(f"{name}={value}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({members})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Return the same members to rich, which would print all that a struct has."""
        fields: tuple[str, ...] = self.__struct_fields__  # type: ignore[attr-defined]  # a struct
        return [(name, getattr(self, name)) for name in _SHOWN if name in fields]
