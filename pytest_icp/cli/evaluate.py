"""``pytest-icp evaluate``: prints the results of an evaluation as text or as one report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import pytest

from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.cli.output import Output
from pytest_icp.cli.printing import has_colours
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.closing import Ended, closing, last_lines, not_checked
from pytest_icp.reports.colours import coloured
from pytest_icp.reports.errors import problem_lines
from pytest_icp.reports.failure import failure_text, unknown_text
from pytest_icp.reports.formats import Request, parse_request, render
from pytest_icp.reports.incomplete import incomplete
from pytest_icp.reports.layout import ruled
from pytest_icp.reports.to_declare import MOST
from pytest_icp.reports.words import in_languages

STANDARD_OUTPUT = "-"

_ONE_ONLY = Text(zh="只能有一份报告写到标准输出", en="only one report can go to standard output")
_NAME_FILES = Text(zh="其余的请写明文件：{format}=文件", en="give the others a file: {format}=FILE")


def run_evaluate(evaluation: Evaluation, shown: Request | None, columns: int) -> Output:
    """Return the results as text, or as the report that goes to standard output.

    The exit code is 1 if something is violated, unknown, not run or could not be read, else 4 if
    a report could not be written.
    """
    lines = [render(shown, evaluation.run).rstrip("\n")] if shown else _text(evaluation, columns)
    text = "\n".join(lines)
    unwritten = evaluation.recorder.unwritten
    code = pytest.ExitCode.USAGE_ERROR if unwritten else pytest.ExitCode.OK
    failed = evaluation.failed or not evaluation.run.complete
    return Output(text=text, errors=unwritten, code=int(failed) or int(code), exact=bool(shown))


def report_requests(reports: Sequence[str]) -> tuple[list[str], Request | None]:
    """Return the reports for files, as given, and the one for standard output.

    Raises `InputError` for an unknown format, or if several go to standard output.
    """
    requests = [(written, parse_request(written)) for written in reports]
    shown = [request for _, request in requests if request.path in {"", STANDARD_OUTPUT}]
    if len(shown) > 1:
        hint = _NAME_FILES.format(format=shown[-1].format)
        raise InputError(_ONE_ONLY, hint=hint)
    named = [written for written, request in requests if request not in shown]
    return named, shown[0] if shown else None


def _text(evaluation: Evaluation, columns: int) -> Iterator[str]:
    """Yield the text for a terminal: each problem in full, then the sections of a run."""
    run, language = evaluation.run, evaluation.options.language
    writer = evaluation.config.get_terminal_writer()
    # What this one writes is not shown; what it marks up is.
    writer.hasmarkup = has_colours()
    markup = writer.markup
    for crash in evaluation.crashes:
        yield from (crash, "")
    for trouble in run.troubles:
        yield from problem_lines(trouble, trouble.location, language, columns)
        yield ""
    for result in sorted(run.results, key=_urgency):
        unknown = result.verdict is Verdict.UNKNOWN
        if unknown or result.failing:
            text = (unknown_text if unknown else failure_text)(result, language, columns)
            colour = "yellow" if unknown else "red"
            yield from coloured(text.split("\n"), markup, colour=colour)
            yield ""
    ended = Ended(
        results=run.results,
        root=evaluation.root,
        sources=run.sources,
        run=run,
        weakened=run.weakened,
    )
    for section in chain(
        not_checked(evaluation.config, ended, columns),
        closing(evaluation.config, ended, columns, most=MOST),
    ):
        yield ruled(in_languages(section.title, language), columns, "-")
        yield from section.lines
    yield from last_lines(ended, evaluation.options, "--unknown=warn", columns)
    for missed in incomplete(run):
        yield from problem_lines(missed, missed.location, language, columns)


def _urgency(result: Result) -> tuple[bool, bool]:
    """Return the key of a result: violated ones first, then those that would be."""
    return not result.failing, not result.would_be_violated
