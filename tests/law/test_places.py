from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.divisions import CITIES, OUTSIDE
from pytest_icp.law.places import (
    LEVELS,
    REGIONS,
    PlaceMatch,
    agreed,
    area_of,
    is_region,
    lies_at,
    outside_mainland,
    parse_address,
    parse_addresses,
    province_of,
    region_of,
    same_place,
)

OFFICE = {"text": "北京市朝阳区酒仙桥东路1号院5号楼3层"}
BEIJING = {"cloud_region": {"provider": "aliyun", "id": "cn-beijing"}}


@pytest.mark.parametrize(
    ("place", "verdict", "level"),
    [
        (OFFICE, "same", "number"),
        ({"text": "北京朝阳区酒仙桥东路 1号"}, "same", "number"),
        (
            {
                "country": "CN",
                "province": "北京",
                "city": "北京市",
                "district": "朝阳",
                "street": "酒仙桥东路",
                "number": "1",
            },
            "same",
            "number",
        ),
        ({"city": "北京市", "district": "朝阳区", "street": "酒仙桥东路"}, "unknown", "number"),
        ({"province": "北京市", "district": "朝阳区"}, "unknown", "street"),
        ({"province": "北京市", "district": None}, "unknown", "district"),
        (BEIJING, "unknown", "district"),
        ({"cloud_region": {"provider": "aws", "id": "cn-north-1a"}}, "unknown", "district"),
        (
            {"cloud_region": {"provider": "huaweicloud", "id": "cn-north-9"}},
            "different",
            "province",
        ),
        ({"cloud_region": {"provider": "aliyun", "id": "cn-hongkong"}}, "different", "country"),
        ({"cloud_region": {"provider": "aliyun", "id": "us-west-1"}}, "different", "country"),
        ({"cloud_region": {"provider": "aws", "id": "mx-central-1b"}}, "different", "country"),
        ({"cloud_region": {"provider": "aliyun", "id": "cn-nowhere"}}, "unknown", "country"),
        ({"cloud_region": {"provider": "aliyun"}}, "unknown", "country"),
        ({"cloud_region": None}, "unknown", "country"),
        ({"country": "HK"}, "different", "country"),
        ({"country": "us"}, "different", "country"),
        ({"province": "香港特别行政区"}, "different", "country"),
        ({"country": "CN", "province": "台湾省"}, "different", "country"),
        ({"country": "CN"}, "unknown", "province"),
        ({"province": "上海市"}, "different", "province"),
        ({"city": "杭州"}, "different", "province"),
        ({"text": "北京市海淀区上地十街10号"}, "different", "district"),
        ({"text": "北京市朝阳区建国路1号"}, "different", "street"),
        ({"text": "北京市朝阳区酒仙桥东路2号"}, "different", "number"),
        ({"text": "北京经济技术开发区科创十一街18号"}, "unknown", "district"),
        ({"province": "北京市", "district": "北京经济技术开发区"}, "unknown", "district"),
        ({"district": "海淀区"}, "different", "district"),
        ({}, "unknown", "country"),
        ({"text": ""}, "unknown", "country"),
    ],
)
def test_against_the_printed_place(place: dict[str, Any], verdict: str, level: str):
    assert same_place(place, OFFICE) == PlaceMatch(verdict, level)  # type: ignore[arg-type]  # a word
    assert same_place(OFFICE, place) == same_place(place, OFFICE)


@pytest.mark.parametrize("value", [5, True, ["朝阳区"], {"name": "朝阳区"}])
def test_what_is_no_text_is_not_known(value: Any):
    assert same_place({"district": value}, BEIJING) == same_place({}, BEIJING)


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        (OFFICE, False),
        (BEIJING, False),
        ({"country": "HK"}, True),
        ({"city": "澳门"}, True),
        ({"cloud_region": {"provider": "tencent", "id": "ap-taipei"}}, True),
        ({"cloud_region": {"provider": "tencent", "id": "ap-guangzhou-3"}}, False),
        ({"district": "朝阳区"}, None),
    ],
)
def test_outside_mainland(address: dict[str, Any], answer: bool | None):
    assert outside_mainland(address) is answer


@pytest.mark.parametrize(
    ("text", "province", "area"),
    [
        ("广东省深圳市南山区示例路1号", "广东", "广东深圳某地"),
        ("上海市浦东新区", "上海", "上海上海某地"),
        ("南山区示例路1号", None, None),
    ],
)
def test_the_province_and_the_area_of_an_address(
    text: str, province: str | None, area: str | None
) -> None:
    assert (province_of({"text": text}), area_of({"text": text})) == (province, area)


