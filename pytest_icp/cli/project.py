"""The project that a command runs in, as pytest reads it: its options, policies, descriptions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import pytest
from msgspec.structs import replace

from pytest_icp.cli.evaluate import Ways
from pytest_icp.engine import Scene
from pytest_icp.facts.description import Description
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.selection import must_be_rules, wanted
from pytest_icp.plugin.session import Refused, session_of
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Policy

# Without its options nobody knows the language.
_SWITCHED_OFF = (
    "此处没有加载插件 icp（-p no:icp？），读不到它的选项\n"
    "pytest does not load the plugin icp here (-p no:icp?),\nso its options are not read"
)
_NO_FILE = Text(zh="没有这个文件", en="there is no such file")
_NONE_HERE = Text(zh="这个文件夹里没有描述文件", en="there is no description here")
_START = Text(zh="可以先运行 pytest-icp init", en="pytest-icp init writes one to start from")
_SEVERAL_HERE = Text(zh="这个文件夹里有多个描述文件", en="there are several descriptions here")
_NAME_IT = Text(
    zh="写明其中之一：{named}，或者在 icp_description 中写明",
    en="name one: {named}, or in the ini option icp_description",
)

_Answer = TypeVar("_Answer")


class Project:
    """What pytest knows in the current folder, for the file that it was asked about."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    @property
    def options(self) -> Options:
        """The options, those of the command line before those of an ini file."""
        return read_options(self._config)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The policies of the product, of ``icp_policies`` and of plugins."""
        return session_of(self._config).policies

    def written(self) -> tuple[WrittenPolicy, ...]:
        """Return the same policies beside what their files say."""
        return session_of(self._config).written()

    @property
    def calendar(self) -> Calendar:
        """The working days that were published, and those of the project's files."""
        return session_of(self._config).calendar

    @property
    def ways(self) -> Ways:
        """How descriptions are judged here; raises `pytest.UsageError` for a rule there is not."""
        session, options = session_of(self._config), self.options
        must_be_rules(options, session.rule_ids)
        return Ways(
            settings=options.settings,
            calendar=session.calendar,
            checks=session.checks,
            names=options.files,
            waiver_days=options.waiver_days,
            unknown_fails=options.unknown == "fail",
            wanted=lambda rule: wanted(rule, options),
            load=session.load,
            known=options.baseline,
            ahead=options.forecast,
        )

    def description(self, named: str) -> Path:
        """Return the description of ``icp_description``, else the only one in this folder.

        ``named`` is how it is named to the command, with ``{file}`` in its place.
        Raises `InputError` when there is none, or more than one.
        """
        if self.options.description:
            return self.options.description
        found = sorted({path for glob in self.options.files for path in Path().glob(glob)})
        if not found:
            raise InputError(_NONE_HERE, hint=_START)
        if len(found) > 1:
            raise InputError(
                _SEVERAL_HERE, hint=_NAME_IT.format(named=named.format(file=found[0].name))
            )
        return found[0]

    def read(self, path: Path) -> Description:
        """Return a description with what its sources tell.

        Raises `InputError` when it cannot be read.
        """
        if not path.exists():
            raise InputError(_NO_FILE, place=Place(path=path))
        return session_of(self._config).load(path)

    def scene(self, path: Path) -> Scene:
        """Return a description as of the run's day, its places seen from the current folder.

        Raises `InputError` when it cannot be read.
        """
        if not path.exists():
            raise InputError(_NO_FILE, place=Place(path=path))
        scene, _ = session_of(self._config).open(path.absolute())
        return replace(scene, base=Path.cwd())


def in_project(ask: Callable[[Project], _Answer], arguments: Sequence[str] = ()) -> _Answer:
    """Answer out of what pytest knows here; nothing is collected, and no test runs.

    ``arguments`` are those of pytest. It reads its ini file, the conftest files and plugins by
    its own rules. Raises `IcpError` for policies and other files that cannot be used, and
    `SystemExit` with pytest's code when it cannot start; it has said why by then.
    """
    guest = _Guest(ask)
    # Of course the plugin is imported already; a project that takes warnings for errors need not
    # hear of it.
    unsaid = "-Wignore:Module already imported:pytest.PytestAssertRewriteWarning"
    code = pytest.main([unsaid, *arguments], plugins=[guest])
    if not guest.answers:
        raise SystemExit(int(code))
    return guest.answers[0]


class _Guest(Generic[_Answer]):
    """A plugin that looks around once pytest is set up, and leaves before it does anything."""

    def __init__(self, ask: Callable[[Project], _Answer]) -> None:
        self._ask = ask
        self.answers: list[_Answer] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> int:
        """Answer, instead of a run."""
        if not config.pluginmanager.has_plugin("icp"):
            raise pytest.UsageError(_SWITCHED_OFF)
        try:
            self.answers.append(self._ask(Project(config)))
        except Refused as refused:
            raise IcpError(str(refused)) from refused
        return int(pytest.ExitCode.OK)
