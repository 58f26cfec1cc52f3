"""Changes that are being made (变更期间): what differs in the meantime is no difference yet.

``{records, where, within: {days, after}, filed: {first, where, at}}``: a record is being made
while the days run in which to apply for it, and after them if one was ``filed`` in time of those
that meet ``where``.
"""

from __future__ import annotations

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Number, reckon


class TimeToApply(Struct, frozen=True):
    """So many days after the day at a path."""

    days: Number
    after: str


class Filed(Struct, frozen=True):
    """Applications in a record: those that count, and when they were made."""

    first: str
    at: str
    where: Node = ANYTHING


class Meanwhile(Struct, frozen=True, kw_only=True):
    """Records of changes, until when to apply for one, and what applies for one."""

    records: str
    where: Node = ANYTHING
    within: TimeToApply
    filed: Filed


def changing(rule: Meanwhile, context: Context) -> Judgement:
    """Return `SATISFIED` while one of the changes is being made, `NOT_APPLICABLE` if none is.

    It is unknown where a fact that decides is not known.
    """
    records = context.subjects(rule.records)
    judged = [missing(Subject(place, {}), place) for place in records.missing]
    judged += [_open(rule, context, record) for record in records.subjects]
    for verdict in (Verdict.SATISFIED, Verdict.UNKNOWN):
        found = next((one for one in judged if one.verdict is verdict), None)
        if found:
            return found
    return NOT_APPLICABLE


def _open(rule: Meanwhile, context: Context, record: Subject) -> Judgement:
    """Judge one record, which may not count."""
    counts = context.counts(record, rule.where)
    day = context.fact(record, rule.within.after)
    if counts is False or day.value == NEVER:
        return NOT_APPLICABLE
    event = day_of(day)
    if counts is None or event is None:
        return missing(record, day.tokens if counts else context.open_of(record, rule.where))
    last = civil_date(reckon(rule.within.days, event, "after", context.calendar).due.last)
    if context.today <= last:
        return SATISFIED
    filings = context.subjects(rule.filed.first, record)
    perhaps = list(filings.missing)
    for filing in filings.subjects:
        counts = context.counts(filing, rule.filed.where)
        at = context.fact(filing, rule.filed.at)
        made = day_of(at)
        if counts is False or at.value == NEVER or (made and made > last):
            continue
        if counts and made:
            return SATISFIED
        perhaps.append(at.tokens)
    return missing(record, perhaps[0]) if perhaps else NOT_APPLICABLE
