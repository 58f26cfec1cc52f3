"""``pytest-icp lint``: checks policies for mistakes, without any description."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.authoring.cases import cases_of
from pytest_icp.authoring.lint import remarks_text
from pytest_icp.authoring.lint.run import remarks
from pytest_icp.cli.files import nearby
from pytest_icp.cli.printing import Output
from pytest_icp.cli.project import Project
from pytest_icp.law.times import civil_date
from pytest_icp.rules.lookup import select_policies


def run_lint(
    project: Project, chosen: Sequence[str], folders: Sequence[Path], columns: int
) -> Output:
    """Check policies and their cases; the exit code is 1 if there is any remark.

    Raises `InputError` for policies and cases that cannot be used.
    """
    options, every = project.options, project.written()
    selected = select_policies(chosen, every)
    cases_of(selected, folders)
    every_remark = remarks(selected, every, civil_date(options.as_of))
    found = [replace(one, place=nearby(one.place)) for one in every_remark]
    said = remarks_text(found, len(selected), options.language, columns)
    return Output(text="\n".join(said), code=int(bool(found)))
