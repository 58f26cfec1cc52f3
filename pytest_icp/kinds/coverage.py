"""Kind ``coverage`` (覆盖): everything of one kind is found among the records of another.

Each value of ``fact`` must be among the values of ``covers`` of the records ``by`` (those that
meet ``by_where``). ``match: host`` requires that the value lies under one of the others,
``match: domain`` that one of the others lies under it, ``match: area`` that the area is one of
all the others or lies in one; else values are equal. ``times: one`` requires exactly one record.
With ``joined_by`` and ``in_force`` only the records count that belong to the subject at its time;
of dated documents, with ``max_age_days``, only those issued so many days ago or less. ``asked``
lists the values that the law asks about, each in its time: any other needs no record.

Without ``by``, the values of ``covers`` in the subject itself count. Instead of ``fact``,
``demands`` may list the values that must be found.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from pytest_icp.facts.titles import title_of
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.cover import Cover, Match
from pytest_icp.kinds.covering import Covering, Wanted
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import (
    SATISFIED,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import (
    Days,
    InForce,
    Join,
    last_gap,
    period_of,
    span,
)
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens, steps
from pytest_icp.kinds.words import condition
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.numbers import Listing
from pytest_icp.rules.policy import Obligation, Spec

_NOT_COVERED = Text(zh="{value} 不在「{by}」所列范围内", en="{value} is not among “{by}”")
_COVERED_TWICE = Text(zh="{value} 被「{by}」多次列入", en="{value} is in “{by}” more than once")
_DOES_NOT_COUNT = Text(
    zh="{value} 只列入不计入的「{by}」（计入的：{which}）",
    en="{value} is only among “{by}” that do not count (what counts: {which})",
)
_AMONG = Text(zh="「{by}」之一：{values}", en="one of “{by}”: {values}")
_AMONG_NONE = Text(zh="「{by}」之一；目前一项也没有申报", en="one of “{by}”, but none is declared")
_NONE_FOR = Text(
    zh="「{by}」中没有与本项对应的 {value}", en="no record in “{by}” for this covers {value}"
)
_NOT_THEN = Text(
    zh="「{by}」中没有 {value} 在 {first} 至 {last} 期间持续有效的记录",
    en="no record in “{by}” for {value} is in force from {first} to {last}",
)
_ONE_FOR = Text(zh="「{by}」中有对应的记录", en="a record for it in “{by}”")
_ALL_THE_TIME = Text(
    zh="「{by}」中有对应的记录，{first} 至 {last} 均有效",
    en="records for it in “{by}”, in force from {first} to {last}",
)
_WHICH = Text(zh="（{which}）", en=" ({which})")

_REGISTER = "attestations"


class Coverage(Spec, frozen=True, kw_only=True):
    """What must be found, and among which values of which records."""

    fact: str | None = None
    demands: tuple[str, ...] = ()
    by: str | None = None
    by_where: Node = ANYTHING
    asked: Listing | None = None
    covers: str
    match: Match = "equal"
    times: Literal["any", "one"] = "any"
    joined_by: Join | None = None
    in_force: InForce | None = None
    max_age_days: int | None = None

    @property
    def records(self) -> str:
        """The name of the records, without them of the subjects themselves."""
        return (self.by or "").lstrip("/")

    @property
    def once(self) -> bool:
        """Whether exactly one record must cover a value."""
        return self.times == "one"


def check_coverage(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``coverage``."""
    spec = obligation.spec_as(Coverage)
    joined = spec.by if spec.joined_by or spec.in_force else None
    records = context.subjects(joined) if joined else None
    shared = _cover(spec, context) if spec.by and records is None else None
    in_time = _covering(spec, context, records) if records else None
    name = spec.records or obligation.each.lstrip("/")

    def value(subject: Subject, fact: Fact) -> Judgement:
        asked = spec.asked is None or fact.value is None or spec.asked.entry(fact.value)
        if not asked:
            return SATISFIED
        if in_time is None or fact.value is None:
            cover = shared or _own(spec, context, subject)
            return _value(spec, cover, subject, fact, f"{name}.{spec.covers}")
        return _in_time(spec, in_time, subject, fact)

    def judge(subject: Subject) -> Judgement:
        fact = context.fact(subject, _place(spec))
        judgement = SATISFIED
        if spec.demands:
            for demand in spec.demands:
                judgement = both(judgement, value(subject, Fact(fact.tokens, demand)))
            return judgement
        if fact.value is None:
            return missing(subject, fact.tokens)
        for i, one in enumerate(fact.values):
            at = (*fact.tokens, i) if isinstance(fact.value, list) else fact.tokens
            judgement = both(judgement, value(subject, Fact(at, one)))
        return judgement

    # While no value is named and some may be, it does not matter which id is looked for.
    blank = shared and shared.unknown and not any(shared.values)
    indifferent = ("id",) if blank and spec.fact == "id" else ()
    return judge_each(obligation, context, judge, indifferent=indifferent)


