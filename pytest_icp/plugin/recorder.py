"""Collects the results on the controller, writes reports and prints the closing sections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pytest_icp.plugin.options import read_options
from pytest_icp.plugin.progress import show_progress
from pytest_icp.plugin.selection import (
    WORKER_REFUSED,
    WORKER_RULES,
    WORKER_WEAKENED,
    rules_key,
    weakened_key,
)
from pytest_icp.plugin.session import session_key

if TYPE_CHECKING:
    from pytest_icp.kinds.result import Primitives, Result
    from pytest_icp.law.errors import InputError
    from pytest_icp.law.text import Text
    from pytest_icp.plugin.closing import Ended
    from pytest_icp.plugin.options import Options
    from pytest_icp.reports.run import Run

recorder_key = pytest.StashKey["Recorder"]()
note_key = pytest.StashKey["Text"]()
"""What is to be said of other plugins, at the end of the run."""

_PASSED = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}

TESTMON = "TestmonSelect"
"""The plugin of pytest-testmon that skips files and tests."""


def configure(config: pytest.Config) -> None:
    """Register the recorder, on the controller only."""
    if not hasattr(config, "workerinput"):
        config.stash[recorder_key] = Recorder(config)
        config.pluginmanager.register(config.stash[recorder_key], "icp-recorder")


def unconfigure(config: pytest.Config) -> None:
    """Unregister the recorder."""
    recorder = config.stash.get(recorder_key, None)
    if recorder:
        del config.stash[recorder_key]
        config.pluginmanager.unregister(recorder)


def header(config: pytest.Config, items: list[pytest.Item]) -> list[str]:
    """Return the line above the run, where a description was collected."""
    if session_key not in config.stash:
        return []
    from pytest_icp.plugin.terminal import collection_line

    return collection_line(config, items)


class Recorder:
    """Collects results from pytest's reports until the run ends."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._decided: list[Result] = []
        self._marked: list[Primitives] = []
        self._troubles: list[Primitives] = []
        self._sources: list[Primitives] = []
        self._refused: list[str] = []
        self._rules: set[str] = set()
        self._weakened: dict[str, Primitives] = {}
        self.unwritten: list[InputError] = []
        self._commands: list[str] = []
        self._run: Run | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result of a report, unless the item runs again."""
        # pytest-rerunfailures adds the outcome "rerun"; the last report of an item counts.
        if report.outcome not in {"passed", "failed", "skipped"}:
            return
        result = getattr(report, "icp", None)
        if result is not None:
            self._decided.append(result)
        marked = getattr(report, "icp_marked", None)
        if marked is not None:
            self._marked.append(marked)
        self._troubles.extend(getattr(report, "icp_troubles", ()))
        self._sources.extend(getattr(report, "icp_sources", ()))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take an xdist worker's errors, the rules of its tests, and what weakens the run."""
        output = getattr(node, "workeroutput", {})
        self._weakened |= {str(one): one for one in output.get(WORKER_WEAKENED, ())}
        self._refused.extend(output.get(WORKER_REFUSED, ()))
        self._rules.update(output.get(WORKER_RULES, ()))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Stop with a usage error if workers had errors; else write the reports.

        A report that cannot be written makes a run fail that would not fail otherwise.
        """
        if self._refused:
            raise pytest.UsageError("\n".join(dict.fromkeys(self._refused)))
        options = read_options(self._config)
        on_github = options.github and bool(self._decided or self._marked or self._troubles)
        if options.reports or on_github or options.baseline is not None:
            from pytest_icp.facts.files.garbage import collector_paused

            # Reports create and free tens of thousands of values, too.
            with collector_paused():
                self._report(options, on_github=on_github)
        if self.unwritten and session.exitstatus in _PASSED:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def _report(self, options: Options, *, on_github: bool) -> None:
        """Write the reports, and keep the run if the closing sections need it."""
        from pytest_icp.plugin.messages import WRITING
        from pytest_icp.reports.publishing import deliver

        run = self.run()
        if options.baseline is not None:
            self._run = run
        with show_progress(self._config, WRITING):
            self.unwritten = deliver(run, options.reports, self._config.rootpath)
        if on_github:
            from pytest_icp.plugin.github import annotate, summarise

            self.unwritten += summarise(run)
            self._commands = list(annotate(self._config, run))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the sections of the run, where it decided anything."""
        if self._decided or self._marked or self._sources or self._run or self.weakened():
            from pytest_icp.plugin.terminal import print_closing

            print_closing(terminalreporter, self.ended())
        if not self._config.getoption("no_summary"):
            from pytest_icp.plugin.reach import left_out

            self._tell(terminalreporter, left_out(self._config))
            self._tell(terminalreporter, self._config.stash.get(note_key, None))
        for error in self.unwritten:
            terminalreporter.write_line(f"ERROR: {error}", red=True)
        for command in self._commands:
            terminalreporter.write_line(command)

    def _tell(self, terminal: pytest.TerminalReporter, said: Text | None) -> None:
        """Print what this run did not look at, or why it looked."""
        if said is None:
            return
        from pytest_icp.plugin.representation import columns_of
        from pytest_icp.reports.layout import wrap
        from pytest_icp.reports.words import each_language

        for text in each_language(said, read_options(self._config).language):
            for line in wrap(f"icp: {text}", columns_of(self._config), indent="     "):
                terminal.write_line(line, yellow=True)

    def run(self) -> Run:
        """Return the run as reports have it."""
        from pytest_icp.plugin.runs import finished_run

        return finished_run(
            self._config,
            self.results(),
            self._troubles,
            self._marked,
            self._sources,
            self.rules(),
            self.weakened(),
        )

    def ended(self) -> Ended:
        """Return the results for the closing sections."""
        from pytest_icp.kinds.finding import Verdict
        from pytest_icp.plugin.closing import Ended
        from pytest_icp.reports.matrix import Marked
        from pytest_icp.reports.run import SourceRemarks, Trouble

        return Ended(
            results=self.results(),
            root=self._config.rootpath,
            tests=[Marked(one["rule_id"], Verdict(one["verdict"])) for one in self._marked],
            sources=[SourceRemarks.from_json(one) for one in self._sources],
            rules=self.rules(),
            run=self._run,
            weakened=[Trouble.from_json(one) for one in self.weakened()],
        )

    def weakened(self) -> list[Primitives]:
        """Return what weakens the run, as seen here or by its workers."""
        own = self._config.stash.get(weakened_key, [])
        return [*own, *self._weakened.values()]

    def rules(self) -> frozenset[str]:
        """Return the rules of ordinary tests, here and in workers, before the selection."""
        own: list[str] = self._config.stash.get(rules_key, [])
        return frozenset(self._rules.union(own))

    # A method: plugin managers look at every property of a plugin when it is registered.
    def results(self) -> tuple[Result, ...]:
        """Return the results of the run, in the order of file, provision and rule."""
        # In place: reports, summary and forecast ask, and what is in order is soon found to be.
        self._decided.sort(key=lambda r: (r.description, r.provision, r.rule_id))
        return tuple(self._decided)
