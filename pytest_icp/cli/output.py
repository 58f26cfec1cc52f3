"""The output of a command (命令输出)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from pytest_icp.law.errors import InputError


class Output(Struct, frozen=True, kw_only=True):
    """The text, the errors beside it, and the exit code of a command."""

    text: str
    errors: Sequence[InputError] = ()
    code: int = 0
