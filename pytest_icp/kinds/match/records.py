"""Records among which values are found (记录): which count, whose they are, when they are valid.

What does not hang on a subject is read once for all of them. Records are looked up by the value
that they have, and by what joins them to the subject; those of which that is not known may be any.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from datetime import timedelta
from functools import cached_property

from msgspec import Struct, field

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.likeness import Index, likeness
from pytest_icp.kinds.match.naming import facts_at
from pytest_icp.kinds.match.spec import Among, Match, Valid
from pytest_icp.kinds.matching import ALWAYS, Days
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import first_of
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json
from pytest_icp.rules.fields import join_path


class Record(Struct, frozen=True):
    """One of those among which a value is found, and what it says.

    ``days`` are those on which it is valid, or may be. ``counts_if`` is the fact for want of which
    it only perhaps counts, ``valid_if`` that for want of which its days are not known.
    """

    subject: Subject
    says: Fact
    days: Days = ALWAYS
    valid_if: Tokens | None = None
    counts_if: Tokens | None = None

    @property
    def known(self) -> tuple[Json, ...]:
        """The values that it certainly says."""
        return tuple(value for value in self.says.values if value is not None)


class Pool(Struct, frozen=True, eq=False, dict=True):
    """The records of a rule that count, or may, with what they say and what joins them.

    ``joins`` are facts of a subject, each with those of the records. ``missing`` are the places
    where no records are declared, ``left_out`` what those say that do not count.
    """

    records: tuple[Record, ...]
    said: Index
    joins: tuple[tuple[str, Index], ...] = ()
    missing: tuple[Tokens, ...] = ()
    left_out: tuple[Fact, ...] = ()
    perhaps: dict[Hashable, Sequence[int]] = field(default_factory=dict)

    def candidates(self, here: Fact | None, value: Json) -> tuple[Iterable[int], Sequence[int]]:
        """Return the positions of the records that may be meant, and of those that may be any.

        Of all others it is certain that they say another value, unless that is None, or belong to
        another subject than the one with the fact ``here``.
        """
        if here and not here.is_open:
            index = self.joins[0][1]
            return sorted(index.at(here.values)), self._of_anybody(index, value)
        if value is None:
            return range(len(self.records)), ()
        return sorted(self.said.at([value])), self.said.others

    def _of_anybody(self, index: Index, value: Json) -> Sequence[int]:
        """Return the records of which it is not known whose they are, and that may say a value."""
        if value is None or not index.others:
            return index.others
        key = tuple(self.said.like.sought(value))
        if key not in self.perhaps:
            saying = self.said.at([value]) | {*self.said.others}
            self.perhaps[key] = [i for i in index.others if i in saying]
        return self.perhaps[key]

    @cached_property
    def uncounted(self) -> Index:
        """What the records say that do not count."""
        return Index.of(self.said.like, self.left_out)

    @cached_property
    def shown(self) -> str:
        """The first of the values that the records say, as a finding names them."""
        values = (v for one in self.records if one.counts_if is None for v in one.says.values)
        return first_of(sorted({show(value) for value in values if value is not None}))


def pool_of(among: Among, spec: Match, context: Context, each: str) -> Pool:
    """Return the records of a rule about the subjects at a path."""
    found = context.subjects(among.of)
    records: list[Record] = []
    left_out: list[Fact] = []
    for one in found.subjects:
        says, counts = context.fact(one, among.at), context.counts(one, among.where)
        days = _days(spec.valid, context, one)
        if counts is False or days is None:
            left_out += () if counts else (says,)
            continue
        counts_if = None if counts else context.open_of(one, among.where)
        records.append(Record(one, says, *days, counts_if))

    def index(path: str, facts: Iterable[Fact], ours: str) -> Index:
        return Index.of(likeness(join_path(each, ours), among.dotted(path)), facts)

    joins = tuple(
        (pair.subject, index(pair.record, facts, pair.subject))
        for pair in among.match.each
        for facts in [[context.fact(one.subject, pair.record) for one in records]]
    )
    said = index(among.at, (one.says for one in records), (*spec.fact, "")[0])
    return Pool(tuple(records), said, joins, found.missing, tuple(left_out))


def pool_at(spec: Match, context: Context, each: str, subject: Subject) -> Pool:
    """Return what stands at the paths of a rule, for one subject."""
    records = tuple(Record(subject, fact) for fact in facts_at(context, subject, spec.paths))
    like = likeness(join_path(each, (*spec.fact, "")[0]), join_path(each, spec.paths[0]))
    return Pool(records, Index.of(like, (one.says for one in records)))


def _days(
    rule: Valid | None, context: Context, record: Subject
) -> tuple[Days, Tokens | None] | None:
    """Return when a record is valid, and what is not known of that; None if it never was."""
    starts = [context.fact(record, path) for path in rule.from_] if rule else []
    if any(start.value == NEVER for start in starts):
        return None
    ends = [context.fact(record, rule.until)] if rule and rule.until else []
    first = max((day for start in starts if (day := day_of(start))), default=ALWAYS.first)
    last = min((day for end in ends if (day := day_of(end))), default=ALWAYS.last)
    if rule and rule.days is not None and first != ALWAYS.first:
        last = min(last, first + timedelta(days=rule.days))
    open_at = (fact.tokens for fact in (*starts, *ends) if fact.value is None)
    return Days(first, last), next(open_at, None)


class Period(Struct, frozen=True):
    """The days on which a value must be found; ``open_at`` where there may be more, or none known.

    ``days`` are None where no day is known at all.
    """

    days: Days | None
    open_at: Tokens | None = None


def period_of(rule: Valid | None, context: Context, subject: Subject) -> Period:
    """Return the days on which a value of a subject must be found."""
    today = Days(context.today, context.today)
    if rule and rule.at:
        on = context.fact(subject, rule.at)
        day = day_of(on)
        return Period(Days(day, day)) if day else Period(None, on.tokens)
    if not rule or not rule.since:
        return Period(today)
    since = context.fact(subject, rule.since)
    begun = day_of(since)
    if begun is not None:
        return Period(Days(begun, context.today))
    return Period(today, None if since.value == NEVER else since.tokens)
