"""``pytest-icp evaluate``, ``diff`` and ``baseline``: print the results of an evaluation."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import redirect_stderr
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Literal

import pytest

from pytest_icp.cli.arguments import columns
from pytest_icp.cli.output import Output, has_colours, write_new
from pytest_icp.cli.project import (
    ONLY_COMPARED,
    WITHOUT_REPORTS,
    Evaluation,
    Project,
    in_evaluation,
    in_project,
)
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.disk import is_folder
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.plugin.git import SETTINGS, Git, NoGit, main_branch
from pytest_icp.plugin.options import Options
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.terminal import Ended, changes, closing, last_lines
from pytest_icp.reports import blocks as b
from pytest_icp.reports.accepted import baseline_lines
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.comparing import compared, state_in, unread_errors
from pytest_icp.reports.errors import problem_lines
from pytest_icp.reports.failure import coloured, failure, undecided
from pytest_icp.reports.jsonl import changes_json, evaluation_json
from pytest_icp.reports.layout import inert
from pytest_icp.reports.publishing import Request, parse_request, render
from pytest_icp.reports.record import remark_lines, urgent
from pytest_icp.reports.run import incomplete
from pytest_icp.reports.since import Since, since_section
from pytest_icp.reports.summary import finding_lines
from pytest_icp.reports.to_declare import MOST
from pytest_icp.reports.words import in_languages
from pytest_icp.rules.practice import by_practice
from pytest_icp.rules.waivers import FILE_NAMES

STANDARD_OUTPUT = "-"

Form = Literal["text", "short", "json"]

_ERROR = "ERROR: "
"""What pytest writes before an error."""

_ONE_ONLY = Text(zh="只能有一份报告写到标准输出", en="only one report can go to standard output")
_NAME_FILES = Text(zh="其余的请写明文件：{format}=文件", en="give the others a file: {format}=FILE")


def run(arguments: Namespace) -> Output:
    """Evaluate descriptions."""
    if arguments.format != "json":
        return _evaluated(arguments)
    return as_document(lambda: _evaluated(arguments))


def _evaluated(arguments: Namespace) -> Output:
    # Reports on the command line replace those of the ini file.
    replaced = ["-o", "icp_report="] if arguments.report else []
    named, form = arguments.descriptions, arguments.format
    arguments.report, shown = report_requests(arguments.report or [], form)
    if arguments.staged:
        given = named
        named = in_project(arguments, lambda project: concerned(project, given), given)
        if not named:
            text = evaluation_json(None, (), Path.cwd()) if form == "json" else ""
            return Output(text=text, exact=form == "json")
    return in_evaluation(arguments, lambda found: _output(found, shown or form), named, *replaced)


def _output(evaluation: Evaluation, shown: Request | Form) -> Output:
    """Return the results as text or JSON, or as the report that goes to standard output.

    The exit code is 1 if something is violated, unknown, not run or could not be read, else 4 if
    a report could not be written.
    """
    run, errors = evaluation.run, evaluation.recorder.unwritten
    code = pytest.ExitCode.USAGE_ERROR if errors else pytest.ExitCode.OK
    if shown == "json":
        crashes = [InputError(f"{one.node}: {one.why}") for one in evaluation.crashes]
        text, errors = evaluation_json(run, [*crashes, *errors], Path.cwd()), []
    elif isinstance(shown, str):
        text = "\n".join((_text if shown == "text" else _short)(evaluation))
    else:
        text = render(shown, run).rstrip("\n")
    taken_out = evaluation.options.fail_on == "new" and run.taken_out
    failed = evaluation.failed or taken_out or not run.complete
    code = pytest.ExitCode.TESTS_FAILED if failed else code
    return Output(text=text, errors=errors, code=int(code), exact=shown not in {"text", "short"})


def as_document(evaluate: Callable[[], Output]) -> Output:
    """Return the output of an evaluation as JSON; where there was none, the errors alone.

    What pytest says of an option or a policy that cannot be used is among them.
    """
    code: int | str | None = pytest.ExitCode.USAGE_ERROR
    with redirect_stderr(StringIO()) as said:
        try:
            output: Output | None = evaluate()
        except InputError as error:
            output, errors = None, [error]
        except SystemExit as stopped:
            words = " ".join(said.getvalue().split())
            output, errors, code = None, [InputError(words.removeprefix(_ERROR))], stopped.code
    if output:
        sys.stderr.write(said.getvalue())
        return output
    return Output(text=evaluation_json(None, errors, Path.cwd()), code=int(code or 0), exact=True)


def report_requests(reports: Sequence[str], form: Form) -> tuple[list[str], Request | None]:
    """Return the reports for files, as given, and the one for standard output.

    Raises `InputError` for an unknown format, or if several go to standard output; so does the
    JSON of ``form``.
    """
    requests = [(written, parse_request(written)) for written in reports]
    shown = [request for _, request in requests if request.path in {"", STANDARD_OUTPUT}]
    if len(shown) + (form == "json") > 1:
        hint = _NAME_FILES.format(format=shown[-1].format)
        raise InputError(_ONE_ONLY, hint=hint)
    named = [written for written, request in requests if request not in shown]
    return named, shown[0] if shown else None


def _text(evaluation: Evaluation) -> Iterator[str]:
    """Yield the text for a terminal: what a change does, each problem in full, the sections."""
    run, screen = evaluation.run, evaluation.screen
    writer = evaluation.config.get_terminal_writer()
    # What this one writes is not shown; what it marks up is.
    writer.hasmarkup = has_colours()
    markup = writer.markup
    ended = _ended(evaluation)
    late = screen.lines(map(b.paragraph, urgent(run.records)))
    yield from coloured(late, markup, colour="red")
    yield from remark_lines(run.records, screen)
    for section in changes(ended):
        yield from (*screen.section(section), "")
    for crash in evaluation.crashes:
        yield from (crash.node, crash.text, "")
    for trouble in run.troubles:
        yield from problem_lines(trouble, trouble.location, screen.language, screen.columns)
        yield ""
    failed = [one for one in run.results if one.failing]
    failed.sort(key=lambda one: by_practice(one.rule_id))
    failing = (screen.in_each(failure(one)) for one in failed)
    unknown = [one for one in run.results if one.verdict is Verdict.UNKNOWN]
    blocks = map(screen.lines, undecided(unknown, named=None))
    for lines, colour in chain(
        ((one, "red") for one in failing), ((one, "yellow") for one in blocks)
    ):
        yield from coloured(lines, markup, colour=colour)
        yield ""
    for section in closing(evaluation.config, ended, most=MOST):
        yield from screen.section(section)
    yield from last_lines(ended, evaluation.options, "--unknown=warn", screen)
    for missed in incomplete(run):
        yield from problem_lines(missed, missed.location, screen.language, screen.columns)


def _short(evaluation: Evaluation) -> Iterator[str]:
    """Yield a line for each problem, and the verdicts, as pytest's ``-q`` does."""
    run, language = evaluation.run, evaluation.options.language
    for crash in evaluation.crashes:
        yield inert(f"{crash.node} {crash.why}")
    for trouble in (*run.troubles, *incomplete(run)):
        yield inert(f"{trouble.location} {in_languages(trouble.message, language)}")
    yield from finding_lines(run.results, language)
    yield from last_lines(
        _ended(evaluation), evaluation.options, "--unknown=warn", evaluation.screen
    )


