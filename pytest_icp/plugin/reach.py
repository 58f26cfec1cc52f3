"""Descriptions (描述文件) that a run does not reach, below the requested paths or elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_icp.facts.files.walking import PASSED, descriptions_below
from pytest_icp.plugin.flags import DEFAULT_FILES, FLAGS
from pytest_icp.plugin.options import read_options

if TYPE_CHECKING:
    from pytest_icp.law.text import Text
    from pytest_icp.plugin.collection import Collected

_args_key = pytest.StashKey["Iterable[str]"]()
"""The arguments of a run, as they were before other plugins were configured."""

asked_key = pytest.StashKey["Iterable[Path]"]()
"""The files and folders that a command of ours was asked for."""

_MOST_ENTRIES = 1000
"""So many files and folders are looked at where a run has nothing to do with descriptions; the
nearest to the root of the repository first."""

_SELECTING = ("-k", "-m", "--deselect", "--lf", "--last-failed", "--sw", "--stepwise")
_RUNS_NOTHING = ("--co", "--setup-only", "--setup-plan")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep what a run is to look into: a plugin (pytest-picked) may put other files there."""
    config.stash[_args_key] = tuple(config.args)


def is_replaced(config: pytest.Config) -> bool:
    """Whether a plugin has put other files in the place of the arguments of a run."""
    return [*config.stash[_args_key]] != config.args


def uncollected(config: pytest.Config, collected: Collected) -> list[Path]:
    """Return the descriptions below what a run was asked for that it did not collect.

    A run that has nothing to do with descriptions looks for none.
    """
    involved = is_involved(config, collected)
    by_plugin = is_replaced(config) or skipped_by_testmon(config)
    if not (collected.finished and (involved or by_plugin)):
        return []
    known = {os.path.realpath(path) for path in collected.files.values()}
    globs, most = (*DEFAULT_FILES, *read_options(config).files), None if involved else _MOST_ENTRIES
    found = dict.fromkeys(descriptions_below(_asked(config), globs, PASSED, most))
    return [one for one in found if os.path.realpath(one) not in known]


def is_involved(config: pytest.Config, collected: Collected) -> bool:
    """Whether a run collects descriptions, has options of ours, or is to write a report."""
    options = read_options(config)
    set_here = options.files != DEFAULT_FILES or bool(options.reports)
    given = (config.getoption(flag.ini, None) for flag in FLAGS.values())
    return bool(collected.files) or set_here or any(value is not None for value in given)


def is_chosen(config: pytest.Config) -> bool:
    """Whether whoever runs pytest has typed which tests run, or that none does."""
    chosen = (*_SELECTING, *_RUNS_NOTHING)
    return any(one.startswith(chosen) or "::" in one for one in config.invocation_params.args)


def _asked(config: pytest.Config) -> Iterable[Path]:
    """Return what a run was asked for: by its arguments, else all below the current folder."""
    by_arguments = config.args_source is config.ArgsSource.ARGS
    arguments = config.stash[_args_key] if by_arguments else ["."]
    return config.stash.get(asked_key, _paths(config, arguments))


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
    globs, skipped = read_options(config).files, config.getini("norecursedirs")
    found = [*descriptions_below([config.rootpath], globs, skipped, _MOST_ENTRIES)]
    outside = [one for one in found if not _is_in(one, reached)]
    if not outside or (not by_ini and outside != found):
        return None
    from pytest_icp.plugin.messages import LEFT_OUT
    from pytest_icp.reports.run import some_of

    names = [one.relative_to(config.rootpath).as_posix() for one in outside]
    return LEFT_OUT.format(names=some_of(names), first=names[0])


def _reached(config: pytest.Config) -> list[Path]:
    return _paths(config, config.args)


def _paths(config: pytest.Config, arguments: Iterable[str]) -> list[Path]:
    """Return the files and folders that arguments of pytest name."""
    named = (argument.partition("::")[0] for argument in arguments)
    return [Path(os.path.normpath(config.invocation_params.dir / name)) for name in named]


def _is_in(description: Path, paths: Iterable[Path]) -> bool:
    return any(description.is_relative_to(path) for path in paths)
