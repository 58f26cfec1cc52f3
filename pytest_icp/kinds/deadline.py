"""Kind ``deadline`` (期限): something is done within a time after an event, or before a day.

``within: {days | working_days | months | hours | minutes: n, after: path}`` counts forward
from an event, ``before: {days | months: n, of: path}`` back from a scheduled day;
``not_after: path`` is itself the last day or moment. ``after`` and ``of`` may be a list of
paths: the first that is a day counts, so that ``[implemented_on, effective_on]`` is the day of the
act, and the planned day while none is declared. ``done`` is the path of the date
it was done, or ``{first: path, where: …, at: path}`` for the first of several records; without
``first``, ``where`` is what the subject itself must meet for the day to count; with
``after_event: true`` what lies before the event does not count, with ``not_before: path`` what lies
before that day, and with ``to_issuer: path`` of an authority what went to another one than the
issuer of the licence. ``licence_term`` of ``before``
counts back from the end of the term of the licence that runs, as renewed; ``own``: what was done in
the term before answers for that one. ``while_never: {months: n, after: path}`` is the time after
which it is overdue although the event never happened. States: done in time, done late (violated for
the look-back, then a note), not yet due (with the due date), overdue.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import NO_DAY, not_after, time_of
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import NOT_APPLICABLE, Judgement, both, missing
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.past import binds
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.terms import current_term, ended_early
from pytest_icp.kinds.timeliness import DatedDuty, Done, done_at, earliest, judge_timely
from pytest_icp.kinds.words import shown
from pytest_icp.law.blame import blame, gaps
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.deadline import Due, Term, Unit, settled
from pytest_icp.law.deadline import reckon as end_of_term
from pytest_icp.law.times import TimeError, civil_date, parse_time
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Obligation, Spec

_ISSUER = "/licence/issuing_authority/kind"
"""The fact of which authority issued the licence (原发证机关)."""

_Limit: TypeAlias = tuple[Due, Term | None]
"""The last day, and the term that it was reckoned from."""


class Length(Amount, frozen=True):
    """How long a term is."""

    def term_from(self, event: str, direction: Literal["after", "before"]) -> Term:
        """Return the term (期限) of this length that runs from an event, or back from it."""
        start, number = parse_time(event), self.number
        amount = int(number.on(civil_date(start)).n)
        return Term(start=start, direction=direction, amount=amount, unit=Unit(number.unit))


class Within(Length, frozen=True, kw_only=True):
    """A term after an event."""

    after: tuple[str, ...]


class Before(Length, frozen=True, kw_only=True):
    """A term before a day; before the end of a licence, perhaps of the term that runs."""

    of: tuple[str, ...]
    licence_term: Literal["current", "own"] | None = None


class FirstRecord(Struct, frozen=True):
    """A day of the subject, or the first of several records, that counts if a condition is met.

    With ``after_event`` it does not count before the event, with ``not_before`` before that day.
    """

    at: str
    first: str | None = None
    where: Node = ANYTHING
    to_issuer: str | None = None
    after_event: bool = False
    not_before: str | None = None

    def starts(self, events: tuple[str, ...]) -> tuple[str, ...]:
        """Return the paths of the day before which it does not count."""
        if self.not_before:
            return (self.not_before,)
        return events if self.after_event else ()


class Deadline(Spec, frozen=True, kw_only=True):
    """The fields of a deadline: the last day, and the fact of when it was done."""

    within: Within | None = None
    while_never: Within | None = None
    before: Before | None = None
    not_after: str | None = None
    done: str | FirstRecord

    @property
    def event_decides_law(self) -> bool:
        """Whether the term runs from an event: then the law of its day counts."""
        return self.within is not None

    @property
    def events(self) -> tuple[str, ...]:
        """The paths of the day that the time runs from, or back from."""
        if self.within:
            return self.within.after
        return self.before.of if self.before else (self.not_after or "",)

    def term_from(self, event: str) -> Term | None:
        """Return the term (期限) that runs from an event, or back from it; None of a day set."""
        length = self.within or self.before
        if length is None:
            return None
        return length.term_from(event, "after" if self.within else "before")


def check_deadline(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``deadline``."""
    spec = obligation.spec_as(Deadline)
    limit_of = cache(_reckoner(spec, context))

    def judge(subject: Subject) -> Judgement:
        event = find_event(context, subject, spec.events)
        if event.text is None:
            return missing(subject, event.tokens)
        if event.value == NEVER and spec.while_never:
            return _without_event(spec, spec.while_never, obligation, context, subject)
        if event.text in NO_DAY:
            return NOT_APPLICABLE
        done = _done(spec, context, subject)
        which = spec.before.licence_term if spec.before else None
        if which is None:
            return timely(subject, event.text, done)
        term = current_term(context, civil_date(parse_time(event.text)))
        if ended_early(context, term.end):
            return NOT_APPLICABLE
        if which == "current" or not _before(done.at, term.since):
            return timely(subject, term.end.isoformat(), done)
        # It answers for the term before, and tells nothing of this one.
        other = Done(done.tokens, None, early=done.at)
        judged = timely(subject, term.end.isoformat(), other)
        return (
            both(timely(subject, term.before.isoformat(), done), judged) if term.before else judged
        )

    def timely(subject: Subject, event: str, done: Done) -> Judgement:
        day = civil_date(parse_time(event))
        if not binds(obligation, context, day):
            return NOT_APPLICABLE
        limit, term = limit_of(event)
        forward = spec.within is not None
        return judge_timely(context, DatedDuty(subject, limit, done, day, forward, term))

    return judge_each(obligation, context, judge)


