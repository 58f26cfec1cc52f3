"""Judges that something exists at all (必须存在): ``none: violated`` of an obligation."""

from __future__ import annotations

from functools import reduce

from pytest_icp.facts.titles import title_of
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import Judgement, both, violated
from pytest_icp.kinds.selection import Selection
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.subjects import steps as steps_along
from pytest_icp.kinds.words import condition
from pytest_icp.law.condition import ANYTHING
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Obligation

_NONE = Text(
    zh="“{title}”中没有此类事项，而依照规定必须有",
    en="there is none among “{title}”, although there must be one",
)
_FOUND = Text(zh="没有", en="none")
_AT_LEAST_ONE = Text(zh="至少一项", en="at least one")
_ONE_OF = Text(zh="至少一项：{which}", en="at least one: {which}")


def with_existence(obligation: Obligation, context: Context, outcome: Outcome) -> Outcome:
    """Return the outcome of an obligation, worse where it must match a subject and matches none.

    Where a subject may match, it is unknown.
    """
    if not obligation.none or outcome.verdict in {Verdict.VIOLATED, Verdict.UNKNOWN}:
        return outcome
    subjects = context.subjects(obligation.each).subjects
    selections = [Selection(obligation, subject, context) for subject in subjects]
    matches = [selection.matches() for selection in selections]
    if True in matches:
        return outcome
    may_match = [one for one, match in zip(selections, matches, strict=True) if match is None]
    judged = (
        reduce(both, [one.gap() for one in may_match])
        if may_match
        else _there_is_none(obligation, context)
    )
    return Outcome(
        verdict=judged.verdict,
        reason=obligation.meaning,
        pointer=judged.findings[0].pointer,
        findings=judged.findings,
        notes=outcome.notes,
    )


def _there_is_none(obligation: Obligation, context: Context) -> Judgement:
    where = obligation.where
    at = _list_on_the_way(context, obligation.each)
    each = steps_along(obligation.each)[2]
    required = _AT_LEAST_ONE
    if where is not ANYTHING:
        required = _ONE_OF.format(which=condition(where, each))
    title = title_of(".".join(each))
    return violated(Subject(at, {}), at, _NONE.format(title=title), found=_FOUND, required=required)


def _list_on_the_way(context: Context, each: str) -> Tokens:
    """Return the place of the first list on the way to the subjects."""
    value: Json = context.view.facts
    at: Tokens = ()
    for name in steps_along(each)[2]:
        if isinstance(value, dict):
            value, at = value.get(str(name)), (*at, name)
    return at
