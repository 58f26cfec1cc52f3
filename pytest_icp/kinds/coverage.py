"""Kind ``coverage`` (覆盖): everything of one kind is found among the records of another.

Each value of ``fact`` must be among the values of ``covers`` of the records ``by`` (those that
meet ``by_where``). ``match: host`` asks that the value lies under one of the others,
``match: domain`` that one of the others lies under it, ``match: area`` that the area is one of
all the others or lies in one; else values are equal. ``times: one`` asks for exactly one record.
With ``joined_by`` and ``in_force`` only the records count that belong to the subject at its time.

Without ``by``, the values of ``covers`` in the subject itself count. Instead of ``fact``,
``demands`` may list the values that must be found.
"""

from __future__ import annotations

from itertools import islice

from msgspec import Struct

from pytest_icp.kinds import glance
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.areas import in_areas
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.hosts import covered
from pytest_icp.kinds.judgement import SATISFIED, Judgement, both, missing, violated
from pytest_icp.kinds.matching import Days, asked, belonging, sharing, span
from pytest_icp.kinds.selection import Glance, judge_each
from pytest_icp.kinds.subjects import Collected, Fact, Subject, Tokens
from pytest_icp.law.blame import gaps
from pytest_icp.law.condition import truth
from pytest_icp.law.describe import describe, show
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation

_REGISTER = "attestations"
_MOST = 5
"""Values that are told of those that there are."""


class Cover(Struct, frozen=True):
    """What the records cover: the values of each, and where it is not known."""

    values: tuple[tuple[Json, ...], ...]
    unknown: tuple[Tokens, ...]


