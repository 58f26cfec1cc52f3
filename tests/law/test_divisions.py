from __future__ import annotations

import pytest

from pytest_icp.kinds.likeness import lies_abroad
from pytest_icp.law.divisions import (
    CITIES,
    COUNTRIES,
    MUNICIPALITIES,
    OUTSIDE,
    PROVINCE_CODES,
    PROVINCE_OF,
    city_of_code,
    province_of_spelling,
)


def test_there_are_34_provinces_and_each_city_lies_in_one():
    assert len(CITIES) == 34
    assert set(CITIES) >= MUNICIPALITIES | set(OUTSIDE)
    for province in MUNICIPALITIES:
        assert CITIES[province] == (province,)
    named = [city for cities in CITIES.values() for city in cities]
    assert sorted(set(named)) == sorted(named)
    assert all(city in CITIES[province] for city, province in PROVINCE_OF.items())


def test_a_word_that_is_both_means_the_province_but_jilin_is_also_a_city():
    assert "海南" not in PROVINCE_OF
    assert PROVINCE_OF["吉林"] == "吉林"


# ---- Divisions as other registers write them


def test_every_province_has_a_code() -> None:
    assert sorted(PROVINCE_CODES.values()) == sorted(CITIES)


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("110000", "北京"),
        ("440305", "广东"),
        ("11", "北京"),
        ("１１００００", "北京"),
        ("990000", None),
        ("1100", "北京"),
        ("110", None),
        ("Beijing", "北京"),
        ("BEIJING SHI", "北京"),
        ("Guangxi Zhuang Autonomous Region", "广西"),
        ("Shaanxi Province", "陕西"),
        ("Hong Kong SAR", "香港"),
        ("Paris", None),
        ("北京", None),
        ("", None),
    ],
)
def test_a_code_or_an_english_name_tells_the_province(text: str, province: str | None) -> None:
    assert province_of_spelling(text) == province


# As the Ministry of Civil Affairs lists them (民政部 行政区划代码).
@pytest.mark.parametrize(
    ("code", "city"),
    [
        ("330100", "杭州"),
        ("330106", "杭州"),
        ("３３０２", "宁波"),
        ("440300", "深圳"),
        ("441200", "肇庆"),
        ("442000", "中山"),
        ("445300", "云浮"),
        ("341800", "宣城"),
        ("371700", "菏泽"),
        ("411700", "驻马店"),
        ("421300", "随州"),
        ("422800", "恩施"),
        ("433100", "湘西"),
        ("513400", "凉山"),
        ("512000", "资阳"),
        ("533400", "迪庆"),
        ("152900", "阿拉善"),
        ("150900", "乌兰察布"),
        ("232700", "大兴安岭"),
        ("632500", "海南"),
        ("632800", "海西"),
        ("654300", "阿勒泰"),
        ("650500", "哈密"),
        ("110105", "北京"),
        ("810000", "香港"),
        # Governed by the province itself, not given to a city, or no code of a city.
        ("419001", None),
        ("339900", None),
        ("330000", None),
        ("33", None),
        ("990100", None),
        ("杭州", None),
    ],
)
def test_the_city_of_a_code(code: str, city: str | None) -> None:
    assert city_of_code(code) == city


def test_each_country_has_a_code_and_a_name_of_its_own() -> None:
    assert all(len(code) == 2 and code.isupper() for code in COUNTRIES)
    assert len({*COUNTRIES.values()}) == len(COUNTRIES)
    assert "CN" not in COUNTRIES


@pytest.mark.parametrize(
    ("area", "abroad"),
    [
        ("香港", True),
        ("Hong Kong", True),
        ("台湾省", True),
        ("日本、韩国", True),
        ("日本、上海", False),
        ("日本、某地", None),
        ("北京", False),
        ("Beijing", False),
        ("全国", False),
        ("全球加速", False),
        ("延边朝鲜族自治州", False),
        ("Frankfurt", None),
        ("朝阳区", None),
    ],
)
def test_which_areas_lie_abroad(area: str, abroad: bool | None) -> None:
    assert lies_abroad(area) is abroad
