"""How much is known of other descriptions; what is known is tried with the broken example."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.engine import binding, outcome_of, prepare
from pytest_icp.facts.files.source import parse_source
from pytest_icp.fleet.known import Known, says_nothing
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.text import plain
from pytest_icp.law.times import as_of_instant
from pytest_icp.sources.loading import load_alone
from tests.fleet.made import facts


def test_what_is_undecided_without_a_finding_says_something() -> None:
    outcome = Outcome(verdict=Verdict.UNKNOWN, reason=plain("a check of one's own"))
    assert not says_nothing(outcome)
    assert says_nothing(replace(outcome, verdict=Verdict.SATISFIED))


def test_no_more_is_kept_than_there_is_room_for() -> None:
    known = Known(most=0, most_told=0)
    described = load_alone(parse_source(Path("a.json"), json.dumps(facts()).encode(), ".json"))
    scene = prepare(described, as_of=as_of_instant("2026-11-24"))
    lookup = known.of(scene.context, described.facts)
    for policy in binding(default_policies(), described):
        for rule in policy.obligations:
            lookup.outcome(policy, rule, partial(outcome_of, scene, policy, rule))
    assert not known.quiet | known.told
