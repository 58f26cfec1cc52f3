"""``pytest-icp diff``: prints what changed since a commit, or between two reports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from pytest_icp.cli.arguments import WITHOUT_BASELINE
from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.cli.printing import Output
from pytest_icp.cli.project import Project
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.errors import InputError
from pytest_icp.plugin.git import Git, main_branch
from pytest_icp.plugin.options import Options
from pytest_icp.plugin.runs import repository_root
from pytest_icp.reports.comparing import compared, state_in, unread_errors
from pytest_icp.reports.jsonl import changes_json
from pytest_icp.reports.since import Since
from pytest_icp.reports.since_text import since_section

REPORTS_OFF = (
    *("-o", "icp_report=", "-o", "icp_forecast=", WITHOUT_BASELINE, "--icp-fail-on=any"),
)
"""Arguments of pytest for a run of which only the comparison is shown."""

Form = Literal["text", "json"]


def since_when(project: Project) -> str:
    """Return what a change is compared with where nobody says it."""
    root = repository_root(project.config.rootpath)
    return project.options.since or main_branch(Git(root))


def run_diff(evaluation: Evaluation, form: Form, columns: int) -> Output:
    """Return what changed since a commit."""
    run, options, errors = evaluation.run, evaluation.options, evaluation.recorder.unwritten
    return _output(run.since, run.as_of, options, errors, form, columns)


def run_diff_of_reports(old: Path, new: Path, options: Options, form: Form, columns: int) -> Output:
    """Return how a report differs from an earlier one; raises `InputError` for what is none."""
    before, after = (state_in(path, str(path)) for path in (old, new))
    since, errors = compared(before, after), unread_errors(before)
    return _output(since, after.as_of, options, errors, form, columns)


def _output(
    since: Since | None,
    as_of: str,
    options: Options,
    errors: Sequence[InputError],
    form: Form,
    columns: int,
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
            section = since_section(since, options.language, columns)
            text = "\n".join(section.ruled(options.language, columns))
    code = pytest.ExitCode.USAGE_ERROR if errors else pytest.ExitCode.OK
    return Output(text=text, errors=errors, code=int(new) or int(code), exact=form == "json")