def _without_event(
    spec: Deadline, rule: Within, obligation: Obligation, context: Context, subject: Subject
) -> Judgement:
    """Judge what has not been done although its event should long have happened."""
    event = find_event(context, subject, rule.after)
    if event.text is None:
        return missing(subject, event.tokens)
    if event.text in NO_DAY:
        return NOT_APPLICABLE
    term = rule.term_from(event.text, "after")
    limit, day = _end(term, context), civil_date(term.start)
    done = _done(spec, context, subject)
    bound = binds(obligation, context, civil_date(limit.last))
    if not bound or (not done.at and not_after(context.as_of, limit.last)):
        return NOT_APPLICABLE
    return judge_timely(context, DatedDuty(subject, limit, done, day, forward=True, term=term))


def find_event(context: Context, subject: Subject, paths: tuple[str, ...]) -> Fact:
    """Return the first of several facts that is a day, else the last that is not known."""
    facts = [context.fact(subject, path) for path in paths]
    days = [fact for fact in facts if time_of(fact)]
    return (days or [fact for fact in reversed(facts) if fact.value is None] or facts)[0]


def _reckoner(spec: Deadline, context: Context) -> Callable[[str], _Limit]:
    """Return what reckons the last day (期限届满日) for an event, given as it is written."""

    def reckon(event: str) -> _Limit:
        term = spec.term_from(event)
        if term is None:
            return settled(parse_time(event)), None
        limit = _end(term, context)
        return limit, None if limit.last in {date.min, date.max} else term

    return reckon


def _end(term: Term, context: Context) -> Due:
    """Return the end of a term; one that leaves the calendar ends where the calendar does."""
    try:
        return end_of_term(term, context.calendar)
    except TimeError:
        return settled(date.max if term.direction == "after" else date.min)


def _done(spec: Deadline, context: Context, subject: Subject) -> Done:
    """Find when the duty was done: a fact, or the first of several records."""
    if isinstance(spec.done, str):
        return done_at(context.fact(subject, spec.done))
    starts = spec.done.starts(spec.events)
    since = time_of(find_event(context, subject, starts)) if starts else None
    if spec.done.first is not None:
        return _first(spec.done, spec.done.first, context, subject, since)
    done = done_at(context.fact(subject, spec.done.at))
    counts = context.decide.truth(spec.done.where, subject.value)
    if done.at is not None and not counts:
        fault = blame(spec.done.where, subject.value, context.decide)
        tokens = (*subject.tokens, *fault.path)
        found = shown(fault.found)
        best = (done.tokens, done.at) if counts is None else None
        return Done(tokens, None, never=counts is False, best=best, found=found)
    if _before(done.at, since):
        return replace(done, at=None, never=True, early=done.at, since=since)
    return done


def _before(when: date | None, since: date | None) -> bool:
    return when is not None and since is not None and civil_date(when) < civil_date(since)


def _first(
    rule: FirstRecord, path: str, context: Context, subject: Subject, since: date | None
) -> Done:
    """Find the first record that counts, and whether another one perhaps does."""
    records = context.subjects(path, subject)
    known: list[tuple[Tokens, date]] = []
    perhaps: list[Tokens] = list(records.missing)
    dated: list[tuple[Tokens, date]] = []
    for record in records.subjects:
        counts = context.decide.truth(rule.where, record.value)
        if rule.to_issuer and counts is not False:
            counts = _reached(rule.to_issuer, context, record) and counts
        fact = context.fact(record, rule.at)
        if counts is False or fact.value == NEVER:
            continue
        when = time_of(fact)
        if _before(when, since):
            continue
        if when is not None:
            dated.append((fact.tokens, when))
        if counts and when is not None:
            known.append((fact.tokens, when))
        else:
            # Of a day that is known, what is open is whether the record counts.
            gap = next(iter(gaps(rule.where, record.value, context.decide)), None)
            at_gap = (*record.tokens, *gap.path) if gap and when else fact.tokens
            perhaps.append(at_gap)
    open_at = perhaps[0] if perhaps else None
    # Of one without a day nothing is known at best.
    best = earliest(dated) if dated and len(dated) == len(known) + len(perhaps) else None
    if known:
        return Done(*earliest(known), perhaps=open_at, best=best)
    tokens = context.fact(subject, path).tokens
    return Done(open_at or tokens, None, never=open_at is None, best=best)


def _reached(path: str, context: Context, record: Subject) -> bool | None:
    """Whether a record went to the authority that issued the licence; None if not known."""
    issuer, addressee = context.fact(record, _ISSUER), context.fact(record, path)
    known = issuer.value is not None and addressee.value is not None
    return issuer.value == addressee.value if known else None


KIND = Kind("deadline", Deadline, check_deadline)
