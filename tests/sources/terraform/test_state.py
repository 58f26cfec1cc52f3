"""What a state tells: what is deployed, under the addresses of plan and source, and no secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_icp.law.errors import InputError
from tests.sources.plan_files import change, plan
from tests.sources.plan_files import read as read_plan
from tests.sources.reading import element, facts, gaps, ids, status
from tests.sources.state_files import read, read_bytes, resource, state

DISK = "alicloud_ecs_disk.a"
HIDDEN = "hunter2-is-not-shown"


def refusal(document: Any) -> InputError:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(InputError) as caught:
        read_bytes(raw)
    return caught.value


# --- what is deployed -------------------------------------------------------------------------


def test_a_plan_and_a_state_call_a_thing_the_same() -> None:
    addresses = [
        DISK,
        'module.m["京"].alicloud_ecs_disk.b[0]',
        'module.m["京"].alicloud_ecs_disk.b[1]',
        'alicloud_ecs_disk.c["a.\\"b"]',
    ]
    planned = read_plan(plan(*(change(address, {"encrypted": True}) for address in addresses)))
    on = {"encrypted": True}
    deployed = read(
        resource(DISK, on),
        resource(
            'module.m["京"].alicloud_ecs_disk.b',
            {"index_key": 0, "attributes": on},
            {"index_key": 1, "attributes": on},
        ),
        resource("alicloud_ecs_disk.c", {"index_key": 'a."b', "attributes": on}),
    )
    assert ids(deployed, "data_stores") == ids(planned, "data_stores") == addresses
    assert facts(deployed)["data_stores"][0]["encryption_at_rest"] is True


def test_what_is_tainted_is_deployed_and_what_is_deposed_is_too() -> None:
    off = {"attributes": {"encrypted": False}}
    derived = read(
        resource(
            DISK, {"encrypted": True}, {"deposed": "0a1b", **off}, {"status": "tainted", **off}
        )
    )
    # Two instances of one address cannot be; the first counts.
    assert ids(derived, "data_stores") == [DISK, f"{DISK} (deposed object 0a1b)"]
    assert element(derived, "data_stores", DISK)["encryption_at_rest"] is True


def test_ids_are_references() -> None:
    derived = read(
        resource("alicloud_eip_address.e", {"id": "eip-1", "ip_address": "8.8.8.8"}),
        resource("alicloud_instance.vm", {"id": "i-1", "availability_zone": "cn-beijing-h"}),
        resource(
            "alicloud_eip_association.a",
            {"id": "x", "allocation_id": "eip-1", "instance_id": "i-1"},
        ),
        resource(
            "alicloud_alidns_record.r",
            {"domain_name": "example.cn", "rr": "www", "type": "A", "value": "8.8.8.8"},
        ),
    )
    site = element(derived, "sites", "www.example.cn")
    assert site["servers"] == ["alicloud_instance.vm"]


def test_what_is_not_set_is_no_fact_and_waits_for_no_apply() -> None:
    derived = read(
        resource(DISK, {"encrypted": None, "zone_id": None}),
        resource(
            "aws_route53_record.r",
            {"name": "www", "zone_id": "Z1", "type": "A", "records": ["1.2.3.4"]},
        ),
        resource("alicloud_alb_load_balancer.l", {"id": "alb-1"}),
    )
    assert status(derived, "/data_stores/0/encryption_at_rest") == "default"
    assert status(derived, "/data_stores/0/location") == "not told"
    found = gaps(derived)
    assert [gap.split(":")[0] for gap in found] == [
        "alicloud_alb_load_balancer.l",
        "aws_route53_record.r",
    ]
    assert not any("apply" in gap for gap in found)


# --- regions ----------------------------------------------------------------------------------


def regions(*resources: dict[str, Any], **settings: Any) -> list[str | None]:
    stores = facts(read(*resources, **settings))["data_stores"]
    return [one["location"] and one["location"]["cloud_region"]["id"] for one in stores]


@pytest.mark.parametrize(
    ("kind", "attributes", "region"),
    [
        ("alicloud_oss_bucket", {"location": "oss-cn-beijing"}, "cn-beijing"),
        ("aws_s3_bucket", {"region": "cn-north-1"}, "cn-north-1"),
        ("aws_s3_bucket", {"arn": "arn:aws-cn:s3:::b"}, None),
        ("aws_db_instance", {"arn": "arn:aws-cn:rds:cn-north-1:1:db:x"}, "cn-north-1"),
        (
            "tencentcloud_cos_bucket",
            {"cos_bucket_url": "b-1.cos.ap-guangzhou.myqcloud.com"},
            "ap-guangzhou",
        ),
        (
            "volcengine_tos_bucket",
            {"extranet_endpoint": "tos-cn-beijing.volces.com"},
            "cn-beijing",
        ),
        ("huaweicloud_obs_bucket", {"region": "cn-north-4"}, "cn-north-4"),
        ("alicloud_oss_bucket", {"location": 7}, None),
    ],
)
def test_a_resource_tells_its_own_region(
    kind: str, attributes: dict[str, Any], region: str | None
) -> None:
    assert regions(resource(f"{kind}.b", attributes)) == [region]


def test_the_alias_of_a_provider_divides_what_is_in_one_region() -> None:
    disk = resource(DISK, {"zone_id": "cn-shanghai-b"})
    same = resource("alicloud_ecs_disk.b", {})
    provider = 'provider["registry.terraform.io/aliyun/alicloud"].bj'
    other = resource("alicloud_ecs_disk.c", {}, provider=provider)
    inside = resource("alicloud_ecs_disk.d", {}, provider=f"module.m.{provider[:-3]}")
    assert regions(disk, same, other, inside) == ["cn-shanghai", "cn-shanghai", None, None]
    settings = {"regions": {"bj": "cn-beijing"}, "region": "cn-hangzhou"}
    found = ["cn-shanghai", "cn-shanghai", "cn-beijing", "cn-hangzhou"]
    assert regions(disk, same, other, inside, **settings) == found
    old = [resource(f"alicloud_ecs_disk.o{n}", {}, provider=one) for n, one in enumerate(_OLD)]
    assert regions(*old, **settings) == ["cn-hangzhou", "cn-beijing", "cn-hangzhou"]


_OLD = ("provider.alicloud", "provider.alicloud.bj", "module.m.provider.alicloud")


# --- terraform show -json ---------------------------------------------------------------------


def shown_resource(address: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    kind, name = address.split(".")[-2:]
    return {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name.partition("[")[0],
        "values": values,
        **more,
    }


def test_what_show_prints_of_a_state_is_read() -> None:
    hidden = {"sensitive_values": {"encrypted": True}}
    child = {
        "address": "module.m[0]",
        "resources": [shown_resource(f"module.m[0].{DISK}", {"encrypted": HIDDEN}, **hidden)],
    }
    root = {
        "resources": [
            shown_resource(f"{DISK}[0]", {"encrypted": True}, index=0),
            shown_resource(f"{DISK}[0]", {"encrypted": False}, index=0, deposed_key="ff"),
        ],
        "child_modules": [child],
    }
    document = {"format_version": "1.0", "values": {"outputs": {}, "root_module": root}}
    derived = read_bytes(json.dumps(document, indent=1).encode())
    assert ids(derived, "data_stores") == [
        f"{DISK}[0]",
        f"{DISK}[0] (deposed object ff)",
        f"module.m[0].{DISK}",
    ]
    assert status(derived, "/data_stores/2/encryption_at_rest") == "sensitive"
    place = derived.trace("/data_stores/2/encryption_at_rest").place
    assert place.line == 34
    (remark,) = derived.remarks
    assert remark.en.startswith("-: a state does not say when")


def test_a_state_of_nothing_has_no_facts() -> None:
    for document in ({"format_version": "1.0"}, state(), state() | {"resources": None}):
        derived = read_bytes(json.dumps(document).encode())
        assert (derived.facts, derived.gaps) == ({}, ())


# --- secrets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "paths",
    [
        [[{"type": "get_attr", "value": "encrypted"}]],
        [[{"type": "get_attr", "value": "encrypted"}, {"type": "index", "value": {"value": 0}}]],
        {"a form": "of the future"},
        ["encrypted"],
        [[]],
        [[{"type": "get_attr"}]],
        7,
    ],
)
def test_what_is_sensitive_is_not_read(paths: Any) -> None:
    derived = read(
        resource(DISK, {"attributes": {"encrypted": HIDDEN}, "sensitive_attributes": paths})
    )
    assert status(derived, "/data_stores/0/encryption_at_rest") == "sensitive"


def test_nothing_but_what_the_tables_name_leaves_the_state() -> None:
    document = state(
        resource(
            "alicloud_db_instance.d",
            {
                "attributes": {"id": "rm-1", "ssl_action": HIDDEN, "connection_string": HIDDEN},
                "private": HIDDEN,
                "index_key": None,
            },
        ),
        resource("random_password.p", {"result": HIDDEN}),
        outputs={"password": {"value": HIDDEN, "type": "string", "sensitive": True}},
    )
    derived = read_bytes(json.dumps(document, indent=2).encode())
    assert ids(derived, "data_stores") == ["alicloud_db_instance.d"]
    for pointer in ("/data_stores/0", "/data_stores/0/encryption_in_transit"):
        found = derived.trace(pointer)
        assert found.place.line
        assert not found.place.excerpt
        assert HIDDEN not in repr(found)
    told = [derived.facts, derived.gaps, derived.remarks]
    assert HIDDEN not in repr(told)


# --- places -----------------------------------------------------------------------------------


# --- what is no state -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"version": 3, "serial": 1, "modules": []}, "older than version 4"),
        ({"version": 1, "serial": 1}, "older than version 4"),
        ({"version": 5, "serial": 1, "resources": []}, "is not 4"),
        ({"version": "4", "serial": 1}, "is not 4"),
        ({"serial": 3, "lineage": "l", "encrypted_data": HIDDEN}, "encrypted"),
        (plan(), "this is a plan"),
        ({"format_version": "1.0", "provider_schemas": {}}, "not a state"),
        ({"version": 4}, "not a state"),
        ({}, "not a state"),
        (b"", "empty"),
        (b"[]", "no line begins with {"),
        (b'{"version": 4, "resources": [{"mode": "managed",', "cut off"),
        (b'{"version": 4, "resources": [{"instances": [}]}', "not valid JSON"),
        (b'{"version": 4, "resources": [{mode}]}', "not valid JSON"),
        (b'{"version": 4, "serial": 1, "resources": ' + b"[" * 9000, "nested too deeply"),
    ],
)
def test_what_is_no_state_is_refused_in_one_sentence(document: Any, words: str) -> None:
    error = refusal(document)
    assert words in error.message.en
    assert HIDDEN not in repr(error)


def test_attributes_of_an_old_form_are_a_gap() -> None:
    flat = {"attributes": None, "attributes_flat": {"encrypted": "true"}}
    derived = read(resource(DISK, {"encrypted": True}), resource("alicloud_ecs_disk.b", flat))
    assert ids(derived, "data_stores") == [DISK]
    (words,) = gaps(derived)
    assert words.startswith("the attributes of 1 instance, alicloud_ecs_disk.b among them")


def test_what_is_no_resource_tells_nothing() -> None:
    odd: list[Any] = [7, "x", None, [], {}, {"type": 7, "instances": [{}]}, {"instances": 7}]
    odd += [{"type": "alicloud_ecs_disk", "name": "x", "instances": [7, None]}]
    assert read(*odd).facts == {}
    shown = {"format_version": "1.0", "values": {"root_module": {"child_modules": [7, {}]}}}
    assert read_bytes(json.dumps(shown).encode()).facts == {}
    assert read_bytes(b'{"format_version": "1.0", "values": 7}').facts == {}


def test_what_stands_before_a_state_is_left_out() -> None:
    before = {"resources": [resource("alicloud_ecs_disk.x", {})]}
    raw = json.dumps(before) + "\n" + json.dumps(state(resource(DISK, {})))
    assert ids(read_bytes(raw.encode()), "data_stores") == [DISK]


def test_types_without_a_row_are_gaps() -> None:
    derived = read(
        resource("azurerm_storage_account.a", {}, {}), resource("data.google_compute_instance.b")
    )
    (gap,) = derived.gaps
    assert gap.message.en.startswith("azurerm_storage_account.a")
    assert gap.kinds == {"data_stores"}
