"""Kind ``order`` (先后): one date comes before another, perhaps by a least or greatest gap.

``first`` and ``then`` are paths of dates, or ``{first: path, where: …, at: path}`` for the
earliest of several records; ``joined_by`` gives the records that belong to the subject.
``at_least`` and ``at_most`` give the gap as ``{days | months | years: n}``; without either,
``then`` may fall on the same day, and of two instants it is not the earlier. What has happened
while ``first`` never did came too soon; a greatest gap, though, never began to run. What came in
the wrong order, without a gap, was over when the later of the two had come. Records of which it is
not known whether they count are no doubt if all of them came after ``then``.

Of a day and an instant on it: ``then`` of which the day alone is told is not said to be earlier,
and what is in force from a day on is so from its beginning. Of any other ``first`` the hour
decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from pytest_icp.facts.asof import NEVER
from pytest_icp.facts.files.properties import property_at
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import fixed, long_ago, moment, not_after, upcoming
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    missing,
    unknown,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import Join
from pytest_icp.kinds.past import binds
from pytest_icp.kinds.record_dates import Dates, FirstOf, Moment, dates_of
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.spans import Span, earlier, later, span_on
from pytest_icp.kinds.subjects import Subject
from pytest_icp.kinds.words import shown
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Obligation, Spec

_BACKWARDS = Text(zh="{then} 早于 {first}", en="{then} is before {first}")
_NOT_FIRST = Text(
    zh="应在 {then} 之前办理，未办理",
    en="not done, but required before {then}",
)
_TOO_SOON = Text(zh="{then} 距 {first} 不足 {gap}", en="{then} is less than {gap} after {first}")
_TOO_LATE = Text(zh="{then} 距 {first} 超过 {gap}", en="{then} is more than {gap} after {first}")

_AT_LEAST = Text("{then}，应不早于 {end}", "{then}, and not before {end} is required")
_AT_MOST = Text("{then}，应不晚于 {end}", "{then}, and not after {end} is required")


class Order(Spec, frozen=True):
    """Two dates and the gap between them."""

    first: str | FirstOf
    then: str | FirstOf
    at_least: Amount | None = None
    at_most: Amount | None = None
    joined_by: Join | None = None

    @property
    def has_own_records(self) -> bool:
        """Whether ``first`` is among records of the subject, so that looking at all is linear."""
        return isinstance(self.first, FirstOf) and not self.first.first.startswith("/")

    def gaps(self, day: date) -> tuple[Span | None, Span | None]:
        """Return the least and the greatest gap that runs from a day."""
        least, most = self.at_least, self.at_most
        return (
            span_on(least.number, day) if least else None,
            span_on(most.number, day) if most else None,
        )


def check_order(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``order``."""
    spec = obligation.spec_as(Order)
    first_of = dates_of(context, spec.first, spec.joined_by)
    then_of = dates_of(context, spec.then, spec.joined_by)

    weighs_late = spec.has_own_records and not (spec.at_least or spec.at_most)

    def judge(subject: Subject) -> Judgement:
        first, then = first_of(subject), then_of(subject)
        if then.first and weighs_late and first.open_at is not None:
            first = _without_late(context, first, then.first)
        # The law counts of the day when a gap began to run, else when ``then`` happened.
        event = first.first if spec.at_least or spec.at_most else then.first
        if then.never or (event and not binds(obligation, context, event.day)):
            return NOT_APPLICABLE
        if first.never and spec.at_most:
            # A greatest gap has not begun to run.
            return NOT_APPLICABLE
        if first.never and then.first is not None:
            return _never(spec, context, subject, first, then.first)
        if first.first is None or then.first is None:
            side = then if first.first is not None or first.never else first
            return missing(subject, side.at)
        one, other = first.first, then.first
        judged = _compare(spec, subject, one, other)
        if judged is SATISFIED and _too_coarse(obligation, spec, one.at, other.at):
            judged = _by_the_hour(subject, one, other)
        judged = _certain(spec, subject, judged, first, then)
        return judged.by(lambda: _steps(spec, one, other))

    return judge_each(obligation, context, judge)


