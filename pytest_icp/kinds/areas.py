"""Areas as licences print them (业务覆盖范围): which lies in which."""

from __future__ import annotations

from collections.abc import Collection

from pytest_icp.law.divisions import CITIES, OUTSIDE, PROVINCE_OF, short_city, short_province

NATIONWIDE = "全国"
"""What licences print for every area of the country."""

PROVINCES = frozenset(CITIES) - frozenset(OUTSIDE)


def short_area(area: str) -> str:
    """Return the short name of a province or city: 北京 of 北京市."""
    return short_city(short_province(area))


def in_areas(area: str, areas: Collection[str]) -> bool:
    """Whether an area is one of others or lies in one; the whole country is every province."""
    names = {short_area(one) for one in areas}
    if NATIONWIDE in names:
        return True
    if area == NATIONWIDE:
        return names >= PROVINCES
    name = short_area(area)
    return not names.isdisjoint({name, PROVINCE_OF.get(name, name)})
