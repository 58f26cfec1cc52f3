"""Kind ``condition`` (条件): facts meet a condition, records exist, a file is on file.

``require`` is what each subject must meet. Of ``records`` there must be ``at_least`` as many as the
fact at a path says, and one in any case. ``on_file`` is the path of the name of a file that has to
be there. Each ``excused`` lifts what is required ``from`` a day on,
for a licence of certain ``items`` alone, or ``when`` a condition is met.
"""

from __future__ import annotations

import sys
from datetime import date
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds import Kind
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.holdings import licensed_scope
from pytest_icp.kinds.judgement import (
    SATISFIED,
    Judge,
    Judgement,
    blamed,
    both,
    missing,
    not_looked_at,
    violated,
    would_be_violated,
)
from pytest_icp.kinds.selection import judge_each, too_few
from pytest_icp.kinds.subjects import Collected, Subject, Tokens, steps
from pytest_icp.kinds.words import condition
from pytest_icp.law.blame import blame
from pytest_icp.law.catalogue import covers
from pytest_icp.law.condition import ANYTHING, AnyOf, Node, Not
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_NOT_ON_FILE = Text(zh="文件“{path}”不存在", en="the file {path} does not exist")
_ON_FILE = Text(zh="已存档的文件", en="a file that is there")


class Wanted(Struct, frozen=True):
    """The path of records, and the condition that one meets to count."""

    of: str
    where: Node = ANYTHING


class Excuse(Struct, frozen=True, rename={"from_": "from"}):
    """From which day on, for which items of a licence, and for whom the requirement is lifted."""

    from_: str | None = None
    items: tuple[str, ...] = ()
    when: Node = ANYTHING


class Condition(Spec, frozen=True):
    """The condition that subjects must meet, the records there must be, and what is on file."""

    require: Node = ANYTHING
    records: Wanted | None = None
    at_least: str | None = None
    on_file: str | None = None
    excused: tuple[Excuse, ...] = ()


def check_condition(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``condition``."""
    spec = obligation.spec_as(Condition)
    exist = [_exists(one, context) for one in spec.excused]
    lifted = tuple(one.when for one, known in zip(spec.excused, exist, strict=True) if known)
    require = AnyOf((spec.require, *lifted)) if lifted else spec.require
    are_there = _wanted(spec.records, spec.at_least, context) if spec.records else None

    def judge(subject: Subject) -> Judgement:
        judged = SATISFIED
        if not context.decide.truth(require, subject.value):
            if None in exist:
                return missing(subject, ("licence", "service_lines"))
            judged = blamed(subject, blame(require, subject.value, context.decide))
            if lifted and judged.verdict is Verdict.UNKNOWN:
                judged = _unless_excused(spec, AnyOf(lifted), context, subject, judged)
        if are_there:
            judged = both(judged, are_there(subject))
        if spec.on_file and judged is SATISFIED:
            return _filed(spec.on_file, context, subject)
        return judged

    return judge_each(obligation, context, judge)


def _exists(excuse: Excuse, context: Context) -> bool | None:
    """Whether an excuse exists on the day for the licence; None if its scope is not known."""
    if excuse.from_ and context.today < date.fromisoformat(excuse.from_):
        return False
    if not excuse.items:
        return True
    scope = licensed_scope(context.view.facts.get("licence"))
    if scope is None:
        return None
    return all(any(covers(code, held) for code in excuse.items) for held in scope.permitted)


def _unless_excused(
    spec: Condition, excuse: Node, context: Context, subject: Subject, gap: Judgement
) -> Judgement:
    """Return that the requirement would be violated, where only the excuse is not known."""
    if context.decide.truth(spec.require, subject.value) is not False:
        return gap
    broken = blamed(subject, blame(spec.require, subject.value, context.decide))
    unless = condition(Not(excuse), subject.tokens, subject.tokens)
    return replace(gap, findings=would_be_violated(unless, gap.findings[0], broken.findings))


def _wanted(named: Wanted, at_least: str | None, context: Context) -> Judge:
    """Return what judges whether enough records count: for sure, or perhaps."""
    of_all = cache(lambda: tally(context.subjects(named.of)))

    def tally(records: Collected) -> tuple[int, int, Tokens | None]:
        """Count the records that count, and those that may, with the fact on which that hangs."""
        truths = [context.counts(one, named.where) for one in records.subjects]
        if records.missing:
            return truths.count(True), sys.maxsize, records.missing[0]
        open_at = None
        if None in truths:
            open_at = context.open_of(records.subjects[truths.index(None)], named.where)
        return truths.count(True), truths.count(None), open_at

    def are_there(subject: Subject) -> Judgement:
        number = context.fact(subject, at_least) if at_least else None
        stated = number.value if number else None
        least = max(1, int(stated)) if isinstance(stated, (int, float)) else 1
        is_whole = steps(named.of)[1]
        surely, perhaps, open_at = (
            of_all() if is_whole else tally(context.subjects(named.of, subject))
        )
        if surely >= least:
            return missing(subject, number.tokens) if number and stated is None else SATISFIED
        if open_at is not None and surely + perhaps >= least:
            return missing(subject, open_at)
        at = context.fact(subject, named.of).tokens
        place = Subject(at, {"id": subject.label})
        return too_few(place, at, named.where, found=surely, least=least)

    return are_there


def _filed(path: str, context: Context, subject: Subject) -> Judgement:
    """Judge whether the file that a fact names is there."""
    fact = context.fact(subject, path)
    if fact.text is None:
        return missing(subject, fact.tokens)
    evidence = context.evidence.get(fact.text)
    if evidence is not None and evidence.exists:
        return SATISFIED
    if evidence is not None and evidence.unread:
        return not_looked_at(subject, fact, _ON_FILE)
    message, found = _NOT_ON_FILE.format(path=fact.text), plain(fact.text)
    return violated(subject, fact.tokens, message, found=found, required=_ON_FILE)


KIND = Kind("condition", Condition, check_condition)
