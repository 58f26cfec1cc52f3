"""``pytest-icp diff``: prints what changed since a commit, and nothing else."""

from __future__ import annotations

import pytest

from pytest_icp.cli.arguments import WITHOUT_BASELINE
from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.cli.output import Output
from pytest_icp.cli.project import Project
from pytest_icp.kinds.standing import Standing
from pytest_icp.plugin.base_commit import main_branch
from pytest_icp.plugin.git import Git
from pytest_icp.plugin.runs import repository_root
from pytest_icp.reports.entries import entries
from pytest_icp.reports.since_text import since_section

REPORTS_OFF = (
    *("-o", "icp_report=", "-o", "icp_forecast=", WITHOUT_BASELINE, "--icp-fail-on=any"),
)
"""Arguments of pytest for a run of which only the comparison is shown."""


def since_when(project: Project) -> str:
    """Return what a change is compared with where nobody says it."""
    root = repository_root(project.config.rootpath)
    return project.options.since or main_branch(Git(root))


def run_diff(evaluation: Evaluation, columns: int) -> Output:
    """Return what changed.

    The exit code is 1 if something is new that fails a run, else 4 if the base cannot be judged.
    """
    run, options = evaluation.run, evaluation.options
    failing = {Standing.VIOLATED, *([Standing.UNKNOWN] if options.unknown == "fail" else [])}
    new = any(entry.new and entry.standing in failing for entry in entries(run))
    unwritten = evaluation.recorder.unwritten
    code = pytest.ExitCode.USAGE_ERROR if unwritten else pytest.ExitCode.OK
    sections = [since_section(run.since, options.language, columns)] if run.since else []
    lines = [line for one in sections for line in one.ruled(options.language, columns)]
    return Output(text="\n".join(lines), errors=unwritten, code=int(new) or int(code))
