"""Kind ``presence`` (具备): at least so many records exist that meet a condition.

``exists`` is the path of the records, ``exists_where`` what one must meet to count, and
``at_least`` how many are needed, one by default. ``no_fewer_than`` is the path of a number that
may require more.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Collected, Subject, Tokens, steps
from pytest_icp.kinds.words import condition
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_NONE = Text(zh="一项也没有", en="there is none")
_TOO_FEW = Text(zh="只有 {count} 项", en="only {count} found")
_HOW_MANY = Text(zh="至少 {count} 项", en="at least {count}")
_WHICH = Text(zh="：{which}", en=": {which}")


class Presence(Spec, frozen=True, kw_only=True):
    """Which records count, and how many of them are needed."""

    exists: str
    exists_where: Node = ANYTHING
    at_least: int = 1
    no_fewer_than: str | None = None


class Tally(Struct, frozen=True):
    """How many records count, how many may, and the first of those; else what is not known."""

    surely: int
    perhaps: int
    open_at: Tokens | None
    missing: Tokens | None


def check_presence(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``presence``."""
    spec = obligation.spec_as(Presence)
    needed, more, where = spec.at_least or 1, spec.no_fewer_than, spec.exists_where

    @cache
    def of_all() -> Tally:
        return _tally(spec, context, context.subjects(spec.exists))

    def judge(subject: Subject) -> Judgement:
        same = steps(spec.exists)[1]
        here = of_all() if same else _tally(spec, context, context.subjects(spec.exists, subject))
        count = here.surely
        number = context.fact(subject, more) if more else None
        stated = needed if number is None else _number(number.value)
        least = max(needed, stated or 0)
        if count >= least:
            if number and stated is None:
                return missing(subject, number.tokens)
            return SATISFIED
        if here.missing is not None:
            return missing(subject, here.missing)
        at = context.fact(subject, spec.exists).tokens
        if here.open_at is not None and count + here.perhaps >= least:
            return missing(subject, here.open_at)
        return violated(
            subject,
            at,
            _TOO_FEW.format(count=count) if count else _NONE,
            found=plain(str(count)),
            required=_required(least, where, at),
        )

    return judge_each(obligation, context, judge)


def _tally(spec: Presence, context: Context, records: Collected) -> Tally:
    truths = [context.counts(record, spec.exists_where) for record in records.subjects]
    open_at = None
    if None in truths:
        open_at = context.open_of(records.subjects[truths.index(None)], spec.exists_where)
    lacking = next(iter(records.missing), None)
    return Tally(truths.count(True), truths.count(None), open_at, lacking)


def _required(least: int, where: Node, at: Tokens) -> Text:
    many = _HOW_MANY.format(count=least)
    return many if where is ANYTHING else many + _WHICH.format(which=condition(where, at))


def _number(value: Json) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None


KIND = Kind("presence", Presence, check_presence)
