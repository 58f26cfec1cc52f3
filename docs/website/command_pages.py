"""The page of the commands (命令), out of the parser that reads the command line."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from handbook.markdown import Lang, said

from pytest_icp.cli.arguments import in_language, speaking
from pytest_icp.cli.main import parser_in
from pytest_icp.law.text import Text, plain
from website.text import Pages, found_as, heading, page, rows

_TITLE = Text("命令", "Commands")
_INTRO = Text(
    "`pytest` 核对，`pytest-icp` 做其余的事。没有写明的值，取 ini 中同一名称的"
    "[选项](options.md)。命令的分工和退出码见[命令、选项和退出码](guides/options.md)。",
    "`pytest` judges, `pytest-icp` does the rest. A value that is not given is that of the "
    "[option](options.md) in ini. What each command is for, and the exit codes, are with the "
    "[guides](guides/options.md).",
)
_HEAD = (Text("参数", "argument"), Text("作用", "what it does"))


def command_pages(lang: Lang) -> Pages:
    """Return the page that explains every command with every option."""
    with speaking(lang):
        parser = parser_in(lang)
        parts = [part for one in _commands(parser) for part in _command(one, lang)]
    return {"commands": page(heading(1, _TITLE, lang), _INTRO[lang], *parts)}


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Yield every command, those inside another one after it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command
                yield from _commands(command)


def _command(command: argparse.ArgumentParser, lang: Lang) -> Iterator[str]:
    yield heading(2, plain(f"`{command.prog}`"), lang)
    yield found_as([command.prog])
    yield command.description or ""
    cells = (
        (f"`{_written(command, action)}`", said(plain(in_language(action.help, lang)), lang))
        for action in command._actions
        if action.help and action.nargs != argparse.PARSER
    )
    yield rows(_HEAD, cells, lang)


def _written(command: argparse.ArgumentParser, action: argparse.Action) -> str:
    return command._get_formatter()._format_action_invocation(action).replace("|", "\\|")
