"""The cities in which the regions of cloud providers lie (云地域).

The same id means different places with different providers, so the table is keyed by both.
Mainland regions are those that the providers' own documents place in a city; regions abroad
are listed to be distinguished from them. A region that is not listed is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct


class Region(Struct, frozen=True):
    """A region's country (ISO 3166) and, on the mainland, its province and city."""

    country: str
    province: str | None = None
    city: str | None = None


_PROVIDERS = {
    "alicloud": ("alicloud", "aliyun", "alibaba", "alibabacloud", "阿里云"),
    "tencentcloud": ("tencentcloud", "tencent", "qcloud", "腾讯云"),
    "huaweicloud": ("huaweicloud", "huawei", "华为云"),
    "volcengine": ("volcengine", "volc", "火山引擎"),
    "aws": ("aws", "amazon", "亚马逊云"),
}
_NAMES = {alias: provider for provider, names in _PROVIDERS.items() for alias in names}

_MAINLAND = {
    "alicloud": """
        cn-beijing 北京 北京 / cn-beijing-finance-1 北京 北京 / cn-north-2-gov-1 北京 北京
        cn-zhangjiakou 河北 张家口 / cn-huhehaote 内蒙古 呼和浩特 / cn-wulanchabu 内蒙古 乌兰察布
        cn-qingdao 山东 青岛 / cn-hangzhou 浙江 杭州 / cn-hangzhou-finance 浙江 杭州
        cn-shanghai 上海 上海 / cn-shanghai-finance-1 上海 上海 / cn-nanjing 江苏 南京
        cn-fuzhou 福建 福州 / cn-shenzhen 广东 深圳 / cn-shenzhen-finance-1 广东 深圳
        cn-heyuan 广东 河源 / cn-guangzhou 广东 广州 / cn-chengdu 四川 成都
        cn-zhongwei 宁夏 中卫 / cn-zhengzhou-jva 河南 郑州
    """,
    "tencentcloud": """
        ap-beijing 北京 北京 / ap-beijing-fsi 北京 北京 / ap-shanghai 上海 上海
        ap-shanghai-fsi 上海 上海 / ap-guangzhou 广东 广州 / ap-shenzhen-fsi 广东 深圳
        ap-nanjing 江苏 南京 / ap-chengdu 四川 成都 / ap-chongqing 重庆 重庆
    """,
    "huaweicloud": """
        cn-north-1 北京 北京 / cn-north-4 北京 北京 / cn-north-9 内蒙古 乌兰察布
        cn-east-2 上海 上海 / cn-east-3 上海 上海 / cn-south-1 广东 广州
        cn-southwest-2 贵州 贵阳
    """,
    "volcengine": """
        cn-beijing 北京 北京 / cn-shanghai 上海 上海 / cn-guangzhou 广东 广州
        cn-chengdu 四川 成都 / cn-nanjing 江苏 南京 / cn-hangzhou 浙江 杭州
    """,
    "aws": "cn-north-1 北京 北京 / cn-northwest-1 宁夏 中卫",
}
_ABROAD = {
    "alicloud": """
        cn-hongkong HK / ap-southeast-1 SG / ap-southeast-2 AU / ap-southeast-3 MY
        ap-southeast-5 ID / ap-southeast-6 PH / ap-southeast-7 TH / ap-northeast-1 JP
        ap-northeast-2 KR / ap-south-1 IN / us-west-1 US / us-east-1 US / eu-central-1 DE
        eu-west-1 GB / me-east-1 AE / me-central-1 SA / na-south-1 MX
    """,
    "tencentcloud": """
        ap-hongkong HK / ap-taipei TW / ap-singapore SG / ap-tokyo JP / ap-seoul KR
        ap-bangkok TH / ap-jakarta ID / ap-mumbai IN / na-siliconvalley US / na-ashburn US
        na-toronto CA / eu-frankfurt DE / eu-moscow RU / sa-saopaulo BR
    """,
    "huaweicloud": """
        ap-southeast-1 HK / ap-southeast-2 TH / ap-southeast-3 SG / ap-southeast-4 ID
        af-south-1 ZA / la-south-2 CL / la-north-2 MX / na-mexico-1 MX / sa-brazil-1 BR
        tr-west-1 TR / eu-west-101 IE
    """,
    "volcengine": "cn-hongkong HK / ap-southeast-1 MY",
    "aws": """
        ap-east-1 HK / ap-southeast-1 SG / ap-southeast-2 AU / ap-southeast-3 ID
        ap-northeast-1 JP / ap-northeast-2 KR / ap-northeast-3 JP / ap-south-1 IN
        us-east-1 US / us-east-2 US / us-west-1 US / us-west-2 US / ca-central-1 CA
        eu-west-1 IE / eu-west-2 GB / eu-west-3 FR / eu-central-1 DE / eu-north-1 SE
        eu-south-1 IT / sa-east-1 BR / af-south-1 ZA / me-south-1 BH / me-central-1 AE
        il-central-1 IL
    """,
}


def _table() -> dict[tuple[str, str], Region]:
    regions: dict[tuple[str, str], Region] = {}
    for provider, listed in _MAINLAND.items():
        for entry in _entries(listed):
            identifier, province, city = entry.split()
            regions[provider, identifier] = Region("CN", province, city)
    for provider, listed in _ABROAD.items():
        for entry in _entries(listed):
            identifier, country = entry.split()
            regions[provider, identifier] = Region(country)
    return regions


def _entries(listed: str) -> list[str]:
    return re.split(r"\s*(?:/|\n)\s*", listed.strip())


REGIONS: Mapping[tuple[str, str], Region] = MappingProxyType(_table())
"""Every known region by provider and id."""


def provider_of(name: str) -> str | None:
    """Return the name of a cloud provider in this table; None for an unknown one."""
    return _NAMES.get(name.strip().lower())


def region_of(provider: str, identifier: str) -> Region | None:
    """Return where a provider's region, or the zone of one, lies; None when not known."""
    name = provider_of(provider) or ""
    return next(
        (REGIONS[name, c] for c in region_and_wider(identifier) if (name, c) in REGIONS), None
    )


def is_region(identifier: str) -> bool:
    """Whether a text is the id of a region or zone, of whichever cloud."""
    return not _IDS.isdisjoint(region_and_wider(identifier))


def region_and_wider(identifier: str) -> tuple[str, str, str]:
    """Return the id of a region or zone in lower case, and what would be the region of a zone."""
    wanted = identifier.strip().lower()
    # cn-beijing-h and ap-beijing-3 are zones of a region, and so is cn-north-1a.
    return wanted, re.sub("(?<=[0-9])[a-z]$", "", wanted), wanted.rpartition("-")[0]


_IDS = frozenset(identifier for _, identifier in REGIONS)
