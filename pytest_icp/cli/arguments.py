"""The arguments of the commands that judge, and what runs each of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    import argparse
    from datetime import datetime

    from pytest_icp.cli.evaluate import Evaluate, Evaluated
    from pytest_icp.cli.project import Project

COMMANDS = {
    "evaluate": "核对描述文件，可写出报告 · judge descriptions and write reports",
    "baseline": "写下已有的发现 · write down which findings there are",
    "deadlines": "如不处理，结论何时变化 · when verdicts change if left alone",
    "waivers": "列出并检查豁免 · list and check the waivers",
    "facts": "列出事实及其来源 · list the facts and where they come from",
}

_NO_SPAN = Text(
    zh="--within 的「{written}」不能用", en="--within: {written!r} is not a span of time"
)
_EMPTY = "路径为空 · an empty path"
_SPANS = Text(zh="例如 180d、24m、2y", en="such as 180d, 24m or 2y")

_AHEAD = 730

STATUSES = (
    *("known", "referenced", "default", "known after apply", "sensitive"),
    *("contested", "not declared"),
)
"""How sure a fact may be."""

_NARROWEST, _WIDEST = 40, 80


def path_of(written: str) -> Path:
    """Return the path that an argument names; an empty one would mean the current folder."""
    import argparse

    if not written.strip():
        raise argparse.ArgumentTypeError(_EMPTY)
    return Path(written)


def add_evaluate(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``evaluate``."""
    _add_descriptions(parser)
    add_judging(parser)
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        metavar="FORMAT[=PATH]",
        help="写出报告，可多次使用；不写路径则写到标准输出 · write a report, may be repeated; "
        "without PATH to standard output",
    )
    parser.add_argument(
        "--baseline",
        type=path_of,
        metavar="FILE",
        help="已有发现的清单，只作标记 · the findings that are known; they are marked, not hidden",
    )
    parser.set_defaults(run=_evaluate)


def add_baseline(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``baseline``."""
    _add_descriptions(parser)
    add_judging(parser)
    add = parser.add_argument
    add(
        "--output",
        type=path_of,
        default=Path("icp-baseline.json"),
        metavar="FILE",
        help="要写的文件 · the file to write (default: icp-baseline.json)",
    )
    add("--force", action="store_true", help="覆盖已有的文件 · write over a file that is there")
    parser.set_defaults(run=_baseline)


def add_deadlines(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``deadlines``."""
    _add_descriptions(parser)
    add_judging(parser)
    add = parser.add_argument
    add(
        "--within",
        metavar="SPAN",
        help="向前看多久，如 180d、24m、2y · how far to look ahead (default: icp_forecast, "
        "else 2y)",
    )
    add(
        "--format",
        choices=("table", "json", "ical"),
        default="table",
        help="表格、JSON 或日历 · a table, JSON or a calendar (default: table)",
    )
    parser.set_defaults(run=_deadlines)


def add_waivers(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``waivers``."""
    _add_descriptions(parser)
    add_judging(parser)
    parser.set_defaults(run=_waivers)


def add_facts(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``facts``."""
    add = parser.add_argument
    add(
        "description",
        nargs="?",
        type=path_of,
        metavar="DESCRIPTION",
        help="描述文件 · a description (default: the only one here)",
    )
    add(
        "--kind",
        action="append",
        default=[],
        metavar="FACT",
        help="只列出此类事实，如 servers，可多次使用 · only these facts, such as servers",
    )
    add(
        "--file",
        action="append",
        default=[],
        metavar="GLOB",
        help="只列出来自此文件的事实，可多次使用 · only facts that stand in these files",
    )
    add(
        "--status",
        action="append",
        default=[],
        choices=STATUSES,
        metavar="STATUS",
        help=f"只列出此状态的事实 · only facts of this status: {', '.join(STATUSES)}",
    )
    add(
        "--format",
        choices=("table", "json"),
        default="table",
        help="表格或 JSON · a table or JSON (default: table)",
    )
    add_language(parser)
    add_sources(parser)
    parser.set_defaults(run=_facts, as_of=None, policies=[])


ADDERS = {
    "evaluate": add_evaluate,
    "baseline": add_baseline,
    "deadlines": add_deadlines,
    "waivers": add_waivers,
    "facts": add_facts,
}
"""What adds the arguments of each command."""


def _add_descriptions(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "descriptions",
        nargs="+",
        type=path_of,
        metavar="DESCRIPTION",
        help="描述文件，或其所在的文件夹 · a description, or a folder of them",
    )


def add_judging(parser: argparse.ArgumentParser) -> None:
    """Add what every command that judges understands."""
    add_language(parser)
    add_as_of(parser)
    add_policies(parser)
    add_sources(parser)


def add_as_of(parser: argparse.ArgumentParser) -> None:
    """Add ``--as-of``."""
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        help="截至日期 · judge as of this date (default: icp_as_of, else now)",
    )


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add ``--lang``."""
    parser.add_argument(
        "--lang",
        choices=("zh", "en", "both"),
        help="语言 · language (default: icp_lang, else both)",
    )


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Add ``--source``."""
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        metavar="KIND=PATH",
        help="另从此文件或文件夹导出事实，可多次使用；- 为标准输入 · derive facts from this too; "
        "may be repeated; - is standard input",
    )


