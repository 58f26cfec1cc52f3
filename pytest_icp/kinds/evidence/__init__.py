"""Kind ``evidence`` (证明材料): a paper is there, and proves what it is to prove.

``paper`` is the path of a document in each subject; without it, the entries of ``attestations``
whose ``rule`` names the obligation are judged. What is not declared is unknown; what is declared
to be missing or defective is violated, and so is an empty list of attestations. With ``fresh`` the
paper is kept current: it is not older than so many days, unchanged, and names the role that answers
for it. Without, it has to be there, of whatever age, unless it says itself when it ends.

``since`` is the path of the day of what it proves, or ``{year_of: path}`` for the first day of
that year: a document that is older does not prove it. With it and without ``paper``, an entry of
``attestations`` is wanted for every subject.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.evidence.document import NO_SUCH_DOCUMENT, judge_document, required
from pytest_icp.kinds.evidence.register import NOT_ATTESTED, Register
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import NOT_APPLICABLE, Judgement, missing, unknown, violated
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.kinds.words import shown
from pytest_icp.rules.policy import Obligation, Spec


class YearOf(Struct, frozen=True):
    """The first day of the year of the day at a path."""

    year_of: str


class Evidence(Spec, frozen=True):
    """The path of the paper, if not in the register, how old it may be, and what it proves."""

    paper: str | None = None
    fresh: int | None = None
    since: str | YearOf | None = None


def check_evidence(obligation: Obligation, context: Context) -> Outcome:
    """Decide an ``evidence``."""
    spec = obligation.spec_as(Evidence)
    path = spec.paper
    register = Register(obligation, context, spec.fresh)
    if not path and not spec.since:
        return register.outcome()

    def judge(subject: Subject) -> Judgement:
        since = _since(spec.since, context, subject)
        if isinstance(since, Fact):
            return NOT_APPLICABLE if since.value == NEVER else missing(subject, since.tokens)
        if path is None:
            return register.judge(subject, since)
        fact = context.fact(subject, path)
        if fact.value == NONE:
            found = shown(NONE)
            return violated(
                subject, fact.tokens, NO_SUCH_DOCUMENT, found=found, required=required(spec.fresh)
            )
        if not isinstance(fact.value, Mapping):
            return unknown(subject, fact.tokens, NOT_ATTESTED, required=required(spec.fresh))
        document = Subject(fact.tokens, fact.value)
        return judge_document(context, subject, document, fresh=spec.fresh, since=since)

    return judge_each(obligation, context, judge)


def _since(rule: str | YearOf | None, context: Context, subject: Subject) -> date | Fact:
    """Return the day of what a document proves, else the fact that should be it."""
    if rule is None:
        return date.min
    fact = context.fact(subject, rule if isinstance(rule, str) else rule.year_of)
    day = day_of(fact)
    if day is None:
        return fact
    return day if isinstance(rule, str) else day.replace(month=1, day=1)


KIND = Kind("evidence", Evidence, check_evidence)
