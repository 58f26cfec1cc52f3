"""From a decided obligation to pytest's report: outcome, category, place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeGuard

import pytest

from pytest_icp.law.errors import InputError
from pytest_icp.plugin.collection import collected_in, marked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_icp.kinds.result import Primitives, Result
    from pytest_icp.plugin.items import ObligationItem
    from pytest_icp.reports.run import Trouble

UNKNOWN_STATUS = ("undecided", "?", ("UNDECIDED", {"yellow": True}))
_WRAPPED = 2
_SKIPPED = "Skipped: "
ADVISORY_STATUS = ("advice", "a", ("ADVICE", {"yellow": True}))
TOLERATED_STATUS = ("tolerated", "t", ("TOLERATED", {"yellow": True}))
ADVISORY_UNKNOWN_STATUS = ("advice undecided", "?", ("ADVICE UNDECIDED", {"yellow": True}))

_OWN = {
    "unknown": UNKNOWN_STATUS,
    "advisory": ADVISORY_STATUS,
    "advisory unknown": ADVISORY_UNKNOWN_STATUS,
}
"""The standings that pytest has no category for; a violation, for one, has failed."""

OWN_STATUSES = (*_OWN.values(), TOLERATED_STATUS)


def is_obligation(item: pytest.Item) -> TypeGuard[ObligationItem]:
    """Whether an item decides an obligation; its class is imported only where there is one."""
    return hasattr(item, "obligation")


def finish(
    item: pytest.Item, report: pytest.TestReport, error: BaseException | None = None
) -> pytest.TestReport:
    """Attach the result to the report of an obligation, and set its outcome and place.

    The result is ``report.icp``. What else came of an item is in ``report.icp_beside``, by sort:
    "marked" is the verdict of an ordinary test with an ``icp`` marker; "troubles" why a description
    or a source cannot be read, or why a check crashed; "sources" the results of sources beside
    their facts; "fuzzed" the edges of a rule that was fuzzed, none where it broke a law.
    """
    result: Result | None = getattr(item, "result", None)
    in_call = report.when == "call"
    beside = dict(_beside(item, report, error)) if in_call and result is None else {}
    if is_obligation(item):
        # What did not come to its call was not decided, whoever skipped it.
        if in_call and result is not None:
            report.icp = result  # type: ignore[attr-defined]  # reports take attributes
            _place(item, report, result)
    elif found := _marked(item, report):
        beside["marked"] = [found]
    if beside:
        report.icp_beside = beside  # type: ignore[attr-defined]  # the same
    return report


def _beside(
    item: Any, report: pytest.TestReport, error: BaseException | None
) -> Iterator[tuple[str, list[Primitives]]]:
    """Yield what came of an item that decides nothing, or has not."""
    if hasattr(item, "fuzzed"):
        yield "fuzzed", [item.edges or {}]
    troubles, sources = getattr(item, "troubles", ()), getattr(item, "sources", ())
    if report.failed and not troubles:
        troubles = _troubles(item, error)
    for sort, found in (("troubles", troubles), ("sources", sources)):
        if found:
            # Not in the runs of others.
            from msgspec import to_builtins

            yield sort, to_builtins(found)


def _troubles(item: pytest.Item, error: BaseException | None) -> list[Trouble]:
    """Return the error that kept an item of ours from being decided."""
    rule = item.name if hasattr(item, "error") else getattr(item, "rule_id", "")
    if error is None or not rule:
        return []
    from pytest_icp.reports.run import crashed, unread

    if isinstance(error, InputError):
        return unread(error, item.path)
    why = f"{type(error).__name__}: {error}"
    return [crashed(rule, why, item.path, (item.location[1] or 0) + 1)]


def _place(item: ObligationItem, report: pytest.TestReport, result: Result) -> None:
    """Point the report to the location of the fact; the item stays in its own file."""
    leading = result.leading
    if leading:
        spot = leading.location
        report.location = (spot.path, (spot.line or 1) - 1, result.rule_id)
    if report.skipped and isinstance(report.longrepr, tuple):
        spot = leading.location if leading else item.facts_at
        report.longrepr = (spot.path, spot.line or 1, _whole(report.longrepr[2], item))


def _whole(reason: str, item: pytest.Item) -> str:
    """Return why an item is skipped so that ``-vv`` shows all of it.

    pytest wraps it there, and cuts off the start of a text whose first word, which in Chinese
    is a whole sentence, does not fit beside the name of the item. A space lets it break before.
    """
    if item.config.getoption("verbose", default=0) < _WRAPPED or reason.isascii():
        return reason
    return reason.replace(_SKIPPED, f"{_SKIPPED} ", 1)


def _marked(item: pytest.Item, report: pytest.TestReport) -> Primitives | None:
    """Return the verdict of a test with a marker; a test that could not begin is unknown."""
    marker, called = item.get_closest_marker("icp"), report.when == "call"
    if marker is None or not (called or (report.when == "setup" and not report.passed)):
        return None
    failed = "violated" if called else "unknown"
    verdicts = {"passed": "satisfied", "failed": failed, "skipped": "not applicable"}
    found = marked(item, marker, verdicts[report.outcome])
    said = getattr(getattr(item, "obj", None), "__doc__", None) or found["name"]
    return {**found, "title": said.strip().split("\n")[0], "why": why_of(report)}


def why_of(report: pytest.TestReport) -> str:
    """Return the first line of the message of a test that did not pass."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if isinstance(report.longrepr, tuple):
        # Skipped: the file, the line and the reason.
        return report.longrepr[2]
    said = str(crash.message if crash else report.longrepr or "").strip()
    return said.split("\n")[0]


_told = pytest.StashKey[bool]()


def packed(
    config: pytest.Config, report: pytest.TestReport, written: Primitives | None
) -> Primitives | None:
    """Return a report as it travels between processes: its result as JSON primitives.

    With the first one a worker says what it read: the header of the run stands above all results.
    """
    if not written:
        return written
    result: Result | None = getattr(report, "icp", None)
    travels = {**written, "icp": result.to_json()} if result else written
    records = collected_in(config).records
    if records and hasattr(config, "workerinput") and not config.stash.get(_told, False):
        config.stash[_told] = True
        return {**travels, "icp_records": records}
    return travels


def unpacked(report: pytest.TestReport) -> pytest.TestReport:
    """Return a report that has travelled, its result a `Result` again."""
    written = getattr(report, "icp", None)
    if written is not None:
        from pytest_icp.kinds.result import Result

        report.icp = Result.from_json(written)  # type: ignore[attr-defined]  # reports take attributes
    return report


def status(report: pytest.TestReport) -> tuple[str, str, Any] | None:
    """Return the category, letter and word of an unknown or advisory result."""
    result: Result | None = getattr(report, "icp", None)
    # A rerun (pytest-rerunfailures) is none of ours.
    if result is None or report.outcome not in {"passed", "failed", "skipped"}:
        return None
    if hasattr(report, "icp_tolerated"):
        return TOLERATED_STATUS
    return _OWN.get(result.standing)
