"""Kind ``retention`` (留存): records are kept long enough, in the setting and in the data.

``at_least`` is a span; ``fact`` the path of the span that is set up, or of ``{at_most: span}``, a
bound which it does not exceed: one that is too short is a violation, whatever else is known of
the setting, and one that is long enough shows nothing. ``oldest`` and ``since`` are the days of
the oldest record and of the first day of recording: with them the data is judged as well.
``ended`` is the day on which recording ended. ``owed`` says since when subjects of some condition
should have records, however late their recording began; another of them may hold those of the
time before.
"""

from __future__ import annotations

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.reach import Floor, Reach, judging_reach
from pytest_icp.kinds.dated.when import When
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.spans import Span
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.rules.policy import Obligation, Spec


class Owed(Struct, frozen=True):
    """Since when the subjects that meet a condition should have records."""

    first: str
    at: str
    of: Node = ANYTHING
    where: Node = ANYTHING
    operates: tuple[str, ...] = ()

    @property
    def floor(self) -> Floor:
        """The least that records of these subjects go back to."""
        since = When(of=self.first, at=(self.at,), where=self.where, doing=self.operates)
        return Floor(self.of, since)


class Retention(Spec, frozen=True):
    """How long records are kept, and the facts that show it."""

    at_least: Span
    fact: str
    oldest: str | None = None
    since: str | None = None
    ended: str | None = None
    owed: tuple[Owed, ...] = ()

    @property
    def reach(self) -> Reach:
        """How far records go back: the time, what is set up, and the days that show it."""
        return Reach(
            reaches=self.at_least,
            kept=self.fact,
            act=When.on(self.oldest) if self.oldest else None,
            anchor=When.on(self.since or ""),
            ends=When.on(self.ended) if self.ended else None,
            floors=tuple(one.floor for one in self.owed),
        )


def check_retention(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``retention``."""
    reach = obligation.spec_as(Retention).reach
    return judge_each(obligation, context, judging_reach(reach, context, obligation.each))


KIND = Kind("retention", Retention, check_retention)
