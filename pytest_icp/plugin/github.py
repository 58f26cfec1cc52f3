"""GitHub Actions: annotations that no other plugin writes, and the job summary."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_icp.kinds.standing import FAILING, Standing
from pytest_icp.law.errors import InputError
from pytest_icp.plugin.options import read_options
from pytest_icp.reports.annotations import commands
from pytest_icp.reports.markdown import brief, summary
from pytest_icp.reports.publishing import unwritten

if TYPE_CHECKING:
    import pytest

    from pytest_icp.reports.run import Run

SUMMARY_BYTES = 900 * 1024
"""GitHub refuses a summary of more than 1 MiB; what others write afterwards needs room too."""

_OTHER_PLUGIN = "annotate_errors"
"""The name by which pytest-github-actions-annotate-failures registers."""


def annotate(config: pytest.Config, run: Run) -> Iterator[str]:
    """Yield the annotations that no other plugin of the session makes."""
    yield from commands(run, leave_out=_made_by_others(config))


def _made_by_others(config: pytest.Config) -> Collection[Standing]:
    """Return what the other plugin annotates, if it is loaded: every item that fails."""
    if not config.pluginmanager.hasplugin(_OTHER_PLUGIN):
        return ()
    return FAILING if read_options(config).unknown == "fail" else {Standing.VIOLATED}


def summarise(run: Run) -> list[InputError]:
    """Add the run to the summary of the job; return what could not be written."""
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return []
    path = Path(named)
    try:
        room = SUMMARY_BYTES - (path.stat().st_size if path.exists() else 0)
        text = summary(run, room)
        if len(text.encode()) > room:
            text = brief(run)
        with path.open("a", encoding="utf-8", newline="\n") as file:
            file.write(f"\n{text}")
    except OSError as error:
        return [unwritten(path, error)]
    return []
