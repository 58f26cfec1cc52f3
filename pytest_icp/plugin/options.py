"""Command line and ini become one frozen `Options`; the only place that reads the clock."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.law.times import CST, TimeError, as_of_instant, days_of
from pytest_icp.plugin.flags import FLAGS, by_repository, spoken
from pytest_icp.rules.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.law.text import Text
    from pytest_icp.reports.publishing import Request
    from pytest_icp.reports.since import State
    from pytest_icp.reports.words import Language
    from pytest_icp.sources.loading import NamedSource

WORKER_AS_OF = "icp_as_of"
"""The key under which xdist's controller sends its as-of instant to the workers."""

WORKER_INPUT = "icp_input"
"""The key under which it sends them what it read from standard input."""

UnknownMode = Literal["fail", "warn"]
FailOn = Literal["any", "new"]
FuzzProfile = Literal["ci", "nightly"]

_SETTINGS = (
    *("select", "ignore", "files", "unknown", "lookback", "warn_days", "waiver_days", "papers"),
)

options_key = pytest.StashKey["Options"]()


class Options(NamedTuple):
    """The options of a run, from the command line and the ini file.

    ``as_of`` is the instant that rules are evaluated as of; ``policies`` folders of more
    policies; ``year_files`` files of working days; ``waiver_days`` the longest term of a
    waiver in days, None when there is no limit; ``description`` the file that the fixtures
    read; ``reports`` the files to write; ``github`` whether to write annotations and a job
    summary, which is the default in GitHub Actions; ``baseline`` an earlier state whose
    findings are known, None without one; ``since`` names what
    the run is compared with, and ``fail_on`` whether what is known fails it; ``forecast`` how many
    days to look ahead, None not at all; ``sources`` are those that facts are derived from beside
    the sources of a description; ``fuzz`` whether each obligation is fuzzed too, in
    ``fuzz_examples`` situations or as its profile says; ``docs_url`` is where the manual is.
    """

    as_of: datetime
    language: Language
    unknown: UnknownMode
    settings: Settings
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    policies: tuple[Path, ...]
    files: tuple[str, ...]
    year_files: tuple[Path, ...]
    waiver_days: int | None
    description: Path | None
    reports: tuple[Request, ...]
    github: bool
    baseline: State | None
    since: str
    fail_on: FailOn
    forecast: int | None
    sources: tuple[NamedSource, ...]
    fuzz: bool
    fuzz_profile: FuzzProfile
    fuzz_examples: int | None
    docs_url: str


def read_options(config: pytest.Config) -> Options:
    """Read the options once; raises `pytest.UsageError` for one that cannot be used."""
    known = config.stash.get(options_key, None)
    if known is None:
        try:
            known = config.stash[options_key] = _read(config)
            if known.fuzz:
                from pytest_icp.authoring.strategies import must_have_hypothesis

                must_have_hypothesis()
        except InputError as error:
            raise _refused(config, error) from error
    return known


def _refused(config: pytest.Config, error: InputError, option: str = "") -> pytest.UsageError:
    from pytest_icp.plugin.usage import refused

    return refused(error, _value(config, "lang"), config.rootpath, option)


def _wrong(expected: str, name: str, value: str, **values: Any) -> InputError:
    from pytest_icp.plugin.usage import wrong

    return wrong(expected, name, value, **values)


def _read(config: pytest.Config) -> Options:
    ahead = _value(config, "forecast")
    named = _value(config, "waiver_days")
    return Options(
        as_of=_as_of(config),
        language=_language(config),
        unknown=_one_of(config, "unknown"),
        settings=Settings(
            warn_days=_whole(config, "warn_days"),
            lookback_days=parse_days("icp_lookback", _value(config, "lookback")),
            papers=_globs(config, "papers"),
        ),
        select=_globs(config, "select"),
        ignore=_globs(config, "ignore"),
        policies=_paths(config, "policies"),
        files=_names(config),
        year_files=_paths(config, "workdays"),
        waiver_days=(_whole(config, "waiver_days") or None) if named else None,
        description=_described(config),
        reports=_reports(config),
        github=_one_of(config, "github") == "auto" and os.environ.get("GITHUB_ACTIONS") == "true",
        baseline=_baseline(config),
        since=_since(config),
        fail_on=_one_of(config, "fail_on"),
        forecast=parse_days("icp_forecast", ahead) if ahead else None,
        sources=tuple(_sources(config)),
        fuzz=_one_of(config, "fuzz") == "on",
        fuzz_profile=_one_of(config, "fuzz_profile"),
        fuzz_examples=_examples(config),
        docs_url=_address(config, "docs_url"),
    )


