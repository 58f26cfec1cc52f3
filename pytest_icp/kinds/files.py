"""Files that a description names (随附文件), where it has no files beside it."""

from __future__ import annotations

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.judgement import Judgement, unknown
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.text import Text, plain

_NOT_LOOKED_AT = Text(
    zh="这份描述没有随附文件，无法查看“{path}”",
    en="this description has no files beside it, so {path} was not looked at",
)


def not_looked_at(
    context: Context, subject: Subject, at: Tokens, path: str | None, required: Text
) -> Judgement | None:
    """Return that a file could not be looked at; None where it was looked for."""
    evidence = context.evidence.get(path or "")
    if evidence is None or not evidence.unread:
        return None
    message, found = _NOT_LOOKED_AT.format(path=path), plain(path or "")
    return unknown(subject, at, message, found=found, required=required)
