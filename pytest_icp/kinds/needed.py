"""The days on which a licence is needed (须持证的期间), as far as the as-of day.

They are the as-of day, one day of the subject, or the time of a contract. What lies before the
look-back no longer counts, and what lies ahead does not count yet.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.matching import Days
from pytest_icp.kinds.spans import Span, earlier
from pytest_icp.kinds.subjects import Fact, Subject, Tokens


class Throughout(Struct, frozen=True, rename={"from_": "from"}):
    """The paths of the days on which the licence is needed."""

    from_: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    on: str | None = None
    until: str | None = None


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


def needed(rule: Throughout | str, context: Context, subject: Subject) -> Period | Fact:
    """Return the days on which the licence must be in force, or the fact that is not known."""
    today = Days(context.today, context.today)
    if isinstance(rule, str):
        return Period(today, today, today)
    if rule.on:
        fact = context.fact(subject, rule.on)
        day = day_of(fact)
        return Period(Days(day, day), Days(day, day), Days(day, day)) if day else fact
    if rule.from_:
        return _contract(rule, context, subject)
    until = context.fact(subject, rule.until) if rule.until else Fact((), NEVER)
    end = day_of(until)
    last = min(context.today, end) if end else context.today
    recent = _recent(context, last, last)
    if until.value is None:
        return Period(today, _recent(context, date.min, last), None, until.tokens)
    return Period(Days(last, last), recent, recent)


def _contract(rule: Throughout, context: Context, subject: Subject) -> Period:
    starts = [context.fact(subject, path) for path in rule.from_]
    ends = [context.fact(subject, path) for path in rule.to]
    # It lasts until the first of them, `never` included; what is planned is for a note.
    ended, planned = ends[0], next((fact for fact in ends if day_of(fact)), ends[0])
    last = min(context.today, day_of(ended) or context.today)
    days = [day_of(fact) for fact in starts]
    # It begins with the last of them: what is not known of the others matters until then.
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
