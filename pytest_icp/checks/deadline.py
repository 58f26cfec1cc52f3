"""Kind ``deadline`` (期限): something is done within a time after an event, or before a day.

``within: {days | working_days | months | hours: n, after: path}`` counts forward from an
event, ``before: {days | months: n, of: path}`` back from a scheduled day. ``done`` is the path
of the date it was done, or ``{first: path, where: …, at: path}`` for the first of several
records. States: done in time, done late (violated for the look-back, then a note), not yet
due (says when), overdue.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from pytest_icp.checks import glance
from pytest_icp.checks import messages as say
from pytest_icp.checks.base import (
    NOT_APPLICABLE,
    SATISFIED,
    Glance,
    Judgement,
    Subject,
    Tokens,
    World,
    judge_each,
    missing,
    unknown,
    violated,
)
from pytest_icp.checks.dated import long_ago, moment, not_after, time_of, upcoming
from pytest_icp.checks.law import in_force
from pytest_icp.core.asof import NEVER
from pytest_icp.core.condition import truth
from pytest_icp.core.deadline import Due, due
from pytest_icp.core.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.core.jsontypes import Json, JsonObject, pointer
from pytest_icp.core.policy import Obligation
from pytest_icp.core.text import Text, plain
from pytest_icp.core.times import TimeError, civil_date, parse_time


@dataclass(frozen=True, slots=True)
class Done:
    """When a duty was done, as far as is known.

    ``at`` is the day or instant, or None: then ``never`` tells "not done" from "not known".
    ``perhaps`` is the place of a record that may be an earlier one.
    """

    tokens: Tokens
    at: date | None
    never: bool = False
    perhaps: Tokens | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One duty of one subject: by when, done when, out of which event."""

    subject: Subject
    limit: Due
    done: Done
    event: date
    forward: bool

    @property
    def unsettled(self) -> bool:
        """Whether the last day may move; one that is counted back never does."""
        return self.forward and self.limit.provisional

    @property
    def last(self) -> date:
        """The last day in time."""
        return civil_date(self.limit.last)

    @property
    def required(self) -> Text:
        """What is required, in words."""
        return say.BY.format(last=moment(self.limit.last))


def check_deadline(obligation: Obligation, world: World) -> Outcome:
    """Decide a ``deadline``."""
    since = event_path(obligation)
    # Events share days, and a term is the same from each.
    limits: dict[str, Due] = {}

    def judge(subject: Subject) -> Judgement:
        event = world.fact(subject, since)
        if event.text is None:
            return missing(subject, event.tokens)
        if event.text == NEVER:
            return NOT_APPLICABLE
        day = civil_date(parse_time(event.text))
        if not in_force(obligation, day):
            return NOT_APPLICABLE
        limit = limits.get(event.text) or reckon(obligation, world, event.text)
        limits[event.text] = limit
        done = find_done(obligation, world, subject)
        return _judge(world, Case(subject, limit, done, day, "within" in obligation.fields))

    return judge_each(obligation, world, judge, _glance(obligation, world))


def event_path(obligation: Obligation) -> str:
    """Return the path of the day that the time runs from, or back from."""
    rule = _rule(obligation)
    return str(rule["after"] if "after" in rule else rule["of"])


def reckon(obligation: Obligation, world: World, event: str) -> Due:
    """Reckon the last day (期限届满日) for one event, given as it is written.

    A term that leaves the calendar ends where the calendar does.
    """
    rule = _rule(obligation)
    try:
        return due(
            after=event if "after" in rule else None,
            before=event if "of" in rule else None,
            days=_whole(rule.get("days")),
            working_days=_whole(rule.get("working_days")),
            months=_whole(rule.get("months")),
            hours=_whole(rule.get("hours")),
            calendar=world.calendar,
        )
    except TimeError:
        end = date.max if "after" in rule else date.min
        return Due(raw=end, last=end, safe=end, provisional=False, certain=end)


def find_done(obligation: Obligation, world: World, subject: Subject) -> Done:
    """Find when the duty was done: a fact, or the first of several records."""
    if isinstance(obligation.fields["done"], str):
        fact = world.fact(subject, obligation.path("done"))
        return Done(fact.tokens, time_of(fact), never=fact.value == NEVER)
    return _first(obligation, world, subject, obligation.group("done"))


def _judge(world: World, case: Case) -> Judgement:
    if case.done.at is None:
        return _open(world, case)
    if not_after(case.done.at, case.limit.certain):
        return _in_time(case, case.done.at)
    # After what is certain and not after the last: a day was too coarse to say.
    if case.unsettled or not_after(case.done.at, case.limit.last) is not False:
        return _depends(case, plain(moment(case.done.at)))
    if case.done.perhaps:
        return missing(case.subject, case.done.perhaps, due=case.last)
    return _late(world, case, case.done.at)


