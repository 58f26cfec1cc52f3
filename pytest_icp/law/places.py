"""Places (地点) compared from country down to house number, as far as they are known.

A licence prints the location of the servers (服务器放置地) as one line of text; a description has
an address field by field, or a cloud region, which is precise to the city only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from msgspec import Struct

from pytest_icp.law.addresses import is_road, is_zone, parse_address, parse_addresses
from pytest_icp.law.cloud_regions import provider_of, region_and_wider, region_of
from pytest_icp.law.divisions import (
    CITIES,
    FORMER_DISTRICTS,
    MUNICIPALITIES,
    OUTSIDE,
    PROVINCE_OF,
    short_city,
    short_district,
    short_province,
)
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.numerals import arabic
from pytest_icp.law.spellings import (
    city_of_code,
    is_written_otherwise,
    province_of_spelling,
    simplified,
)

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import JsonObject

__all__ = [
    "Level",
    "PlaceMatch",
    "agreed",
    "lies_at",
    "outside_mainland",
    "parse_address",
    "province_of",
    "same_place",
]

Level: TypeAlias = Literal[
    "country", "province", "city", "district", "street", "number", "building"
]

LEVELS: tuple[Level, ...] = ("country", "province", "city", "district", "street", "number")
"""Those that an address writes, from the widest to the narrowest."""

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
    absent or null; fields take precedence over the text, the text over the
    region. Endings such as 省, 市 and 区 do not matter. A level that only one address has
    leaves the question open; levels that neither has are not compared, but the province of a
    mainland address must be known. HK, MO and TW are not the mainland. Codes of divisions and
    English names tell the province alone; what may be another spelling or an older name leaves
    the question open, and so do two buildings of one number, which the details tell.
    """
    return _compare(_levels(_parts(a)), _levels(_parts(b)), compared=frozenset(LEVELS))


def lies_at(place: JsonObject, printed: JsonObject) -> PlaceMatch:
    """Return whether a place lies at a printed one (放置地相符), as far as that one is printed.

    As `same_place`, but a level that is not printed is not compared: if a licence prints only
    北京市, every address in Beijing matches. Where several places are printed in one line, it lies
    at any of them.
    """
    mine, first = _parts(place), _parts(printed)
    text = printed.get("text")
    others = _several(text) if isinstance(text, str) else ()
    matches = [_lies_at(mine, one) for one in (first, *others)]
    for verdict in ("same", "unknown"):
        found = next((match for match in matches if match.verdict == verdict), None)
        if found:
            return found
    return matches[0]


def agreed(a: JsonObject, b: JsonObject) -> JsonObject | None:
    """Return what two addresses of one thing say together, the more precise one first.

    None if they differ at a level that both have: a plain name and its code, or a city and its
    district, do not.
    """
    mine, other = _levels(_parts(a)), _levels(_parts(b))
    one, two = {**_city_of_code(a), **mine}, {**_city_of_code(b), **other}
    if any(one[level] != two[level] for level in one.keys() & two.keys()):
        return None
    twice = (name for name in a.keys() & b.keys() if a[name] is not None and b[name] is not None)
    if not all(a[name] == b[name] or _comparable(name, a[name], b[name]) for name in twice):
        return None
    first, second = (a, b) if len(mine) >= len(other) else (b, a)
    said = {name: value for name, value in first.items() if value is not None}
    return {**second, **said}


def _city_of_code(address: JsonObject) -> dict[Level, str]:
    """Return the city that a code of a division in an address tells."""
    values = (address.get(level) for level in _DIVISIONS)
    cities = (city_of_code(value) for value in values if isinstance(value, str))
    city = next(filter(None, cities), None)
    return {"city": city} if city else {}


def _comparable(name: str, one: Any, other: Any) -> bool:
    """Return whether two values of a field are understood so far that their levels compare them."""
    if name == "text":
        return all("province" in _levels(_parts({"text": text})) for text in (one, other))
    if name == "cloud_region":
        provider, its = (provider_of(str(each.get("provider"))) for each in (one, other))
        ids = [region_and_wider(str(each.get("id"))) for each in (one, other)]
        return provider == its is not None and (ids[0][0] in ids[1] or ids[1][0] in ids[0])
    codes = any(province_of_spelling(value) for value in (one, other))
    return name in LEVELS and (codes or all(_determines(name, value) for value in (one, other)))


def outside_mainland(address: JsonObject) -> bool | None:
    """Return whether an address lies outside the mainland (境外); None when not known."""
    country = _levels(_parts(address)).get("country")
    return None if country is None else country != MAINLAND


def province_of(address: JsonObject) -> str | None:
    """Return the short name of the province of an address; None when not known."""
    return _levels(_parts(address)).get("province")


Levels: TypeAlias = Mapping[Level, str]

_Parts: TypeAlias = tuple[str | None, ...]
"""The parts of an address: six levels and the details, the printed text, a provider and region."""


def _parts(address: JsonObject) -> _Parts:
    region = address.get("cloud_region")
    of_region = (region.get("provider"), region.get("id")) if isinstance(region, dict) else _NOWHERE
    parts: tuple[Any, ...] = (*map(address.get, _WRITTEN), *of_region)
    if {*map(type, parts)} <= _TEXTS:
        return parts
    return tuple([value if isinstance(value, str) else None for value in parts])


