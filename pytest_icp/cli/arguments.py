"""The command line (命令行), read in the user's language, and the arguments that commands share."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from pytest_icp.law.text import Text, did_you_mean, nearest
from pytest_icp.plugin.flags import FLAGS, spoken, values_in
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.words import each_language, in_languages

if TYPE_CHECKING:
    from pytest_icp.reports.words import Language

USAGE_ERROR = 4
"""The exit code for a wrong command line or an unusable file, as in pytest."""

_NARROW = 76
"""Columns for what stands below a title."""

COMMON = Text(zh="多数命令共有的选项", en="options that most commands have")
_EXPLAINED = Text(zh="说明见 pytest-icp --help", en="pytest-icp --help explains them")

OF_ARGPARSE: Mapping[str, str] = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示这份说明",
    "show program's version number and exit": "显示版本",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "not allowed with argument %s": "不能与参数 %s 一起使用",
    "ignored explicit argument %r": "不需要值，而给出了 %r",
    "the following arguments are required: %s": "缺少参数：%s",
    "one of the arguments %s is required": "须给出这些参数之一：%s",
    "expected one argument": "须有一个值",
    "expected at most one argument": "最多一个值",
    "expected at least one argument": "至少须有一个值",
    "expected %s argument": "须有 %s 个值",
    "expected %s arguments": "须有 %s 个值",
    "ambiguous option: %(option)s could match %(matches)s": (
        "选项 %(option)s 有歧义，可以是 %(matches)s"
    ),
    "invalid %(type)s value: %(value)r": "%(value)r 不是有效的值（%(type)s）",
    "invalid choice: %(value)r (choose from %(choices)s)": (
        "%(value)r 不在可选值之中：%(choices)s"
    ),
}
"""What Python's parser says to a user."""


