from __future__ import annotations

import pytest

from pytest_icp.law.divisions import (
    CITIES,
    MUNICIPALITIES,
    OUTSIDE,
    PROVINCE_OF,
    short_city,
    short_district,
    short_province,
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


@pytest.mark.parametrize(
    ("shorten", "name", "short"),
    [
        (short_province, "北京市", "北京"),
        (short_province, "内蒙古自治区", "内蒙古"),
        (short_province, "广西壮族自治区", "广西"),
        (short_province, "新疆维吾尔自治区", "新疆"),
        (short_province, "香港特别行政区", "香港"),
        (short_province, "浙江", "浙江"),
        (short_city, "呼伦贝尔市", "呼伦贝尔"),
        (short_city, "延边朝鲜族自治州", "延边"),
        (short_city, "黔东南苗族侗族自治州", "黔东南"),
        (short_city, "西双版纳傣族自治州", "西双版纳"),
        (short_city, "巴音郭楞蒙古自治州", "巴音郭楞"),
        (short_city, "延边州", "延边"),
        (short_city, "广州市", "广州"),
        (short_city, "新加坡市", "新加坡"),
        (short_province, "东京都", "东京都"),
        (short_city, "锡林郭勒盟", "锡林郭勒"),
        (short_city, "大兴安岭地区", "大兴安岭"),
        (short_district, "朝阳区", "朝阳"),
        (short_district, "浦东新区", "浦东"),
        (short_district, "和县", "和县"),
        (short_district, "昆山市", "昆山"),
    ],
)
def test_short_names(shorten, name, short):
    assert shorten(name) == short