def _open(world: World, case: Case) -> Judgement:
    """Judge a duty that was never done, or of which it is not known whether it was."""
    if not_after(world.as_of, case.limit.certain):
        return upcoming(world, case.subject, case.done.tokens, case.limit)
    if not case.done.never:
        return missing(case.subject, case.done.tokens, due=case.last)
    if case.unsettled or not_after(world.as_of, case.limit.last):
        return _depends(case, plain(NEVER))
    return violated(
        case.subject,
        case.done.tokens,
        _overdue(world, case),
        found=plain(NEVER),
        required=case.required,
        due=case.last,
        on=case.event,
    )


def _overdue(world: World, case: Case) -> Text:
    days = (world.today - case.last).days
    template = say.OVERDUE if days else say.OVERDUE_HOURS
    return template.format(days=days, last=moment(case.limit.last))


def _depends(case: Case, found: Text) -> Judgement:
    why = say.UNPUBLISHED if case.unsettled else say.IMPRECISE
    return unknown(
        case.subject, case.done.tokens, why, found=found, required=case.required, due=case.last
    )


def _in_time(case: Case, done: date) -> Judgement:
    limit = case.limit
    if not not_after(done, limit.raw):
        text = say.ROLLED.format(done=moment(done), raw=moment(limit.raw), last=moment(limit.last))
        return _noted(NoteKind.ROLLED, text, case)
    if limit.raw == limit.last and not not_after(done, limit.safe):
        text = say.REST_DAY.format(done=moment(done), safe=moment(limit.safe))
        return _noted(NoteKind.REST_DAY, text, case)
    return SATISFIED


def _late(world: World, case: Case, done: date) -> Judgement:
    message = say.LATE.format(done=moment(done), last=moment(case.limit.last))
    if long_ago(world, civil_date(done)):
        return _noted(NoteKind.LATE_REMEDIED, message, case)
    return violated(
        case.subject,
        case.done.tokens,
        message,
        found=plain(moment(done)),
        required=case.required,
        due=case.last,
        on=case.event,
    )


def _noted(kind: NoteKind, text: Text, case: Case) -> Judgement:
    note = Note(kind=kind, text=text, pointer=pointer(case.done.tokens), due=case.last)
    return Judgement(verdict=Verdict.SATISFIED, notes=(note,))


def _first(obligation: Obligation, world: World, subject: Subject, rule: JsonObject) -> Done:
    """Find the first record that counts, and whether another one perhaps does."""
    path, at = str(rule["first"]), str(rule["at"])
    where = obligation.condition("done.where")
    records = world.subjects(path, subject)
    known: list[Done] = []
    perhaps: list[Tokens] = list(records.missing)
    for record in records.subjects:
        counts = truth(where, record.value, world.decide)
        fact = world.fact(record, at)
        if counts is False or fact.value == NEVER:
            continue
        when = time_of(fact)
        if counts and when is not None:
            known.append(Done(fact.tokens, when))
        else:
            perhaps.append(fact.tokens)
    open_at = perhaps[0] if perhaps else None
    if known:
        first = min(known, key=_sortable)
        return Done(first.tokens, first.at, perhaps=open_at)
    tokens = world.fact(subject, path).tokens
    return Done(open_at or tokens, None, never=open_at is None)


def _sortable(done: Done) -> tuple[date, float]:
    if isinstance(done.at, datetime):
        return civil_date(done.at), done.at.timestamp()
    return done.at or date.max, float("inf")


def _rule(obligation: Obligation) -> JsonObject:
    return obligation.group("within" if "within" in obligation.fields else "before")


def _whole(number: Json) -> int | None:
    return int(number) if isinstance(number, int | float) else None


def _glance(obligation: Obligation, world: World) -> Glance | None:
    """See what was done on a safe day; of several records, only where there is just one."""
    rule, done = _rule(obligation), obligation.fields.get("done")
    terms = ("days", "working_days", "months", "hours", "after", "of")
    if not glance.knows(obligation.fields, "within", "before", "done"):
        return None
    if not glance.knows(rule, *terms):
        return None
    if isinstance(done, str):
        at = glance.reader(world, done)
    else:
        records = obligation.group("done")
        if not glance.knows(records, "first", "where", "at"):
            return None
        counts = obligation.condition("done.where")
        at = glance.record_reader(world, str(records["first"]), str(records["at"]), counts)

    def limit_of(event: str) -> Due | None:
        binds = in_force(obligation, civil_date(parse_time(event)))
        return reckon(obligation, world, event) if binds else None

    return glance.in_time(glance.reader(world, event_path(obligation)), at, limit_of)
