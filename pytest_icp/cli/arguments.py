"""What the commands share on the command line: the options of the plugin under shorter names."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_icp.cli.isolation import isolated
from pytest_icp.law.errors import InputError
from pytest_icp.plugin.flags import FLAGS

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from pytest_icp.cli.evaluation import Evaluation
    from pytest_icp.cli.parsing import Parser
    from pytest_icp.cli.project import Project

    _Ran = TypeVar("_Ran", bound=Project)

_T = TypeVar("_T")

WITHOUT_BASELINE = "--icp-baseline="
"""The argument of pytest for a command without a baseline, which may not be written yet."""

EVALUATION = ("lang", "as_of", "policies", "source")
"""The options of every command that evaluates descriptions."""

WITHOUT_REPORTS = (
    *("-o", "icp_report=", "-o", "icp_forecast=", WITHOUT_BASELINE),
    *("--icp-since=", "--icp-fail-on=any"),
)
"""Arguments for a command that does not use the reports and sections of a run."""

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
        "--format", choices=forms, default="text", help=f"{zh} · {en} (default: text)"
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


def of_project(
    arguments: argparse.Namespace,
    command: Callable[[Project], _T],
    paths: Sequence[Path] = (),
    *more: str,
) -> _T:
    """Run a command in the project that pytest reads from some paths on."""
    from pytest_icp.cli.project import in_project

    given = [*more, *pytest_arguments(arguments, paths), WITHOUT_BASELINE]
    return in_project(_speaking(arguments, command), given)


def of_evaluation(
    arguments: argparse.Namespace,
    command: Callable[[Evaluation], _T],
    named: Sequence[Path],
    *more: str,
) -> _T:
    """Run a command after pytest has evaluated what is named."""
    from pytest_icp.cli.evaluation import in_evaluation

    given = [*more, *pytest_arguments(arguments, named)]
    return in_evaluation(_speaking(arguments, command), named, given)


def _speaking(arguments: argparse.Namespace, command: Callable[[_Ran], _T]) -> Callable[[_Ran], _T]:
    """Return a command after which errors are told in the project's language."""

    def run(project: _Ran) -> _T:
        arguments.lang = project.options.language
        try:
            return command(project)
        finally:
            # A description may ask for its own.
            arguments.lang = project.options.language

    return run


def columns() -> int:
    """Return how many columns to write: those of the terminal, between 40 and 80."""
    found = shutil.get_terminal_size((_WIDEST, 24)).columns
    return max(_NARROWEST, min(_WIDEST, found))
