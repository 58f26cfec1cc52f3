"""``pytest-icp fleet``: judges many descriptions, and says what was written."""

from __future__ import annotations

import os
from argparse import Namespace
from datetime import datetime
from pathlib import Path

from pytest_icp.cli.arguments import columns
from pytest_icp.cli.output import Output, write_bytes
from pytest_icp.cli.project import Project, in_project
from pytest_icp.fleet.judging import Task
from pytest_icp.fleet.place import ResultPlace
from pytest_icp.fleet.planning import Inputs
from pytest_icp.fleet.report import figures, report_markdown, report_text
from pytest_icp.fleet.running import Summary, Workers, run_fleet
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date, parse_time
from pytest_icp.plugin.collection import must_be_rules
from pytest_icp.plugin.progress import telling
from pytest_icp.reports.layout import one_line
from pytest_icp.reports.words import Language

_NO_COUNT = Text(zh="--processes 应为正整数", en="--processes takes a number from 1 on")
_NO_HOUR = Text(
    zh="--as-of 应为日期：大量描述按一日结束时核对",
    en="--as-of takes a date here: many descriptions are judged as of the end of a day",
)
_CODE = Text(
    zh="fleet 的工作进程不运行插件和 conftest.py 的代码，结论会与 pytest 不同：{hooks}",
    en="the workers of fleet run no code of plugins and conftest files, so that verdicts would "
    "differ from those of pytest: {hooks}",
)
_WITHOUT = Text(
    zh="用 pytest-icp evaluate 核对；或者在没有该 conftest.py 的文件夹中、设 "
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 运行 fleet",
    en="judge with pytest-icp evaluate; or run fleet in a folder without that conftest.py, with "
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1",
)
_JUDGED = Text(
    zh="截至 {day} 核对了 {n} 份描述，得出 {verdicts} 项结论、{findings} 项发现，写入 {place}。",
    en="Judged {n:description} as of {day}: {verdicts:verdict} and {findings:finding}, in {place}.",
)
_BEFORE = Text(
    zh="其中 {n} 个分片（共 {all} 个）此前已经完成。",
    en="{n} of {all:shard} had been finished before.",
)
_ERRORS = Text(
    zh="有 {n} 项不能核对，原因在 {place}/errors 中。",
    en="{n:problem} kept something from being judged; {place}/errors has the reasons.",
)
_READ = Text(
    zh="汇总：pytest-icp fleet report {place}", en="Read it: pytest-icp fleet report {place}"
)


def run(arguments: Namespace) -> Output:
    """Judge what the arguments name; the exit code is 1 if something could not be judged.

    Raises `InputError` for options, inputs and a place that cannot be used.
    """
    return in_project(arguments, lambda project: _judged(project, arguments))


def _judged(project: Project, arguments: Namespace) -> Output:
    if arguments.as_of and isinstance(parse_time(arguments.as_of), datetime):
        raise InputError(_NO_HOUR)
    workers = _workers(arguments)
    must_be_rules(project.options, project.session.rule_ids)
    _must_be_without_code(project)
    options, session = project.options, project.session
    inputs = Inputs(named=tuple(arguments.inputs), files=options.files, base=Path.cwd())
    task = Task(
        day=civil_date(options.as_of),
        policies=tuple(str(folder.absolute()) for folder in session.own_folders),
        workdays=tuple(str(file.absolute()) for file in options.year_files),
        rootdir=str(project.config.rootpath),
        settings=options.settings,
        choice=session.choice,
        waiver_days=options.waiver_days,
    )
    told = telling(arguments.say, options.language)
    summary = run_fleet(inputs, task.with_versions(), arguments.out, workers, told)
    text = "\n".join(map(project.screen.steps, _said(summary, task)))
    return Output(text=text, code=int(bool(summary.errors)))


def run_report(arguments: Namespace) -> Output:
    """Sum up the tables of a place, on standard output or in a file.

    The exit code is 1 if not all has been judged. Raises `InputError` for a place without tables.
    """
    return in_project(arguments, lambda project: _summed_up(arguments, project.options.language))


def _summed_up(arguments: Namespace, language: Language) -> Output:
    found = figures(ResultPlace(arguments.place))
    code = int(bool(found.missing or found.problem_count))
    form, path = arguments.format, arguments.output
    if form == "markdown":
        text = report_markdown(found, language)
    else:
        text = report_text(found, language, columns()) + "\n"
    if path is None:
        return Output(text=text.removesuffix("\n"), code=code, exact=form != "text")
    write_bytes(path, text.encode("utf-8", "replace"), overwrite=True)
    return Output(text=str(path), code=code)


def _must_be_without_code(project: Project) -> None:
    """Raise `InputError` where plugins judge or give facts: their code does not go to workers."""
    hook, root = project.config.hook, project.config.rootpath
    found = [
        f"{name} ({one_line(one.plugin_name).removeprefix(f'{root}{os.sep}')})"
        for name in _HOOKS
        for one in getattr(hook, name).get_hookimpls()
    ]
    if found:
        raise InputError(_CODE.format(hooks=", ".join(found)), hint=_WITHOUT)


_HOOKS = ("pytest_icp_checks", "pytest_icp_adapters", "pytest_icp_facts")


def _workers(arguments: Namespace) -> Workers:
    count: int | None = arguments.processes
    if count is not None and count < 1:
        raise InputError(_NO_COUNT)
    return Workers(processes=count or _processors(), scheduler=arguments.scheduler)


def _processors() -> int:
    """Return how many processors this process may use; not every system tells which."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _said(summary: Summary, task: Task) -> list[Text]:
    place = summary.place
    counts = {"verdicts": summary.verdicts, "findings": summary.findings}
    said = [_JUDGED.format(n=summary.descriptions, day=task.day, place=place, **counts)]
    if summary.before:
        said.append(_BEFORE.format(n=summary.before, all=summary.shards))
    if summary.errors:
        said.append(_ERRORS.format(n=summary.errors, place=place))
    return [*said, _READ.format(place=place)]
