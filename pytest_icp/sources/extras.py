"""What to say where the package that reads a kind of source is not installed."""

from __future__ import annotations

from pathlib import PurePath

from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text


def missing(extra: str, path: PurePath) -> InputError:
    """Return the error for a source that needs an extra (可选依赖) of this package."""
    command = f"pip install 'pytest-icp[{extra}]'"
    return InputError(
        Text(
            zh=f"读取这种文件需要附加组件 {extra}",
            en=f"reading this file needs the extra `{extra}`",
        ),
        place=Place(path=path),
        hint=Text(zh=f"安装：{command}", en=f"install it with: {command}"),
    )
