"""Error messages for options, imported only when needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, suggested
from pytest_icp.plugin.flags import spoken
from pytest_icp.reports.errors import error_text
from pytest_icp.reports.words import Language

WRONG = {
    "span": Text(
        zh="{name}：{written!r} 不是时间段，写法如 730、24m、2y",
        en="{name}: {written!r} is not a span such as 730, 24m or 2y",
    ),
    "choice": Text(
        zh="{name}：{written!r} 不是 {choices} 之一",
        en="{name}: {written!r} is not one of {choices}",
    ),
    "days": Text(
        zh="{name}：{written!r} 不是天数", en="{name}: {written!r} is not a number of days"
    ),
    "count": Text(
        zh="{name}：{written!r} 不是正整数", en="{name}: {written!r} is not a positive integer"
    ),
    "address": Text(
        zh="{name}：{written!r} 不是 http:// 或 https:// 开头的地址，写法如 "
        "https://docs.example.com/icp，不含用户名、? 和 #",
        en="{name}: {written!r} is not an address that begins with http:// or https://, such as "
        "https://docs.example.com/icp, without a user, ? or #",
    ),
    "value": Text(
        zh="{name} 的值为空；请写明，或者不要使用此选项",
        en="{name} has an empty value; give it one, or leave the option out",
    ),
    "name": Text(
        zh="{name}：{written!r} 须是文件名或通配符，不能是绝对路径，也不能含 ..",
        en="{name}: {written!r} is not a file name or glob below a folder; "
        "it must not be absolute, nor contain `..`",
    ),
    "day": Text(
        zh="{name}：{error}",
        en="{name}: {error}",
    ),
}
"""The messages by the kind of value that was expected."""

NAME_IT = Text(
    zh="仓库中的 {ini} 不能指向仓库之外；请放进仓库，或者在命令行写明：{option}",
    en="{ini} of a file in the repository must not lead out of it; move it into the repository, "
    "or name it on the command line: {option}",
)

_BESIDE = 80 - len("ERROR: ")
"""The columns that pytest leaves beside a word of its own."""


_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9.-]++|\[[0-9A-Fa-f:.]++\])(?::[0-9]++)?(?:/[A-Za-z0-9_.~%:@+,=/-]*+)?"
)
"""An address of signs that mean nothing in Markdown or HTML: reports show it as it is."""


def wrong(
    expected: str, name: str, written: str, *, choices: Sequence[str] = (), error: object = ""
) -> InputError:
    """Return the error for the value of an option; the nearest of its ``choices`` is offered."""
    said = WRONG[expected].format(
        name=name, written=written, choices=", ".join(choices), error=error
    )
    return InputError(said, hint=suggested(written, choices))


def check_address(name: str, written: str) -> None:
    """Raise `InputError` if an option is not an address that reports can link to."""
    if not _ADDRESS.fullmatch(written):
        raise InputError(WRONG["address"].format(name=name, written=written))


def refused(
    error: InputError, written: str, base: Path | None = None, option: str = ""
) -> pytest.UsageError:
    """Return the usage error for an option, in the language of the run.

    ``written`` is that language, perhaps misspelt; paths are relative to ``base``.
    """
    language: Any = written if written in get_args(Language) else spoken()
    lead = f"{option}: " if option else ""
    said = error_text(error, language, base or Path.cwd(), _BESIDE - len(lead))
    return pytest.UsageError(lead + said)
