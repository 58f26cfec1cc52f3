"""Kind ``agreement`` (一致): a fact agrees with another, such as one printed on the licence.

``fact`` is compared with ``with``: a path, or ``{records, joined_by, fact}`` for the records
whose hosts cover the subject's hosts. ``also`` are paths of names that are accepted as well: those
of the subject are other names of what is compared, such as former ones, those from the root are
others that may stand there, such as authorised subsidiaries. ``same`` are paths of the names of one
company, the present one first: if one of them is expected, all are. While one of these paths is
not declared, it may have the name that agrees. ``meanwhile`` are records of changes: while the time
to apply for one runs, or its application is decided, the difference is none.

``compare: name`` compares names, or two numbers. ``compare: amount`` compares a number and its
``unit`` with those of the records that name the same and are ``in_force`` on the subject's day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from pytest_icp.kinds.amounts import PricedAmount, judging_amount
from pytest_icp.kinds.changing import Meanwhile, changing
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.cover import cover_of_hosts
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    missing,
    unknown,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import InForce, Join
from pytest_icp.kinds.names import folded, legal_person, plainly
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens, location
from pytest_icp.law.spellings import may_be_traditional
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_SCRIPT = Text(
    zh="可能是许可证所载名称的繁体写法，无法判断是否相同；请照许可证的写法填写",
    en="this may be the name on the licence in traditional characters, which cannot be decided; "
    "write it as the licence does",
)
_DIFFERS = Text(zh="与许可证所载不一致", en="differs from what the licence states")
_SPACING = Text(
    zh="仅空格、括号、大小写或者繁简不同：「{found}」与「{expected}」",
    en="only spaces, brackets, case or traditional characters differ: «{found}», «{expected}»",
)
_CHANGING = Text(
    zh="「{found}」与许可证所载的「{expected}」不同，变更在申请期限内或者正在办理",
    en="{found} differs from {expected} on the licence; the change may still be applied for, or is "
    "being decided",
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
    also: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    meanwhile: Meanwhile | None = None
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
    if amount := spec.amount:
        return judge_each(obligation, context, judging_amount(amount, context))
    expected_of = _expected(spec.with_, context)

    def judge(subject: Subject) -> Judgement:
        expected = expected_of(subject)
        if not expected:
            return NOT_APPLICABLE
        fact = context.fact(subject, spec.fact)
        if _said(fact) is None:
            return missing(subject, fact.tokens)
        known = tuple(other for other in expected if _said(other) is not None)
        judgement = _compare(spec, context, subject, fact, known)
        if judgement.verdict is not Verdict.SATISFIED and len(known) < len(expected):
            # One that is not known may be the one that agrees.
            gap = next(other for other in expected if _said(other) is None)
            return missing(subject, gap.tokens)
        return judgement

    return judge_each(obligation, context, judge)


def _compare(
    spec: Agreement, context: Context, subject: Subject, fact: Fact, expected: tuple[Fact, ...]
) -> Judgement:
    found = _said(fact) or ""
    names = [_said(other) or "" for other in expected]
    if plainly(found) in {plainly(name) for name in names}:
        return SATISFIED
    # Other names of what is found, and others that may stand there.
    own = {legal_person(found)} | _names(context, subject, _relative(spec.also))
    allowed = {*map(legal_person, names)} | _names(context, subject, _absolute(spec.also))
    company = _names(context, subject, spec.same)
    if company & allowed:
        allowed |= company
    if folded(found) in {folded(name) for name in names}:
        return _noted(fact, _SPACING, found, names)
    if own & allowed:
        return SATISFIED
    required = plain(" / ".join(names))
    if any(may_be_traditional(folded(found), folded(name)) for name in names):
        return unknown(subject, fact.tokens, _SCRIPT, found=plain(found), required=required)
    differs = violated(subject, fact.tokens, _DIFFERS, found=plain(found), required=required)
    gap = next(_undeclared(context, subject, (*spec.also, *spec.same)), None)
    if gap:
        differs = missing(subject, gap)
    if spec.same and not own & company:
        return differs
    excuse = changing(spec.meanwhile, context) if spec.meanwhile else differs
    if excuse.verdict is Verdict.SATISFIED:
        return _noted(fact, _CHANGING, found, names)
    return excuse if excuse.verdict is Verdict.UNKNOWN else differs


def _noted(fact: Fact, template: Text, found: str, names: list[str]) -> Judgement:
    text = template.format(found=found, expected=" / ".join(names))
    note = Note(kind=NoteKind.ADVICE, text=text, location=location(fact.tokens))
    return Judgement(verdict=Verdict.SATISFIED, notes=(note,))


def _said(fact: Fact) -> str | None:
    """Return a name, or a number as a text; sums of decimals may be a hair off."""
    if isinstance(fact.value, (int, float)):
        return f"{fact.value:.15g}"
    return fact.text


def _relative(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in paths if not path.startswith("/"))


def _absolute(paths: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(path for path in paths if path.startswith("/"))


def _expected(rule: str | Records, context: Context) -> Callable[[Subject], tuple[Fact, ...]]:
    """Return what tells the facts that must agree with one of a subject."""
    if isinstance(rule, str):
        return lambda subject: (context.fact(subject, rule),)
    records = context.subjects(rule.records)
    cover = cover_of_hosts([context.fact(one, rule.joined_by) for one in records.subjects])

    def joined(subject: Subject) -> tuple[Fact, ...]:
        if records.missing:
            return (Fact(records.missing[0], None),)
        positions, perhaps = cover.joined(context.fact(subject, rule.joined_by))
        return (*(context.fact(records.subjects[i], rule.fact) for i in positions), *perhaps)

    return joined


def _names(context: Context, subject: Subject, paths: tuple[str, ...]) -> frozenset[str]:
    """Return the names at some paths, folded."""
    return frozenset(
        legal_person(fact.value)
        for fact in _facts(context, subject, paths)
        if isinstance(fact.value, str)
    )


def _undeclared(context: Context, subject: Subject, paths: tuple[str, ...]) -> Iterator[Tokens]:
    """Yield the places at some paths where a name is not declared."""
    return (fact.tokens for fact in _facts(context, subject, paths) if fact.value is None)


def _facts(context: Context, subject: Subject, paths: tuple[str, ...]) -> Iterator[Fact]:
    """Yield what is at some paths, through every list on the way."""
    for path in paths:
        names = path.lstrip("/").replace("/", ".").split(".")
        whole = Fact((), context.view.facts) if path.startswith("/") else None
        yield from _below(whole or Fact(subject.tokens, subject.value), names)


def _below(fact: Fact, names: list[str]) -> Iterator[Fact]:
    if isinstance(fact.value, list):
        for i, element in enumerate(fact.value):
            yield from _below(Fact((*fact.tokens, i), element), names)
    elif names and isinstance(fact.value, Mapping):
        below = Fact((*fact.tokens, names[0]), fact.value.get(names[0]))
        yield from _below(below, names[1:])
    else:
        yield fact


KIND = Kind("agreement", Agreement, check_agreement)