def _without_late(context: Context, first: Dates, then: Moment) -> Dates:
    """Return ``first`` without doubt, where all that perhaps counts came after ``then``.

    Whether it counts makes no difference but to what was made up for long ago.
    """
    every = [*first.open]
    late = [Moment(one.at, one.tokens) for one in every if one.at is not None]
    wrong = (_is_before(then, one) and not long_ago(context, one.day) for one in late)
    if len(late) < len(every) or not all(wrong):
        return first
    return Dates(first.tokens, first.known or tuple(sorted(late, key=lambda one: one.day)), ())


def _never(
    spec: Order, context: Context, subject: Subject, first: Dates, then: Moment
) -> Judgement:
    """Judge what has happened, or is planned, while what comes first was never done."""
    gap = spec.at_least and span_on(spec.at_least.number, then.day)
    last = earlier(then.day, gap) if gap else then.at
    if not_after(context.as_of, last):
        return upcoming(context, subject, first.tokens, fixed(context, civil_date(last)))
    return violated(
        subject,
        first.tokens,
        _NOT_FIRST.format(then=moment(then.at)),
        found=shown(NEVER),
        required=say.NOT_AFTER.format(day=moment(last)),
        on=then.day,
    )


def _compare(spec: Order, subject: Subject, first: Moment, then: Moment) -> Judgement:
    least, most = spec.gaps(first.day)

    def wrong(message: Text, required: Text) -> Judgement:
        found = plain(moment(then.at))
        # With a gap a term is too short or too long, and nothing was made up for.
        over = None if least or most else max(first.day, then.day)
        return violated(
            subject, then.tokens, message, found=found, required=required, on=then.day, over=over
        )

    if least and then.day < later(first.day, least):
        return wrong(_gap(_TOO_SOON, first, then, least), _bound(say.NOT_BEFORE, first, least))
    if most and then.day > later(first.day, most):
        return wrong(_gap(_TOO_LATE, first, then, most), _bound(say.NOT_AFTER, first, most))
    required = say.NOT_BEFORE.format(day=moment(first.at))
    if _is_before(then, first):
        words = {"first": moment(first.at), "then": moment(then.at)}
        return wrong(_BACKWARDS.format(**words), required)
    return SATISFIED


def _too_coarse(obligation: Obligation, spec: Order, first: date, then: date) -> bool:
    """Whether ``then`` is an instant of the day on which ``first`` was, nobody knows when."""
    instants = isinstance(first, datetime), isinstance(then, datetime)
    if spec.at_least or spec.at_most or instants != (False, True) or civil_date(then) != first:
        return False
    path = spec.first if isinstance(spec.first, str) else f"{spec.first.first}.{spec.first.at}"
    known = property_at("description", join_path(join_path("", obligation.each), path))
    return known is None or known.time != "schedule"


def _by_the_hour(subject: Subject, first: Moment, then: Moment) -> Judgement:
    found, required = plain(moment(then.at)), say.NOT_BEFORE.format(day=moment(first.at))
    return unknown(subject, then.tokens, say.IMPRECISE, found=found, required=required)


def _is_before(then: Moment, first: Moment) -> bool:
    """Whether ``then`` is on an earlier day, or the earlier one of two instants."""
    instants = isinstance(then.at, datetime) and isinstance(first.at, datetime)
    return then.day < first.day or (instants and then.at < first.at)


def _certain(
    spec: Order, subject: Subject, judged: Judgement, first: Dates, then: Dates
) -> Judgement:
    """Doubt a judgement that an earlier record might turn, where there perhaps is one."""
    sides = [first, then] if judged.verdict is Verdict.VIOLATED else [then, first]
    if not spec.at_most:
        sides = sides[:1]
    open_at = next((side.open_at for side in sides if side.open_at is not None), None)
    return judged if open_at is None else missing(subject, open_at)


def _gap(message: Text, first: Moment, then: Moment, gap: Span) -> Text:
    return message.format(first=first.day, then=then.day, gap=gap.text)


def _bound(message: Text, first: Moment, gap: Span) -> Text:
    return message.format(day=later(first.day, gap))


def _steps(spec: Order, first: Moment, then: Moment) -> Iterator[Text]:
    for bound, gap in zip((_AT_LEAST, _AT_MOST), spec.gaps(first.day), strict=True):
        if gap is not None:
            end = later(first.day, gap)
            yield say.PLUS.format(start=first.day, span=gap.text, end=end)
            yield bound.format(then=then.day, end=end)
    if not (spec.at_least or spec.at_most):
        yield _AT_LEAST.format(then=moment(then.at), end=moment(first.at))


KIND = Kind("order", Order, check_order)
