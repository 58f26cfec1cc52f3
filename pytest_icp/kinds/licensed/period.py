"""The days on which a licence is needed (须持证的期间), as far as the as-of day.

They are the as-of day, one day of the subject, or the time of a contract. What lies before the
look-back no longer counts, and what lies ahead does not count yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.matching import Days
from pytest_icp.kinds.spans import Span, earlier
from pytest_icp.kinds.subjects import Fact, Subject, Tokens


class Period(Struct, frozen=True):
    """The days on which a licence is needed.

    ``days`` are those up to the as-of day; ``recent`` those of them within the look-back, None
    where all are before it. Where it is not known when the time began or ended, ``recent`` are all
    on which it perhaps is needed, ``least`` those on which it surely is, and the fact at
    ``open_at`` is not declared. ``end`` is the last day of all, where one is set, and ``end_at``
    its fact.
    """

    days: Days
    recent: Days | None
    least: Days | None
    open_at: Tokens = ()
    end: date | None = None
    end_at: Tokens = ()

    @property
    def is_backwards(self) -> bool:
        """Whether it ends before it begins, so that one of the two days is wrong."""
        return self.end is not None and self.end < self.days.first

    @property
    def is_ahead(self) -> bool:
        """Whether it has not begun."""
        return self.days.last < self.days.first


def on_one_day(context: Context, subject: Subject, path: str | None) -> Period | Fact:
    """Return a day of the subject, or the as-of day without a path; or the fact not known."""
    fact = context.fact(subject, path) if path else None
    day = day_of(fact) if fact else context.today
    if fact and not day:
        return fact
    one = Days(day or context.today, day or context.today)
    return Period(one, one, one)


def of_contract(
    context: Context, subject: Subject, from_: Sequence[str], to: Sequence[str]
) -> Period:
    """Return the time of a contract: it begins with the last of several days.

    The first day at ``to`` ends it, `never` included; the others tell until when it was agreed.
    """
    starts = [context.fact(subject, path) for path in from_]
    ends = [context.fact(subject, path) for path in to]
    ended, planned = ends[0], next((fact for fact in ends if day_of(fact)), ends[0])
    last = min(context.today, day_of(ended) or context.today)
    days = [day_of(fact) for fact in starts]
    # What is not known of the other beginnings matters until the last of them.
    known = max(filter(None, days), default=None)
    begun = known if known and (None not in days or known > last) else None
    first = begun or last
    recent, least, open_at = _recent(context, known or date.min, last), None, ended.tokens
    if ended.value is not None:
        least, open_at = _recent(context, first, last), starts[days.index(begun)].tokens
    elif begun and begun >= _since(context):
        # Whenever it ended, it was not before it began.
        least = Days(begun, begun)
    end = day_of(planned)
    if end and end < first and planned is not ended:
        # A plan that ended before it began is none.
        end = None
    return Period(Days(first, last), recent, least, open_at, end, planned.tokens)


def _since(context: Context) -> date:
    """Return the first day of the look-back (回溯期)."""
    return earlier(context.today, Span(context.settings.lookback_days, "days"))


def _recent(context: Context, first: date, last: date) -> Days | None:
    """Return the days within the look-back."""
    since = _since(context)
    return Days(max(first, since), last) if last >= since else None
