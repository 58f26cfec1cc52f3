"""Terms of the licence (许可期): the one that runs, and whether the printed one is the last.

A renewal that was granted begins another term, whatever the paper still prints; one that was
applied for in time, and not decided by the last day, is deemed granted (行政许可法 50(2)).
"""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.spans import earlier, span_on
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.rules.numbers import Amount

ENDED = frozenset({"注销", "撤销", "吊销", "无效"})
"""The statuses of a licence that an authority has ended."""

_STRUCK_OFF = "注销"
"""The status that a licence may also get because it ran out (行政许可法 70(1))."""


class Renewal(Struct, frozen=True):
    """What is known of the renewal (延续): the facts of ``/renewal``."""

    applied_on: Fact
    decided_on: Fact
    decision: Fact
    new_valid_until: Fact

    @property
    def outcome(self) -> str | None:
        """The decision as of the day; what was decided later was still pending on it."""
        return "pending" if self.decided_on.value == NEVER else self.decision.text


class LicenceTerm(Struct, frozen=True):
    """One term: its last day, and the day from which on what is done is done for it.

    ``before`` is the last day of the term before, where the paper still prints that.
    """

    end: date
    since: date | None
    before: date | None = None


def renewal_of(context: Context) -> Renewal:
    """Return what is known of the renewal."""
    whole = Subject((), context.view.facts)
    names = ("applied_on", "decided_on", "decision", "new_valid_until")
    return Renewal(*(context.fact(whole, f"/renewal/{name}") for name in names))


def current_term(context: Context, end: date) -> LicenceTerm:
    """Return the term that runs, by the last day on paper and by the renewal."""
    whole, renewal = Subject((), context.view.facts), renewal_of(context)
    issued, first = (
        day_of(context.fact(whole, f"/licence/{name}")) for name in ("issued_on", "first_issued_on")
    )
    decided = day_of(renewal.decided_on)
    if renewal.outcome == "granted":
        new = day_of(renewal.new_valid_until)
        if new and new > end:
            return LicenceTerm(new, end + timedelta(days=1), before=end)
        if new or (decided and issued and decided <= issued):
            # The paper is the renewed one.
            return LicenceTerm(end, decided or issued)
    # The paper may be issued anew while an application runs.
    running = renewal.outcome in {"pending", "refused"}
    return LicenceTerm(end, (first if running else None) or issued or first)


def ended_early(context: Context, end: date) -> bool:
    """Whether an authority ended the licence within its term, so that the term never runs out.

    One that is struck off after its last day is taken to have run out.
    """
    status = context.fact(Subject((), context.view.facts), "/licence/status").text
    return status in ENDED and not (status == _STRUCK_OFF and end < context.today)


def last_day(
    context: Context, end: date, new: date | None, ahead: Amount | None
) -> tuple[date, Tokens | None]:
    """Return until when the licence is in force, and the fact that may make it longer.

    ``new`` is the last day of the next term, where it is known; ``ahead`` is how long ahead of
    ``end`` an application is in time, so that it is deemed granted.
    """
    renewal = renewal_of(context)
    applied = day_of(renewal.applied_on)
    if new or ahead is None or context.today <= end:
        return max(new or end, end), None
    match renewal.outcome:
        case "granted":
            return end, renewal.new_valid_until.tokens
        case "pending" if renewal.applied_on.value is None:
            return end, renewal.applied_on.tokens
        case "pending" if applied and applied <= earlier(end, span_on(ahead.number, end)):
            return date.max, None
        case None if applied:
            return end, renewal.decision.tokens
    return end, None