def _cover(spec: Coverage, context: Context) -> Cover:
    records = context.subjects(spec.by or "")
    values: list[tuple[Json, ...]] = []
    perhaps: list[tuple[tuple[Json, ...], Tokens]] = []
    left_out: list[tuple[Json, ...]] = []
    open_at: list[Tokens] = list(records.missing)
    for record in records.subjects:
        counts = context.counts(record, spec.by_where)
        fact = context.fact(record, spec.covers)
        if counts is False:
            left_out.append(fact.values)
        elif _is_stale(spec, context, record):
            values += [()] if counts else []
        else:
            known = tuple(value for value in fact.values if value is not None)
            open_at += [fact.tokens] if fact.is_open else []
            if counts:
                values.append(known)
            else:
                perhaps.append((known, context.open_of(record, spec.by_where)))
    if not values and spec.records == _REGISTER:
        # A document that is not declared may exist all the same.
        open_at.append((_REGISTER,))
    rest = Cover(spec.match, tuple(left_out), ()) if left_out else None
    return Cover(spec.match, tuple(values), tuple(open_at), perhaps=tuple(perhaps), left_out=rest)


def _is_stale(spec: Coverage, context: Context, record: Subject) -> bool:
    """Whether a document is too old to count."""
    issued = day_of(context.fact(record, "issued_on")) if spec.max_age_days is not None else None
    return issued is not None and (context.today - issued).days > (spec.max_age_days or 0)


def _own(spec: Coverage, context: Context, subject: Subject) -> Cover:
    """Return what a subject covers by itself."""
    fact = context.fact(subject, spec.covers)
    known = tuple(value for value in fact.values if value is not None)
    return Cover(spec.match, (known,), (fact.tokens,) if fact.is_open else ())


def _place(spec: Coverage) -> str:
    """Return the path of what must be found; where it is demanded, of where it should be."""
    if spec.fact:
        return spec.fact
    return f"/{spec.records}" if spec.by else spec.covers


def _value(spec: Coverage, cover: Cover, subject: Subject, fact: Fact, by: str) -> Judgement:
    if fact.value is None:
        return missing(subject, fact.tokens)
    times = cover.times(fact.value, 2 if spec.once else 1)
    if times > 1:
        return _wrong(cover, subject, fact, by, _COVERED_TWICE)
    open_at = cover.open_at(fact.value) if spec.once or not times else None
    if open_at:
        return missing(subject, open_at)
    if not times and cover.left_out and cover.left_out.times(fact.value, 1):
        which = condition(spec.by_where, steps(spec.by or "")[2])
        return _wrong(cover, subject, fact, by, _DOES_NOT_COUNT, which)
    if not times:
        return _wrong(cover, subject, fact, by, _NOT_COVERED)
    return SATISFIED


def _wrong(
    cover: Cover, subject: Subject, fact: Fact, by: str, message: Text, which: Text | None = None
) -> Judgement:
    named, shown = title_of(by.replace("/", ".")), show(fact.value)
    known = any(cover.values)
    required = (_AMONG if known else _AMONG_NONE).format(by=named, values=cover.shown)
    return violated(
        subject,
        fact.tokens,
        message.format(value=shown, by=named, which=which or ""),
        found=plain(shown),
        required=required,
    )


def _covering(spec: Coverage, context: Context, records: Collected) -> Covering:
    def counts(record: Subject) -> bool | None:
        return context.counts(record, spec.by_where)

    wanted = Wanted(spec.covers, counts, spec.by_where, spec.joined_by, spec.in_force)
    return Covering(wanted, context, records)


def _in_time(spec: Coverage, covering: Covering, subject: Subject, fact: Fact) -> Judgement:
    """Judge one value by the records that belong to its subject at its time."""
    covered, absent = covering.of(subject, fact), covering.records.missing
    period = period_of(spec.in_force, covering.context, subject)
    if isinstance(period, Fact):
        # On what day is not known: there may be one in force, unless there is none at all.
        ever = covered.ever or absent
        return missing(subject, period.tokens) if ever else _never(spec, subject, fact)
    days, entry = period.days, spec.asked and spec.asked.entry(fact.value)
    if entry:
        days = Days(max(days.first, entry.since), min(days.last, entry.last))
    if days.first > days.last:
        # It may have been needed earlier, while the law still asked.
        perhaps = period.open_at if days.last < period.days.first else None
        return missing(subject, perhaps) if perhaps else SATISFIED
    if span(days, *covered.surely):
        return missing(subject, period.open_at) if period.open_at else SATISFIED
    open_at = absent[0] if absent else covered.open_at
    if open_at is not None and (absent or span(days, *covered.perhaps)):
        return missing(subject, open_at)
    if not covered.ever:
        return _never(spec, subject, fact)
    return _never(spec, subject, fact, days, over=last_gap(days, *covered.surely))


def _never(
    spec: Coverage,
    subject: Subject,
    fact: Fact,
    days: Days | None = None,
    *,
    over: date | None = None,
) -> Judgement:
    """Say that no record covers a value, or none on all of the days that count."""
    by, shown = title_of(spec.records.replace("/", ".")), show(fact.value)
    message, required = _NONE_FOR.format(value=shown, by=by), _ONE_FOR.format(by=by)
    if days:
        dated = {"first": days.first, "last": days.last}
        message = _NOT_THEN.format(value=shown, by=by, **dated)
        required = _ALL_THE_TIME.format(by=by, **dated)
    if spec.by_where is not ANYTHING:
        where = condition(spec.by_where, steps(spec.by or "")[2])
        required = required + _WHICH.format(which=where)
    found = plain(shown)
    return violated(subject, fact.tokens, message, found=found, required=required, over=over)


KIND = Kind("coverage", Coverage, check_coverage)
