"""Errors that no file caused: a bug in pytest-icp, or a missing dependency.

A stranger's file must not end the run that other descriptions are decided in, and a command ends
in a sentence, not in the inside of a program.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING

from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.law.location import Place

_PACKAGE = "pytest_icp"


@contextmanager
def internal_errors(
    place: Place | None = None, passing: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Turn any exception but those that are expected into an `InputError` that tells its cause.

    ``passing`` are exceptions that are expected in addition to `IcpError`. The text of the
    exception is not shown: it may quote a secret. The traceback is in ``__cause__``.
    """
    expected: tuple[type[Exception], ...] = (IcpError, *passing)
    try:
        yield
    except expected:
        raise
    except Exception as error:
        message = _INTERNAL.format(error=type(error).__name__, at=_where(error))
        raise InputError(message, place=place, hint=_REPORT) from error


def _where(error: Exception) -> str:
    """Return the last line of this package, and that of another one that it failed in."""
    frames = [
        (Path(frame.filename).parts, frame.lineno) for frame in extract_tb(error.__traceback__)
    ]
    ours = [_named(*frame) for frame in frames if _PACKAGE in frame[0]][-1:]
    last = _named(*frames[-1])
    return " → ".join(dict.fromkeys([*ours, last]))


def _named(parts: tuple[str, ...], line: int | None) -> str:
    named = parts[parts.index(_PACKAGE) :] if _PACKAGE in parts else parts[-2:]
    return f"{'/'.join(named)}:{line}"


_INTERNAL = Text(zh="内部错误：{error}（{at}）", en="internal error: {error} ({at})")
_REPORT = Text(
    zh="这是 pytest-icp 或扩展它的插件的缺陷；请向维护者报告这一行和引发它的文件（可删去机密内容）",
    en="this is a fault of pytest-icp, or of a plugin that adds to it; report this line to the "
    "maintainers, with the file that causes it (without what is confidential)",
)


_NEEDS = Text(zh="{purpose}需要附加组件 {extra}", en="{purpose} needs the extra {extra}")
_INSTALL = Text(
    zh='安装：pip install "pytest-icp[{extra}]"',
    en='install it with: pip install "pytest-icp[{extra}]"',
)


class MissingExtra(InputError):  # noqa: N818 - a state of an environment
    """What is not installed: it says nothing about the file that was to be read."""


def missing_extra(
    extra: str, purpose: Text, *, place: Place | None = None, instead: Text | None = None
) -> MissingExtra:
    """Return the error that names the extra (附加组件) which a purpose needs.

    ``purpose`` is a noun or a gerund, such as "reading a PDF"; ``instead`` continues the hint
    with what else helps.
    """
    message = _NEEDS.format(purpose=purpose, extra=extra)
    hint = _INSTALL.format(extra=extra)
    return MissingExtra(message, place=place, hint=hint + instead if instead else hint)
