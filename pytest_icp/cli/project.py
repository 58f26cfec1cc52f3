"""The project that a command runs in, read by pytest, and evaluated if the command asks."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar, cast

import pytest
from msgspec.structs import replace

from pytest_icp.cli.arguments import columns
from pytest_icp.cli.isolation import isolated
from pytest_icp.engine import Scene
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.disk import existing, is_folder
from pytest_icp.facts.files.walking import descriptions_below
from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.law.times import TimeError, as_of_instant
from pytest_icp.plugin.collection import RECORDER, must_be_rules
from pytest_icp.plugin.flags import FLAGS
from pytest_icp.plugin.inner import COMPLETED, QUIET, OnlyDescriptions, run_pytest
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.outcome import why_of
from pytest_icp.plugin.reach import asked_key
from pytest_icp.plugin.recorder import Recorder
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.session import IcpSession, Refused, session_of
from pytest_icp.plugin.usage import wrong
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.run import Run
from pytest_icp.rules.selection import Selection

_NONE_IN = Text(
    zh="这个文件夹里没有描述文件（*.icp.yaml）",
    en="there is no description (*.icp.yaml) in this folder",
)
_START = Text(zh="可以先运行 pytest-icp init", en="run pytest-icp init to create one")
_SEVERAL_HERE = Text(
    zh="这个文件夹里有多个描述文件", en="there are several descriptions in this folder"
)
_NAME_IT = Text(
    zh="请指明其中一个：{named}，或者设置 icp_description",
    en="name one: {named}, or set the ini option icp_description",
)

_Output = TypeVar("_Output")
_Ran = TypeVar("_Ran", bound="Project")

_WITHOUT_BASELINE = "--icp-baseline="
"""The argument of pytest for a command without a baseline, which may not be written yet."""

ONLY_COMPARED = (
    *("-o", "icp_report=", "-o", "icp_forecast=", _WITHOUT_BASELINE, "--icp-fail-on=any"),
)
"""Arguments of pytest for a run of which only the comparison is shown."""

WITHOUT_REPORTS = (*ONLY_COMPARED, "--icp-since=")
"""Arguments for a command that does not use the reports and sections of a run."""


class Project:
    """The configuration that pytest reads for the current folder and the given files."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @property
    def session(self) -> IcpSession:
        """The session of the plugin."""
        return session_of(self.config)

    @property
    def options(self) -> Options:
        """The options, those of the command line before those of an ini file."""
        return read_options(self.config)

    @property
    def screen(self) -> Screen:
        """The terminal, to write in the language of the project."""
        return Screen(self.options.language, columns())

    def description(self, named: str, given: Path | None = None) -> Path:
        """Return the description given, or the only one in a folder: that given, else this one.

        ``named`` is how one is named to the command, with ``{file}`` as the placeholder, for the
        hint. Raises `InputError` if there is none, or more than one.
        """
        found = self.here() if given is None else self.files([given])
        if not found:
            raise InputError(_NONE_IN, hint=_START)
        if len(found) > 1:
            file = found[0].name if given is None else found[0]
            raise InputError(_SEVERAL_HERE, hint=_NAME_IT.format(named=named.format(file=file)))
        return found[0]

    def here(self) -> list[Path]:
        """Return the description of ``icp_description``, else those in this folder."""
        if self.options.description:
            return [self.options.description]
        return sorted({path for glob in self.options.files for path in Path().glob(glob)})

    def files(self, named: Sequence[Path]) -> list[Path]:
        """Return the descriptions named, and those in the folders named, each once.

        Raises `InputError` for one that does not exist.
        """
        found: dict[Path, None] = {}
        for path in named:
            inside = [existing(path)]
            if is_folder(path):
                inside = sorted(descriptions_below([path], self.options.files, (".*",)))
                if not inside:
                    place = None if path == Path() else Place(path=path)
                    raise InputError(_NONE_IN, place=place, hint=_START)
            found |= dict.fromkeys(inside)
        return list(found)

    def read(self, path: Path) -> Description:
        """Return a description with the facts of its sources.

        Raises `InputError` when it cannot be read.
        """
        return self.session.load(existing(path))

    def scene(self, path: Path, base: Path | None = None) -> Scene:
        """Return a description as of the run's day, with paths relative to ``base`` or this folder.

        Raises `InputError` when it cannot be read.
        """
        scene, _ = self.session.open(existing(path).absolute())
        return replace(scene, base=base or Path.cwd())

    def selection(self, path: Path) -> Selection:
        """Return which rules are selected of a description.

        Raises `pytest.UsageError` for a name in the options that means no rule.
        """
        must_be_rules(self.options, self.session.rule_ids)
        return self.session.selection(existing(path).absolute())


