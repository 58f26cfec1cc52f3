"""Kind ``grading`` (定级): a declared grade is not below the grade that the figures reach.

``fact`` is the path of the grade, ``scale`` the grades in rising order. Each of ``levels`` gives
from which ``when`` on a ``grade`` is reached; ``share: {fact, of, count, percent}`` also requires
that a number is at least so many per cent of the largest ``count`` of the records ``of``. A
higher grade than the figures reach is allowed. ``on`` is the day of the event, for the law.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import time_of
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.words import condition
from pytest_icp.law.blame import gaps
from pytest_icp.law.condition import Node
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation, Spec

_GRADED_LOW = Text(
    zh="数据已达到「{grade}」，申报的等级为「{found}」",
    en="by its figures it is {grade}, but {found} is declared",
)
_GRADE = Text(zh="不低于「{grade}」（{which}）", en="at least {grade} ({which})")

_WHOLE = 100


class Share(Struct, frozen=True):
    """A number that must be so many per cent of the largest ``count`` of the records ``of``."""

    fact: str
    of: str
    count: str
    percent: int


class Level(Struct, frozen=True):
    """A grade, and from when on it is reached."""

    grade: str
    when: Node
    share: Share | None = None


class Grading(Spec, frozen=True):
    """A declared grade, the grades that there are, and what makes each of them."""

    fact: str
    scale: tuple[str, ...]
    levels: tuple[Level, ...]
    on: str | None = None


class _Reached(Struct, frozen=True):
    """A level that the figures reach, or may: then ``open_at`` is the fact that is not known."""

    rank: int
    level: Level
    open_at: Tokens | None


def check_grading(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``grading``."""
    spec = obligation.spec_as(Grading)

    def judge(subject: Subject) -> Judgement:
        reached = sorted(_reached(spec, context, subject), key=lambda one: -one.rank)
        declared = context.fact(subject, spec.fact)
        if not reached:
            return SATISFIED
        if declared.text not in spec.scale:
            return missing(subject, declared.tokens)
        rank = spec.scale.index(declared.text)
        above = [one for one in reached if one.rank > rank]
        certain = next((one for one in above if one.open_at is None), None)
        if certain is not None:
            return _too_low(spec, context, subject, certain.level)
        open_at = next((one.open_at for one in above if one.open_at), None)
        return missing(subject, open_at) if open_at else SATISFIED

    return judge_each(obligation, context, judge)


def _too_low(spec: Grading, context: Context, subject: Subject, level: Level) -> Judgement:
    declared = context.fact(subject, spec.fact)
    event = time_of(context.fact(subject, spec.on)) if spec.on else None
    return violated(
        subject,
        declared.tokens,
        _GRADED_LOW.format(grade=level.grade, found=declared.text),
        found=plain(str(declared.text)),
        required=_GRADE.format(grade=level.grade, which=condition(level.when, subject.tokens)),
        on=civil_date(event) if event else None,
    )


def _reached(spec: Grading, context: Context, subject: Subject) -> Iterator[_Reached]:
    """Yield the levels that the figures reach, and those that they may reach."""
    for level in spec.levels:
        known = context.decide.truth(level.when, subject.value)
        open_at: Tokens | None = None
        if known is None:
            gap = gaps(level.when, subject.value, context.decide)[0]
            open_at = (*subject.tokens, *gap.path)
        if known is not False and level.share:
            enough, unknown_at = _share(context, subject, level.share)
            known = False if enough is False else known
            open_at = open_at or unknown_at
        if known is not False:
            yield _Reached(spec.scale.index(level.grade), level, open_at)


def _share(context: Context, subject: Subject, rule: Share) -> tuple[bool | None, Tokens | None]:
    """Tell whether a number is a share of the largest of others, else which fact is not known."""
    part = context.fact(subject, rule.fact)
    records = context.subjects(rule.of)
    known: list[float] = []
    perhaps: list[tuple[float, Tokens]] = []
    open_at = [*records.missing]
    for one in records.subjects:
        count = context.fact(one, rule.count)
        if not isinstance(count.value, (int, float)):
            open_at.append(count.tokens)
        elif one.open_at:
            perhaps.append((count.value, one.open_at))
        else:
            known.append(count.value)
    number = part.value
    if not isinstance(number, (int, float)):
        return None, part.tokens

    def is_less(largest: float) -> bool:
        return not number or number * _WHOLE < rule.percent * largest

    # Whatever is not known can only raise the largest, unless there is none at all.
    fewest = 0 if open_at else min((n for n, _ in perhaps), default=float("inf"))
    if is_less(max(known, default=fewest)):
        return False, None
    open_at += [at for n, at in perhaps if not known or is_less(n)]
    return (None, open_at[0]) if open_at else (True, None)


KIND = Kind("grading", Grading, check_grading)
