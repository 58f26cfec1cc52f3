"""``--icp-fuzz`` around a hostile description: each rule is tried, and nothing else fails."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from random import Random
from time import process_time

import pytest

from pytest_icp.authoring.fuzzing.printing import edges
from pytest_icp.authoring.fuzzing.running import Effort, fuzz
from pytest_icp.authoring.fuzzing.tried import BrokenLaw
from pytest_icp.authoring.strategies.trial import Situation, Trial, slim
from pytest_icp.engine import binding
from pytest_icp.facts.description import Description
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.sources.loading import load
from tests.attack.fuzzing import AS_OF, valid, whole_document
from tests.attack.mutating import Mutator

EFFORT = Effort(examples=2)
SLOW = 60


def hostile(folder: Path, mutator: Mutator) -> Description:
    """Return a description that is changed in many places, and can be read."""
    (folder / ".git").mkdir()
    file = folder / "a.icp.json"
    while True:
        base = whole_document()
        for _ in range(3):
            base = json.loads(valid(base, mutator))
        file.write_text(json.dumps(base), "utf-8")
        with suppress(InputError):
            return load(file, root=folder)


@pytest.mark.parametrize("seed", range(3))
def test_each_rule_is_tried_around_it(tmp_path: Path, seed: int) -> None:
    description, begun = hostile(tmp_path, Mutator(seed)), process_time()
    parts = [
        (policy, part)
        for policy in binding(default_policies(), description)
        for obligation in policy.obligations
        for part in obligation.each_part
    ]
    for policy, part in Random(seed).sample(parts, 12):
        trial = Trial(obligation=part, policy=policy, evidence=description.evidence)
        around = Situation(document=slim(trial, description.facts), as_of=AS_OF)
        found = fuzz(trial, around, EFFORT)
        assert not isinstance(found, BrokenLaw), part.own_id
        if found is None:
            assert edges(trial, around, EFFORT.situations)
    assert process_time() - begun < SLOW
