from __future__ import annotations

import pytest

from pytest_icp.law.addresses import is_zone, parse_address, parse_addresses

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
        ("青海省海南藏族自治州", "青海省|||||海南藏族自治州"),
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
    ("text", "country"),
    [
        ("北京市", "CN"),
        ("杭州市", "CN"),
        ("香港", "HK"),
        ("台北市", "TW"),
        ("澳门", "MO"),
        ("东京都", None),
    ],
)
def test_the_country_follows_from_the_province(text: str, country: str | None):
    assert parse_address(text).get("country") == country


@pytest.mark.parametrize("name", ["工业园区", "经济技术开发区", "阳光小区", "高新区", "综合保税区"])
def test_zones_are_no_districts(name: str):
    assert is_zone(name)


@pytest.mark.parametrize("name", ["朝阳区", "浦东新区", "矿区", "东港区", "和县"])
def test_districts_are_no_zones(name: str):
    assert not is_zone(name)


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
