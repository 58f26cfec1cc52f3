"""Registers of servers as people keep them, with headings and words of their own."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.engine import evaluate
from pytest_icp.facts.derived import Derived
from pytest_icp.sources.loading import load
from pytest_icp.sources.register.columns import heading_of, is_ended
from pytest_icp.sources.register.files import recognised, tables_at
from tests.helpers import ROOT
from tests.sources.reading import facts, in_folder, refused, remarks

LICENCE = ROOT / "examples" / "etaoche" / "licence.yaml"
LEDGER = """服务器台账（2026 年）
序号,服务器名称*,IP地址（公网）,机房地址,服务商,角色,环境,状态,上线时间,备注
1,web-1,203.0.113.5(电信) 10.0.0.1,北京市朝阳区1号,某某数据中心有限公司,源站,生产,运行中,2019/3/20,x
2,db-1,10.0.0.2,上海,某某公司,内部,测试,已下线,,
3,db-2,10.0.0.999,上海,某某公司,,测试环境,关机,,
"""
CONSOLE = """实例ID,实例名称,地域,可用区,公网IP,私网IP,状态,云平台,环境
i-1,web,华北2（北京）,cn-beijing-h,203.0.113.5,10.0.0.1,运行中,阿里云,prod
i-2,web2,华东1（杭州）,,203.0.113.6,10.0.0.2,已释放,阿里云,
i-3,web3,华东1（杭州）,,,10.0.0.3,已停止,阿里云,uat
i-4,web4,火星,,,10.0.0.4,,阿里云,甲
"""


def register(folder: Path, text: str, name: str = "服务器台账.csv", **settings: Any) -> Derived:
    return in_folder("register", folder, {name: text}, name, **settings)


def servers(derived: Derived) -> dict[str, Any]:
    return {one.pop("id"): one for one in facts(derived)["servers"]}


def test_a_ledger_tells_what_it_says_in_its_own_words(tmp_path: Path) -> None:
    derived = register(tmp_path, LEDGER)
    trace = derived.trace("/servers/0/ips")
    assert (trace.place.line, trace.address, trace.attribute) == (3, "C3", "IP地址（公网）")
    assert derived.trace("/servers/0/provider/name").address == "E3"
    assert remarks(derived) == [
        "服务器台账.csv: columns that were not read: 序号, 备注",
        "服务器台账.csv: 1 row no longer in use by the state, and not read",
    ]
    assert servers(derived) == {
        "web-1": {
            "ips": ["203.0.113.5"],
            "location": {"text": "北京市朝阳区1号"},
            "provider": {"name": "某某数据中心有限公司"},
            "role": "origin",
            "production": True,
            "in_service_on": "2019-03-20",
        },
        "db-2": {
            "location": {"text": "上海"},
            "provider": {"name": "某某公司"},
            "production": False,
        },
    }


def test_a_table_of_a_console_tells_regions_or_cities(tmp_path: Path) -> None:
    derived = register(tmp_path, CONSOLE, "ecs.csv", list="servers")
    cloud = {"provider": "alicloud"}
    assert servers(derived) == {
        "i-1": {
            "ips": ["203.0.113.5"],
            "location": {"text": "北京", "cloud_region": {**cloud, "id": "cn-beijing-h"}},
            "provider": {"name": "阿里云计算有限公司"},
            "production": True,
        },
        "i-3": {"location": {"text": "杭州", "cloud_region": cloud}, "production": False},
        "i-4": {"location": {"cloud_region": cloud}},
    }
    assert "columns that were not read: 实例名称, 私网IP" in remarks(derived)[0]


def test_a_heading_of_the_list_and_a_setting_come_first(tmp_path: Path) -> None:
    text = "标识,名称,IP 地址,公网IP,用途\nweb,甲,203.0.113.5,203.0.113.6,网站\n"
    for columns, left in (({}, "名称"), ({"名称": "purpose", "用途": None}, None)):
        derived = register(tmp_path, text, columns=columns)
        assert servers(derived) == {
            "web": {"ips": ["203.0.113.5"], "purpose": "甲" if columns else "网站"}
        }
        assert bool(remarks(derived)) == bool(left)


def test_what_nobody_knows_is_an_error_as_before(tmp_path: Path) -> None:
    text = "服务器名称,角色,颜色\nweb,网站,红\n"
    error = refused(register, tmp_path, text)
    assert "column 颜色" in error.message.en
    error = refused(register, tmp_path, text, columns={"颜色": None})
    assert "not one of the choices" in error.message.en
    error = refused(register, tmp_path, "服务器名称,状态\nweb,运行中\nweb,\n")
    assert "is used in A2 already" in error.message.en


def test_such_a_table_is_recognised(tmp_path: Path) -> None:
    for name, text in {
        "服务器台账.csv": LEDGER,
        "a.csv": CONSOLE,
        "b.csv": "名称,IP,口味\n",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
    paths = sorted(tmp_path.iterdir())
    found = [recognised(path, tables_at(path, tmp_path)) for path in paths]
    assert found == ["servers", None, ""]


@pytest.mark.parametrize(
    ("state", "ended"),
    [
        ("已释放", True),
        ("已报废（2022 年）", True),
        ("Terminated", True),
        ("关机", False),
        ("在用", False),
    ],
)
def test_a_state(state: str, *, ended: bool) -> None:
    assert is_ended(state) is ended


def test_only_servers_have_such_headings() -> None:
    known = partial(heading_of, "servers")
    assert (known("IP"), known("心情"), heading_of("domains", "IP")) == (known("ip"), None, None)


def test_a_register_decides_what_a_plan_would(tmp_path: Path) -> None:
    (tmp_path / "licence.yaml").write_bytes(LICENCE.read_bytes())
    description = tmp_path / "infra.icp.yaml"
    description.write_text(
        "apiVersion: pytest-icp/v1\nlicence_file: licence.yaml\ndescribed_on: 2023-11-01\n"
        "sources: [{kind: register, path: servers.csv}]\n"
        "sites: [{id: etaoche, domains: [www.etaoche.cn], launched_on: 2019-04-01}]\n",
        "utf-8",
    )
    places = {"北京市朝阳区酒仙桥东路1号院5号楼3层": "satisfied", "上海市": "violated"}
    for place, verdict in places.items():
        (tmp_path / "servers.csv").write_text(
            "服务器名称,IP,机房地址,服务商,角色,环境,状态,承载网站\n"
            f"web,203.0.113.5,{place},某某数据中心有限公司,源站,生产,运行中,etaoche\n"
            "old,203.0.113.6,广州市,某某数据中心有限公司,源站,生产,报废,etaoche\n",
            "utf-8",
        )
        results = evaluate(load(description, root=tmp_path), as_of="2023-11-20")
        found = {one.rule_id: one.verdict.value for one in results}
        assert found["LIC/server-place"] == verdict


@pytest.mark.parametrize("total", ["合计,3", ",总计：,", "小计"])
def test_a_row_that_counts_others_is_not_a_server(total: str, tmp_path: Path) -> None:
    text = f"服务器名称,公网IP,环境\nweb-1,203.0.113.5,生产\n{total}\n"
    assert list(servers(register(tmp_path, text))) == ["web-1"]
