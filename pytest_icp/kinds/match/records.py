"""Records among which values are found (记录): which count, whose they are, when they are valid.

What does not hang on a subject is read once for all of them. Records are looked up by the value
that they have, and by what joins them to the subject; those of which that is not known may be any.
"""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.match.spec import Among, Valid
from pytest_icp.kinds.matching import ALWAYS, Days
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.jsontypes import Json


class Record(Struct, frozen=True, gc=False):
    """One of those among which a value is found, and what it says.

    ``days`` are those on which it is valid, or may be. Where ``counts_if``, a fact, is not known,
    it only perhaps counts; where ``valid_if`` is not known, neither are its days.
    """

    subject: Subject
    says: Fact
    days: Days = ALWAYS
    valid_if: Tokens | None = None
    counts_if: Tokens | None = None

    @property
    def known(self) -> tuple[Json, ...]:
        """The values that it certainly says."""
        return tuple(value for value in self.says.values if value is not None)


def records_of(
    among: Among, valid: Valid | None, context: Context
) -> tuple[list[Record], list[Fact]]:
    """Return the records of a rule that count, or may, and what those say that do not."""
    records: list[Record] = []
    left_out: list[Fact] = []
    for one in context.subjects(among.of).subjects:
        says, counts = context.fact(one, among.at), context.counts(one, among.where)
        days = _days(valid, context, one)
        if counts is False or days is None:
            left_out += () if counts else (says,)
            continue
        counts_if = None if counts else context.open_of(one, among.where)
        records.append(Record(one, says, *days, counts_if))
    return records, left_out


def _days(
    rule: Valid | None, context: Context, record: Subject
) -> tuple[Days, Tokens | None] | None:
    """Return when a record is valid, and what is not known of that; None if it never was."""
    starts = [context.fact(record, path) for path in rule.from_] if rule else []
    if any(start.value == NEVER for start in starts):
        return None
    ends = [context.fact(record, rule.until)] if rule and rule.until else []
    first = max((day for start in starts if (day := day_of(start))), default=ALWAYS.first)
    last = min((day for end in ends if (day := day_of(end))), default=ALWAYS.last)
    if rule and rule.days is not None and first != ALWAYS.first:
        last = min(last, first + timedelta(days=rule.days))
    open_at = (fact.tokens for fact in (*starts, *ends) if fact.value is None)
    return Days(first, last), next(open_at, None)


class Period(Struct, frozen=True):
    """The days on which a value must be found; ``open_at`` where there may be more, or none known.

    ``days`` are None where no day is known at all.
    """

    days: Days | None
    open_at: Tokens | None = None


def period_of(rule: Valid | None, context: Context, subject: Subject) -> Period:
    """Return the days on which a value of a subject must be found."""
    today = Days(context.today, context.today)
    if rule and rule.at:
        on = context.fact(subject, rule.at)
        day = day_of(on)
        return Period(Days(day, day)) if day else Period(None, on.tokens)
    if not rule or not rule.since:
        return Period(today)
    since = context.fact(subject, rule.since)
    begun = day_of(since)
    if begun is not None:
        return Period(Days(begun, context.today))
    return Period(today, None if since.value == NEVER else since.tokens)
