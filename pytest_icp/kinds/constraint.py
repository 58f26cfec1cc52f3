"""Kind ``constraint`` (条件): facts of a kind satisfy a condition.

``each`` names the subjects, ``where`` those that it applies to, ``require`` what they must meet.
``on_file`` is the path of the name of a file that has to be there. Each of the ``exceptions`` lifts
the requirement ``from`` a day on, for a licence of certain ``items`` alone, or where it is ``met``.
One call of a compiled schema decides a whole list when all is well; only otherwise are its
elements looked at one by one, to report which and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.files import not_looked_at
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import SATISFIED, Judgement, blamed, missing, violated
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.licence_scope import licensed_scope
from pytest_icp.kinds.selection import judge_each, reason
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.blame import blame
from pytest_icp.law.catalogue import covers
from pytest_icp.law.condition import ANYTHING, AnyOf, Node
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_NOT_ON_FILE = Text(zh="文件「{path}」不存在", en="the file {path} does not exist")
_ON_FILE = Text(zh="已存档的文件", en="a file that is there")


class Exempt(Struct, frozen=True, rename={"from_": "from"}):
    """From which day on, for which items of a licence, and for whom the requirement is lifted."""

    from_: str | None = None
    items: tuple[str, ...] = ()
    met: Node = ANYTHING


class Constraint(Spec, frozen=True):
    """The condition that subjects must meet, and what is on file."""

    require: Node = ANYTHING
    on_file: str | None = None
    exceptions: tuple[Exempt, ...] = ()


def check_constraint(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``constraint``."""
    spec = obligation.spec_as(Constraint)
    exist = [_exists(one, context) for one in spec.exceptions]
    lifted = tuple(one.met for one, known in zip(spec.exceptions, exist, strict=True) if known)
    require = AnyOf((spec.require, *lifted)) if lifted else spec.require
    # One call cannot decide the whole list where more than ``where`` selects the subjects.
    around = obligation.of_where is not ANYTHING or obligation.serves is not None
    narrowed = around or spec.on_file is not None

    def judge(subject: Subject) -> Judgement:
        if context.decide.truth(require, subject.value):
            return _filed(spec.on_file, context, subject) if spec.on_file else SATISFIED
        if None in exist:
            return missing(subject, ("licence", "service_lines"))
        return blamed(subject, blame(require, subject.value, context.decide))

    elements = context.view.facts.get(obligation.each)
    if narrowed or not isinstance(elements, list) or not elements:
        return judge_each(obligation, context, judge)
    if context.decide.all_comply(obligation.where, require, elements):
        return _at_once(obligation, context, elements)
    return judge_each(obligation, context, judge)


def _exists(exempt: Exempt, context: Context) -> bool | None:
    """Whether an exception exists on the day for the licence; None if its scope is not known."""
    if exempt.from_ and context.today < date.fromisoformat(exempt.from_):
        return False
    if not exempt.items:
        return True
    scope = licensed_scope(context.view.facts.get("licence"))
    if scope is None:
        return None
    return all(any(covers(code, held) for code in exempt.items) for held in scope.permitted)


def _at_once(obligation: Obligation, context: Context, elements: Sequence[Json]) -> Outcome:
    applies = context.decide.any_possible(obligation.where, elements)
    verdict = Verdict.SATISFIED if applies else Verdict.NOT_APPLICABLE
    return Outcome(
        verdict=verdict,
        reason=reason(obligation, verdict, len(elements)),
        pointer=f"/{obligation.each}",
        subjects=len(elements) if applies else 0,
    )


def _filed(path: str, context: Context, subject: Subject) -> Judgement:
    """Judge whether the file that a fact names is there."""
    fact = context.fact(subject, path)
    if fact.text is None:
        return missing(subject, fact.tokens)
    evidence = context.evidence.get(fact.text)
    if evidence is not None and evidence.exists:
        return SATISFIED
    message, found = _NOT_ON_FILE.format(path=fact.text), plain(fact.text)
    return not_looked_at(context, subject, fact.tokens, fact.text, _ON_FILE) or violated(
        subject, fact.tokens, message, found=found, required=_ON_FILE
    )


KIND = Kind("constraint", Constraint, check_constraint)
