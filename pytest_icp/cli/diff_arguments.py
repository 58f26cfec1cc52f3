"""The arguments of ``diff``, and the function that runs it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    EVALUATION,
    add_descriptions,
    add_flags,
    columns,
    nonempty,
    pytest_arguments,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.evaluation import Evaluation
    from pytest_icp.cli.output import Output


def add_diff(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``diff``."""
    add = parser.add_argument
    add(
        "since",
        nargs="?",
        type=nonempty,
        metavar="REF",
        help="提交（取与 HEAD 的共同祖先）、文件夹，或以前的 jsonl 报告 · a commit (its merge base "
        "with HEAD), a folder, or an earlier jsonl report (default: icp_since, else origin/HEAD)",
    )
    add_descriptions(parser, optional=True)
    add_flags(parser, *EVALUATION, "unknown", "select", "ignore")
    parser.set_defaults(run=_diff)


def _diff(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.diff import REPORTS_OFF, run_diff, since_when
    from pytest_icp.cli.evaluation import in_evaluation
    from pytest_icp.cli.project import in_project

    def diff(evaluation: Evaluation) -> Output:
        arguments.lang = evaluation.options.language
        return run_diff(evaluation, columns())

    named = arguments.descriptions or [Path()]
    if arguments.since is None:
        arguments.since = in_project(since_when, pytest_arguments(arguments, named))
    return in_evaluation(diff, named, [*REPORTS_OFF, *pytest_arguments(arguments, named)])
