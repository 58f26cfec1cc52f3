"""The error for an optional part of pytest-icp that is not installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from pytest_icp.law.location import Place

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
