"""How far records go back (留存): as they are set to be kept, and as they are really there.

The oldest record lies so long back, or recording is younger. However late recording began, it goes
back to the day since when there should be records, unless another subject holds those of the time
before. When so much time is over since recording ended, nothing is asked any more.

Six months are calendar months (民法典 202): 184 days always reach them, 181 to 183 only for some
first days, unless a user accepts 180.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.say import Gap
from pytest_icp.kinds.dated.when import NOTHING, Dated, Dates, Moment, Open, finding, in_time
from pytest_icp.kinds.dates import Span, earlier, later, span_of
from pytest_icp.kinds.finding import NoteKind, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    noted,
    resting_on,
    unknown,
    violated,
)
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import shown
from pytest_icp.law.blame import gaps
from pytest_icp.law.condition import AT_MOST, Node
from pytest_icp.law.recurrence import months_as_days, shortfall
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import add_days

_OLDEST = Text(
    zh="最早的日志为 {oldest}，但 {cut} 的日志应仍在",
    en="the oldest entry is from {oldest}, but one from {cut} should still be there",
)
_LATER = Text(
    zh="现有最早的记录晚于截至日；当日存有的记录未申报，无法判断",
    en="the oldest entry is from a later day; what was there on this day is not declared, so this "
    "cannot be decided",
)
_OLDEST_DAY = Text(
    "{cut} 的记录应仍在；最早的记录为 {oldest}",
    "a record from {cut} should still be there; the oldest is from {oldest}",
)
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
_ACCEPTED_180 = Text(
    zh="描述中 six_months: 180，接受 180 日为六个月",
    en="six_months: 180 in the description accepts 180 days as six months",
)

_SIX_MONTHS = 6
_ACCEPTED_DAYS = 180

_MONTHS_AS_DAYS = Text(
    "{span}按日历为 {least} 至 {most} 日", "{span} are {least} to {most} calendar days"
)


class Reach(Struct, frozen=True, eq=False, dict=True):
    """Judges how far the records of each subject go back; what is the same for all, only once."""

    rule: Dated
    asked: Gap
    context: Context
    each: str

    def judge(self, subject: Subject) -> Judgement:
        """Judge what is set to be kept, and what is there, until so long after recording ended."""
        ends = self._ends_of(subject)
        if ends.first and ends.first.day < self.cut:
            return NOT_APPLICABLE
        kept = self.context.fact(subject, self.rule.kept)
        judged = judge_kept(self.context, subject, kept, self.asked.span)
        if self.rule.act:
            judged = both(judged, self._judge_there(subject))
        if ends.open_at and judged.verdict is Verdict.VIOLATED:
            judged = missing(subject, ends.open_at)
        judged = resting_on(judged, self.asked.number, self.asked.value)
        told = self.rule.act or self.asked.span.unit != "days"
        return self.context.explained(judged, lambda: self.steps(subject)) if told else judged

    def steps(self, subject: Subject) -> Iterator[Text]:
        """Yield of which day a record must still be there, and which is the oldest."""
        today, least = self.context.today, self.asked.span
        if least.unit != "days":
            fewest, most = months_as_days(least.months)
            yield _MONTHS_AS_DAYS.format(span=least.text, least=fewest, most=most)
        if self.rule.act:
            cut, oldest = earlier(today, least), self._oldest_of(subject).first
            yield say.MINUS.format(start=today, span=least.text, end=cut)
            if oldest:
                yield _OLDEST_DAY.format(cut=cut, oldest=oldest.day)

    @cached_property
    def cut(self) -> date:
        """The first day whose records must still be there.

        Those of 29 February are kept to 29 August: on the 30th and 31st they are not required.
        """
        today, least = self.context.today, self.asked.span
        day = earlier(today, least)
        return day if later(day, least) >= today else add_days(day, 1)

    @cached_property
    def _ends_of(self) -> Callable[[Subject], Dates]:
        return finding(self.context, self.rule.ends)

    @cached_property
    def _oldest_of(self) -> Callable[[Subject], Dates]:
        return finding(self.context, self.rule.acts)

    @cached_property
    def _began_of(self) -> Callable[[Subject], Dates]:
        return finding(self.context, self.rule.anchors)

    @cached_property
    def _since_of(self) -> tuple[Callable[[Subject], Dates], ...]:
        return tuple(finding(self.context, floor.since) for floor in self.rule.floor)

    @cached_property
    def _held(self) -> dict[tuple[int, date], bool | Tokens]:
        return {}

    def _judge_there(self, subject: Subject) -> Judgement:
        """Judge whether a record of that long ago is there, or recording is younger."""
        oldest, began = self._oldest_of(subject), self._began_of(subject)
        # What has records has begun, whatever else is said.
        if (began.never and oldest.never) or (oldest.first and oldest.first.day <= self.cut):
            return SATISFIED
        if oldest.open_at:
            return missing(subject, oldest.open_at)
        if oldest.first is None:
            required = say.NOT_AFTER.format(day=self.cut)
            return unknown(subject, oldest.tokens, _LATER, found=shown(NEVER), required=required)
        return self._since(subject, oldest.first, began)

    def _since(self, subject: Subject, oldest: Moment, began: Dates) -> Judgement:
        """Judge records that are younger than what must be there, unless nothing is older."""
        owed = self._owed(subject)
        start = min((*began.days[:1], *owed.days[:1]), default=None)
        if start is None:
            return missing(subject, began.at)
        needed = max(self.cut, start)
        if oldest.day <= needed:
            gap = began.open_at or owed.open_at
            return missing(subject, gap) if gap else SATISFIED
        found = plain(oldest.day.isoformat())
        text = _OLDEST.format(oldest=oldest.day, cut=needed)
        required = say.NOT_AFTER.format(day=needed)
        return violated(subject, oldest.tokens, text, found=found, required=required)

    def _owed(self, subject: Subject) -> Dates:
        """Return since when a subject should have records that no other one holds."""
        known, open_at = list[Moment](), list[Tokens]()
        for number, floor in enumerate(self.rule.floor):
            counts = self.context.decide.truth(floor.for_, subject.value)
            since = NOTHING if counts is False else self._since_of[number](subject)
            if since.first:
                held = self._is_held(number, max(self.cut, since.first.day))
                if held is False and counts:
                    known.append(since.first)
                elif held is not True:
                    open_at.append(held or subject.tokens)
            if since.open_at and self._is_held(number, self.cut) is not True:
                open_at.append(since.open_at)
        open_ = tuple(Open(None, at) for at in open_at)
        return Dates((), tuple(sorted(known, key=in_time)), open_)

    def _is_held(self, number: int, day: date) -> bool | Tokens:
        """Whether a subject has records since a day; the fact on which that hangs, if not known."""
        key = number, day
        if key not in self._held:
            self._held[key] = self._holder(self.rule.floor[number].for_, day)
        return self._held[key]

    def _holder(self, of: Node, day: date) -> bool | Tokens:
        decide, open_at = self.context.decide, list[Tokens]()
        for one in self.context.subjects(self.each).subjects:
            counts, oldest = decide.truth(of, one.value), self._oldest_of(one)
            if counts is False or (oldest.first and oldest.first.day > day):
                continue
            if counts and oldest.first:
                return True
            gap = next(iter(gaps(of, one.value, decide))).path if oldest.first else ()
            open_at.append((*one.tokens, *gap) if gap else oldest.at)
        return next(iter(open_at), False)


# ---- As they are set to be kept


def judge_kept(context: Context, subject: Subject, fact: Fact, least: Span) -> Judgement:
    """Judge the span that is set up; of one that several files declare, a bound as well."""
    whole = fact.value if isinstance(fact.value, Mapping) else {}
    required = _AT_LEAST.format(span=least.text)
    if least.unit != "days":
        days = months_as_days(least.months)[1]
        required = _AT_LEAST_DAYS.format(span=least.text, days=days)
    kept, bound = span_of(whole), span_of(whole.get(AT_MOST))
    if kept is not None and not _enough(context, kept, least):
        shown = _too_short(kept, least)
        return violated(subject, fact.tokens, shown, found=kept.text, required=required)
    if bound is not None and not _enough(context, bound, least):
        at, shown = (*fact.tokens, AT_MOST), _BOUND.format(bound=bound.text, span=least.text)
        found = _NOT_OVER.format(span=bound.text)
        return violated(subject, at, shown, found=found, required=required)
    if kept is not None:
        accepted = noted(NoteKind.DEFAULT, _ACCEPTED_180, fact.tokens)
        return SATISFIED if _long_enough(kept, least) else accepted
    if bound is None:
        return missing(subject, fact.tokens)
    shown = _ONLY_A_BOUND.format(bound=bound.text)
    found = _NOT_OVER.format(span=bound.text)
    return unknown(subject, fact.tokens, shown, found=found, required=required)


def _enough(context: Context, kept: Span, least: Span) -> bool:
    """Whether a time is long enough, by the calendar or as a user accepts six months."""
    accepted = context.settings.six_months == "180" and least.months == _SIX_MONTHS
    by_days = kept.unit == "days" and kept.n >= _ACCEPTED_DAYS
    return _long_enough(kept, least) or (accepted and by_days)


def _long_enough(kept: Span, least: Span) -> bool:
    if least.unit == "days":
        return (kept.n if kept.unit == "days" else months_as_days(kept.months)[0]) >= least.n
    if kept.unit == "days":
        return kept.n >= months_as_days(least.months)[1]
    return kept.months >= least.months


def _too_short(kept: Span, least: Span) -> Text:
    if kept.unit == "days" and least.unit != "days":
        if kept.n < months_as_days(least.months)[0]:
            return _DAYS_TOO_SHORT.format(kept=kept.n, span=least.text)
        share = shortfall(kept.n, least.months)
        return _SHARE.format(kept=kept.n, share=f"{share:.0%}", span=least.text)
    return _TOO_SHORT.format(span=least.text)
