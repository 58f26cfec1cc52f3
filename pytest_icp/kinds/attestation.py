"""Kind ``attestation`` (证明材料): a dated, owned document is there, unchanged and fresh.

``document`` is the path of an attestation in each subject; without it, the entries of
``attestations`` whose ``rule`` names the obligation are judged. One that is not declared is
unknown; one that is declared but defective is violated. An empty list of attestations declares
that there is none, which is violated too. With ``optional``, for what no text prescribes, nothing
applies where the list has none.

``not_before`` is the path of the day of what it proves, or ``{year_of: path}`` for the first day
of that year: a document that is older does not prove it. With it and without ``document``, an
entry of ``attestations`` is wanted for every subject. ``ages: false`` is a document that no time
makes stale; with ``hashed``, its hash must be declared.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from itertools import accumulate

from msgspec import Struct

from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.kinds.attested import (
    FRESH,
    NO_SUCH_DOCUMENT,
    NOT_ATTESTED,
    entries_of,
    entry_for,
    is_listed,
    misspelt,
    unregistered,
)
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    Judgement,
    missing,
    unknown,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.paper import OLDER, Asked, Paper
from pytest_icp.kinds.selection import judge_each, steps_by_place, sum_up
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_NOT_PRESCRIBED = Text(
    zh="没有申报这样的文件；没有条文要求出具，不适用",
    en="no such document is declared; no text prescribes it, so this does not apply",
)
MAX_AGE_DAYS = 365
"""How old a document may be when neither it nor the policy says (a default of the project)."""


class YearOf(Struct, frozen=True):
    """The first day of the year of the day at a path."""

    year_of: str


class Attestation(Spec, frozen=True, kw_only=True):
    """The path of the document, if not in the register, how old it may be, and if it must be."""

    document: str | None = None
    max_age_days: int | None = None
    not_before: str | YearOf | None = None
    ages: bool = True
    hashed: bool = False
    optional: bool = False

    def asked(self, since: date = date.min) -> Asked:
        """Return what is asked of a document that proves what was done on a day."""
        fresh = self.max_age_days or (MAX_AGE_DAYS if self.ages else None)
        return Asked(fresh=fresh, hashed=self.hashed, since=since)


def check_attestation(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``attestation``."""
    spec = obligation.spec_as(Attestation)
    path = spec.document
    entries = _Entries(obligation, context)
    if not path and not spec.not_before:
        return entries.outcome()

    def judge(subject: Subject) -> Judgement:
        since = _since(spec, context, subject)
        if isinstance(since, Fact):
            return NOT_APPLICABLE if since.value == NEVER else missing(subject, since.tokens)
        if path is None:
            return entries.judge(subject, since)
        fact = context.fact(subject, path)
        if fact.value == NONE:
            return _none(spec, subject, fact)
        if not isinstance(fact.value, Mapping):
            return unknown(subject, fact.tokens, NOT_ATTESTED, required=FRESH)
        document = Subject(fact.tokens, fact.value)
        return Paper(spec.asked(since), context, subject, document).judge()

    return judge_each(obligation, context, judge)


def _since(spec: Attestation, context: Context, subject: Subject) -> date | Fact:
    """Return the day of what a document proves, else the fact that should be it."""
    match spec.not_before:
        case None:
            return date.min
        case YearOf(year_of=path):
            fact = context.fact(subject, path)
            day = day_of(fact)
            return day.replace(month=1, day=1) if day else fact
        case path:
            fact = context.fact(subject, path)
            return day_of(fact) or fact


def _none(spec: Attestation, subject: Subject, fact: Fact) -> Judgement:
    """Judge that there certainly is no document."""
    if spec.optional:
        return NOT_APPLICABLE
    return violated(subject, fact.tokens, NO_SUCH_DOCUMENT, found=plain(NONE), required=FRESH)


_BEST = (Verdict.SATISFIED, Verdict.UNKNOWN, Verdict.VIOLATED)
"""Last year's document may stand beside this year's: one good one is enough."""


