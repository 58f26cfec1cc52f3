"""Places (地点) compared from country down to house number, as far as they are known.

A licence prints the location of the servers (服务器放置地) as one line of text; a description has
an address field by field, or a cloud region (云地域), which is precise to the city only.

The same id of a region means different places with different providers, so ``regions.json`` lists
them by both. Mainland regions are those that the providers' own documents place in a city; regions
abroad are listed to be distinguished from them. A region that is not listed is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from msgspec import Struct

from pytest_icp.law.divisions import (
    CITIES,
    FORMER_DISTRICTS,
    MUNICIPALITIES,
    OUTSIDE,
    PROVINCE_OF,
    city_of_code,
    is_written_otherwise,
    province_of_spelling,
    short_city,
    short_district,
    short_province,
    simplified,
)
from pytest_icp.law.folding import arabic, fold, fold_tight
from pytest_icp.law.jsontypes import JsonObject, table


class Region(Struct, frozen=True):
    """A region's country (ISO 3166) and, on the mainland, its province and city."""

    country: str
    province: str | None = None
    city: str | None = None


_PROVIDERS = table("regions")
_NAMES = {alias: name for name, listed in _PROVIDERS.items() for alias in listed["names"].split()}

REGIONS: Mapping[tuple[str, str], Region] = MappingProxyType(
    {
        (name, identifier): Region(*place.split())
        for name, listed in _PROVIDERS.items()
        for place, identifiers in listed["regions"].items()
        for identifier in identifiers.split()
    }
)
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


# ---- Addresses taken apart


_COUNTRY = re.compile(r"^中国(?=[^\W\d])")
_PROVINCE_ENDING = re.compile("(?:省|特别行政区|(?:壮族|回族|维吾尔)?自治区|市)?")
_NO_PROVINCE = re.compile(r"[区县旗]|(?:藏族自治)?州")
"""What follows the name of a province in that of a district, or of a prefecture in 青海."""
_PREFECTURE = re.compile(r"海南(?:藏族自治)?州")
# A range of all Chinese characters takes longer to compile than an address to read.
_CITY_ENDING = re.compile(r"(?:市|地区|盟|林区|\w{0,9}?自治州)?(?![区县旗])")
_LONGEST = max(map(len, (*CITIES, *PROVINCE_OF)))
_DISTRICT = re.compile(
    r"[^省市区县旗路街道巷号镇乡村0-9]{1,6}?"
    r"(?:自治县|自治旗|新区|林区|特区|区|县|市|旗)"
)
_ZONE = re.compile(
    r"(?:[小社厂校街片库景]区|园区|开发区|高新.{0,6}区|保税区|试验区|示范区|度假区)$"
)
_TOWNSHIP = re.compile(r"[^0-9路]{1,8}?(?:街道|镇|乡)(?!路|街|大道)")
_ROAD = "(?:大道|大街|路|街|巷|胡同|弄|里|道|条)"
_STREET_AND_NUMBER = re.compile(
    rf"(?P<street>[^0-9甲乙丙丁]*{_ROAD})"
    r"(?P<number>[甲乙丙丁]?[0-9]+(?:-[0-9]+)?(?![0-9]|号?[楼栋幢座])(?:号院|号|弄|院)?)"
)
_ROAD_NAME = re.compile(rf"{_ROAD}$")
_BETWEEN = re.compile(r"[;；、,，/\n]|(?:以及|[和及与\s])(?=[^,;]{2,8}?[省市区县])")
_ABOVE = ("country", "province", "city", "district")
_STREET = re.compile(rf"[^0-9]{{1,15}}?{_ROAD}")


def parse_address(text: str) -> dict[str, str]:
    """Take a printed address (地址) apart: ``北京市朝阳区酒仙桥东路1号院5号楼3层``.

    Returns what was recognised of ``country``, ``province``, ``city``, ``district``,
    ``street`` and ``number``, as printed, and the rest as ``detail``. A street is recognised only
    after a district: without one, the rest may begin with the name of a place. What is not
    certain stays in ``detail``; a county-level city (县级市) counts as a district.
    """
    rest = _COUNTRY.sub("", arabic(simplified(fold_tight(text).text)))
    parts: dict[str, str] = {}
    rest = _take_province(parts, rest)
    rest = _take_city(parts, rest)
    rest = _take_district(parts, rest)
    if "district" in parts:
        rest = _take_street(parts, rest)
    if rest:
        parts["detail"] = rest
    return parts


