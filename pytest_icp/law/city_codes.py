"""Codes of cities (城市的行政区划代码): the first four digits of a code of a division.

GB/T 2260 numbers the cities of a province in the order of their list, with gaps: reserved
numbers, and prefectures that are numbered apart.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_icp.law.divisions import CITIES, MUNICIPALITIES, OUTSIDE
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.spellings import PROVINCE_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_GAPS = """
    兴安 22 锡林郭勒 25 阿拉善 29 延边 24 大兴安岭 27 黄山 10 六安 15 亳州 16 临沂 13 滨州 16
    宜昌 05 恩施 28 湘西 31 肇庆 12 清远 18 潮州 51 自贡 03 南充 13 阿坝 32 黔西南 23 黔东南 26
    曲靖 03 楚雄 23 红河 25 西双版纳 28 德宏 31 怒江 33 阿里 25 临夏 29 海北 22 海南 25 吐鲁番 04
    昌吉 23 博尔塔拉 27 伊犁 40 塔城 42
"""
_AFTER_GAP = dict(re.findall(r"(\w+) ([0-9]{2})", _GAPS))
_UNDER_THE_PROVINCE = frozenset("济源 仙桃 潜江 天门 神农架 石河子 阿拉尔".split())
"""Counties that a province governs itself; they have no number of a city."""


def _codes() -> Iterator[tuple[str, str]]:
    for code, province in PROVINCE_CODES.items():
        number = 0
        for city in CITIES[province]:
            if city in _UNDER_THE_PROVINCE:
                continue
            number = int(_AFTER_GAP.get(city, number + 1))
            yield f"{code}{number:02}", city


_CITIES: Mapping[str, str] = MappingProxyType(dict(_codes()))


def city_of_code(text: str) -> str | None:
    """Return the short name of the city that a code of a division tells; None without one."""
    code = fold_tight(text).text
    if not re.fullmatch(r"(?:[0-9]{2}){2,6}", code):
        return None
    province = PROVINCE_CODES.get(code[:2])
    if province in MUNICIPALITIES or province in OUTSIDE:
        return province
    return _CITIES.get(code[:4])