def _ended(evaluation: Evaluation) -> Ended:
    run = evaluation.run
    return Ended(
        results=run.results,
        root=evaluation.root,
        sources=run.sources,
        run=run,
        weakened=run.weakened,
        records=run.records,
        complete=run.complete,
    )


# ---- Which descriptions the changes concern that git has staged (暂存的改动), for a hook

_NO_GIT = Text(
    zh="--staged：git 没有给出暂存的改动：{why}", en="--staged: git gives no staged changes: {why}"
)
_FROM, _TO = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"
"""The variables in which pre-commit names two commits, where it is not run for a commit."""


def concerned(project: Project, named: Sequence[Path]) -> list[Path]:
    """Return the descriptions named, and in folders named, that staged changes concern.

    A change concerns a description that reads the file, or whose source may read it, or all of
    them if it is of policies or options. Where nothing is staged, all are returned.
    Raises `InputError` without git, and for a description that does not exist.
    """
    root = repository_root(Path.cwd())
    changed = {_real(root / name) for name in _changed(root)}
    found = list(dict.fromkeys(path for one in named for path in _descriptions(project, one)))
    if not changed or any(_is_in(path, _of_all(project)) for path in changed):
        return found
    return [path for path in found if _concerns(project, path, changed)]


def _changed(root: Path) -> list[str]:
    """Return the paths that differ, from the root of the repository; what is gone is among them."""
    first, last = os.environ.get(_FROM, ""), os.environ.get(_TO, "")
    which = ["--end-of-options", f"{first}...{last}"] if first and last else ["--cached"]
    # A commit of some files only has an index of its own.
    index = {name: os.environ[name] for name in ("GIT_INDEX_FILE",) if name in os.environ}
    git = Git(root, settings={**SETTINGS, **index})
    asked = ("diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", *which, "--")
    try:
        # Outside a repository, git would compare files.
        answer = git.ask("rev-parse", "--git-dir") and git.ask(*asked)
        why = git.why
    except NoGit as error:
        answer, why = None, str(error)
    if answer is None:
        raise InputError(_NO_GIT.format(why=why), place=Place(path=root))
    return [os.fsdecode(name) for name in answer.split(b"\0") if name]


def _descriptions(project: Project, named: Path) -> list[Path]:
    try:
        return project.files([named])
    except InputError:
        if is_folder(named):
            # There is none in it, so there is nothing to do.
            return []
        raise


