"""``pytest-icp evaluate``: judges descriptions as pytest does, and writes the same reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.engine import Scene, binding, decide, prepare
from pytest_icp.facts.description import Description
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.result import Result
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date
from pytest_icp.plugin.flags import DEFAULT_FILES
from pytest_icp.plugin.runs import repository_root, tool_version
from pytest_icp.reports.baseline import baseline_section
from pytest_icp.reports.errors import problem_lines
from pytest_icp.reports.failure import failure_text, unknown_text
from pytest_icp.reports.formats import Request, parse_request, render
from pytest_icp.reports.ignored import ignored_section
from pytest_icp.reports.layout import ruled
from pytest_icp.reports.publishing import deliver, requested
from pytest_icp.reports.run import Run, SourceTold, Trouble, as_reported, unread
from pytest_icp.reports.sources import source_section, source_told, source_troubles
from pytest_icp.reports.summary import Section, summary
from pytest_icp.reports.waivers import Judged, waiver_sections
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.baseline import Known, read_baseline
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.settings import Settings
from pytest_icp.rules.waivers import Waiver, descriptions_beside, files_in, read_waivers
from pytest_icp.sources.loading import load

STANDARD_OUTPUT = "-"

_NO_FILE = Text(zh="没有这个文件", en="there is no such file")
_NONE_IN = Text(
    zh="这个文件夹里没有描述文件（*.icp.yaml）", en="there is no description (*.icp.yaml) in it"
)
_ONE_ONLY = Text(zh="只能有一份报告写到标准输出", en="only one report can go to standard output")
_NAME_FILES = Text(zh="其余的写上文件名：{format}=文件", en="name a file: {format}=FILE")


class Ways(Struct, frozen=True, kw_only=True):
    """How a project judges, beside its policies; left out, as without an ini file.

    ``names`` are the globs of descriptions; ``waiver_days`` the longest term of a waiver;
    ``wanted`` whether a rule is to be checked; ``load`` what reads a description with its
    sources; ``known`` the baseline; ``ahead`` how many days to look ahead. None is no limit, no
    baseline, and what was published or is usual.
    """

    settings: Settings | None = None
    calendar: Calendar | None = None
    checks: Mapping[str, Kind] = field(default_factory=dict)
    names: Sequence[str] = DEFAULT_FILES
    waiver_days: int | None = None
    unknown_fails: bool = True
    wanted: Callable[[str], bool] = bool
    load: Callable[[Path], Description] = load
    known: tuple[Known, ...] | None = None
    ahead: int | None = None


class Evaluate(Struct, frozen=True, kw_only=True):
    """What the user asked for; ``reports`` are written as ``FORMAT[=PATH]``.

    ``baseline`` is a file of known findings, which goes before that of the project.
    """

    descriptions: Sequence[Path]
    as_of: datetime
    policies: Sequence[Policy]
    language: Language
    reports: Sequence[str] = ()
    baseline: Path | None = None
    ways: Ways = Ways()


class Evaluated(Struct, frozen=True, kw_only=True):
    """What a command answers: its text, what went wrong beside it, and its exit code."""

    text: str
    errors: Sequence[InputError] = ()
    code: int = 0


def run_evaluate(asked: Evaluate, columns: int) -> Evaluated:
    """Judge descriptions; the exit code is 1 when something is violated, unknown or unread.

    Raises `InputError` when a file is not there, a report cannot be written, or waivers
    cannot be used.
    """
    to_files, to_output = _requests(asked.reports)
    baseline = read_baseline(asked.baseline) if asked.baseline else asked.ways.known
    run = judged(asked)
    if baseline is not None:
        run = replace(run, known=frozenset(one.key for one in baseline))
    errors = deliver(run, to_files)
    code = 1 if run.troubles or any(_fails(result, asked.ways) for result in run.results) else 0
    if to_output:
        return Evaluated(text=render(to_output, run).rstrip("\n"), errors=errors, code=code)
    sections = [*_before(asked, run, columns), *source_section(run.told, run.language, columns)]
    sections += summary(run.results, (), run.language, columns)
    if baseline is not None:
        sections.append(baseline_section(run, baseline, run.language, columns))
    text = "\n".join(_text(run, sections, columns))
    return Evaluated(text=text, errors=errors, code=code)


def judged(asked: Evaluate) -> Run:
    """Return the run over the descriptions asked for, as reports want it."""
    base = Path.cwd()
    results: list[Result] = []
    troubles: list[Trouble] = []
    told: list[SourceTold] = []
    for path in files(asked):
        try:
            scene = read_scene(path, asked, base)
        except Unread as error:
            troubles += unread(error.cause, path)
            continue
        troubles += source_troubles(scene.description)
        told += source_told(scene.description, path.as_posix())
        results += _judge(scene, asked)
    run = Run(
        results=tuple(results),
        as_of=asked.as_of.isoformat(timespec="seconds"),
        language=asked.language,
        version=tool_version(),
        policies=tuple(asked.policies),
        troubles=tuple(troubles),
        ignored=tuple(rule for rule in _rules(asked) if not asked.ways.wanted(rule)),
        told=tuple(told),
    )
    return as_reported(run, base=base, root=repository_root(base))


def judged_of(run: Run, asked: Evaluate) -> Judged:
    """Return what waivers are to be looked for in."""
    names = asked.ways.names
    return Judged(
        run.results,
        repository_root(Path.cwd()),
        lambda waiver: descriptions_beside(waiver, names),
    )


class Unread(Exception):  # noqa: N818 - what happened, not an error
    """A description cannot be read; the others are judged all the same."""

    def __init__(self, cause: InputError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def read_scene(path: Path, asked: Evaluate, base: Path) -> Scene:
    """Return a description with the waivers beside it.

    Raises `Unread` for a description that cannot be read, `InputError` for waivers.
    """
    waivers = waivers_beside(path, asked)
    try:
        return scene_of(path, asked, waivers, base)
    except InputError as error:
        raise Unread(error) from error


def _judge(scene: Scene, asked: Evaluate) -> Iterator[Result]:
    for policy in binding_of(scene, asked):
        for obligation in policy.obligations:
            yield decide(scene, policy, obligation)


def scene_of(path: Path, asked: Evaluate, waivers: tuple[Waiver, ...], base: Path) -> Scene:
    """Return a description as the project sees it; raises `InputError` for one it cannot read."""
    return prepare(
        asked.ways.load(path),
        as_of=asked.as_of,
        settings=asked.ways.settings,
        calendar=asked.ways.calendar,
        waivers=waivers,
        checks=asked.ways.checks,
        base=base,
    )


def binding_of(scene: Scene, asked: Evaluate) -> Iterator[Policy]:
    """Yield the policies that bind the licence, with the rules that are to be checked."""
    for policy in binding(asked.policies, scene.description):
        wanted = tuple(o for o in policy.obligations if asked.ways.wanted(o.rule_id))
        yield replace(policy, obligations=wanted)


def waivers_beside(description: Path, asked: Evaluate) -> tuple[Waiver, ...]:
    """Return the waivers beside a description; none where there is no file of them."""
    return tuple(
        waiver
        for path in files_in(description.parent)
        for waiver in read_waivers(
            path,
            rule_ids=_rules(asked),
            as_of=civil_date(asked.as_of),
            longest_days=asked.ways.waiver_days,
        )
    )


def every_waiver(asked: Evaluate) -> Iterator[Waiver]:
    """Yield the waivers of every folder that holds a description, each file once."""
    for folder in sorted({path.parent for path in files(asked)}):
        yield from waivers_beside(folder / "any", asked)


def _rules(asked: Evaluate) -> frozenset[str]:
    return frozenset(o.rule_id for policy in asked.policies for o in policy.obligations)


def files(asked: Evaluate) -> list[Path]:
    """Return the descriptions named, and those in the folders named, each once.

    Raises `InputError` when one is not there.
    """
    found: dict[Path, None] = {}
    for path in asked.descriptions:
        if not path.exists():
            raise InputError(_NO_FILE, place=Place(path=path))
        inside = [path]
        if path.is_dir():
            inside = sorted(_inside(path, asked.ways.names))
            if not inside:
                raise InputError(_NONE_IN, place=Place(path=path))
        found |= dict.fromkeys(inside)
    return list(found)


def _inside(folder: Path, names: Sequence[str]) -> Iterator[Path]:
    """Yield the descriptions in a folder, but for those in hidden folders, as pytest does."""
    for pattern in names:
        for path in folder.rglob(pattern):
            if not any(part.startswith(".") for part in path.relative_to(folder).parts):
                yield path


def _requests(reports: Sequence[str]) -> tuple[tuple[Request, ...], Request | None]:
    """Return the reports for files, and the one for standard output."""
    asked = [(written, parse_request(written)) for written in reports]
    shown = [request for _, request in asked if request.path in {"", STANDARD_OUTPUT}]
    if len(shown) > 1:
        hint = _NAME_FILES.format(format=shown[-1].format)
        raise InputError(_ONE_ONLY, hint=hint)
    named = [written for written, request in asked if request not in shown]
    return requested(named, Path.cwd()), shown[0] if shown else None


def _fails(result: Result, ways: Ways) -> bool:
    return result.failing or (ways.unknown_fails and result.verdict is Verdict.UNKNOWN)


def _before(asked: Evaluate, run: Run, columns: int) -> Iterator[Section]:
    """Yield what was not checked, and the waivers that are of no use."""
    yield from ignored_section(_rules(asked), asked.ways.wanted, run.language, columns)
    judged = judged_of(run, asked)
    yield from waiver_sections(every_waiver(asked), judged, Path.cwd(), run.language, columns)


def _text(run: Run, sections: Iterable[Section], columns: int) -> Iterator[str]:
    """Yield what a terminal shows: what is wrong in full, then the sections of a run."""
    for trouble in run.troubles:
        yield from problem_lines(trouble, trouble.location, run.language, columns)
        yield ""
    for result in run.results:
        unknown = result.verdict is Verdict.UNKNOWN
        if unknown or result.failing:
            yield (unknown_text if unknown else failure_text)(result, run.language, columns)
            yield ""
    for section in sections:
        yield ruled(in_languages(section.title, run.language), columns, "-")
        yield from section.lines
