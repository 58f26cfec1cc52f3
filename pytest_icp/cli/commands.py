"""The commands (命令): what each takes on the command line, and what runs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import EVALUATION, Commands, add_flags, add_form, day_of, nonempty
from pytest_icp.law.text import Text
from pytest_icp.plugin.flags import spoken

if TYPE_CHECKING:
    from pytest_icp.cli.arguments import Parser

_DESCRIBE, _WRITE, _MORE = Commands(), Commands(), Commands()

COMMANDS: Mapping[Text, Commands] = {
    Text(zh="描述与核对", en="describe and judge"): _DESCRIBE,
    Text(zh="编写规定", en="write policies"): _WRITE,
    Text(zh="其他", en="more"): _MORE,
}
"""The commands as their list has them, in the order of this file."""

_REPORT = (
    "写出报告，可多次使用；不写路径则写到标准输出（默认：icp_report） · write a report; may be "
    "repeated; without PATH it goes to standard output (default: icp_report)"
)


@_DESCRIBE.add("init", "写出描述文件的初稿 · write a starting description")
def _add_init(parser: Parser) -> None:
    from pytest_icp.rules.selection import group_names

    about = (
        "要写的描述文件，以 .icp.yaml 结尾，默认为 infra.icp.yaml；许可证的文本，.txt 或 "
        ".pdf，读入 licence.yaml · the description to write (default: infra.icp.yaml), and "
        "the text of the licence, .txt or .pdf, to read into licence.yaml"
    )
    parser.takes("files", "FILE", about, nargs="*")
    about = (
        "所写文件的语言（默认：icp_lang，否则 zh） · "
        "the language of the files (default: icp_lang, else zh)"
    )
    parser.add_argument("--lang", choices=("zh", "en"), help=about)
    about = (
        "已有的许可证文件；其业务用不到的事实不列入 · an existing licence file; facts that "
        "its lines of business do not need are left out"
    )
    parser.takes("--licence", "FILE", about)
    about = (
        "除默认的以外还要核对的规则，可多次使用：{0} · rules that are selected beside "
        "the default; may be repeated: {0}"
    )
    named = about.format(", ".join(group_names()))
    parser.takes("--select", "GROUP", named, action="append", default=[], choices=group_names())
    _add_role(
        parser,
        "这些人员的问题另写一个文件，可多次使用 · a file of their own for the questions of these "
        "people; may be repeated",
    )
    _add_force(parser, "覆盖已有的文件 · overwrite existing files")
    add_flags(parser, "policies", "as_of")
    parser.set_defaults(run="init:run")


@_DESCRIBE.add("ask", "在终端提问，把回答写入描述文件 · ask at the terminal and write the answers")
def _add_ask(parser: Parser) -> None:
    about = (
        "描述文件（默认：当前文件夹中唯一的一个） · "
        "the description (default: the only one in this folder)"
    )
    parser.takes("file", "FILE", about, nargs="?")
    _add_role(parser, "只问这些人员，可多次使用 · ask only what these people know; may be repeated")
    add_flags(parser, *EVALUATION, "select", "ignore")
    parser.set_defaults(run="ask:run", interactive=True)


def _add_role(parser: Parser, about: str) -> None:
    from pytest_icp.facts.fields import roles

    said = f"{about}: {', '.join(roles())}"
    more = {"dest": "roles", "action": "append", "default": [], "choices": tuple(roles())}
    parser.takes("--for", "ROLE", said, **more)


def _add_force(parser: Parser, about: str) -> None:
    parser.add_argument("--force", action="store_true", help=about)


_ONE_FILE = "覆盖已有的文件 · overwrite the file if it exists"


def _add_descriptions(parser: Parser, more: str = "", more_en: str = "") -> None:
    about = (
        f"描述文件，或其所在的文件夹{more}（默认：当前文件夹） · "
        f"a description, or a folder of {more_en or 'descriptions (default: this folder)'}"
    )
    parser.takes("descriptions", "DESCRIPTION", about, nargs="*", default=[Path()])


@_DESCRIBE.add("explain", "解释一项规则或一条规定 · explain a rule or a provision")
def _add_explain(parser: Parser) -> None:
    about = (
        "规则，如 SP12/renewal；或整条规定，如 SP12 · a rule such as SP12/renewal, or a "
        "provision such as SP12"
    )
    parser.takes("rule", "RULE", about)
    about = (
        "描述文件，或其所在的文件夹，列出其中的值和计算过程；不写则用当前文件夹中唯一的一个"
        "（默认：当前文件夹中唯一的一个，如果有） · "
        "a description, or its folder, to show its values and the calculation (default: the only "
        "one in this folder, if there is one)"
    )
    parser.takes("named", "DESCRIPTION", about, nargs="?")
    add_flags(parser, "lang", "as_of", "policies", "source")
    parser.set_defaults(run="explain:run")


@_DESCRIBE.add("facts", "列出事实及其来源 · list the facts and where they come from")
def _add_facts(parser: Parser) -> None:
    from pytest_icp.reports.findings import CERTAINTIES

    statuses = list(map(str, CERTAINTIES))
    about = (
        "描述文件，或其所在的文件夹（默认：当前文件夹中唯一的一个） · "
        "a description, or its folder (default: the only one in this folder)"
    )
    parser.takes("named", "DESCRIPTION", about, nargs="?")
    about = (
        "只列出此类事实，如 servers，可多次使用 · list only these facts, such as "
        "servers; may be repeated"
    )
    parser.takes("--kind", "FACT", about, action="append", default=[])
    about = (
        "只列出来自这些文件的事实：路径或通配符，可多次使用 · list only facts from these "
        "paths or globs; may be repeated"
    )
    parser.takes("--file", "GLOB", about, action="append", default=[])
    about = (
        "只列出此状态的事实，可多次使用 · list only facts of this status; may be repeated: "
        f"{', '.join(statuses)}"
    )
    parser.takes("--status", "STATUS", about, action="append", default=[], choices=statuses)
    add_form(parser, "text", "json")
    add_flags(parser, "lang", "source")
    parser.set_defaults(run="facts:run")


@_DESCRIBE.add("deadlines", "如不处理，结论何时变化 · list when verdicts change if nothing is done")
def _add_deadlines(parser: Parser) -> None:
    _add_descriptions(parser)
    add_flags(parser, *EVALUATION)
    about = (
        "预测多长时间，如 180d、24m、2y（默认：icp_forecast，否则 icp_warn_days） · "
        "how far to look ahead, such as 180d, 24m or 2y "
        "(default: icp_forecast, else icp_warn_days)"
    )
    parser.takes("--within", "SPAN", about)
    add_form(parser, "text", "json", "ical")
    parser.set_defaults(run="deadlines:run")


@_DESCRIBE.add("evaluate", "核对描述文件，可写出报告 · evaluate descriptions and write reports")
def _add_evaluate(parser: Parser) -> None:
    _add_descriptions(parser)
    more = ("unknown", "select", "ignore", "report", "baseline", "since", "fail_on")
    add_flags(parser, *EVALUATION, *more, "docs_url", report=_REPORT)
    add_form(parser, "text", "short", "json")
    about = (
        "只核对 git 暂存的改动所涉及的描述 · evaluate only the descriptions that changes "
        "staged in git concern"
    )
    parser.add_argument("--staged", action="store_true", help=about)
    parser.set_defaults(run="evaluate:run")


@_DESCRIBE.add(
    "diff",
    "列出自某个提交以来，或者两份报告之间的变化 · show what changed since a commit, or between "
    "two reports",
)
def _add_diff(parser: Parser) -> None:
    about = (
        "提交（取与 HEAD 的共同祖先）、文件夹，或以前的 jsonl 报告"
        "（默认：icp_since，否则 origin/HEAD） · "
        "a commit (its merge base with HEAD), a folder, or an earlier jsonl report "
        "(default: icp_since, else origin/HEAD)"
    )
    parser.takes("since", "REF", about, nargs="?")
    _add_descriptions(
        parser,
        "；或者与以前的报告比较的 jsonl 报告",
        "them (default: this folder); or a jsonl report, to compare with an earlier one",
    )
    add_form(parser, "text", "json")
    add_flags(parser, *EVALUATION, "unknown", "select", "ignore")
    parser.set_defaults(run="evaluate:run_diff")


@_DESCRIBE.add("register", "写出供填写的登记表 · write a register to fill in")
def _add_register(parser: Parser) -> None:
    about = (
        "清单，如 complaints 或 投诉；不写则列出全部 · the list, such as complaints; without "
        "NAME all are listed"
    )
    parser.takes("name", "NAME", about, nargs="?")
    about = (
        "格式（默认：--output 的格式；没有则为 csv） · "
        "the format (default: that of --output, else csv)"
    )
    parser.add_argument("--format", choices=("csv", "xlsx"), help=about)
    about = "要写的文件（默认：NAME.csv） · the file to write (default: NAME.csv)"
    parser.takes("--output", "FILE", about)
    _add_force(parser, _ONE_FILE)
    add_flags(parser, "lang")
    parser.set_defaults(run="register:run")


@_DESCRIBE.add("waivers", "列出并检查豁免 · list and check the waivers")
def _add_waivers(parser: Parser) -> None:
    _add_descriptions(parser)
    add_flags(parser, *EVALUATION)
    parser.set_defaults(run="waivers:run")


@_DESCRIBE.add(
    "waivers add", "接受一项违反至某日，或认定已履行 · accept a violation until a day, or decide"
)
def _add_waivers_add(parser: Parser) -> None:
    parser.takes("rule", "RULE", "规则，或其部分 · a rule, or a part of one")
    parser.takes("subject", "SUBJECT", "对象 · what violates it")
    about = (
        "描述文件，或其所在的文件夹（默认：当前文件夹） · a description, or its folder "
        "(default: this folder)"
    )
    parser.takes("named", "DESCRIPTION", about, nargs="?", default=Path())
    how = parser.add_mutually_exclusive_group(required=True)
    about = "豁免的最后一天 · the last day on which it is accepted"
    how.add_argument("--until", type=day_of, metavar="DAY", help=about)
    about = "须由人认定的：认定为已履行 · where a person must decide: the duty was met"
    how.add_argument("--decided", choices=("complied",), help=about)
    about = "负责岗位或部门，不填姓名 · the post or department that answers for it, not a name"
    parser.takes("--owner", "POST", about, required=True)
    about = "理由 · why it is accepted, or counts as met"
    parser.takes("--reason", "TEXT", about, required=True)
    add_flags(parser, *EVALUATION)
    parser.set_defaults(run="waivers:run_add")


@_DESCRIBE.add("baseline", "将现有的发现记为基线 · record the current findings as a baseline")
def _add_baseline(parser: Parser) -> None:
    _add_descriptions(parser)
    add_flags(parser, *EVALUATION)
    about = "要写的文件（默认：{0}） · the file to write (default: {0})"
    usual = "icp-baseline.jsonl"
    parser.takes("--output", "FILE", about.format(usual), default=Path(usual))
    _add_force(parser, _ONE_FILE)
    parser.set_defaults(run="evaluate:run_baseline")


@_WRITE.add("lint", "检查规定中的错误 · check policies for mistakes")
def _add_lint(parser: Parser) -> None:
    _add_chosen(parser)
    add_flags(parser, "as_of")
    parser.set_defaults(run="authoring:run_lint")


def _add_chosen(parser: Parser) -> None:
    about = (
        "规定、规则或规定文件（默认：自定义的；没有则为本产品自带的全部） · policies, "
        "rules or policy files (default: your own, else all that come with pytest-icp)"
    )
    parser.takes("chosen", "POLICY", about, nargs="*")
    about = (
        "自定义规定的用例文件夹，可多次使用 · a folder with the cases of your own policies; "
        "may be repeated"
    )
    parser.takes("--cases", "DIR", about, action="append", default=[])
    add_flags(parser, "lang", "policies")


@_WRITE.add(
    "mutate", "改动规定，看用例能否察觉 · change policies and see whether their cases notice"
)
def _add_mutate(parser: Parser) -> None:
    _add_chosen(parser)
    parser.set_defaults(run="authoring:run_mutate")


@_MORE.add("fleet", "核对大量描述，写成数据表 · judge many descriptions and write tables")
def _add_fleet(parser: Parser) -> None:
    about = (
        "描述文件、文件夹、通配符、JSON Lines、Parquet，或它们的网址 · descriptions, "
        "folders, globs, JSON Lines or Parquet, or URLs of them"
    )
    parser.takes("inputs", "PATH", about, nargs="+")
    about = (
        "写入的文件夹或网址；中断后再运行一次即接着核对 · the folder or URL to write to; run "
        "again to go on after a run that was cut off"
    )
    parser.takes("--out", "DIR", about, required=True, type=nonempty)
    add_flags(parser, "lang", "as_of", "policies", "select", "ignore")
    about = (
        "进程数，1 为只用本进程（默认：每个处理器一个） · "
        "how many processes, 1 for this one alone (default: one for each processor)"
    )
    parser.takes("--processes", "N", about, type=int)
    about = (
        "由已有的 Dask 调度器在其各台机器上运行 · a Dask scheduler that is running, such as "
        "tcp://host:8786, on the machines of which to run"
    )
    parser.takes("--scheduler", "ADDRESS", about)
    parser.set_defaults(run="fleet:run")


@_MORE.add("fleet report", "汇总 fleet 写出的数据表 · sum up the tables that fleet has written")
def _add_report(parser: Parser) -> None:
    about = "fleet 写入的文件夹或网址 · the folder or URL that fleet has written to"
    parser.takes("place", "DIR", about, type=nonempty)
    add_form(parser, "text", "markdown")
    about = "写入的文件（默认：标准输出） · the file to write (default: standard output)"
    parser.takes("--output", "FILE", about)
    add_flags(parser, "lang")
    parser.set_defaults(run="fleet:run_report")


@_MORE.add("schema", "写出供编辑器使用的 JSON Schema · write the JSON Schemas for editors")
def _add_schema(parser: Parser) -> None:
    usual = ".icp-schemas"
    about = f"写入的文件夹（默认：{usual}） · the folder to write to (default: {usual})"
    parser.takes("folder", "DIR", about, nargs="?", default=Path(usual))
    about = "只输出一个，如 description · print one schema, such as description, and write no files"
    parser.takes("--print", "NAME", about, dest="name")
    about = "输出语言（默认：系统语言） · language of the output (default: that of the locale)"
    parser.add_argument("--lang", choices=("zh", "en", "both"), default=spoken(), help=about)
    parser.set_defaults(run="schema:run")
