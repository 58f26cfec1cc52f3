"""The console script ``pytest-icp``: reads the command line and prints the output of a command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from importlib import metadata
from itertools import chain
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    COMMON,
    EVALUATION,
    USAGE_ERROR,
    Parser,
    add_flags,
    columns,
    joined,
    language_of,
    speaking,
)
from pytest_icp.cli.commands import COMMANDS
from pytest_icp.cli.isolation import add_isolation, is_fresh, restart
from pytest_icp.cli.output import Output, escape_characters, print_error, print_errors, print_text
from pytest_icp.facts.breakdowns import internal_errors
from pytest_icp.law.errors import IcpError, InputError
from pytest_icp.law.text import Text
from pytest_icp.plugin.flags import spoken
from pytest_icp.plugin.messages import WORKING
from pytest_icp.plugin.progress import terminal_progress
from pytest_icp.reports.words import in_languages

if TYPE_CHECKING:
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
_NO_FOLDER = Text(
    zh="当前文件夹已被删除，请换一个文件夹运行",
    en="the current folder was removed; run the command in another one",
)
STOPPED = Text(zh="已中断", en="interrupted")


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
            parser = parser_in(language)
            arguments = parser.parse_args(joined(argv, chain.from_iterable(COMMANDS.values())))
            if arguments.run is None:
                # Whoever names no command has not said what to do.
                print_text(parser.format_help().rstrip())
                return INTERRUPTED
        arguments.lang = language if arguments.language else arguments.lang
        if getattr(arguments, "no_project", False) and not is_fresh():
            return restart(argv)
        run = resolve_name(f"pytest_icp.cli.{arguments.run}")
        # Whoever is asked is at work, not the command.
        waiting = (
            nullcontext()
            if hasattr(arguments, "interactive")
            else _progress(arguments.lang or spoken())
        )
        with waiting as arguments.say:
            output: str | Output = run(arguments)
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

    parser = Parser(prog="pytest-icp", description=in_lines(*_ABOUT), language=language)
    version = f"pytest-icp {_version()}"
    about = "显示版本 · show program's version number and exit"
    parser.add_argument("--version", action="version", version=version, help=about)
    about = "输出语言（默认：系统语言） · language of the output (default: that of the locale)"
    parser.add_argument("--lang", dest="language", choices=("zh", "en", "both"), help=about)
    parser.set_defaults(lang=spoken(), run=None)
    commands = parser.add_subparsers(metavar="COMMAND")
    every = chain.from_iterable(some.items() for some in COMMANDS.values())
    for name, (add, about) in every:
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
    for title, names in COMMANDS.items():
        parser.show(title, [listed[name] for name in names])
    shared = Parser(add_help=False, language=language)
    # The language may also stand before a command.
    add_flags(shared, *(name for name in EVALUATION if name != "lang"))
    add_isolation(shared)
    parser.show(COMMON, shared.taken())
    return parser


def _version() -> str:
    try:
        return metadata.version("pytest-icp")
    except metadata.PackageNotFoundError:
        return "(not installed)"
