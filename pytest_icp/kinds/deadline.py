"""Kind ``deadline`` (期限): something is done within a time after an event, or before a day.

``within: {days | working_days | months | hours | minutes: n, after: path}`` counts forward
from an event, ``before: {days | months: n, of: path}`` back from a scheduled day;
``not_after: path`` is itself the last day or moment. ``after`` and ``of`` may be a list of
paths: the first that does not read ``never`` counts, so that ``[implemented_on, effective_on]``
is the day of the act, and the planned day until there was one. ``done`` is the path of the date
it was done, or ``{first: path, where: …, at: path}`` for the first of several records, with
``after_event: true`` of those that do not lie before the event. States: done in time, done
late (violated for the look-back, then a note), not yet due (says when), overdue.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Literal

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import glance
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import NO_DAY, time_of
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import NOT_APPLICABLE, Judgement, missing
from pytest_icp.kinds.legal_force import in_force
from pytest_icp.kinds.selection import Glance, judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.timeliness import Case, Done, done_at, earliest, judge_timely
from pytest_icp.law.condition import truth
from pytest_icp.law.deadline import Due, Term, Unit, settled
from pytest_icp.law.deadline import reckon as end_of_term
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.times import TimeError, civil_date, parse_time
from pytest_icp.rules.policy import Obligation


def check_deadline(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``deadline``."""
    since = event_paths(obligation)
    forward = "within" in obligation.fields
    limit_of = cache(_reckoner(obligation, context))

    def judge(subject: Subject) -> Judgement:
        event = find_event(context, subject, since)
        if event.text is None:
            return missing(subject, event.tokens)
        if event.text in NO_DAY:
            return NOT_APPLICABLE
        day = civil_date(parse_time(event.text))
        if not in_force(obligation, day):
            return NOT_APPLICABLE
        done = find_done(obligation, context, subject)
        return judge_timely(context, Case(subject, limit_of(event.text), done, day, forward))

    return judge_each(obligation, context, judge, _glance(obligation, context))


def event_paths(obligation: Obligation) -> tuple[str, ...]:
    """Return the paths of the day that the time runs from, or back from."""
    rule = _rule(obligation)
    named = next(rule[key] for key in ("after", "of", "not_after") if key in rule)
    return tuple(str(path) for path in named) if isinstance(named, list) else (str(named),)


def find_event(context: Context, subject: Subject, paths: tuple[str, ...]) -> Fact:
    """Return the first of several facts that may be a day, else the last of them."""
    facts = [context.fact(subject, path) for path in paths]
    return next((fact for fact in facts if fact.text not in NO_DAY), facts[-1])


def reckon(obligation: Obligation, context: Context, event: str) -> Due:
    """Reckon the last day (期限届满日) for one event, given as it is written.

    A term that leaves the calendar ends where the calendar does.
    """
    return _reckoner(obligation, context)(event)


def _reckoner(obligation: Obligation, context: Context) -> Callable[[str], Due]:
    """Return what reckons the last day for each event of an obligation."""
    if "not_after" in obligation.fields:
        return lambda event: settled(parse_time(event))
    term_from = terms_of(obligation)

    def reckon(event: str) -> Due:
        asked = term_from(event)
        try:
            return end_of_term(asked, context.calendar)
        except TimeError:
            return settled(date.max if asked.direction == "after" else date.min)

    return reckon


def terms_of(obligation: Obligation) -> Callable[[str], Term]:
    """Return what makes the term (期限) that runs from an event, or back from it."""
    rule = _rule(obligation)
    unit = next(unit for unit in Unit if unit.value in rule)
    number = rule[unit.value]
    amount = int(number) if isinstance(number, int | float) else 0
    direction: Literal["after", "before"] = "after" if "after" in rule else "before"
    return lambda event: Term(
        start=parse_time(event), direction=direction, amount=amount, unit=unit
    )


def find_done(obligation: Obligation, context: Context, subject: Subject) -> Done:
    """Find when the duty was done: a fact, or the first of several records."""
    if isinstance(obligation.fields["done"], str):
        return done_at(context.fact(subject, obligation.path("done")))
    return _first(obligation, context, subject, obligation.group("done"))


def _first(obligation: Obligation, context: Context, subject: Subject, rule: JsonObject) -> Done:
    """Find the first record that counts, and whether another one perhaps does."""
    path, at = str(rule["first"]), str(rule["at"])
    where = obligation.condition("done.where")
    records = context.subjects(path, subject)
    event = find_event(context, subject, event_paths(obligation)) if "after_event" in rule else None
    since = time_of(event) if event else None
    known: list[Done] = []
    perhaps: list[Tokens] = list(records.missing)
    for record in records.subjects:
        counts = truth(where, record.value, context.decide)
        fact = context.fact(record, at)
        if counts is False or fact.value == NEVER:
            continue
        when = time_of(fact)
        if when is not None and since is not None and civil_date(when) < civil_date(since):
            continue
        if counts and when is not None:
            known.append(Done(fact.tokens, when))
        else:
            perhaps.append(fact.tokens)
    open_at = perhaps[0] if perhaps else None
    if known:
        return earliest(known, open_at)
    tokens = context.fact(subject, path).tokens
    return Done(open_at or tokens, None, never=open_at is None)


def _rule(obligation: Obligation) -> JsonObject:
    if "not_after" in obligation.fields:
        return {"not_after": obligation.path("not_after")}
    return obligation.group("within" if "within" in obligation.fields else "before")


def _glance(obligation: Obligation, context: Context) -> Glance | None:
    """See what was done on a safe day; of several records, only where there is just one."""
    rule, done, paths = _rule(obligation), obligation.fields.get("done"), event_paths(obligation)
    terms = ("days", "working_days", "months", "hours", "minutes", "after", "of")
    if not glance.knows(obligation.fields, "within", "before", "done"):
        return None
    if not glance.knows(rule, *terms) or len(paths) > 1:
        return None
    if isinstance(done, str):
        at = glance.reader(context, done)
    else:
        records = obligation.group("done")
        if not glance.knows(records, "first", "where", "at"):
            return None
        counts = obligation.condition("done.where")
        at = glance.record_reader(context, str(records["first"]), str(records["at"]), counts)

    reckoned = _reckoner(obligation, context)

    def limit_of(event: str) -> Due | None:
        binds = in_force(obligation, civil_date(parse_time(event)))
        return reckoned(event) if binds else None

    return glance.in_time(glance.reader(context, paths[0]), at, limit_of)