def add_policies(parser: argparse.ArgumentParser) -> None:
    """Add ``--policies``."""
    parser.add_argument(
        "--policies",
        action="append",
        type=path_of,
        default=[],
        metavar="DIR",
        help="自定义规定的文件夹，可多次使用 · a folder of more policies; may be repeated",
    )


def _evaluate(arguments: argparse.Namespace) -> Evaluated:
    from pytest_icp.cli.evaluate import run_evaluate

    def evaluate(asked: Evaluate) -> Evaluated:
        more = replace(asked, reports=tuple(arguments.report), baseline=arguments.baseline)
        return run_evaluate(more, columns())

    return _judging(arguments, evaluate, baseline=arguments.baseline is None)


def _baseline(arguments: argparse.Namespace) -> Evaluated:
    from pytest_icp.cli.baseline import run_baseline

    def baseline(asked: Evaluate) -> Evaluated:
        return run_baseline(asked, arguments.output, columns(), over=arguments.force)

    return _judging(arguments, baseline)


def _deadlines(arguments: argparse.Namespace) -> Evaluated:
    from pytest_icp.cli.deadlines import run_deadlines
    from pytest_icp.law.times import days_of

    within = None if arguments.within is None else days_of(arguments.within)
    if arguments.within is not None and within is None:
        raise InputError(_NO_SPAN.format(written=arguments.within), hint=_SPANS)

    def deadlines(asked: Evaluate) -> Evaluated:
        days = next(n for n in (within, asked.ways.ahead, _AHEAD) if n is not None)
        return run_deadlines(asked, arguments.format, days, columns())

    return _judging(arguments, deadlines)


def _waivers(arguments: argparse.Namespace) -> Evaluated:
    from pytest_icp.cli.waivers import run_waivers

    return _judging(arguments, lambda asked: run_waivers(asked, columns()))


def _facts(arguments: argparse.Namespace) -> Evaluated:
    from pytest_icp.cli.facts import Asked, run_facts
    from pytest_icp.cli.project import in_project

    wanted = Asked(kinds=arguments.kind, files=arguments.file, statuses=arguments.status)

    def facts(project: Project) -> Evaluated:
        arguments.lang = project.options.language
        description = project.read(
            arguments.description or project.description("pytest-icp facts {file}")
        )
        return run_facts(description, wanted, arguments.format, arguments.lang, columns())

    named = [arguments.description] if arguments.description else []
    return in_project(facts, [*pytest_arguments(arguments, named), "--icp-baseline="])


def _judging(
    arguments: argparse.Namespace,
    answer: Callable[[Evaluate], Evaluated],
    *,
    baseline: bool = False,
) -> Evaluated:
    """Answer by the project's options; its ``icp_baseline`` is read only where it is wanted."""
    from pytest_icp.cli.evaluate import Evaluate
    from pytest_icp.cli.project import in_project

    def ask(project: Project) -> Evaluated:
        arguments.lang = project.options.language
        asked = Evaluate(
            descriptions=arguments.descriptions,
            as_of=project.options.as_of,
            policies=project.policies,
            language=arguments.lang,
            ways=project.ways,
        )
        return answer(asked)

    instant(arguments.as_of)
    given = list(pytest_arguments(arguments, arguments.descriptions))
    # The file may not be written yet.
    return in_project(ask, given if baseline else [*given, "--icp-baseline="])


def pytest_arguments(arguments: argparse.Namespace, paths: Sequence[Path]) -> Iterator[str]:
    """Yield the arguments of pytest that say what those of a command do."""
    if arguments.as_of is not None:
        yield f"--icp-as-of={arguments.as_of}"
    if arguments.lang:
        yield f"--icp-lang={arguments.lang}"
    yield from (f"--icp-policies={folder}" for folder in arguments.policies)
    yield from (f"--icp-source={one}" for one in arguments.source)
    # pytest looks for its ini file from the descriptions on.
    yield from (str(path.absolute()) for path in paths)


def instant(written: str | None) -> datetime:
    """Return the instant to judge as of: the one written, else the present.

    Raises `InputError` for what is no date of which this can judge.
    """
    from pytest_icp.law.times import TimeError, as_of_instant
    from pytest_icp.plugin.options import now

    if written is None:
        return now()
    try:
        return as_of_instant(written)
    except TimeError as error:
        wrong = Text(zh="--as-of 的「{written}」不能用", en="--as-of: {error}")
        hint = Text(zh="须为 2000 至 2099 年的日期，例如 2024-03-06", en="")
        raise InputError(wrong.format(written=written, error=error), hint=hint) from None


def columns() -> int:
    """Return how many columns to write: those of the terminal, between 40 and 80."""
    found = shutil.get_terminal_size((_WIDEST, 24)).columns
    return max(_NARROWEST, min(_WIDEST, found))
