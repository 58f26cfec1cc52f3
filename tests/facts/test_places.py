"""The address of a cloud region, written once, holds for what lies there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_icp import Result, Verdict
from pytest_icp.engine import decide, prepare
from pytest_icp.facts.derived import Reading
from pytest_icp.facts.description import Description, load
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant
from tests.derivations import reading

PLACE = "北京市朝阳区酒仙桥东路1号院"
PLACES = {"aliyun": {"cn-beijing": PLACE, "cn-beijing-h": "北京市昌平区白浮泉路11号"}}


def region(name: str, provider: str = "alicloud", **own: Any) -> dict[str, Any]:
    return {"location": {"cloud_region": {"provider": provider, "id": name}, **own}}


def described(folder: Path, *readings: Reading, **facts: Any) -> Description:
    path = folder / "infra.icp.yaml"
    document = {"apiVersion": "pytest-icp/v1", "places": PLACES, **facts}
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
    return load(path, derive=lambda _: readings)


def texts(description: Description, key: str = "servers") -> list[Any]:
    found = description.facts[key]
    assert isinstance(found, list)
    return [(one["location"] or {}).get("text") for one in found]


def test_what_lies_in_a_region_has_its_address(tmp_path: Path) -> None:
    derived = reading("plan", {"servers": [{"id": "a", **region("cn-beijing")}]})
    made = described(
        tmp_path,
        derived,
        servers=[
            {"id": "zone", **region("cn-beijing-h", "阿里云")},
            {"id": "other zone", **region("cn-beijing-k", country="CN")},
            {"id": "own", **region("cn-beijing", text="北京市海淀区")},
            {"id": "district", **region("cn-beijing", district="海淀区")},
            {"id": "elsewhere", **region("cn-hangzhou")},
            {"id": "other provider", **region("cn-beijing", "volcengine")},
            {"id": "nowhere", "location": None},
        ],
        data_stores=[{"id": "s", **region("CN-Beijing")}],
    )
    zone = PLACES["aliyun"]["cn-beijing-h"]
    assert texts(made) == [zone, PLACE, "北京市海淀区", None, None, None, None, PLACE]
    assert texts(made, "data_stores") == [PLACE]
    # The line of the address is where it is written, that of the region where that is.
    assert made.place("/servers/0/location").line == 5
    assert made.place("/servers/1/location").line == 4
    assert made.place("/servers/7/location").line == 4
    assert str(made.place("/servers/7/location/cloud_region").path) == "plan"
    assert made.place("/servers/2/location").line == made.by_hand("/servers/2/location").line
    assert str(made.place("/servers/7").path) == "plan"


def printed(where: str) -> dict[str, Any]:
    return {
        "licence": {
            "number": "京B2-20190486",
            "service_lines": [
                {
                    "name": "信息服务业务(仅限互联网信息服务)",
                    "scope": "不含信息社区服务。",
                    "areas": [],
                }
            ],
            "attachments": [{"id": "a", "domains": ["a.cn"], "server_location": {"text": where}}],
        },
        "sites": [{"id": "a", "domains": ["a.cn"], "launched_on": "2024-01-01"}],
    }


def location_of_servers(description: Description) -> Result:
    rule = next(
        (policy, one)
        for policy in default_policies()
        for one in policy.obligations
        if one.kind == "placed" and "server_location" in str(one.spec)
    )
    scene = prepare(description, as_of=as_of_instant("2026-06-03"), base=description.root)
    return decide(scene, *rule)


@pytest.mark.parametrize(
    ("where", "verdict"),
    [
        ("北京市朝阳区酒仙桥东路1号院5号楼", Verdict.SATISFIED),
        ("北京市海淀区中关村大街1号", Verdict.VIOLATED),
    ],
)
def test_a_finding_points_at_the_line_of_the_address(
    tmp_path: Path, where: str, verdict: Verdict
) -> None:
    server = {"id": "w", "role": "origin", "production": True, "site_ids": ["a"]}
    begun = {"in_service_on": "2024-01-01", **region("cn-beijing")}
    derived = reading("plan", {"servers": [{**server, **begun}]})
    result = location_of_servers(described(tmp_path, derived, **printed(where)))
    assert result.verdict is verdict
    for finding in result.findings:
        assert (finding.location.path, finding.location.line) == ("infra.icp.yaml", 4)
        assert PLACE in finding.found.zh


def test_an_address_in_another_city_is_contested(tmp_path: Path) -> None:
    places = {"aliyun": {"cn-hangzhou": "上海市浦东新区"}}
    made = described(tmp_path, places=places, servers=[{"id": "a", **region("cn-hangzhou")}])
    assert set(made.contested) == {"/servers/0/location"}


def test_an_address_is_written_once(tmp_path: Path) -> None:
    places = {"aliyun": {"cn-beijing": "a"}, "阿里云": None, "alicloud": {"cn-Beijing": "b"}}
    with pytest.raises(InputError, match="alicloud cn-Beijing is set twice") as caught:
        described(tmp_path, places=places)
    assert caught.value.place is not None
    assert caught.value.place.line == 7
    assert "infra.icp.yaml:4:17" in caught.value.hint.en


def test_an_address_may_be_written_level_by_level(tmp_path: Path) -> None:
    address = {"province": "北京市", "district": "朝阳区"}
    places = {"aliyun": {"cn-beijing": address, "cn-hangzhou": None}}
    made = described(tmp_path, places=places, servers=[{"id": "a", **region("cn-beijing")}])
    assert made.facts["servers"][0]["location"]["district"] == "朝阳区"  # type: ignore[index,call-overload]  # a list of objects
