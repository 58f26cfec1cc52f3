"""The law of what is not known: forgetting a fact decides nothing.

A verdict stays as it is, or becomes unknown. A duty that is complied with may turn into one that
does not apply, and the reverse. Where two facts contradict each other, nothing is said: once one
of them is forgotten, the other is known. The papers that a company asks for are its choice, and not
a fact that could be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.breach import Breach
from pytest_icp.authoring.fuzzing.tried import facts, having, values
from pytest_icp.authoring.strategies.documents import dotted
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.facts.papers import PAPERS
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.describe import show

_COMPLIES = {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}
_COURSES = (
    ("first_issued_on", "issued_on", "valid_until"),
    ("from", "to"),
    ("in_service_on", "ended_on"),
)
"""The days of which none is before the one that precedes it."""


def forgetting_decides_nothing(trial: Trial, situation: Situation) -> Iterator[Breach]:
    """Forget each fact, whatever it says."""
    for at in facts(trial, situation):
        if at[0] == PAPERS:
            continue
        less = having(situation, at, None)
        after = trial.verdict(less) if less else Verdict.UNKNOWN
        if less is None or after is Verdict.UNKNOWN:
            continue
        for value in values(trial, situation, at):
            known = having(situation, at, value)
            if known is None:
                continue
            before = trial.verdict(known)
            if may_turn(before, after) or contradicts_itself(known.document):
                continue
            yield Breach(
                law=say.FORGETTING_LAW,
                situation=less,
                found=standing_name(after),
                expected=standing_name(Verdict.UNKNOWN),
                why=say.WHEN_KNOWN.format(
                    fact=dotted(at), value=show(value), verdict=standing_name(before)
                ),
            )
            return


def may_turn(before: Verdict, after: Verdict) -> bool:
    """Whether a verdict may turn into another one when a fact is forgotten."""
    return after in {before, Verdict.UNKNOWN} or {before, after} <= _COMPLIES


def contradicts_itself(document: Any) -> bool:
    """Whether something is over before it began, or was decided without an application.

    Both are said, and one of them is wrong.
    """
    if isinstance(document, list):
        return any(map(contradicts_itself, document))
    if not isinstance(document, dict):
        return False
    decided = document.get("decision") not in {None, NONE}
    if decided and document.get("applied_on") == NEVER:
        return True
    courses = ([document.get(name) for name in course] for course in _COURSES)
    known = ([day for day in days if isinstance(day, str) and day != NEVER] for days in courses)
    if any(days != sorted(days) for days in known):
        return True
    return any(map(contradicts_itself, document.values()))