FIELDS = {level: st.sampled_from(["甲", "乙"]) for level in ("district", "street", "number")}
FIELDS |= {
    "country": st.sampled_from(["CN", "HK", "SG"]),
    "province": st.sampled_from([*CITIES, *OUTSIDE]),
    "city": st.sampled_from([city for cities in CITIES.values() for city in cities]),
    "cloud_region": st.sampled_from(
        [{"provider": provider, "id": identifier} for provider, identifier in REGIONS]
    ),
}
ADDRESSES = st.fixed_dictionaries({}, optional=FIELDS)


@given(ADDRESSES, ADDRESSES)
def test_comparing_is_symmetric(a: dict[str, Any], b: dict[str, Any]):
    assert same_place(a, b) == same_place(b, a)


@given(ADDRESSES)
def test_a_place_never_differs_from_itself(a: dict[str, Any]):
    assert same_place(a, a).verdict != "different"


@given(ADDRESSES, ADDRESSES, st.sampled_from(["district", "street", "number"]))
def test_what_is_forgotten_never_makes_a_difference(
    a: dict[str, Any], b: dict[str, Any], level: str
):
    less = {name: value for name, value in a.items() if name != level}
    if same_place(less, b).verdict == "different":
        assert same_place(a, b).verdict == "different"
    if same_place(a, b).verdict == "same" and level in a and level in b:
        assert same_place(less, b) == PlaceMatch("unknown", level)  # type: ignore[arg-type]  # a word


@given(st.sampled_from(sorted(REGIONS)), ADDRESSES)
def test_a_region_never_settles_more_than_the_city(key: tuple[str, str], b: dict[str, Any]):
    region = {"cloud_region": {"provider": key[0], "id": key[1]}}
    match = same_place(region, b)
    if match.verdict != "unknown":
        assert LEVELS.index(match.level) <= LEVELS.index("city")


@given(st.text(max_size=30))
def test_nothing_of_a_text_is_lost(text: str):
    parts = parse_address(text)
    assert set(parts) <= {*LEVELS, "detail"}
    assert all(parts.values())


@pytest.mark.parametrize(
    ("place", "verdict"),
    [
        ({"text": "北京市朝阳区酒仙桥东路一号院五号楼三层"}, "same"),
        ({"text": "北京巿朝陽區酒仙橋東路1號院"}, "same"),
        ({"text": "北京市朝阳区酒仙桥东路壹号院"}, "unknown"),
        # GB/T 2260: the first two digits are the province; of the others nothing is told
        ({"province": "110000", "city": "110100", "district": "110105"}, "unknown"),
        ({"city": "310100"}, "different"),
        ({"province": "99"}, "unknown"),
        ({"province": "Beijing", "district": "Chaoyang"}, "unknown"),
        ({"province": "Shanghai Municipality"}, "different"),
        ({"province": "Inner Mongolia"}, "different"),
        ({"province": "Elsewhere"}, "unknown"),
        # the same road with the township before it; a park and a village are no roads
        ({"province": "北京", "district": "朝阳", "street": "酒仙桥街道酒仙桥东路"}, "unknown"),
        ({"province": "北京", "district": "朝阳", "street": "电子城科技园"}, "unknown"),
        ({"province": "北京", "district": "朝阳", "street": "将台乡酒仙桥邨"}, "unknown"),
        ({"province": "北京", "district": "朝阳", "street": "酒仙桥北路"}, "different"),
        ({"text": "北京市朝阳区酒仙桥东路1-3号"}, "unknown"),
        ({"text": "北京市朝阳区酒仙桥东路3号"}, "different"),
    ],
)
def test_other_words_for_a_place_make_no_difference(place: dict[str, Any], verdict: str):
    assert lies_at(place, OFFICE).verdict == verdict


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ({"province": "浙江省"}, {"province": "330000"}, {"province": "浙江省"}),
        ({"city": "330100"}, {"city": "杭州"}, {"city": "杭州"}),
        ({"city": "330200"}, {"city": "杭州"}, None),
        ({"district": "330106"}, {"city": "宁波市"}, None),
        ({"text": "北京市"}, {"text": "北京市朝阳区"}, {"text": "北京市朝阳区"}),
        ({"district": "朝阳区", "city": None}, {"district": "朝阳"}, {"district": "朝阳区"}),
        (
            {"cloud_region": {"provider": "aliyun", "id": "cn-hangzhou"}},
            {"city": "杭州市"},
            {"city": "杭州市", "cloud_region": {"provider": "aliyun", "id": "cn-hangzhou"}},
        ),
        (
            {"cloud_region": {"provider": "aliyun", "id": "cn-beijing"}},
            {"cloud_region": {"provider": "alicloud", "id": "cn-beijing-h"}},
            {"cloud_region": {"provider": "aliyun", "id": "cn-beijing"}},
        ),
        ({"province": "浙江省"}, {"province": "440000"}, None),
        ({"text": "北京市"}, {"city": "上海"}, None),
        ({"text": "甲机房"}, {"text": "乙机房"}, None),
        ({"detail": "3层"}, {"detail": "4层"}, None),
        (
            {"cloud_region": {"provider": "aliyun", "id": "cn-beijing"}},
            {"cloud_region": {"provider": "tencent", "id": "ap-beijing"}},
            None,
        ),
        (
            {"cloud_region": {"provider": "其他", "id": "a"}},
            {"cloud_region": {"provider": "其他", "id": "b"}},
            None,
        ),
    ],
)
def test_what_two_addresses_say_together(
    one: dict[str, Any], other: dict[str, Any], together: dict[str, Any] | None
) -> None:
    assert agreed(one, other) == together
    turned = agreed(other, one)
    assert (turned is None) == (together is None)


