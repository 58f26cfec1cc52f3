"""Values that may hold a secret or a whole file, and what a traceback shows of them."""

from __future__ import annotations

from typing import Any, ClassVar


class Confidential:
    """A base of structs whose content stays out of tracebacks, failed assertions and logs.

    The ``repr`` shows only the members that ``_shown`` names: what the value is of.
    """

    __slots__ = ()
    _shown: ClassVar[tuple[str, ...]] = ("path",)

    def __repr__(self) -> str:
        members = ", ".join(f"{name}={value}" for name, value in self.__rich_repr__())
        return f"{type(self).__name__}({members})"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """Yield the same members to rich, which would print all that a struct has."""
        return [(name, getattr(self, name)) for name in self._shown]
