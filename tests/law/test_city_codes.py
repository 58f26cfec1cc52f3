from __future__ import annotations

import pytest

from pytest_icp.law.spellings import city_of_code


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
