"""The arguments of the commands that read descriptions, and the functions that run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    EVALUATION,
    WITHOUT_REPORTS,
    Commands,
    add_descriptions,
    add_flags,
    add_form,
    columns,
    day_of,
    nonempty,
    of_evaluation,
    of_project,
    path_of,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.output import Output
    from pytest_icp.cli.parsing import Parser
    from pytest_icp.cli.project import Project

COMMANDS = Commands()

WAIVERS_ADD = "waivers add"

_REPORT = (
    "写出报告，可多次使用；不写路径则写到标准输出 · write a report; may be repeated; "
    "without PATH it goes to standard output (default: icp_report)"
)
STATUSES = (
    *(
        "known",
        "referenced",
        "default",
        "not told",
        "known after apply",
        "known as served",
        "sensitive",
    ),
    *("assumed", "contested", "not declared"),
)
"""The statuses of facts."""


@COMMANDS.add("ask", "在终端提问，把回答写入描述文件 · ask at the terminal and write the answers")
def _add_ask(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "file",
        nargs="?",
        type=path_of,
        metavar="FILE",
        help="描述文件 · the description (default: the only one in this folder)",
    )
    add_role(parser, "只问这些人员，可多次使用 · ask only what these people know; may be repeated")
    add_flags(parser, *EVALUATION, "select", "ignore")
    parser.set_defaults(run=_ask, interactive=True)


def add_role(parser: Parser, about: str) -> None:
    """Add the option ``--for``."""
    from pytest_icp.facts.roles import roles

    parser.add_argument(
        "--for",
        dest="roles",
        action="append",
        default=[],
        choices=tuple(roles()),
        metavar="ROLE",
        help=f"{about}: {', '.join(roles())}",
    )


@COMMANDS.add("evaluate", "核对描述文件，可写出报告 · evaluate descriptions and write reports")
def _add_evaluate(parser: Parser) -> None:
    add_descriptions(parser)
    more = ("unknown", "select", "ignore", "report", "baseline", "since", "fail_on")
    add_flags(parser, *EVALUATION, *more, "docs_url", report=_REPORT)
    add_form(parser, "text", "short", "json")
    parser.add_argument(
        "--staged",
        action="store_true",
        help="只核对 git 暂存的改动所涉及的描述 · evaluate only the descriptions that changes "
        "staged in git concern",
    )
    parser.set_defaults(run=_evaluate)


@COMMANDS.add(
    "diff",
    "列出自某个提交以来，或者两份报告之间的变化 · show what changed since a commit, or between "
    "two reports",
)
def _add_diff(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "since",
        nargs="?",
        type=nonempty,
        metavar="REF",
        help="提交（取与 HEAD 的共同祖先）、文件夹，或以前的 jsonl 报告 · a commit (its merge base "
        "with HEAD), a folder, or an earlier jsonl report (default: icp_since, else origin/HEAD)",
    )
    add(
        "descriptions",
        nargs="*",
        type=path_of,
        default=[Path()],
        metavar="DESCRIPTION",
        help="描述文件，或其所在的文件夹；或者与以前的报告比较的 jsonl 报告 · a description, or a "
        "folder of them (default: this folder); or a jsonl report, to compare with an earlier one",
    )
    add_form(parser, "text", "json")
    add_flags(parser, *EVALUATION, "unknown", "select", "ignore")
    parser.set_defaults(run=_diff)


@COMMANDS.add("baseline", "将现有的发现记为基线 · record the current findings as a baseline")
def _add_baseline(parser: Parser) -> None:
    add_descriptions(parser)
    add_flags(parser, *EVALUATION)
    add = parser.add_argument
    add(
        "--output",
        type=path_of,
        default=Path("icp-baseline.jsonl"),
        metavar="FILE",
        help="要写的文件 · the file to write (default: icp-baseline.jsonl)",
    )
    add("--force", action="store_true", help="覆盖已有的文件 · overwrite the file if it exists")
    parser.set_defaults(run=_baseline)


@COMMANDS.add("deadlines", "如不处理，结论何时变化 · list when verdicts change if nothing is done")
def _add_deadlines(parser: Parser) -> None:
    add_descriptions(parser)
    add_flags(parser, *EVALUATION)
    add = parser.add_argument
    add(
        "--within",
        metavar="SPAN",
        help="预测多长时间，如 180d、24m、2y · how far to look ahead, such as 180d, 24m or 2y "
        "(default: icp_forecast, else icp_warn_days)",
    )
    add_form(parser, "text", "json", "ical")
    parser.set_defaults(run=_deadlines)


@COMMANDS.add("waivers", "列出并检查豁免 · list and check the waivers")
def _add_waivers(parser: Parser) -> None:
    add_descriptions(parser)
    add_flags(parser, *EVALUATION)
    parser.set_defaults(run=_waivers)


@COMMANDS.add(
    WAIVERS_ADD, "接受一项违反至某日，或认定已履行 · accept a violation until a day, or decide"
)
def _add_waivers_add(parser: Parser) -> None:
    add = parser.add_argument
    add("rule", type=nonempty, metavar="RULE", help="规则，或其部分 · a rule, or a part of one")
    add("subject", type=nonempty, metavar="SUBJECT", help="对象 · what violates it")
    add(
        "named",
        nargs="?",
        type=path_of,
        default=Path(),
        metavar="DESCRIPTION",
        help="描述文件，或其所在的文件夹 · a description, or its folder (default: this folder)",
    )
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument(
        "--until",
        type=day_of,
        metavar="DAY",
        help="豁免的最后一天 · the last day on which it is accepted",
    )
    how.add_argument(
        "--decided",
        choices=("complied",),
        help="须由人认定的：认定为已履行 · where a person must decide: the duty was met",
    )
    about = "负责岗位或部门，不填姓名 · the post or department that answers for it, not a name"
    add("--owner", required=True, type=nonempty, metavar="POST", help=about)
    about = "理由 · why it is accepted, or counts as met"
    add("--reason", required=True, type=nonempty, metavar="TEXT", help=about)
    add_flags(parser, *EVALUATION)
    parser.set_defaults(run=_waivers_add)


@COMMANDS.add("facts", "列出事实及其来源 · list the facts and where they come from")
def _add_facts(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "named",
        nargs="?",
        type=path_of,
        metavar="DESCRIPTION",
        help="描述文件，或其所在的文件夹 · a description, or its folder (default: the only one "
        "in this folder)",
    )
    add(
        "--kind",
        action="append",
        default=[],
        metavar="FACT",
        help="只列出此类事实，如 servers，可多次使用 · list only these facts, such as "
        "servers; may be repeated",
    )
    add(
        "--file",
        action="append",
        default=[],
        metavar="GLOB",
        help="只列出来自这些文件的事实：路径或通配符，可多次使用 · list only facts from these "
        "paths or globs; may be repeated",
    )
    add(
        "--status",
        action="append",
        default=[],
        choices=STATUSES,
        metavar="STATUS",
        help="只列出此状态的事实，可多次使用 · list only facts of this status; may be repeated: "
        f"{', '.join(STATUSES)}",
    )
    add_form(parser, "text", "json")
    add_flags(parser, "lang", "source")
    parser.set_defaults(run=_facts)


def _evaluate(arguments: argparse.Namespace) -> Output:
    if arguments.format != "json":
        return _evaluated(arguments)
    from pytest_icp.cli.evaluate import as_document

    return as_document(lambda: _evaluated(arguments))


def _evaluated(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.evaluate import none_concerned, report_requests, run_evaluate

    # Reports on the command line replace those of the ini file.
    replaced = ["-o", "icp_report="] if arguments.report else []
    named, form = arguments.descriptions, arguments.format
    arguments.report, shown = report_requests(arguments.report or [], form)
    if arguments.staged:
        from pytest_icp.cli.staged import concerned

        given = named
        named = of_project(arguments, lambda project: concerned(project, given), given)
        if not named:
            return none_concerned(form)
    return of_evaluation(
        arguments, lambda found: run_evaluate(found, shown or form, columns()), named, *replaced
    )


def _diff(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.diff import REPORTS_OFF, run_diff, run_diff_of_reports, since_when

    named, form = arguments.descriptions, arguments.format
    if [path.suffix for path in named] == [".jsonl"]:
        old = Path(arguments.since)
        return of_project(
            arguments,
            lambda project: run_diff_of_reports(old, named[0], project.options, form, columns()),
            (),
            *REPORTS_OFF,
        )
    if arguments.since is None:
        arguments.since = of_project(arguments, since_when, named)
    return of_evaluation(
        arguments, lambda found: run_diff(found, form, columns()), named, *REPORTS_OFF
    )


def _baseline(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.baseline import run_baseline

    path, again = arguments.output, arguments.force
    return of_evaluation(
        arguments,
        lambda found: run_baseline(found, path, columns(), overwrite=again),
        arguments.descriptions,
        *WITHOUT_REPORTS,
    )


def _waivers(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.waivers import run_waivers

    named = arguments.descriptions
    return of_evaluation(
        arguments, lambda found: run_waivers(found, columns()), named, *WITHOUT_REPORTS
    )


def _waivers_add(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.accepting import Acceptance, run_waivers_add

    accepted = Acceptance(
        rule=arguments.rule,
        subject=arguments.subject,
        until=arguments.until,
        owner=arguments.owner,
        reason=arguments.reason,
    )
    return of_evaluation(
        arguments,
        lambda found: run_waivers_add(found, accepted, columns()),
        [arguments.named],
        *WITHOUT_REPORTS,
        f"--icp-select={arguments.rule.partition('#')[0]}",
    )


def _deadlines(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.deadlines import run_deadlines
    from pytest_icp.plugin.options import parse_days

    named, form = arguments.descriptions, arguments.format
    within = None if arguments.within is None else parse_days("--within", arguments.within)

    def deadlines(project: Project) -> Output:
        usual = project.options.settings.warn_days
        days = next(n for n in (within, project.options.forecast, usual) if n is not None)
        return run_deadlines(project, named, form, days, columns())

    return of_project(arguments, deadlines, named)


def _facts(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.facts import FactFilter, run_facts

    chosen = FactFilter(kinds=arguments.kind, files=arguments.file, statuses=arguments.status)

    def facts(project: Project) -> Output:
        path = project.description("pytest-icp facts {file}", arguments.named)
        description = project.read(path)
        language = project.options.language
        return run_facts(description, chosen, arguments.format, language, columns())

    return of_project(arguments, facts, [arguments.named] if arguments.named else [])


def _ask(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.ask import AskOptions, run_ask

    def ask(project: Project) -> str:
        options = AskOptions(
            path=arguments.file or project.description("{file}"),
            roles=tuple(arguments.roles),
            language=project.options.language,
            columns=columns(),
        )
        return run_ask(project, options)

    paths = [arguments.file] if arguments.file else []
    # pytest captures what is typed, too.
    return of_project(arguments, ask, paths, "--capture=no")
