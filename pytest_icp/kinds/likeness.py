"""How values compare (比较), by the type that the description schema gives them.

``x-icp-compare`` says of a fact that it is a ``host``, a ``domain`` with all hosts below it, or an
``area``. A host lies under a domain, whichever of the two is looked for; what is not said to be
any of them is equal. A printed ``www.`` is the site of the bare domain: ``etaoche.cn`` and
``m.etaoche.cn`` belong to ``www.etaoche.cn``, as they do to ``etaoche.cn``.

Of names spaces, brackets, width and traditional characters do not matter, and a branch (分公司) is
no legal person of its own: its name stands for the company.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from functools import cache, lru_cache
from typing import Literal, TypeAlias, cast

from msgspec import Struct

from pytest_icp.facts.files.properties import mark
from pytest_icp.facts.written import SCHEMA
from pytest_icp.kinds.subjects import Fact
from pytest_icp.law.condition import Truth, all_of, any_of, is_number
from pytest_icp.law.divisions import (
    CITIES,
    MUNICIPALITIES,
    OUTSIDE,
    city_of_code,
    is_named_abroad,
    province_of_spelling,
    short_city,
    short_province,
    simplified,
)
from pytest_icp.law.domains import host_of
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.places import parse_address
from pytest_icp.law.text import Text

# ---- Areas as licences print them (业务覆盖范围): which lies in which

NATIONWIDE = "全国"
"""What licences print for every area of the country."""

PROVINCES = frozenset(CITIES) - frozenset(OUTSIDE)


# Licences print how many they list: 北京、天津2直辖市以及石家庄、廊坊2城市.
_LISTED = re.compile(
    r"[、，,;；]|以及|[0-9]{1,3}个?(?:直辖市|自治区|省|城?市)(?:[(（][^()（）]{0,20}[)）])?"
)
_WORLD = "全球"

_UNCLEAR = Text(
    zh="“{area}”不是省、市的名称，无法判断它在哪里",
    en="{area} is not the name of a province or a city, so where it lies is not known",
)


class Area(Struct, frozen=True):
    """A province, a city in it, or with ``part`` what lies in one of them and is written so."""

    province: str
    city: str = ""
    part: str = ""

    def lies_in(self, other: Area) -> Truth:
        """Whether this lies in another one; a part of a province may lie in any city of it."""
        above = (self.province, "", ""), (self.province, self.city, "")
        if self == other or (other.province, other.city, other.part) in above:
            return True
        is_part = bool(self.part) and self.province == other.province
        is_other_city = self.city and other.city and self.city != other.city
        return None if is_part and not is_other_city else False


def unclear_area(area: str, areas: Iterable[str]) -> Text:
    """Say which of some areas it is of which it is not certain where it lies.

    That is what names no province or city, such as a district, which may lie in a city.
    """
    unclear = (one for one in (area, *sorted(areas)) if not all(map(_is_clear, _parts(one))))
    return _UNCLEAR.format(area=next(unclear, area))


def _is_clear(name: str) -> bool:
    found = _area(name)
    if found is None:
        return _is_abroad(name) is not None
    return bool(found.city or not found.part or found.province in MUNICIPALITIES)


def in_areas(area: str, areas: Collection[str]) -> Truth:
    """Whether an area is one of others or lies in one; the whole country is every province.

    Several may stand in one text, as licences print them: 北京、天津. Where it is not known where
    one of them lies, neither is the answer: 海淀 is in Beijing, which no list here tells.
    """
    names = {part for one in areas for part in _parts(one)}
    return all_of([_in_names(part, names) for part in _parts(area)])


def _in_names(area: str, names: Collection[str]) -> Truth:
    if NATIONWIDE in names or area in names:
        return True
    if area == NATIONWIDE:
        others = [_area(name) for name in names]
        whole = {one.province for one in others if one and not (one.city or one.part)}
        return True if whole >= PROVINCES else _perhaps(names)
    return any_of([_lies_in(area, name) for name in names])


def _lies_in(area: str, other: str) -> Truth:
    mine, theirs = _area(area), _area(other)
    if mine and theirs:
        return mine.lies_in(theirs)
    return _perhaps((area, other))


def _perhaps(names: Iterable[str]) -> Truth:
    """Return that one place certainly does not lie in another; None where one is not known."""
    return None if None in map(_is_abroad, names) else False


def lies_abroad(area: str) -> Truth:
    """Whether an area lies outside the mainland (境外); what is worldwide does not."""
    return all_of([_is_abroad(name) for name in _parts(area)])


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


# ---- Hosts in facts: whether a name lies under one of several domains (域名归属)

_URL = re.compile(r"^https?://([^/?#\s]+).*", re.IGNORECASE | re.DOTALL)
"""The address of a page, which says what its host is."""

_SHARED = re.compile(
    r"[^.]+|(?:com|net|org|gov|edu|ac|mil|co|bj|sh|tj|cq|he|sx|nm|ln|jl|hl|js|zj|ah|fj|jx|sd|ha|hb|hn"
    r"|gd|gx|hi|sc|gz|yn|xz|sn|gs|qh|nx|xj|tw|hk|mo)\.(?:cn|hk|tw|mo|jp|kr|uk|au|sg)"
)
"""Domains under which others register theirs: not every ``com.cn`` is a site of ``www.com.cn``."""


def domains_over(host: Json) -> tuple[str, ...]:
    """Return the domains, in normal form, that a host lies under.

    The address of a page stands for its host. What is not a host lies under none.
    """
    if not isinstance(host, str):
        return ()
    name = host_of(host) or host_of(_URL.sub(r"\1", host))
    labels = name.split(".") if name else []
    return tuple(".".join(labels[i:]) for i in range(len(labels)))


def domain_names(domain: Json) -> tuple[str, ...]:
    """Return a domain, or an address that stands for one, in normal form.

    Nothing is returned for what no host lies under, such as a wildcard. What lies beside
    ``www.a.cn`` lies under ``a.cn``: that is returned for it.
    """
    name = host_of(domain)
    if name is None or name.startswith("*"):
        return ()
    above = name.removeprefix("www.")
    return (name if _SHARED.fullmatch(above) else above,)


# ---- Names as people write them, and of whom they are (名称比对)

_BRACKETS = str.maketrans("【】〔〕[]{}「」『』", "()()()()()()")
# Of a company in a group (集团公司…有限公司) only what follows its own name is that of a branch.
_BRANCHES = r"(?:[^()公]|公(?!司)|(?<=分)公司)*分公司"
_BRANCH = re.compile(rf"(?<=公司)(?<!分公司)(?:\({_BRANCHES}\)|{_BRANCHES}|\([^()]*\)分公司)$")


# One company serves thousands of sites, and each of them names it.
@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Return a name without spaces, with one kind of bracket, half-width, in lower case.

    Characters in their traditional form (繁体) are those of the same name.
    """
    half_width = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return simplified("".join(half_width.split()).casefold())


