"""The process that judges a base (核对基准): pytest over its descriptions, and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, json

from pytest_icp.facts.files.disk import is_inside, read_bytes
from pytest_icp.plugin.addopts import addopts_of
from pytest_icp.plugin.flags import FLAGS, values_in
from pytest_icp.plugin.inner import COMPLETED, PlainFolders, run_pytest
from pytest_icp.plugin.items import TroublesItem
from pytest_icp.plugin.options import read_options
from pytest_icp.plugin.reach import asked_key
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.toml_values import LARGEST
from pytest_icp.reports.jsonl import jsonl
from pytest_icp.reports.run import as_reported

OF_RUN = frozenset(
    {
        *("as_of", "since", "fail_on", "report", "github", "baseline", "forecast"),
        *("docs_url", "fuzz", "fuzz_profile", "fuzz_examples", "source"),
    }
)
"""The options that a base does not have in common with its run."""


class Task(Struct, frozen=True, kw_only=True):
    """The arguments of pytest by which to judge a folder, and a report to write for each day.

    Without ``addopts`` those of its ini file do not count.
    """

    root: str
    arguments: tuple[str, ...]
    reports: dict[str, str]
    addopts: bool


def main() -> None:
    """Do the task of standard input."""
    task = json.decode(sys.stdin.buffer.read(), type=Task)
    for day, report in task.reports.items():
        run_pytest(_Base(task, Path(report)), [*task.arguments, f"--icp-as-of={day}"])


class _Base(PlainFolders):
    """A pytest plugin that collects descriptions only, and writes the report of a base."""

    def __init__(self, task: Task, report: Path) -> None:
        self._root, self._addopts, self._report = Path(task.root), task.addopts, report

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> None:
        """Let the options of ours count that the ini file gives in ``addopts``.

        The others are not taken: they may load plugins. What is typed for the run counts first.
        """
        # What the base left out is nothing that this run does.
        config.stash[asked_key] = ()
        path = config.inipath
        if path is None or not path.is_relative_to(self._root) or not self._addopts:
            return
        raw = read_bytes(path, root=self._root, limit=LARGEST)
        words = addopts_of(raw.decode("utf-8", "replace"))
        for flag in FLAGS.values():
            given = list(values_in(words, flag.option))
            if not given or flag.name in OF_RUN or config.getoption(flag.ini) is not None:
                continue
            if flag.name == "policies":
                folders = (config.rootpath / one for one in given)
                given = [str(one) for one in folders if is_inside(one, self._root)]
            setattr(config.option, flag.ini, given if flag.repeated else given[-1])

    @pytest.hookimpl(tryfirst=True)
    def pytest_ignore_collect(self, collection_path: Path, config: pytest.Config) -> bool | None:
        """Ignore all but folders and descriptions."""
        globs = read_options(config).files
        ours = collection_path.is_dir() or any(map(collection_path.match, globs))
        return None if ours else True

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        """Leave out what fails a run for other reasons than its descriptions."""
        yield
        items[:] = [one for one in items if type(one) is not TroublesItem]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the report, with paths from the root of the base, which has perhaps no ``.git``."""
        if exitstatus in COMPLETED:
            session.exitstatus = exitstatus
            config = session.config
            recorder: Any = config.pluginmanager.get_plugin("icp-recorder")
            top = repository_root(config.rootpath)
            run = as_reported(recorder.run(), base=top, root=self._root)
            self._report.write_text(jsonl(run), "utf-8")


if __name__ == "__main__":
    main()
