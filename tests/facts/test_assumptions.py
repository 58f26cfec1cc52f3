"""What a source assumes of its elements: it holds where nothing else speaks, and is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

import pytest_icp
from pytest_icp.facts.assumptions import Assumption
from pytest_icp.facts.derived import Derived, Provenance, Status
from pytest_icp.facts.description import Description
from pytest_icp.kinds.finding import NoteKind, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Place
from pytest_icp.sources.loading import Kind, load

ZONE = "$ORIGIN example.org.\n@ 60 IN A 203.0.113.10\nshop 60 IN A 203.0.113.11\n"
NGINX = "http { server { listen 80; server_name shop.example.org; } }\n"
LICENCE = {
    "number": "京B2-20990001",
    "holder": "示例科技有限公司",
    "service_lines": [{"name": "信息服务业务", "scope": "不含信息搜索查询服务"}],
    "issued_on": "2024-01-01",
    "first_issued_on": "2024-01-01",
    "valid_until": "2028-12-31",
    "attachments": [{"id": "a", "kind": "site", "domains": ["example.cn"], "retired": False}],
}
SITE = {"production": True, "commercial": True}


def description(folder: Path, sources: list[dict[str, Any]], **facts: Any) -> Description:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / "site.zone").write_text(ZONE, "utf-8")
    (folder / "nginx.conf").write_text(NGINX, "utf-8")
    head = {"apiVersion": "pytest-icp/v1", "described_on": "2026-11-24"}
    written = {**head, "licence": LICENCE, "sources": sources, **facts}
    path = folder / "a.icp.yaml"
    path.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")
    return pytest_icp.load(path)


def zone(**assume: Any) -> dict[str, Any]:
    return {"kind": "zone", "path": "site.zone", "assume": assume or SITE}


def decided(read: Description, rule: str) -> Result:
    results = pytest_icp.evaluate(read, as_of="2026-11-24")
    return next(one for one in results if one.rule_id == rule)


def facts_of(read: Description, name: str) -> list[Any]:
    sites: Any = read.facts["sites"]
    return [site.get(name) for site in sites]


def error_of(read: Description) -> str:
    (reading,) = read.readings
    assert reading.error is not None
    return f"{reading.error.message.en} {reading.error.hint}".strip()


def test_an_assumption_holds_for_every_element_of_its_source(tmp_path: Path) -> None:
    read = description(tmp_path, [zone()])
    assert facts_of(read, "production") == [True, True]
    found = read.provenance("/sites/1/production")
    assert found is not None
    assert (found.status, found.attribute) == (Status.ASSUMED, "production")
    assert found.place.path == tmp_path / "a.icp.yaml"
    counts = {(one.fact, one.value, one.elements) for one in read.assumptions}
    assert counts == {
        ("sites.production", True, 2),
        ("sites.commercial", True, 2),
        ("domains.production", True, 1),
    }
    assert all(isinstance(one, Assumption) for one in read.assumptions)


TERRAFORM = """\
resource "alicloud_oss_bucket" "exports" {
  bucket = "example-Personal-data"
}
resource "alicloud_oss_bucket" "users_pii" {}
resource "alicloud_oss_bucket" "apiitems" {
  bucket = "example-apersonal"
}
resource "alicloud_oss_bucket" "faces" {
  bucket = "example-personal-faces"
}
"""


def test_an_assumption_may_hold_for_what_is_named_so_alone(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(TERRAFORM, "utf-8")
    words = {"personal_info": {"named": ["personal", "pii", "个人信息"]}}
    source = {"kind": "terraform", "path": ".", "assume": words}
    by_hand = {"id": "alicloud_oss_bucket.faces", "personal_info": False}
    read = description(tmp_path, [source], data_stores=[by_hand])
    stores: Any = read.facts["data_stores"]
    assert {store["id"].rpartition(".")[2]: store.get("personal_info") for store in stores} == {
        "exports": True,
        "users_pii": True,
        "apiitems": None,
        "faces": False,
    }
    (counted,) = read.assumptions
    assert (counted.fact, counted.value, counted.elements) == ("data_stores.personal_info", True, 2)


def test_tags_are_names_as_well(tmp_path: Path) -> None:
    tags = {"a": '{ data = "personal" }', "b": '{ pii = "true" }', "c": '{ pii = "no", n = 1 }'}
    blocks = [
        f'resource "alicloud_oss_bucket" "{key}" {{\n  tags = {value}\n}}\n'
        for key, value in tags.items()
    ]
    (tmp_path / "main.tf").write_text("".join(blocks), "utf-8")
    words = {"personal_info": {"named": ["personal", "pii"]}}
    read = description(tmp_path, [{"kind": "terraform", "path": ".", "assume": words}])
    stores: Any = read.facts["data_stores"]
    assert [store.get("personal_info") for store in stores] == [True, True, None]


def test_a_word_may_stand_anywhere_in_chinese(tmp_path: Path) -> None:
    read = description(
        tmp_path, [zone(production={"named": ["shop"]}, commercial={"named": ["个人"]})]
    )
    assert facts_of(read, "production") == [None, True]
    assert facts_of(read, "commercial") == [None, None]


def test_what_is_contested_stays_unknown(tmp_path: Path) -> None:
    sites = [{"id": "shop.example.org", "domains": ["shop.example.org"], "name": "甲"}]
    plan = {"kind": "page", "path": "nginx.conf", "assume": {"name": "丙"}}
    (tmp_path / ".git").mkdir()
    (tmp_path / "nginx.conf").write_text(NGINX, "utf-8")
    other = [{**sites[0], "name": "乙"}]
    path = tmp_path / "a.icp.yaml"
    path.write_text(
        yaml.safe_dump({"apiVersion": "pytest-icp/v1", "sites": sites, "sources": [plan]}), "utf-8"
    )
    kind = Kind(
        read=lambda _: Derived(
            facts={"sites": other}, trace=lambda _: Provenance(place=Place(path=path))
        ),
        gives=frozenset({"sites"}),
    )
    read = load(path, kinds={"page": kind})
    assert facts_of(read, "name") == [None]
    assert read.assumptions == ()


NODE = """\
apiVersion: v1
kind: Node
metadata:
  name: n
  labels: {LABELS}
