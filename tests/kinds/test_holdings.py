"""The lines of business of all licences of a company, and for which licence a rule is asked."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.holdings import asked_for, licences_of

OWN = {
    "number": "京B2-20190486",
    "service_lines": [
        {"name": "信息服务业务（仅限互联网信息服务）", "scope": "不含信息搜索查询服务。"},
        {"name": "存储转发类业务", "scope": "北京"},
    ],
}
CENTRE = {"id": "centre", "number": "B2-20200001", "codes": ["B24"], "areas": ["北京", "天津"]}


def asked(family: str, *others: dict[str, Any], licence: Any = OWN) -> list[str]:
    held = licences_of({"licence": licence, "other_licences": [*others]})
    return [one.name for one in asked_for(family, held)]


@pytest.mark.parametrize(
    ("family", "other", "names"),
    [
        ("", CENTRE, ["京B2-20190486"]),
        ("B25", CENTRE, ["京B2-20190486"]),
        ("B24", CENTRE, ["B2-20200001"]),
        ("B24", {**CENTRE, "status": "正常"}, ["B2-20200001"]),
        ("B24", {**CENTRE, "status": "注销"}, []),
        ("B24", {**CENTRE, "number": None}, ["centre"]),
        ("B21", CENTRE, []),
        # What it permits is not known: it may be for any line.
        ("B21", {**CENTRE, "codes": None}, ["B2-20200001"]),
        ("B21", {**CENTRE, "codes": ["B24", None]}, ["B2-20200001"]),
        ("B21", {**CENTRE, "codes": []}, []),
        ("B25", {**CENTRE, "codes": ["B25.search"]}, ["京B2-20190486", "B2-20200001"]),
        # Of a line as a whole every item is permitted; of one item no other.
        ("B25.non_internet", {**CENTRE, "codes": ["B25"]}, ["B2-20200001"]),
        ("B25.non_internet", {**CENTRE, "codes": ["B25.search"]}, []),
    ],
)
def test_a_line_is_asked_for_each_licence_that_permits_it(
    family: str, other: dict[str, Any], names: list[str]
) -> None:
    assert asked(family, other) == names


@pytest.mark.parametrize("licence", [None, {}, {"service_lines": None}])
def test_where_the_lines_are_not_declared_every_policy_is_asked(licence: Any) -> None:
    assert asked("B24", licence=licence) == ["licence"]


def test_the_lines_come_in_the_order_of_the_catalogue() -> None:
    own, other = licences_of({"licence": OWN, "other_licences": [CENTRE]})
    assert (own.lines, own.areas) == (("B23", "B25"), ("北京",))
    assert (other.lines, other.areas) == (("B24",), ("北京", "天津"))
    assert replace(own, codes=None).lines == ()
