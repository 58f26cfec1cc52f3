"""The arguments of the commands that read policies, and the functions that run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    Commands,
    add_flags,
    columns,
    of_project,
    path_of,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.output import Output
    from pytest_icp.cli.parsing import Parser

COMMANDS = Commands()


@COMMANDS.add(
    "mutate", "改动规定，看用例能否察觉 · change policies and see whether their cases notice"
)
def _add_mutate(parser: Parser) -> None:
    _add_chosen(parser)
    parser.set_defaults(run=_mutate)


@COMMANDS.add("lint", "检查规定中的错误 · check policies for mistakes")
def _add_lint(parser: Parser) -> None:
    _add_chosen(parser)
    add_flags(parser, "as_of")
    parser.set_defaults(run=_lint)


def _add_chosen(parser: Parser) -> None:
    parser.add_argument(
        "chosen",
        nargs="*",
        metavar="POLICY",
        help="规定、规则或规定文件 · policies, "
        "rules or policy files (default: your own, else all that come with pytest-icp)",
    )
    parser.add_argument(
        "--cases",
        action="append",
        type=path_of,
        default=[],
        metavar="DIR",
        help="自定义规定的用例文件夹，可多次使用 · a folder with the cases of your own policies; "
        "may be repeated",
    )
    add_flags(parser, "lang", "policies")


def _mutate(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.files import with_code_beside
    from pytest_icp.cli.mutate import run_mutate

    chosen, folders = arguments.chosen, arguments.cases
    return of_project(
        arguments,
        lambda project: run_mutate(project, chosen, folders, columns(), arguments.say),
        with_code_beside(Path()),
    )


def _lint(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.files import with_code_beside
    from pytest_icp.cli.lint import run_lint

    chosen, folders = arguments.chosen, arguments.cases
    return of_project(
        arguments,
        lambda project: run_lint(project, chosen, folders, columns()),
        with_code_beside(Path()),
    )
