"""Where the rules turn around a description (边界): on its last days, at other answers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing.tried import facts, having, values
from pytest_icp.authoring.strategies.candidates import is_dated
from pytest_icp.authoring.strategies.documents import Tokens, dotted, found_at
from pytest_icp.authoring.strategies.shapes import shape_at
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.describe import show
from pytest_icp.law.times import as_of_instant


class Edges(Struct, frozen=True, kw_only=True):
    """The edges of one rule that keeps every law, around one description.

    ``situations`` were tried. ``days`` are the last days of what is due: the rule is not violated
    at the end of the day, and is a second later. ``answers`` are facts with a value that would
    violate the rule if it stood in the place of the present one; ``scope`` is whether they are
    about what the licence permits.
    """

    rule: str
    situations: int
    days: tuple[str, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    scope: bool = False


def edges(trial: Trial, around: Situation, situations: int) -> Edges:
    """Return the edges of an obligation around a description."""
    outcome = trial.outcome(around)
    due = sorted({one.last for one in outcome.upcoming})
    complies = outcome.verdict is Verdict.SATISFIED
    return Edges(
        rule=trial.obligation.rule_id,
        situations=situations,
        days=tuple(day for day in due if _turns_after(trial, around, day)),
        answers=tuple(dict.fromkeys(_answers(trial, around))) if complies else (),
        scope=trial.fields.mark("x-icp-bounded-by-licence") is not None,
    )


def _with_members(around: Situation, at: Tokens) -> list[Tokens]:
    """Return a fact, and what stands in an object that is read whole, such as the features."""
    there = found_at(around.document, at)
    return [at, *((*at, name) for name in (there if isinstance(there, dict) else ()))]


def _turns_after(trial: Trial, around: Situation, day: str) -> bool:
    end = as_of_instant(day).replace(microsecond=0)
    before, after = (
        trial.verdict(replace(around, as_of=when.isoformat()))
        for when in (end, end + timedelta(seconds=1))
    )
    return before is not Verdict.VIOLATED and after is Verdict.VIOLATED


def _answers(trial: Trial, around: Situation) -> Iterator[tuple[str, str]]:
    for at in chain.from_iterable(_with_members(around, at) for at in facts(trial, around)):
        there = found_at(around.document, at)
        if there is None or is_dated(shape_at(at)):
            # What has happened, and when, is no answer that anybody may choose.
            continue
        for value in values(trial, around, at)[1:]:
            other = having(around, at, value)
            if other and trial.verdict(other) is Verdict.VIOLATED:
                yield dotted(at), show(value)
