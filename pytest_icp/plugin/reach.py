"""Descriptions (描述文件) that a run does not reach, because of ``testpaths`` or its arguments."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from glob import glob
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_icp.plugin.options import read_options

if TYPE_CHECKING:
    from pytest_icp.law.text import Text

_args_key = pytest.StashKey["Iterable[str]"]()
"""The arguments of a run, as they were before other plugins were configured."""

_MOST_ENTRIES = 1000
"""So many files and folders of the repository are looked at; the nearest to its root first."""

_NAMED = 3


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep what a run is to look into: a plugin (pytest-picked) may put other files there."""
    config.stash[_args_key] = tuple(config.args)


def is_replaced(config: pytest.Config) -> bool:
    """Whether a plugin has put other files in the place of the arguments of a run."""
    return [*config.stash[_args_key]] != config.args


def replaced(config: pytest.Config) -> list[Path]:
    """Return the descriptions that are left out because a plugin has replaced the arguments."""
    if not is_replaced(config):
        return []
    asked, reached = _paths(config, config.stash[_args_key]), _reached(config)
    within = [one for one in _descriptions(config) if _is_in(one, asked)]
    return [one for one in within if not _is_in(one, reached)]


def skipped_by_testmon(config: pytest.Config) -> tuple[str, ...]:
    """Return the files and tests that pytest-testmon skips; it knows changes of Python alone."""
    plugin = config.pluginmanager.get_plugin("TestmonSelect")
    return (*getattr(plugin, "deselected_files", ()), *getattr(plugin, "deselected_tests", ()))


def is_asked_for(config: pytest.Config, description: Path) -> bool:
    """Whether a run is to look into a description; pytest knows where the packages of it lie."""
    return bool(config.getoption("pyargs")) or _is_in(description, _reached(config))


def left_out(config: pytest.Config) -> Text | None:
    """Return the descriptions that a run leaves out in silence; None if there are none.

    With ``testpaths``, those are all that lie elsewhere. Whoever names files knows what runs; of
    folders they are told only if no description is in them. What a plugin leaves out is told as
    what was not run is.
    """
    if is_replaced(config):
        return None
    by_ini = config.args_source is config.ArgsSource.TESTPATHS
    if not by_ini and config.args_source is not config.ArgsSource.ARGS:
        return None
    reached = _reached(config)
    if not by_ini and not all(path.is_dir() for path in reached):
        return None
    found = [*_descriptions(config)]
    outside = [one for one in found if not _is_in(one, reached)]
    if not outside or (not by_ini and outside != found):
        return None
    from pytest_icp.plugin.messages import AND_MORE, LEFT_OUT, LEFT_OUT_OF_ARGUMENTS

    names = [one.relative_to(config.rootpath).as_posix() for one in outside]
    listed = ", ".join(names[:_NAMED])
    more = AND_MORE.format(n=len(names) - _NAMED) if names[_NAMED:] else ""
    text = LEFT_OUT if by_ini else LEFT_OUT_OF_ARGUMENTS
    return text.format(names=listed, more=more, first=names[0])


def is_left_out(config: pytest.Config, description: Path) -> bool:
    """Return whether ``testpaths`` lead past a description."""
    folders = [
        Path(path).resolve()
        for written in config.getini("testpaths")
        for path in glob(str(config.rootpath / written), recursive=True)  # noqa: PTH207 - "." too
    ]
    file = description.resolve()
    return bool(folders) and not any(file.is_relative_to(folder) for folder in folders)


def _reached(config: pytest.Config) -> list[Path]:
    return _paths(config, config.args)


def _paths(config: pytest.Config, arguments: Iterable[str]) -> list[Path]:
    """Return the files and folders that arguments of pytest name."""
    named = (argument.partition("::")[0] for argument in arguments)
    return [Path(os.path.normpath(config.invocation_params.dir / name)) for name in named]


def _is_in(description: Path, paths: Iterable[Path]) -> bool:
    return any(description.is_relative_to(path) for path in paths)


def _descriptions(config: pytest.Config) -> Iterator[Path]:
    """Yield the descriptions in the repository, in the folders that pytest would look into."""
    globs, skipped = read_options(config).files, config.getini("norecursedirs")
    folders, left = deque([str(config.rootpath)]), _MOST_ENTRIES
    while folders:
        try:
            entries = sorted(os.scandir(folders.popleft()), key=lambda entry: entry.name)
        except OSError:
            continue
        if any(entry.name == "pyvenv.cfg" for entry in entries):
            continue
        left -= len(entries)
        if left < 0:
            return
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if not any(fnmatch(entry.name, pattern) for pattern in skipped):
                    folders.append(entry.path)
            elif any(fnmatch(entry.name, one) for one in globs):
                yield Path(entry.path)
