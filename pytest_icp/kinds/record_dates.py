"""Days found among records (记录中的日期): those that count for a subject, and the first of them.

A policy writes a day as the path of a fact, or as ``{first: path, where: …, at: path}``: the
earliest of the records at a path; ``operates`` instead of ``where`` means the services in use that
do what one of its items is for. ``joined_by`` of the obligation tells which records belong to the
subject. A record of which it is not known whether it counts, or when it was, is kept apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import time_of
from pytest_icp.kinds.matching import belonging
from pytest_icp.kinds.services import OPERATED, Operated, operates
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.blame import gaps
from pytest_icp.law.condition import Node, truth
from pytest_icp.law.jsontypes import Json, texts_of
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation


class Moment(Struct, frozen=True):
    """A day or instant, and the fact that says so."""

    at: date
    tokens: Tokens

    @property
    def day(self) -> date:
        """The civil day."""
        return civil_date(self.at)


class Open(Struct, frozen=True):
    """A day that perhaps counts: None where it is not known, and the fact that is wanting."""

    at: date | None
    tokens: Tokens

    def after(self, day: date) -> bool:
        """Whether it may lie after a day."""
        return self.at is None or civil_date(self.at) > day


class Found(Struct, frozen=True):
    """The days of the records that count, the earliest first, and those that perhaps do.

    ``tokens`` is the place of the records; of a single fact, its own.
    """

    tokens: Tokens
    known: tuple[Moment, ...]
    open: tuple[Open, ...]

    @property
    def first(self) -> Moment | None:
        """The earliest day that is known."""
        return self.known[0] if self.known else None

    @property
    def never(self) -> bool:
        """Whether there is certainly none."""
        return not self.known and not self.open

    @property
    def wanting(self) -> Tokens | None:
        """The place of the first fact for want of which there may be others."""
        return self.open[0].tokens if self.open else None

    @property
    def at(self) -> Tokens:
        """The place of the earliest day; where none is known, of what should say it."""
        return self.first.tokens if self.first else self.wanting or self.tokens


NOTHING = Found((), (), ())


def find(
    obligation: Obligation, context: Context, subject: Subject, name: str, written: Json
) -> Found:
    """Find a day that a policy writes as a path, or as the first of several records.

    ``name`` is the field that says so, under which its ``where`` was compiled.
    """
    if not isinstance(written, Mapping):
        return _single(context.fact(subject, str(written)))
    paths = str(written["first"]), str(written["at"])
    where = obligation.condition(f"{name}.where")
    return among(obligation, context, subject, paths, where, texts_of(written.get("operates")))


def among(
    obligation: Obligation,
    context: Context,
    subject: Subject,
    paths: tuple[str, str],
    where: Node,
    operating: tuple[str, ...] = (),
) -> Found:
    """Find the days of the records at a path: ``paths`` lead to the records, and to the day.

    Those count that meet ``where`` and, where items are named, are services ``operating`` one.
    """
    path, at = paths
    collected = context.subjects(path, subject)
    known: list[Moment] = []
    open_: list[Open] = [Open(None, tokens) for tokens in collected.missing]
    for one in belonging(obligation, context, subject, collected):
        counts = truth(where, one.record.value, context.decide)
        does = _does(context, one.record, operating)
        if counts is not False and not does.truth:
            counts = does.truth
        fact = context.fact(one.record, at)
        if counts is False or fact.value == NEVER:
            continue
        when = time_of(fact)
        if when is None:
            open_.append(Open(None, fact.tokens))
        elif counts and one.surely is not None:
            known.append(Moment(when, fact.tokens))
        else:
            open_.append(Open(when, one.open_at or _gap(context, one.record, where, does)))
    place = context.fact(subject, path).tokens
    return Found(place, tuple(sorted(known, key=_in_time)), tuple(open_))


def _single(fact: Fact) -> Found:
    when = time_of(fact)
    known = () if when is None else (Moment(when, fact.tokens),)
    wanting = () if known or fact.value == NEVER else (Open(None, fact.tokens),)
    return Found(fact.tokens, known, wanting)


def _does(context: Context, record: Subject, operating: tuple[str, ...]) -> Operated:
    """Whether a record is a service that does what one of the items is for."""
    return operates(record.value, operating, strict=context.strict) if operating else OPERATED


def _gap(context: Context, record: Subject, where: Node, does: Operated) -> Tokens:
    if does.wanting:
        return (*record.tokens, *does.wanting)
    gap = next(iter(gaps(where, record.value, context.decide)))
    return (*record.tokens, *gap.path)


def _in_time(moment: Moment) -> tuple[date, float]:
    exact = moment.at.timestamp() if isinstance(moment.at, datetime) else float("inf")
    return moment.day, exact
