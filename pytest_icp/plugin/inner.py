"""A run of pytest inside this process (内部运行), over descriptions only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from pytest_icp.plugin.items import described
from pytest_icp.plugin.options import read_options

COMPLETED = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)
"""The exit codes of a completed run."""

QUIET = (
    # What pytest prints is not part of the output, and failures are not rerun.
    *("--capture=no", "--no-header", "--no-summary", "-rN", "--color=no"),
    *("-p", "no:lfplugin", "-p", "no:nfplugin", "-p", "no:stepwise"),
    # An evaluation does not fuzz (Hypothesis would be imported at the end of every run), and
    # annotations belong to a run of pytest.
    *("-o", "icp_fuzz=off", "-p", "no:hypothesispytest", "--icp-github=off"),
)


_ADDED = "PYTEST_ADDOPTS"


def run_pytest(plugin: object, arguments: Sequence[str]) -> None:
    """Run pytest with a plugin; raises `SystemExit` with its exit code if it fails.

    The project's ini values and conftest files count, but not what its users add to the command
    line of their own runs: -k, -x, -n or --cov would change the output of a command.
    """
    ours = (
        # Also where plugins are not loaded by themselves (PYTEST_DISABLE_PLUGIN_AUTOLOAD).
        *("-p", "icp", "-o", "addopts="),
        # It collects garbage twice, in search of what no test here leaves behind.
        *("-p", "no:unraisableexception"),
        # The plugin is imported already; that must not fail in a project that turns warnings
        # into errors.
        "-Wignore:Module already imported:pytest.PytestAssertRewriteWarning",
    )
    added = os.environ.pop(_ADDED, None)
    try:
        code = pytest.main([*ours, *arguments], plugins=[plugin])
    finally:
        if added is not None:
            os.environ[_ADDED] = added
    if code not in COMPLETED:
        raise SystemExit(int(code))


class PlainFolders:
    """The hooks of a pytest plugin by which folders are not packages, and what is named counts."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector:
        """Collect every folder as a plain one: a package would be imported for its items."""
        return pytest.Dir.from_parent(parent, path=path)

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect a given description, even if its name matches no glob of ``icp_files``."""
        globs = read_options(parent.config).files
        if any(file_path.match(glob) for glob in globs):
            return None
        return described(parent, file_path)


class OnlyDescriptions(PlainFolders):
    """The hooks of a pytest plugin that collects the given descriptions, and nothing else.

    ``files`` are those by their absolute paths, each as it was named.
    """

    def __init__(self) -> None:
        self.files: dict[Path, Path] = {}
        self._folders: set[Path] = set()

    def collect_only(self, found: Iterable[Path]) -> None:
        """Say what is collected."""
        self.files = {Path(os.path.normpath(path.absolute())): path for path in found}
        self._folders = {folder for path in self.files for folder in path.parents}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session: pytest.Session) -> bool:
        """Collect from the folder that all of them are in."""
        session.perform_collect([_start(self.files)])
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path) -> bool:
        """Ignore everything but the descriptions and the folders that contain them."""
        return collection_path not in self.files and collection_path not in self._folders


def _start(files: Mapping[Path, Path]) -> str:
    """Return the folder to collect from; pytest reads ``[`` and ``::`` in a name as its own."""
    folder, here = Path(os.path.commonpath([path.parent for path in files])), Path.cwd()
    above = (folder, *folder.parents)
    # Relative to the current folder if below it, so that its own name does not matter.
    names = [str(up.relative_to(here) if up.is_relative_to(here) else up) for up in above]
    return next(name for name in names if "[" not in name and "::" not in name)
