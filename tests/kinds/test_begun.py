"""Elements that do not say since when they are there: what they break and what they cover."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.facts.asof import View
from pytest_icp.kinds.condition import check_condition
from pytest_icp.kinds.selection import applies
from pytest_icp.law.condition import PERHAPS
from pytest_icp.rules.policy import Obligation
from tests.contexts import context, decide, said
from tests.kinds.test_context import FORUM
from tests.kinds.test_selection import ACCOUNT, FILED
from tests.obligations import applicability, obligation

PERHAPS_THERE = {PERHAPS: "in_service_on"}
ORIGIN = obligation("condition", "servers", require={"role": "origin"})


def judged(made: Obligation, **facts: Any) -> tuple[str, list[str]]:
    outcome = decide(made, facts)
    return str(outcome.verdict), [finding.pointer for finding in outcome.findings]


# ---- The subject itself


def test_what_is_wrong_with_it_would_be_if_it_is_there() -> None:
    outcome = decide(ORIGIN, {"servers": [{"id": "a", "role": "edge", **PERHAPS_THERE}]})
    ((verdict, at, message),) = said(outcome)
    assert (verdict, at) == ("unknown", "/servers/0/role")
    assert message == (
        "would be violated if “In service on” is not after 2024-06-03: “Role” is edge"
    )
    hinge = outcome.findings[0].hinge
    assert hinge
    assert (hinge.pointer, hinge.message.en) == (
        "/servers/0/in_service_on",
        "“In service on” is not declared, so whether this was there on 2024-06-03 is not known",
    )


# ---- Records that it is found among


# ---- What kinds look up themselves

HOSTED = obligation(
    "licensed",
    "sites",
    organisation="host",
    categories=["B14"],
    areas={"of": "/servers", "at": "location", "match": {"site_ids": "id"}},
)
VALID = {"valid_from": "2020-01-01", "valid_until": "2030-01-01", "status": "正常"}
HELD = {**VALID, "categories": ["B14"], "areas": ["北京"]}


def server(province: str | None, **more: Any) -> dict[str, Any]:
    return {"site_ids": ["s"], "location": {"country": "CN", "province": province}, **more}


@pytest.mark.parametrize(
    ("servers", "expected"),
    [
        ([server("北京市", **PERHAPS_THERE)], ("satisfied", [])),
        ([server("上海市", **PERHAPS_THERE)], ("unknown", ["/servers/0/in_service_on"])),
        (
            [server("北京市"), server("上海市", **PERHAPS_THERE)],
            ("unknown", ["/servers/1/in_service_on"]),
        ),
        (
            [server("上海市"), server("北京市", **PERHAPS_THERE)],
            ("violated", ["/sites/0/host/licences", "/servers/1/in_service_on"]),
        ),
        ([server(None, **PERHAPS_THERE)], ("unknown", ["/servers/0/in_service_on"])),
    ],
)
def test_where_a_server_perhaps_stands(servers: list[Any], expected: tuple[str, list[str]]) -> None:
    sites = [{"id": "s", "host": {"licences": [HELD]}}]
    assert judged(HOSTED, sites=sites, servers=servers) == expected


@pytest.mark.parametrize(("province", "verdict"), [("北京市", "satisfied"), ("上海市", "unknown")])
def test_the_place_printed_for_a_site_that_perhaps_is_there(province: str, verdict: str) -> None:
    made = obligation("placed", "servers", fact="location", sites="site_ids", at="server_location")
    licence = {"attachments": [{"domains": ["a.cn"], "server_location": {"province": "北京市"}}]}
    site = {"id": "s", "domains": ["a.cn"], PERHAPS: "launched_on"}
    outcome = decide(made, {"servers": [server(province)], "sites": [site], "licence": licence})
    assert outcome.verdict == verdict
    hinges = [finding.hinge.pointer for finding in outcome.findings if finding.hinge]
    assert hinges == ([] if verdict == "satisfied" else ["/sites/0/launched_on"])


@pytest.mark.parametrize(
    ("affected", "users", "verdict"),
    [
        (10, [{"registered_users": 100, PERHAPS: "launched_on"}], "unknown"),
        (9, [{"registered_users": 100, PERHAPS: "launched_on"}], "satisfied"),
        (
            *(10, [{"registered_users": 50}, {"registered_users": 100, PERHAPS: "launched_on"}]),
            "violated",
        ),
        (
            *(10, [{"registered_users": 50}, {"registered_users": 101, PERHAPS: "launched_on"}]),
            "unknown",
        ),
    ],
)
def test_the_largest_of_what_is_perhaps_there(
    affected: int, users: list[Any], verdict: str
) -> None:
    figures = {"minutes": 60, "users": 100000, "share": 10}
    made = obligation("law", "incidents", check="incident.grade", **{"with": figures})
    incident = {"id": "i", "affected_users": affected, "outage_minutes": 60, "grade": "none"}
    assert decide(made, {"incidents": [incident], "services": users}).verdict == verdict


# ---- Whether a duty applies


@pytest.mark.parametrize(
    ("rule", "facts", "at"),
    [
        (
            applicability(when={"servers": {"some": {"role": "edge"}}}),
            {"servers": [{"role": "edge", **PERHAPS_THERE}]},
            "/servers/0/in_service_on",
        ),
        (
            applicability(when={"servers": {"every": {"role": "edge"}}}),
            {"servers": [{"role": "edge"}, {"role": "origin", **PERHAPS_THERE}]},
            "/servers/1/in_service_on",
        ),
        (
            replace(applicability(), operates=("B25.community",)),
            {"services": [{**FORUM, PERHAPS: "launched_on"}]},
            "/services/0/launched_on",
        ),
    ],
)
def test_it_hangs_on_what_is_perhaps_there(rule: Any, facts: Any, at: str) -> None:
    outcome = applies(context(facts), rule)
    assert outcome
    assert (outcome.verdict, outcome.pointer) == ("unknown", at)


def test_nothing_is_served_by_a_service_that_is_still_to_come() -> None:
    services: list[Any] = []
    facts = {"accounts": [ACCOUNT], "services": services}
    seen = replace(context({}), view=View(facts, {id(services): ()}))
    assert check_condition(FILED, seen).verdict == "not applicable"
    assert decide(FILED, facts).verdict == "unknown"
