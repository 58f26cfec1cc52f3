"""Areas as licences print them (业务覆盖范围): which lies in which."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from msgspec import Struct

from pytest_icp.law.abroad import is_named_abroad
from pytest_icp.law.addresses import parse_address
from pytest_icp.law.city_codes import city_of_code
from pytest_icp.law.divisions import (
    CITIES,
    MUNICIPALITIES,
    OUTSIDE,
    short_city,
    short_province,
)
from pytest_icp.law.kleene import Truth
from pytest_icp.law.spellings import province_of_spelling, simplified

NATIONWIDE = "全国"
"""What licences print for every area of the country."""

PROVINCES = frozenset(CITIES) - frozenset(OUTSIDE)


_LISTED = re.compile(r"[、，,;；]")
_ABROAD = ("境外", "海外", "国外", "全球", "港澳台")
_WORLD = "全球"


class Area(Struct, frozen=True):
    """A province, a city in it, or with ``part`` what lies in one of them and is written so."""

    province: str
    city: str = ""
    part: str = ""

    def lies_in(self, other: Area) -> bool:
        """Whether this certainly lies in another one."""
        above = (self.province, "", ""), (self.province, self.city, "")
        return self == other or (other.province, other.city, other.part) in above


def is_known_area(area: str) -> bool:
    """Whether it is certain where an area lies: a province, a city, or a place abroad.

    What else there is may lie in a city that is licensed: a district, a county of a province.
    """
    return all(
        name == NATIONWIDE or name.startswith(_ABROAD) or _is_placed(name) for name in _parts(area)
    )


def in_areas(area: str, areas: Collection[str]) -> bool:
    """Whether an area is one of others or lies in one; the whole country is every province.

    Several may stand in one text, as licences print them: 北京、天津.
    """
    one, *more = _parts(area)
    if more:
        return all(in_areas(part, areas) for part in (one, *more))
    names = {part for one in areas for part in _parts(one)}
    if NATIONWIDE in names or one in names:
        return True
    others = [found for name in names if (found := _area(name))]
    if one == NATIONWIDE:
        return {other.province for other in others if not (other.city or other.part)} >= PROVINCES
    mine = _area(one)
    return mine is not None and any(mine.lies_in(other) for other in others)


def lies_abroad(area: str) -> Truth:
    """Whether an area lies outside the mainland (境外); what is worldwide does not."""
    truths = [_is_abroad(name) for name in _parts(area)]
    return False if False in truths else None if None in truths else True


def _is_abroad(name: str) -> Truth:
    if name == NATIONWIDE or name.startswith(_WORLD):
        return False
    found = _area(name)
    if found:
        return found.province in OUTSIDE
    return is_named_abroad(name) or None


def _parts(areas: str) -> list[str]:
    """Return the areas of a text that lists several."""
    return [simplified(part).strip() for part in _LISTED.split(areas) if part.strip()] or [areas]


def _is_placed(name: str) -> bool:
    found = _area(name)
    return found is not None and bool(
        found.city or not found.part or found.province in MUNICIPALITIES
    )


@lru_cache(maxsize=4096)
def _area(name: str) -> Area | None:
    """Return the area that a name, a code or an English name tells; None if it tells none."""
    province = province_of_spelling(name)
    if province:
        return _of_code(name, province)
    found = parse_address(name)
    if "province" not in found:
        return None
    province, city = short_province(found["province"]), short_city(found.get("city", ""))
    part = name if found.keys() - {"country", "province", "city"} else ""
    return Area(province, "" if province in MUNICIPALITIES else city, part)


def _of_code(code: str, province: str) -> Area:
    if not code.isdigit() or not code[2:].strip("0"):
        return Area(province)
    city = "" if province in MUNICIPALITIES else city_of_code(code) or ""
    return Area(province, city, "" if city and not code[4:].strip("0") else code)
