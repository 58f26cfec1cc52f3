"""Areas as licences print them (业务覆盖范围): which lies in which."""

from __future__ import annotations

import re
from collections.abc import Collection

from pytest_icp.law.divisions import (
    CITIES,
    MUNICIPALITIES,
    OUTSIDE,
    PROVINCE_OF,
    short_city,
    short_province,
)
from pytest_icp.law.spellings import province_of_spelling, simplified

NATIONWIDE = "全国"
"""What licences print for every area of the country."""

PROVINCES = frozenset(CITIES) - frozenset(OUTSIDE)


_LISTED = re.compile(r"[、，,;；]")
_ABROAD = ("境外", "海外", "国外", "全球", "港澳台")


def short_area(area: str) -> str:
    """Return the short name of a province or city: 北京 of 北京市, of 110000 and of Beijing."""
    name = simplified(area)
    whole = _whole_province(name)
    return whole or short_city(short_province(name))


def is_known_area(area: str) -> bool:
    """Whether it is certain where an area lies: a province, a city, or a place abroad.

    What else there is may lie in a city that is licensed: a district, a code of a city.
    """
    known = {NATIONWIDE, *CITIES, *PROVINCE_OF}
    names = map(short_area, _parts(area))
    return all(name in known or name.startswith(_ABROAD) for name in names)


def in_areas(area: str, areas: Collection[str]) -> bool:
    """Whether an area is one of others or lies in one; the whole country is every province.

    Several may stand in one text, as licences print them: 北京、天津.
    """
    one, *more = _parts(area)
    if more:
        return all(in_areas(part, areas) for part in (one, *more))
    names = {short_area(part) for one in areas for part in _parts(one)}
    if NATIONWIDE in names:
        return True
    if area == NATIONWIDE:
        return names >= PROVINCES
    name = short_area(area)
    return not names.isdisjoint({name, PROVINCE_OF.get(name) or province_of_spelling(name) or name})


def _parts(areas: str) -> list[str]:
    """Return the areas of a text that lists several."""
    return [part for part in _LISTED.split(areas) if part.strip()] or [areas]


def _whole_province(name: str) -> str | None:
    """Return the province of a code or an English name, but not for the code of a city in it."""
    province = province_of_spelling(name)
    digits = name.strip()
    part = digits.isdigit() and digits[2:].strip("0") and province not in MUNICIPALITIES
    return None if part else province
