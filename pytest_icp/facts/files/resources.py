"""The data folders of the package: policies, schemas, cases."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["cases", "policies", "schemas"]

_BESIDE = {"cases": "tests/cases"}
_PACKAGE = Path(__file__).resolve().parents[2]


@cache
def resource(kind: Kind) -> Path:
    """Return the folder of the published policies (条款), schemas (模式文件) or cases (用例).

    A wheel carries the folders inside the package. A checkout and an editable install have
    them beside it, because they are folders of the project that people read and edit.

    Raises `RuntimeError` if neither exists: the installation is broken.
    """
    return _find(kind, _PACKAGE)


def _find(kind: Kind, package: Path) -> Path:
    for folder in (package / kind, package.parent / _BESIDE.get(kind, kind)):
        if folder.is_dir():
            return folder
    raise RuntimeError(
        f"pytest-icp is installed without its folder {kind!r}; install it again: "
        "pip install --force-reinstall pytest-icp"
    )
