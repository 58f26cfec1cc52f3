"""Facts of sources joined with those by hand: completed, contested, each with its place."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pytest_icp.facts.derived import Status
from pytest_icp.facts.files.properties import schema_document
from pytest_icp.facts.merging import SPAN
from pytest_icp.facts.plans import REFERENCE, marked
from pytest_icp.law.errors import InputError
from tests.derivations import described, reading


def test_lists_are_joined(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        {"servers": [{"id": "a"}]},
        reading("p", {"servers": [{"id": "b"}, {"id": "c"}]}),
        reading("q", {"servers": [{"id": "d"}], "domains": [{"id": "x.cn"}]}),
    )
    assert [server["id"] for server in found.facts["servers"]] == ["a", "b", "c", "d"]  # type: ignore[union-attr,index,call-overload]  # a list of objects
    assert found.place("/servers/0/id").path.name == "prod.icp.json"
    assert [str(found.place(f"/servers/{i}/id")) for i in (1, 2, 3)] == ["p:4:1", "p:4:1", "q:4:1"]
    assert found.place("/domains/0").path.name == "q"
    assert found.provenance("/servers/0/id") is None
    third = found.provenance("/servers/2/id")
    assert third is not None
    assert (third.address, third.attribute) == ("res.p", "servers/1/id")
    assert found.disagreements == ()


def test_elements_of_one_id_are_one(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        {"servers": [{"id": "a", "role": "origin"}]},
        reading("p", {"servers": [{"id": "b"}, {"id": "a", "production": True, "role": None}]}),
        reading("q", {"servers": [{"id": "b", "role": "edge", "site_ids": ["s"]}, {"id": "e"}]}),
    )
    assert found.facts["servers"] == [
        {"id": "a", "role": "origin", "production": True},
        {"id": "b", "role": "edge", "site_ids": ["s"]},
        {"id": "e"},
    ]
    assert found.place("/servers/0/role").path.name == "prod.icp.json"
    assert str(found.place("/servers/0/production")) == "p:4:1"
    assert str(found.place("/servers/1/site_ids/0")) == "q:5:1"
    assert found.place("/servers/2/id").path.name == "q"
    # What nobody tells belongs where a person wrote the element.
    assert found.place("/servers/0/location").path.name == "prod.icp.json"
    assert found.provenance("/servers/0/location") is None


def test_what_differs_is_not_known(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        {"servers": [{"id": "a", "role": "origin"}]},
        reading("p", {"servers": [{"id": "a", "role": "edge", "production": True}]}),
        reading("q", {"servers": [{"id": "a", "role": "edge", "production": False}]}),
        reading("r", {"servers": [{"id": "a", "role": "backup", "production": None}]}),
    )
    assert found.facts["servers"] == [{"id": "a", "role": None, "production": None}]
    role, production = found.disagreements
    assert (role.pointer, production.pointer) == ("/servers/0/role", "/servers/0/production")
    assert [one.value for one in role.statements] == ["origin", "edge", "backup"]
    assert [str(one.provenance.place).rpartition("/")[2] for one in production.statements] == [
        "p:4:1",
        "q:4:1",
    ]
    assert "origin (" in role.message().en
    assert "edge (p:4:1, res.p, servers/0/role)" in role.message().zh


def test_what_is_edited_is_shown_before_what_is_made_of_it(tmp_path: Path) -> None:
    same = {"servers": [{"id": "a", "role": "edge"}]}
    found = described(
        tmp_path, {}, reading("plan.json", same, generated=True), reading("main.tf", same)
    )
    assert found.facts == same
    assert found.place("/servers/0/role").path.name == "main.tf"


def test_a_site_joins_the_one_that_lists_its_host(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        {
            "sites": [{"id": "shop", "domains": ["Shop.example.cn", "/", None]}, {"id": "bare"}],
            "domains": [{"id": "main", "name": "example.cn"}],
        },
        reading(
            "ingress.yaml",
            {
                "sites": [
                    {"id": "www.example.cn", "domains": ["www.example.cn"]},
                    {"id": "shop.example.cn", "domains": ["shop.example.cn"], "production": True},
                ],
                "domains": [{"id": "example.cn", "name": "example.cn"}],
            },
        ),
        reading(
            "plan.json",
            {
                "servers": [{"id": "s", "site_ids": ["shop.example.cn", "www.example.cn"]}],
                "user_rules": None,
            },
        ),
    )
    assert found.facts == {
        "sites": [
            {"id": "shop", "domains": ["Shop.example.cn", "/", None], "production": True},
            {"id": "bare"},
            {"id": "www.example.cn", "domains": ["www.example.cn"]},
        ],
        "domains": [{"id": "main", "name": "example.cn"}],
        "servers": [{"id": "s", "site_ids": ["shop", "www.example.cn"]}],
    }
    assert str(found.place("/sites/0/production")) == "ingress.yaml:4:1"
    assert str(found.place("/sites/2/domains/0")) == "ingress.yaml:5:1"
    assert str(found.place("/servers/0/site_ids/0")) == "plan.json:5:1"


def test_spans_inside_lists_and_objects_are_contested_too(tmp_path: Path) -> None:
    days, months = {"record_retention": {"days": 180}}, {"record_retention": {"months": 6}}
    billing = {"raw_data_retention": {"months": 5}}
    found = described(
        tmp_path,
        {
            "data_stores": [{"id": "a", "processors": [{"id": "x"}, {"id": "p", **days}]}],
            "billing": billing,
        },
        reading(
            "p",
            {
                "data_stores": [{"id": "a", "processors": [{"id": "p", **months}]}],
                "billing": {"raw_data_retention": {"days": 150}},
            },
        ),
    )
    assert found.facts["data_stores"] == [
        {"id": "a", "processors": [{"id": "x"}, {"id": "p", "record_retention": None}]}
    ]
    assert found.facts["billing"] == {"raw_data_retention": None}
    assert [one.fact for one in found.disagreements] == [
        "data_stores[a].processors.1.record_retention",
        "billing.raw_data_retention",
    ]


def test_references_stand_in_elements_and_not_below() -> None:
    plan = marked("description", REFERENCE)
    assert plan.fields == {}
    assert not any(below.children for below in plan.children.values())


def test_only_spans_of_time_are_told_in_one_of_several_ways() -> None:
    # Two valid parts are valid together as long as no other object is closed like this.
    description, licence = map(schema_document, ("description", "licence"))
    spans = [
        description["$defs"][name]["properties"].keys() for name in ("Duration", "LogRetention")
    ]
    assert spans == [SPAN, SPAN | {"at_most"}]
    closing = '"(maxProperties|oneOf|dependent[A-Za-z]*|maxItems|uniqueItems)":'
    assert re.findall(closing, json.dumps([description, licence])) == ["maxProperties"] * 2


def test_what_is_needed_beside_a_fact_comes_with_it() -> None:
    # So it is there too, where the fact is joined with others.
    told = json.dumps([schema_document("description"), schema_document("licence")])
    needs = re.findall(r'"if": \{"required": \["[a-z_]+"\], "properties": \{"[a-z_]+": ', told)
    assert len(needs) == told.count('"if":')
    assert told.count('"then": {"required": [') == told.count('"then":') == len(needs)
    assert '"else"' not in told


def test_what_a_source_does_not_say_beside_a_fact_is_not_known(tmp_path: Path) -> None:
    found = described(tmp_path, {}, reading("p", {"annual_reports": [{"id": "a"}]}))
    assert found.facts["annual_reports"] == [
        {"id": "a", "year_of_submission": None, "covers_year": None}
    ]


def test_facts_that_the_schema_refuses_are_an_error_of_their_source(tmp_path: Path) -> None:
    found = described(
        tmp_path, {"servers": [{"id": "a"}]}, reading("p", {"sitse": []}), reading("q", {})
    )
    assert found.facts == {"servers": [{"id": "a"}]}
    (wrong, right) = found.readings
    assert wrong.derived is None
    assert wrong.error is not None
    assert "sitse" in wrong.error.message.en
    assert wrong.error.place is not None
    assert wrong.error.place.path.name == "p"
    assert right.error is None
    assert set(found.gaps) == {"servers", "sites"}


def test_a_derived_id_that_leads_nowhere_is_told_and_not_refused(tmp_path: Path) -> None:
    sites = {"sites": [{"id": "main"}]}
    found = described(tmp_path, sites, reading("p", {"servers": [{"id": "a", "site_ids": ["x"]}]}))
    (loose,) = found.loose
    assert (loose.target, loose.tokens) == ("sites", ("servers", 0, "site_ids", 0))
    assert [gap.message for gap in found.gaps["sites"]] == [loose.message]
    by_hand = {"servers": [{"id": "a", "site_ids": ["x"]}]}
    with pytest.raises(InputError, match="has the id"):
        described(tmp_path, {**sites, **by_hand}, reading("p", by_hand))


def test_why_a_fact_is_not_known_is_told_by_its_source(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        {"servers": [{"id": "a"}]},
        reading(
            "p",
            {"servers": [{"id": "a", "location": None}, {"id": "b"}]},
            status={
                "/servers/0/location": Status.AFTER_APPLY,
                "/servers/1/role": Status.DEFAULT,
            },
        ),
    )
    inside = found.provenance("/servers/0/location/city")
    assert inside is not None
    assert (inside.status, inside.attribute) == (Status.AFTER_APPLY, "servers/0/location")
    left_out = found.provenance("/servers/1/role")
    assert left_out is not None
    assert left_out.status is Status.DEFAULT
    plain = found.provenance("/servers/1/production")
    assert plain is not None
    assert plain.status is Status.KNOWN
    assert found.provenance("/servers/0/production") is None
    assert found.provenance("") is None
    assert found.provenance("/nothing") is None


def test_what_is_written_by_hand_of_derived_elements(tmp_path: Path) -> None:
    found = described(
        tmp_path,
        {"servers": [{"id": "a"}], "company": {}},
        reading("p", {"servers": [{"id": "a", "role": "edge"}, {"id": "b"}], "company": {}}),
    )
    assert found.id_to_write("/servers/1/role") == "b"
    assert found.id_to_write("/servers/0/role") == ""
    assert found.id_to_write("/company/name") == ""
    assert found.id_to_write("") == ""
    assert found.by_hand("/servers/1/role").path.name == "prod.icp.json"
    assert found.by_hand("/servers/1/role").line == found.by_hand("/servers").line


def test_the_hosts_of_one_site_are_one_site_with_one_line(tmp_path: Path) -> None:
    hosts = ["etaoche.cn", "www.etaoche.cn", "m.etaoche.cn"]
    sites = [{"id": host, "domains": [host], "public": True} for host in hosts]
    servers = [{"id": "web", "site_ids": hosts}]
    found = described(
        tmp_path,
        {"sites": [{"id": "main", "domains": hosts}]},
        reading("p", {"sites": sites[:2], "servers": servers}),
        reading("q", {"sites": sites[1:]}),
    )
    assert found.facts["sites"] == [{"id": "main", "domains": hosts, "public": True}]
    assert found.facts["servers"] == [{"id": "web", "site_ids": ["main"] * 3}]
    assert found.contested == {}
