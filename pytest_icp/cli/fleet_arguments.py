"""The arguments of ``fleet`` and ``fleet report``, and the functions that run them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.cli.arguments import (
    Commands,
    add_flags,
    add_form,
    columns,
    nonempty,
    of_project,
    path_of,
)

if TYPE_CHECKING:
    import argparse

    from pytest_icp.cli.output import Output
    from pytest_icp.cli.parsing import Parser

REPORT = "fleet report"

COMMANDS = Commands()


@COMMANDS.add("fleet", "核对大量描述，写成数据表 · judge many descriptions and write tables")
def _add_fleet(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "inputs",
        nargs="+",
        type=nonempty,
        metavar="PATH",
        help="描述文件、文件夹、通配符、JSON Lines、Parquet，或它们的网址 · descriptions, "
        "folders, globs, JSON Lines or Parquet, or URLs of them",
    )
    add(
        "--out",
        required=True,
        type=nonempty,
        metavar="DIR",
        help="写入的文件夹或网址；中断后再运行一次即接着核对 · the folder or URL to write to; run "
        "again to go on after a run that was cut off",
    )
    add_flags(parser, "lang", "as_of", "policies", "select", "ignore")
    _add_workers(parser)
    _add_columns(parser)
    parser.set_defaults(run=_fleet)


def _add_workers(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "--processes",
        type=int,
        metavar="N",
        help="进程数，1 为只用本进程 · how many processes, 1 for this one alone "
        "(default: one for each processor)",
    )
    add(
        "--scheduler",
        type=nonempty,
        metavar="ADDRESS",
        help="由已有的 Dask 调度器在其各台机器上运行 · a Dask scheduler that is running, such as "
        "tcp://host:8786, on the machines of which to run",
    )


def _add_columns(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "--column",
        type=nonempty,
        default="description",
        metavar="NAME",
        help="Parquet 中放描述的列 · the column of Parquet with the description as JSON (default: "
        "description)",
    )
    add(
        "--id-column",
        type=nonempty,
        default="id",
        metavar="NAME",
        help="Parquet 中放标识的列 · the column of Parquet with an id, if any (default: id)",
    )


@COMMANDS.add(REPORT, "汇总 fleet 写出的数据表 · sum up the tables that fleet has written")
def _add_report(parser: Parser) -> None:
    add = parser.add_argument
    add(
        "place",
        type=nonempty,
        metavar="DIR",
        help="fleet 写入的文件夹或网址 · the folder or URL that fleet has written to",
    )
    add_form(parser, "text", "markdown", "html")
    add(
        "--output",
        type=path_of,
        metavar="FILE",
        help="写入的文件 · the file to write (default: standard output)",
    )
    add_flags(parser, "lang")
    parser.set_defaults(run=_report)


def _fleet(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.fleet import run_fleet_command

    return of_project(
        arguments, lambda project: run_fleet_command(project, arguments, columns(), arguments.say)
    )


def _report(arguments: argparse.Namespace) -> Output:
    from pytest_icp.cli.fleet import run_fleet_report

    place, form, file = arguments.place, arguments.format, arguments.output
    return of_project(
        arguments,
        lambda project: run_fleet_report(place, form, file, project.options.language, columns()),
    )
