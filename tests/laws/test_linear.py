"""Twice the resources take twice the work: calls are counted, not seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from pytest_icp.engine import binding, decide, prepare
from pytest_icp.facts.description import Description, load
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.times import as_of_instant
from tests.helpers import ROOT

AS_OF = as_of_instant("2023-11-20")
GROWN = ("sites", "servers", "services", "log_stores", "domains", "data_stores")
NUMBERS = (20, 40)
FEW = 2000
"""Calls that are too few to tell how they grow."""


def calls(work: Callable[[], object]) -> int:
    count = 0

    def seen(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grown(described: Description, n: int) -> Description:
    """Return a description with so many of each resource; no two are alike."""
    facts: dict[str, Any] = {**described.facts}
    for name in GROWN:
        facts[name] = [
            {**one, "id": f"{one['id']}-{i}", "name": f"{one.get('name', name)} {i}"}
            for i in range(n)
            for one in facts[name]
        ]
    return replace(described, facts=facts)


def work_of_rules(described: Description) -> Mapping[str, int]:
    scene = prepare(described, as_of=AS_OF)
    return {
        obligation.rule_id: calls(lambda p=policy, o=obligation: decide(scene, p, o))
        for policy in binding(default_policies(), described)
        for obligation in policy.obligations
    }


def test_rules_take_twice_the_work_for_twice_the_resources() -> None:
    described = load(ROOT / "examples/etaoche/etaoche.icp.yaml")
    work_of_rules(described)
    once, twice = (work_of_rules(grown(described, n)) for n in NUMBERS)
    assert not {rule for rule, work in twice.items() if work > max(FEW, 2.5 * once[rule])}
