"""Command line and ini become one frozen `Options`; the only place that reads the clock."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.law.times import CST, TimeError, as_of_instant, days_of
from pytest_icp.rules.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.reports.formats import Request
    from pytest_icp.reports.words import Language
    from pytest_icp.rules.baseline import Known
    from pytest_icp.sources.loading import NamedSource

WORKER_AS_OF = "icp_as_of"
"""The key under which xdist's controller sends its as-of instant to the workers."""

WORKER_INPUT = "icp_input"
"""The key under which it sends them what it read from standard input."""

UnknownMode = Literal["fail", "warn"]
FuzzProfile = Literal["ci", "nightly"]
GITHUB_MODES = ("auto", "off")
DEFAULT_FILES = ("*.icp.yaml", "*.icp.yml", "*.icp.json")

options_key = pytest.StashKey["Options"]()


class Options(NamedTuple):
    """What the user asked for.

    ``as_of`` is the instant that everything is judged as of; ``policies`` folders of more
    policies; ``year_files`` files of working days; ``waiver_days`` the longest term of a
    waiver in days, None when there is no limit; ``description`` the file that the fixtures
    read; ``reports`` the files to write; ``github`` whether to annotate and summarise, which
    is so in GitHub Actions unless it is turned off; ``baseline`` the findings that are known,
    None without a baseline; ``forecast`` how many days to look ahead, None not at all;
    ``sources`` what facts are derived from beside the sources that a description names; ``fuzz``
    whether each obligation is fuzzed too, in ``fuzz_examples`` situations or as its profile says.
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
    baseline: tuple[Known, ...] | None
    forecast: int | None
    sources: tuple[NamedSource, ...]
    fuzz: bool
    fuzz_profile: FuzzProfile
    fuzz_examples: int | None


# Each option has an ini twin of the same name, with underscores, which it overrides.
# Help texts begin in lower case and end without a full stop, as pytest's own do.
def add_options(parser: pytest.Parser) -> None:
    """Add the options and their ini twins."""
    group = parser.getgroup("icp", "pytest-icp: special provisions of a telecom licence")
    add = group.addoption
    add("--icp-as-of", metavar="DATE", help="judge as of this date or date-time (default: now)")
    add("--icp-lang", choices=("zh", "en", "both"), help="language of the output (default: both)")
    add(
        "--icp-unknown",
        choices=get_args(UnknownMode),
        help="whether an unknown fails the run or is only shown (default: fail)",
    )
    add("--icp-warn-days", metavar="N", help="note duties due within N days (default: 90)")
    add(
        "--icp-lookback",
        metavar="SPAN",
        help="how long a duty done late stays violated: 730, 24m, 2y (default: 2y)",
    )
    add("--icp-select", action="append", metavar="RULES", help="check only these rule ids or globs")
    add("--icp-ignore", action="append", metavar="RULES", help="do not check these ids or globs")
    add("--icp-policies", action="append", metavar="DIR", help="a folder of more policies")
    add(
        "--icp-source",
        action="append",
        metavar="KIND=PATH",
        help="derive facts from this file or folder too; - is standard input",
    )
    add("--icp-report", action="append", metavar="FORMAT[=PATH]", help="write a report")
    add("--icp-github", choices=GITHUB_MODES, help="annotate in GitHub Actions (default: auto)")
    add("--icp-forecast", metavar="SPAN", help="say what changes in 180d, 24m or 2y from now")
    add("--icp-fuzz", action="store_true", default=None, help="fuzz every obligation as well")
    add(
        "--icp-fuzz-profile",
        choices=get_args(FuzzProfile),
        help="ci: the same few examples each time; nightly: many new ones (default: ci)",
    )
    add("--icp-fuzz-examples", metavar="N", help="situations to try each obligation in")
    add("--icp-baseline", metavar="FILE", help="mark the findings of this file as known")
    _add_ini(parser)


def _add_ini(parser: pytest.Parser) -> None:
    parser.addini("icp_as_of", "judge as of this date or date-time")
    parser.addini("icp_lang", "language of the output: zh, en or both", default="both")
    parser.addini("icp_unknown", "what an unknown does: fail or warn", default="fail")
    parser.addini("icp_warn_days", "note duties due within so many days", default="90")
    parser.addini("icp_lookback", "how long a duty done late stays violated", default="2y")
    parser.addini("icp_select", "check only these rule ids or globs", type="args", default=[])
    parser.addini("icp_ignore", "do not check these rule ids or globs", type="args", default=[])
    parser.addini("icp_policies", "folders of more policies", type="args", default=[])
    parser.addini(
        "icp_files", "names of description files", type="args", default=list(DEFAULT_FILES)
    )
    parser.addini("icp_workdays", "files with the working days of a year", type="args", default=[])
    parser.addini("icp_six_months", "calendar, or 180 to accept 180 days", default="calendar")
    parser.addini("icp_site_search", "own, or strict: site search is search", default="own")
    parser.addini("icp_waiver_days", "longest term of a waiver in days (0: any)", default="0")
    parser.addini(
        "icp_source", "files to derive facts from, KIND=PATH", type="linelist", default=[]
    )
    parser.addini("icp_report", "reports to write, FORMAT[=PATH]", type="linelist", default=[])
    parser.addini("icp_github", "in GitHub Actions: auto to annotate, or off", default="auto")
    parser.addini("icp_forecast", "say what changes within a span such as 180d", default="")
    parser.addini("icp_fuzz", "fuzz every obligation as well: on or off", default="off")
    parser.addini("icp_fuzz_profile", "how hard fuzzing tries: ci or nightly", default="ci")
    parser.addini("icp_fuzz_examples", "situations to try each obligation in", default="")
    parser.addini("icp_baseline", "mark the findings of this file as known", default="")
    parser.addini("icp_description", "the description that the fixtures read", default="")


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

    return refused(error, _value(config, "icp_lang"), config.rootpath, option)


def _wrong(expected: str, name: str, written: str, **told: object) -> InputError:
    from pytest_icp.plugin.usage import WRONG

    return InputError(WRONG[expected].format(name=name, written=written, **told))


def _read(config: pytest.Config) -> Options:
    description = str(config.getini("icp_description"))
    ahead = _value(config, "icp_forecast")
    return Options(
        as_of=_as_of(config),
        language=_one_of(config, "icp_lang", ("zh", "en", "both")),
        unknown=_one_of(config, "icp_unknown", get_args(UnknownMode)),
        settings=Settings(
            warn_days=_whole("icp_warn_days", _value(config, "icp_warn_days")),
            lookback_days=parse_days("icp_lookback", _value(config, "icp_lookback")),
            six_months=_one_of(config, "icp_six_months", ("calendar", "180")),
            site_search=_one_of(config, "icp_site_search", ("own", "strict")),
        ),
        select=_globs(config, "icp_select"),
        ignore=_globs(config, "icp_ignore"),
        policies=_paths(config, "icp_policies"),
        files=tuple(config.getini("icp_files")),
        year_files=_paths(config, "icp_workdays"),
        waiver_days=_whole("icp_waiver_days", _value(config, "icp_waiver_days")) or None,
        description=config.rootpath / description if description else None,
        reports=_reports(config),
        github=_one_of(config, "icp_github", GITHUB_MODES) == "auto"
        and os.environ.get("GITHUB_ACTIONS") == "true",
        baseline=_baseline(config),
        forecast=parse_days("icp_forecast", ahead) if ahead else None,
        sources=tuple(_sources(config)),
        fuzz=config.getoption("icp_fuzz", default=None) is True
        or _one_of(config, "icp_fuzz", ("on", "off")) == "on",
        fuzz_profile=_one_of(config, "icp_fuzz_profile", get_args(FuzzProfile)),
        fuzz_examples=_examples(_value(config, "icp_fuzz_examples")),
    )


def for_workers(options: Options) -> dict[str, str | bytes]:
    """Return what only the controller of xdist may read, for its workers."""
    told: dict[str, str | bytes] = {WORKER_AS_OF: options.as_of.isoformat()}
    contents = [source.given for source in options.sources if source.given is not None]
    return {**told, WORKER_INPUT: contents[0]} if contents else told


def parse_days(name: str, text: str) -> int:
    """Read a span such as ``730``, ``24m`` or ``2y`` as days (a month 30, a year 365)."""
    days = days_of(text)
    if days is None:
        raise _wrong("span", name, text)
    return days


def now() -> datetime:
    """Return the present instant in China: the one reading of the clock (当前时间)."""
    return datetime.now(CST)


def _as_of(config: pytest.Config) -> datetime:
    worker = getattr(config, "workerinput", None)
    written = worker[WORKER_AS_OF] if worker else _value(config, "icp_as_of")
    try:
        return as_of_instant(written) if written else now()
    except TimeError as error:
        raise _wrong("day", "--icp-as-of", written, error=error) from error


def _value(config: pytest.Config, name: str) -> str:
    return str(_given(config, name) or "")


def _given(config: pytest.Config, name: str) -> Any:
    """Return what an option has, once or several times, else its ini twin."""
    given = config.getoption(name, default=None)
    if given is None:
        return config.getini(name)
    for value in given if isinstance(given, list) else [given]:
        # Whoever leaves a variable unset means something else than the default.
        if not str(value).replace(",", " ").strip():
            raise _wrong("value", f"--{name.replace('_', '-')}", value)
    return given


def _folder(config: pytest.Config, name: str) -> Path:
    """Return the folder that paths in an option are relative to, or those in its ini twin."""
    # pytest 8.0 has no ini file where only ``-o`` is given.
    given = config.getoption(name, default=None) is not None
    return config.invocation_params.dir if given or not config.inipath else config.inipath.parent


def _one_of(config: pytest.Config, name: str, choices: tuple[str, ...]) -> Any:
    value = _value(config, name)
    if value not in choices:
        raise _wrong("choice", name, value, choices=", ".join(choices))
    return value


def _whole(name: str, text: str) -> int:
    if not text.strip().isdecimal():
        raise _wrong("days", name, text)
    return int(text)


def _examples(text: str) -> int | None:
    if text and not (text.isdecimal() and int(text) > 0):
        raise _wrong("count", "icp_fuzz_examples", text)
    return int(text) if text else None


def _globs(config: pytest.Config, name: str) -> tuple[str, ...]:
    written = _given(config, name)
    return tuple(glob for entry in written for glob in entry.replace(",", " ").split())


def _reports(config: pytest.Config) -> tuple[Request, ...]:
    """Return the reports to write; an xdist worker writes none."""
    written = _given(config, "icp_report")
    if not written or hasattr(config, "workerinput"):
        return ()
    from pytest_icp.reports.publishing import requested

    folder = _folder(config, "icp_report")
    try:
        return requested(written, folder)
    except InputError as error:
        raise _refused(config, error, "--icp-report") from error


def _baseline(config: pytest.Config) -> tuple[Known, ...] | None:
    """Read the baseline; an xdist worker needs none."""
    given = config.getoption("icp_baseline", default=None)
    written = given if given is not None else config.getini("icp_baseline")
    if not written or hasattr(config, "workerinput"):
        return None
    from pytest_icp.rules.baseline import read_baseline

    folder = _folder(config, "icp_baseline")
    try:
        return read_baseline(folder / written)
    except InputError as error:
        raise _refused(config, error, "--icp-baseline") from error


def _sources(config: pytest.Config) -> Iterator[NamedSource]:
    """Yield the sources of the command line, else those of the ini file."""
    written = _given(config, "icp_source")
    if not written:
        return
    from pytest_icp.sources.loading import STANDARD_INPUT, named_source

    folder = _folder(config, "icp_source")
    content: bytes | None = None
    for one in written:
        try:
            source = named_source(one, folder)
        except InputError as error:
            raise _refused(config, error, "--icp-source") from error
        if source.written == STANDARD_INPUT:
            from msgspec.structs import replace

            # It can be read once.
            content = _standard_input(config) if content is None else content
            source = replace(source, path=Path(STANDARD_INPUT), given=content)
        yield source


def _standard_input(config: pytest.Config) -> bytes:
    """Read standard input, which pytest takes away; a worker is told by its controller."""
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


def _paths(config: pytest.Config, name: str) -> tuple[Path, ...]:
    return tuple(_folder(config, name) / path for path in _given(config, name))
