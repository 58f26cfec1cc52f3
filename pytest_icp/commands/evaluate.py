"""``pytest-icp evaluate``: judges descriptions as pytest does, and writes the same reports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pytest_icp.core.errors import InputError, Place
from pytest_icp.core.finding import Verdict
from pytest_icp.core.policy import Policy
from pytest_icp.core.result import Result
from pytest_icp.core.text import Text
from pytest_icp.core.times import civil_date
from pytest_icp.engine import binding, decide, prepare
from pytest_icp.loading.baseline import read_baseline
from pytest_icp.loading.description import load
from pytest_icp.loading.waivers import FILE_NAME, Waiver, read_waivers
from pytest_icp.options import DEFAULT_FILES
from pytest_icp.publishing import deliver, requested
from pytest_icp.reporters.baseline import baseline_section
from pytest_icp.reporters.failure import failure_text, unknown_text
from pytest_icp.reporters.formats import Request, parse_request, render
from pytest_icp.reporters.layout import ruled, wrap
from pytest_icp.reporters.run import Run, Trouble, as_reported, unread
from pytest_icp.reporters.summary import Section, summary
from pytest_icp.reporters.words import Language, each_language, in_languages
from pytest_icp.runs import repository_root, tool_version

STANDARD_OUTPUT = "-"

_NO_FILE = Text(zh="没有这个文件", en="there is no such file")
_NONE_IN = Text(
    zh="这个文件夹里没有描述文件（*.icp.yaml）", en="there is no description (*.icp.yaml) in it"
)
_ONE_ONLY = Text(zh="只能有一份报告写到标准输出", en="only one report can go to standard output")
_NAME_FILES = Text(zh="其余的写上文件名：{format}=文件", en="name a file: {format}=FILE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluate:
    """What the user asked for; ``reports`` are written as ``FORMAT[=PATH]``.

    ``baseline`` is the file of known findings, None where there is none.
    """

    descriptions: Sequence[Path]
    as_of: datetime
    policies: Sequence[Policy]
    language: Language
    reports: Sequence[str] = ()
    baseline: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
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
    baseline = read_baseline(asked.baseline) if asked.baseline else None
    run = judged(asked)
    if baseline is not None:
        run = replace(run, known=frozenset(one.key for one in baseline))
    errors = deliver(run, to_files)
    code = 1 if run.troubles or any(_fails(result) for result in run.results) else 0
    if to_output:
        return Evaluated(text=render(to_output, run).rstrip("\n"), errors=errors, code=code)
    sections = [*summary(run.results, run.marked, run.language, columns)]
    if baseline is not None:
        sections.append(baseline_section(run, baseline, run.language, columns))
    text = "\n".join(_text(run, sections, columns))
    return Evaluated(text=text, errors=errors, code=code)


def judged(asked: Evaluate) -> Run:
    """Return the run over the descriptions asked for, as reports want it."""
    base = Path.cwd()
    results: list[Result] = []
    troubles: list[Trouble] = []
    for path in files(asked.descriptions):
        try:
            results += judge(path, asked.as_of, asked.policies, base)
        except _Unread as error:
            troubles += unread(error.cause, path)
    run = Run(
        results=tuple(results),
        as_of=asked.as_of.isoformat(timespec="seconds"),
        language=asked.language,
        version=tool_version(),
        policies=tuple(asked.policies),
        troubles=tuple(troubles),
    )
    return as_reported(run, base=base, root=repository_root(base))


class _Unread(Exception):  # noqa: N818 - what happened, not an error
    """A description cannot be read; the others are judged all the same."""

    def __init__(self, cause: InputError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def judge(path: Path, as_of: datetime, policies: Sequence[Policy], base: Path) -> Iterator[Result]:
    """Yield the results of one description, its waivers applied."""
    waivers = waivers_beside(path, as_of, policies)
    try:
        description = load(path)
    except InputError as error:
        raise _Unread(error) from error
    scene = prepare(description, as_of=as_of, waivers=waivers, base=base)
    for policy in binding(policies, description):
        for obligation in policy.obligations:
            yield decide(scene, policy, obligation)


def waivers_beside(
    description: Path, as_of: datetime, policies: Iterable[Policy]
) -> tuple[Waiver, ...]:
    """Return the waivers beside a description; none where there is no file of them."""
    path = description.parent / FILE_NAME
    if not path.exists():
        return ()
    rules = frozenset(o.rule_id for policy in policies for o in policy.obligations)
    return read_waivers(path, rule_ids=rules, as_of=civil_date(as_of), longest_days=None)


def files(given: Sequence[Path]) -> list[Path]:
    """Return the descriptions named, and those in the folders named, each once.

    Raises `InputError` when one is not there.
    """
    found: dict[Path, None] = {}
    for path in given:
        if not path.exists():
            raise InputError(_NO_FILE, place=Place(path=path))
        inside = [path]
        if path.is_dir():
            inside = sorted(_inside(path))
            if not inside:
                raise InputError(_NONE_IN, place=Place(path=path))
        found |= dict.fromkeys(inside)
    return list(found)


def _inside(folder: Path) -> Iterator[Path]:
    """Yield the descriptions in a folder, but for those in hidden folders, as pytest does."""
    for pattern in DEFAULT_FILES:
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


def _fails(result: Result) -> bool:
    return result.failing or result.verdict is Verdict.UNKNOWN


def _text(run: Run, sections: Iterable[Section], columns: int) -> Iterator[str]:
    """Yield what a terminal shows: what is wrong in full, then the sections of a run."""
    for trouble in run.troubles:
        for words in each_language(trouble.message, run.language):
            yield from wrap(f"{trouble.spot}: {words}", columns)
        yield ""
    for result in run.results:
        if _fails(result):
            unknown = result.verdict is Verdict.UNKNOWN
            yield (unknown_text if unknown else failure_text)(result, run.language, columns)
            yield ""
    for section in sections:
        yield ruled(in_languages(section.title, run.language), columns, "-")
        yield from section.lines
