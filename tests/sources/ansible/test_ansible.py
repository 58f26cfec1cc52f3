"""Inventories of Ansible: their hosts are servers, and variables say where they are."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.budget import Budget, Meter, OverBudgetError
from pytest_icp.sources.ansible import read_ansible
from pytest_icp.sources.request import Request
from tests.attack.reading import Files
from tests.sources.reading import facts, gaps, given, in_folder, refused, remarks

ansible = partial(given, "ansible")


def servers(derived: Derived) -> dict[str, Any]:
    """The servers by their ids, without these."""
    return {one.pop("id"): one for one in facts(derived).get("servers", ())}


def region(name: str, provider: str | None = None) -> Any:
    return {
        "location": {"cloud_region": {"id": name, **({"provider": provider} if provider else {})}}
    }


INI = """# of production
gw:2222 ansible_host=203.0.113.9 ansible_ssh_pass='a #b'  # gateway
localhost
here ansible_connection=local

[web]
web[08:10:2].etaoche.cn zone=cn-beijing-h
203.0.113.10
[db] ; two of them
db-[a:b] ansible_host=10.0.0.3
[cn:children]
web
db
[cn:vars]
idc = "北京市朝阳区"
[all:vars]
cloud: aliyun
"""


def test_an_inventory_in_ini() -> None:
    derived = ansible(INI)
    assert servers(derived) == {
        "gw": {"ips": ["203.0.113.9"]},
        "web08.etaoche.cn": region("cn-beijing-h", "alicloud"),
        "web10.etaoche.cn": region("cn-beijing-h", "alicloud"),
        "203.0.113.10": {"ips": ["203.0.113.10"], "location": {"text": "北京市朝阳区"}},
        "db-a": {"location": {"text": "北京市朝阳区"}},
        "db-b": {"location": {"text": "北京市朝阳区"}},
    }
    found = derived.trace("/servers/4/location")
    assert (found.place.line, found.place.excerpt, found.attribute) == (15, "", "idc")
    assert remarks(derived)[0].endswith("not counted as a server: localhost, here")


YAML = """all:
  vars: {cloud: huawei, key: !vault "x", region: cn-north-4}
  hosts:
    a: {public_ip: 203.0.113.5, region: "{{ r }}"}
    b: {ansible_host: b.etaoche.cn, provider: nobody, region: nowhere, idc: 香港}
  children:
    web:
      vars: {region: cn-east-3, city: web}
      hosts: {"c[1:2]": }
"""


def test_an_inventory_in_yaml() -> None:
    derived = ansible(YAML)
    assert servers(derived) == {
        "a": {"ips": ["203.0.113.5"]},
        "b": {"location": {"text": "香港"}},
        "c1": region("cn-east-3", "huaweicloud"),
        "c2": region("cn-east-3", "huaweicloud"),
    }
    assert derived.trace("/servers/2/location").place.line == 8
    assert not derived.gaps


@pytest.mark.parametrize(
    ("variables", "where"),
    [
        ("region=cn-beijing zone=cn-beijing-h", region("cn-beijing-h", "alicloud")),
        ("region=cn-beijing zone=cn-shanghai-b", {}),
        ("region=cn-beijing idc=北京", region("cn-beijing", "alicloud")),
        ("region=cn-beijing idc=上海", {}),
        ("location=北京 机房=上海", {}),
        ("idc='{{ x }} 北京'", {}),
        ("region={{x}} idc=北京", {"location": {"text": "北京"}}),
        ("ansible_host=ip-10-0-0-1.cn-north-1.compute.internal", region("cn-north-1", "aws")),
        ("ansible_host=ec2-9-9-9-9.us-east-2.compute.amazonaws.com", region("us-east-2", "aws")),
        ("ansible_host=ip-10-0-0-1.us-east-2.compute.internal idc=北京", {}),
    ],
)
def test_where_a_host_is_unless_it_is_contradicted(variables: str, where: Any) -> None:
    assert servers(ansible(f"[a]\nx cloud=aliyun {variables}\n")) == {"x": where}


def test_the_setting_names_the_cloud_of_regions() -> None:
    for cloud in ("alicloud", None):
        derived = ansible("[a]\nx region=cn-hangzhou\n", cloud=cloud)
        assert servers(derived) == {"x": region("cn-hangzhou", cloud)}


def test_variables_stand_beside_the_inventory(tmp_path: Path) -> None:
    files = {
        "prod/hosts": "x region=cn-shanghai\n[web]\nx\ny\n",
        "prod/group_vars/all/where.yml": "cloud: aliyun\n",
        "prod/group_vars/web.yml": "region: cn-beijing\nsecret: !vault |\n  $ANSIBLE_VAULT;1.1\n",
        "prod/group_vars/other.yml": "region: [\n",
        "prod/host_vars/y": "ansible_host: 203.0.113.7\n",
        "prod/host_vars/z.yml": "ansible_host: 203.0.113.8\n",
    }
    for path in ("prod/hosts", "prod"):
        derived = in_folder("ansible", tmp_path, files, path)
        assert servers(derived) == {
            "x": region("cn-shanghai", "alicloud"),
            "y": {"ips": ["203.0.113.7"], **region("cn-beijing", "alicloud")},
        }
        assert not derived.gaps


def test_what_is_wrong_in_a_folder_is_a_gap(tmp_path: Path) -> None:
    files: Files = {
        "hosts": "[a]\nx\n",
        "cloud.yml": "plugin: amazon.aws.aws_ec2\n",
        "group_vars/a.yml": "a: [\n",
        "host_vars/x.yml": b"\x80",
    }
    derived = in_folder("ansible", tmp_path, files)
    assert servers(derived) == {"x": {}}
    assert len(gaps(derived)) == 3
    assert gaps(derived)[0].startswith("a plugin or a program asks a cloud")
    assert {kind for gap in derived.gaps for kind in gap.kinds} == {"servers"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("[a]\n\nx y\n", 3, "not a host with its variables"),
        ("x a='b\n", 1, "not a host with its variables"),
        ("# nothing\n", None, "no host in this inventory"),
        ("all:\n  hosts:\n", None, "no host in this inventory"),
        ("[a:children]\nb\n[b:children]\na\n", None, "the group a contains itself"),
        ("plugin: aws_ec2\n", 1, "asks a cloud"),
        ("#!/usr/bin/env python\n", None, "asks a cloud"),
    ],
)
def test_what_is_no_inventory(text: str, line: int | None, words: str) -> None:
    error = refused(ansible, text)
    assert words in error.message.en
    assert error.place
    assert error.place.line == line


def test_ranges_are_spent() -> None:
    meter = Meter(Budget(expansions=100))
    request = Request(path=Path("-"), root=Path(), given=b"a[1:99]b[1:99]\n", meter=meter)
    with pytest.raises(OverBudgetError):
        read_ansible(request)