def _language(config: pytest.Config) -> Language:
    named: Language | None = _one_of(config, "lang") if _value(config, "lang") else None
    return named or spoken()


def speak(config: pytest.Config, language: object) -> None:
    """Speak the language that a description asks for, unless an option names one."""
    known = read_options(config)
    if language in {"zh", "en", "both"} and not _value(config, "lang"):
        config.stash[options_key] = known._replace(language=language)


def for_workers(options: Options) -> dict[str, str | bytes]:
    """Return what only xdist's controller can read, for its workers."""
    values: dict[str, str | bytes] = {WORKER_AS_OF: options.as_of.isoformat()}
    contents = [source.given for source in options.sources if source.given is not None]
    return {**values, WORKER_INPUT: contents[0]} if contents else values


def parse_days(name: str, text: str) -> int:
    """Read a span such as ``730``, ``24m`` or ``2y`` as days (a month 30, a year 365)."""
    days = days_of(text)
    if days is None:
        raise _wrong("span", name, text)
    return days


def now() -> datetime:
    """Return the present instant in China (当前时间); nothing else reads the clock."""
    return datetime.now(CST)


def other_day(options: Options) -> Text | None:
    """Return that a run is as of another day than today, which weakens it; None if it is not."""
    from pytest_icp.plugin.messages import OTHER_DAY

    day = options.as_of.date()
    return OTHER_DAY.format(day=day.isoformat()) if day != now().date() else None


def _as_of(config: pytest.Config) -> datetime:
    worker = getattr(config, "workerinput", None)
    day = worker[WORKER_AS_OF] if worker else _value(config, "as_of")
    try:
        return as_of_instant(day) if day else now()
    except TimeError as error:
        raise _wrong("day", "--icp-as-of", day, error=error.message) from error


def _value(config: pytest.Config, name: str) -> str:
    return str(given(config, name) or "").strip()


def given(config: pytest.Config, name: str) -> Any:
    """Return the values of an option, else those of the ini file."""
    given = config.getoption(FLAGS[name].ini, default=None)
    if given is None:
        return config.getini(FLAGS[name].ini)
    for value in given if isinstance(given, list) else [given]:
        # An empty value is probably an unset variable, not the default.
        if not str(value).replace(",", " ").strip():
            raise _wrong("value", FLAGS[name].option, value)
    return given


def settings_of(config: pytest.Config) -> dict[str, str]:
    """Return the options that decide what is judged and how, as an ini file writes them."""
    found = ((FLAGS[name].ini, given(config, name)) for name in _SETTINGS)
    return {
        name: value if isinstance(value, str) else " ".join(value).replace(",", " ")
        for name, value in found
        if value
    }


def _folder(config: pytest.Config, name: str) -> Path:
    """Return the folder that paths in an option are relative to, or those in its ini twin."""
    # There may be no ini file: ``-o`` stands for one.
    given = config.getoption(FLAGS[name].ini, default=None) is not None
    return config.invocation_params.dir if given or not config.inipath else config.inipath.parent


def _one_of(config: pytest.Config, name: str) -> Any:
    flag, value = FLAGS[name], _value(config, name)
    if flag.kind == "switch":
        # As the option is read, and as TOML has it.
        value = {"True": "on", "true": "on", "False": "off", "false": "off"}.get(value, value)
    if value not in flag.choices:
        raise _wrong("choice", flag.ini, value, choices=flag.choices)
    return value


def _whole(config: pytest.Config, name: str) -> int:
    text = _value(config, name)
    if not text.isdecimal():
        raise _wrong("days", FLAGS[name].ini, text)
    return int(text)


def _address(config: pytest.Config, name: str) -> str:
    text = _value(config, name).rstrip("/")
    if text:
        from pytest_icp.plugin.usage import check_address

        check_address(FLAGS[name].ini, text)
    return text


def _examples(config: pytest.Config) -> int | None:
    text = _value(config, "fuzz_examples")
    if text and not (text.isdecimal() and int(text) > 0):
        raise _wrong("count", "icp_fuzz_examples", text)
    return int(text) if text else None


