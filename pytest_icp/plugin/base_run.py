"""The process that judges a base (核对基准): how it is started, and what it runs."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from configparser import ConfigParser, Error
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from msgspec import Struct, json

from pytest_icp.facts.files.disk import is_inside, read_bytes
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import object_of
from pytest_icp.law.text import Text, plain
from pytest_icp.plugin.collection import RECORDER
from pytest_icp.plugin.flags import FLAGS, LARGEST, by_repository, is_overridden, values_in
from pytest_icp.plugin.inner import COMPLETED, QUIET, OnlyDescriptions, PlainFolders, run_pytest
from pytest_icp.plugin.items import TroublesItem
from pytest_icp.plugin.options import read_options
from pytest_icp.plugin.reach import asked_key
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.session import session_of
from pytest_icp.reports.comparing import state_in
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.run import as_reported
from pytest_icp.reports.since import State

OF_RUN = frozenset(
    {
        *("as_of", "since", "fail_on", "report", "github", "baseline", "forecast"),
        *("docs_url", "fuzz", "fuzz_profile", "fuzz_examples", "source"),
    }
)
"""The options that a base does not have in common with its run."""


class Task(Struct, frozen=True, kw_only=True):
    """The arguments of pytest by which to judge a folder, and a report to write for each day.

    Without ``addopts`` those of its ini file do not count.
    """

    root: str
    arguments: tuple[str, ...]
    reports: dict[str, str]
    addopts: bool


def main() -> None:
    """Do the task of standard input."""
    task = json.decode(sys.stdin.buffer.read(), type=Task)
    for day, report in task.reports.items():
        run_pytest(_Base(task, Path(report)), [*task.arguments, f"--icp-as-of={day}"])


class _Base(PlainFolders):
    """A pytest plugin that collects descriptions only, and writes the report of a base."""

    def __init__(self, task: Task, report: Path) -> None:
        self._root, self._addopts, self._report = Path(task.root), task.addopts, report

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> None:
        """Let the options of ours count that the ini file gives in ``addopts``.

        The others are not taken: they may load plugins. What is typed for the run counts first.
        """
        # What the base left out is nothing that this run does.
        config.stash[asked_key] = ()
        path = config.inipath
        if path is None or not path.is_relative_to(self._root) or not self._addopts:
            return
        raw = read_bytes(path, root=self._root, limit=LARGEST)
        words = addopts_of(raw.decode("utf-8", "replace"))
        for flag in FLAGS.values():
            given = list(values_in(words, flag.option))
            if not given or flag.name in OF_RUN or config.getoption(flag.ini) is not None:
                continue
            if flag.name == "policies":
                folders = (config.rootpath / one for one in given)
                given = [str(one) for one in folders if is_inside(one, self._root)]
            setattr(config.option, flag.ini, given if flag.repeated else given[-1])

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Ignore all but folders and descriptions."""
        globs = read_options(config).files
        ours = collection_path.is_dir() or any(map(collection_path.match, globs))
        return None if ours else True

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        """Leave out what fails a run for other reasons than its descriptions."""
        yield
        items[:] = [one for one in items if type(one) is not TroublesItem]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the report, with paths from the root of the base, which has perhaps no ``.git``."""
        if exitstatus in COMPLETED:
            session.exitstatus = exitstatus
            config = session.config
            recorder: Any = config.pluginmanager.get_plugin(RECORDER)
            top = repository_root(config.rootpath)
            run = as_reported(recorder.run(), base=top, root=self._root)
            self._report.write_text(jsonl(run), "utf-8")


# ---- The words of ``addopts`` in an ini file that pytest has read without them (附加选项)

_SECTIONS = ("pytest", "tool:pytest")


def addopts_of(text: str) -> list[str]:
    """Return the words of ``addopts`` in a text of TOML, else of an ini file."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        found = _of_ini(text)
    else:
        own = object_of(object_of(document.get("tool", document)).get("pytest"))
        found = own.get("addopts", object_of(own.get("ini_options")).get("addopts"))
    if isinstance(found, list):
        return [str(one) for one in found]
    try:
        return shlex.split(found) if isinstance(found, str) else []
    except ValueError:
        return []


