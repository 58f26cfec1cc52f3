"""Kind ``retention`` (留存): records are kept long enough, in the setting and in the data.

``at_least`` is a span; ``fact`` the path of the span that is set up, or of ``{at_most: span}``, a
bound which it does not exceed: one that is too short is a violation, whatever else is known of
the setting, and one that is long enough shows nothing. ``oldest`` and ``since`` are the days of
the oldest record and of the first day of recording: with them the data is judged as well.
``ended`` is the day on which recording ended. ``owed`` says since when subjects of some condition
should have records, however late their recording began; another of them may hold those of the
time before. Six months are calendar months (民法典 202): 184 days always reach
them, 181 to 183 only for some first days, unless a user accepts 180.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.when import Dates, When, finding
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    unknown,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.spans import Span, earlier, later, span_of
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, location, steps
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.recurrence import months_as_days, shortfall
from pytest_icp.law.text import Text
from pytest_icp.law.times import add_days
from pytest_icp.law.watch import following
from pytest_icp.rules.policy import Obligation, Spec

_TOO_SHORT = Text(zh="留存期不足 {span}", en="kept for less than {span}")
_DAYS_TOO_SHORT = Text(
    zh="留存 {kept} 日，不满 {span}", en="kept {kept:day}, which is less than {span}"
)
_SHARE = Text(
    zh="留存 {kept} 日，按日历计算，{share} 的起算日不满 {span}",
    en="kept {kept:day}, which is less than {span} for {share} of possible start days",
)
_BOUND = Text(
    zh="至多留存 {bound}，不足 {span}", en="kept for at most {bound}, which is less than {span}"
)
_ONLY_A_BOUND = Text(
    zh="只知道至多留存 {bound}，实际设定的期限不知道",
    en="all that is known is that it is kept for at most {bound}",
)
_NOT_OVER = Text(zh="至多 {span}", en="at most {span}")
_AT_LEAST = Text(zh="不少于 {span}", en="at least {span}")
_AT_LEAST_DAYS = Text(
    zh="不少于 {span}（{days} 日以上）", en="at least {span} ({days:day} or more)"
)
_OLDEST = Text(
    zh="最早的日志为 {oldest}，但 {cut} 的日志应仍在",
    en="the oldest entry is from {oldest}, but one from {cut} should still be there",
)
_ACCEPTED_180 = Text(
    zh="按设置 icp_six_months = 180，接受 180 日为六个月",
    en="icp_six_months = 180 accepts 180 days as six months",
)

AT_MOST = "at_most"
"""What a fact writes for a span of which only a bound is known."""

_SIX_MONTHS = 6
_ACCEPTED_DAYS = 180

_MONTHS_AS_DAYS = Text(
    "{span}按日历为 {least} 至 {most} 日", "{span} are {least} to {most} calendar days"
)
_OLDEST_DAY = Text(
    "{cut} 的记录应仍在；最早的记录为 {oldest}",
    "a record from {cut} should still be there; the oldest is from {oldest}",
)


class Owed(Struct, frozen=True):
    """Since when the subjects that meet a condition should have records."""

    first: str
    at: str
    of: Node = ANYTHING
    where: Node = ANYTHING
    operates: tuple[str, ...] = ()

    @property
    def since(self) -> When:
        """Where the day stands."""
        return When(of=self.first, at=(self.at,), where=self.where, doing=self.operates)


class Retention(Spec, frozen=True):
    """How long records are kept, and the facts that show it."""

    at_least: Span
    fact: str
    oldest: str | None = None
    since: str | None = None
    ended: str | None = None
    owed: tuple[Owed, ...] = ()


class Duty(Struct, frozen=True):
    """Since when subjects that meet a condition should have records, and whether one holds them.

    ``held`` is the fact on which that hangs where it is not known.
    """

    of: Node
    dates: Dates
    begun: date | None
    held: bool | Tokens


class Start(Struct, frozen=True):
    """Since when a subject should have records; ``open_at`` may be an earlier day."""

    day: date | None = None
    open_at: Tokens | None = None


def check_retention(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``retention``."""
    spec = obligation.spec_as(Retention)
    least = spec.at_least
    cut = _cut(context.today, least)
    duties = _duties(obligation, context, cut)

    def judge(subject: Subject) -> Judgement:
        ended = day_of(context.fact(subject, spec.ended)) if spec.ended else None
        if ended is not None and ended < cut:
            return NOT_APPLICABLE
        setting = _setting(context, context.fact(subject, spec.fact), subject, least)
        if spec.oldest is None:
            return setting if least.unit == "days" else setting.by(lambda: _steps(least))
        oldest = context.fact(subject, spec.oldest)
        since = context.fact(subject, spec.since or "")
        owed = _owed(context, subject, duties(subject))
        judged = both(setting, _data(subject, cut, oldest, since, owed))
        return judged.by(lambda: (*_steps(least), *_data_steps(context, least, oldest)))

    return judge_each(obligation, context, judge)


