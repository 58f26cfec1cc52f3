"""Kind ``grading`` (定级): a declared grade is not below the one that the figures make it.

``fact`` is the path of the grade, ``scale`` the grades in rising order. Each of ``levels`` says
from which ``when`` on a ``grade`` is reached; ``share: {fact, of, count, percent}`` asks besides
that a number is at least so many per cent of the largest ``count`` of the records ``of``. A
higher grade than the figures ask for is no fault. ``on`` is the day of the event, for the law.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import time_of
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.law.blame import gaps
from pytest_icp.law.condition import truth
from pytest_icp.law.describe import describe
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.text import plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation

_WHOLE = 100


class _Reached(Struct, frozen=True):
    """A level that the figures reach, or may: then ``open_at`` is the fact that is wanted."""

    rank: int
    index: int
    open_at: Tokens | None


def check_grading(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``grading``."""
    scale = obligation.fields["scale"]
    grades = [str(grade) for grade in scale] if isinstance(scale, list) else []

    def judge(subject: Subject) -> Judgement:
        reached = sorted(_reached(obligation, context, subject, grades), key=lambda one: -one.rank)
        declared = context.fact(subject, obligation.path("fact"))
        if not reached:
            return SATISFIED
        if declared.text not in grades:
            return missing(subject, declared.tokens)
        rank = grades.index(declared.text)
        above = [one for one in reached if one.rank > rank]
        certain = next((one for one in above if one.open_at is None), None)
        if certain is not None:
            return _too_low(obligation, context, subject, certain)
        wanting = next((one.open_at for one in above if one.open_at), None)
        return missing(subject, wanting) if wanting else SATISFIED

    return judge_each(obligation, context, judge)


def _too_low(
    obligation: Obligation, context: Context, subject: Subject, reached: _Reached
) -> Judgement:
    declared = context.fact(subject, obligation.path("fact"))
    level = levels_of(obligation)[reached.index]
    event = time_of(context.fact(subject, obligation.path("on")))
    return violated(
        subject,
        declared.tokens,
        say.GRADED_LOW.format(grade=level["grade"], found=declared.text),
        found=plain(str(declared.text)),
        required=say.GRADE.format(
            grade=level["grade"],
            which=describe(obligation.condition(f"levels.{reached.index}.when")),
        ),
        on=civil_date(event) if event else None,
    )


def levels_of(obligation: Obligation) -> list[JsonObject]:
    """Return the levels of a policy, as it writes them."""
    levels = obligation.fields["levels"]
    return [one for one in levels if isinstance(one, dict)] if isinstance(levels, list) else []


def _reached(
    obligation: Obligation, context: Context, subject: Subject, grades: list[str]
) -> Iterator[_Reached]:
    """Yield the levels that the figures reach, and those that they may reach."""
    for index, level in enumerate(levels_of(obligation)):
        when = obligation.condition(f"levels.{index}.when")
        known = truth(when, subject.value, context.decide)
        open_at: Tokens | None = None
        if known is None:
            open_at = (*subject.tokens, *gaps(when, subject.value, context.decide)[0].path)
        share = level.get("share")
        if known is not False and isinstance(share, dict):
            enough, wanting = _share(context, subject, share)
            known = False if enough is False else known
            open_at = open_at or wanting
        if known is not False:
            yield _Reached(grades.index(str(level["grade"])), index, open_at)


def _share(
    context: Context, subject: Subject, rule: JsonObject
) -> tuple[bool | None, Tokens | None]:
    """Tell whether a number is a share of the largest of others, else which fact is wanted."""
    part = context.fact(subject, str(rule["fact"]))
    records = context.subjects(str(rule["of"]))
    counts = [context.fact(one, str(rule["count"])) for one in records.subjects]
    known = [fact.value for fact in counts if isinstance(fact.value, int | float)]
    wanting = [*records.missing, *(fact.tokens for fact in counts if fact.value is None)]
    if not isinstance(part.value, int | float):
        return None, part.tokens
    percent = rule["percent"]
    least = float(percent) if isinstance(percent, int | float) else _WHOLE
    # Whatever is not known can only raise the largest.
    largest = max(known, default=0 if wanting else float("inf"))
    if not part.value or part.value * _WHOLE < least * largest:
        return False, None
    return (None, wanting[0]) if wanting else (True, None)
