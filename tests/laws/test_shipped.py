"""Every shipped rule keeps the laws of fuzzing around every example.

``tox -e fuzz`` tries a hundred times as many situations, other ones each time.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import breaking
import pytest
from hypothesis import settings

import pytest_icp
from pytest_icp.authoring.fuzzing.printing import outcome_text
from pytest_icp.authoring.fuzzing.running import Effort, fuzz
from pytest_icp.authoring.strategies.trial import Situation, Trial, slim
from pytest_icp.engine import binding
from pytest_icp.facts.description import Description
from pytest_icp.facts.evidence import named_files
from tests.helpers import ROOT
from tests.laws.strategies import obligations

BASES = {
    "etaoche/etaoche.icp.yaml": "2023-11-20",
    "broken/base/base.icp.yaml": "2026-11-24",
    "repository/site.icp.yaml": "2026-11-24",
}
"""The examples that violate nothing, and a day on which that is so."""

OF_LINES = {f"{of.parent.name}/{of.name}": "2026-11-24" for of in breaking.OTHERS}
"""Those of other lines of business, which have few facts for the rules of every line."""

PROFILE = os.environ.get("HYPOTHESIS_PROFILE")
SITUATIONS = settings().max_examples // 5
EFFORT = Effort(profile="nightly" if PROFILE == "fuzz" else "ci", examples=max(1, SITUATIONS))


@cache
def described(name: str) -> Description:
    return pytest_icp.load(ROOT / "examples" / name)


def bases(rule: str) -> Iterator[tuple[str, Trial, Situation]]:
    """Each example that a rule binds, reduced to what it reads; those that are then one, once."""
    policy, obligation = obligations()[rule]
    known: list[Any] = []
    for name, as_of in {**BASES, **(OF_LINES if policy.family else {})}.items():
        description = described(name)
        if not binding((policy,), description):
            continue
        trial = Trial(obligation=obligation, policy=policy, evidence=description.evidence)
        document = slim(trial, description.facts)
        named = {path for _, path, _ in named_files(document, "description")}
        read = (document, as_of, {path: description.evidence[path] for path in named})
        if read not in known:
            known.append(read)
            yield name, trial, Situation(document=document, as_of=as_of)


@pytest.mark.parametrize("rule", obligations())
def test_a_shipped_rule_keeps_the_laws(rule: str) -> None:
    for name, trial, around in bases(rule):
        found = fuzz(trial, around, EFFORT)
        assert found is None, f"around {name}\n{outcome_text(found, rule, 'en')}"
