"""The law of what is not known: forgetting a fact decides nothing.

A verdict stays as it is, or becomes unknown. A duty that is complied with may turn into one that
does not apply, and the reverse. Where two facts contradict each other, nothing is said: once one
of them is forgotten, the other is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.breach import Breach
from pytest_icp.authoring.fuzzing.tried import facts, having, values
from pytest_icp.authoring.strategies.documents import Document, dotted, found_at
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.law.describe import show

_COMPLIES = {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}
_ISSUES = ("first_issued_on", "issued_on")


def forgetting_decides_nothing(trial: Trial, situation: Situation) -> Iterator[Breach]:
    """Forget each fact, whatever it says."""
    for at in facts(trial, situation):
        less = having(situation, at, None)
        after = trial.verdict(less) if less else Verdict.UNKNOWN
        if less is None or after is Verdict.UNKNOWN:
            continue
        for value in values(trial, situation, at):
            known = having(situation, at, value)
            if known is None or contradicts_itself(known.document):
                continue
            before = trial.verdict(known)
            if not may_turn(before, after):
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


def contradicts_itself(document: Document) -> bool:
    """Whether a licence was issued before it was first issued, or renewed without an application.

    Both are said, and one of them is wrong.
    """
    first, issued = (found_at(document, ("licence", name)) for name in _ISSUES)
    if isinstance(first, str) and isinstance(issued, str) and first > issued:
        return True
    return any(
        one.get("applied_on") == NEVER and one.get("decision") not in {None, NONE}
        for one in _renewals(document)
    )


def _renewals(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the renewal of every licence in a document."""
    inside = value.values() if isinstance(value, dict) else value
    for one in inside if isinstance(value, (dict, list)) else ():
        yield from _renewals(one)
    if isinstance(value, dict) and isinstance(value.get("renewal"), dict):
        yield value["renewal"]