def in_project(
    arguments: Namespace,
    command: Callable[[Project], _Output],
    paths: Sequence[Path] = (),
    *more: str,
) -> _Output:
    """Run a command with pytest's configuration; nothing is collected, and no test runs.

    ``arguments`` are those of the command; pytest looks for its ini file from ``paths`` on, and
    reads the conftest files and plugins by its own rules. Raises `IcpError` for policies and other
    files that cannot be used, and `SystemExit` with pytest's code if it cannot start; it has
    printed why by then.
    """
    plugin = _ProjectPlugin(_speaking(arguments, command))
    run_pytest(plugin, [*more, *_pytest_arguments(arguments, paths), _WITHOUT_BASELINE])
    return plugin.outputs[0]


class _ProjectPlugin(Generic[_Output]):
    """A pytest plugin that runs a command once pytest is configured, instead of tests."""

    def __init__(self, command: Callable[[Project], _Output]) -> None:
        self._command = command
        self.outputs: list[_Output] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> int:
        """Run the command, and end pytest."""
        try:
            self.outputs.append(self._command(Project(config)))
        except Refused as refused:
            raise IcpError(str(refused)) from refused
        return int(pytest.ExitCode.OK)


# ---- A run of pytest over descriptions (核对), for commands that print its results


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
        return cast("Recorder", self.config.pluginmanager.get_plugin(RECORDER))

    @cached_property
    def run(self) -> Run:
        """The finished run, as reports have it."""
        return self.recorder.run()

    @property
    def root(self) -> Path:
        """The folder that paths in the run are relative to."""
        return repository_root(self.config.rootpath)


def in_evaluation(
    arguments: Namespace,
    command: Callable[[Evaluation], _Output],
    named: Sequence[Path],
    *more: str,
) -> _Output:
    """Run a command after pytest has evaluated the descriptions in the given files and folders.

    Raises what `in_project` raises, and `InputError` for a description that is not there.
    """
    plugin = _EvaluationPlugin(_speaking(arguments, command), named)
    with redirect_stdout(StringIO()) as printed:
        try:
            run_pytest(plugin, [*QUIET, *more, *_pytest_arguments(arguments, named)])
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


# ---- What pytest is given


def _pytest_arguments(arguments: Namespace, paths: Sequence[Path]) -> list[str]:
    """Return the arguments of pytest that correspond to those of a command.

    ``paths`` are those of descriptions: pytest looks for its ini file from them on.
    Raises `InputError` for a date that is invalid or outside the supported years.
    """
    try:
        as_of_instant(getattr(arguments, "as_of", None) or "2000-01-01")
    except TimeError as error:
        raise wrong("day", "--as-of", "", error=error.message) from None
    typed = (flag for flag in FLAGS.values() if not flag.ini_only)
    given = ((flag, getattr(arguments, flag.name, None)) for flag in typed)
    options = (
        f"{flag.option}={value}"
        for flag, values in given
        if values is not None
        for value in (values if flag.repeated else [values])
    )
    return [*isolated(arguments), *options, *(str(path.absolute()) for path in paths)]


def _speaking(
    arguments: Namespace, command: Callable[[_Ran], _Output]
) -> Callable[[_Ran], _Output]:
    """Return a command after which errors are told in the project's language."""

    def run(project: _Ran) -> _Output:
        arguments.lang = project.options.language
        try:
            return command(project)
        finally:
            # A description may ask for its own.
            arguments.lang = project.options.language

    return run