"""
BEIJING = {"provider": "alicloud", "id": "cn-beijing"}


@pytest.mark.parametrize(
    ("labels", "assumed", "found"),
    [
        ("topology.kubernetes.io/region: cn-beijing", BEIJING, BEIJING),
        ("topology.kubernetes.io/region: cn-beijing", {"provider": "alicloud"}, BEIJING),
        ("topology.kubernetes.io/region: cn-hangzhou", BEIJING, {"id": "cn-hangzhou"}),
        ("topology.kubernetes.io/region: cn-beijing", {"id": "cn-beijing"}, {"id": "cn-beijing"}),
        ("other: label", BEIJING, BEIJING),
    ],
)
def test_an_assumption_completes_a_location_that_is_partly_known(
    tmp_path: Path, labels: str, assumed: dict[str, str], found: dict[str, str]
) -> None:
    (tmp_path / "n.yaml").write_text(NODE.replace("LABELS", labels), "utf-8")
    where = {"location": {"cloud_region": assumed}}
    read = description(tmp_path, [{"kind": "kubernetes", "path": "n.yaml", "assume": where}])
    servers: Any = read.facts["servers"]
    assert servers[0]["location"]["cloud_region"] == found
    told = read.provenance("/servers/0/location/cloud_region/id")
    assert told is not None
    assert (told.status is Status.ASSUMED) == (labels == "other: label")
    completed = found != {"id": found["id"]}
    assert [(one.fact, one.value, one.elements) for one in read.assumptions] == (
        [("servers.location", where["location"], 1)] if completed else []
    )


@pytest.mark.parametrize(
    ("known", "assumed", "found"),
    [
        ({"country": "CN"}, {"country": "CN", "province": "北京市"}, "北京市"),
        ({"country": "US"}, {"province": "北京市"}, None),
        ({"country": "US"}, {"cloud_region": BEIJING}, None),
        ({"province": "上海市"}, {"country": "CN", "province": "北京市"}, "上海市"),
    ],
)
def test_an_assumption_does_not_complete_another_place(
    tmp_path: Path, known: dict[str, str], assumed: dict[str, Any], found: str | None
) -> None:
    (tmp_path / "n.yaml").write_text(NODE.replace("LABELS", "other: label"), "utf-8")
    source = {"kind": "kubernetes", "path": "n.yaml", "assume": {"location": assumed}}
    by_hand = [{"id": "Node/n", "location": known}]
    read = description(tmp_path, [source], servers=by_hand)
    servers: Any = read.facts["servers"]
    assert servers[0]["location"].get("province") == found
    assert "cloud_region" not in servers[0]["location"]


def test_a_finding_names_an_assumption_that_completes(tmp_path: Path) -> None:
    region = "topology.kubernetes.io/region: cn-hongkong"
    (tmp_path / "n.yaml").write_text(NODE.replace("LABELS", region), "utf-8")
    cloud = {"cloud_region": {"provider": "alicloud"}}
    where = {"location": cloud, "role": "origin", "production": True}
    read = description(tmp_path, [{"kind": "kubernetes", "path": "n.yaml", "assume": where}])
    (finding,) = decided(read, "LIC/server-abroad").findings
    assert "location: " in finding.message.en
    assert "role: origin" in finding.message.en


def test_a_violation_without_an_assumption_names_none(tmp_path: Path) -> None:
    by_hand = [{"id": "shop", "domains": ["shop.example.org"], **SITE}]
    result = decided(description(tmp_path, [zone()], sites=by_hand), "LIC/domains")
    by_place = {f.subject: f.message.en for f in result.findings}
    assert "assuming" not in by_place["shop"]
    assert "assuming" in by_place["example.org"]


def test_a_satisfied_rule_notes_what_it_rests_on(tmp_path: Path) -> None:
    page = {"id": "a", "kind": "site", "domains": ["example.org"], "retired": False}
    licence = {**LICENCE, "attachments": [page]}
    result = decided(description(tmp_path, [zone()], licence=licence), "LIC/domains")
    assert result.verdict is Verdict.SATISFIED
    notes = [note for note in result.notes if note.kind is NoteKind.ASSUMED]
    assert [note.text.en for note in notes] == [
        "assumes `commercial: true` of 2 of `sites` (`assume` of the source at a.icp.yaml:19:3)",
        "assumes `production: true` of 2 of `sites` (`assume` of the source at a.icp.yaml:19:3)",
    ]
    assert notes[0].location.path == "a.icp.yaml"


@pytest.mark.parametrize(
    ("assume", "said"),
    [
        ({"produktion": True}, "assume: the elements of this source have no fact `produktion`"),
        ({"zzz": True}, "assume: the elements of this source have no fact `zzz`"),
        ({"production": "yes"}, "assume: `production` cannot be yes"),
        ({"production": {"named": []}}, "assume: `production` cannot be"),
        ({"name": {"named": ["shop"]}}, "assume: `name` cannot be"),
    ],
)
def test_an_assumption_that_makes_no_sense_is_an_error_of_the_source(
    tmp_path: Path, assume: dict[str, Any], said: str
) -> None:
    read = description(tmp_path, [zone(**assume)])
    assert error_of(read).startswith(said)
    assert ("did you mean 'production'?" in error_of(read)) == ("produktion" in assume)
