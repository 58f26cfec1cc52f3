"""The arguments of the commands that read policies, and the functions that run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    Commands,
    add_flags,
    add_form,
    columns,
    path_of,
    pytest_arguments,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.output import Output
    from pytest_icp.cli.parsing import Parser
    from pytest_icp.cli.project import Project

COMMANDS = Commands()


@COMMANDS.add(
    "mutate", "改动规定，看用例能否察觉 · change policies and see whether their cases notice"
)
def _add_mutate(parser: Parser) -> None:
    _add_chosen(parser)
    add_form(parser)
    parser.set_defaults(run=_mutate)


@COMMANDS.add("lint", "检查规定中的错误 · check policies for mistakes")
def _add_lint(parser: Parser) -> None:
    _add_chosen(parser)
    add_flags(parser, "as_of")
    add_form(parser)
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
    from pytest_icp.authoring.cases import CaseRunner
    from pytest_icp.cli.files import with_code_beside
    from pytest_icp.cli.mutate import MutateOptions, run_mutate
    from pytest_icp.cli.project import in_project
    from pytest_icp.rules.lookup import select_policies

    def mutate(project: Project) -> Output:
        arguments.lang = project.options.language
        mutation = MutateOptions(
            policies=select_policies(arguments.chosen, project.written()),
            cases=arguments.cases,
            language=arguments.lang,
            runner=CaseRunner(calendar=project.calendar, kinds=project.kinds),
            form=arguments.format,
            say=arguments.say,
        )
        return run_mutate(mutation, columns())

    return in_project(mutate, pytest_arguments(arguments, with_code_beside(Path())))


def _lint(arguments: argparse.Namespace) -> Output:
    from pytest_icp.authoring.lint.run import LintRequest
    from pytest_icp.cli.files import with_code_beside
    from pytest_icp.cli.lint import LintOptions, run_lint, waiver_files
    from pytest_icp.cli.project import in_project
    from pytest_icp.law.times import civil_date
    from pytest_icp.rules.lookup import select_policies

    def lint(project: Project) -> Output:
        arguments.lang = project.options.language
        every = project.written()
        request = LintRequest(
            selections=select_policies(arguments.chosen, every),
            every=every,
            waivers=waiver_files(Path()),
            day=civil_date(project.options.as_of),
            days=project.options.settings.warn_days,
        )
        options = LintOptions(
            request=request,
            language=arguments.lang,
            cases=arguments.cases,
            form=arguments.format,
        )
        return run_lint(options, columns())

    return in_project(lint, pytest_arguments(arguments, with_code_beside(Path())))
