"""``--no-project``: judges a repository without running its code (不运行仓库的代码)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.facts.files.disk import repository_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.arguments import Parser

_LOADING = ("PYTHONPATH", "PYTHONSTARTUP", "PYTHONHOME", "PYTEST_ADDOPTS", "PYTEST_PLUGINS")
"""The variables that make Python or pytest load more than is installed."""

_OF_PROJECT = Text(
    zh="--config：这个文件属于所核对的仓库，而 --no-project 不采用仓库的配置",
    en="--config: this file is one of the repository, whose configuration --no-project leaves out",
)
_ELSEWHERE = Text(zh="写仓库之外的文件", en="name a file outside the repository")
_NO_FILE = Text(zh="--config：文件不存在", en="--config: no such file")
_ALONE = Text(zh="--config 只能与 --no-project 一起使用", en="--config goes with --no-project only")


def add_isolation(parser: Parser) -> None:
    """Add ``--no-project``, and the configuration that counts instead of the repository's."""
    parser.common.add_argument(
        "--no-project",
        action="store_true",
        help="不运行仓库的代码，不采用其配置：conftest.py、ini 文件、PYTHONPATH · run no code of "
        "the repository and take no configuration of it: conftest.py, ini files, PYTHONPATH",
    )
    parser.common.add_argument(
        "--config",
        metavar="FILE",
        help="与 --no-project 一起使用：采用仓库之外的这个 ini 文件 · with --no-project: the ini "
        "file, from outside the repository, to use instead",
    )


def is_fresh(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this interpreter has loaded what is installed, and can load nothing else."""
    return sys.flags.safe_path and not any(name in environment for name in _LOADING)


def restart(arguments: Sequence[str]) -> int:
    """Run the command in a fresh interpreter, and return its exit code."""
    kept = {name: value for name, value in os.environ.items() if name not in _LOADING}
    command = [sys.executable, "-P", "-m", "pytest_icp", *arguments]
    return subprocess.call(command, env=kept)  # noqa: S603 - no shell


def isolated(arguments: argparse.Namespace) -> list[str]:
    """Return the arguments by which pytest reads no configuration and no code of a repository.

    Raises `InputError` for a configuration that belongs to it, or is not there.
    """
    named: str | None = getattr(arguments, "config", None)
    if not getattr(arguments, "no_project", False):
        if named is not None:
            raise InputError(_ALONE)
        return []
    here = Path.cwd()
    if named is not None:
        path = Path(named).absolute()
        if not path.is_file():
            raise InputError(_NO_FILE, place=Place(path=path))
        if repository_of(path) == repository_of(here / "any"):
            raise InputError(_OF_PROJECT, place=Place(path=path), hint=_ELSEWHERE)
        named = str(path)
    quiet = ("--noconftest", "-p", "no:cacheprovider")
    return [*quiet, f"--rootdir={here}", "-c", named or os.devnull]
