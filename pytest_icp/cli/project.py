"""The project that a command runs in, read by pytest: its options, policies, descriptions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import pytest
from msgspec.structs import replace

from pytest_icp.engine import Scene
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.disk import existing, is_folder
from pytest_icp.facts.files.walking import descriptions_below
from pytest_icp.kinds import Kind
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.collection import must_be_rules
from pytest_icp.plugin.inner import run_pytest
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.session import IcpSession, Refused, session_of
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.selection import Selection
from pytest_icp.rules.waivers import Waiver

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
    def policies(self) -> tuple[Policy, ...]:
        """The policies of the product, of ``icp_policies`` and of plugins."""
        return self.session.policies

    def written(self) -> tuple[WrittenPolicy, ...]:
        """Return the same policies with the contents of their files."""
        return self.session.written()

    @property
    def calendar(self) -> Calendar:
        """The working days that were published, and those of the project's files."""
        return self.session.calendar

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of obligation of other plugins, by name."""
        return self.session.kinds

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

    def waivers(self, files: Sequence[Path]) -> Iterator[Waiver]:
        """Yield the waivers beside descriptions, each file once."""
        for folder in sorted({path.parent for path in files}):
            yield from self.session.waivers_in(folder)

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


def in_project(command: Callable[[Project], _Output], arguments: Sequence[str] = ()) -> _Output:
    """Run a command with pytest's configuration; nothing is collected, and no test runs.

    ``arguments`` are those of pytest. It reads its ini file, the conftest files and plugins by
    its own rules. Raises `IcpError` for policies and other files that cannot be used, and
    `SystemExit` with pytest's code if it cannot start; it has printed why by then.
    """
    plugin = _ProjectPlugin(command)
    run_pytest(plugin, arguments)
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
