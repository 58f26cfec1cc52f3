"""``pytest-icp lint``: checks policies for mistakes, without any description."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.lint.remarks import remarks_json, remarks_text
from pytest_icp.authoring.lint.run import LintRequest, remarks
from pytest_icp.cli.case_folders import cases_of
from pytest_icp.cli.files import folders_below, nearby
from pytest_icp.cli.output import Output
from pytest_icp.reports.words import Language
from pytest_icp.rules.waivers import FILE_NAMES

Form = Literal["text", "json"]


class LintOptions(Struct, frozen=True, kw_only=True):
    """What the user requests, folders of cases, and how it is to be said."""

    request: LintRequest
    language: Language
    cases: Sequence[Path] = ()
    form: Form = "text"


def run_lint(options: LintOptions, columns: int) -> Output:
    """Check policies, their cases, and waivers; the exit code is 1 if there is any remark.

    Raises `InputError` for cases and waivers that cannot be used.
    """
    cases_of(options.request.selections, options.cases)
    found = [replace(one, place=nearby(one.place)) for one in remarks(options.request)]
    if options.form == "json":
        text = remarks_json(found)
    else:
        text = "\n".join(
            remarks_text(found, len(options.request.selections), options.language, columns)
        )
    return Output(text=text, code=int(bool(found)))


def waiver_files(folder: Path) -> list[Path]:
    """Return the files of waivers below a folder, but for those in hidden folders."""
    named = ((above, name) for above, names in folders_below(folder) for name in names)
    return sorted(above / name for above, name in named if name in FILE_NAMES)
