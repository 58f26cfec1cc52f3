"""The arguments of the commands for registers and documents, and the functions that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    WITHOUT_BASELINE,
    Commands,
    add_flags,
    columns,
    nonempty,
    path_of,
    pytest_arguments,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.project import Project
    from pytest_icp.law.text import Lang

COMMANDS = Commands()

FORMATS = ("csv", "xlsx", "jsonl")
"""The formats of a register, the default first."""

_STATED = {
    "statement": ("statement", "TEXT", "文件证明的事实，一句话 · what it attests, in one sentence"),
    "issued_on": ("issued_on", "DAY", "出具日期，如 2023-03-31 · the day of issue"),
    "expires_on": ("expires_on", "DAY", "失效日期 · the last day on which it is valid"),
    "owner_role": ("owner.role", "ROLE", "负责该文件的岗位 · the post responsible for it"),
}
"""The options that state something of a document: its property, its placeholder, its help."""


@COMMANDS.add("register", "写出供填写的登记表 · write a register to fill in")
def _add_register(parser: argparse.ArgumentParser) -> None:
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


@COMMANDS.add("attest", "将证明材料登记为一项规则的依据 · enter a document as evidence for a rule")
def _add_attest(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("rule", type=nonempty, metavar="RULE", help="规则，如 EVID/papers#scan · the rule")
    add("file", type=path_of, metavar="FILE", help="仓库中的文件 · the document, in the repository")
    add(
        "description",
        nargs="?",
        type=path_of,
        metavar="DESCRIPTION",
        help="描述文件 · the description to write to (default: the only one in this folder)",
    )
    for name, (_, metavar, text) in _STATED.items():
        add(f"--{name.replace('_', '-')}", type=nonempty, metavar=metavar, help=text)
    add_flags(parser, "lang", "policies")
    parser.set_defaults(run=_attest)


def _register(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.init import summary_lines
    from pytest_icp.cli.project import in_project
    from pytest_icp.cli.register import registers_text, run_register

    file = arguments.output
    suffix = file.suffix.lstrip(".").lower() if file else ""
    form = arguments.format or (suffix if suffix in FORMATS else FORMATS[0])

    def register(project: Project) -> str:
        language = arguments.lang = project.options.language
        if not arguments.name:
            return registers_text(language)
        lang: Lang = "en" if language == "en" else "zh"
        told = run_register(arguments.name, file, form, lang, overwrite=arguments.force)
        return "\n".join(summary_lines(told, language, columns()))

    return in_project(register, [*pytest_arguments(arguments), WITHOUT_BASELINE])


def _attest(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.attest import Document, run_attest
    from pytest_icp.cli.init import summary_lines
    from pytest_icp.cli.project import in_project

    stated = {name: getattr(arguments, option) for option, (name, _, _) in _STATED.items()}
    document = Document(rule=arguments.rule, file=arguments.file, stated=stated)

    def attest(project: Project) -> str:
        arguments.lang = project.options.language
        path = arguments.description or project.description("pytest-icp attest RULE FILE {file}")
        told = run_attest(document, path, project.policies)
        return "\n".join(summary_lines(told, arguments.lang, columns()))

    named = [arguments.description] if arguments.description else []
    return in_project(attest, [*pytest_arguments(arguments, named), WITHOUT_BASELINE])
