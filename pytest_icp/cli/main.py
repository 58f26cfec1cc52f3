"""The console script ``pytest-icp``: reads the command line and prints the output of a command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from importlib import metadata
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    EVALUATION,
    Commands,
    add_flags,
    columns,
    joined,
    of_project,
    path_of,
)
from pytest_icp.cli.description_arguments import COMMANDS as DESCRIPTION_COMMANDS
from pytest_icp.cli.description_arguments import WAIVERS_ADD, add_role
from pytest_icp.cli.fleet_arguments import COMMANDS as FLEET_COMMANDS
from pytest_icp.cli.fleet_arguments import REPORT
from pytest_icp.cli.isolation import add_isolation, is_fresh, restart
from pytest_icp.cli.output import Output
from pytest_icp.cli.paper_arguments import COMMANDS as PAPER_COMMANDS
from pytest_icp.cli.parsing import COMMON, USAGE_ERROR, Parser, language_of, speaking
from pytest_icp.cli.policy_arguments import COMMANDS as POLICY_COMMANDS
from pytest_icp.cli.printing import escape_characters, print_error, print_errors, print_text
from pytest_icp.facts.internal import internal_errors
from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.flags import spoken
from pytest_icp.plugin.messages import WORKING
from pytest_icp.plugin.progress import terminal_progress
from pytest_icp.reports.words import in_languages

if TYPE_CHECKING:
    from pytest_icp.cli.project import Project
    from pytest_icp.reports.words import Language

INTERRUPTED = 2
"""The exit code of a command that its user stopped, as in pytest."""

CRASHED = 3
"""The exit code for a fault of our own, or of a plugin."""

_ABOUT = (
    "核对增值电信业务经营许可证特别规定事项的工具；核对由 pytest 进行。",
    """\
Tools for the special provisions of a Chinese value-added telecom
licence; pytest runs the checks.""",
)
_GROUPS: Mapping[Text, Sequence[str]] = {
    Text(zh="描述与核对", en="describe and judge"): (
        *("init", "ask", "explain", "facts", "deadlines", "evaluate", "diff", "register"),
        *("waivers", WAIVERS_ADD, "baseline"),
    ),
    Text(zh="编写规定", en="write policies"): ("lint", "mutate"),
    Text(zh="其他", en="more"): ("fleet", REPORT, "schema"),
}
"""The commands as their list has them."""

_NO_FOLDER = Text(
    zh="当前文件夹已被删除，请换一个文件夹运行",
    en="the current folder was removed; run the command in another one",
)
STOPPED = Text(zh="已中断", en="interrupted")

COMMANDS = Commands()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    0: success; 1: a violation, an unknown or another problem; 2: stopped by its user; 3: a fault
    of our own; 4: a usage or input error.
    """
    escape_characters()
    if sys.stdout is None and sys.stderr is None:
        # Nothing can be told, and pytest itself would break.
        return USAGE_ERROR
    try:
        Path.cwd()
    except OSError:
        print_errors([in_languages(_NO_FOLDER, spoken())])
        return USAGE_ERROR
    try:
        with internal_errors():
            return _run(sys.argv[1:] if argv is None else argv)
    except InputError as error:
        print_error(error, spoken())
        return CRASHED
    except KeyboardInterrupt:
        print_errors([in_languages(STOPPED, spoken())])
        return INTERRUPTED


def _run(argv: Sequence[str]) -> int:
    arguments = argparse.Namespace(lang=spoken())
    try:
        language = language_of(argv)
        with speaking(language):
            arguments = parser_in(language).parse_args(
                joined(argv, chain.from_iterable(_GROUPS.values()))
            )
        arguments.lang = language if arguments.language else arguments.lang
        if getattr(arguments, "no_project", False) and not is_fresh():
            return restart(argv)
        run: Callable[[argparse.Namespace], str | Output] = arguments.run
        # Whoever is asked is at work, not the command.
        waiting = (
            nullcontext()
            if hasattr(arguments, "interactive")
            else _progress(arguments.lang or spoken())
        )
        with waiting as arguments.say:
            output = run(arguments)
        if isinstance(output, str):
            output = Output(text=output)
        if output.text:
            print_text(output.text, exact=output.exact)
    except SystemExit as stopped:
        return int(stopped.code or 0)
    except IcpError as error:
        print_error(error, arguments.lang or spoken())
        return USAGE_ERROR
    for unwritten in output.errors:
        print_error(unwritten, arguments.lang)
    return output.code


