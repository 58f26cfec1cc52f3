"""The error for a source whose parser is not installed."""

from __future__ import annotations

from pathlib import PurePath

from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text


def missing(extra: str, path: PurePath) -> InputError:
    """Return the error that names the extra (可选依赖) which a source needs."""
    command = f"pip install 'pytest-icp[{extra}]'"
    return InputError(
        Text(
            zh=f"读取这种文件需要附加组件 {extra}",
            en=f"reading this file needs the extra `{extra}`",
        ),
        place=Place(path=path),
        hint=Text(zh=f"安装：{command}", en=f"install it with: {command}"),
    )
