from __future__ import annotations

import pytest

from pytest_icp.law.divisions import CITIES
from pytest_icp.law.spellings import (
    PROVINCE_CODES,
    is_written_otherwise,
    province_of_spelling,
    simplified,
)


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


@pytest.mark.parametrize(
    ("text", "otherwise"),
    [("朝阳", False), ("朝陽", True), ("Chaoyang", True), ("110105", True), ("朝阳1", False)],
)
def test_what_may_be_another_spelling(text: str, otherwise: bool) -> None:
    assert is_written_otherwise(text) == otherwise


def test_names_of_places_are_simplified() -> None:
    assert simplified("北京巿朝陽區酒仙橋東路1號") == "北京市朝阳区酒仙桥东路1号"
