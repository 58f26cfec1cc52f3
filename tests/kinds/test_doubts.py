"""Where a description says two things, what hangs on them is not known."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp import Result, Verdict
from pytest_icp.engine import Scene, decide, prepare
from pytest_icp.facts.description import Description
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.contradictions import contradictions
from pytest_icp.rules.policy import Obligation
from tests.derivations import described, reading
from tests.obligations import applicability, obligation, policy

ROLE = obligation("condition", "servers", require={"role": "origin"})
NOT_EDGE = obligation("condition", "servers", require={"role": {"not": "edge"}})
IN_CHINA = obligation("condition", "servers", require={"location": {"country": "CN"}})


def said_of(description: Description, made: Obligation = ROLE) -> Result:
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
    result = said_of(made)
    assert result.verdict is Verdict.VIOLATED
    (finding,) = result.findings
    assert (finding.subject, finding.pointer) == ("a", "/servers/0/role")
    assert (finding.location.path, finding.location.address) == ("q", "res.q")
    assert finding.found.en == "edge (q:4:1); elsewhere it differs: origin (p:4:1)"
    assert finding.found.zh == "边缘节点（q:4:1）；另一处不同：源站（p:4:1）"
    assert Result.from_json(result.to_json()) == result


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
    assert said_of(of(tmp_path, *claims), made).verdict == verdict


def test_what_one_claim_would_make_a_breach_is_said(tmp_path: Path) -> None:
    used = obligation(
        "condition", "servers", where={"production": True}, require={"role": "origin"}
    )
    result = said_of(of(tmp_path, servers(a="edge"), servers(a="origin")), used)
    assert result.verdict is Verdict.UNKNOWN
    (finding,) = result.findings
    assert finding.hinge is not None
    assert finding.hinge.pointer == "/servers/0/production"
    assert (finding.location.path, finding.pointer) == ("p", "/servers/0/role")


def test_a_list_that_is_contested_may_be_incomplete(tmp_path: Path) -> None:
    made = of(tmp_path, servers(a="origin"), by_hand={"servers": []})
    assert said_of(made).verdict is Verdict.UNKNOWN


# ---- Declarations that exclude each other, and sums


KNOWN = contradictions()
USERS = [{"id": "cars", "status": "production", "registered_users": 3, "features": {}}]
LICENCE = {"number": "京B2-20190486", "issued_on": "2020-01-08", "first_issued_on": "2019-03-06"}

ENCRYPTED = obligation(
    "condition",
    "data_stores",
    where={"personal_info": True},
    require={"encryption_at_rest": True},
)
HOSTING = obligation("condition", "services", require={"features": {"hosting_for_others": False}})
LAUNCH = obligation("condition", "releases", require={"major": False}, where={"kind": "launch"})
CAP = obligation(
    "condition",
    "company",
    where={"foreign_share": {"exclusiveMinimum": 0}},
    require={"foreign_share": {"maximum": 0.5}},
)


def scene(folder: Path, as_of: str = "2024-06-03", **facts: Any) -> Scene:
    description = described(folder, facts)
    return prepare(description, as_of=as_of_instant(as_of), base=folder)


def decided(
    folder: Path, made: Obligation, as_of: str = "2024-06-03", when: Any = None, **facts: Any
) -> Result:
    applies = applicability(when=when)
    return decide(scene(folder, as_of, **facts), policy(made, applies=applies), made)


# ---- What the file says


def test_ids_are_unique() -> None:
    ids = [one.id for one in (*KNOWN.contradictions, *KNOWN.sums)]
    assert len({*ids}) == len(ids)


# ---- What counts as not known


def test_a_list_that_lacks_something_may_be_incomplete(tmp_path: Path) -> None:
    stores = [{"id": "cache", "personal_info": False}]
    result = decided(tmp_path, ENCRYPTED, services=USERS, data_stores=stores)
    (finding,) = result.findings
    assert (result.verdict, finding.pointer) == (Verdict.UNKNOWN, "/data_stores")
    assert "“Services › Registered users”" in finding.found.en
    other = obligation("condition", "push_channels", require={"opt_out": True})
    assert (
        decided(tmp_path, other, services=USERS, data_stores=stores, push_channels=[]).verdict
        is Verdict.NOT_APPLICABLE
    )


def granted(**changes: Any) -> dict[str, Any]:
    grant = {"id": "g", "kind": "rack", "to": "2024-12-31", **changes}
    service = {"launched_on": "2024-01-01", "features": {"hosting_for_others": False}}
    services = [{"id": name, **service} for name in ("cars", "chat")]
    return {"resource_grants": [grant], "services": services}


def test_a_fact_that_another_denies_is_not_known_wherever_it_is(tmp_path: Path) -> None:
    result = decided(tmp_path, HOSTING, **granted())
    assert [finding.pointer for finding in result.findings] == [
        "/services/0/features/hosting_for_others",
        "/services/1/features/hosting_for_others",
    ]
    assert result.findings[0].found.en.startswith("“Resource grants › Kind” (")


def test_whether_a_duty_applies_may_hang_on_it(tmp_path: Path) -> None:
    when = {"services": {"some": {"features": {"hosting_for_others": True}}}}
    made = obligation("condition", "company", require={"name": "甲"})
    company = {"name": "乙"}
    result = decided(tmp_path, made, when=when, company=company, **granted())
    assert result.verdict is Verdict.UNKNOWN
    hinge = result.findings[0].hinge
    assert hinge
    assert "Resource grants" in hinge.found.en


def launched(on: str | None, *releases: dict[str, Any], **licence: Any) -> dict[str, Any]:
    service = {"id": "cars", "status": "pilot", "launched_on": on}
    return {"services": [service], "releases": [*releases], "licence": {**LICENCE, **licence}}


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (launched("2020-05-01"), Verdict.UNKNOWN),
        (launched("2019-03-05"), Verdict.NOT_APPLICABLE),
        (launched("2019-03-06"), Verdict.UNKNOWN),
        (launched("2019-12-31", first_issued_on=None), Verdict.NOT_APPLICABLE),
        (launched("2020-01-08", first_issued_on=None), Verdict.UNKNOWN),
        (launched("2020-05-01", first_issued_on=None, issued_on=None), Verdict.NOT_APPLICABLE),
        (launched(None), Verdict.NOT_APPLICABLE),
        (
            launched("2020-05-01", {"id": "r", "kind": "launch", "live_on": "2020-05-01"}),
            Verdict.UNKNOWN,
        ),
        (
            launched(
                "2020-05-01",
                {"id": "r", "kind": "launch", "live_on": "2020-05-01", "major": False},
            ),
            Verdict.SATISFIED,
        ),
        (
            launched(
                "2020-05-01",
                {"id": "r", "kind": "launch", "live_on": "2021-05-01", "major": False},
            ),
            Verdict.UNKNOWN,
        ),
        (
            launched("2020-05-01", {"id": "r", "kind": "launch", "live_on": None, "major": False}),
            Verdict.SATISFIED,
        ),
    ],
)
def test_what_was_opened_under_the_licence_was_launched(
    tmp_path: Path, facts: dict[str, Any], verdict: Verdict
) -> None:
    assert decided(tmp_path, LAUNCH, **facts).verdict is verdict


# ---- Sums


def owned(stated: Any, *foreign: Any, domestic: Any = None, **more: Any) -> dict[str, Any]:
    rest = [] if domestic is None else [{"id": "d", "kind": "domestic", "share": domestic}]
    holders = [
        {"id": f"f{n}", "kind": "foreign", "share": share} for n, share in enumerate(foreign)
    ]
    return {"company": {"foreign_share": stated, "shareholders": [*rest, *holders], **more}}


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (owned(0.3, 0.1, 0.2, domestic=0.7), "satisfied"),
        (owned(0.4, 0.3, domestic=0.7), "satisfied"),
        (owned(0, 0.6, domestic=0.4), "unknown"),
        (owned(0.6, 0.4, domestic=0.6), "unknown"),
        (owned(0.6, 0.7, domestic=0.3), "violated"),
        (owned(0, 0.4, domestic=0.6), "satisfied"),
        (owned(0.4, domestic=1), "satisfied"),
        # Of those not listed, some may be foreign; what is listed is too little or too much.
        (owned(0.6, 0.4, domestic=0.3), "violated"),
        (owned(0.6, 0.1, domestic=0.7), "unknown"),
        (owned(0, 0.6), "unknown"),
        (owned(0, 0.6, None, domestic=0.4), "not applicable"),
        (owned(None, 0.6, domestic=0.4), "unknown"),
        (owned(0.6, shareholders=None), "violated"),
        (
            owned(0, shareholders=[{"id": "f", "kind": None, "share": 0.6}]),
            "not applicable",
        ),
        (
            owned(
                0,
                shareholders=[{"id": "f", "kind": "foreign", "share": 0.6, "since": "2025-01-01"}],
            ),
            "not applicable",
        ),
    ],
)
def test_a_number_and_its_sum(tmp_path: Path, facts: dict[str, Any], verdict: str) -> None:
    assert decided(tmp_path, CAP, **facts).verdict == verdict


def test_who_does_not_read_the_number_is_decided_as_declared(tmp_path: Path) -> None:
    made = obligation("condition", "company", require={"name": "甲"})
    result = decided(tmp_path, made, **owned(0, 0.6, domestic=0.4, name="乙"))
    assert result.verdict is Verdict.VIOLATED


# ---- Totals that are left out


def stores(*persons: int | None, **given: Any) -> list[dict[str, Any]]:
    one = {"personal_info": True, "in_service_on": "2019-06-01", **given}
    return [{**one, "id": str(i), "subjects_count": n} for i, n in enumerate(persons)]


def test_of_several_that_one_thing_lists_each_is_asked_for_itself(tmp_path: Path) -> None:
    serving = obligation("condition", "servers", require={"site_ids": {"some": "main"}})
    servers: list[dict[str, Any]] = [
        {"id": "a", "production": True, "in_service_on": "2020-01-01", "site_ids": ["main"]},
        {"id": "b", "production": True, "in_service_on": "2020-01-01", "site_ids": []},
        {"id": "c", "production": True, "in_service_on": "2020-01-01", "site_ids": []},
    ]
    site = {"id": "main", "production": True, "launched_on": "2020-01-01"}

    def verdicts(listed: list[Any]) -> dict[str, str]:
        result = decided(tmp_path, serving, servers=servers, sites=[{**site, "servers": listed}])
        return {str(one.pointer): str(one.verdict) for one in result.findings}

    listed = verdicts(["a", "b", None])
    assert listed == {"/servers/1/site_ids": "unknown", "/servers/2/site_ids": "violated"}
    assert set(verdicts(["a"]).values()) == {"violated"}
