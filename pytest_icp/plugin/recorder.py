"""Collects the results on the controller, writes reports and prints the closing sections."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from pytest_icp.plugin.collection import WORKER_COLLECTED, collected_in
from pytest_icp.plugin.options import read_options, settings_of, speak
from pytest_icp.plugin.progress import show_progress
from pytest_icp.plugin.reach import is_chosen, is_involved, uncollected
from pytest_icp.plugin.session import session_key

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from pytest_icp.kinds.result import Primitives, Result
    from pytest_icp.law.errors import InputError
    from pytest_icp.law.text import Text
    from pytest_icp.plugin.options import Options
    from pytest_icp.plugin.runs import Missing
    from pytest_icp.plugin.since import Ratchet
    from pytest_icp.plugin.terminal import Ended
    from pytest_icp.reports.run import Run

_PASSED = {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}


class Recorder:
    """Collects results from pytest's reports until the run ends."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._decided: list[Result] = []
        self._beside: dict[str, list[Primitives]] = defaultdict(list)
        self._collected = collected_in(config)
        self.unwritten: list[InputError] = []
        self._commands: list[str] = []
        self._run: Run | None = None
        self._seen: set[str] = set()
        self._missing: Missing | None = None
        self._reached, self._nothing = True, False
        self.ratchet: Ratchet | None = None

    def pytest_sessionstart(self) -> None:
        """Find what the run is compared with, where an option asks for that."""
        options = read_options(self._config)
        if (options.since or options.fail_on == "new") and not self._config.option.collectonly:
            from pytest_icp.plugin.since import ratchet_of

            self.ratchet = ratchet_of(self._config)
            self._config.pluginmanager.register(self.ratchet, "icp-ratchet")

    @pytest.hookimpl(tryfirst=True)
    def pytest_unconfigure(self) -> None:
        """Count what has a category of its own as pytest does, and drop what was recorded."""
        if self.ratchet:
            self.ratchet.close()
        plugins = self._config.pluginmanager
        plugins.unregister(self)
        terminal = plugins.get_plugin("terminalreporter")
        if terminal and session_key in self._config.stash:
            from pytest_icp.plugin.terminal import count_as_others

            count_as_others(terminal)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result of a report, unless the item runs again."""
        if hasattr(report, "icp_records"):
            self._take_records(report.icp_records)
        # pytest-rerunfailures adds the outcome "rerun"; the last report of an item counts.
        if report.outcome not in {"passed", "failed", "skipped"}:
            return
        result = getattr(report, "icp", None)
        if result is not None:
            self._decided.append(result)
        beside: dict[str, list[Primitives]] = getattr(report, "icp_beside", {})
        for sort, found in beside.items():
            self._beside[sort] += found
        if result is not None or {"marked", "troubles"} & beside.keys():
            # pytest-xdist adds the group of a test to its node id.
            self._seen.update((report.nodeid, report.nodeid.rpartition("@")[0]))

    def _take_records(self, records: dict[str, Primitives]) -> None:
        """Take what a worker read, and say above its results what is said first of a run."""
        self._collected.records |= records
        for record in records.values():
            speak(self._config, record["language"])
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        from pytest_icp.plugin.terminal import header_shown, print_header

        shown = self._config.stash.get(header_shown, False)
        if terminal and not shown and self._config.getoption("verbose") >= 0:
            print_header(terminal)
            terminal.write_line("")

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Take the descriptions that an xdist worker collected: it may be lost before its end."""
        globs = read_options(self._config).files
        self._collected.finished = True
        for file in dict.fromkeys(node.partition("::")[0] for node in ids):
            path = self._config.rootpath / file
            if any(path.match(glob) for glob in globs):
                self._collected.files.setdefault(file, str(path))

    def pytest_report_collectionfinish(self, items: list[pytest.Item]) -> list[str]:
        """Return the lines above the run, where rules were collected; ``-q`` has none there."""
        config = self._config
        ours = session_key in config.stash and any(hasattr(item, "obligation") for item in items)
        if not ours or config.getoption("verbose") < 0:
            return []
        from pytest_icp.plugin.terminal import header, header_shown

        lines = header(config)
        config.stash[header_shown] = bool(lines)
        return lines

    @pytest.hookimpl(specname="pytest_sessionfinish", tryfirst=True)
    def pytest_before_reports(self) -> None:
        """Keep what was collected and not decided, and tell it to a JUnit file."""
        collected = self._collected
        left = uncollected(self._config, collected)
        # Without a description in reach, only who asked for a report wants to know.
        asked = read_options(self._config).reports
        if not (collected.files or collected.tests or left or (asked and not collected.finished)):
            return
        from pytest_icp.plugin.runs import missing

        self._missing = missing(self._config, left, self._seen)
        self._reached = not left
        involved = is_involved(self._config, collected) and not is_chosen(self._config)
        self._nothing = involved and bool(collected.files or left) and not self._decided
        self._tell_junit()

    def _tell_junit(self) -> None:
        """Say in a JUnit file what the run does not decide, as properties of the suite."""
        from pytest_icp.plugin.runs import records_of
        from pytest_icp.reports.overview import not_selected
        from pytest_icp.reports.words import in_languages

        language = read_options(self._config).language
        left = not_selected(records_of(self._config), settings_of(self._config))
        found = [("icp.incomplete", said) for said in self._incomplete()]
        for name, said in [*found, *([("icp.not_selected", left)] if left else [])]:
            for plugin in self._config.pluginmanager.get_plugins():
                # pytest registers the writer of the file without a name.
                if hasattr(plugin, "add_global_property"):
                    plugin.add_global_property(name, in_languages(said, language))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take an xdist worker's errors, what it collected, and what weakens the run."""
        output = getattr(node, "workeroutput", {})
        if WORKER_COLLECTED in output:
            self._collected.add(output[WORKER_COLLECTED])
            for record in self._collected.records.values():
                speak(self._config, record["language"])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the reports; stop with a usage error if workers had errors.

        A report that cannot be written makes a run fail that would not fail otherwise.
        """
        options = read_options(self._config)
        found = self._decided or self._beside["marked"] or self._beside["troubles"]
        on_github = options.github and bool(found or (self._missing and any(self._missing)))
        if options.reports or on_github or self.ratchet or options.baseline is not None:
            self._report(options, on_github=on_github)
        if self.unwritten and session.exitstatus in _PASSED:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
        taken_out = options.fail_on == "new" and self._run and self._run.taken_out
        if (taken_out or self._nothing) and session.exitstatus in _PASSED:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self._collected.refused:
            raise pytest.UsageError("\n".join(self._collected.refused))

    def _report(self, options: Options, *, on_github: bool) -> None:
        """Write the reports, and keep the run if the closing sections need it."""
        from pytest_icp.plugin.messages import WRITING
        from pytest_icp.reports.publishing import deliver

        run = self.run()
        if self.ratchet or options.baseline is not None:
            self._run = run
        with show_progress(self._config, WRITING):
            self.unwritten = deliver(run, options.reports, self._config.rootpath)
        if self.ratchet:
            self.unwritten += self.ratchet.unjudged()
        if on_github:
            from pytest_icp.plugin.github import annotate, summarise

            self.unwritten += summarise(run)
            self._commands = list(annotate(self._config, run))

    @pytest.hookimpl(specname="pytest_terminal_summary", wrapper=True, tryfirst=True)
    def pytest_list_apart(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        """Let pytest list what it lists of others; what was decided has sections of its own."""
        if session_key not in self._config.stash:
            return (yield)
        from pytest_icp.plugin.terminal import listed_apart, print_changes

        ended = self.ended()
        if self.ratchet:
            print_changes(terminalreporter, ended)
        with listed_apart(terminalreporter, ended):
            return (yield)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the sections of the run, where it decided anything."""
        beside = self._beside["marked"] or self._beside["sources"] or self._collected.weakened
        if self._decided or beside or self._run:
            from pytest_icp.plugin.terminal import print_closing

            print_closing(terminalreporter, self.ended())
        if not self._config.getoption("no_summary"):
            if self._beside["fuzzed"]:
                from pytest_icp.plugin.terminal import print_fuzzed

                print_fuzzed(terminalreporter, self._beside["fuzzed"])
            from pytest_icp.plugin.reach import left_out

            lists_only = self._config.getoption("collectonly", default=False)
            said = [*(() if lists_only else self._incomplete())]
            if self._reached and (unreached := left_out(self._config)):
                said.append(unreached)
            if said:
                from pytest_icp.plugin.terminal import tell

                tell(terminalreporter, said)
        for error in self.unwritten:
            terminalreporter.write_line(f"ERROR: {error}", red=True)
        for command in self._commands:
            terminalreporter.write_line(command)

    def _incomplete(self) -> Iterator[Text]:
        """Yield what the run has not decided; nothing if it is complete."""
        if self._missing:
            from pytest_icp.plugin.runs import sentences

            decided = len(self._decided) + len(self._beside["marked"])
            yield from sentences(self._missing, decided)
        if self._nothing:
            from pytest_icp.plugin.messages import NOTHING_JUDGED

            yield NOTHING_JUDGED

    def run(self) -> Run:
        """Return the run as reports have it."""
        from pytest_icp.plugin.runs import finished_run

        run = finished_run(self._config, self.results(), self._beside, self._missing)
        return self.ratchet.compared(run) if self.ratchet else run

    def ended(self) -> Ended:
        """Return the results for the closing sections."""
        from msgspec import convert

        from pytest_icp.plugin.runs import records_of
        from pytest_icp.plugin.terminal import Ended
        from pytest_icp.reports.marked import MarkedTest
        from pytest_icp.reports.run import SourceRemarks, Trouble

        return Ended(
            results=self.results(),
            root=self._config.rootpath,
            tests=convert(self._beside["marked"], list[MarkedTest]),
            sources=convert(self._beside["sources"], list[SourceRemarks]),
            rules=frozenset(self._collected.own_rules),
            run=self._run,
            weakened=convert([*self._collected.weakened.values()], list[Trouble]),
            records=records_of(self._config),
            complete=not (self._missing and any(self._missing)),
        )

    # A method: plugin managers look at every property of a plugin when it is registered.
    def results(self) -> tuple[Result, ...]:
        """Return the results of the run, in the order of file, provision and rule."""
        # In place: reports, summary and forecast ask, and what is in order is soon found to be.
        self._decided.sort(key=lambda r: (r.description, r.provision, r.rule_id))
        return tuple(self._decided)
