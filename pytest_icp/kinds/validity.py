"""Kind ``validity`` (有效期): the licence is in force, or renewed, or deemed renewed.

An expired licence stands as long as a renewal is granted, or while one that was applied for in
time (90 days ahead) was not decided by the day of expiry: 行政许可法 第五十条 deems it renewed.
``before: {days: 90}`` gives the time ahead. The last printed day is valid to its end.

With ``until``, something else is in force: a permit until the day at that path, or what was done
on a day (``{after: path, days | months | years: n}``) for so long. ``require`` is a condition
that it must meet besides.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import fixed, moment, time_of, upcoming
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.holdings import IN_FORCE
from pytest_icp.kinds.judgement import SATISFIED, Judgement, blamed, missing, unknown, violated
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.spans import earlier, later, span_of
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.law.blame import blame
from pytest_icp.law.condition import truth
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.text import plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation


class Renewal(Struct, frozen=True):
    """What is known of the renewal (延续): the facts of ``/renewal``."""

    subject: Subject
    applied_on: Fact
    decided_on: Fact
    decision: Fact
    new_valid_until: Fact


def check_validity(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``validity``."""

    def judge(licence: Subject) -> Judgement:
        if "until" in obligation.fields:
            return _in_force(obligation, context, licence)
        status = context.fact(licence, "status")
        if status.text is not None and status.text != IN_FORCE:
            return violated(
                licence,
                status.tokens,
                say.STATUS.format(status=status.text),
                found=plain(status.text),
                required=plain(IN_FORCE),
            )
        dates = _dates(obligation, context, licence)
        if dates.verdict is Verdict.SATISFIED and status.text is None:
            return missing(licence, status.tokens)
        return dates

    return judge_each(obligation, context, judge)


def _in_force(obligation: Obligation, context: Context, subject: Subject) -> Judgement:
    """Judge what is not the licence: by its own last day, or by how long ago it was done."""
    require = obligation.condition("require")
    if not truth(require, subject.value, context.decide):
        return blamed(subject, blame(require, subject.value, context.decide))
    fact, end = last_day(obligation, context, subject)
    if fact.value == NEVER:
        required = say.STILL_GOOD.format(today=context.today)
        return violated(
            subject, fact.tokens, say.NEVER_BEGUN, found=plain(NEVER), required=required
        )
    if end is None:
        return missing(subject, fact.tokens)
    if context.today <= end:
        return upcoming(context, subject, fact.tokens, fixed(context, end))
    return violated(
        subject,
        fact.tokens,
        say.LAPSED.format(until=end, days=(context.today - end).days),
        found=plain(fact.text or ""),
        required=say.STILL_GOOD.format(today=context.today),
        due=end,
    )


def last_day(
    obligation: Obligation, context: Context, subject: Subject
) -> tuple[Fact, date | None]:
    """Return the fact that tells the last day of ``until``, and that day where it is known."""
    until = obligation.fields["until"]
    group = obligation.group("until") if not isinstance(until, str) else {}
    fact = context.fact(subject, str(group["after"] if group else until))
    when, lasts = time_of(fact), span_of(group)
    if when is None:
        return fact, None
    return fact, later(civil_date(when), lasts) if lasts else civil_date(when)


def _dates(obligation: Obligation, context: Context, licence: Subject) -> Judgement:
    issued, until = context.fact(licence, "issued_on"), context.fact(licence, "valid_until")
    end = time_of(until)
    first = context.fact(licence, "first_issued_on")
    if issued.value == NEVER and time_of(first) is not None:
        return unknown(
            licence, issued.tokens, say.EARLIER_ISSUE, found=plain(NEVER), required=say.VALID
        )
    if issued.value == NEVER:
        return violated(
            licence,
            issued.tokens,
            say.NOT_ISSUED,
            found=plain(NEVER),
            required=say.NOT_AFTER.format(day=context.today),
        )
    if end is None:
        return missing(licence, until.tokens)
    if context.today <= civil_date(end):
        return SATISFIED if issued.value is not None else missing(licence, issued.tokens)
    return _renewed(obligation, context, _renewal(context, licence), until, civil_date(end))


def _renewal(context: Context, licence: Subject) -> Renewal:
    facts = [
        context.fact(licence, f"/renewal/{name}")
        for name in ("applied_on", "decided_on", "decision", "new_valid_until")
    ]
    return Renewal(licence, *facts)


def _renewed(
    obligation: Obligation, context: Context, renewal: Renewal, until: Fact, end: date
) -> Judgement:
    """Judge an expired licence by its renewal."""
    applied = time_of(renewal.applied_on)
    decision = renewal.decision.text
    if renewal.applied_on.value == NEVER:
        return _expired(context, renewal, until, end)
    # What was decided after the as-of day was still pending on it.
    if renewal.decided_on.value == NEVER:
        decision = "pending"
    if decision == "granted":
        return _granted(context, renewal)
    if decision == "refused":
        return violated(
            renewal.subject,
            renewal.decision.tokens,
            say.REFUSED,
            found=plain("refused"),
            required=say.VALID,
        )
    if decision is None or applied is None:
        gap = renewal.applied_on if applied is None else renewal.decision
        text = say.UNDECIDED_RENEWAL.format(until=end)
        return unknown(renewal.subject, gap.tokens, text, required=say.VALID)
    ahead = span_of(obligation.group("before"))
    if ahead and civil_date(applied) <= earlier(end, ahead):
        return _deemed(renewal, end)
    return _expired(context, renewal, until, end)


def _granted(context: Context, renewal: Renewal) -> Judgement:
    new_end = time_of(renewal.new_valid_until)
    if new_end is None:
        return missing(renewal.subject, renewal.new_valid_until.tokens)
    if context.today <= civil_date(new_end):
        return SATISFIED
    return _expired(context, renewal, renewal.new_valid_until, civil_date(new_end))


def _expired(context: Context, renewal: Renewal, until: Fact, end: date) -> Judgement:
    return violated(
        renewal.subject,
        until.tokens,
        say.EXPIRED.format(until=end, days=(context.today - end).days),
        found=plain(moment(end)),
        required=say.VALID,
        due=end,
    )


def _deemed(renewal: Renewal, end: date) -> Judgement:
    text = say.DEEMED.format(until=end)
    at = pointer(renewal.applied_on.tokens)
    note = Note(kind=NoteKind.DEEMED, text=text, pointer=at)
    return Judgement(verdict=Verdict.SATISFIED, notes=(note,))