def _globs(config: pytest.Config, name: str) -> tuple[str, ...]:
    return tuple(glob for entry in given(config, name) for glob in entry.replace(",", " ").split())


def _reports(config: pytest.Config) -> tuple[Request, ...]:
    """Return the reports to write; an xdist worker writes none."""
    values = given(config, "report")
    if not values or hasattr(config, "workerinput"):
        return ()
    from pytest_icp.reports.publishing import requested

    folder = _folder(config, "report")
    anywhere = not any(by_repository(config, "report", value) for value in values)
    try:
        return requested(values, folder, config.rootpath, anywhere=anywhere)
    except InputError as error:
        raise _refused(config, error, "--icp-report") from error


def _baseline(config: pytest.Config) -> State | None:
    """Read the baseline; an xdist worker needs none."""
    # An empty option overrides the ini file.
    given = config.getoption("icp_baseline", default=None)
    named = _value(config, "baseline") if given is None else given
    if not named or hasattr(config, "workerinput"):
        return None
    from pytest_icp.reports.comparing import state_in

    try:
        return state_in(_path(config, "baseline", named), named)
    except InputError as error:
        raise _refused(config, error, "--icp-baseline") from error


def _since(config: pytest.Config) -> str:
    """Return what the run is compared with; an empty option overrides the ini file."""
    given = config.getoption("icp_since", default=None)
    return _value(config, "since") if given is None else str(given).strip()


def _sources(config: pytest.Config) -> Iterator[NamedSource]:
    """Yield the sources of the command line, else those of the ini file."""
    values = given(config, "source")
    if not values:
        return
    from pytest_icp.sources.loading import STANDARD_INPUT, named_source

    folder = _folder(config, "source")
    content: bytes | None = None
    for value in values:
        try:
            root = _root(config, "source", value)
            source = named_source(value, folder, root=root, rootdir=config.rootpath)
        except InputError as error:
            raise _refused(config, error, "--icp-source") from error
        if source.written == STANDARD_INPUT:
            from msgspec.structs import replace

            # It can be read once.
            content = _standard_input(config) if content is None else content
            source = replace(source, path=Path(STANDARD_INPUT), given=content)
        yield source


def _standard_input(config: pytest.Config) -> bytes:
    """Read standard input, which pytest captures; a worker has it from its controller."""
    worker = getattr(config, "workerinput", None)
    if worker:
        return bytes(worker[WORKER_INPUT])
    capture: Any = config.pluginmanager.getplugin("capturemanager")
    if capture is None:
        return sys.stdin.buffer.read()
    capture.suspend(in_=True)
    try:
        return sys.stdin.buffer.read()
    finally:
        capture.resume()


def _described(config: pytest.Config) -> Path | None:
    named = _value(config, "description")
    return _path(config, "description", named, config.rootpath) if named else None


def _names(config: pytest.Config) -> tuple[str, ...]:
    globs: tuple[str, ...] = tuple(given(config, "files"))
    for glob in globs:
        if PurePath(glob).is_absolute() or ".." in PurePath(glob).parts:
            raise _wrong("name", "icp_files", glob)
    return globs


def _paths(config: pytest.Config, name: str) -> tuple[Path, ...]:
    return tuple(_path(config, name, written) for written in given(config, name))


def _path(config: pytest.Config, name: str, written: str, folder: Path | None = None) -> Path:
    """Return the path that an option names; raise `InputError` if it may not lie there."""
    path = (folder or _folder(config, name)) / written
    root = _root(config, name, written)
    if root is not None:
        from pytest_icp.facts.files.disk import resolved
        from pytest_icp.plugin.usage import NAME_IT

        try:
            resolved(path, root=root)
        except InputError as error:
            flag = FLAGS[name]
            option = f"-o {flag.ini}=…" if flag.ini_only else f"{flag.option} …"
            hint = NAME_IT.format(ini=flag.ini, option=option)
            raise InputError(error.message, place=error.place, hint=hint) from error
    return path


def _root(config: pytest.Config, name: str, written: str) -> Path | None:
    """Return the repository that a path in its ini file may not leave; None for any other path."""
    if not by_repository(config, name, written):
        return None
    from pytest_icp.facts.files.disk import repository_of

    return repository_of(config.inipath or config.rootpath / "any", config.rootpath)