@pytest.mark.parametrize(
    ("text", "verdict", "level"),
    [
        ("北京市朝阳区酒仙桥东路1号院5号楼", "same", "number"),
        ("北京市朝阳区酒仙桥东路1号院5栋12层", "same", "number"),
        ("北京市朝阳区酒仙桥东路一号院五号楼", "same", "number"),
        ("北京市朝阳区酒仙桥东路1号院3楼", "same", "number"),
        ("北京市朝阳区酒仙桥东路1号院", "same", "number"),
        ("北京市朝阳区酒仙桥东路1号院7号楼3层", "unknown", "building"),
        ("北京市朝阳区酒仙桥东路1号院B座", "unknown", "building"),
        # a building is not a house, though both have a number
        ("北京市朝阳区酒仙桥东路1号楼", "unknown", "building"),
        ("北京市朝阳区酒仙桥东路2号院5号楼3层", "different", "number"),
    ],
)
def test_buildings_of_one_number(text: str, verdict: str, level: str) -> None:
    match = lies_at({"text": text}, OFFICE)
    assert (match.verdict, match.level) == (verdict, level)


def test_a_building_that_is_written_as_a_number_is_not_a_house() -> None:
    street = {"province": "北京市", "district": "朝阳区", "street": "酒仙桥东路"}
    match = lies_at({**street, "number": "5号楼"}, {**street, "number": "5号"})
    assert (match.verdict, match.level) == ("unknown", "number")


# ---- Printed addresses taken apart


