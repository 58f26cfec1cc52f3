from __future__ import annotations

import pytest

from pytest_icp.kinds.likeness import lies_abroad
from pytest_icp.law.abroad import COUNTRIES, is_named_abroad


def test_each_country_has_a_code_and_a_name_of_its_own() -> None:
    assert all(len(code) == 2 and code.isupper() for code in COUNTRIES)
    assert len({*COUNTRIES.values()}) == len(COUNTRIES)
    assert "CN" not in COUNTRIES


@pytest.mark.parametrize("area", ["美国", "US", "u.s.", "United States", "德国法兰克福", "东南亚"])
def test_names_of_countries(area: str) -> None:
    assert is_named_abroad(area)


@pytest.mark.parametrize("area", ["SD", "TJ", "FJ", "SN", "Frankfurt", "法兰克福", "CN", ""])
def test_what_is_no_name_of_a_country_or_may_be_a_province(area: str) -> None:
    assert not is_named_abroad(area)


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
