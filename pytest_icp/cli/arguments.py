"""What the commands share on the command line: the options of the plugin under shorter names."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_icp.cli.isolation import isolated
from pytest_icp.law.errors import InputError
from pytest_icp.plugin.flags import FLAGS

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from pytest_icp.cli.parsing import Parser

WITHOUT_BASELINE = "--icp-baseline="
"""The argument of pytest for a command without a baseline, which may not be written yet."""

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
    import argparse

    if not written.strip():
        raise argparse.ArgumentTypeError(_EMPTY)
    return written


def path_of(written: str) -> Path:
    """Return the path that an argument names; an empty one, the current folder, is refused."""
    return Path(nonempty(written))


def day_of(written: str) -> date:
    """Return the day that an argument names."""
    import argparse
    from datetime import date

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


def add_descriptions(parser: Parser) -> None:
    """Add the descriptions that a command takes."""
    parser.add_argument(
        "descriptions",
        nargs="*",
        type=path_of,
        default=[Path()],
        metavar="DESCRIPTION",
        help="描述文件，或其所在的文件夹 · a description, or a folder of descriptions "
        "(default: this folder)",
    )


def add_form(parser: Parser) -> None:
    """Add the option ``--format`` of a command that prints text, or JSON for programs."""
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="文字或 JSON · text or JSON (default: text)",
    )


def joined(arguments: Sequence[str], commands: Iterable[str]) -> list[str]:
    """Return the arguments with a command of two words as one; ``./report`` is a folder."""
    # Before a command stands at most the language.
    before = 2 if arguments[:1] == ["--lang"] else int("".join(arguments[:1]).startswith("--lang="))
    named = " ".join(arguments[before : before + 2])
    if named in commands and " " in named:
        return [*arguments[:before], named, *arguments[before + 2 :]]
    return list(arguments)


def pytest_arguments(arguments: argparse.Namespace, paths: Sequence[Path] = ()) -> list[str]:
    """Return the arguments of pytest that correspond to those of a command.

    ``paths`` are those of descriptions: pytest looks for its ini file from them on.
    Raises `InputError` for a date that is invalid or outside the supported years.
    """
    _check_day(getattr(arguments, "as_of", None))
    files = (str(path.absolute()) for path in paths)
    return [*isolated(arguments), *_options(arguments), *files]


def _options(arguments: argparse.Namespace) -> Iterator[str]:
    for flag in FLAGS.values():
        given = None if flag.ini_only else getattr(arguments, flag.name, None)
        for value in given if isinstance(given, list) else [given]:
            if value is not None:
                yield f"{flag.option}={value}"


def _check_day(written: str | None) -> None:
    from pytest_icp.law.times import TimeError, as_of_instant

    try:
        as_of_instant(written or "2000-01-01")
    except TimeError as error:
        from pytest_icp.plugin.usage import WRONG

        message = WRONG["day"].format(name="--as-of", error=error.message)
        raise InputError(message) from None


def columns() -> int:
    """Return how many columns to write: those of the terminal, between 40 and 80."""
    found = shutil.get_terminal_size((_WIDEST, 24)).columns
    return max(_NARROWEST, min(_WIDEST, found))
