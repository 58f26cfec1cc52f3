"""A printed Chinese address (地址) taken apart into province, city, district, street, number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_icp.law.divisions import CITIES, MUNICIPALITIES, OUTSIDE, PROVINCE_OF
from pytest_icp.law.folding import fold, fold_tight
from pytest_icp.law.numerals import arabic
from pytest_icp.law.spellings import simplified

if TYPE_CHECKING:
    from collections.abc import Container

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
