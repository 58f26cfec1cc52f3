from __future__ import annotations

import pytest

from pytest_icp.law.cloud_regions import REGIONS, Region, region_of
from pytest_icp.law.divisions import CITIES


@pytest.mark.parametrize(
    ("provider", "identifier", "region"),
    [
        ("alicloud", "cn-beijing", Region("CN", "北京", "北京")),
        ("Aliyun", " CN-Zhangjiakou ", Region("CN", "河北", "张家口")),
        ("aliyun", "cn-beijing-h", Region("CN", "北京", "北京")),
        ("tencentcloud", "ap-guangzhou-3", Region("CN", "广东", "广州")),
        ("huaweicloud", "cn-north-4a", Region("CN", "北京", "北京")),
        ("aws", "cn-northwest-1b", Region("CN", "宁夏", "中卫")),
        ("aws", "cn-north-1", Region("CN", "北京", "北京")),
        ("volcengine", "cn-shanghai", Region("CN", "上海", "上海")),
        ("alicloud", "cn-hongkong", Region("HK")),
        ("tencent", "ap-singapore", Region("SG")),
        ("huawei", "ap-southeast-1", Region("HK")),
        ("aws", "ap-southeast-1", Region("SG")),
        ("huaweicloud", "cn-north-2", None),
        ("alicloud", "", None),
        ("nobody", "cn-beijing", None),
    ],
)
def test_region_of(provider: str, identifier: str, region: Region | None):
    assert region_of(provider, identifier) == region


def test_every_mainland_region_names_a_known_city_and_no_other_names_one():
    for region in REGIONS.values():
        if region.country == "CN":
            assert region.province is not None
            assert region.city in CITIES[region.province]
        else:
            assert (region.province, region.city) == (None, None)
