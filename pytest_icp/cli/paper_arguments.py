"""The arguments of the command for registers, and the function that runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    Commands,
    add_flags,
    columns,
    nonempty,
    of_project,
    path_of,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.parsing import Parser
    from pytest_icp.cli.project import Project
    from pytest_icp.law.text import Lang

COMMANDS = Commands()

FORMATS = ("csv", "xlsx", "jsonl")
"""The formats of a register, the default first."""


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


def _register(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.init import summary_lines
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
        return "\n".join(summary_lines(told, language, columns()))

    return of_project(arguments, register)