def _of_ini(text: str) -> object:
    parser = ConfigParser(interpolation=None, strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except Error:
        return None
    return next(
        (parser[one]["addopts"] for one in _SECTIONS if parser.has_option(one, "addopts")), ""
    )


# ---- The process that judges a base (核对基准): started, and its reports read

_CLOSED = (
    # Of the base no plugin is loaded, and its ini file gives values of ours alone.
    *("-o", "filterwarnings=", "-o", "required_plugins="),
    *("-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:junitxml", "-p", "no:warnings"),
    *("-o", "icp_since=", "-o", "icp_fail_on=any", "-o", "icp_report=", "-o", "icp_forecast="),
    *("--icp-baseline=", "--assert=plain"),
)
_WITHOUT_CODE = ("--noconftest", "-o", "pythonpath=")
_KEPT = (
    *("PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("TMPDIR", "TEMP", "TMP", "TZ", "LANG", "LC_ALL", "LC_CTYPE", "VIRTUAL_ENV"),
)
"""The variables that the process has: none of them is a token."""

_HOOKS = ("pytest_icp_policies", "pytest_icp_checks", "pytest_icp_adapters", "pytest_icp_facts")
_OURS = b"pytest_icp"
_ENDED = Text(zh="核对进程以退出码 {code} 结束", en="its process ended with exit code {code}")


class Roots(NamedTuple):
    """The root of the repository, and that of its base."""

    head: Path
    base: Path

    def there(self, path: Path) -> Path | None:
        """Return what a path of the repository is in the base; None for one outside of it."""
        found = Path(os.path.abspath(path))  # noqa: PTH100 - follows no link
        return self.base / found.relative_to(self.head) if found.is_relative_to(self.head) else None


def judge(
    config: pytest.Config, roots: Roots, days: Sequence[str], folder: Path, name: str
) -> list[State]:
    """Judge a base with the options of a run, and return its state as of each of some days.

    What the process reads and writes is in a ``folder``; the state is called by a ``name``.
    Raises `InputError` with what the process said where it could not judge.
    """
    reports = {day: folder / f"report-{n}.jsonl" for n, day in enumerate(days)}
    (folder / "none").mkdir(exist_ok=True)
    task = Task(
        root=str(roots.base),
        arguments=tuple(_arguments(config, roots, folder)),
        reports={day: str(path) for day, path in reports.items()},
        addopts=not is_overridden(config, "addopts"),
    )
    here = roots.there(config.invocation_params.dir)
    done = subprocess.run(
        [sys.executable, "-P", "-m", "pytest_icp.plugin.base_run"],
        cwd=here if here and here.is_dir() else roots.base,
        env=_environment(roots.head),
        input=json.encode(task),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        raise InputError(_why(done, roots.base))
    return [state_in(path, name) for path in reports.values()]


def _why(done: subprocess.CompletedProcess[bytes], base: Path) -> Text:
    """Return why pytest could not judge a base: what it printed as an error, else its end."""
    printed = done.stdout.decode("utf-8", "replace")
    lines = [line for line in printed.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    said = " ".join(errors or lines[-1:]).replace(f"{base}{os.sep}", "")
    return plain(said) if said else _ENDED.format(code=done.returncode)


def _environment(head: Path) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # What is imported from outside the repository is, there as well.
    paths = [path for path in sys.path if path and not is_inside(Path(path), head)]
    ours = {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"}
    return {**kept, **ours, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _arguments(config: pytest.Config, roots: Roots, folder: Path) -> Iterator[str]:
    """Yield the arguments of pytest: those of ours that the run was given, for the base."""
    yield from (*QUIET, *_CLOSED, *_code(config, roots))
    yield f"--rootdir={roots.there(config.rootpath) or roots.base}"
    here = config.invocation_params.dir
    if named := config.getoption("inifilename"):
        yield from ("-c", str(_there(roots, here / named) or os.devnull))
    ours = [flag for flag in FLAGS.values() if flag.name not in OF_RUN]
    for flag in ours:
        given = None if flag.ini_only else config.getoption(flag.ini)
        for value in given if isinstance(given, list) else [given]:
            if value is not None and not by_repository(config, flag.name, value):
                there = _there(roots, here / value) if flag.name == "policies" else value
                yield from [f"{flag.option}={there}"] if there else ()
    for one in config.getoption("override_ini") or ():
        name = one.partition("=")[0]
        if name in {flag.ini for flag in ours} and is_overridden(config, name):
            yield from ("-o", one)
    yield from _sources(config, roots, folder)
    if config.args_source is config.ArgsSource.ARGS:
        named = [there for there in _named(config, roots) if there.exists()]
        # Nothing else is looked for.
        yield from map(str, named or [folder / "none"])


def _sources(config: pytest.Config, roots: Roots, folder: Path) -> Iterator[str]:
    for source in read_options(config).sources if config.getoption("icp_source") else ():
        path = source.path
        if source.given is not None:
            path = folder / "input"
            path.write_bytes(source.given)
        if there := _there(roots, path):
            yield f"--icp-source={source.kind}={there}"


def _there(roots: Roots, path: Path) -> Path | None:
    """Return a file or folder of the base, None if it has none; what is outside is the same."""
    there = roots.there(path)
    return path if there is None else there if there.exists() else None


def _named(config: pytest.Config, roots: Roots) -> Iterator[Path]:
    """Yield the folders and descriptions that the run was given, where the base has them."""
    plugins = config.pluginmanager.get_plugins()
    ours = {path for one in plugins if isinstance(one, OnlyDescriptions) for path in one.files}
    globs = read_options(config).files
    for argument in config.args:
        path = Path(os.path.normpath(config.invocation_params.dir / argument.partition("::")[0]))
        there = roots.there(path)
        if there and (there.is_dir() or path in ours or any(map(there.match, globs))):
            yield there


def _code(config: pytest.Config, roots: Roots) -> Iterator[str]:
    """Yield the arguments that load hooks of ours: of installed plugins, of a ``conftest.py``.

    The latter is that of the base, as far as it has any, and the run takes code of a repository.
    """
    found = (one for hook in _HOOKS for one in getattr(config.hook, hook).get_hookimpls())
    modules = {str(one.plugin_name): getattr(one.plugin, "__file__", None) for one in found}
    for name, file in sorted(modules.items()):
        if file and not is_inside(Path(file), roots.head):
            yield from ("-p", name)
    conftests = roots.base.rglob("conftest.py") if session_of(config).runs_code else ()
    if not any(_has_hooks(path, roots.base) for path in conftests if path.is_file()):
        yield from _WITHOUT_CODE


def _has_hooks(path: Path, root: Path) -> bool:
    with suppress(InputError):
        return _OURS in read_bytes(path, root=root, limit=LARGEST)
    return False


if __name__ == "__main__":
    main()
