"""Places (地点) compared from country down to house number, as far as they are known.

A licence prints where the servers stand (服务器放置地) as one line of text; a description gives
an address field by field, or a cloud region, which tells the city and no more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from pytest_icp.law.addresses import is_zone, parse_address
from pytest_icp.law.cloud_regions import region_of
from pytest_icp.law.divisions import (
    CITIES,
    MUNICIPALITIES,
    OUTSIDE,
    PROVINCE_OF,
    short_city,
    short_district,
    short_province,
)

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import JsonObject

__all__ = ["Level", "PlaceMatch", "lies_at", "outside_mainland", "parse_address", "same_place"]

Level: TypeAlias = Literal["country", "province", "city", "district", "street", "number"]

LEVELS: tuple[Level, ...] = ("country", "province", "city", "district", "street", "number")
"""From the widest to the narrowest."""

MAINLAND = "CN"


class PlaceMatch(Struct, frozen=True):
    """Whether two places are one, and the level that decides.

    ``level`` is the first level at which they differ, the first that is not known of both, or,
    where they are the same, the narrowest that was compared.
    """

    verdict: Literal["same", "different", "unknown"]
    level: Level


def same_place(a: JsonObject, b: JsonObject) -> PlaceMatch:
    """Compare two addresses from the country down (同一地点).

    An address has ``country``, ``province``, ``city``, ``district``, ``street``, ``number``,
    the printed line ``text`` and a ``cloud_region`` of ``provider`` and ``id``, any of them
    absent or null; what is given field by field goes before the text, the text before the
    region. Endings such as 省, 市 and 区 do not matter. A level that only one address gives
    leaves the question open; levels that neither gives are not compared, but the province of a
    mainland address must be known. HK, MO and TW are not the mainland.
    """
    return _compare(_levels(_told(a)), _levels(_told(b)), asked=frozenset(LEVELS))


def lies_at(place: JsonObject, printed: JsonObject) -> PlaceMatch:
    """Return whether a place lies at a printed one (放置地相符), as far as that one is printed.

    As `same_place`, but a level that is not printed is not asked: where a licence prints
    北京市 alone, every address in Beijing will do.
    """
    return _lies_at(_told(place), _told(printed))


def outside_mainland(address: JsonObject) -> bool | None:
    """Return whether an address lies outside the mainland (境外); None when not known."""
    country = _levels(_told(address)).get("country")
    return None if country is None else country != MAINLAND


Levels: TypeAlias = Mapping[Level, str]

_Told: TypeAlias = tuple[str | None, ...]
"""What an address tells: its six levels, its printed text, a provider and its region."""


def _told(address: JsonObject) -> _Told:
    region = address.get("cloud_region")
    of_region = (region.get("provider"), region.get("id")) if isinstance(region, dict) else _NOWHERE
    told: tuple[Any, ...] = (*map(address.get, _WRITTEN), *of_region)
    if {*map(type, told)} <= _TEXTS:
        return told
    return tuple([value if isinstance(value, str) else None for value in told])


_WRITTEN = (*LEVELS, "text")
_NOWHERE = (None, None)
_TEXTS = {str, type(None)}


# A thousand servers stand in a few places.
@lru_cache(maxsize=4096)
def _lies_at(place: _Told, printed: _Told) -> PlaceMatch:
    wanted = _levels(printed)
    return _compare(_levels(place), wanted, asked=frozenset(wanted))


def _compare(a: Levels, b: Levels, *, asked: frozenset[Level]) -> PlaceMatch:
    for level in LEVELS:
        if level in a and level in b and a[level] != b[level]:
            return PlaceMatch("different", level)
    open_levels = [level for level in LEVELS if level in asked and (level in a) != (level in b)]
    if open_levels:
        return PlaceMatch("unknown", open_levels[0])
    shared = [level for level in LEVELS if level in a and level in b]
    if not shared or (shared == ["country"] and a["country"] == MAINLAND):
        return PlaceMatch("unknown", "province")
    return PlaceMatch("same", shared[-1])


@lru_cache(maxsize=4096)
def _levels(told: _Told) -> Levels:
    """Return what is known of an address, in short names."""
    *levels, text, provider, region = told
    printed = parse_address(text) if text is not None else {}
    sources = (dict(zip(LEVELS, levels, strict=True)), printed, _in_region(provider, region))
    known: dict[Level, str] = {}
    for source in sources:
        for level in LEVELS:
            value = source.get(level)
            if level not in known and value is not None and _tells(level, value):
                known[level] = _short(level, value)
    return MappingProxyType(_completed(known))


def _tells(level: Level, value: str) -> bool:
    """Return whether a value tells its level: the name of a zone does not tell the district."""
    return bool(value.strip()) and not (level == "district" and is_zone(value))


def _in_region(provider: str | None, region: str | None) -> Mapping[str, str | None]:
    found = region_of(provider, region) if provider is not None and region is not None else None
    if found is None:
        return {}
    return {"country": found.country, "province": found.province, "city": found.city}


def _completed(known: dict[Level, str]) -> dict[Level, str]:
    """Fill in what follows: a municipality is its own city, a city tells its province."""
    province = known.get("province") or PROVINCE_OF.get(known.get("city", ""))
    if province is None:
        return known
    known["province"] = province
    if province in MUNICIPALITIES:
        known["city"] = province
    if province in OUTSIDE:
        known.setdefault("city", province)
        known["country"] = OUTSIDE[province]
    if province in CITIES:
        known.setdefault("country", MAINLAND)
    return known


_HOUSE = re.compile(r"[甲乙丙丁]?[0-9]+(?:-[0-9]+)?")


def _short(level: Level, value: str) -> str:
    return _SHORTEN[level](value)


def _house(number: str) -> str:
    """Return the number that tells a house: 1 of 1号院, 甲6 of 甲6号."""
    house = _HOUSE.search(number)
    return house.group() if house else number


_SHORTEN: dict[Level, Callable[[str], str]] = {
    "country": str.upper,
    "province": short_province,
    "city": short_city,
    "district": short_district,
    "street": str,
    "number": _house,
}
