"""Kind ``validity`` (有效期): the licence is in force, or renewed, or deemed renewed.

An expired licence remains valid once a renewal is granted, or while one applied for in time
(90 days ahead) was not decided by the day of expiry: 行政许可法 第五十条 deems it renewed.
``before: {days: 90}`` gives the time ahead. The last printed day is valid to its end.

With ``until``, something else is in force: a permit until the day at that path, or what was done
on a day (``{after: path, days | months | years: n}``) for so long. ``require`` is a condition
that it must meet besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.core import judging
from pytest_icp.kinds.dated.duty import BY_THEN, TODAY, Dated
from pytest_icp.kinds.dated.when import When
from pytest_icp.kinds.dates import day_of, moment, time_of
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.holdings import EXPIRED, IN_FORCE
from pytest_icp.kinds.judgement import SATISFIED, Judgement, blamed, missing, unknown, violated
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.spans import earlier, span_on
from pytest_icp.kinds.subjects import Fact, Subject, location
from pytest_icp.kinds.words import shown
from pytest_icp.law.blame import blame
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Obligation, Spec

_STATUS = Text(zh="许可证状态为「{status}」", en="the status of the licence is {status}")
_NOT_ISSUED = Text(zh="许可证尚未颁发", en="the licence has not been issued yet")
_EXPIRED = Text(
    zh="许可证已于 {until} 到期（{days} 日前），没有已批准的延续",
    en="the licence expired on {until}, {days:day} ago, and no renewal was granted",
)
_REFUSED = Text(zh="延续申请未获批准", en="the renewal was refused")
_VALID = Text(zh="在有效期内，或已获准延续", en="valid, or renewed")
_DEEMED = Text(
    zh="已按期申请延续，届满前未作决定，依行政许可法第五十条视为准予延续",
    en="applied for in time and not decided by {until}: deemed renewed (Licensing Law 50)",
)

_RUNS = Text(
    "有效期限至 {end}；截至 {today}，还有 {days} 日",
    "valid until {end}; on {today}, {days:day} left",
)
_RAN_OUT = Text(
    "有效期限至 {end}；截至 {today}，已过 {days} 日",
    "valid until {end}; on {today}, {days:day} after it",
)


class Lasting(Amount, frozen=True, kw_only=True):
    """A time for which something is good after the day at a path."""

    after: str


class Validity(Spec, frozen=True):
    """How long ahead the licence is renewed; or until when something else is good."""

    before: Amount | None = None
    until: str | Lasting | None = None
    require: Node = ANYTHING

    def dated(self, until: str | Lasting) -> Dated:
        """Return what is not the licence as an anchor that today lies before, or within."""
        if isinstance(until, Lasting):
            return Dated(act=TODAY, anchor=When.on(until.after), within=until)
        return Dated(act=TODAY, anchor=When.on(until), ahead=BY_THEN)


class Renewal(Struct, frozen=True):
    """What is known of the renewal (延续): the facts of ``/renewal``."""

    subject: Subject
    applied_on: Fact
    decided_on: Fact
    decision: Fact
    new_valid_until: Fact


def check_validity(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``validity``."""
    spec = obligation.spec_as(Validity)
    if spec.until is not None:
        still_good = judging(spec.dated(spec.until), obligation, context)

        def judge(subject: Subject) -> Judgement:
            judged = still_good(subject)
            if context.decide.truth(spec.require, subject.value):
                return judged
            fault = blame(spec.require, subject.value, context.decide)
            return blamed(subject, fault).by(judged.steps)

        return judge_each(obligation, context, judge)

    def judge_licence(subject: Subject) -> Judgement:
        end = day_of(context.fact(subject, "valid_until"))
        judged = _licence(spec, context, subject)
        return judged.by(lambda: _steps(context, end, spec.before))

    return judge_each(obligation, context, judge_licence)


def _steps(context: Context, end: date | None, ahead: Amount | None) -> Iterator[Text]:
    if end is None:
        return
    days = (end - context.today).days
    template = _RUNS if days >= 0 else _RAN_OUT
    yield template.format(end=end, today=context.today, days=abs(days))
    if ahead is not None and days < 0:
        span = span_on(ahead.number, end)
        yield say.MINUS.format(start=end, span=span.text, end=earlier(end, span))


def _licence(spec: Validity, context: Context, licence: Subject) -> Judgement:
    """Judge the licence itself."""
    status = context.fact(licence, "status")
    end = day_of(context.fact(licence, "valid_until"))
    # Whether an expired licence was renewed, in law as well, is not for the system to say.
    expired = status.text == EXPIRED and end is not None and context.today > end
    if status.text is not None and status.text != IN_FORCE and not expired:
        return violated(
            licence,
            status.tokens,
            _STATUS.format(status=status.text),
            found=plain(status.text),
            required=plain(IN_FORCE),
        )
    dates = _dates(spec, context, licence)
    if dates.verdict is Verdict.SATISFIED and status.text is None:
        return missing(licence, status.tokens)
    return dates


def _dates(spec: Validity, context: Context, licence: Subject) -> Judgement:
    issued, until = context.fact(licence, "issued_on"), context.fact(licence, "valid_until")
    end = time_of(until)
    first = context.fact(licence, "first_issued_on")
    if issued.value == NEVER and time_of(first) is not None:
        return unknown(
            licence, issued.tokens, say.EARLIER_ISSUE, found=shown(NEVER), required=_VALID
        )
    if issued.value == NEVER:
        return violated(
            licence,
            issued.tokens,
            _NOT_ISSUED,
            found=shown(NEVER),
            required=say.NOT_AFTER.format(day=context.today),
        )
    if end is None:
        return missing(licence, until.tokens)
    if context.today <= civil_date(end):
        return SATISFIED if issued.value is not None else missing(licence, issued.tokens)
    return _renewed(spec, context, _renewal(context, licence), until, civil_date(end))


def _renewal(context: Context, licence: Subject) -> Renewal:
    facts = [
        context.fact(licence, f"/renewal/{name}")
        for name in ("applied_on", "decided_on", "decision", "new_valid_until")
    ]
    return Renewal(licence, *facts)


def _renewed(
    spec: Validity, context: Context, renewal: Renewal, until: Fact, end: date
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
            _REFUSED,
            found=plain("refused"),
            required=_VALID,
        )
    if decision is None or applied is None:
        gap = renewal.applied_on if applied is None else renewal.decision
        text = say.UNDECIDED_RENEWAL.format(until=end)
        return unknown(renewal.subject, gap.tokens, text, required=_VALID)
    if spec.before and civil_date(applied) <= earlier(end, span_on(spec.before.number, end)):
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
        _EXPIRED.format(until=end, days=(context.today - end).days),
        found=plain(moment(end)),
        required=_VALID,
        due=end,
    )


def _deemed(renewal: Renewal, end: date) -> Judgement:
    text = _DEEMED.format(until=end)
    at = location(renewal.applied_on.tokens)
    note = Note(kind=NoteKind.DEEMED, text=text, location=at)
    return Judgement(verdict=Verdict.SATISFIED, notes=(note,))


KIND = Kind("validity", Validity, check_validity)