@lru_cache(maxsize=4096)
def plainly(name: str) -> str:
    """Return a name in normal form with single spaces, and nothing else changed."""
    return " ".join(unicodedata.normalize("NFKC", name).split())


def legal_person(name: str) -> str:
    """Return the folded name of the company, for that of a branch (分公司) of it as well."""
    return _BRANCH.sub("", folded(name))


Type: TypeAlias = Literal["host", "domain", "area"]


class Likeness(Struct, frozen=True):
    """Which values are alike: those of which one is ``sought`` by a key that the other gives."""

    sought: Callable[[Json], Iterable[Hashable]]
    given: Callable[[Json], Iterable[Hashable]]


def key_of(value: Json) -> Hashable:
    """Return what is equal for equal values."""
    if isinstance(value, (list, dict)):
        return (json.dumps(value, sort_keys=True),)
    return value


def _key(value: Json) -> tuple[Hashable]:
    """Return what is the same for equal values; sums of decimals may be a hair off."""
    return (("number", f"{value:.15g}") if is_number(value) else key_of(value),)


EQUAL = Likeness(_key, _key)
UNDER = Likeness(domains_over, domain_names)
"""Hosts under domains."""
OVER = Likeness(domain_names, domains_over)


def type_of(path: str) -> Type | None:
    """Return what the schema of descriptions says of the values at a dotted path."""
    return cast("Type | None", mark(SCHEMA, path, "x-icp-compare"))


@cache
def likeness(ours: str, theirs: str) -> Likeness:
    """Return how the values at a dotted path compare with those at another one."""
    types = type_of(ours), type_of(theirs)
    if types == ("domain", "host"):
        return OVER
    return UNDER if {"host", "domain"} & {*types} else EQUAL


class Index(Struct, frozen=True, eq=False):
    """What some facts say, by the keys of it; the ``others`` may say something else as well."""

    like: Likeness
    facts: tuple[Fact, ...]
    named: dict[Hashable, set[int]]
    others: tuple[int, ...]

    @classmethod
    def of(cls, like: Likeness, facts: Iterable[Fact]) -> Index:
        """Return the index of some facts."""
        every, named = tuple(facts), dict[Hashable, set[int]]()
        for i, fact in enumerate(every):
            for value in fact.values:
                for key in () if value is None else like.given(value):
                    named.setdefault(key, set()).add(i)
        return cls(like, every, named, tuple(i for i, one in enumerate(every) if one.is_open))

    def others_of(self, fact: Fact) -> Sequence[int]:
        """Return the positions of the facts that perhaps say one of the values of a fact."""
        return range(len(self.facts)) if fact.is_open else self.others

    def at(self, values: Iterable[Json]) -> set[int]:
        """Return the positions of the facts that say one of some values."""
        found = set[int]()
        for one in values:
            for key in () if one is None else self.like.sought(one):
                found.update(self.named.get(key, ()))
        return found
