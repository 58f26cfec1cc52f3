"""The arguments of the commands that read descriptions, and the functions that run them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    EVALUATION,
    WITHOUT_BASELINE,
    Commands,
    add_descriptions,
    add_flags,
    add_form,
    columns,
    day_of,
    nonempty,
    path_of,
    pytest_arguments,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.evaluation import Evaluation
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
    parser.add_argument(
        "--format",
        choices=("text", "short", "json"),
        default="text",
        help="文字、每项发现一行或 JSON · text, a line for each finding, or JSON (default: text)",
    )
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
    add_form(parser)
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
    add(
        "--format",
        choices=("text", "json", "ical"),
        default="text",
        help="表格、JSON 或日历 · a table, JSON or a calendar (default: text)",
    )
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
    add_form(parser)
    add_flags(parser, "lang", "source")
    parser.set_defaults(run=_facts)


def _evaluate(arguments: argparse.Namespace) -> Output:
    if arguments.format != "json":
        return _evaluated(arguments)
    from pytest_icp.cli.evaluate import as_document

    return as_document(lambda: _evaluated(arguments))


def _evaluated(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.evaluate import none_concerned, report_requests, run_evaluate
    from pytest_icp.cli.evaluation import in_evaluation
    from pytest_icp.cli.project import in_project

    # Reports on the command line replace those of the ini file.
    replaced = ["-o", "icp_report="] if arguments.report else []
    form = arguments.format
    arguments.report, shown = report_requests(arguments.report or [], form)

    def evaluate(evaluation: Evaluation) -> Output:
        arguments.lang = evaluation.options.language
        return run_evaluate(evaluation, shown or form, columns())

    named, given = arguments.descriptions, pytest_arguments(arguments, arguments.descriptions)
    if arguments.staged:
        from pytest_icp.cli.staged import concerned

        named = in_project(lambda project: concerned(project, named), given)
        if not named:
            return none_concerned(form)
        given = pytest_arguments(arguments, named)
    return in_evaluation(evaluate, named, [*replaced, *given])


def _diff(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.diff import REPORTS_OFF, run_diff, run_diff_of_reports, since_when
    from pytest_icp.cli.evaluation import in_evaluation
    from pytest_icp.cli.project import in_project

    named, form = arguments.descriptions, arguments.format

    def diff(evaluation: Evaluation) -> Output:
        arguments.lang = evaluation.options.language
        return run_diff(evaluation, form, columns())

    def diff_of_reports(project: Project) -> Output:
        arguments.lang = project.options.language
        old = Path(arguments.since)
        return run_diff_of_reports(old, named[0], project.options, form, columns())

    if [path.suffix for path in named] == [".jsonl"]:
        return in_project(diff_of_reports, [*REPORTS_OFF, *pytest_arguments(arguments)])
    if arguments.since is None:
        arguments.since = in_project(since_when, pytest_arguments(arguments, named))
    return in_evaluation(diff, named, [*REPORTS_OFF, *pytest_arguments(arguments, named)])


def _baseline(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.baseline import run_baseline
    from pytest_icp.cli.evaluation import WITHOUT_REPORTS, in_evaluation

    def baseline(evaluation: Evaluation) -> Output:
        arguments.lang = evaluation.options.language
        return run_baseline(evaluation, arguments.output, columns(), overwrite=arguments.force)

    given = pytest_arguments(arguments, arguments.descriptions)
    return in_evaluation(baseline, arguments.descriptions, [*WITHOUT_REPORTS, *given])


def _waivers(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.evaluation import WITHOUT_REPORTS, in_evaluation
    from pytest_icp.cli.waivers import run_waivers

    given = pytest_arguments(arguments, arguments.descriptions)
    return in_evaluation(
        lambda evaluation: run_waivers(evaluation, columns()),
        arguments.descriptions,
        [*WITHOUT_REPORTS, *given],
    )


def _waivers_add(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.accepting import Acceptance, run_waivers_add
    from pytest_icp.cli.evaluation import WITHOUT_REPORTS, in_evaluation

    accepted = Acceptance(
        rule=arguments.rule,
        subject=arguments.subject,
        until=arguments.until,
        owner=arguments.owner,
        reason=arguments.reason,
    )
    named = [arguments.named]
    only = f"--icp-select={arguments.rule.partition('#')[0]}"
    return in_evaluation(
        lambda evaluation: run_waivers_add(evaluation, accepted, columns()),
        named,
        [*WITHOUT_REPORTS, *pytest_arguments(arguments, named), only],
    )


def _deadlines(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.deadlines import run_deadlines
    from pytest_icp.cli.project import in_project
    from pytest_icp.plugin.options import parse_days

    within = None if arguments.within is None else parse_days("--within", arguments.within)

    def deadlines(project: Project) -> Output:
        arguments.lang = project.options.language
        usual = project.options.settings.warn_days
        days = next(n for n in (within, project.options.forecast, usual) if n is not None)
        return run_deadlines(project, arguments.descriptions, arguments.format, days, columns())

    given = pytest_arguments(arguments, arguments.descriptions)
    return in_project(deadlines, [*given, WITHOUT_BASELINE])


def _facts(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.facts import FactFilter, run_facts
    from pytest_icp.cli.project import in_project

    chosen = FactFilter(kinds=arguments.kind, files=arguments.file, statuses=arguments.status)

    def facts(project: Project) -> Output:
        arguments.lang = project.options.language
        path = project.description("pytest-icp facts {file}", arguments.named)
        description = project.read(path)
        arguments.lang = project.options.language
        return run_facts(description, chosen, arguments.format, arguments.lang, columns())

    named = [arguments.named] if arguments.named else []
    return in_project(facts, [*pytest_arguments(arguments, named), WITHOUT_BASELINE])


def _ask(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.ask import AskOptions, run_ask
    from pytest_icp.cli.project import in_project

    def ask(project: Project) -> str:
        arguments.lang = project.options.language
        options = AskOptions(
            path=arguments.file or project.description("{file}"),
            roles=tuple(arguments.roles),
            language=arguments.lang,
            columns=columns(),
        )
        return run_ask(project, options)

    paths = [arguments.file] if arguments.file else []
    # pytest captures what is typed, too.
    return in_project(ask, ["--capture=no", *pytest_arguments(arguments, paths)])
