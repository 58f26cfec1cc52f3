"""Kind ``agreement`` (一致): a fact agrees with another, such as one printed on the licence.

``fact`` is compared with ``with``: a path, or ``{records, joined_by, fact}`` for the records
whose hosts cover the subject's hosts. ``also`` is a path of names that are accepted as well on
either side: authorised subsidiaries, or former names that are still printed. They are an
exemption, so what is not declared is not claimed. ``compare: amount`` compares a number and its
``unit`` with those of the records that name the same and are ``in_force`` on the subject's day.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from pytest_icp.kinds.amounts import PricedAmount, judge_amount
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.hosts import covered
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import InForce, Join
from pytest_icp.kinds.names import folded, plainly
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, location
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_DIFFERS = Text(zh="与许可证所载不一致", en="differs from what the licence states")
_SPACING = Text(
    zh="仅空格、括号或大小写不同：「{found}」与「{expected}」",
    en="only spaces, brackets or case differ: «{found}», «{expected}»",
)


class Records(Struct, frozen=True):
    """Records that share hosts with a subject, and their fact that is compared."""

    records: str
    joined_by: str
    fact: str


class Agreement(Spec, frozen=True, kw_only=True, rename={"with_": "with"}):
    """Two facts that must agree."""

    fact: str
    with_: str | Records
    also: str | None = None
    unit: str | None = None
    in_force: InForce | None = None
    compare: Literal["name", "amount"] = "name"

    @property
    def amount(self) -> PricedAmount | None:
        """What an amount is compared with; None where names are compared."""
        if self.compare == "name" or isinstance(self.with_, str):
            return None
        join = Join(self.with_.joined_by, self.with_.joined_by)
        theirs = self.with_.records, self.with_.fact
        return PricedAmount(self.fact, self.unit or "", *theirs, join, self.in_force)


def check_agreement(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``agreement``."""
    spec = obligation.spec_as(Agreement)
    amount = spec.amount

    def judge(subject: Subject) -> Judgement:
        if amount:
            return judge_amount(amount, context, subject)
        expected = _expected(spec, context, subject)
        if not expected:
            return NOT_APPLICABLE
        fact = context.fact(subject, spec.fact)
        if fact.text is None:
            return missing(subject, fact.tokens)
        known = tuple(other for other in expected if other.text is not None)
        judgement = _compare(subject, fact, known, _also(spec, context, subject))
        if judgement.verdict is Verdict.VIOLATED and len(known) < len(expected):
            # One that is not known may be the one that agrees.
            gap = next(other for other in expected if other.text is None)
            return missing(subject, gap.tokens)
        return judgement

    return judge_each(obligation, context, judge)


def _compare(
    subject: Subject, fact: Fact, expected: tuple[Fact, ...], also: frozenset[str]
) -> Judgement:
    found = fact.text or ""
    names = [other.text or "" for other in expected]
    if plainly(found) in {plainly(name) for name in names}:
        return SATISFIED
    # Whichever side the other name is of: a subsidiary's, or a former one still printed.
    if also & {folded(found), *map(folded, names)}:
        return SATISFIED
    if folded(found) in {folded(name) for name in names}:
        text = _SPACING.format(found=found, expected=names[0])
        note = Note(kind=NoteKind.ADVICE, text=text, location=location(fact.tokens))
        return Judgement(verdict=Verdict.SATISFIED, notes=(note,))
    required = plain(" / ".join(names))
    return violated(subject, fact.tokens, _DIFFERS, found=plain(found), required=required)


def _expected(spec: Agreement, context: Context, subject: Subject) -> tuple[Fact, ...]:
    if isinstance(spec.with_, str):
        return (context.fact(subject, spec.with_),)
    by = spec.with_.joined_by
    mine = context.fact(subject, by)
    records = context.subjects(spec.with_.records)
    if records.missing:
        return (Fact(records.missing[0], None),)
    theirs = [(record, context.fact(record, by)) for record in records.subjects]
    joined = tuple(
        context.fact(record, spec.with_.fact)
        for record, hosts in theirs
        if any(covered(host, hosts.values) for host in mine.values)
    )
    return joined + _perhaps_joined(mine, *(hosts for _, hosts in theirs))


def _perhaps_joined(*hosts: Fact) -> tuple[Fact, ...]:
    """Return the first unknown hosts, by which a record may yet be joined."""
    open_at = next((fact for fact in hosts if fact.is_open), None)
    return (Fact(open_at.tokens, None),) if open_at else ()


def _also(spec: Agreement, context: Context, subject: Subject) -> frozenset[str]:
    path = spec.also
    if not path:
        return frozenset()
    start: Json = context.view.facts if path.startswith("/") else subject.value
    return frozenset(
        folded(name) for name in _texts(start, path.lstrip("/").replace("/", ".").split("."))
    )


def _texts(value: Json | JsonObject, names: list[str]) -> list[str]:
    """Collect the texts at a path, through every list on the way."""
    if isinstance(value, list):
        return [text for element in value for text in _texts(element, names)]
    if not names:
        return [value] if isinstance(value, str) else []
    return _texts(value.get(names[0]), names[1:]) if isinstance(value, Mapping) else []


KIND = Kind("agreement", Agreement, check_agreement)
