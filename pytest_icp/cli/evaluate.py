"""``pytest-icp evaluate``: prints the results of an evaluation as text, JSON or one report."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Literal

import pytest

from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.cli.printing import Output, has_colours
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.terminal import Ended, changes, closing, last_lines
from pytest_icp.reports.colours import coloured
from pytest_icp.reports.errors import problem_lines
from pytest_icp.reports.evaluation import evaluation_json
from pytest_icp.reports.failure import failure_text
from pytest_icp.reports.formats import Request, parse_request, render
from pytest_icp.reports.incomplete import incomplete
from pytest_icp.reports.layout import inert
from pytest_icp.reports.licences import remark_lines, urgent_lines
from pytest_icp.reports.summary import finding_lines
from pytest_icp.reports.to_declare import MOST
from pytest_icp.reports.undecided import undecided
from pytest_icp.reports.words import in_languages
from pytest_icp.rules.practice import by_practice

STANDARD_OUTPUT = "-"

Form = Literal["text", "short", "json"]

_ERROR = "ERROR: "
"""What pytest writes before an error."""

_ONE_ONLY = Text(zh="只能有一份报告写到标准输出", en="only one report can go to standard output")
_NAME_FILES = Text(zh="其余的请写明文件：{format}=文件", en="give the others a file: {format}=FILE")


def run_evaluate(evaluation: Evaluation, shown: Request | Form, columns: int) -> Output:
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
        text = "\n".join((_text if shown == "text" else _short)(evaluation, columns))
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


def none_concerned(form: Form) -> Output:
    """Return the output where there is nothing to evaluate: only a program is told."""
    text = evaluation_json(None, (), Path.cwd()) if form == "json" else ""
    return Output(text=text, exact=form == "json")


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


def _text(evaluation: Evaluation, columns: int) -> Iterator[str]:
    """Yield the text for a terminal: what a change does, each problem in full, the sections."""
    run, language = evaluation.run, evaluation.options.language
    writer = evaluation.config.get_terminal_writer()
    # What this one writes is not shown; what it marks up is.
    writer.hasmarkup = has_colours()
    markup = writer.markup
    ended = _ended(evaluation)
    yield from coloured(urgent_lines(run.records, language, columns), markup, colour="red")
    yield from remark_lines(run.records, language, columns)
    for section in changes(evaluation.config, ended, columns):
        yield from (*section.ruled(language, columns), "")
    for crash in evaluation.crashes:
        yield from (crash.node, crash.text, "")
    for trouble in run.troubles:
        yield from problem_lines(trouble, trouble.location, language, columns)
        yield ""
    failed = [one for one in run.results if one.failing]
    failed.sort(key=lambda one: by_practice(one.rule_id))
    failing = (failure_text(one, language, columns).split("\n") for one in failed)
    unknown = [one for one in run.results if one.verdict is Verdict.UNKNOWN]
    blocks = (block.lines for block in undecided(unknown, language, columns, named=None))
    for lines, colour in chain(
        ((one, "red") for one in failing), ((one, "yellow") for one in blocks)
    ):
        yield from coloured(lines, markup, colour=colour)
        yield ""
    for section in closing(evaluation.config, ended, columns, most=MOST):
        yield from section.ruled(language, columns)
    yield from last_lines(ended, evaluation.options, "--unknown=warn", columns)
    for missed in incomplete(run):
        yield from problem_lines(missed, missed.location, language, columns)


def _short(evaluation: Evaluation, columns: int) -> Iterator[str]:
    """Yield a line for each problem, and the verdicts, as pytest's ``-q`` does."""
    run, language = evaluation.run, evaluation.options.language
    for crash in evaluation.crashes:
        yield inert(f"{crash.node} {crash.why}")
    for trouble in (*run.troubles, *incomplete(run)):
        yield inert(f"{trouble.location} {in_languages(trouble.message, language)}")
    yield from finding_lines(run.results, language)
    yield from last_lines(_ended(evaluation), evaluation.options, "--unknown=warn", columns)


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
