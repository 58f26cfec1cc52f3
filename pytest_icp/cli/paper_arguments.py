"""The arguments of the commands for registers and documents, and the functions that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    WITHOUT_BASELINE,
    add_flags,
    nonempty,
    path_of,
    pytest_arguments,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.project import Project

COMMANDS = {
    "attest": "将证明材料登记为一项规则的依据 · enter a document as evidence for a rule",
}

_STATED = {
    "statement": ("statement", "TEXT", "文件证明的事实，一句话 · what it attests, in one sentence"),
    "issued_on": ("issued_on", "DAY", "出具日期，如 2023-03-31 · the day of issue"),
    "expires_on": ("expires_on", "DAY", "失效日期 · the last day on which it is valid"),
    "owner_role": ("owner.role", "ROLE", "负责该文件的岗位 · the post responsible for it"),
}
"""The options that state something of a document: its property, its placeholder, its help."""


def add_attest(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``attest``."""
    add = parser.add_argument
    add("rule", type=nonempty, metavar="RULE", help="规则，如 SP09/monitoring-system · the rule")
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


ADDERS = {"attest": add_attest}
"""The function that adds the arguments of each command."""


def _attest(arguments: argparse.Namespace) -> str:
    from pytest_icp.cli.attest import Document, run_attest
    from pytest_icp.cli.project import in_project
    from pytest_icp.reports.words import each_language

    stated = {name: getattr(arguments, option) for option, (name, _, _) in _STATED.items()}
    document = Document(rule=arguments.rule, file=arguments.file, stated=stated)

    def attest(project: Project) -> str:
        arguments.lang = project.options.language
        path = arguments.description or project.description("pytest-icp attest RULE FILE {file}")
        told = run_attest(document, path, project.policies)
        return "\n".join(each_language(told, arguments.lang))

    named = [arguments.description] if arguments.description else []
    return in_project(attest, [*pytest_arguments(arguments, named), WITHOUT_BASELINE])