@contextmanager
def _progress(language: Language) -> Iterator[Callable[[str], None]]:
    """Show at a terminal that a command takes long, until its output is printed.

    Gives a function by which the command says how far it is.
    """
    # A stream that was closed before the start is none.
    progress = terminal_progress(sys.stderr, columns) if sys.stderr else None
    if progress is None:
        yield lambda _: None
        return
    with closing(progress), progress.show(in_languages(WORKING, language)):
        yield progress.say


def parser_in(language: Language) -> Parser:
    """Return the parser of the command line, whose help is in a language."""

    def in_lines(*about: str) -> str:
        return "\n".join({"zh": about[:1], "en": about[1:]}.get(language, about))

    def overview(_: argparse.Namespace) -> Output:
        # Whoever names no command has not said what to do.
        with speaking(language):
            return Output(text=parser.format_help().rstrip(), code=INTERRUPTED)

    parser = Parser(prog="pytest-icp", description=in_lines(*_ABOUT), language=language)
    version = f"pytest-icp {_version()}"
    about = "显示版本 · show program's version number and exit"
    parser.add_argument("--version", action="version", version=version, help=about)
    about = "输出语言 · language of the output (default: that of the locale)"
    parser.add_argument("--lang", dest="language", choices=("zh", "en", "both"), help=about)
    parser.set_defaults(lang=spoken(), run=overview)
    commands = parser.add_subparsers(metavar="COMMAND")
    every = COMMANDS | DESCRIPTION_COMMANDS | FLEET_COMMANDS | PAPER_COMMANDS | POLICY_COMMANDS
    for name in chain.from_iterable(_GROUPS.values()):
        add, about = every[name]
        zh, _, en = about.partition(" · ")
        command = commands.add_parser(
            name,
            help=about,
            description=in_lines(f"{zh}。", f"{en[0].upper()}{en[1:]}."),
            language=language,
        )
        add(command)
        add_isolation(command)
        command.name_common()
    listed = {one.dest: one for one in parser.unlisted(commands)}
    for title, names in _GROUPS.items():
        parser.show(title, [listed[name] for name in names])
    shared = Parser(add_help=False, language=language)
    # The language may also stand before a command.
    add_flags(shared, *(name for name in EVALUATION if name != "lang"))
    add_isolation(shared)
    parser.show(COMMON, shared.taken())
    return parser


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
    add_flags(parser, "lang", "as_of")
    add(
        "--description",
        nargs="?",
        const=Path(),
        type=path_of,
        metavar="FILE",
        help="同 DESCRIPTION；不写文件名而当前文件夹中没有的，报错 · the same as DESCRIPTION; "
        "without FILE, it is an error if there is not one in this folder",
    )
    add_flags(parser, "policies", "source")
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


def _init(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.init import (
        InitOptions,
        run_init,
        run_init_from,
        sort_files,
        summary_lines,
    )
    from pytest_icp.plugin.messages import WILL_BE_LEFT_OUT
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
        )
        if paper:
            said = run_init_from(paper, options, language, columns())
        else:
            said = "\n".join(summary_lines(run_init(options), language, columns()))
        if not is_left_out(project.config, path):
            return said
        missed = summary_lines(WILL_BE_LEFT_OUT.format(path=path), language, columns())
        return "\n".join([said, *missed])

    # The file does not exist yet; pytest looks for its ini file from its folder on.
    return of_project(arguments, init, [path.parent])


def _explain(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.explain import ExplainOptions, run_explain
    from pytest_icp.cli.files import with_code_beside

    asked = arguments.named or arguments.description
    given = None if asked == Path() and not arguments.named else asked
    paths = [given] if given else with_code_beside(Path())

    def explain(project: Project) -> Output:
        path, scene, errors = None, None, []
        if asked:
            path = project.description(f"pytest-icp explain {arguments.rule} {{file}}", given)
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


def _version() -> str:
    try:
        return metadata.version("pytest-icp")
    except metadata.PackageNotFoundError:
        return "(not installed)"
