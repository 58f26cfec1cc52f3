"""Provinces and cities of China (行政区划) by their short names, as ``divisions.json`` lists them.

Names of provinces and prefecture-level cities as of 2024 (民政部 行政区划代码), without the
endings 省, 市, 地区, 盟 and 自治州. Counties and districts are not listed, but for those that
licences still print after they were merged into others.

Other registers write them as codes, in English or in traditional characters. GB/T 2260 gives every
division six digits: the first two are the province, the next two number the cities of a province in
the order of their list. A number after a gap is written behind the city (``兴安=22``), and a county
that a province governs itself has none (``济源-``). Names of provinces are read in English as well;
of other divisions, only what is certain is told. Of what lies outside the mainland (境外), names
and codes of countries are told, of those in which networks are rented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from pytest_icp.law.folding import fold_tight
from pytest_icp.law.jsontypes import table

_LISTED = table("divisions")
_PROVINCES: Mapping[str, Mapping[str, str]] = _LISTED["provinces"]

MUNICIPALITIES: frozenset[str] = frozenset(("北京", "天津", "上海", "重庆"))
"""Cities that are also provinces (直辖市)."""

OUTSIDE: Mapping[str, str] = MappingProxyType({"香港": "HK", "澳门": "MO", "台湾": "TW"})
"""Parts of China that are not the mainland (境内), with their ISO 3166 codes."""

CITIES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        name: tuple(re.sub("-|=[0-9]+", "", listed["cities"]).split())
        for name, listed in _PROVINCES.items()
    }
)
"""The prefecture-level cities of every province, by short names."""

PROVINCE_OF: Mapping[str, str] = MappingProxyType(
    # 海南 is a province and, in 青海, a prefecture: as a word alone it is the province.
    {
        city: province
        for province, cities in CITIES.items()
        for city in cities
        if city not in CITIES or city in {province, "吉林"}
    }
)
"""Which province a city belongs to."""

FORMER_DISTRICTS: Mapping[str, Mapping[str, str]] = MappingProxyType(_LISTED["former_districts"])
"""Districts of cities that licences still print, and the one that each was merged into."""

SIGNS: Mapping[str, str] = MappingProxyType(
    {sign: name for name, listed in _PROVINCES.items() for sign in listed["signs"]}
)
"""The one-character names (简称) in numbers of licences and filings, and their provinces."""

_PROVINCE_ENDING = re.compile(r"(?:省|市|自治区|特别行政区)$")
_CITY_ENDING = re.compile(r"(?:市|地区|盟|林区|州|\w{2,9}自治州)?")
_DISTRICT_ENDING = re.compile(r"(?:新区|林区|特区|区|县|市|旗)$")
_SHORTEST = 2


def short_province(name: str) -> str:
    """Return the short name of a province: 内蒙古 of 内蒙古自治区."""
    known = (province for province in CITIES if name.startswith(province))
    return next(known, _PROVINCE_ENDING.sub("", name))


def short_city(name: str) -> str:
    """Return the short name of a city or prefecture: 延边 of 延边朝鲜族自治州."""
    for size in range(len(name), _SHORTEST - 1, -1):
        known = name[:size] in PROVINCE_OF or name[:size] in CITIES
        if known and _CITY_ENDING.fullmatch(name, size):
            return name[:size]
    return name.removesuffix("市")


def short_district(name: str) -> str:
    """Return the short name of a district or county: 朝阳 of 朝阳区; 和县 stays 和县."""
    short = _DISTRICT_ENDING.sub("", name)
    return short if len(short) >= _SHORTEST else name


# ---- Divisions as other registers write them (行政区划的其他写法)


PROVINCE_CODES: Mapping[str, str] = MappingProxyType(
    {listed["code"]: name for name, listed in _PROVINCES.items()}
)
"""The first two digits of codes of divisions (GB/T 2260)."""

_ENGLISH = {
    english: name for name, listed in _PROVINCES.items() for english in listed["english"].split()
}
_ENGLISH_ENDING = re.compile(
    r"(?:province|municipality|city|shi|sheng|(?:zhuang|hui|uygur|uyghur)?autonomousregion|sar)$"
)
_CODE = re.compile(r"([0-9]{2})(?:[0-9]{2}){0,5}")
_SIMPLIFIED = str.maketrans("".join(_LISTED["simplified"]), "".join(_LISTED["simplified"].values()))


def simplified(text: str) -> str:
    """Return a text with the traditional characters (繁体) of places and companies simplified."""
    return text.translate(_SIMPLIFIED)


def may_be_traditional(name: str, simple: str) -> bool:
    """Whether a name may be another one in traditional characters that are not known here.

    They differ only in characters of which one is none of GB 2312, which has no traditional ones.
    """
    differing = [pair for pair in zip(name, simple, strict=False) if len({*pair}) > 1]
    return len(name) == len(simple) and all(any(map(_is_rare, pair)) for pair in differing)


def _is_rare(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return True
    return False


def is_written_otherwise(text: str) -> bool:
    """Whether a text may be another spelling of a Chinese name: English, a code, traditional form.

    GB 2312 has the characters of today's names of places, and no traditional ones.
    """
    tight = fold_tight(text).text
    if not re.search(r"[^\W\d_A-Za-z]", tight):
        return True
    return _is_rare(tight)


def province_of_spelling(text: str) -> str | None:
    """Return the province of a code of a division, or of an English name; None without one."""
    tight = fold_tight(text).text
    code = _CODE.fullmatch(tight)
    if code:
        return PROVINCE_CODES.get(code[1])
    plain = re.sub(r"[^a-z]", "", tight.casefold()) if tight.isascii() else ""
    return _ENGLISH.get(plain) or _ENGLISH.get(_ENGLISH_ENDING.sub("", plain))


def _codes() -> Iterator[tuple[str, str]]:
    for listed in _PROVINCES.values():
        number = 0
        for written in listed["cities"].split():
            city, _, set_to = written.partition("=")
            if not city.endswith("-"):
                number = int(set_to or number + 1)
                yield f"{listed['code']}{number:02}", city


_CITY_CODES: Mapping[str, str] = MappingProxyType(dict(_codes()))


def city_of_code(text: str) -> str | None:
    """Return the short name of the city that a code of a division tells; None without one."""
    code = fold_tight(text).text
    if not re.fullmatch(r"(?:[0-9]{2}){2,6}", code):
        return None
    province = PROVINCE_CODES.get(code[:2])
    if province in MUNICIPALITIES or province in OUTSIDE:
        return province
    return _CITY_CODES.get(code[:4])


_OF_PROVINCES = frozenset(("FJ", "SD", "SN", "TJ"))
"""Codes that are also written for 福建, 山东, 陕西 and 天津."""

_COUNTRIES = {code: names.split() for code, names in _LISTED["countries"].items()}

COUNTRIES: Mapping[str, str] = MappingProxyType({code: zh for code, (zh, _) in _COUNTRIES.items()})
"""Chinese names by ISO 3166 codes."""

_NAMES = frozenset(
    [
        *(code.lower() for code in COUNTRIES.keys() - _OF_PROVINCES),
        *(name for names in _COUNTRIES.values() for name in names),
        *_LISTED["parts_of_the_world"].split(),
    ]
)
_BEGINNINGS = tuple(name for name in sorted(_NAMES) if not name.isascii())


def is_named_abroad(area: str) -> bool:
    """Return whether a text names a country or region outside the mainland, or a place in one.

    美国, US, Hong Kong and 德国法兰克福 do; a city alone, such as Frankfurt, is not recognised.
    """
    name = re.sub(r"[\s.·-]", "", area).casefold()
    return name in _NAMES or name.startswith(_BEGINNINGS)
