"""Beside pytest-testmon: it skips what no changed Python file concerns; a description is no Python.

Whether a rule is kept hangs on the day, the description, what it includes and its sources. So all
descriptions run; only its choice among other tests counts.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import PurePath
from typing import TYPE_CHECKING

from pytest_icp.plugin.options import read_options
from pytest_icp.plugin.recorder import TESTMON, note_key

if TYPE_CHECKING:
    import pytest

_SKIPPED = ("deselected_files", "deselected_tests")
"""What the plugin skips: paths of files, and node ids."""


def overrule(config: pytest.Config) -> None:
    """Take descriptions and their items out of what pytest-testmon skips."""
    from pytest_icp.plugin.messages import TESTMON_MAY_SKIP, TESTMON_OVERRULED

    plugin = config.pluginmanager.get_plugin(TESTMON)
    globs = read_options(config).files
    for name in _SKIPPED:
        skipped = getattr(plugin, name, None)
        if not isinstance(skipped, list):
            config.stash[note_key] = TESTMON_MAY_SKIP
            return
        kept = [one for one in skipped if not _is_description(one, globs)]
        if len(kept) < len(skipped):
            setattr(plugin, name, kept)
            config.stash[note_key] = TESTMON_OVERRULED


def _is_description(node_id: str, globs: tuple[str, ...]) -> bool:
    name = PurePath(node_id.partition("::")[0]).name
    return any(fnmatch(name, glob) for glob in globs)