def check_coverage(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``coverage``."""
    shared = _cover(obligation, context) if "by" in obligation.fields else None
    records = context.subjects(obligation.path("by")) if joins(obligation) else None

    def value(subject: Subject, fact: Fact) -> Judgement:
        if records is None or fact.value is None:
            cover = shared or _own(obligation, context, subject)
            return _value(obligation, cover, subject, fact)
        return _in_time(obligation, context, subject, fact, records)

    def judge(subject: Subject) -> Judgement:
        fact = context.fact(subject, _place(obligation))
        judgement = SATISFIED
        if "demands" in obligation.fields:
            for wanted in Fact((), obligation.fields["demands"]).values:
                judgement = both(judgement, value(subject, Fact(fact.tokens, wanted)))
            return judgement
        if fact.value is None:
            return missing(subject, fact.tokens)
        for i, one in enumerate(fact.values):
            at = (*fact.tokens, i) if isinstance(fact.value, list) else fact.tokens
            judgement = both(judgement, value(subject, Fact(at, one)))
        return judgement

    return judge_each(obligation, context, judge, _glance(obligation, context, shared))


def _cover(obligation: Obligation, context: Context) -> Cover:
    records = context.subjects(obligation.path("by"))
    where = obligation.condition("by_where")
    values: list[tuple[Json, ...]] = []
    open_at: list[Tokens] = list(records.missing)
    for record in records.subjects:
        counts = truth(where, record.value, context.decide)
        fact = context.fact(record, obligation.path("covers"))
        if counts is False:
            continue
        found = fact.values
        if counts is None or fact.is_open:
            open_at.append(fact.tokens)
            found = tuple(value for value in found if value is not None)
        if counts:
            values.append(found)
    if not values and obligation.path("by").strip("/") == _REGISTER:
        # A document that nobody declared is not known to be wanting.
        open_at.append((_REGISTER,))
    if obligation.fields.get("match") == "area":
        # Provinces that are filed one by one make up the whole country together.
        values = [tuple(value for one in values for value in one)]
    return Cover(tuple(values), tuple(open_at))


def _own(obligation: Obligation, context: Context, subject: Subject) -> Cover:
    """Return what a subject covers by itself."""
    fact = context.fact(subject, obligation.path("covers"))
    known = tuple(value for value in fact.values if value is not None)
    return Cover((known,), (fact.tokens,) if fact.is_open else ())


def _place(obligation: Obligation) -> str:
    """Return the path of what must be found; where it is demanded, of where it should be."""
    if "demands" not in obligation.fields:
        return obligation.path("fact")
    by = obligation.path("by")
    return "/" + by.lstrip("/") if by else obligation.path("covers")


def _value(obligation: Obligation, cover: Cover, subject: Subject, fact: Fact) -> Judgement:
    if fact.value is None:
        return missing(subject, fact.tokens)
    once = obligation.fields.get("times") == "one"
    covering = (one for one in cover.values if _covers(obligation, fact.value, one))
    # No more is looked at than decides.
    times = len([*islice(covering, 2 if once else 1)])
    if times > 1:
        return _wrong(obligation, cover, subject, fact, say.COVERED_TWICE)
    if cover.unknown and (once or not times):
        return missing(subject, cover.unknown[0])
    if not times:
        return _wrong(obligation, cover, subject, fact, say.NOT_COVERED)
    return SATISFIED


def _covers(obligation: Obligation, value: Json, values: tuple[Json, ...]) -> bool:
    match obligation.fields.get("match"):
        case "host":
            return covered(value, values)
        case "domain":
            return any(covered(host, [value]) for host in values)
        case "area":
            return in_areas(str(value), [str(area) for area in values])
        case _:
            return value in values


def _wrong(
    obligation: Obligation, cover: Cover, subject: Subject, fact: Fact, message: Text
) -> Judgement:
    records = obligation.path("by") or obligation.each
    by = f"{records.lstrip('/')}.{obligation.path('covers')}"
    known = sorted({show(value) for values in cover.values for value in values})
    values = ", ".join(known[:_MOST]) + (", …" if known[_MOST:] else "")
    required = (say.AMONG if known else say.AMONG_NONE).format(by=by, values=values)
    shown = show(fact.value)
    return violated(
        subject,
        fact.tokens,
        message.format(value=shown, by=by),
        found=plain(shown),
        required=required,
    )


def joins(obligation: Obligation) -> bool:
    """Whether only the records count that belong to a subject, or are in force in its time."""
    return not {"joined_by", "in_force"}.isdisjoint(obligation.fields)


def _in_time(
    obligation: Obligation, context: Context, subject: Subject, fact: Fact, records: Collected
) -> Judgement:
    """Judge one value by the records that belong to its subject at the time asked about."""
    surely: list[Days | None] = []
    perhaps: list[Days] = []
    open_at = list(records.missing)
    covering = sharing(context, records, obligation.path("covers"), fact)
    for one in belonging(obligation, context, subject, records, covering):
        gap = _gap(obligation, context, one.record, fact)
        if gap is None:
            continue
        perhaps.append(one.perhaps)
        if gap:
            open_at.append(gap)
        elif one.open_at:
            open_at.append(one.open_at)
        else:
            surely.append(one.surely)
    wanted = asked(obligation, context, subject)
    if wanted is None:
        # On what day is not known: there may be one in force, unless there is none at all.
        on = context.fact(subject, str(obligation.group("in_force")["on"])).tokens
        ever = perhaps or records.missing
        return missing(subject, on) if ever else _never(obligation, subject, fact)
    if span(wanted.days, surely):
        return missing(subject, wanted.open_at) if wanted.open_at else SATISFIED
    if records.missing or span(wanted.days, perhaps):
        return missing(subject, open_at[0])
    return _never(obligation, subject, fact, wanted.days if perhaps else None)


def _gap(obligation: Obligation, context: Context, record: Subject, fact: Fact) -> Tokens | None:
    """Return what is not known of whether a record covers a value, () if nothing; None if not."""
    where = obligation.condition("by_where")
    counts = truth(where, record.value, context.decide)
    covers = context.fact(record, obligation.path("covers"))
    known = fact.value in covers.values
    if counts is False or not (known or covers.is_open):
        return None
    if not known:
        return covers.tokens
    open_at = gaps(where, record.value, context.decide)
    return () if counts else (*record.tokens, *open_at[0].path)


def _never(
    obligation: Obligation, subject: Subject, fact: Fact, days: Days | None = None
) -> Judgement:
    """Say that no record covers a value, or none on all of the days asked about."""
    where, by = describe(obligation.condition("by_where")), obligation.path("by").lstrip("/")
    shown = show(fact.value)
    message, required = say.NONE_FOR.format(value=shown, by=by), say.ONE_FOR.format(by=by)
    if days:
        dated = {"first": days.first, "last": days.last}
        message = say.NOT_THEN.format(value=shown, by=by, **dated)
        required = say.ALL_THE_TIME.format(by=by, **dated)
    if where != plain("{}"):
        required = required + say.WHICH.format(which=where)
    return violated(subject, fact.tokens, message, found=plain(shown), required=required)


def _glance(obligation: Obligation, context: Context, cover: Cover | None) -> Glance | None:
    """See values that are covered, where it does not matter what is not known."""
    known = ("fact", "by", "covers", "match", "times", "by_where")
    once = obligation.fields.get("times") == "one"
    if cover is None or not glance.knows(obligation.fields, *known) or (once and cover.unknown):
        return None

    def well(value: Json) -> bool:
        if not once:
            return any(_covers(obligation, value, values) for values in cover.values)
        return sum(_covers(obligation, value, values) for values in cover.values) == 1

    return glance.every_value(glance.reader(context, obligation.path("fact")), well)
