"""Judges the base of a change (核对基准): the same pipeline once more, in this process."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, datetime
from fnmatch import fnmatch
from glob import glob
from io import StringIO
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from pytest_icp.engine import Scene, binding, decide
from pytest_icp.facts.files.repository import is_inside
from pytest_icp.facts.files.source import read_bytes
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import OPEN, Standing
from pytest_icp.law.location import Location
from pytest_icp.law.text import plain
from pytest_icp.law.times import end_of_day
from pytest_icp.plugin.addopts import addopts_of
from pytest_icp.plugin.collected import collected_in
from pytest_icp.plugin.flags import FLAGS, by_repository, is_overridden, values_in
from pytest_icp.plugin.inner import COMPLETED, QUIET, OnlyDescriptions, run_pytest, variables
from pytest_icp.plugin.options import read_options
from pytest_icp.plugin.reach import base_key
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.session import session_of
from pytest_icp.plugin.toml_values import LARGEST
from pytest_icp.reports.comparing import findings_of
from pytest_icp.reports.entries import entries
from pytest_icp.reports.forecast import at_other_times
from pytest_icp.reports.run import Run, as_reported
from pytest_icp.reports.since import Base, Key, Unjudged
from pytest_icp.rules.policy import part_id

_CLOSED = (
    # Of the base no code runs and no plugin is loaded: its ini file gives values of ours alone.
    *("--noconftest", "-o", "pythonpath=", "-o", "filterwarnings=", "-o", "required_plugins="),
    *("-p", "no:cacheprovider", "-p", "no:faulthandler", "-p", "no:junitxml", "-p", "no:warnings"),
    *("-o", "icp_since=", "-o", "icp_fail_on=any", "-o", "icp_report=", "-o", "icp_forecast="),
    *("--icp-baseline=", "--assert=plain"),
)
_ENVIRONMENT = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": None}
_OWN = frozenset(
    {
        *("as_of", "since", "fail_on", "report", "github", "baseline", "forecast"),
        "docs_url",
        *("fuzz", "fuzz_profile", "fuzz_examples", "policies", "source"),
    }
)
"""The options that are not simply passed on."""

_HOOKS = ("pytest_icp_policies", "pytest_icp_checks", "pytest_icp_adapters", "pytest_icp_facts")


class Roots(NamedTuple):
    """The root of the repository, and that of its base."""

    head: Path
    base: Path

    def there(self, path: Path) -> Path | None:
        """Return what a path of the repository is in the base; None for one outside of it."""
        found = Path(os.path.abspath(path))  # noqa: PTH100 - follows no link
        return self.base / found.relative_to(self.head) if found.is_relative_to(self.head) else None


def judged_base(
    config: pytest.Config, roots: Roots, sources: Iterable[str], since: datetime | None
) -> Base:
    """Return a base as it is judged with the options of a run, as of the same instant.

    ``sources`` are those of the command line, as they are named for the base; ``since`` is when it
    was committed. What keeps it from being judged is said in it.
    """
    plugin = _Base(config, roots, since and since.date())
    arguments = [*_arguments(config, roots), *(f"--icp-source={one}" for one in sources)]
    printed = StringIO()
    try:
        with redirect_stdout(printed), redirect_stderr(printed), variables(_ENVIRONMENT):
            run_pytest(plugin, arguments)
            if plugin.elsewhere:
                # An ini file above the base is none of its own.
                run_pytest(plugin, [*arguments, "-c", os.devnull])
    except SystemExit:
        return Base(name="", unjudged=(_failed(printed.getvalue(), roots),))
    return plugin.judged or Base(name="", standings={})


def _failed(printed: str, roots: Roots) -> Unjudged:
    """Return why pytest could not judge a base: what it printed as an error, else at the end."""
    lines = [line for line in printed.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    said = " ".join(errors or lines[-1:]).replace(f"{roots.base}{os.sep}", "")
    return Unjudged(description="", location=Location(), message=plain(said))


def _arguments(config: pytest.Config, roots: Roots) -> Iterator[str]:
    """Yield the arguments of pytest: those of ours that the run was given, for the base."""
    options = read_options(config)
    yield from (*QUIET, *_CLOSED)
    yield f"--rootdir={roots.there(config.rootpath) or roots.base}"
    if named := config.getoption("inifilename"):
        there = roots.there(config.invocation_params.dir / named)
        named = there if there is None or there.is_file() else os.devnull
        yield from ("-c", str(named or config.getoption("inifilename")))
    yield f"--icp-as-of={options.as_of.isoformat()}"
    for flag in FLAGS.values():
        given = None if flag.name in _OWN or flag.ini_only else config.getoption(flag.ini)
        for value in given if isinstance(given, list) else [given]:
            if value is not None and not by_repository(config, flag.name, value):
                yield f"{flag.option}={value}"
    ours = {flag.ini for flag in FLAGS.values() if flag.name not in _OWN or flag.name == "policies"}
    for one in config.getoption("override_ini") or ():
        name = one.partition("=")[0]
        if name in ours and is_overridden(config, name):
            yield from ("-o", one)
    named = config.getoption("icp_policies") or ()
    for written, folder in zip(named, options.policies, strict=False):
        there = roots.there(folder)
        if not by_repository(config, "policies", written) and (there is None or there.is_dir()):
            yield f"--icp-policies={there or folder}"
    yield str(roots.there(config.invocation_params.dir) or roots.base)


class _Base(OnlyDescriptions):
    """A pytest plugin that collects the descriptions of a base, and keeps what came of them."""

    def __init__(self, head: pytest.Config, roots: Roots, day: date | None) -> None:
        super().__init__()
        self._head, self._roots, self._day = head, roots, day
        self.elsewhere = False
        self.judged: Base | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> int | None:
        """Find the descriptions; end pytest where there are none."""
        config.stash[base_key] = True
        self._share_hooks(config)
        if not is_overridden(self._head, "addopts"):
            _take_addopts(config, self._roots)
        path, named = config.inipath, config.getoption("inifilename")
        outside = path is not None and not path.is_relative_to(self._roots.base)
        self.elsewhere = outside and not named
        if self.elsewhere:
            return int(pytest.ExitCode.OK)
        self.collect_only(sorted(set(self._found(config))))
        return None if self.files else int(pytest.ExitCode.OK)

    def _share_hooks(self, config: pytest.Config) -> None:
        """Let the base have the hooks of ours that plugins of the run implement."""
        for name in _HOOKS:
            for one in getattr(self._head.hook, name).get_hookimpls():
                function = one.function
                if name == "pytest_icp_policies":
                    function = self._policies_of(one)
                plugin = ModuleType(name)
                setattr(plugin, name, function)
                config.pluginmanager.register(plugin)

    def _policies_of(self, hook: Any) -> Any:
        """Return a hook that names the folders of the base where another names those of the run."""

        def pytest_icp_policies(config: pytest.Config) -> list[Path]:
            folders = hook.function(**dict.fromkeys(hook.argnames, config))
            there = [(folder, self._roots.there(folder)) for folder in folders or ()]
            return [new or old for old, new in there if new is None or new.is_dir()]

        return pytest_icp_policies

    def _found(self, config: pytest.Config) -> Iterator[Path]:
        """Yield the descriptions where the run looks for them."""
        globs, skipped = read_options(config).files, config.getini("norecursedirs")
        collected = {Path(one) for one in collected_in(self._head).files.values()}
        for path in self._named(config):
            there = self._roots.there(path)
            if there is None:
                continue
            if there.is_file() and (path in collected or any(map(there.match, globs))):
                yield there
            for folder, names, files in os.walk(there):
                names[:] = [n for n in names if not any(fnmatch(n, one) for one in skipped)]
                paths = (Path(folder, name) for name in files)
                yield from (path for path in paths if any(map(path.match, globs)))

    def _named(self, config: pytest.Config) -> Iterator[Path]:
        """Yield the files and folders that the run was given, or that the base's ini file names."""
        head = self._head
        here = head.invocation_params.dir
        if head.args_source is head.ArgsSource.ARGS:
            named = (argument.partition("::")[0] for argument in head.args)
            yield from (Path(os.path.normpath(here / name)) for name in named)
            return
        folders = config.getini("testpaths") if here == head.rootpath else ()
        # As pytest reads them; the paths are those of the run, to be those of the base again.
        found = [path for one in folders for path in glob(str(config.rootpath / one))]  # noqa: PTH207
        yield from (self._roots.head / os.path.relpath(path, self._roots.base) for path in found)
        if not found:
            yield here

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Keep what came of the base."""
        if exitstatus in COMPLETED:
            session.exitstatus = exitstatus
            self.judged = self._made(session.config)

    def _made(self, config: pytest.Config) -> Base:
        recorder: Any = config.pluginmanager.get_plugin("icp-recorder")
        run = self._named_as_in_head(recorder.run(), config)
        judged = {result.description for result in run.results}
        scenes = {path: one for path, one in session_of(config).opened.items() if one}
        then = None
        if self._day is not None and self._day < date.fromisoformat(run.as_of[:10]):
            then = self._on_its_day(config, run, scenes, self._day)
        return Base(
            name="",
            standings={(one.description, one.rule_id): one.standing for one in run.results},
            findings=findings_of(run, then, session_of(self._head).policies),
            upcoming={
                (
                    one.description,
                    part_id(one.rule_id, each.part),
                    each.subject,
                ): each.last
                for one in run.results
                for each in one.upcoming
            },
            elements={self._name(path): elements(one) for path, one in scenes.items()},
            unjudged=tuple(
                Unjudged(
                    description=one.description,
                    location=one.location,
                    message=one.message,
                    rule_id=one.rule_id,
                    whole=one.description not in judged,
                )
                for one in run.troubles
            ),
        )

    def _name(self, path: Path) -> str:
        return Path(os.path.relpath(path, self._roots.base)).as_posix()

    def _named_as_in_head(self, run: Run, config: pytest.Config) -> Run:
        """Return a run with paths from the root of the base, which has perhaps no ``.git``."""
        top = repository_root(config.rootpath)
        return run if top == self._roots.base else as_reported(run, base=top, root=self._roots.base)

    def _on_its_day(
        self, config: pytest.Config, run: Run, scenes: Mapping[Path, Scene], day: date
    ) -> Mapping[Key, Standing]:
        """Return the open findings that the base had on its day, of the rules that have some now.

        Nothing is read again.
        """
        open_now = {(r.description, r.rule_id) for r in run.results if r.standing in OPEN}
        results: list[Result] = []
        for path, scene in scenes.items():
            name, before = self._name(path), at_other_times(scene)(end_of_day(day))
            for policy in binding(session_of(config).policies, scene.description):
                rules = (one for one in policy.obligations if (name, one.rule_id) in open_now)
                results += (decide(before, policy, one) for one in rules)
        whole = Run(results=tuple(results), as_of=run.as_of, language="en", version="")
        moved = as_reported(whole, base=config.rootpath, root=self._roots.base)
        return {entry.key: entry.standing for entry in entries(moved) if entry.standing in OPEN}


def _take_addopts(config: pytest.Config, roots: Roots) -> None:
    """Let the options of ours count that the ini file of a base gives in ``addopts``.

    The others are not taken: they may load plugins. What is typed for the run counts first.
    """
    path = config.inipath
    if path is None or not path.is_relative_to(roots.base):
        return
    words = addopts_of(read_bytes(path, root=roots.base, limit=LARGEST).decode("utf-8", "replace"))
    for flag in FLAGS.values():
        given = list(values_in(words, flag.option))
        if not given or flag.name in _OWN - {"policies"} or config.getoption(flag.ini) is not None:
            continue
        if flag.name == "policies":
            folders = (config.rootpath / one for one in given)
            given = [str(one) for one in folders if is_inside(one, roots.base)]
        setattr(config.option, flag.ini, given if flag.repeated else given[-1])


def elements(scene: Scene) -> frozenset[str]:
    """Return the elements of the lists of a description, each with the list that it is in."""
    return frozenset(
        f"{name}: {one['id']}"
        for name, value in scene.description.facts.items()
        for one in (value if isinstance(value, list) else ())
        if isinstance(one, Mapping) and "id" in one
    )