def _steps(least: Span) -> Iterator[Text]:
    if least.unit != "days":
        fewest, most = months_as_days(least.months)
        yield _MONTHS_AS_DAYS.format(span=least.text, least=fewest, most=most)


def _data_steps(context: Context, least: Span, fact: Fact) -> Iterator[Text]:
    cut, oldest = earlier(context.today, least), day_of(fact)
    yield say.MINUS.format(start=context.today, span=least.text, end=cut)
    if oldest is not None:
        yield _OLDEST_DAY.format(cut=cut, oldest=oldest)


def _setting(context: Context, fact: Fact, subject: Subject, least: Span) -> Judgement:
    """Judge the span that is set up; of one that several files declare, a bound as well."""
    whole, required = fact.value if isinstance(fact.value, Mapping) else {}, _required(least)
    kept, bound = span_of(whole), span_of(whole.get(AT_MOST))
    if kept is not None and not _enough(context, kept, least):
        shown = _too_short(kept, least)
        return violated(subject, fact.tokens, shown, found=kept.text, required=required)
    if bound is not None and not _enough(context, bound, least):
        shown, found = _BOUND.format(bound=bound.text, span=least.text), _at_most(bound)
        return violated(subject, (*fact.tokens, AT_MOST), shown, found=found, required=required)
    if kept is not None:
        return SATISFIED if _long_enough(kept, least) else _noted(fact)
    if bound is None:
        return missing(subject, fact.tokens)
    shown = _ONLY_A_BOUND.format(bound=bound.text)
    return unknown(subject, fact.tokens, shown, found=_at_most(bound), required=required)


def _noted(fact: Fact) -> Judgement:
    note = Note(kind=NoteKind.DEFAULT, text=_ACCEPTED_180, location=location(fact.tokens))
    return Judgement(verdict=Verdict.SATISFIED, notes=(note,))


def _at_most(bound: Span) -> Text:
    return _NOT_OVER.format(span=bound.text)


def _enough(context: Context, kept: Span, least: Span) -> bool:
    return _long_enough(kept, least) or _accepted(context, kept, least)


def _long_enough(kept: Span, least: Span) -> bool:
    if least.unit == "days":
        return (kept.n if kept.unit == "days" else months_as_days(kept.months)[0]) >= least.n
    if kept.unit == "days":
        return kept.n >= months_as_days(least.months)[1]
    return kept.months >= least.months


def _accepted(context: Context, kept: Span, least: Span) -> bool:
    return (
        context.settings.six_months == "180"
        and least.months == _SIX_MONTHS
        and kept.unit == "days"
        and kept.n >= _ACCEPTED_DAYS
    )


