"""Judges whether each value of a subject is found (是否找到)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property, reduce

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import long_ago
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, both, missing
from pytest_icp.kinds.likeness import Index, Likeness, likeness, type_of
from pytest_icp.kinds.match.changing import changing
from pytest_icp.kinds.match.naming import Names, facts_at
from pytest_icp.kinds.match.records import Period, Record, period_of, records_of
from pytest_icp.kinds.match.say import Saying
from pytest_icp.kinds.match.search import Found, Search
from pytest_icp.kinds.match.spec import Match
from pytest_icp.kinds.matching import ALWAYS, Days, last_gap, span
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.rules.fields import join_path
from pytest_icp.rules.policy import Obligation


def check_match(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``match``."""
    spec = obligation.spec_as(Match)
    judging = Judging(obligation, spec, context)
    return judge_each(obligation, context, judging.of)


class Judging(Struct, frozen=True, eq=False, dict=True):
    """Judges each subject of a rule."""

    obligation: Obligation
    spec: Match
    context: Context

    @cached_property
    def each(self) -> str:
        """The dotted path of the subjects."""
        return join_path("", self.obligation.each)

    @cached_property
    def _records(self) -> Search | None:
        """The records, which are the same for all subjects; None where values stand at paths."""
        spec, context, among = self.spec, self.context, self.spec.records
        if among is None:
            return None
        records, left_out = records_of(among, spec.valid, context)

        def like(path: str, ours: str) -> Likeness:
            return likeness(join_path(self.each, ours), among.dotted(path))

        def index(record: str, ours: str) -> Index:
            facts = (context.fact(one.subject, record) for one in records)
            return Index.of(like(record, ours), facts)

        return Search(
            spec,
            context,
            tuple(records),
            like(among.at, (*spec.fact, "")[0]),
            tuple((one.subject, index(one.record, one.subject)) for one in spec.pairs),
            context.subjects(among.of).missing,
            tuple(left_out),
        )

    def _at_paths(self, subject: Subject) -> Search:
        """Return what stands at the paths of the rule, for one subject."""
        spec, context = self.spec, self.context
        records = tuple(Record(subject, one) for one in facts_at(context, subject, spec.paths))
        ours, theirs = (join_path(self.each, path) for path in ((*spec.fact, "")[0], spec.paths[0]))
        return Search(spec, context, records, likeness(ours, theirs))

    @cached_property
    def _are_areas(self) -> bool:
        among = self.spec.records
        theirs = [among.dotted(among.at)] if among else []
        ours = (join_path(self.each, path) for path in (*self.spec.fact, *self.spec.paths))
        return "area" in map(type_of, (*theirs, *ours))

    def of(self, subject: Subject) -> Judgement:
        """Judge a subject."""
        search = self._records or self._at_paths(subject)
        names = Names.of(self.spec, self.context, subject) if self.spec.names else None
        each = [self._value(subject, fact, search, names) for fact in self._asked(subject)]
        return reduce(both, each) if each else SATISFIED

    def _asked(self, subject: Subject) -> Iterator[Fact]:
        """Yield what is looked for: the values of the fact, or those of the rule."""
        spec, context = self.spec, self.context
        if not spec.fact:
            place = context.fact(subject, spec.records.of if spec.records else spec.paths[0])
            values = spec.values.values if spec.values else ()
            yield from (Fact(place.tokens, one.value) for one in values)
            return
        fact = context.fact(subject, spec.fact[0])
        each = [fact]
        if isinstance(fact.value, list):
            each = [Fact((*fact.tokens, i), value) for i, value in enumerate(fact.value)]
        for one in each:
            if one.value is None or spec.values is None or spec.values.entry(one.value):
                yield one

    def _value(
        self, subject: Subject, fact: Fact, search: Search, names: Names | None
    ) -> Judgement:
        """Judge one value, at the place of the fact."""
        spec, period = self.spec, period_of(self.spec.valid, self.context, subject)
        if fact.value is None and spec.if_none is None:
            return missing(subject, fact.tokens)
        saying = Saying(spec, self.each, self.context, subject, fact, search)
        if self._are_areas:
            found = search.of_area(str(fact.value))
            return SATISFIED if found.sure.days else saying.perhaps(found.open_at)
        days, entry = period.days, spec.values and spec.values.entry(fact.value)
        if days and entry:
            asked = Days(max(days.first, entry.since), min(days.last, entry.last))
            if asked.first > asked.last:
                # It may have been needed earlier, while the law still asked.
                perhaps = period.open_at if asked.last < days.first else None
                return missing(subject, perhaps) if perhaps else SATISFIED
            days = asked
        found = search.of(subject, fact, days or ALWAYS, names)
        saying = replace(saying, there=found.there)
        judged = self._found(saying, Period(days, period.open_at), found)
        if names and judged is SATISFIED:
            return saying.written_otherwise()
        # The name of somebody else is not one of a change.
        ours = spec.how != "company" or (names and names.is_licensee)
        return self._while_open(saying, judged) if spec.while_open and ours else judged

    def _found(self, saying: Saying, period: Period, found: Found) -> Judgement:
        """Judge a value by what is found of it on the days on which it must be."""
        spec, subject, fact = self.spec, saying.subject, saying.fact
        if spec.if_none == "not_applicable" and not found.there:
            return missing(subject, found.maybe) if found.maybe else NOT_APPLICABLE
        if fact.value is None:
            return missing(subject, fact.tokens)
        if spec.one and found.times > 1:
            return saying.twice()
        if spec.one and found.open_at:
            return saying.perhaps(found.open_at)
        if period.days is None:
            # On what day is not known: there may be one then, unless there is none at all.
            return saying.perhaps(period.open_at if found.ever else None)
        return self._in_time(saying, period.days, period.open_at, found)

    def _in_time(
        self, saying: Saying, days: Days, earlier: Tokens | None, found: Found
    ) -> Judgement:
        """Judge a value by the days; ``earlier`` is a fact by which there may be more before."""
        either = (found.sure, *found.perhaps)
        if span(days, found.sure):
            return missing(saying.subject, earlier) if earlier else SATISFIED
        if span(days, *either):
            return saying.perhaps(found.open_at)
        over, at_best = last_gap(days, found.sure), last_gap(days, *either)
        if self._long_ago(at_best) and not self._long_ago(over):
            # Perhaps it is over since long.
            return saying.perhaps(found.open_at)
        dated = self.spec.valid and found.ever
        return saying.not_then(days, over) if dated else saying.not_found()

    def _long_ago(self, day: date | None) -> bool:
        return day is not None and long_ago(self.context, day)

    def _while_open(self, saying: Saying, judged: Judgement) -> Judgement:
        """Return a difference as none while the duty of another rule is open."""
        rule = self.spec.while_open
        if rule is None or judged.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return judged
        excuse = changing(rule, self.obligation.others[0], self.context)
        if excuse.verdict is Verdict.SATISFIED:
            return saying.changing()
        perhaps = excuse.verdict is Verdict.UNKNOWN and judged.verdict is Verdict.VIOLATED
        return excuse if perhaps else judged
