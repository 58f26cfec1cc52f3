"""Contexts made in a line: facts, a day, and nothing on any disk."""

from __future__ import annotations

from typing import Any

from pytest_icp.facts.asof import View
from pytest_icp.facts.evidence import Evidence
from pytest_icp.kinds import kinds
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.law.calendar import Calendar, Year
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.settings import Settings

PLAIN = Calendar(
    {year: Year(holidays=frozenset(), workdays=frozenset()) for year in range(2019, 2026)}
)
"""Years without holidays: rest days are the weekends. Nothing is published after 2025."""


def context(
    facts: dict[str, Any],
    as_of: str = "2024-06-03",
    *,
    evidence: tuple[Evidence, ...] = (),
    **settings: Any,
) -> Context:
    """Return a context in which the facts are as they stand, whatever their dates.

    Where nothing is said of the licence, it is an old one.
    """
    return Context(
        view=View({"licence": {"first_issued_on": "2000-01-01"}, **facts}, {}),
        as_of=as_of_instant(as_of),
        calendar=PLAIN,
        evidence={one.path: one for one in evidence},
        settings=Settings(**settings),
        explains=True,
    )


def decide(
    made: Obligation, facts: dict[str, Any], as_of: str = "2024-06-03", **given: Any
) -> Outcome:
    """Decide an obligation by the check of its kind."""
    return kinds()[made.kind].check(made, context(facts, as_of, **given))


def said(outcome: Outcome) -> list[tuple[str, str, str]]:
    """Return the verdict, the pointer and the English words of every finding."""
    return [(str(f.verdict), f.pointer, f.message.en) for f in outcome.findings]
