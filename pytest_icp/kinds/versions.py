"""Decides a rule by the values that its numbers have: on a day, and in a case (数值的时间和情形).

The as-of day chooses for a standing duty. Where the rule names the day of each subject's act
(``happened``), that day chooses for the subject; where it is not known, so is the verdict. Numbers
that differ by the subject choose by its facts.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome, worst
from pytest_icp.kinds.kind import Check
from pytest_icp.rules.policy import Obligation


def checked(check: Check, obligation: Obligation, context: Context) -> Outcome:
    """Return what a check says of an obligation, with each subject judged by its own values."""
    by_act = obligation.past.happened and obligation.versions
    versions = (
        [version for _, version in obligation.versions]
        if by_act
        else [obligation.on(context.today)]
    )
    outcomes = [check(case, context) for one in versions for case in one.cases or (one,)]
    return outcomes[0] if len(outcomes) == 1 else _together(outcomes)


def _together(outcomes: Sequence[Outcome]) -> Outcome:
    """Return what was found of different subjects as one outcome."""
    verdict = worst(one.verdict for one in outcomes)
    first = next(one for one in outcomes if one.verdict is verdict)
    return Outcome(
        verdict=verdict,
        reason=first.reason,
        pointer=first.pointer,
        # What is not known of a subject may leave it open in which case it is.
        findings=tuple(dict.fromkeys(found for one in outcomes for found in one.findings)),
        notes=tuple(dict.fromkeys(note for one in outcomes for note in one.notes)),
        upcoming=tuple(dict.fromkeys(item for one in outcomes for item in one.upcoming)),
        subjects=sum(one.subjects for one in outcomes),
        steps={place: steps for one in outcomes for place, steps in one.steps.items()},
    )
