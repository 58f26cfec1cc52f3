"""The output of a command (命令输出)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from pytest_icp.law.errors import InputError


class Output(Struct, frozen=True, kw_only=True):
    """The text, the errors beside it, and the exit code of a command.

    An ``exact`` text is for a program: where it cannot be written as it is, it is not written.
    """

    text: str
    errors: Sequence[InputError] = ()
    code: int = 0
    exact: bool = False
