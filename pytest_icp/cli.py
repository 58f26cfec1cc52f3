"""The console script ``pytest-icp``: reads the command line and prints what a command answers."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pytest_icp.core.errors import IcpError, InputError
from pytest_icp.core.text import Lang, Text
from pytest_icp.reporters.layout import wrap
from pytest_icp.reporters.words import each_language

if TYPE_CHECKING:
    from pytest_icp.core.policy import Policy
    from pytest_icp.reporters.words import Language

USAGE_ERROR = 4
"""The exit code of a wrong command line or an unusable file, as pytest's own."""

_WIDEST = 80
_NARROWEST = 40

_ABOUT = """\
核对增值电信业务经营许可证特别规定事项的工具；核对本身由 pytest 进行。
Tools around the special provisions of a Chinese value-added telecom
licence; the checks themselves are run by pytest."""

_COMMANDS = {
    "init": "写出描述文件的初稿 · write a starting description",
    "explain": "解释一项规则 · explain a rule or a provision",
    "schema": "写出 JSON Schema 供编辑器使用 · write out the JSON Schemas",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 4 for a usage or input error."""
    for stream in (sys.stdout, sys.stderr):
        # A character that a terminal cannot show is no reason to stop.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        arguments = _parser().parse_args(argv)
        run: Callable[[argparse.Namespace], str] = arguments.run
        return _print(run(arguments))
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except IcpError as error:
        for text in _said(error, arguments.lang or "both"):
            print(text, file=sys.stderr)
        return USAGE_ERROR


def _print(text: str) -> int:
    try:
        print(text)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever reads has had enough; a second flush at exit would say so again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _said(error: IcpError, language: Language) -> Sequence[str]:
    """Return what is wrong, in each language asked for, the same words once."""
    if not isinstance(error, InputError):
        return [str(error)]
    langs: tuple[Lang, ...] = ("zh", "en") if language == "both" else (language,)
    here = f"{Path.cwd()}{os.sep}"
    return list(dict.fromkeys(error.text(lang).replace(here, "") for lang in langs))


class _Parser(argparse.ArgumentParser):
    """Leaves with pytest's code for usage errors."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


class _Help(argparse.RawDescriptionHelpFormatter):
    """Wraps help texts by the columns they take: Chinese characters are two wide."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)


def _parser() -> _Parser:
    parser = _Parser(prog="pytest-icp", description=_ABOUT, formatter_class=_Help)
    parser.add_argument("--version", action="version", version=f"pytest-icp {_version()}")
    parser.set_defaults(lang="both", run=lambda _: parser.format_help().rstrip())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name, add in (("init", _add_init), ("explain", _add_explain), ("schema", _add_schema)):
        about = _COMMANDS[name]
        zh, _, en = about.partition(" · ")
        add(
            commands.add_parser(
                name,
                help=about,
                description=f"{zh}。\n{en[0].upper()}{en[1:]}.",
                formatter_class=_Help,
            )
        )
    return parser


def _add_init(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "file",
        nargs="?",
        type=Path,
        default=Path("infra.icp.yaml"),
        metavar="FILE",
        help="要写的文件，以 .icp.yaml 结尾 · the file to write (default: infra.icp.yaml)",
    )
    add(
        "--lang",
        choices=("zh", "en"),
        default="both",
        help="所写文件的语言 · the language of the file (default: zh)",
    )
    add(
        "--licence",
        type=Path,
        metavar="FILE",
        help="许可证文件；不问其中没有的业务 · the licence's own file: what its lines of business "
        "do not need is not asked",
    )
    add("--force", action="store_true", help="覆盖已有的文件 · write over a file that is there")
    _add_policies(parser)
    parser.set_defaults(run=_init)


def _add_explain(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("rule", metavar="RULE", help="如 SP12/renewal；SP12 为整条规定 · a rule, or a provision")
    add(
        "--lang",
        choices=("zh", "en", "both"),
        default=None,
        help="语言 · language (default: icp_lang, else both)",
    )
    add(
        "--as-of",
        metavar="DATE",
        help="截至日期 · judge as of this date (default: icp_as_of, else now)",
    )
    add(
        "--description",
        nargs="?",
        const=Path(),
        type=Path,
        metavar="FILE",
        help="列出描述文件中的值和计算过程；不写文件名则用当前文件夹中唯一的一个 · show the values "
        "of a description and the reckoning; without FILE, of the only one here",
    )
    _add_policies(parser)
    parser.set_defaults(run=_explain)


def _add_schema(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "folder",
        nargs="?",
        type=Path,
        default=Path(".icp-schemas"),
        metavar="DIR",
        help="写入的文件夹 · the folder to write to (default: .icp-schemas)",
    )
    add(
        "--print",
        dest="name",
        metavar="NAME",
        help="只输出一个，如 description · print one instead, such as description",
    )
    add(
        "--lang",
        choices=("zh", "en", "both"),
        default="both",
        help="语言 · language (default: both)",
    )
    parser.set_defaults(run=_schema)


def _add_policies(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--policies",
        action="append",
        type=Path,
        default=[],
        metavar="DIR",
        help="自定义规定的文件夹，可多次使用 · a folder of more policies; may be repeated",
    )


def _init(arguments: argparse.Namespace) -> str:
    from pytest_icp.commands.init import Init, run_init

    asked = Init(
        path=arguments.file,
        lang="en" if arguments.lang == "en" else "zh",
        policies=_policies(arguments.policies),
        licence=arguments.licence,
        over=arguments.force,
    )
    return "\n".join(each_language(run_init(asked), arguments.lang))


def _explain(arguments: argparse.Namespace) -> str:
    from pytest_icp.commands.explain import Explain, run_explain
    from pytest_icp.commands.project import Project, in_project

    def explain(project: Project) -> str:
        arguments.lang = project.options.language
        path: Path | None = arguments.description
        if path == Path():
            path = project.description()
        asked = Explain(
            rule=arguments.rule,
            as_of=project.options.as_of,
            policies=project.policies,
            scene=project.scene(path) if path else None,
        )
        return run_explain(asked, arguments.lang, _columns())

    _check_as_of(arguments.as_of)
    return in_project(explain, list(_pytest_arguments(arguments)))


def _pytest_arguments(arguments: argparse.Namespace) -> Iterator[str]:
    """Yield the arguments of pytest that say what those of `explain` do."""
    if arguments.as_of:
        yield f"--icp-as-of={arguments.as_of}"
    if arguments.lang:
        yield f"--icp-lang={arguments.lang}"
    yield from (f"--icp-policies={folder}" for folder in arguments.policies)
    # pytest looks for its ini file from the description on.
    if arguments.description and arguments.description != Path():
        yield str(arguments.description.absolute())


def _schema(arguments: argparse.Namespace) -> str:
    from pytest_icp.commands.schema import run_schema, schema_text

    if arguments.name:
        return schema_text(arguments.name).rstrip()
    return run_schema(arguments.folder, arguments.lang, _columns())


def _check_as_of(written: str | None) -> None:
    from pytest_icp.core.times import TimeError, as_of_instant

    try:
        if written is not None:
            as_of_instant(written)
    except TimeError as error:
        wrong = Text(zh="--as-of 的「{written}」不能用", en="--as-of: {error}")
        hint = Text(zh="须为 2000 至 2099 年的日期，例如 2024-03-06", en="")
        raise InputError(wrong.format(written=written, error=error), hint=hint) from None


def _policies(more: Sequence[Path]) -> tuple[Policy, ...]:
    from pytest_icp.loading.policies import default_policies, load_policies
    from pytest_icp.loading.resources import resource

    return load_policies([resource("policies"), *more]) if more else default_policies()


def _columns() -> int:
    columns = shutil.get_terminal_size((_WIDEST, 24)).columns
    return max(_NARROWEST, min(_WIDEST, columns))


def _version() -> str:
    try:
        return metadata.version("pytest-icp")
    except metadata.PackageNotFoundError:
        return "(not installed)"
