"""The arguments of the commands for jobs of CI, and the functions that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import Commands, add_flags, path_of

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.output import Output

COMMANDS = Commands()


@COMMANDS.add(
    "fetch", "取来与以前的提交比较所需的内容 · fetch what the comparison with a commit needs"
)
def _add_fetch(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "commit",
        nargs="?",
        default="",
        metavar="COMMIT",
        help="提交或分支；输出它与 HEAD 的共同祖先 · a commit or branch; prints its merge base "
        "with HEAD (default: that of the pull or merge request of this job)",
    )
    parser.set_defaults(run=_fetch)


@COMMANDS.add("comment", "写出或更新合并请求的评论 · write or update the comment of a pull request")
def _add_comment(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "report",
        type=path_of,
        metavar="FILE",
        help="报告，由 --report comment=FILE 写出 · the report that --report comment=FILE wrote",
    )
    add(
        "--name",
        default="",
        metavar="NAME",
        help="区分同一合并请求中的多条评论 · tells apart the comments of several jobs",
    )
    add_flags(parser, "lang")
    parser.set_defaults(run=_comment)


def _fetch(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.fetch import run_fetch

    return run_fetch(arguments.commit)


def _comment(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.comment import run_comment

    arguments.lang = arguments.lang or "both"
    return run_comment(arguments.report, arguments.name, arguments.lang)