def _of_all(project: Project) -> list[Path]:
    """Return the files and folders that every description is judged by."""
    files = [*project.session.own_folders, *project.options.year_files]
    if project.config.inipath:
        files.append(project.config.inipath)
    return [_real(file) for file in files]


def _concerns(project: Project, path: Path, changed: Collection[Path]) -> bool:
    """Whether one of the changed files may change the results of a description."""
    try:
        description = project.read(path)
    except InputError:
        # What it reads is not known.
        return True
    if description.readings and not all(map(os.path.exists, changed)):
        # Of a file that is gone nobody knows whether a pattern of a source had led to it.
        return True
    read = {_real(file) for file in _files(description)}
    # What appears beside a file that was read may be read next time.
    sources = [_real(path.parent / one.path) for one in description.readings]
    beside = {_real(file).parent for one in description.readings for file in one.digests}
    return any(one in read or one.parent in beside or _is_in(one, sources) for one in changed)


def _files(description: Description) -> Iterator[Path]:
    """Yield the files of a description, there or not."""
    folder = description.path.parent
    yield from (file.path for file in description.joined.files)
    yield from (folder / evidence.path for evidence in description.evidence.values())
    yield from (folder / name for name in FILE_NAMES)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _is_in(path: Path, places: Iterable[Path]) -> bool:
    return any(path.is_relative_to(place) for place in places)


# ---- What changed since a commit, or between two reports


def run_diff(arguments: Namespace) -> Output:
    """Return what changed since a commit, or how a report differs from an earlier one.

    Raises `InputError` for what is not a report.
    """
    named = arguments.descriptions
    if [path.suffix for path in named] == [".jsonl"]:

        def of_reports(project: Project) -> Output:
            before, after = (state_in(Path(path), str(path)) for path in (arguments.since, *named))
            since, errors = compared(before, after), unread_errors(before)
            return _changed_since(since, after.as_of, project.options, errors, arguments.format)

        return in_project(arguments, of_reports, (), *ONLY_COMPARED)
    if arguments.since is None:
        arguments.since = in_project(arguments, _since_when, named)

    def of_runs(found: Evaluation) -> Output:
        run, errors = found.run, found.recorder.unwritten
        return _changed_since(run.since, run.as_of, found.options, errors, arguments.format)

    return in_evaluation(arguments, of_runs, named, *ONLY_COMPARED)


def _since_when(project: Project) -> str:
    """Return what a change is compared with where nobody says it."""
    root = repository_root(project.config.rootpath)
    return project.options.since or main_branch(Git(root))


def _changed_since(
    since: Since | None, as_of: str, options: Options, errors: Sequence[InputError], form: str
) -> Output:
    """Return what differs.

    The exit code is 1 if something is new that fails a run, else 4 if the base cannot be judged.
    """
    failing = {Standing.VIOLATED, *([Standing.UNKNOWN] if options.unknown == "fail" else [])}
    text, new = "", False
    if since:
        new = bool(since.unseen) or any(one.new and one.after in failing for one in since.rules)
        text = changes_json(since, as_of)
        if form == "text":
            screen = Screen(options.language, columns())
            text = "\n".join(screen.section(since_section(since)))
    code = pytest.ExitCode.USAGE_ERROR if errors else pytest.ExitCode.OK
    return Output(text=text, errors=errors, code=int(new) or int(code), exact=form == "json")


# ---- The current findings, so that new ones stand out

_WRITTEN = Text(
    zh="已将 {n} 项发现写入 {path}。运行 pytest --icp-baseline={path}，新增的发现会排在前面；"
    "基线不隐藏任何发现，也不改变结论。",
    en="Wrote {n:finding} to {path}. Run pytest --icp-baseline={path} to see new findings first; "
    "a baseline hides nothing and changes no verdict.",
)
_NOT_WRITTEN = Text(zh="；没有写出基线", en="; no baseline was written")


def run_baseline(arguments: Namespace) -> Output:
    """Write the baseline of the evaluated descriptions; the output says how many findings it has.

    Raises `InputError` if a description cannot be read, or if the file exists and may not be
    overwritten.
    """

    def written(found: Evaluation) -> Output:
        run, path = found.run, arguments.output
        for first in run.troubles[:1]:
            spot = first.location
            place = Place(path=Path(spot.path), line=spot.line, column=spot.column)
            raise InputError(first.message + _NOT_WRITTEN, place=place, hint=first.hint)
        lines = [*baseline_lines(run)]
        text = "".join(f"{line}\n" for line in lines)
        write_new(path, text, overwrite=arguments.force)
        said = _WRITTEN.format(n=len(lines) - 1, path=path)
        return Output(text=found.screen.steps(said))

    return in_evaluation(arguments, written, arguments.descriptions, *WITHOUT_REPORTS)
