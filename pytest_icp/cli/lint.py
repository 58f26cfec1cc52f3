"""``pytest-icp lint``: checks policies for mistakes, without any description."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec.structs import replace

from pytest_icp.authoring.lint.remarks import remarks_json, remarks_text
from pytest_icp.authoring.lint.run import LintRequest, remarks
from pytest_icp.cli.case_folders import cases_of
from pytest_icp.cli.files import folders_below, nearby
from pytest_icp.cli.output import Output
from pytest_icp.cli.project import Project
from pytest_icp.law.times import civil_date
from pytest_icp.rules.lookup import select_policies
from pytest_icp.rules.waivers import FILE_NAMES

Form = Literal["text", "json"]


def run_lint(
    project: Project, chosen: Sequence[str], folders: Sequence[Path], form: Form, columns: int
) -> Output:
    """Check policies, their cases, and waivers; the exit code is 1 if there is any remark.

    Raises `InputError` for policies, cases and waivers that cannot be used.
    """
    options, every = project.options, project.written()
    request = LintRequest(
        selections=select_policies(chosen, every),
        every=every,
        waivers=waiver_files(Path()),
        day=civil_date(options.as_of),
        days=options.settings.warn_days,
    )
    cases_of(request.selections, folders)
    found = [replace(one, place=nearby(one.place)) for one in remarks(request)]
    if form == "json":
        text = remarks_json(found)
    else:
        said = remarks_text(found, len(request.selections), options.language, columns)
        text = "\n".join(said)
    return Output(text=text, code=int(bool(found)))


def waiver_files(folder: Path) -> list[Path]:
    """Return the files of waivers below a folder, but for those in hidden folders."""
    named = ((above, name) for above, names in folders_below(folder) for name in names)
    return sorted(above / name for above, name in named if name in FILE_NAMES)