class _Entries(Struct, frozen=True, eq=False, dict=True):
    """The entries of ``attestations`` that answer to an obligation."""

    obligation: Obligation
    context: Context

    def outcome(self) -> Outcome:
        """Judge whether one of them is good."""
        steps = steps_by_place(self._entries, self._judged)
        if not self._entries and self._is_not_prescribed:
            verdict = Verdict.NOT_APPLICABLE
            return Outcome(verdict=verdict, reason=_NOT_PRESCRIBED, pointer="/attestations")
        best = min((one.verdict for one in self._judged), key=_BEST.index, default=None)
        judged = [one for one in self._judged if one.verdict is best] or [self._absent]
        if best is Verdict.SATISFIED:
            judged = judged[-1:]
        elif best is Verdict.VIOLATED and self._perhaps:
            judged = [self._perhaps]
        return sum_up(self.obligation, judged, tokens=("attestations",), steps=steps)

    def judge(self, subject: Subject, since: date) -> Judgement:
        """Judge one that may prove what a subject did on a day: a good one, if there is."""
        if not self._entries:
            return self._absent
        i = bisect_left(self._days, since)
        if i == len(self._days):
            if self._perhaps:
                return self._perhaps
            # They are about something else, and say nothing of the one that is wanted.
            older, at = OLDER.format(issued=self._days[-1], since=since), ("attestations",)
            return unknown(
                subject, at, older, required=FRESH, add=entry_for(self.obligation.own_id)
            )
        best = self._entries[self._best[i][1]]
        judged = self._judge(subject, best, since)
        return self._perhaps or judged if judged.verdict is Verdict.VIOLATED else judged

    @property
    def _spec(self) -> Attestation:
        return self.obligation.spec_as(Attestation)

    @property
    def _is_not_prescribed(self) -> bool:
        listed = is_listed(self.context) and misspelt(self.obligation, self.context) is None
        return self._spec.optional and listed

    @cached_property
    def _absent(self) -> Judgement:
        return misspelt(self.obligation, self.context) or unregistered(
            self.obligation, self.context
        )

    @cached_property
    def _perhaps(self) -> Judgement | None:
        """An entry that perhaps answers to the obligation as well; None if there is none."""
        entries = self.context.subjects("attestations").subjects
        rules = ((entry, self.context.fact(entry, "rule")) for entry in entries)
        return next((missing(one, at.tokens) for one, at in rules if at.value is None), None)

    @cached_property
    def _entries(self) -> list[Subject]:
        return entries_of(self.obligation, self.context)

    @cached_property
    def _judged(self) -> list[Judgement]:
        return [self._judge(entry, entry, date.min) for entry in self._entries]

    def _judge(self, subject: Subject, entry: Subject, since: date) -> Judgement:
        """Judge an entry; one of which it is not known when it was issued is perhaps to come."""
        judged = Paper(self._spec.asked(since), self.context, subject, entry).judge()
        issued = self.context.fact(entry, "issued_on")
        if issued.value is None and judged.verdict is Verdict.VIOLATED:
            return missing(subject, issued.tokens)
        return judged

    @cached_property
    def _issued(self) -> list[tuple[date, int]]:
        """The days of issue, in order, with the number of the entry; it may be any day at last."""
        days = (day_of(self.context.fact(entry, "issued_on")) for entry in self._entries)
        return sorted((day or date.max, i) for i, day in enumerate(days))

    @cached_property
    def _days(self) -> list[date]:
        return [day for day, _ in self._issued]

    @cached_property
    def _best(self) -> list[tuple[int, int]]:
        """The best of the entries from each day on: how good it is, and its number."""
        ranks = [(_BEST.index(self._judged[i].verdict), i) for _, i in reversed(self._issued)]
        return [*accumulate(ranks, min)][::-1]


KIND = Kind("attestation", Attestation, check_attestation)
