"""How long records are set to be kept (设定的保存时间), against the least that is required.

Six months are calendar months (民法典 202): 184 days always reach them, 181 to 183 only for some
first days, unless a user accepts 180.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Note, NoteKind, Verdict
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, unknown, violated
from pytest_icp.kinds.spans import Span, span_of
from pytest_icp.kinds.subjects import Fact, Subject, location
from pytest_icp.law.recurrence import months_as_days, shortfall
from pytest_icp.law.text import Text

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


def judge_kept(context: Context, subject: Subject, fact: Fact, least: Span) -> Judgement:
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


def steps_of_months(least: Span) -> Iterator[Text]:
    """Yield how many days the months of a span are."""
    if least.unit != "days":
        fewest, most = months_as_days(least.months)
        yield _MONTHS_AS_DAYS.format(span=least.text, least=fewest, most=most)


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
