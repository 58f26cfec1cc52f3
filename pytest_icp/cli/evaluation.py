"""A run of pytest over descriptions (核对), for commands that print its results."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

import pytest

from pytest_icp.cli.project import Project
from pytest_icp.plugin.inner import COMPLETED, QUIET, OnlyDescriptions, run_pytest
from pytest_icp.plugin.outcome import why_of
from pytest_icp.plugin.reach import asked_key
from pytest_icp.plugin.recorder import Recorder, recorder_key
from pytest_icp.plugin.runs import repository_root
from pytest_icp.reports.run import Run
from pytest_icp.reports.waivers import Judged

_Output = TypeVar("_Output")


class Crash(NamedTuple):
    """An item that failed for another reason than its rule: what pytest says of it, and why."""

    node: str
    text: str
    why: str


class Evaluation(Project):
    """A project in which pytest has evaluated descriptions.

    ``failed`` is whether anything fails; ``crashes`` are the items that failed for other reasons
    than the rules.
    """

    def __init__(
        self,
        config: pytest.Config,
        descriptions: Sequence[Path],
        crashes: Sequence[Crash],
        *,
        failed: bool,
    ) -> None:
        super().__init__(config)
        self.descriptions, self.crashes, self.failed = descriptions, crashes, failed

    @property
    def recorder(self) -> Recorder:
        """What gathered the results."""
        return self.config.stash[recorder_key]

    @cached_property
    def run(self) -> Run:
        """The finished run, as reports have it."""
        return self.recorder.run()

    @property
    def root(self) -> Path:
        """The folder that paths in the run are relative to."""
        return repository_root(self.config.rootpath)

    @property
    def waiver_scope(self) -> Judged:
        """The results that waivers are matched with."""
        return self.session.judged(self.run.results, self.root)


def in_evaluation(
    command: Callable[[Evaluation], _Output], descriptions: Sequence[Path], arguments: Sequence[str]
) -> _Output:
    """Run a command after pytest has evaluated the descriptions in the given files and folders.

    Raises what `in_project` raises, and `InputError` for a description that is not there.
    """
    plugin = _EvaluationPlugin(command, descriptions)
    with redirect_stdout(StringIO()) as printed:
        try:
            run_pytest(plugin, [*QUIET, *arguments])
        except SystemExit as stopped:
            if stopped.code != pytest.ExitCode.USAGE_ERROR:
                sys.stderr.write(printed.getvalue())
            raise
    return plugin.outputs[0]


class _EvaluationPlugin(OnlyDescriptions, Generic[_Output]):
    """A pytest plugin that collects descriptions only, and runs a command at the end."""

    def __init__(
        self, command: Callable[[Evaluation], _Output], descriptions: Sequence[Path]
    ) -> None:
        super().__init__()
        self._command, self._named = command, descriptions
        self._crashes: list[Crash] = []
        self.outputs: list[_Output] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> None:
        """Find the descriptions, once their names are configured."""
        named = (Path(os.path.normpath(path.absolute())) for path in self._named)
        config.stash[asked_key] = tuple(named)
        self.collect_only(Project(config).files(self._named))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep failures that no report of ours has, such as those in hooks of other plugins."""
        ours = hasattr(report, "icp") or "troubles" in getattr(report, "icp_beside", {})
        if report.failed and not ours:
            self._crashes.append(Crash(report.nodeid, report.longreprtext, why_of(report)))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Run the command after the evaluation, when the reports are written."""
        if exitstatus in COMPLETED:
            # A report that was not written is said by the command.
            session.exitstatus = exitstatus
            files = list(self.files.values())
            failed = session.testsfailed > 0
            evaluation = Evaluation(session.config, files, self._crashes, failed=failed)
            self.outputs.append(self._command(evaluation))
