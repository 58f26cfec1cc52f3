"""The commands (命令): what each takes on the command line, and what runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from pytest_icp.cli.files import with_code_beside
from pytest_icp.cli.printing import Output, lines_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.flags import spoken

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.parsing import Parser
    from pytest_icp.cli.project import Project
    from pytest_icp.law.text import Lang

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

REPORT = "fleet report"

FORMATS = ("csv", "xlsx")
"""The formats of a register, the default first."""

GROUPS: Mapping[Text, Sequence[str]] = {
    Text(zh="描述与核对", en="describe and judge"): (
        *("init", "ask", "explain", "facts", "deadlines", "evaluate", "diff", "register"),
        *("waivers", WAIVERS_ADD, "baseline"),
    ),
    Text(zh="编写规定", en="write policies"): ("lint", "mutate"),
    Text(zh="其他", en="more"): ("fleet", REPORT, "schema"),
}
"""The commands as their list has them."""


@COMMANDS.add("init", "写出描述文件的初稿 · write a starting description")
def _add_init(parser: Parser) -> None:
    from pytest_icp.rules.selection import group_names

    add, named = parser.add_argument, ", ".join(group_names())
    add(
        "files",
        nargs="*",
        type=path_of,
        metavar="FILE",
        help="要写的描述文件，以 .icp.yaml 结尾，默认为 infra.icp.yaml；许可证的文本，.txt 或 "
        ".pdf，读入 licence.yaml · the description to write (default: infra.icp.yaml), and "
        "the text of the licence, .txt or .pdf, to read into licence.yaml",
    )
    add(
        "--lang",
        choices=("zh", "en"),
        help="所写文件的语言 · the language of the files (default: icp_lang, else zh)",
    )
    add(
        "--licence",
        type=path_of,
        metavar="FILE",
        help="已有的许可证文件；其业务用不到的事实不列入 · an existing licence file; facts that "
        "its lines of business do not need are left out",
    )
    add(
        "--select",
        action="append",
        default=[],
        choices=group_names(),
        metavar="GROUP",
        help=f"除默认的以外还要核对的规则，可多次使用：{named} · rules that are selected beside "
        f"the default; may be repeated: {named}",
    )
    add_role(
        parser,
        "这些人员的问题另写一个文件，可多次使用 · a file of their own for the questions of these "
        "people; may be repeated",
    )
    add("--force", action="store_true", help="覆盖已有的文件 · overwrite existing files")
    add_flags(parser, "policies", "as_of")
    parser.set_defaults(run=_init)


@COMMANDS.add("explain", "解释一项规则或一条规定 · explain a rule or a provision")
def _add_explain(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "rule",
        metavar="RULE",
        help="规则，如 SP12/renewal；或整条规定，如 SP12 · a rule such as SP12/renewal, or a "
        "provision such as SP12",
    )
    add(
        "named",
        nargs="?",
        type=path_of,
        metavar="DESCRIPTION",
        help="描述文件，或其所在的文件夹，列出其中的值和计算过程；不写则用当前文件夹中唯一的一个 · "
        "a description, or its folder, to show its values and the calculation (default: the only "
        "one in this folder, if there is one)",
    )
    add_flags(parser, "lang", "as_of", "policies", "source")
    parser.set_defaults(run=_explain)


@COMMANDS.add("schema", "写出供编辑器使用的 JSON Schema · write the JSON Schemas for editors")
def _add_schema(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "folder",
        nargs="?",
        type=path_of,
        default=Path(".icp-schemas"),
        metavar="DIR",
        help="写入的文件夹 · the folder to write to (default: .icp-schemas)",
    )
    add(
        "--print",
        dest="name",
        metavar="NAME",
        help="只输出一个，如 description · print one schema, such as description, and "
        "write no files",
    )
    add(
        "--lang",
        choices=("zh", "en", "both"),
        default=spoken(),
        help="输出语言 · language of the output (default: that of the locale)",
    )
    parser.set_defaults(run=_schema)


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
    from pytest_icp.facts.fields import roles

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


@COMMANDS.add("register", "写出供填写的登记表 · write a register to fill in")
def _add_register(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "name",
        nargs="?",
        type=nonempty,
        metavar="NAME",
        help="清单，如 complaints 或 投诉；不写则列出全部 · the list, such as complaints; without "
        "NAME all are listed",
    )
    add(
        "--format",
        choices=FORMATS,
        help="格式 · the format (default: that of --output, else csv)",
    )
    add(
        "--output",
        type=path_of,
        metavar="FILE",
        help="要写的文件 · the file to write (default: NAME.csv)",
    )
    add("--force", action="store_true", help="覆盖已有的文件 · overwrite the file if it exists")
    add_flags(parser, "lang")
    parser.set_defaults(run=_register)


@COMMANDS.add("fleet", "核对大量描述，写成数据表 · judge many descriptions and write tables")
def _add_fleet(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "inputs",
        nargs="+",
        type=nonempty,
        metavar="PATH",
        help="描述文件、文件夹、通配符、JSON Lines、Parquet，或它们的网址 · descriptions, "
        "folders, globs, JSON Lines or Parquet, or URLs of them",
    )
    add(
        "--out",
        required=True,
        type=nonempty,
        metavar="DIR",
        help="写入的文件夹或网址；中断后再运行一次即接着核对 · the folder or URL to write to; run "
        "again to go on after a run that was cut off",
    )
    add_flags(parser, "lang", "as_of", "policies", "select", "ignore")
    _add_workers(parser)
    parser.set_defaults(run=_fleet)


def _add_workers(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "--processes",
        type=int,
        metavar="N",
        help="进程数，1 为只用本进程 · how many processes, 1 for this one alone "
        "(default: one for each processor)",
    )
    add(
        "--scheduler",
        type=nonempty,
        metavar="ADDRESS",
        help="由已有的 Dask 调度器在其各台机器上运行 · a Dask scheduler that is running, such as "
        "tcp://host:8786, on the machines of which to run",
    )


@COMMANDS.add(REPORT, "汇总 fleet 写出的数据表 · sum up the tables that fleet has written")
def _add_report(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "place",
        type=nonempty,
        metavar="DIR",
        help="fleet 写入的文件夹或网址 · the folder or URL that fleet has written to",
    )
    add_form(parser, "text", "markdown")
    add(
        "--output",
        type=path_of,
        metavar="FILE",
        help="写入的文件 · the file to write (default: standard output)",
    )
    add_flags(parser, "lang")
    parser.set_defaults(run=_report)


# ---- Running them


def _init(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.init import (
        InitOptions,
        run_init,
        run_init_from,
        sort_files,
    )
    from pytest_icp.plugin.messages import WILL_BE_LEFT_OUT
    from pytest_icp.plugin.progress import telling
    from pytest_icp.plugin.reach import is_left_out

    path, paper = sort_files(arguments.files)

    def init(project: Project) -> str:
        language = project.options.language
        options = InitOptions(
            path=path,
            lang="en" if language == "en" else "zh",
            policies=project.policies,
            open=project.scene,
            select=tuple(dict.fromkeys(arguments.select)),
            roles=tuple(dict.fromkeys(arguments.roles)),
            licence=arguments.licence,
            overwrite=arguments.force,
            told=telling(arguments.say, language),
        )
        if paper:
            said = run_init_from(paper, options, language, columns())
        else:
            said = "\n".join(lines_of(run_init(options), language, columns()))
        if not is_left_out(project.config, path):
            return said
        missed = lines_of(WILL_BE_LEFT_OUT.format(path=path), language, columns())
        return "\n".join([said, *missed])

    # The file does not exist yet; pytest looks for its ini file from its folder on.
    return of_project(arguments, init, [path.parent])


def _explain(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.explain import ExplainOptions, run_explain

    named: Path | None = arguments.named
    paths = [named] if named else with_code_beside(Path())

    def explain(project: Project) -> Output:
        path, scene, errors = None, None, []
        if named:
            path = project.description(f"pytest-icp explain {arguments.rule} {{file}}", named)
            scene = project.scene(path)
        elif len(here := project.here()) == 1:
            # A rule can be explained without the description, which nobody named.
            try:
                scene = project.scene(here[0])
                path = here[0]
            except InputError as error:
                errors.append(error)
        options = ExplainOptions(
            rule=arguments.rule,
            as_of=project.options.as_of,
            policies=project.policies,
            scene=scene,
            selection=project.selection(path) if path else None,
        )
        text = run_explain(options, project.options.language, columns())
        return Output(text=text, errors=errors)

    return of_project(arguments, explain, paths)


def _schema(arguments: argparse.Namespace) -> str | Output:
    from pytest_icp.cli.schema import run_schema, schema_text

    if arguments.name:
        return Output(text=schema_text(arguments.name).rstrip(), exact=True)
    return run_schema(arguments.folder, arguments.lang, columns())


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
    from pytest_icp.cli.waivers import run_waivers_add

    return of_evaluation(
        arguments,
        lambda found: run_waivers_add(found, arguments, columns()),
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


def _mutate(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.mutate import run_mutate

    chosen, folders = arguments.chosen, arguments.cases
    return of_project(
        arguments,
        lambda project: run_mutate(project, chosen, folders, columns(), arguments.say),
        with_code_beside(Path()),
    )


def _lint(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.lint import run_lint

    chosen, folders = arguments.chosen, arguments.cases
    return of_project(
        arguments,
        lambda project: run_lint(project, chosen, folders, columns()),
        with_code_beside(Path()),
    )


def _register(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.register import registers_text, run_register

    file = arguments.output
    suffix = file.suffix.lstrip(".").lower() if file else ""
    form = arguments.format or (suffix if suffix in FORMATS else FORMATS[0])

    def register(project: Project) -> str:
        language = project.options.language
        if not arguments.name:
            return registers_text(language)
        lang: Lang = "en" if language == "en" else "zh"
        told = run_register(arguments.name, file, form, lang, overwrite=arguments.force)
        return "\n".join(lines_of(told, language, columns()))

    return of_project(arguments, register)


def _fleet(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.fleet import run_fleet_command

    return of_project(
        arguments, lambda project: run_fleet_command(project, arguments, columns(), arguments.say)
    )


def _report(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.fleet import run_fleet_report

    place, form, file = arguments.place, arguments.format, arguments.output
    return of_project(
        arguments,
        lambda project: run_fleet_report(place, form, file, project.options.language, columns()),
    )