_WRITTEN = (*LEVELS, "detail", "text")
_NOWHERE = (None, None)
_TEXTS = {str, type(None)}


@lru_cache(maxsize=256)
def _several(text: str) -> tuple[_Parts, ...]:
    """Return the places in a printed line, where there are several."""
    places = parse_addresses(text)
    return tuple(_parts(dict(place)) for place in places) if len(places) > 1 else ()


# Thousands of servers are in a few places.
@lru_cache(maxsize=4096)
def _lies_at(place: _Parts, printed: _Parts) -> PlaceMatch:
    wanted = _levels(printed)
    return _compare(_levels(place), wanted, compared=frozenset(wanted))


def _compare(a: Levels, b: Levels, *, compared: frozenset[Level]) -> PlaceMatch:
    for level in LEVELS:
        if level in a and level in b and a[level] != b[level]:
            open_ = level != "country" and _may_be_one(level, a, b)
            return PlaceMatch("unknown" if open_ else "different", level)
    if a.get("building", "") != b.get("building", "") and a.keys() & b.keys() >= {"building"}:
        return PlaceMatch("unknown", "building")
    open_levels = [level for level in LEVELS if level in compared and (level in a) != (level in b)]
    if open_levels:
        return PlaceMatch("unknown", open_levels[0])
    shared = [level for level in LEVELS if level in a and level in b]
    if not shared or (shared == ["country"] and a["country"] == MAINLAND):
        return PlaceMatch("unknown", "province")
    return PlaceMatch("same", shared[-1])


def _may_be_one(level: Level, a: Levels, b: Levels) -> bool:
    """Whether two different names of a level may mean the same: other spellings, older names."""
    names = a[level], b[level]
    if any(is_written_otherwise(name) for name in names) and level != "number":
        return True
    match level:
        case "district":
            return any(
                FORMER_DISTRICTS.get((a.get("city", ""), one)) == other
                for one, other in (names, names[::-1])
            )
        case "street":
            return not all(map(is_road, names)) or names[0] in names[1] or names[1] in names[0]
        case "number":
            return any("-" in name for name in names)  # from one number to another
    return False


@lru_cache(maxsize=4096)
def _levels(address: _Parts) -> Levels:
    """Return what is known of an address, in short names."""
    *levels, detail, text, provider, region = address
    printed = parse_address(text) if text is not None else {}
    written = dict(zip(LEVELS, levels, strict=True))
    sources = (written, printed, _in_region(provider, region), _spelt(written))
    known: dict[Level, str] = {}
    for source in sources:
        for level in LEVELS:
            value = source.get(level)
            if level not in known and value is not None and _determines(level, value):
                known[level] = _short(level, simplified(value))
    building = _building(written["number"], detail, printed.get("detail"))
    if building:
        known["building"] = building
    return MappingProxyType(_completed(known))


_DIVISIONS: tuple[Level, ...] = ("province", "city", "district")


def _determines(level: Level, value: str) -> bool:
    """Return whether a value determines its level: the name of a zone does not name a district.

    A code or an English name tells at most the province, see `_spelt`.
    """
    if level in _DIVISIONS and province_of_spelling(value):
        return False
    if level == "number" and _building(value):
        return bool(_HOUSE_NUMBER.search(value))
    return bool(value.strip()) and not (level == "district" and is_zone(value))


def _spelt(written: Mapping[Level, str | None]) -> Mapping[str, str | None]:
    """Return the province that codes or English names of divisions tell."""
    told = (province_of_spelling(value) for level in _DIVISIONS if (value := written[level]))
    return {"province": next(filter(None, told), None)}


def _in_region(provider: str | None, region: str | None) -> Mapping[str, str | None]:
    lies = region_of(provider, region) if provider is not None and region is not None else None
    if lies is None:
        return {}
    return {"country": lies.country, "province": lies.province, "city": lies.city}


def _completed(known: dict[Level, str]) -> dict[Level, str]:
    """Fill in what follows: a municipality is its own city, a city determines its province."""
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


_HOUSE_NUMBER = re.compile(r"号(?![楼栋幢座厂])")
_BUILDING = re.compile(r"((?<![0-9])[0-9]++|[A-Z甲乙丙丁])(?:号[楼栋幢座]|号厂房|[栋幢座])")


def _building(*texts: str | None) -> str | None:
    """Return the building that texts name: 5 of 5号楼3层 and of 5栋; None without one."""
    tight = (arabic(fold_tight(text).text).upper() for text in texts if text)
    found = (_BUILDING.search(text) for text in tight)
    return next((match[1] for match in found if match), None)


def _short(level: Level, value: str) -> str:
    return _SHORTEN[level](value)


def _house(number: str) -> str:
    """Return the number of a house: 1 of 1号院, 甲6 of 甲6号."""
    house = _HOUSE.search(arabic(fold_tight(number).text))
    return house.group() if house else number


_SHORTEN: dict[Level, Callable[[str], str]] = {
    "country": str.upper,
    "province": short_province,
    "city": short_city,
    "district": short_district,
    "street": str,
    "number": _house,
}
