"""Elements that do not say since when they are there: what they break and what they cover."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.facts.asof import View
from pytest_icp.kinds.applicability import applies
from pytest_icp.kinds.condition import check_condition
from pytest_icp.kinds.finding import MANY, of_each_subject
from pytest_icp.kinds.selection import with_existence
from pytest_icp.law.kleene import PERHAPS
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


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ({"role": "origin"}, ("satisfied", [])),
        ({"role": None}, ("unknown", ["/servers/0/in_service_on", "/servers/0/role"])),
    ],
)
def test_what_is_right_with_it_is_right(server: Any, expected: tuple[str, list[str]]) -> None:
    assert judged(ORIGIN, servers=[{"id": "a", **server, **PERHAPS_THERE}]) == expected


def test_what_else_is_not_known_comes_first() -> None:
    made = obligation(
        "condition", "servers", where={"production": True}, require={"role": "origin"}
    )
    outcome = decide(made, {"servers": [{"id": "a", "role": "edge", **PERHAPS_THERE}]})
    (finding,) = outcome.findings
    assert finding.message.en.startswith(
        "would be violated if “In production” is true and “In service on” is not after 2024-06-03"
    )
    assert finding.hinge
    assert finding.hinge.pointer == "/servers/0/production"


def test_its_beginning_is_asked_for_once() -> None:
    made = obligation(
        "dated", "servers", act="filed_on", anchor="in_service_on", within={"days": 30}
    )
    servers = [{"id": "a", "filed_on": "2024-01-01", **PERHAPS_THERE}]
    assert judged(made, servers=servers) == ("unknown", ["/servers/0/in_service_on"])


def test_what_is_in_it_is_there_no_more_than_it() -> None:
    made = obligation("condition", "data_stores.processors", require={"contract": True})
    store = {"id": "a", "processors": [{"id": "p", "contract": False}], **PERHAPS_THERE}
    assert judged(made, data_stores=[{**store, PERHAPS: "in_service_on"}]) == (
        "unknown",
        ["/data_stores/0/processors/0/contract"],
    )


@pytest.mark.parametrize(
    ("servers", "verdict"),
    [
        ([{"role": "origin", **PERHAPS_THERE}], "unknown"),
        ([{"role": "origin", **PERHAPS_THERE}, {"role": "origin"}], "satisfied"),
        ([{"role": "edge", **PERHAPS_THERE}], "violated"),
    ],
)
def test_there_must_be_one(servers: list[Any], verdict: str) -> None:
    made = obligation("condition", "servers", where={"role": "origin"}, require={}, none="violated")
    seen = context({"servers": servers})
    assert with_existence(made, seen, check_condition(made, seen)).verdict == verdict


def test_of_many_that_are_alike_one_may_be_there() -> None:
    known, unknown = ({"role": "edge"}, {"role": "edge", **PERHAPS_THERE})
    servers = [{"id": f"s{i}", **(unknown if i % 2 else known)} for i in range(2 * MANY)]
    outcome = decide(ORIGIN, {"servers": servers})
    verdicts = [one.verdict for found in outcome.findings for one in of_each_subject(found)]
    assert (verdicts.count("violated"), verdicts.count("unknown")) == (MANY, MANY)


# ---- Records that it is found among


@pytest.mark.parametrize(
    ("least", "expected"),
    [
        (1, ("satisfied", [])),
        (2, ("unknown", ["/staff/1/since"])),
        (3, ("violated", ["/staff"])),
    ],
)
def test_so_many_are_there(least: int, expected: tuple[str, list[str]]) -> None:
    made = obligation("condition", "company", records="/staff", at_least=least)
    staff = [{"id": "a"}, {"id": "b", PERHAPS: "since"}]
    assert judged(made, company={}, staff=staff) == expected


def test_a_day_of_what_is_perhaps_there() -> None:
    made = obligation("dated", "services", act={"of": "/checks", "at": "on"}, anchor="on", ahead=0)
    facts: dict[str, Any] = {"services": [{"id": "s", "on": "2024-05-01"}]}
    check = {"on": "2024-04-01", PERHAPS: "since"}
    assert judged(made, **facts, checks=[check]) == ("unknown", ["/checks/0/since"])
    late = {"on": "2024-05-02", PERHAPS: "since"}
    assert judged(made, **facts, checks=[late])[0] == "violated"


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


def test_the_fact_is_that_of_the_element_behind_later_ones() -> None:
    servers = [{"id": "b", "role": None}]
    seen = replace(context({}), view=View({"servers": servers}, {id(servers): (1,)}))
    outcome = applies(seen, applicability(when={"servers": {"some": {"role": "edge"}}}))
    assert outcome
    (finding,) = outcome.findings
    assert (finding.pointer, finding.subject) == ("/servers/1/role", "b")


def test_nothing_is_served_by_a_service_that_is_still_to_come() -> None:
    services: list[Any] = []
    facts = {"accounts": [ACCOUNT], "services": services}
    seen = replace(context({}), view=View(facts, {id(services): ()}))
    assert check_condition(FILED, seen).verdict == "not applicable"
    assert decide(FILED, facts).verdict == "unknown"
