"""A ratchet (棘轮): a run that fails only for what an earlier state does not have."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.standing import FAILING
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text, plain
from pytest_icp.plugin.options import Options, read_options
from pytest_icp.plugin.outcome import why_of
from pytest_icp.plugin.runs import repository_root
from pytest_icp.plugin.session import Refused
from pytest_icp.reports.comparing import known_in, state_of, unread_errors
from pytest_icp.reports.entries import entries
from pytest_icp.reports.record import Record
from pytest_icp.reports.run import Run, as_reported

if TYPE_CHECKING:
    from pytest_icp.kinds.result import Result
    from pytest_icp.plugin.since import Comparison
    from pytest_icp.reports.since import State

_NOTHING_TO_COMPARE = Text(
    zh="--icp-fail-on=new 要与 --icp-since 或 --icp-baseline 一起使用",
    en="--icp-fail-on=new needs --icp-since or --icp-baseline",
)


def ratchet_of(config: pytest.Config) -> Ratchet:
    """Return the ratchet of a session; raises `pytest.UsageError` for a base that is not there."""
    from pytest_icp.plugin.usage import refused

    options = read_options(config)
    if not options.since:
        if options.baseline is None:
            raise refused(InputError(_NOTHING_TO_COMPARE), options.language)
        return Ratchet(config, None)
    try:
        from pytest_icp.plugin.since import Comparison

        return Ratchet(config, Comparison(config))
    except InputError as error:
        raise refused(error, options.language, config.rootpath, "--icp-since") from error


class Ratchet:
    """Compares a run with its base, and lets pass what that has already, where that is asked."""

    def __init__(self, config: pytest.Config, comparison: Comparison | None) -> None:
        self._config, self._comparison = config, comparison
        self._options: Options = read_options(config)
        self._tolerated: dict[tuple[str, str], None] = {}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None, None, None]:
        """Let what is known pass, before pytest counts what fails."""
        self._loosen(report)
        return (yield)

    def _loosen(self, report: pytest.TestReport) -> None:
        """Expect a report to fail whose findings are all known."""
        result: Result | None = getattr(report, "icp", None)
        if self._options.fail_on != "new" or result is None or not report.failed:
            return
        run = self._alone(result)
        failing = [entry for entry in entries(run) if entry.standing in FAILING]
        found = state_of(run).findings.values()
        known = {key for state in self._earlier() for key in known_in(state, found)}
        if all(entry.reported_key in known for entry in failing):
            report.outcome = "skipped"
            report.wasxfail = why_of(report)
            report.icp_tolerated = True  # type: ignore[attr-defined]  # reports take attributes
            self._tolerated |= dict.fromkeys(entry.key for entry in failing)

    def _alone(self, result: Result) -> Run:
        """Return one result as a run, with paths as reports have them."""
        root = self._config.rootpath
        record = Record(description=result.description, holder="", licence="", digests=())
        run = Run(
            results=(result,),
            as_of=result.as_of,
            language="en",
            version="",
            records=(record,),
        )
        return as_reported(run, base=root, root=repository_root(root))

    def _earlier(self) -> Iterator[State]:
        """Yield the states whose findings are known."""
        if self._comparison:
            yield self._comparison.base
        if self._options.baseline:
            yield self._options.baseline

    def compared(self, run: Run) -> Run:
        """Return a finished run with how it differs from its base, and what does not fail it."""
        try:
            found = self._comparison.since(run) if self._comparison else None
        except Refused:
            # What has stopped the run keeps its base from being judged as well.
            self.close()
            self._comparison = found = None
        day = self._options.baseline.day if self._options.baseline else ""
        since = found.base.title if found else plain(day)
        return replace(
            run, since=found, tolerated=frozenset(self._tolerated), tolerated_since=since
        )

    def unjudged(self) -> list[InputError]:
        """Return why the run could not be compared, which must not be a success."""
        return unread_errors(self._comparison.base) if self._comparison else []

    def close(self) -> None:
        """Remove what was written."""
        if self._comparison:
            self._comparison.close()
