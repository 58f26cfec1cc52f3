"""Claims about one fact that differ are judged each by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp import Result, Verdict
from pytest_icp.engine import decide, prepare
from pytest_icp.facts.description import Description
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Obligation
from tests.derivations import described, reading
from tests.obligations import obligation, policy

ROLE = obligation("condition", "servers", require={"role": "origin"})
NOT_EDGE = obligation("condition", "servers", require={"role": {"not": "edge"}})
IN_CHINA = obligation("condition", "servers", require={"location": {"country": "CN"}})


def decided(description: Description, made: Obligation = ROLE) -> Result:
    scene = prepare(description, as_of=as_of_instant("2024-06-03"), base=Path.cwd())
    return decide(scene, policy(made), made)


def servers(**roles: Any) -> dict[str, Any]:
    begun = {"in_service_on": "2020-01-01"}
    return {"servers": [{"id": name, "role": role, **begun} for name, role in roles.items()]}


def of(folder: Path, *claimed: dict[str, Any], by_hand: Any = None) -> Description:
    readings = (reading(name, facts) for name, facts in zip("pqr", claimed, strict=False))
    return described(folder, by_hand or {}, *readings)


def test_what_breaks_the_rule_by_one_claim_is_violated_with_both_places(tmp_path: Path) -> None:
    made = of(tmp_path, servers(a="origin"), servers(a="edge"))
    result = decided(made)
    assert result.verdict is Verdict.VIOLATED
    (finding,) = result.findings
    assert (finding.subject, finding.pointer) == ("a", "/servers/0/role")
    assert (finding.location.path, finding.location.address) == ("q", "res.q")
    assert finding.found.en == "edge (q:4:1); elsewhere it differs: origin (p:4:1)"
    assert finding.found.zh == "边缘节点（q:4:1）；另一处不同：源站（p:4:1）"
    assert Result.from_json(result.to_json()) == result


def test_a_claim_by_hand_counts_like_any_other(tmp_path: Path) -> None:
    made = of(tmp_path, servers(a="origin"), by_hand=servers(a="edge"))
    (finding,) = decided(made).findings
    assert finding.location.path.endswith("prod.icp.json")
    assert "elsewhere it differs: origin (p:4:1)" in finding.found.en


@pytest.mark.parametrize(
    ("claims", "made", "verdict"),
    [
        # Whichever is so, the rule is kept.
        ((servers(a="origin"), servers(a="dr")), NOT_EDGE, "satisfied"),
        ((servers(a="origin"), servers(a="dr"), servers(a="edge")), NOT_EDGE, "violated"),
        # Of two facts not every pair was tried.
        ((servers(a="origin", b="dr"), servers(a="dr", b="origin")), NOT_EDGE, "unknown"),
        ((servers(a="origin", b="dr"), servers(a="dr", b="edge")), NOT_EDGE, "violated"),
        # Another fact is not known, and does not become so.
        ((servers(a="origin", b=None), servers(a="dr")), NOT_EDGE, "unknown"),
        ((servers(a="origin", b="edge"), servers(a="dr")), NOT_EDGE, "violated"),
        # The rule does not read it.
        ((servers(a="origin"), servers(a="dr")), IN_CHINA, "unknown"),
    ],
)
def test_each_claim_is_judged_by_itself(
    tmp_path: Path, claims: tuple[dict[str, Any], ...], made: Obligation, verdict: str
) -> None:
    assert decided(of(tmp_path, *claims), made).verdict == verdict


def test_each_subject_that_a_claim_makes_a_breach_is_found_once(tmp_path: Path) -> None:
    one, other = servers(a="edge", b="origin", c="edge"), servers(a="origin", b="edge")
    made = of(tmp_path, one, {"servers": [*other["servers"], *servers(d=None)["servers"]]})
    result = decided(made)
    assert [(f.verdict.value, f.subject, f.location.path) for f in result.findings] == [
        ("violated", "c", "p"),
        ("violated", "a", "p"),
        ("violated", "b", "q"),
        ("unknown", "d", str(made.path)),
    ]


def test_a_part_of_what_is_contested_as_a_whole(tmp_path: Path) -> None:
    here = {"servers": [{"id": "a", "location": {"text": "北京市朝阳区", "country": "CN"}}]}
    there = {"servers": [{"id": "a", "location": {"text": "新加坡", "country": "SG"}}]}
    (finding,) = decided(of(tmp_path, here, there), IN_CHINA).findings
    assert finding.pointer == "/servers/0/location/country"
    assert finding.location.path == "q"


def test_a_plan_that_is_out_of_date_is_called_so(tmp_path: Path) -> None:
    planned = reading("p", servers(a="edge"), generated=True)
    source = reading("q", servers(a="origin"))
    assert planned.derived is not None
    assert source.derived is not None
    trace = source.derived.trace
    planned = replace(planned, derived=replace(planned.derived, trace=trace))
    (finding,) = decided(described(tmp_path, {}, source, planned)).findings
    assert (
        "the plan or state is out of date: plan again, or apply what the code says"
        in finding.found.en
    )


def test_what_one_claim_would_make_a_breach_is_said(tmp_path: Path) -> None:
    used = obligation(
        "condition", "servers", where={"production": True}, require={"role": "origin"}
    )
    result = decided(of(tmp_path, servers(a="edge"), servers(a="origin")), used)
    assert result.verdict is Verdict.UNKNOWN
    (finding,) = result.findings
    assert finding.hinge is not None
    assert finding.hinge.pointer == "/servers/0/production"
    assert (finding.location.path, finding.pointer) == ("p", "/servers/0/role")


def test_a_list_that_is_contested_may_be_incomplete(tmp_path: Path) -> None:
    made = of(tmp_path, servers(a="origin"), by_hand={"servers": []})
    assert decided(made).verdict is Verdict.UNKNOWN
