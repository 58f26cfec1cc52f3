"""What findings say of derived facts: where they come from, why they are not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp import Result, Verdict
from pytest_icp.engine import decide, prepare
from pytest_icp.facts.derived import Reading, Status
from pytest_icp.facts.description import Description
from pytest_icp.kinds.finding import MANY
from pytest_icp.kinds.locator import gap_of, of_one_gap
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Obligation
from tests.derivations import broken, described, reading
from tests.obligations import obligation, policy

ROLE = obligation("condition", "servers", require={"role": "origin"})


def decided(
    description: Description, made: Obligation = ROLE, base: Path = Path("/"), **given: Any
) -> Result:
    scene = prepare(description, as_of=as_of_instant("2024-06-03"), base=base)
    return decide(scene, policy(made, **given), made)


def of(folder: Path, *readings: Reading, **facts: Any) -> Description:
    return described(folder, facts, *readings)


BEGUN = {"in_service_on": "2020-01-01"}


def server(**facts: Any) -> dict[str, Any]:
    return {"servers": [{"id": "a", **facts, **BEGUN}]}


def test_a_finding_on_a_derived_fact_names_the_resource(tmp_path: Path) -> None:
    result = decided(of(tmp_path, reading("p", server(role="edge"))), base=Path.cwd())
    assert result.verdict is Verdict.VIOLATED
    spot = result.findings[0].location
    assert (str(spot), spot.resource, spot.status) == ("p:4:1", "res.p, servers/0/role", "known")
    assert Result.from_json(result.to_json()) == result


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [
        (
            Status.AFTER_APPLY,
            "应用之后才知道",
            "known only after apply",
        ),
        (Status.DEFAULT, "没有设置", "not set"),
        (Status.NOT_TOLD, "从所设的值看不出来", "not clear from what is set here"),
    ],
)
def test_why_a_fact_is_not_known(tmp_path: Path, status: Status, zh: str, en: str) -> None:
    source = reading("p", server(role=None), status={"/servers/0/role": status})
    result = decided(of(tmp_path, source), base=Path.cwd())
    assert result.verdict is Verdict.UNKNOWN
    (finding,) = result.findings
    assert zh in finding.found.zh
    assert en in finding.found.en
    assert "“Servers › Role”" in finding.message.en
    assert (finding.line_to_add, finding.location.status) == ("", status.value)
    assert (str(finding.location), finding.location.address) == ("p:4:1", "res.p")


def test_what_a_source_says_of_it_stands_instead(tmp_path: Path) -> None:
    source = reading("p", server(role=None), status={"/servers/0/role": Status.AS_SERVED})
    traced = source.derived
    assert traced is not None
    advised = replace(traced, trace=lambda at: replace(traced.trace(at), advice=plain("save it")))
    (finding,) = decided(of(tmp_path, replace(source, derived=advised))).findings
    assert (finding.message.en, finding.found.en) == (
        "save it",
        "known only of the page that visitors get",
    )


def test_why_they_are_not_known_tells_many_apart(tmp_path: Path) -> None:
    servers = [{"id": f"s{n}", "role": None, **BEGUN} for n in range(MANY)]
    status = {
        f"/servers/{n}/role": Status.DEFAULT if n % 2 else Status.AFTER_APPLY for n in range(MANY)
    }
    source = reading("p", {"servers": servers}, status=status, attribute="role")
    findings = decided(
        of(tmp_path, source, servers=[{"id": "by-hand", **BEGUN}, {"id": "x", **BEGUN}])
    ).findings
    assert [(one.subject, len(one.others)) for one in findings] == [
        ("by-hand", 1),
        ("s0", MANY // 2 - 1),
        ("s1", MANY // 2 - 1),
    ]


def test_each_of_many_contested_facts_is_found(tmp_path: Path) -> None:
    not_backup = obligation("condition", "servers", require={"role": {"not": "backup"}})
    origin, edge = (
        {"servers": [{"id": f"s{n}", "role": role, **BEGUN} for n in range(MANY + 1)]}
        for role in ("origin", "edge")
    )
    findings = decided(of(tmp_path, reading("p", origin), **edge), not_backup).findings
    assert [one.subject for one in findings] == [f"s{n}" for n in range(MANY + 1)]


def test_many_that_are_null_as_a_whole_are_one(tmp_path: Path) -> None:
    city = obligation("condition", "servers", require={"location": {"city": "北京"}})
    servers = [{"id": f"s{n}", "location": None, **BEGUN} for n in range(MANY + 1)]
    source = reading("p", {"servers": servers}, attribute="location")
    (finding,) = decided(of(tmp_path, source), city).findings
    assert len(finding.others) == MANY


def test_each_of_many_breaches_is_found(tmp_path: Path) -> None:
    servers = [{"id": f"s{n}", "role": "edge", **BEGUN} for n in range(MANY + 1)]
    findings = decided(of(tmp_path, servers=servers)).findings
    assert [one.subject for one in findings] == [f"s{n}" for n in range(MANY + 1)]


def test_each_of_many_facts_that_another_excludes_is_found(tmp_path: Path) -> None:
    hosts = obligation("condition", "services", require={"features": {"hosting_for_others": True}})
    grant = {"id": "rack", "kind": "rack", "from": "2023-01-01", "to": "2030-01-01"}
    given = {"launched_on": "2020-01-01", "features": {"hosting_for_others": False}}
    services = [{"id": f"s{n}", **given} for n in range(MANY + 1)]
    made = of(tmp_path, resource_grants=[grant], services=services)
    findings = decided(made, hosts).findings
    assert [one.subject for one in findings] == [f"s{n}" for n in range(MANY + 1)]
    assert {one.verdict for one in findings} == {Verdict.UNKNOWN}


@pytest.mark.parametrize(
    ("facts", "alone", "with_it"),
    [
        (server(role="origin"), Verdict.SATISFIED, Verdict.UNKNOWN),
        ({"servers": []}, Verdict.NOT_APPLICABLE, Verdict.UNKNOWN),
        ({}, Verdict.UNKNOWN, Verdict.UNKNOWN),
        (server(role="edge"), Verdict.VIOLATED, Verdict.VIOLATED),
    ],
)
def test_what_may_be_incomplete_satisfies_nothing(
    tmp_path: Path, facts: dict[str, Any], alone: Verdict, with_it: Verdict
) -> None:
    assert decided(of(tmp_path, **facts)).verdict is alone
    result = decided(of(tmp_path, broken("p"), broken("q"), **facts), base=Path.cwd())
    assert result.verdict is with_it
    if alone is not Verdict.VIOLATED:
        first = result.findings[0]
        assert (first.subject, first.pointer, str(first.location)) == (
            "servers",
            "/servers",
            "p:2:1",
        )
        assert first.message.en == (
            "“Servers” may be incomplete, so this cannot be decided: p: no JSON"
        )
        assert first.found.en == "p: no JSON"


def test_one_gap_may_leave_several_lists_incomplete(tmp_path: Path) -> None:
    alone = decided(of(tmp_path, broken("p"), servers=[])).findings[0]
    assert gap_of(alone) == Text("p：no JSON", "p: no JSON")
    together = of_one_gap([alone, replace(alone, subject="sites")]).message
    assert together.zh == "“服务器、网站”可能不全，无法判断：p：no JSON"
    assert together.en == (
        "“Servers, Sites” may be incomplete, so this cannot be decided: p: no JSON"
    )
    assert gap_of(replace(alone, required=Text("其他", "something else"))) is None
