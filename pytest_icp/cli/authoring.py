"""``pytest-icp lint`` and ``mutate``: check policies, and whether their cases notice mistakes."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.authoring.cases import CaseRunner, cases_of
from pytest_icp.authoring.lint import remarks_text
from pytest_icp.authoring.lint.run import remarks
from pytest_icp.authoring.mutation import Failing, MutationResult, run
from pytest_icp.authoring.mutation.report import scores_text, survivors_text
from pytest_icp.cli.arguments import columns
from pytest_icp.cli.output import Output, nearby, with_code_beside
from pytest_icp.cli.project import Project, in_project
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date
from pytest_icp.plugin.progress import telling
from pytest_icp.reports.as_text import Screen
from pytest_icp.rules.policies import select_policies, shipped


def run_lint(arguments: Namespace) -> Output:
    """Check policies and their cases; the exit code is 1 if there is any remark.

    Raises `InputError` for policies and cases that cannot be used.
    """

    def lint(project: Project) -> Output:
        options, every = project.options, project.session.written()
        selected = select_policies(arguments.chosen, every)
        cases_of(selected, arguments.cases)
        every_remark = remarks(selected, every, civil_date(options.as_of))
        found = [replace(one, place=nearby(one.place)) for one in every_remark]
        said = remarks_text(found, len(selected), options.language, columns())
        return Output(text="\n".join(said), code=int(bool(found)))

    return in_project(arguments, lint, with_code_beside(Path()))


# ---- Policies changed one mistake at a time, and their cases run

_NO_CASES = Text(
    zh="没有指明自定义规定 {policies} 的用例文件夹", en="no folder of cases is given for {policies}"
)
_NAME_CASES = Text(
    zh="用 --cases 指明：其中每条规定一个用例文件",
    en="give one with --cases; it contains a file of cases for each policy",
)
_FAILS = Text(
    zh="用例“{name}”在规定未改动时就不成立：{why}",
    en="the case {name!r} fails on the unchanged policy: {why}",
)
_WRITTEN_FOR = Text(zh="（用例的理由：{reason}）", en=" (the case says why: {reason})")
_STALE = Text(
    zh="等价变异“{rule} {change}”已不存在或者已被用例察觉，可以删除",
    en="{rule} {change}: this change is no longer made, or a case notices it; remove the entry",
)


def run_mutate(arguments: Namespace) -> Output:
    """Change policies and list the changes that no case notices; the exit code is 1 if any.

    Raises `InputError` when policies of the user's own have no cases, or cases cannot be used.
    """

    def mutate(project: Project) -> Output:
        session, language = project.session, project.options.language
        policies = select_policies(arguments.chosen, session.written())
        own = [one.written.policy.id for one in policies if not shipped(one.written)]
        if own and not arguments.cases:
            raise InputError(_NO_CASES.format(policies=", ".join(own)), hint=_NAME_CASES)
        found = cases_of(policies, arguments.cases)
        cases = [case for file in found.files for case in file.cases]
        runner = CaseRunner(calendar=session.calendar, kinds=session.kinds)
        mutated = run(policies, cases, found.equivalents, runner, telling(arguments.say, language))
        survivors = (replace(one, place=nearby(one.place)) for one in mutated.survivors)
        mutated = replace(mutated, survivors=tuple(survivors))
        text = "\n".join(_text(mutated, project.screen))
        return Output(text=text, code=int(not mutated.passed))

    return in_project(arguments, mutate, with_code_beside(Path()))


def _text(mutated: MutationResult, screen: Screen) -> Iterator[str]:
    for failing in mutated.failing:
        yield from screen.said(_failure(failing), f"{failing.place}: ", "")
    for stale in mutated.stale:
        text = _STALE.format(rule=stale.rule, change=stale.change)
        yield from screen.said(text, f"{stale.place}: ", "")
    if mutated.failing or mutated.stale:
        yield ""
    yield from survivors_text(mutated.survivors, screen.language, screen.columns)
    yield from scores_text(mutated.scores, screen.language, screen.columns)


def _failure(failing: Failing) -> Text:
    said = _FAILS.format(name=failing.name, why=Text("；", "; ").join(failing.why))
    return said + _WRITTEN_FOR.format(reason=failing.written_for) if failing.written_for else said