def language_of(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> Language:
    """Return the language of a command line: that of ``--lang``, else that of the locale."""
    named = [*values_in(arguments, "--lang")][-1:]
    if named:
        return "zh" if named == ["zh"] else "en" if named == ["en"] else "both"
    return spoken(environment)


def in_language(text: str, language: Language) -> str:
    """Return a help text, ``中文 · English``, in one language or as it is."""
    zh, dot, en = text.partition(" · ")
    return text if language == "both" or not dot else zh if language == "zh" else en


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Let Python's parser speak a language meanwhile."""
    parser: Any = argparse
    before = parser._, parser.ngettext
    if language == "zh":
        parser._ = lambda said: OF_ARGPARSE.get(said, said)
        parser.ngettext = lambda one, _, __: OF_ARGPARSE.get(one, one)
    try:
        yield
    finally:
        parser._, parser.ngettext = before


class Parser(argparse.ArgumentParser):
    """A parser that exits with pytest's code for usage errors, and offers the nearest word.

    What most commands have in ``common`` is explained once, in the help without a command.
    """

    def __init__(self, *, language: Language, **kwargs: Any) -> None:
        form: Any = partial(Help, language=language)
        super().__init__(formatter_class=form, **kwargs)
        self._language = language
        self.common = self.add_argument_group(in_languages(COMMON, language))

    def takes(self, name: str, metavar: str, about: str, **more: Any) -> None:
        """Add an argument with a value; ``metavar`` tells whether that is a path."""
        read = path_of if metavar in {"DESCRIPTION", "DIR", "FILE"} else nonempty
        self.add_argument(name, metavar=metavar, help=about, **{"type": read, **more})

    def name_common(self) -> None:
        """Give of the common options the names only."""
        options = self.taken()
        names = (f"{one.option_strings[0]} {one.metavar or ''}".strip() for one in options)
        if options:
            said = f"{', '.join(names)} ({in_languages(_EXPLAINED, self._language)})"
            self.common.description = "\n".join(wrap(said, _NARROW))

    def taken(self) -> list[argparse.Action]:
        """Return the common options, which are not listed here any more."""
        options, self.common._group_actions = self.common._group_actions, []
        return options

    def unlisted(self, commands: Any) -> list[argparse.Action]:
        """Return what lists each command; as one list they are not shown any more."""
        self._positionals._group_actions.remove(commands)
        named: list[argparse.Action] = commands._choices_actions
        return named

    def show(self, title: Text, actions: Iterable[argparse.Action]) -> None:
        """List under a title what is entered elsewhere."""
        group = self.add_argument_group(in_languages(title, self._language))
        group._group_actions.extend(actions)

    def error(self, message: str) -> NoReturn:
        """Print the usage and what is wrong, and exit."""
        self.print_usage(sys.stderr)
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")

    def parse_known_args(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse what a command does not know here, where its options are known."""
        known, unknown = super().parse_known_args(*args, **kwargs)
        if unknown:
            python: Any = argparse
            message = python._("unrecognized arguments: %s") % " ".join(unknown)
            options = (one.partition("=")[0] for one in unknown if one.startswith("--"))
            self.error(message + self._nearest(next(options, ""), self._option_string_actions))
        return known, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            error.message += self._nearest(str(value), map(str, action.choices or ()))
            raise

    def _nearest(self, word: str, known: Iterable[str]) -> str:
        """Return the lines that offer the nearest word, laid out as under any other error."""
        near = nearest(word, known)
        said = each_language(did_you_mean(near), self._language) if near else ()
        return "".join(f"\n  = {one}" for one in said)


class Help(argparse.RawDescriptionHelpFormatter):
    """Wraps help texts by display width: Chinese characters take two columns."""

    def __init__(self, *args: Any, language: Language = "both", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._language = language

    def add_argument(self, action: argparse.Action) -> None:
        """Make room for the longest command, which argparse measures without its indentation."""
        super().add_argument(action)
        if action.nargs == argparse.PARSER:
            widest = 4 + max(len(name) for name in action.choices or ())
            self._action_max_length = max(self._action_max_length, widest)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(in_language(text, self._language), width)


# ---- What the commands share on the command line: the options of the plugin under shorter names

EVALUATION = ("lang", "as_of", "policies", "source")
"""The options of every command that evaluates descriptions."""

Adder = Callable[["Parser"], None]

_NO_DAY = "不是日期（YYYY-MM-DD）· not a day (YYYY-MM-DD)"
_EMPTY = "值为空 · an empty value"
_NARROWEST, _WIDEST = 40, 80


class Commands(dict[str, tuple[Adder, str]]):
    """Commands by name: what adds the arguments of each, and what it does."""

    def add(self, name: str, about: str) -> Callable[[Adder], Adder]:
        """Return what enters the function below it as that of a command."""

        def enter(adder: Adder) -> Adder:
            self[name] = adder, about
            return adder

        return enter


def nonempty(written: str) -> str:
    """Return the value of an argument; an empty one is refused, since it is not the default."""
    if not written.strip():
        raise argparse.ArgumentTypeError(_EMPTY)
    return written


def path_of(written: str) -> Path:
    """Return the path that an argument names; an empty one, the current folder, is refused."""
    return Path(nonempty(written))


def day_of(written: str) -> date:
    """Return the day that an argument names."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(_NO_DAY) from None


def add_flags(parser: Parser, *names: str, **helps: str) -> None:
    """Add options of the plugin to a command; ``helps`` replace their help texts.

    Those of every command that evaluates are explained once.
    """
    for name in names:
        flag = FLAGS[name]
        add = (parser.common if name in EVALUATION else parser).add_argument
        more: dict[str, Any] = {"choices": flag.choices} if flag.choices else {"type": nonempty}
        if flag.repeated:
            more["action"] = "append"
        if flag.metavar:
            more["metavar"] = flag.metavar
        text = helps.get(name) or flag.help(command=True)
        add(f"--{name.replace('_', '-')}", help=text, **more)


_FORMATS = {
    "text": "文字 · text",
    "short": "每项发现一行 · a line for each finding",
    "json": "JSON · JSON",
    "ical": "日历 · a calendar",
    "markdown": "Markdown · Markdown",
}


def add_form(parser: Parser, *forms: str) -> None:
    """Add the option ``--format`` of a command that prints text, JSON for programs, or more."""
    named = [_FORMATS[form].split(" · ") for form in forms]
    zh, en = ("、".join(one[0] for one in named), ", ".join(one[1] for one in named))
    parser.add_argument(
        "--format", choices=forms, default="text", help=f"{zh}（默认：text） · {en} (default: text)"
    )


def joined(arguments: Sequence[str], commands: Iterable[str]) -> list[str]:
    """Return the arguments with a command of two words as one; ``./report`` is a folder."""
    # Before a command stands at most the language.
    before = 2 if arguments[:1] == ["--lang"] else int("".join(arguments[:1]).startswith("--lang="))
    named = " ".join(arguments[before : before + 2])
    if named in commands and " " in named:
        return [*arguments[:before], named, *arguments[before + 2 :]]
    return list(arguments)


def columns() -> int:
    """Return how many columns to write: those of the terminal, between 40 and 80."""
    found = shutil.get_terminal_size((_WIDEST, 24)).columns
    return max(_NARROWEST, min(_WIDEST, found))