ORDER = ("province", "city", "district", "street", "number", "detail")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("北京市朝阳区酒仙桥东路1号院5号楼3层", "北京市|北京市|朝阳区|酒仙桥东路|1号院|5号楼3层"),
        ("中国北京市西城区", "北京市|北京市|西城区|||"),
        ("北京市北京市东城区", "北京市|北京市|东城区|||"),
        ("上海市市辖区浦东新区张江镇博云路2号", "上海市|上海市|浦东新区|博云路|2号|张江镇"),
        ("上海市徐汇区虹梅路1188弄5号", "上海市|上海市|徐汇区|虹梅路|1188弄|5号"),
        (
            "广东省深圳市南山区粤海街道科苑南路3331号",
            "广东省|深圳市|南山区|科苑南路|3331号|粤海街道",
        ),
        ("杭州市余杭区文一西路 969 号", "浙江|杭州市|余杭区|文一西路|969号|"),
        ("北京市海淀区上地十街10号百度大厦2层", "北京市|北京市|海淀区|上地十街|10号|百度大厦2层"),
        ("北京市海淀区建国门外大街甲6号", "北京市|北京市|海淀区|建国门外大街|甲6号|"),
        ("北京市朝阳区酒仙桥路电子城大厦", "北京市|北京市|朝阳区|酒仙桥路||电子城大厦"),
        ("江苏省昆山市花桥镇绿地大道1号", "江苏省||昆山市|绿地大道|1号|花桥镇"),
        ("吉林省吉林市船营区", "吉林省|吉林市|船营区|||"),
        ("吉林市船营区", "吉林|吉林市|船营区|||"),
        ("辽宁省朝阳市双塔区", "辽宁省|朝阳市|双塔区|||"),
        ("朝阳区酒仙桥东路1号", "||朝阳区|酒仙桥东路|1号|"),
        ("内蒙古自治区乌兰察布市集宁区", "内蒙古自治区|乌兰察布市|集宁区|||"),
        ("新疆维吾尔自治区伊犁哈萨克自治州伊宁市", "新疆维吾尔自治区|伊犁哈萨克自治州|伊宁市|||"),
        ("青海省海南藏族自治州", "青海省|海南藏族自治州||||"),
        ("海南藏族自治州共和县", "青海|海南藏族自治州|共和县|||"),
        ("青海海南州", "青海|海南州||||"),
        ("海南省海口市龙华区", "海南省|海口市|龙华区|||"),
        ("河北区中山路2号", "||河北区|中山路|2号|"),
        ("海南区拉僧仲街道", "||海南区|||拉僧仲街道"),
        ("重庆市两江新区水土高新园", "重庆市|重庆市|两江新区|||水土高新园"),
        ("苏州工业园区星湖街328号", "江苏|苏州||||工业园区星湖街328号"),
        ("东莞市松山湖科技园小区12号", "广东|东莞市||||松山湖科技园小区12号"),
        ("香港特别行政区九龙", "香港特别行政区|||||九龙"),
        ("台北市信义区", "台湾|台北市|信义区|||"),
        ("浙江省北京市", "浙江省||北京市|||"),
        ("浙江", "浙江|||||"),
        ("１２３号", "|||||123号"),
        ("", "|||||"),
    ],
)
def test_parse_address(text: str, parts: str):
    found = parse_address(text)
    assert "|".join(found.get(part, "") for part in ORDER) == parts


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("北京市朝阳区酒仙桥东路1号院5号楼3层", ["北京市朝阳区酒仙桥东路1号院"]),
        ("北京市朝阳区酒仙桥东路1号院5号楼3层、4层", ["北京市朝阳区酒仙桥东路1号院"]),
        ("北京市和上海市", ["北京市", "上海市"]),
        ("北京市 上海市", ["北京市", "上海市"]),
        (
            "北京市朝阳区酒仙桥东路1号院、酒仙桥北路9号",
            ["北京市朝阳区酒仙桥东路1号院", "北京市朝阳区酒仙桥北路9号"],
        ),
        (
            "北京市朝阳区酒仙桥东路1号院；海淀区中关村大街5号；",
            ["北京市朝阳区酒仙桥东路1号院", "北京市海淀区中关村大街5号"],
        ),
        ("北京市、中关村大街5号", ["北京市"]),
        ("科技园1号楼，北京市", ["", "北京市"]),
    ],
)
def test_a_line_may_print_several_places(text: str, places: list[str]) -> None:
    found = [
        "".join(place.get(level, "") for level in ("province", "district", "street", "number"))
        for place in parse_addresses(text)
    ]
    assert found == places


# ---- Regions of clouds


def test_every_mainland_region_names_a_known_city_and_no_other_names_one():
    for region in REGIONS.values():
        if region.country == "CN":
            assert region.province is not None
            assert region.city in CITIES[region.province]
        else:
            assert (region.province, region.city) == (None, None)


@pytest.mark.parametrize(
    ("provider", "region", "city"),
    [
        ("华为云", "cn-east-4", "芜湖"),
        ("huaweicloud", "cn-east-5", "青岛"),
        ("volcengine", "cn-beijing2", "北京"),
        ("volcengine", "cn-datong", "大同"),
        ("volcengine", "cn-wulanchabu", "乌兰察布"),
    ],
)
def test_the_city_of_a_region_is_told(provider: str, region: str, city: str) -> None:
    found = region_of(provider, region)
    assert found is not None
    assert found.city == city


@pytest.mark.parametrize("written", ["cn-beijing", "cn-beijing-h", "ap-guangzhou-3"])
def test_a_region_or_a_zone_of_a_cloud_is_known(written: str) -> None:
    assert is_region(written)
    assert not is_region("etaoche-prod")