def parse_addresses(text: str) -> list[dict[str, str]]:
    """Take apart a line that may print several places: ``北京市朝阳区…；上海市浦东新区…``.

    A later place is one that begins with a province, a city, a district, or with a street and its
    number; what it leaves out above that is that of the place before it.
    """
    places: list[dict[str, str]] = []
    for words in _BETWEEN.split(fold(text).text):
        place = parse_address(words) if words.strip() else {}
        if places and "country" not in place:
            place = _in_district(places[-1], words)
        if place:
            places.append(place)
    return places


def _in_district(before: dict[str, str], words: str) -> dict[str, str]:
    """Return a place in the province and city of another one, or in its district; else nothing."""
    rest = arabic(simplified(fold_tight(words).text))
    above = {level: part for level in _ABOVE[:3] if (part := before.get(level))}
    place: dict[str, str] = {}
    rest = _take_district(place, rest)
    if not place and _STREET_AND_NUMBER.match(rest) and "district" in before:
        place["district"] = before["district"]
    if place:
        _take_street(place, rest)
        return {**above, **place}
    return {}


def is_road(name: str) -> bool:
    """Return whether a name is that of a road, and not of a park, a village or a building."""
    return _ROAD_NAME.search(name) is not None


def is_zone(name: str) -> bool:
    """Return whether a name that ends like a district's is only a zone: 小区, 工业园区, 开发区.

    A zone lies in one or several districts, which its name does not give.
    """
    return _ZONE.search(name) is not None


def _take_province(parts: dict[str, str], text: str) -> str:
    known = _known_at_start(CITIES, _PROVINCE_ENDING, text)
    if known is None:
        return text
    name, ending = known
    # 吉林市, 海南藏族自治州 and 河北区 are not provinces although they begin with the name of one.
    if ending == "市" and name not in MUNICIPALITIES:
        return text
    if not ending and _NO_PROVINCE.match(text, len(name)):
        return text
    parts["country"] = OUTSIDE.get(name, "CN")
    parts["province"] = name + ending
    if name in MUNICIPALITIES:
        parts["city"] = name + ending
        again = re.match(rf"(?:{name}市?)?(?:市辖区)?", text[len(name + ending) :])
        return text[len(name + ending) + (again.end() if again else 0) :]
    return text[len(name + ending) :]


def _known_at_start(
    names: Container[str], endings: re.Pattern[str], text: str
) -> tuple[str, str] | None:
    """Return the longest known name that a text begins with, and the ending that follows it."""
    for length in range(min(_LONGEST, len(text)), 0, -1):
        ending = endings.match(text, length) if text[:length] in names else None
        if ending is not None:
            return text[:length], ending.group()
    return None


def _take_city(parts: dict[str, str], text: str) -> str:
    known = None if "city" in parts else _known_at_start(PROVINCE_OF, _CITY_ENDING, text)
    prefecture = _PREFECTURE.match(text)
    if prefecture and parts.get("province", "青海").startswith("青海"):
        parts.setdefault("province", "青海")
        parts.setdefault("country", "CN")
        parts["city"] = prefecture.group()
        return text[prefecture.end() :]
    if known is None:
        return text
    name, ending = known
    province = next((p for p in CITIES if parts.get("province", "").startswith(p)), None)
    if province is not None and name not in CITIES[province]:
        return text
    parts["city"] = name + ending
    parts.setdefault("province", PROVINCE_OF[name])
    parts.setdefault("country", OUTSIDE.get(parts["province"], "CN"))
    return text[len(name + ending) :].removeprefix("市辖区")


def _take_district(parts: dict[str, str], text: str) -> str:
    match = _DISTRICT.match(text)
    if match is None or is_zone(match.group()):
        return text
    parts["district"] = match.group()
    return text[match.end() :]


def _take_street(parts: dict[str, str], text: str) -> str:
    township = _TOWNSHIP.match(text)
    before = township.group() if township else ""
    rest = text[len(before) :]
    whole = _STREET_AND_NUMBER.match(rest)
    street = whole or _STREET.match(rest)
    if street is None:
        return text
    parts["street"] = whole["street"] if whole else street.group()
    if whole:
        parts["number"] = whole["number"]
    return " ".join(filter(None, (before, rest[street.end() :])))


# ---- Places compared


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


def area_of(address: JsonObject) -> str | None:
    """Return an address as an area: somewhere (某地) in its city; None without its province."""
    levels = _levels(_parts(address))
    return f"{levels['province']}{levels.get('city', '')}某地" if "province" in levels else None


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
            former = FORMER_DISTRICTS.get(a.get("city", ""), {})
            return former.get(names[0]) == names[1] or former.get(names[1]) == names[0]
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
                known[level] = _SHORTEN[level](simplified(value))
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
