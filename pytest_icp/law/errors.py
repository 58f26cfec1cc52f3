"""Errors in the files and options that a user writes, with their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_icp.law.location import Place
    from pytest_icp.law.text import Lang, Text


class IcpError(Exception):
    """Base of every error that a user's file or option can cause."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the attributes: ``__init__`` takes other arguments than `Exception.args`."""
        return _rebuilt, (type(self), self.args), vars(self)


class InputError(IcpError):
    """A file that cannot be used: what is wrong, where, and how to fix it.

    ``message`` states what is wrong in one sentence, ``place`` where, ``hint`` how to fix it
    (empty if there is nothing to add). Both may be given as a plain
    string that is the same in both languages; they are stored as `Text`.
    """

    def __init__(
        self, message: Text | str, *, place: Place | None = None, hint: Text | str = ""
    ) -> None:
        # Errors are caught in every run of pytest, texts are needed only where one is raised.
        from pytest_icp.law.text import plain

        super().__init__(message, place, hint)
        self.message = plain(message) if isinstance(message, str) else message
        self.place = place
        self.hint = plain(hint) if isinstance(hint, str) else hint

    def text(self, lang: Lang) -> str:
        """Return ``path:line:column: message`` and the hint, one line each, in one language."""
        head = f"{self.place}: {self.message[lang]}" if self.place else self.message[lang]
        return f"{head}\n  {self.hint[lang]}" if self.hint[lang] else head

    def __str__(self) -> str:
        """Return `text` in English."""
        return self.text("en")


def _rebuilt(kind: type[IcpError], args: tuple[object, ...]) -> IcpError:
    return kind.__new__(kind, *args)
