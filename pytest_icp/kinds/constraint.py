"""Kind ``constraint`` (条件): facts of a kind satisfy a condition.

``each`` names the subjects, ``where`` those that it applies to, ``require`` what they must meet.
``over`` are paths of the day on which a breach was over, of which the first that names one counts:
it stays violated for the look-back all the same, then it is a note. ``on_file`` is the path of
the name of a file that has to be there.
One call of a compiled schema decides a whole list when all is well; only otherwise are its
elements looked at one by one, to report which and why.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of, long_ago
from pytest_icp.kinds.finding import Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.judgement import SATISFIED, Judgement, blamed, missing, violated
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.selection import judge_each, reason
from pytest_icp.kinds.subjects import Subject, location
from pytest_icp.law.blame import blame
from pytest_icp.law.condition import ANYTHING, Node, truth
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text, plain
from pytest_icp.rules.policy import Obligation, Spec

_OVER = Text(
    zh="{day} 已经停止，早于回溯期，只作提示",
    en="over since {day}, before the look-back: only a note",
)


_NOT_ON_FILE = Text(zh="文件「{path}」不存在", en="the file {path} does not exist")
_ON_FILE = Text(zh="已存档的文件", en="a file that is there")


class Constraint(Spec, frozen=True):
    """The condition that subjects must meet, when a breach was over, and what is on file."""

    require: Node = ANYTHING
    over: tuple[str, ...] = ()
    on_file: str | None = None


def check_constraint(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``constraint``."""
    spec = obligation.spec_as(Constraint)
    require = spec.require
    # One call cannot decide the whole list where more than ``where`` selects the subjects.
    around = obligation.parent_where is not ANYTHING or obligation.serving is not None
    narrowed = around or spec.on_file is not None

    def judge(subject: Subject) -> Judgement:
        if truth(require, subject.value, context.decide):
            return _filed(spec.on_file, context, subject) if spec.on_file else SATISFIED
        judged = blamed(subject, blame(require, subject.value, context.decide))
        return _long_over(spec, context, subject) or judged

    elements = context.view.facts.get(obligation.each)
    if narrowed or not isinstance(elements, list) or not elements:
        return judge_each(obligation, context, judge)
    if context.decide.all_comply(obligation.where, require, elements):
        return _at_once(obligation, context, elements)
    return judge_each(obligation, context, judge)


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
    message = _NOT_ON_FILE.format(path=fact.text)
    return violated(subject, fact.tokens, message, found=plain(fact.text), required=_ON_FILE)


def _long_over(spec: Constraint, context: Context, subject: Subject) -> Judgement | None:
    """Return the note of a breach that was over before the look-back, else None."""
    facts = [context.fact(subject, path) for path in spec.over]
    fact = next((fact for fact in facts if day_of(fact)), None)
    day = day_of(fact) if fact else None
    if fact is None or day is None or not long_ago(context, day):
        return None
    text = _OVER.format(day=day)
    note = Note(kind=NoteKind.LATE_REMEDIED, text=text, location=location(fact.tokens))
    return Judgement(verdict=Verdict.SATISFIED, notes=(note,))


KIND = Kind("constraint", Constraint, check_constraint)
