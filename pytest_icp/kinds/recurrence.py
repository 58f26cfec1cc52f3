"""Kind ``recurrence`` (周期): something is done in a window of every year, or every so often.

With ``window: {from: "01-01", to: "03-31"}`` each year's window binds whoever is licensed by the
year before and still at some time in it; a renewal that was applied for ``deemed`` so long ahead,
and not decided, counts as granted. The ``records`` give their year by ``year`` and the day by
``at``; one whose ``about`` is not the year before does not count. With ``every: {months: n, since:
…}`` the next time is due so many months after the last, or after ``restart``, the last of several
records that begin a new period; ``since`` is a path, or the first of several records, and
``until`` the path of the day on which the duty ends. ``calendar_years: n`` instead is once in every
year, or in every n, from January to December. ``records_where`` and ``joined_by`` select the
records that count. The latest window that has closed decides; earlier ones are violated only within
the look-back.
"""

from __future__ import annotations

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.core import judging
from pytest_icp.kinds.dated.duty import Dated
from pytest_icp.kinds.dated.when import When, whenever
from pytest_icp.kinds.dated.yearly import Yearly, YearlyWindow, judging_windows
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import Join
from pytest_icp.kinds.selection import judge_each
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Obligation, Spec


class Every(Amount, frozen=True, kw_only=True):
    """How long after the last time, or after a beginning, the next time is due."""

    since: str | When
    until: str | None = None
    restart: When | None = None


class Recurrence(Spec, frozen=True, kw_only=True):
    """A window of every year or a span after each time, and where the times are recorded."""

    window: YearlyWindow | None = None
    deemed: Amount | None = None
    every: Every | None = None
    last: str | None = None
    records: str | None = None
    at: str | None = None
    year: str | None = None
    about: str | None = None
    records_where: Node = ANYTHING
    joined_by: Join | None = None

    def dated(self, every: Every) -> Dated:
        """Return what comes back as an act, its anchor and a bound."""
        at = (self.at or "",)
        records = When(of=self.records, at=at, where=self.records_where, match=self.joined_by)
        again = whenever(every.restart, self.joined_by) if every.restart else None
        return Dated(
            act=When.on(self.last) if self.last else records,
            anchor=whenever(every.since, self.joined_by),
            every=every,
            restart=again,
            ends=When.on(every.until) if every.until else None,
        )


def check_recurrence(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``recurrence``."""
    spec = obligation.spec_as(Recurrence)
    if spec.every:
        rule = spec.dated(spec.every)
        return judge_each(obligation, context, judging(rule, obligation, context))
    if spec.window is None or spec.deemed is None:
        return judge_each(obligation, context, lambda _: NOT_APPLICABLE)
    yearly = Yearly(
        window=spec.window,
        deemed=spec.deemed,
        records=spec.records or "",
        at=spec.at or "",
        year=spec.year,
        about=spec.about,
    )
    return judge_each(obligation, context, judging_windows(yearly, obligation, context))


KIND = Kind("recurrence", Recurrence, check_recurrence)
