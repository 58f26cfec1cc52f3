"""What a command answers (答复)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from pytest_icp.law.errors import InputError


class Answer(Struct, frozen=True, kw_only=True):
    """The text of an answer, what went wrong beside it, and the exit code."""

    text: str
    errors: Sequence[InputError] = ()
    code: int = 0