def _too_short(kept: Span, least: Span) -> Text:
    if kept.unit == "days" and least.unit != "days":
        if kept.n < months_as_days(least.months)[0]:
            return _DAYS_TOO_SHORT.format(kept=kept.n, span=least.text)
        share = shortfall(kept.n, least.months)
        return _SHARE.format(kept=kept.n, share=f"{share:.0%}", span=least.text)
    return _TOO_SHORT.format(span=least.text)


def _required(least: Span) -> Text:
    if least.unit == "days":
        return _AT_LEAST.format(span=least.text)
    return _AT_LEAST_DAYS.format(span=least.text, days=months_as_days(least.months)[1])


def _duties(obligation: Obligation, context: Context, cut: date) -> Callable[[Subject], list[Duty]]:
    """Return what tells the duties of a subject; those of the whole description are found once."""
    spec = obligation.spec_as(Retention)

    def found(owed: Owed, subject: Subject) -> Duty:
        dates = finding(context, owed.since)(subject)
        begun = [moment.day for moment in dates.known]
        since = max(cut, min(begun, default=cut))
        return Duty(
            owed.of, dates, min(begun, default=None), _held(obligation, context, owed, since)
        )

    @cache
    def of_all(number: int) -> Duty:
        return found(spec.owed[number], Subject((), context.view.facts))

    def duties(subject: Subject) -> list[Duty]:
        return [
            of_all(number) if steps(owed.first)[1] else found(owed, subject)
            for number, owed in enumerate(spec.owed)
        ]

    return duties


def _owed(context: Context, subject: Subject, duties: Iterable[Duty]) -> Start:
    """Return since when a subject should have records that no other one of its kind holds."""
    known: list[date] = []
    open_at: list[Tokens] = []
    for duty in duties:
        counts = context.decide.truth(duty.of, subject.value)
        held = duty.held
        if counts is False or duty.dates.never or held is True:
            continue
        if counts and held is False:
            known += [duty.begun] if duty.begun else []
            open_at += [date.tokens for date in duty.dates.open]
        else:
            open_at.append(subject.tokens if held is False else held)
    return Start(min(known, default=None), next(iter(open_at), None))


def _held(obligation: Obligation, context: Context, owed: Owed, since: date) -> bool | Tokens:
    """Whether a subject of the kind has records since a day; else the fact that is not known."""
    path = obligation.spec_as(Retention).oldest or ""
    open_at: Tokens = ()
    for one in context.subjects(obligation.each).subjects:
        oldest, counts = context.fact(one, path), context.decide.truth(owed.of, one.value)
        day = day_of(oldest)
        if counts and day is not None and day <= since:
            return True
        if counts and oldest.value is None:
            open_at = oldest.tokens
    return open_at or False


def _data(subject: Subject, cut: date, oldest: Fact, since: Fact, owed: Start) -> Judgement:
    """Judge what is really kept: an entry of that long ago is there, or recording is younger."""
    first, began = day_of(oldest), day_of(since)
    if since.value == NEVER or (first is not None and first <= cut):
        return SATISFIED
    if oldest.value is None:
        return missing(subject, oldest.tokens)
    start = min((day for day in (began, owed.day) if day is not None), default=None)
    if start is None:
        return missing(subject, since.tokens)
    needed = max(cut, start)
    if first is not None and first <= needed:
        gap = since.tokens if began is None else owed.open_at
        return missing(subject, gap) if gap else SATISFIED
    shown = _OLDEST.format(oldest=oldest.text, cut=needed)
    return violated(
        subject,
        oldest.tokens,
        shown,
        found=Text(zh=str(oldest.text), en=str(oldest.text)),
        required=say.NOT_AFTER.format(day=needed),
    )


def _cut(today: date, least: Span) -> date:
    """Return the first day whose records must still be there.

    Those of 29 February are kept to 29 August: on the 30th and 31st they are no longer required.
    """

    def first(today: date) -> date:
        day = earlier(today, least)
        return day if later(day, least) >= today else add_days(day, 1)

    return following(today, first)


KIND = Kind("retention", Retention, check_retention)
