"""Whether a provincial licence that lies in a cross-regional one is given up (包含).

Each of the company's other licences is paired with the licence itself and with the others: one
of a province (CA) with one of the ministry (MIIT). It is contained where one of its services and
all its areas are in the other. ``within`` days of obtaining the other, an earlier one is cancelled
or changed at its province; without a time, none is obtained afterwards. Where the licence itself is
the provincial one, the filing is read from the cross-regional one. A licence that was re-issued may
have got a service only then; its ``scope_since`` says since when it has what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce

from msgspec.structs import replace

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.duty import Duty
from pytest_icp.kinds.dated.say import steps
from pytest_icp.kinds.dated.spec import When
from pytest_icp.kinds.dated.term import ENDED
from pytest_icp.kinds.dated.timely import judge_timely
from pytest_icp.kinds.dated.when import Dates, Moment, Open, finding
from pytest_icp.kinds.dates import moment
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.law.papers import PROVINCIAL, Pair, is_contained, pairs_of
from pytest_icp.kinds.numbers import resting_on
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Number, reckon

_DUPLICATE = Text(
    zh="{then} 取得的省内许可证，已包含在 {first} 取得的跨地区许可证范围内",
    en="this provincial licence of {then} lies within the cross-regional one of {first}",
)

_EXPIRED = "过期"


def contained(context: Context, given: Mapping[str, Number]) -> Callable[[Subject], Judgement]:
    """Return what judges one of the other licences, ``within`` a number of days or for ever."""
    within = given.get("within")
    pairs = pairs_of(context)

    def judge(subject: Subject) -> Judgement:
        return reduce(both, (of(subject, pair) for pair in pairs(subject)), NOT_APPLICABLE)

    def of(subject: Subject, pair: Pair) -> Judgement:
        inside, open_at = is_contained(pair)
        if inside is False:
            return NOT_APPLICABLE
        judged = either_way(subject, pair)
        if open_at is None or judged.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return judged
        return missing(subject, open_at).by(judged.steps)

    def either_way(subject: Subject, pair: Pair) -> Judgement:
        """Judge by what is printed, unless what is not known may turn it."""
        judged = surely(subject, pair)
        for other, open_at in pair.doubts():
            if _differ(judged, surely(subject, other)):
                return missing(subject, open_at).by(judged.steps)
        return judged

    def surely(subject: Subject, pair: Pair) -> Judgement:
        if within:
            return _while_both(context, pair, _cancelled(within, context, subject, pair))
        return _not_duplicate(subject, pair)

    return judge


def _differ(one: Judgement, other: Judgement) -> bool:
    """Whether it matters which of two judgements holds: of breaches also, when they were over."""
    if not {one.verdict, other.verdict} - {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
        return False
    both_over = ([finding.over for finding in judged.findings] for judged in (one, other))
    return one.verdict is not other.verdict or next(both_over) != next(both_over)


def licensed_before(pair: Pair) -> bool | None:
    """Whether the provincial licence was held when the other was obtained (已持有)."""
    first, then = pair.provincial.obtained, pair.national.obtained
    if then and pair.provincial.until and pair.provincial.until < then:
        return False
    return None if first is None or then is None else first <= then


def filing_of(context: Context, subject: Subject) -> Dates:
    """Find when the provincial licence was given up, at the right authority."""
    done = finding(context, When.on("cancel_or_change_filing.submitted_at"))(subject)
    authority = context.fact(subject, "cancel_or_change_filing.authority")
    if done.first is None or authority.value == PROVINCIAL:
        return done
    # Filed there on that day, or not at all.
    perhaps = () if authority.value else (Open(done.first, authority.tokens),)
    return Dates(authority.tokens, open=perhaps)


def _cancelled(within: Number, context: Context, subject: Subject, pair: Pair) -> Judgement:
    since = pair.national.obtained
    if since is None:
        return missing(subject, pair.national.obtained_at)
    before = licensed_before(pair)
    if before is False:
        return NOT_APPLICABLE
    reckoned = reckon(within, since, "after", context.calendar)
    limit, term = reckoned.due, reckoned.term
    done, until = filing_of(context, subject), pair.provincial.until
    anchor = Moment(since, pair.national.obtained_at)
    case = Duty(subject=subject, limit=limit, act=done, anchor=anchor, forward=True, term=term)
    ended = pair.provincial.status in ENDED
    if (until is not None and until < limit.last) or (ended and done.never):
        return SATISFIED.by(lambda: steps(context, case))
    judged = resting_on(judge_timely(context, case), within, reckoned.value)
    if ended and done.open_at and judged.verdict is Verdict.VIOLATED:
        # It was filed late, or was not, and ended otherwise.
        return missing(subject, done.open_at).by(judged.steps)
    if before is None and judged.verdict is not Verdict.SATISFIED:
        return missing(subject, pair.provincial.obtained_at).by(judged.steps)
    return judged


def _while_both(context: Context, pair: Pair, judged: Judgement) -> Judgement:
    """Say that a breach was over when the cross-regional licence had run out.

    One that was cancelled or revoked within its term contains no other any more.
    """
    national = pair.national
    if national.status in ENDED and not (national.until and _is_past(context, national.until)):
        return NOT_APPLICABLE
    if national.until is None or national.status not in {*ENDED, _EXPIRED}:
        return judged
    over = civil_date(national.until)
    return replace(judged, findings=tuple(replace(one, over=over) for one in judged.findings))


def _is_past(context: Context, until: date) -> bool:
    return civil_date(until) < context.today


def _not_duplicate(subject: Subject, pair: Pair) -> Judgement:
    provincial, national = pair.provincial, pair.national
    for paper in (national, provincial):
        if paper.obtained is None:
            return missing(subject, paper.obtained_at)
    first, then = civil_date(national.obtained or date.max), provincial.obtained or date.min
    if national.until and national.until < then:
        return NOT_APPLICABLE
    if then <= first:
        return SATISFIED
    if provincial.status in ENDED:
        return NOT_APPLICABLE
    return violated(
        subject,
        provincial.obtained_at,
        _DUPLICATE.format(then=moment(then), first=moment(first)),
        found=plain(moment(then)),
        required=say.NOT_AFTER.format(day=first),
        on=then,
    )
