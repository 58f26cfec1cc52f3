"""What cannot be decided, by what would decide it: a fact that is missing, or another cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.text import Text
from pytest_icp.reports.to_declare import MissingFact, facts_by_role, missing_facts

MOST_FACTS = 300
MOST_CAUSES = 60


class Cause(Struct, frozen=True):
    """Why some rules cannot be decided that no fact would decide."""

    finding: Finding
    rules: Mapping[str, None]


class Unknown(Struct, frozen=True, kw_only=True):
    """The missing facts by who knows them, other causes, and how many of each there are."""

    facts: Mapping[str, Sequence[MissingFact]]
    number: int
    causes: Sequence[Cause]
    more: int


def unknown(results: Iterable[Result]) -> Unknown:
    """Return what would decide the rules of some results that are unknown."""
    every = list(results)
    missing, causes = missing_facts(every), list(_causes(every))
    return Unknown(
        facts=facts_by_role(missing[:MOST_FACTS]),
        number=len(missing),
        causes=causes[:MOST_CAUSES],
        more=max(0, len(missing) - MOST_FACTS) + max(0, len(causes) - MOST_CAUSES),
    )


def _causes(results: Iterable[Result]) -> Iterator[Cause]:
    found: dict[tuple[str, Text], tuple[Finding, dict[str, None]]] = {}
    for result in results:
        for finding in result.binding if result.verdict is Verdict.UNKNOWN else ():
            certain = finding.verdict is not Verdict.UNKNOWN or finding.review
            if not (certain or finding.hinge or finding.line_to_add):
                key = (finding.location.path, finding.message)
                found.setdefault(key, (finding, {}))[1][result.rule_id] = None
    yield from (Cause(finding, rules) for finding, rules in found.values())
