from __future__ import annotations

import pytest

from pytest_icp.kinds.likeness import (
    PROVINCES,
    domain_names,
    domains_over,
    folded,
    in_areas,
    is_known_area,
    plainly,
)


@pytest.mark.parametrize(
    ("area", "areas", "lies", "known"),
    [
        ("北京", ["北京市"], True, True),
        ("北京市朝阳区", ["北京"], True, True),
        ("北京", ["北京市朝阳区"], False, True),
        ("110105", ["北京"], True, True),
        ("广东省", ["深圳"], False, True),
        ("深圳", ["广东省"], True, True),
        ("广东省深圳市", ["深圳"], True, True),
        ("深圳市南山区", ["深圳"], True, True),
        ("广东省台山县", ["深圳"], False, False),
        ("南山区", ["深圳"], False, False),
        ("北京、天津", ["天津", "北京"], True, True),
        ("北京、上海", ["天津", "北京"], False, True),
        # a word that is two places: what follows it tells which
        ("海南", ["海南省"], True, True),
        ("海南藏族自治州", ["海南"], False, True),
        ("海南州", ["海南"], False, True),
        ("海南州", ["青海"], True, True),
        ("海南", ["海南藏族自治州"], False, True),
        ("青海省海南藏族自治州", ["海南州"], True, True),
        ("海南区", ["海南"], False, False),
        ("河北区", ["河北"], False, False),
        ("天津市河北区", ["河北"], False, True),
        ("吉林市", ["吉林省"], True, True),
        ("吉林省", ["吉林市"], False, True),
        ("朝阳市", ["辽宁"], True, True),
        ("朝阳区", ["辽宁"], False, False),
        # codes (GB/T 2260): the first two digits are the province
        ("632500", ["海南"], False, True),
        ("632500", ["青海"], True, True),
        ("632500", ["海南藏族自治州"], True, True),
        ("460100", ["海南"], True, True),
        ("460100", ["海口"], True, True),
        ("46", ["海南"], True, True),
        ("460000", ["Hainan"], True, True),
        ("440305", ["深圳"], True, True),
        # everywhere, and elsewhere
        ("全国", [*PROVINCES], True, True),
        ("全国", ["北京", "上海"], False, True),
        ("海南州", ["全国"], True, True),
        ("香港", ["广东"], False, True),
        ("境外", ["北京"], False, True),
        ("某地", ["北京"], False, False),
        ("某地", ["某地"], True, False),
    ],
)
def test_which_area_lies_in_which(area: str, areas: list[str], lies: bool, known: bool) -> None:
    assert in_areas(area, areas) is lies
    assert is_known_area(area) is known


@pytest.mark.parametrize(
    ("host", "domain", "answer"),
    [
        ("www.a.cn", "a.cn", True),
        ("a.cn", "A.CN.", True),
        ("evil-a.cn", "a.cn", False),
        ("a.cn", "http://a.cn", False),
        ("a cn", "a.cn", False),
        ("a.cn", "www.a.cn", True),
        ("www.a.cn", "www.a.cn", True),
        ("m.a.cn", "www.a.cn", True),
        ("b.m.a.cn", "www.a.cn", True),
        ("a.cn", "m.a.cn", False),
        ("www.m.a.cn", "m.a.cn", True),
        ("www.a.cn", "m.a.cn", False),
        ("evil-a.cn", "www.a.cn", False),
        ("b.cn", "www.a.cn", False),
        # What others register under it is not theirs.
        ("a.cn", "www.cn", False),
        ("m.www.cn", "www.cn", True),
        ("a.com.cn", "www.com.cn", False),
        ("a.bj.cn", "www.bj.cn", False),
        ("m.jd.cn", "www.jd.cn", True),
        (None, "a.cn", False),
        ("a.cn", None, False),
    ],
)
def test_domains_over_a_host(host: str | None, domain: str | None, answer: bool) -> None:
    assert bool({*domains_over(host)} & {*domain_names(domain)}) is answer


def test_names_are_the_same_in_spite_of_brackets_width_and_space() -> None:
    assert folded("ＡＢＣ（北京） 公司") == folded("abc[北京]公司") == "abc(北京)公司"
    assert plainly(" ＡＢ  c ") == "AB c"
