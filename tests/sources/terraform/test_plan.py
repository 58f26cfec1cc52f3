"""What a plan tells: the four cases of an attribute, references, regions, and what goes away."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_icp.sources.terraform.deriving import EVERY_LIST
from tests.sources.plan_files import (
    change,
    declared,
    expression,
    in_region,
    plan,
    read,
    read_bytes,
    refusal,
)
from tests.sources.reading import element, gaps, ids, status

DISK = "alicloud_ecs_disk.a"
AFTER_APPLY = "known after apply"
BEIJING = {"cloud_region": {"provider": "alicloud", "id": "cn-beijing"}}


# --- the four cases ---------------------------------------------------------------------------


def encryption(after: dict[str, Any], unknown: Any, expressions: dict[str, Any]) -> tuple[Any, str]:
    document = plan(change(DISK, after, unknown), resources=[declared(DISK, **expressions)])
    derived = read(document)
    found = element(derived, "data_stores", DISK)["encryption_at_rest"]
    return found, status(derived, "/data_stores/0/encryption_at_rest")


@pytest.mark.parametrize(
    ("after", "unknown", "written", "found"),
    [
        ({"encrypted": True}, {}, {}, (True, "known")),
        ({"encrypted": False}, {}, {}, (False, "known")),
        ({"encrypted": None}, {}, {}, (None, "default")),
        # What is computed and not written is the default of the cloud, too.
        ({}, {"encrypted": True}, {}, (None, "default")),
        ({}, {"encrypted": True}, {"encrypted": "alicloud_kms_key.k.id"}, (None, AFTER_APPLY)),
    ],
)
def test_the_four_cases_of_an_attribute(
    after: Any, unknown: Any, written: Any, found: tuple[Any, str]
) -> None:
    assert encryption(after, unknown, written) == found


def test_without_a_configuration_nobody_knows_whether_it_is_written() -> None:
    derived = read(plan(change(DISK, {}, {"encrypted": True})))
    assert status(derived, "/data_stores/0/encryption_at_rest") == "known after apply"


OUTPUT = {"outputs": {"id": {"expression": {"references": ["huaweicloud_kms_key.k.id"]}}}}


@pytest.mark.parametrize(
    ("references", "is_encrypted"),
    [
        (["huaweicloud_kms_key.k.arn"], True),
        (["data.huaweicloud_kms_key.k.id"], True),
        (["module.kms.id"], True),
        (["var.key", "huaweicloud_kms_key.k.id"], True),
        # It may yet turn out that there is no key.
        (["data.huaweicloud_kms_keys.k.keys"], None),
        (["data.huaweicloud_kms_keys.k.keys", "huaweicloud_kms_key.k.id"], None),
        (["local.key"], None),
        (["each.value.key", "each.value"], None),
        (["module.kms.other"], None),
        (["module.gone.id"], None),
        (["module.kms"], None),
    ],
)
def test_a_key_that_may_be_null_encrypts_nothing(
    references: list[str], is_encrypted: bool | None
) -> None:
    volume = "huaweicloud_evs_volume.v"
    document = plan(
        change(volume, {}, {"kms_id": True}),
        change(f"module.kms.{volume}", {}, {"kms_id": True}, module_address="module.kms"),
        resources=[declared(volume, kms_id=references)],
        root={
            "module_calls": {
                "kms": {
                    "expressions": {"key": {"references": references}},
                    "module": {**OUTPUT, "resources": [declared(volume, kms_id="var.key")]},
                }
            }
        },
        variables={"key": {"value": None}},
    )
    derived = read(document)
    for store in (volume, f"module.kms.{volume}"):
        assert element(derived, "data_stores", store)["encryption_at_rest"] is is_encrypted


def test_several_disks_that_differ_are_not_known() -> None:
    vm = "alicloud_instance.a"
    disks = [{"encrypted": True}, {"encrypted": False}]
    derived = read(plan(change(vm, {"data_disks": disks})))
    assert element(derived, "data_stores", vm)["encryption_at_rest"] is None
    assert status(derived, "/data_stores/0/encryption_at_rest") == "not told"


def test_a_list_of_which_a_part_is_unknown_is_not_known() -> None:
    vm = "alicloud_instance.a"
    unknown = {"data_disks": [{}, {"encrypted": True}]}
    derived = read(plan(change(vm, {"data_disks": [{"encrypted": True}, {}]}, unknown)))
    assert element(derived, "data_stores", vm)["encryption_at_rest"] is None


# --- what goes away, and what is there once ---------------------------------------------------


@pytest.mark.parametrize(
    ("actions", "found"),
    [
        ("delete", []),
        ("forget", []),
        ("no-op", [DISK]),
        ("create", [DISK]),
        ("update", [DISK]),
        ("delete create", [DISK]),
        ("create delete", [DISK]),
        ("read", [DISK]),
    ],
)
def test_what_goes_away_tells_nothing(actions: str, found: list[str]) -> None:
    derived = read(plan(change(DISK, {"encrypted": True}, actions=actions.split())))
    assert ids(derived, "data_stores") == found


def test_what_is_forgotten_stays_in_the_cloud() -> None:
    """Terraform leaves it there (`removed` without `destroy`), and nothing here tells of it."""
    names = ("alicloud_log_store.s", "alicloud_ram_role.r")
    (gap,) = read(plan(*(change(name, {}, actions=["forget"]) for name in names))).gaps
    assert gap.message.en.startswith("the plan forgets alicloud_log_store.s without destroying it")
    assert gap.kinds == {"log_stores"}
    replaced = read(plan(change(names[0], {}, actions=["create", "forget"])))
    assert ids(replaced, "log_stores") == [names[0]]
    assert gaps(replaced) == [gap.message.en]


def test_what_is_deposed_and_data_are_no_elements() -> None:
    assert read(plan(change(DISK, {"encrypted": True}, deposed="abc"))).facts == {}
    assert read(plan(change("data.alicloud_instance.a", {"availability_zone": "x"}))).facts == {}


def test_equal_addresses_of_different_modules_are_different_resources() -> None:
    one, two = (change(DISK, {"encrypted": True}, module_address=f"module.{m}") for m in "ab")
    derived = read(plan(one, two))
    assert ids(derived, "data_stores") == [f"module.a.{DISK}", f"module.b.{DISK}"]


def test_an_address_that_is_listed_twice_counts_once() -> None:
    derived = read(plan(change(DISK, {"encrypted": True}), change(DISK, {"encrypted": False})))
    assert element(derived, "data_stores", DISK)["encryption_at_rest"] is True


def test_an_index_that_the_address_lacks_is_added() -> None:
    entries = [change(DISK, {}, index=index) for index in (0, "a")]
    assert ids(read(plan(*entries)), "data_stores") == [f"{DISK}[0]", f'{DISK}["a"]']


@pytest.mark.parametrize(
    "broken",
    [
        {"change": None},
        {"change": {"actions": ["create"], "after": None}},
        {"change": {"actions": None, "after": {}}},
        {"provider_name": None},
        {"address": None, "name": None},
        {"change": {"actions": ["create"], "after": {}, "after_unknown": None}},
        {"change": {"actions": ["create"], "after": {}, "after_sensitive": True}},
    ],
)
def test_null_members_do_no_harm(broken: dict[str, Any]) -> None:
    changed: Any = [{**change(DISK, {}), **broken}, None]
    assert isinstance(read(plan(*changed)).facts, dict)


# --- a plan without changes -------------------------------------------------------------------


def planned(values: dict[str, Any], **expressions: Any) -> Any:
    resource = {"address": DISK, "mode": "managed", "type": "alicloud_ecs_disk", "name": "a"}
    child = {"address": "module.m", "resources": [{**resource, "values": values}, {}, None]}
    root = {"resources": [{**resource, "values": values}, resource], "child_modules": [child]}
    document = plan(resources=[declared(DISK, **expressions)], planned_values={"root_module": root})
    return read({**document, "resource_changes": None})


def test_planned_values_stand_in_for_missing_changes() -> None:
    derived = planned({"encrypted": True})
    assert ids(derived, "data_stores") == [DISK, f"module.m.{DISK}"]
    assert element(derived, "data_stores", DISK)["encryption_at_rest"] is True


def test_what_planned_values_lack_is_known_after_apply_where_it_is_written() -> None:
    derived = planned({}, encrypted="alicloud_kms_key.k.id")
    assert status(derived, "/data_stores/0/encryption_at_rest") == "known after apply"
    assert status(planned({}), "/data_stores/0/encryption_at_rest") == "default"


def test_a_resource_that_is_only_planned_is_placed_at_its_own_address() -> None:
    names = [f'alicloud_ecs_disk.a["{key}"]' for key in ("甲", "乙")]
    disk = {"mode": "managed", "type": "alicloud_ecs_disk", "name": "a", "values": {}}
    resources = [{"depends_on": [names[1]], **disk, "address": name} for name in names]
    document = {"planned_values": {"root_module": {"resources": resources}}}
    written = json.dumps(document, indent=1)
    derived = read_bytes(written.encode())
    assert ids(derived, "data_stores") == names
    places = [derived.trace(f"/data_stores/{i}/encryption_at_rest").place for i in (0, 1)]
    lines = written.split("\n")
    assert [lines[(place.line or 0) - 1].strip(" ,") for place in places] == [
        f'"address": {json.dumps(name)}' for name in names
    ]


# --- gaps, and what is not mapped -------------------------------------------------------------


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ({"errored": True}, "stopped at an error"),
        ({"complete": False, "errored": False}, "is incomplete"),
        ({"deferred_changes": [{"reason": "x"}]}, "defers 1 change"),
    ],
)
def test_an_incomplete_plan_is_a_gap_in_everything(member: dict[str, Any], words: str) -> None:
    (gap,) = read(plan(change(DISK, {}), **member)).gaps
    assert words in gap.message.en
    assert {"sites", "servers", "log_stores"} <= gap.kinds


def test_what_is_declared_and_not_in_the_plan_is_a_gap() -> None:
    """Not every tool says of a plan with a target that it is incomplete."""
    store, zone = "alicloud_log_store.s", "alicloud_alidns_domain.z"
    names = (DISK, store, zone, "alicloud_kms_key.k", "data.alicloud_eips.e", "random_pet.p")
    gone = change("alicloud_eip.e", actions=["delete"], after=None)
    many = [
        {**declared("alicloud_eip.c"), "count_expression": {"constant_value": 0}},
        declared("alicloud_eip.f", for_each_expression={"references": ["var.x"]}),
        declared("alicloud_eip.e"),
    ]
    document = plan(change(DISK, {}), gone, resources=[*map(declared, names), *many])
    inner = {"module": {"resources": [declared("alicloud_instance.i")]}}
    calls = {"m": inner, "n": {**inner, "count_expression": {}}}
    document["configuration"]["root_module"]["module_calls"] = calls
    (gap,) = read(document).gaps
    assert f"with -target: {store}, {zone}, module.m.alicloud_instance.i;" in gap.message.en
    assert gap.kinds == {"log_stores", "domains", "servers", "network_links", "data_stores"}


def test_a_command_that_calls_a_tool_is_a_gap() -> None:
    commands = [
        {"command": {"constant_value": "kubectl apply -f ingress.yaml"}},
        {"command": {"references": ["var.command"]}, "interpreter": {"constant_value": ["sh"]}},
        {"inline": {"constant_value": ["cd /srv", "docker run -d nginx"]}},
    ]
    written = [{"type": "local-exec", "expressions": one} for one in commands]
    (kubectl, docker) = read(
        plan(resources=[{**declared("null_resource.n"), "provisioners": written}])
    ).gaps
    assert "kubectl" in kubectl.message.en
    assert "docker" in docker.message.en
    assert kubectl.kinds == EVERY_LIST


def test_what_no_table_has_and_the_plan_leaves_out_is_a_gap() -> None:
    (gap,) = read(plan(resources=[declared("ucloud_instance.i")])).gaps
    assert "with -target: ucloud_instance.i;" in gap.message.en
    assert {"data_stores", "servers"} <= gap.kinds


def test_a_type_that_looks_relevant_and_is_not_mapped_is_a_gap() -> None:
    names = ("alicloud_nas_server.a", "alicloud_nas_server.b", "alicloud_ram_role.r", DISK)
    derived = read(plan(*(change(name, {}) for name in names)))
    (gap,) = derived.gaps
    assert gap.message.en.startswith("alicloud_nas_server.a、alicloud_nas_server.b: no table says")
    assert {"data_stores", "servers"} <= gap.kinds
    assert "sites" not in gap.kinds


def test_a_host_that_is_not_known_is_a_gap() -> None:
    record = "alicloud_alidns_record.a"
    known = {"domain_name": "example.cn", "type": "A"}
    entries = [change(f"{record}{n}", known, {"rr": True}) for n in range(5)]
    written = [declared(f"{record}{n}", rr="random_pet.p.id") for n in range(5)]
    (found,) = (g for g in read(plan(*entries, resources=written)).gaps if "sites" in g.kinds)
    assert "known only after apply" in found.message.en
    assert f"{record}2 and 2 more" in found.message.en
    assert f"{record}2等，另有 2 个" in found.message.zh


def test_a_kind_that_is_not_known_is_a_gap() -> None:
    derived = read(plan(change("alicloud_slb_load_balancer.a", {}, {"address_type": True})))
    (gap,) = derived.gaps
    assert gap.kinds == {"network_links"}


# --- regions ----------------------------------------------------------------------------------


def place(document: Any, identifier: str = DISK, **settings: Any) -> Any:
    return element(read(document, **settings), "data_stores", identifier)["location"]


def region(document: Any, **settings: Any) -> Any:
    found = place(document, **settings)
    return found and found["cloud_region"]["id"]


def of_provider(written: Any, **more: Any) -> Any:
    return plan(
        change(DISK, {}),
        resources=[declared(DISK)],
        providers={"alicloud": in_region(written)},
        **more,
    )


def test_the_region_of_the_provider_is_a_variable() -> None:
    variable = {"references": ["var.region"]}
    assert region(of_provider(variable, variables={"region": {"value": "cn-shanghai"}})) == (
        "cn-shanghai"
    )
    assert region(of_provider(variable)) is None
    assert region(of_provider({"references": ["local.region"]})) is None
    assert region(of_provider({"references": ["var.a", "var.b"]})) is None


def test_a_sensitive_variable_is_not_read() -> None:
    document = of_provider(
        {"references": ["var.region"]}, variables={"region": {"value": "cn-shanghai"}}
    )
    document["configuration"]["root_module"]["variables"] = {"region": {"sensitive": True}}
    assert region(document) is None


def test_the_region_of_a_resource_goes_before_its_provider() -> None:
    volume = "huaweicloud_evs_volume.v"
    document = plan(
        change(volume, {"region": "cn-south-1"}),
        resources=[declared(volume)],
        providers={"huaweicloud": in_region("cn-north-4", "huaweicloud")},
    )
    assert place(document, volume)["cloud_region"]["id"] == "cn-south-1"


def test_a_region_that_is_empty_is_none() -> None:
    volume = "huaweicloud_evs_volume.v"
    document = plan(
        change(volume, {"region": ""}),
        resources=[declared(volume)],
        providers={"huaweicloud": in_region("cn-north-4", "huaweicloud")},
    )
    assert place(document, volume)["cloud_region"]["id"] == "cn-north-4"


def test_the_zone_tells_the_region() -> None:
    assert region(plan(change(DISK, {"zone_id": "cn-hangzhou-h"}))) == "cn-hangzhou"
    assert region(plan(change(DISK, {"zone_id": "cn-beijing-MAZ1(a,b)"}))) == "cn-beijing"
    assert region(plan(change(DISK, {"zone_id": "no zone"}))) is None


@pytest.mark.parametrize(
    ("zone", "found"),
    [("cn-hangzhou-h", "cn-hangzhou"), ("cn-beijing-h", None), ("elsewhere", "cn-hangzhou")],
)
def test_a_zone_in_another_region_leaves_the_place_open(zone: str, found: str | None) -> None:
    document = plan(
        change(DISK, {"zone_id": zone}),
        resources=[declared(DISK)],
        providers={"alicloud": in_region("cn-hangzhou")},
    )
    assert region(document) == found


def test_the_zone_of_the_subnet_tells_the_region() -> None:
    database, subnet = "alicloud_db_instance.d", "alicloud_vswitch.s"
    other = change("alicloud_vswitch.other", {"zone_id": "cn-shanghai-b"})
    document = plan(
        change(database, {}, {"vswitch_id": True}),
        change(subnet, {"zone_id": "cn-beijing-h"}),
        other,
        resources=[declared(database, vswitch_id=f"{subnet}.id"), declared(subnet)],
    )
    assert place(document, database) == BEIJING
    assert status(read(document), "/data_stores/0/location") == "referenced"


def test_a_subnet_that_was_read_as_data_tells_the_region() -> None:
    database, subnet = "aws_docdb_cluster.d", "data.aws_subnet.s"
    vm = "aws_instance.i"
    state = {
        "address": subnet,
        "mode": "data",
        "type": "aws_subnet",
        "name": "s",
        "values": {"availability_zone": "cn-north-1a"},
    }
    managed = {**state, "mode": "managed", "address": "aws_subnet.s"}
    document = plan(
        change(vm, {}, {"subnet_id": True}),
        resources=[declared(vm, subnet_id=[f"{subnet}.id", subnet])],
        prior_state={"values": {"root_module": {"resources": [state, managed]}}},
    )
    assert element(read(document), "servers", vm)["location"]["cloud_region"]["id"] == "cn-north-1"
    assert database not in ids(read({**document, "prior_state": None}), "data_stores")


def test_other_zones_of_the_same_provider_tell_the_region() -> None:
    near = change("alicloud_vswitch.s", {"zone_id": "cn-beijing-h"})
    written = {"resources": [declared(DISK), declared("alicloud_vswitch.s")]}
    assert region(plan(change(DISK, {}), near, **written)) == "cn-beijing"
    far = change("alicloud_vswitch.f", {"zone_id": "cn-shanghai-b"})
    written["resources"].append(declared("alicloud_vswitch.f"))
    assert region(plan(change(DISK, {}), near, far, **written)) is None
    # Without a configuration nobody knows which provider a resource has.
    assert region(plan(change(DISK, {}), near)) is None


def test_what_sets_its_own_region_says_nothing_of_its_provider() -> None:
    volume, near = "huaweicloud_evs_volume.v", "huaweicloud_evs_volume.near"
    zone = {"availability_zone": "cn-north-4a"}
    written = [declared(volume), declared(near)]
    assert place(plan(change(volume), change(near, zone), resources=written), volume)
    for own in ({"region": "cn-north-4"}, {}):
        set_itself = [declared(volume), declared(near, region="data.huaweicloud_regions.r.id")]
        other = change(near, {**zone, **own}, None if own else {"region": True})
        assert place(plan(change(volume), other, resources=set_itself), volume) is None


@pytest.mark.parametrize("hidden", [True, False])
def test_nothing_stands_in_for_a_region_that_is_set_and_not_known(hidden: bool) -> None:
    volume = "huaweicloud_evs_volume.v"
    unknown = {} if hidden else {"region": True}
    document = plan(
        change(
            volume,
            {"availability_zone": "cn-east-3a"},
            unknown,
            after_sensitive={"region": hidden},
        ),
        resources=[declared(volume, region="var.region")],
        providers={"huaweicloud": in_region("cn-north-4", "huaweicloud")},
    )
    assert place(document, volume) is None
    told = status(read(document, region="cn-north-4"), "/data_stores/0/location")
    assert told == ("sensitive" if hidden else "known after apply")


def test_the_description_tells_the_region_last() -> None:
    assert region(plan(change(DISK, {})), region="cn-beijing") == "cn-beijing"
    assert region(of_provider("cn-shanghai"), region="cn-beijing") == "cn-shanghai"
    aliases = {"bj": "cn-beijing", "alicloud.sh": "cn-shanghai"}
    for alias, found in (("bj", "cn-beijing"), ("sh", "cn-shanghai"), ("gz", "cn-guangzhou")):
        written = declared(DISK, provider=f"alicloud.{alias}")
        document = plan(change(DISK, {}), resources=[written])
        assert region(document, regions=aliases, region="cn-guangzhou") == found


def test_there_is_no_silent_default() -> None:
    derived = read(plan(change(DISK, {})))
    assert element(derived, "data_stores", DISK)["location"] is None
    assert status(derived, "/data_stores/0/location") == "known after apply"


def test_a_region_is_followed_into_modules() -> None:
    inside = f"module.m.{DISK}"
    module = {
        "resources": [declared(DISK, provider="module.m:alicloud")],
        "variables": {"region": {}, "other": {"default": "cn-shanghai"}},
    }
    call = {"expressions": {"region": {"references": ["var.region"]}}, "module": module}

    def document(variable: str) -> Any:
        provider = in_region({"references": [f"var.{variable}"]}, module_address="module.m")
        return plan(
            change(inside, {}),
            providers={"module.m:alicloud": provider},
            root={"module_calls": {"m": call}},
            variables={"region": {"value": "cn-beijing"}},
        )

    assert place(document("region"), inside) == BEIJING
    assert place(document("other"), inside)["cloud_region"]["id"] == "cn-shanghai"
    assert place(document("none"), inside) is None


def test_a_provider_that_a_module_was_given_is_known_if_there_is_one_only() -> None:
    inside = f"module.m.{DISK}"
    module = {"resources": [declared(DISK, provider="module.m:alicloud")]}
    root = {"module_calls": {"m": {"module": module}}}

    def document(**providers: Any) -> Any:
        return plan(change(inside, {}), providers=providers, root=root)

    own = {"module.m:alicloud": {"name": "alicloud", "module_address": "module.m"}}
    one = {"alicloud": in_region("cn-beijing")}
    assert place(document(**one), inside) == BEIJING
    assert place(document(**own, **one), inside) == BEIJING
    two = {**one, "alicloud.sh": in_region("cn-shanghai")}
    assert place(document(**own, **two), inside) is None


# --- references -------------------------------------------------------------------------------

EIP, VM = "alicloud_eip_address.e", "alicloud_instance.web"
BOUND, RECORD = "alicloud_eip_association.b", "alicloud_alidns_record.www"
NAMED = {"domain_name": "etaoche.cn", "rr": "www", "type": "A"}


def bound(value: Any, *, key: str = "") -> Any:
    """A record, an address, a machine and what binds them, each as many as there are keys."""
    return plan(
        change(RECORD + key, NAMED, {"value": True}),
        change(EIP + key, {"bandwidth": "5"}, {"ip_address": True}),
        change(BOUND + key, {}, {"allocation_id": True, "instance_id": True}),
        change(VM + key, {"availability_zone": "cn-beijing-h"}),
        resources=[
            declared(RECORD, value=value),
            declared(EIP),
            declared(BOUND, allocation_id=f"{EIP}.id", instance_id=f"{VM}.id"),
            declared(VM),
        ],
        providers={"alicloud": in_region("cn-beijing")},
    )


def test_a_domain_is_followed_to_its_record_address_machine_and_line() -> None:
    derived = read(bound(f"{EIP}.ip_address"))
    assert element(derived, "sites", "www.etaoche.cn") == {
        "id": "www.etaoche.cn",
        "domains": ["www.etaoche.cn"],
        "public": True,
        "servers": [VM],
        "access_provider": {"name": "阿里云计算有限公司"},
    }
    assert element(derived, "servers", VM)["site_ids"] == ["www.etaoche.cn"]
    assert ids(derived, "network_links") == [EIP]
    assert ids(derived, "domains") == ["etaoche.cn"]
    assert status(derived, "/sites/0/servers") == "referenced"
    assert derived.trace("/sites/0/servers").attribute == "value"


@pytest.mark.parametrize(("key", "iterator"), [("[1]", "count.index"), ('["a"]', "each.key")])
def test_each_follows_the_instance_of_its_own_key(key: str, iterator: str) -> None:
    document = bound([EIP, iterator], key=key)
    binding = document["configuration"]["root_module"]["resources"][2]
    binding["expressions"]["allocation_id"] = {"references": [EIP, iterator]}
    other = change(EIP + ("[0]" if key == "[1]" else '["b"]'), {"bandwidth": "5"})
    document["resource_changes"].append(other)
    assert element(read(document), "sites", "www.etaoche.cn")["servers"] == [VM + key]


def test_each_value_is_what_is_iterated_over() -> None:
    document = bound(["each.value.ip_address", "each.value"], key='["a"]')
    record = document["configuration"]["root_module"]["resources"][0]
    record["for_each_expression"] = {"references": [EIP]}
    assert element(read(document), "sites", "www.etaoche.cn")["servers"] == [VM + '["a"]']


def test_one_of_several_is_not_guessed() -> None:
    document = bound([f"{EIP}.ip_address", "alicloud_eip_address.f.ip_address"])
    document["resource_changes"].append(change("alicloud_eip_address.f", {"bandwidth": "5"}))
    derived = read(document)
    assert element(derived, "sites", "www.etaoche.cn")["servers"] is None
    assert status(derived, "/sites/0/servers") == "known after apply"


@pytest.mark.parametrize(
    "value", ["local.ip", "var.ip", "each.key", "self.id", "module.m", "data.x", "path.module", ""]
)
def test_what_cannot_be_followed_is_not_known(value: str) -> None:
    assert element(read(bound([value])), "sites", "www.etaoche.cn")["servers"] is None


def test_references_are_followed_through_modules() -> None:
    inside = 'module.net["a"].'
    net = {
        "resources": [declared(EIP)],
        "outputs": {"ip": {"expression": expression(f"{EIP}.ip_address")}},
    }
    vm = {
        "resources": [
            declared(BOUND, allocation_id=["var.eip"], instance_id=f"{VM}.id"),
            declared(VM),
        ],
        "variables": {"eip": {}},
    }
    calls = {
        "net": {"expressions": {}, "for_each_expression": {}, "module": net},
        "vm": {"expressions": {"eip": {"references": ['module.net["a"].ip']}}, "module": vm},
    }
    document = plan(
        change(RECORD, NAMED, {"value": True}),
        change(inside + EIP, {"bandwidth": "5"}, module_address=inside[:-1]),
        change(f"module.vm.{BOUND}", {}, {"allocation_id": True, "instance_id": True}),
        change(f"module.vm.{VM}", {"availability_zone": "cn-beijing-h"}),
        resources=[declared(RECORD, value=['module.net["a"].ip', 'module.net["a"]', "module.net"])],
        root={"module_calls": calls},
    )
    derived = read(document)
    assert element(derived, "sites", "www.etaoche.cn")["servers"] == [f"module.vm.{VM}"]
    assert ids(derived, "network_links") == [inside + EIP]


def test_known_values_are_followed_by_name_where_nothing_is_written() -> None:
    document = plan(
        change(RECORD, {**NAMED, "value": "47.100.0.1"}),
        change(EIP, {"id": "eip-1", "ip_address": "47.100.0.1"}),
        change(BOUND, {"allocation_id": "eip-1", "instance_id": "i-1"}),
        change(VM, {"id": "i-1", "availability_zone": "cn-beijing-h"}),
    )
    derived = read(document)
    assert element(derived, "sites", "www.etaoche.cn")["servers"] == [VM]
    assert element(derived, "servers", VM)["ips"] == ["47.100.0.1"]
    assert status(derived, "/sites/0/servers") == "known"


# --- hosts ------------------------------------------------------------------------------------


def hosts(after: dict[str, Any], unknown: Any = None) -> list[str]:
    return ids(
        read(plan(change(RECORD, {**NAMED, "value": "47.100.0.1", **after}, unknown))), "sites"
    )


def test_names_of_hosts() -> None:
    assert hosts({}) == ["www.etaoche.cn"]
    assert hosts({"rr": "@"}) == ["etaoche.cn"]
    assert hosts({"rr": None}) == ["etaoche.cn"]
    assert hosts({"rr": "*"}) == ["*.etaoche.cn"]
    assert hosts({"domain_name": "淘车.CN."}) == ["www.xn--13wu92e.cn"]
    assert hosts({"rr": "_acme-challenge"}) == []
    assert hosts({"type": "MX"}) == []
    assert hosts({"value": "10.0.0.1"}) == ["www.etaoche.cn"]
    assert hosts({"status": "DISABLE"}) == []
    assert hosts({"rr": "no host name"}) == []
    assert hosts({"domain_name": ["a.cn", "b.cn"]}) == []


def test_a_record_whose_zone_is_elsewhere_may_be_private() -> None:
    record = "huaweicloud_dns_recordset.r"
    after = {"name": "www.etaoche.cn.", "type": "A", "zone_id": "z", "records": ["1.1.1.1"]}
    derived = read(plan(change(record, after)))
    assert derived.facts == {}
    assert "whether it is public" in gaps(derived)[0]


def test_a_name_that_ends_in_a_dot_needs_no_zone() -> None:
    record = "volcengine_dns_record.r"
    after = {"host": "www.etaoche.cn.", "type": "A", "value": "1.1.1.1", "zid": 7}
    assert ids(read(plan(change(record, after))), "sites") == ["www.etaoche.cn"]


@pytest.mark.parametrize(
    ("address", "public"), [("10.0.0.1", False), ("203.0.113.9", True), ("47.100.0.1", True)]
)
def test_a_record_of_a_private_address_is_not_public(address: str, public: bool) -> None:
    derived = read(plan(change(RECORD, {**NAMED, "value": address})))
    assert element(derived, "sites", "www.etaoche.cn")["public"] is public


def test_a_group_without_a_stream_is_a_log_store() -> None:
    group, stream = "huaweicloud_lts_group.g", "huaweicloud_lts_stream.s"
    alone = "huaweicloud_lts_group.alone"
    derived = read(
        plan(
            change(group, {"ttl_in_days": 200}, {"id": True}),
            change(stream, {}, {"group_id": True}),
            change(alone, {"ttl_in_days": 7}),
            resources=[declared(group), declared(stream, group_id=f"{group}.id"), declared(alone)],
        )
    )
    days = {store["id"]: store["retention"]["days"] for store in derived.facts["log_stores"]}
    assert days == {stream: 200, alone: 7}


def test_a_site_behind_a_private_balancer_is_not_public() -> None:
    lb, rule = "alicloud_slb_load_balancer.l", "alicloud_slb_rule.r"

    def found(kind: str) -> Any:
        document = plan(
            change(lb, {"address_type": kind}),
            change(rule, {"domain": "www.etaoche.cn"}, {"load_balancer_id": True}),
            resources=[declared(lb), declared(rule, load_balancer_id=f"{lb}.id")],
        )
        return element(read(document), "sites", "www.etaoche.cn")

    assert found("internet")["public"] is True
    assert found("intranet") == {
        "id": "www.etaoche.cn",
        "domains": ["www.etaoche.cn"],
        "public": False,
    }


# --- facts that other resources add -----------------------------------------------------------


def test_existence_encrypts_a_bucket() -> None:
    bucket, rule = "alicloud_oss_bucket.b", "alicloud_oss_bucket_server_side_encryption.e"
    document = plan(
        change(bucket, {"bucket": "b"}),
        change(rule, {"bucket": "b", "sse_algorithm": "AES256"}),
    )
    derived = read(document)
    assert element(derived, "data_stores", bucket)["encryption_at_rest"] is True
    assert derived.trace("/data_stores/0/encryption_at_rest").address == rule


def test_a_store_that_every_address_is_let_into_is_not_limited_to_who_needs_it() -> None:
    database, endpoint = "alicloud_db_instance.d", "alicloud_db_connection.c"
    opened = change(database, {"security_ips": ["0.0.0.0/0"], "id": "rm-1"})
    public = change(endpoint, {"instance_id": "rm-1"})
    closed = change(database, {"security_ips": ["10.0.0.0/8"], "id": "rm-1"})
    for document, limited in (
        (plan(opened), False),
        (plan(opened, public), False),
        (plan(closed, public), None),
    ):
        access = element(read(document), "data_stores", database)["access"]
        assert access == {"least_privilege": limited}


@pytest.mark.parametrize("everybody", ["0.0.0.0/0", "::/0"])
@pytest.mark.parametrize(
    ("kind", "more", "at"),
    [
        ("alicloud_db_instance", {}, "security_ips"),
        ("alicloud_polardb_cluster", {}, "db_cluster_ip_array.security_ips"),
        ("alicloud_elasticsearch_instance", {"enable_public": True}, "public_whitelist"),
    ],
)
def test_lists_of_addresses_that_hold_everybody(
    kind: str, more: dict[str, Any], at: str, everybody: str
) -> None:
    for address, limited in ((everybody, False), ("10.0.0.0/8", None)):
        first, _, below = at.partition(".")
        listed: Any = [{below: [address], "bandwidth": 5}] if below else [address]
        derived = read(plan(change(f"{kind}.d", {first: listed, **more})))
        access = element(derived, "data_stores", f"{kind}.d")["access"]
        assert access["least_privilege"] is limited


def test_a_list_of_addresses_that_is_bound_to_a_store() -> None:
    address = "volcengine_redis_instance.d"
    bound = {"instance_id": "d-1", "allow_list_id": "acl-1"}
    for allowed, access in (
        (["10.0.0.0/8", "0.0.0.0/0"], {"least_privilege": False}),
        ([], None),
    ):
        lists = {"id": "acl-1", "allow_list": allowed}
        derived = read(
            plan(
                change(address, {"id": "d-1"}),
                change("volcengine_redis_allow_list.l", lists),
                change("volcengine_redis_allow_list_associate.a", bound),
            )
        )
        assert element(derived, "data_stores", address).get("access") == access


def test_a_block_of_public_access_has_the_last_word() -> None:
    bucket = "aws_s3_bucket.b"
    names = ("block_public_acls", "block_public_policy", "ignore_public_acls")
    blocked = dict.fromkeys((*names, "restrict_public_buckets"), True)
    acl = change("aws_s3_bucket_acl.a", {"bucket": "b", "acl": "public-read"})
    block = change("aws_s3_bucket_public_access_block.p", {"bucket": "b", **blocked})
    for entries in ((acl, block), (block, acl)):
        derived = read(plan(change(bucket, {"bucket": "b"}), *entries))
        assert element(derived, "data_stores", bucket)["published"] is False
    derived = read(plan(change(bucket, {"bucket": "b"}), acl))
    assert element(derived, "data_stores", bucket)["published"] is True


@pytest.mark.parametrize(("acl", "limited"), [("public-read", False), ("private", None)])
def test_a_store_that_everybody_reads_is_not_limited_to_who_needs_it(
    acl: str, limited: bool | None
) -> None:
    bucket = "alicloud_oss_bucket.b"
    derived = read(plan(change(bucket, {"bucket": "b", "acl": acl})))
    assert element(derived, "data_stores", bucket)["access"]["least_privilege"] is limited


def test_two_that_say_different_things_leave_it_open() -> None:
    group = "tencentcloud_mysql_instance.m"
    states = [
        change(f"tencentcloud_mysql_ssl.{s}", {"instance_id": "c", "status": s})
        for s in ("ON", "OFF")
    ]
    derived = read(plan(change(group, {"id": "c"}), *states))
    assert element(derived, "data_stores", group)["encryption_in_transit"] is None


def test_a_number_of_days() -> None:
    topic = "tencentcloud_cls_topic.t"

    def kept(days: Any) -> Any:
        return element(read(plan(change(topic, {"period": days}))), "log_stores", topic)[
            "retention"
        ]

    assert kept(90) == kept("90") == kept(90.0) == {"days": 90}
    for odd in (0, -1, 1.5, True, "many", None):
        assert kept(odd) is None


def test_logs_that_never_expire_are_kept_long() -> None:
    group = "aws_cloudwatch_log_group.g"
    for after in ({}, {"retention_in_days": 0}):
        derived = read(plan(change(group, after)))
        assert element(derived, "log_stores", group)["retention"] == {"years": 100}


def test_a_group_that_only_passes_logs_on_keeps_them_a_day() -> None:
    group = "aws_cloudwatch_log_group.g"
    for kind, kept in (("DELIVERY", {"days": 2}), ("STANDARD", {"years": 100})):
        derived = read(plan(change(group, {"log_group_class": kind, "retention_in_days": 0})))
        assert element(derived, "log_stores", group)["retention"] == kept


def test_a_store_of_metrics_is_no_log_store() -> None:
    store = "alicloud_log_store.s"
    for kind, found in (("Metrics", []), ("None", [store])):
        after = {"retention_period": 15, "telemetry_type": kind}
        assert ids(read(plan(change(store, after))), "log_stores") == found


def test_the_operator_is_known_where_the_region_is() -> None:
    def operator(region: str, kind: str = "alicloud_eip_address.e") -> Any:
        name = kind.split("_", maxsplit=1)[0]
        document = plan(
            change(kind, {}), resources=[declared(kind)], providers={name: in_region(region, name)}
        )
        return element(read(document), "network_links", kind)["provider"]

    assert operator("cn-beijing") == {"name": "阿里云计算有限公司"}
    assert operator("cn-hongkong") is None
    assert operator("cn-nowhere") is None
    assert operator("cn-north-1", "aws_eip.e") == {"name": "北京光环新网科技股份有限公司"}
    assert operator("cn-northwest-1", "aws_eip.e") == {"name": "宁夏西云数据科技有限公司"}
    assert operator("cn-north-1", "huaweicloud_vpc_eip.e") == {"name": "华为云计算技术有限公司"}


# --- odd and rare -----------------------------------------------------------------------------


def test_an_odd_configuration_does_no_harm() -> None:
    document = plan(change(DISK, {}, {"encrypted": True}), configuration=None)
    assert ids(read(document), "data_stores") == [DISK]
    odd = {"provider_config": {"a": None}, "root_module": {"module_calls": {"m": None}}}
    assert region(plan(change(DISK, {}), configuration=odd)) is None
    each = declared(DISK, encrypted=["each.value"])
    derived = read(plan(change(f'{DISK}["a"]', {}, {"encrypted": True}), resources=[each]))
    assert status(derived, "/data_stores/0/encryption_at_rest") == "known after apply"


def test_an_address_in_place_of_a_name_is_no_site() -> None:
    cdn = "alicloud_cdn_domain_new.c"
    assert "sites" not in read(plan(change(cdn, {"domain_name": "47.100.0.1"}))).facts
    derived = read(plan(change(cdn, {"domain_name": 7})))
    assert element(derived, "servers", cdn)["site_ids"] is None
    assert "does not follow from what is set" in gaps(derived)[0]


def test_a_block_that_may_be_on_leaves_it_open() -> None:
    bucket = change("alicloud_oss_bucket.b", {"id": "b", "bucket": "b"})
    acl = change("alicloud_oss_bucket_acl.a", {"bucket": "b", "acl": "public-read"})
    name = "alicloud_oss_bucket_public_access_block"
    open_ = change(f"{name}.p", {"bucket": "b"}, {"block_public_access": True})
    on = change(f"{name}.q", {"bucket": "b", "block_public_access": True})

    def published(*entries: Any) -> tuple[Any, str]:
        derived = read(plan(bucket, *entries))
        found = element(derived, "data_stores", "alicloud_oss_bucket.b")["published"]
        return found, status(derived, "/data_stores/0/published")

    for entries in ((acl, open_), (open_, acl)):
        assert published(*entries) == (None, "known after apply")
    for entries in ((open_, on), (on, open_, acl)):
        assert published(*entries) == (False, "known")


def test_what_the_provider_documents_holds_where_nothing_is_set() -> None:
    database = "aws_db_instance.d"
    derived = read(plan(change(database, {})))
    assert element(derived, "data_stores", database)["encryption_at_rest"] is False
    assert status(derived, "/data_stores/0/encryption_at_rest") == "known"


def test_listeners_lead_to_balancers_and_machines() -> None:
    lb, listener, rule = "aws_lb.l", "aws_lb_listener.h", "aws_lb_listener_rule.r"
    group, member = "aws_lb_target_group.g", "aws_lb_target_group_attachment.m"
    vm = "aws_instance.i"
    names = {"host_header": [{"values": ["www.etaoche.cn"]}]}
    target = [{"target_group_arn": {"references": [f"{group}.arn", group]}}]
    document = plan(
        change(lb, {"internal": False}),
        change(listener, {}, {"load_balancer_arn": True}),
        change(rule, {"condition": [names]}, {"listener_arn": True}),
        change(group, {}),
        change(member, {}, {"target_group_arn": True, "target_id": True}),
        change(vm, {"availability_zone": "cn-north-1a"}),
        resources=[
            declared(lb),
            declared(listener, load_balancer_arn=f"{lb}.arn", default_action=target),
            declared(rule, listener_arn=f"{listener}.arn"),
            declared(group),
            declared(member, target_group_arn=f"{group}.arn", target_id=f"{vm}.id"),
            declared(vm),
        ],
    )
    derived = read(document)
    assert element(derived, "sites", "www.etaoche.cn")["servers"] == [lb, vm]
    assert element(derived, "sites", "www.etaoche.cn")["public"] is True


def test_what_leads_in_a_circle_ends() -> None:
    balancers = [
        change(f"alicloud_slb_listener.{n}", {"load_balancer_id": n, "id": m})
        for n, m in ("ab", "ba")
    ]
    rule = change("alicloud_slb_rule.r", {"load_balancer_id": "a", "domain": "www.etaoche.cn"})
    assert ids(read(plan(*balancers, rule)), "sites") == ["www.etaoche.cn"]


def test_planned_values_count_an_address_once() -> None:
    resource = {"address": DISK, "type": "alicloud_ecs_disk", "name": "a", "values": {}}
    derived = read({"planned_values": {"root_module": {"resources": [resource, resource]}}})
    assert ids(derived, "data_stores") == [DISK]


def test_references_that_lead_to_different_values_are_not_known() -> None:
    database, lists = "volcengine_rds_mysql_instance.d", "volcengine_rds_mysql_allowlist"
    endpoint = change("volcengine_rds_mysql_endpoint_public_address.e", {"instance_id": "mysql-1"})

    def access(*allowed: str) -> Any:
        entries = [
            change(f"{lists}.l{n}", {"allow_list_id": f"acl-{n}", "allow_list": text})
            for n, text in enumerate(allowed)
        ]
        names = [f"acl-{n}" for n in range(len(allowed))]
        after = {"id": "mysql-1", "allow_list_ids": names}
        derived = read(plan(change(database, after), endpoint, *entries))
        return element(derived, "data_stores", database)["access"]["least_privilege"]

    assert access("0.0.0.0/0") is False
    assert access("10.0.0.0/8") is None
    assert access("10.0.0.0/8", "0.0.0.0/0") is None
    assert access("0.0.0.0/0", "0.0.0.0/0") is False


def test_names_that_are_no_texts_name_nothing() -> None:
    entries = [
        change(EIP, {"id": 7, "ip_address": ""}),
        change(BOUND, {"allocation_id": 7, "instance_id": ""}),
        change(f"{BOUND}2", {"allocation_id": "eip-1", "instance_id": "i-1"}),
        change(VM, {"id": ""}),
    ]
    assert element(read(plan(*entries)), "servers", VM) == {
        "id": VM,
        "location": None,
        "provider": None,
        "ips": None,
    }


# --- places, and what nests -------------------------------------------------------------------


def test_a_nested_attribute_has_its_own_place() -> None:
    rule = {"server_side_encryption_rule": [{"kms_master_key_id": "", "sse_algorithm": "AES256"}]}
    bucket = "alicloud_oss_bucket.b"
    raw = json.dumps(plan(change(bucket, {"acl": "private", **rule})), indent=1)
    derived = read_bytes(raw.encode())
    lines = raw.splitlines()

    def line(name: str) -> str:
        return lines[(derived.trace(f"/data_stores/0/{name}").place.line or 0) - 1].strip()

    assert line("encryption_at_rest") == '"sse_algorithm": "AES256"'
    assert line("published") == '"acl": "private",'
    assert line("kind") == "{"


@pytest.mark.parametrize("where", ["after", "unknown", "configuration", "prior_state", "planned"])
def test_what_nests_too_deeply_is_refused(where: str) -> None:
    vm, deep = "alicloud_instance.a", json.loads("[" * 100 + "]" * 100)
    disks = {"data_disks": deep}
    after, unknown = disks if where == "after" else {}, disks if where == "unknown" else {}
    written = declared(vm, **({} if where != "configuration" else disks))
    state = {"mode": "data", "type": "alicloud_instance", "name": "a", "values": disks}
    state["address"] = "data.alicloud_instance.a"
    values = {"values": {"root_module": {"resources": [state]}}}
    more = {"prior_state": values} if where == "prior_state" else {}
    document = plan(change(vm, after, unknown), resources=[written], **more)
    if where == "planned":
        del document["resource_changes"]
        document["planned_values"] = values["values"]
    assert "nested too deeply" in refusal(json.dumps(document).encode()).message.en


def test_whether_a_block_is_made_by_a_value_that_is_not_known_is_not_known() -> None:
    zone = "aws_route53_zone.z"
    derived = read(plan(change(zone, {"name": "a.cn"}, {"vpc": True}), resources=[declared(zone)]))
    assert derived.facts == {}
    assert gaps(derived) != []
