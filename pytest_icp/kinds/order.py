"""Kind ``order`` (先后): one date comes before another, perhaps by a least or greatest gap.

``first`` and ``then`` are paths of dates, or ``{first: path, where: …, at: path}`` for the
earliest of several records; ``joined_by`` gives the records that belong to the subject.
``at_least`` and ``at_most`` give the gap as ``{days | months | years: n}``, which runs from
``first``; without either, ``then`` may fall on the same day, and of two instants it is not the
earlier. What has happened while ``first`` never did came too soon; a gap, though, never began to
run. What came in the wrong order, without a gap, was over when the later of the two had come.
Records of which it is not known whether they count are no doubt if all of them came after
``then``.

Of a day and an instant on it: ``then`` of which the day alone is told is not said to be earlier,
and what is in force from a day on is so from its beginning. Of any other ``first`` the hour
decides.
"""

from __future__ import annotations

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.core import judging
from pytest_icp.kinds.dated.duty import BY_THEN, Dated
from pytest_icp.kinds.dated.when import When, whenever
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import Join
from pytest_icp.kinds.selection import judge_each
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Obligation, Spec


class Order(Spec, frozen=True):
    """Two dates and the gap between them."""

    first: str | When
    then: str | When
    at_least: Amount | None = None
    at_most: Amount | None = None
    joined_by: Join | None = None

    def dated(self) -> Dated:
        """Return it as an act and its anchor: a gap runs from the first, else it is due by then."""
        first, then = (whenever(day, self.joined_by) for day in (self.first, self.then))
        if self.at_least or self.at_most:
            return Dated(act=then, anchor=first, lasts=self.at_least, at_most=self.at_most)
        return Dated(act=first, anchor=then, ahead=BY_THEN, of_acts=True)


def check_order(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``order``."""
    rule = obligation.spec_as(Order).dated()
    return judge_each(obligation, context, judging(rule, obligation, context))


KIND = Kind("order", Order, check_order)
