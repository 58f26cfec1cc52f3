"""``pytest-icp --print-completion``: a shell completes commands, options, choices and files."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any, Literal

from pytest_icp.cli.arguments import path_of
from pytest_icp.cli.printing import print_text
from pytest_icp.facts.extras import missing_extra
from pytest_icp.law.text import Text

SHELLS = ("bash", "zsh", "fish", "tcsh")

_COMPLETION = Text(zh="命令行补全", en="shell completion")


def add_completion(parser: argparse.ArgumentParser) -> None:
    """Add ``--print-completion``."""
    parser.add_argument(
        "--print-completion",
        action=_PrintCompletion,
        choices=SHELLS,
        metavar="SHELL",
        help=f"输出命令行补全的脚本：{', '.join(SHELLS)} · print the script that completes "
        f"commands in this shell: {', '.join(SHELLS)}",
    )


class _PrintCompletion(argparse.Action):
    """Prints the completion for a shell, and exits; who does not ask for it imports nothing."""

    def __call__(
        self, parser: argparse.ArgumentParser, _: argparse.Namespace, shell: Any, *__: object
    ) -> None:
        """Print the script for the shell."""
        try:
            import shtab
        except ModuleNotFoundError:
            raise missing_extra("completion", _COMPLETION) from None
        for action in _actions(parser):
            kind: Literal["DIRECTORY", "FILE"] = "DIRECTORY" if action.metavar == "DIR" else "FILE"
            if action.type is path_of or action.metavar in {"DIR", "FILE"}:
                action.complete = getattr(shtab, kind)  # type: ignore[attr-defined]  # as shtab wants it
        print_text(shtab.complete(parser, shell), exact=True)
        parser.exit()


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Yield what a parser and its commands take."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for named in action._choices_actions:
                command = action.choices[named.dest]
                # Of a description only the first line is shown, which is in one language.
                command.description = named.help
                yield from _actions(command)
