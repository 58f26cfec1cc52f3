"""Conditions that tables write: yes, no, or not known."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.sources.terraform.tables import grants_everyone
from tests.sources.plan_files import change, declared, plan, read
from tests.sources.reading import element, ids


def policy(**statement: Any) -> Any:
    return {"Version": "1", "Statement": [{"Effect": "Allow", "Principal": "*", **statement}]}


@pytest.mark.parametrize(
    ("document", "answer"),
    [
        (policy(), True),
        ({"statement": policy()["Statement"][0]}, True),
        (policy(Principal=["*"]), True),
        (policy(Principal={"AWS": ["x", "*"]}), True),
        (policy(Principal={"qcs": ["qcs::cam::anyone:anyone"]}), True),
        (policy(Effect="Deny"), False),
        (policy(Principal={"AWS": "arn:aws-cn:iam::1:root"}), False),
        (policy(Condition={"IpAddress": {}}), False),
        ({"Statement": None}, False),
        ({}, False),
        ("not json", None),
        ("[]", None),
        (None, None),
    ],
)
def test_whether_a_policy_lets_everyone_in(document: Any, answer: bool | None) -> None:
    assert grants_everyone(document) is answer


def published(after: dict[str, Any], unknown: Any = None) -> Any:
    bucket = "alicloud_oss_bucket.b"
    return element(read(plan(change(bucket, after, unknown))), "data_stores", bucket)["published"]


def test_a_bucket_with_an_open_policy_is_published() -> None:
    open_ = '{"Statement": [{"Effect": "Allow", "Principal": ["*"]}]}'
    assert published({"acl": "private", "policy": open_}) is True
    assert published({"acl": "private", "policy": "{}"}) is None
    assert published({"acl": "private"}, {"policy": True}) is None
    assert published({"acl": "Public-Read"}) is True


@pytest.mark.parametrize(
    ("after", "unknown", "more", "sites"),
    [
        ({}, {}, {}, 1),
        ({"status": "ENABLE"}, {}, {}, 1),
        ({"status": "DISABLE"}, {}, {}, 0),
        ({}, {"status": True}, {}, 1),
        ({}, {"status": True}, {"status": "random_pet.p.id"}, None),
        ({"status": "ENABLE"}, {}, {"after_sensitive": {"status": True}}, None),
    ],
)
def test_what_may_be_an_exception_is_not_decided(
    after: Any, unknown: Any, more: Any, sites: int | None
) -> None:
    record = "alicloud_alidns_record.a"
    named = {"domain_name": "etaoche.cn", "rr": "www", "type": "A"}
    hidden = {key: more.pop(key) for key in ("after_sensitive",) if key in more}
    entry = change(record, named | after, unknown, **hidden)
    derived = read(plan(entry, resources=[declared(record, **more)]))
    assert len(derived.facts.get("sites", [])) == (sites or 0)
    assert [sorted(gap.kinds) for gap in derived.gaps] == ([["sites"]] if sites is None else [])


def links(kind: str, after: dict[str, Any], unknown: Any = None) -> list[str]:
    return ids(read(plan(change(kind, after, unknown))), "network_links")


@pytest.mark.parametrize(("status", "hosts"), [("ENABLE", ["www.a.cn"]), ("DISABLE", [])])
def test_a_record_that_is_turned_off_is_no_site(status: str, hosts: list[str]) -> None:
    zone = change("huaweicloud_dns_zone.z", {"id": "z-1", "name": "a.cn."})
    record = {"zone_id": "z-1", "name": "www.a.cn.", "type": "A", "status": status}
    assert ids(read(plan(zone, change("huaweicloud_dns_recordset.r", record)))) == hosts


def test_numbers_are_compared() -> None:
    vm = "alicloud_instance.a"
    assert links(vm, {"internet_max_bandwidth_out": 5}) == [vm]
    assert links(vm, {"internet_max_bandwidth_out": "5"}) == [vm]
    assert links(vm, {"internet_max_bandwidth_out": 0}) == []
    assert links(vm, {"internet_max_bandwidth_out": "many"}) == []
    assert links(vm, {}) == []
    assert links(vm, {}, {"internet_max_bandwidth_out": True}) == []


def test_lists_with_commas_are_looked_through() -> None:
    cluster, endpoint = "alicloud_polardb_cluster.c", "alicloud_polardb_endpoint_address.e"

    def access(ips: Any, unknown: Any = None) -> Any:
        entries = [
            change(cluster, {"id": "pc", "security_ips": ips}, unknown),
            change(endpoint, {"db_cluster_id": "pc", "net_type": "Public"}),
        ]
        return element(read(plan(*entries)), "data_stores", cluster)["access"]["least_privilege"]

    assert access("10.0.0.1, 0.0.0.0/0") is False
    assert access(["10.0.0.1"]) is None
    assert access([], {"security_ips": True}) is None
    assert access(["10.0.0.1"], {"security_ips": [False, True]}) is None


@pytest.mark.parametrize(
    ("type_", "blocks", "attribute", "encrypted"),
    [
        ("alicloud_instance", "data_disks", "encrypted", True),
        ("huaweicloud_compute_instance", "data_disks", "kms_key_id", "key"),
    ],
)
def test_a_disk_that_says_nothing_is_not_encrypted_because_another_is(
    type_: str, blocks: str, attribute: str, encrypted: Any
) -> None:
    def stored(*disks: dict[str, Any]) -> Any:
        derived = read(plan(change(f"{type_}.a", {blocks: list(disks)})))
        return element(derived, "data_stores", f"{type_}.a")["encryption_at_rest"]

    disk = {"size": 20, attribute: encrypted}
    assert stored(disk) is True
    assert stored(disk, disk) is True
    assert stored(disk, {"size": 20}) is None
    assert stored({"size": 20, attribute: None}, disk) is None
