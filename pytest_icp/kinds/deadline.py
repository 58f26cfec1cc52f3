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
the term before answers for that one. States: done in time, done late (violated for the look-back,
then a note), not yet due (with the due date), overdue.
"""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.core import Judging
from pytest_icp.kinds.dated.duty import BY_THEN, Dated
from pytest_icp.kinds.dated.term import Act, judge_in_term
from pytest_icp.kinds.dated.when import Dates, Moment, Open, When, whenever
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import Judgement
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import Join
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject
from pytest_icp.rules.numbers import Amount
from pytest_icp.rules.policy import Obligation, Spec

_ISSUER = "/licence/issuing_authority/kind"
"""The fact of which authority issued the licence (原发证机关)."""


class Within(Amount, frozen=True, kw_only=True):
    """A term after an event."""

    after: tuple[str, ...]


class Before(Amount, frozen=True, kw_only=True):
    """A term before a day; before the end of a licence, perhaps of the term that runs."""

    of: tuple[str, ...]
    licence_term: Literal["current", "own"] | None = None


class Done(When, frozen=True, kw_only=True):
    """A day of the subject, or the first of several records, that counts if a condition is met.

    With ``after_event`` it does not count before the event, with ``not_before`` before that day.
    """

    to_issuer: str | None = None
    after_event: bool = False
    not_before: str | None = None

    def when(self, events: tuple[str, ...]) -> When:
        """Return where the day stands, given the paths of the event."""
        since = events if self.after_event else ()
        return When(
            at=self.at,
            of=self.of,
            where=self.where,
            match=Join(self.to_issuer, _ISSUER) if self.to_issuer else None,
            since=(self.not_before,) if self.not_before else since,
        )


class Deadline(Spec, frozen=True, kw_only=True):
    """The fields of a deadline: the last day, and the fact of when it was done."""

    within: Within | None = None
    before: Before | None = None
    not_after: str | None = None
    done: str | Done

    @property
    def event_decides_law(self) -> bool:
        """Whether the term runs from an event: then the law of its day counts."""
        return self.within is not None

    def dated(self) -> Dated:
        """Return it as an act, its anchor and a bound."""
        events: tuple[str, ...] = (self.not_after or "",)
        if self.within:
            events = self.within.after
        elif self.before:
            events = self.before.of
        ahead = None if self.within else self.before or BY_THEN
        act = self.done.when(events) if isinstance(self.done, Done) else whenever(self.done)
        return Dated(act=act, anchor=When(at=events), within=self.within, ahead=ahead)


def check_deadline(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``deadline``."""
    spec = obligation.spec_as(Deadline)
    judging = Judging(spec.dated(), obligation, context)
    which = spec.before.licence_term if spec.before else None

    def judge(subject: Subject) -> Judgement:
        until = judging.anchor_of(subject)
        if until.first is None:
            return judging.of(subject)
        done = judging.act_of(subject)
        # What answers for the term before tells nothing of this one.
        at = done.first.at if done.first else None
        early = Dates(done.tokens, open=(Open(None, done.tokens),), early=at)
        act = Act(
            by=lambda end: judging.by(subject, Moment(end, until.tokens), done),
            early=lambda end: judging.by(subject, Moment(end, until.tokens), early),
        )
        if which == "own":
            act = replace(act, done=at, gap=None if done.first else done.open_at)
        return judge_in_term(context, subject, until.first.day, act)

    return judge_each(obligation, context, judge if which else judging.of)


KIND = Kind("deadline", Deadline, check_deadline)
