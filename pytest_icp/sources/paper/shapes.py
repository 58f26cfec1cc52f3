"""Parsers of the contents of fields (栏目内容): company, person, date, address, domains.

Each returns the value as the schema requires it, or None if the words are not exactly such a
value: with an unreadable sign, with a misread label, or two values run together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.law.addresses import parse_address
from pytest_icp.law.divisions import CITIES, short_province
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.numerals import number_of, year_of
from pytest_icp.sources.paper.stream import tight

_HAN = "一-龥㐀-䶿"
_BRACKETED = re.compile("【[^【】]+】")
_MARK = r"(?<![0-9])[0-9]{1,2}[、.．](?![0-9])|[(（][0-9]{1,2}[)）]"
_BETWEEN = re.compile(rf"(?:[;；、,，/]|{_MARK}|(?<=公司)[和及与])+")
# With dots, the numbers of a list look like parts of names.
_DOMAIN_MARK = re.compile(r"(?:^|(?<=\s))[0-9]{1,2}[.．、]\s?")
_SEPARATOR = "；"
_FIRST_MARK = re.compile(_MARK)
_COMPANY = re.compile(rf"[{_HAN}A-Za-z(][{_HAN}A-Za-z0-9()·&.\-]{{2,58}}公司")
_NO_COMPANY = re.compile(
    r"你公司|本公司|编号|经营许可|获准经营|公司.*公司|[0-9](?:号|层|室|楼|院)|网站|法定代表"
)
_BRANCH = re.compile(r"公司[^公]{1,20}分公司$")
_PERSON = re.compile(rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,12}}(?:·[{_HAN}]{{1,12}}){{1,3}}")
_FOREIGN = re.compile(r"[A-Z][A-Za-z.'\-]+(?: [A-Z][A-Za-z.'\-]*){1,4}")
_NO_PERSON = re.compile(r"业务|服务|项目|公司|发证|有效|编号|网站|许可|注册|机关|日期|范围")
_ARABIC_DAY = re.compile(
    r"(?P<y>[12][0-9]{3})(?P<a>[年\-./])(?P<m>[0-9]{1,2})(?P<b>[月\-./])(?P<d>[0-9]{1,2})(?P<c>日?)"
)
_CHINESE_DAY = re.compile(
    r"(?P<y>[〇○零O0一二三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月"
    r"(?P<d>[一二三四五六七八九十]{1,3})日"
)
_BRACKETS = re.compile("[【】]")
_TERM = re.compile(
    r"(?:[五5]年)?[(,:]?自?(?P<first>[^至到自]{0,15}?)起?(?:[至到~—–]|-(?=[12][0-9]{3}[年./-]))"
    r"(?P<last>[^至到自]{6,15}?)止?[).。]?"
)
_CAPITAL = re.compile(
    r"(?:人民币)?(?P<n>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<f>\.[0-9]+)?(?P<u>万|亿)?元?(?:人民币)?整?"
)
_UNITS = {None: 1, "万": 10_000, "亿": 100_000_000}
_ADDRESS = re.compile(rf"[{_HAN}A-Za-z0-9()\-#·&]{{5,100}}")
_NO_ADDRESS = re.compile(r"你公司|有限公司$|公司$|许可证|编号|等$")
_DOMAIN = re.compile(rf"(?:[{_HAN}a-z0-9-]+\.)+[{_HAN}a-z]{{2,24}}")
_CHINESE = re.compile(f"[{_HAN}]")
_LATIN = re.compile("[a-z]")
_BETWEEN_DOMAINS = re.compile("[、,;/]")
_SCHEME = re.compile("https?[:：]//")
_AUTHORITY = re.compile(
    r"(?:中华人民共和国)?工业和信息化部|(?P<province>[一-龥]{2,8}?)(?:省|市)?通信管理局"
)
_NAME = re.compile(rf"[{_HAN}A-Za-z0-9()·&.+\-!'_《》|—:/ ]{{2,60}}")
_NO_NAME = re.compile(
    r"[:/|]|许可证|提供单位|放置地|名称|域名|公司|\.[a-z]{2,}|[0-9](?:号|层|室)|[路街]$"
)

_READABLE = re.compile(
    rf"[{_HAN}0-9A-Za-z,。.、;:\"'“”‘’()\[\]{{}}《》〈〉【】〔〕〖〗/+&%\-—…·「」『』!~]*"
)

Shape: TypeAlias = Callable[[str], Json]
"""Parses printed words; returns None if they are not such a value."""


class Day(Struct, frozen=True):
    """A date as printed: its ISO form, and whether month and day have leading zeros."""

    iso: str
    padded: bool | None


def readable(words: str) -> bool:
    """Whether words are free of placeholder signs for unreadable characters."""
    return bool(_READABLE.fullmatch(tight(words)))


def bare(words: str) -> str:
    """Return words without the brackets around them (【…】); several are a list."""
    inner = words.strip().replace("】【", "、")
    return inner[1:-1] if _BRACKETED.fullmatch(inner) else words


def company(words: str) -> Json:
    """Read the name of a company (公司名称); only companies get such licences."""
    text = tight(words)
    whole = _COMPANY.fullmatch(text) and (_BRANCH.search(text) or not _NO_COMPANY.search(text))
    return words if whole else None


def person(words: str) -> Json:
    """Read the name of a person (法定代表人)."""
    text = tight(words)
    if _FOREIGN.fullmatch(words):
        return words
    return words if _PERSON.fullmatch(text) and not _NO_PERSON.search(text) else None


def day(words: str) -> Json:
    """Read the date (日期) at the start of words: 2019年07月23日, 二〇一九年七月二十三日."""
    found = printed_day(words)
    return found.iso if found else None


def printed_day(words: str) -> Day | None:
    """Read the date at the start of words and how it is written; None if there is none."""
    text = _BRACKETS.sub("", tight(words))
    arabic = _ARABIC_DAY.match(text)
    if arabic:
        cut = arabic.end() < len(text) and text[arabic.end()].isdigit()
        return None if cut else _arabic_day(arabic)
    chinese = _CHINESE_DAY.match(text)
    if chinese is None:
        return None
    parts = year_of(chinese["y"]), number_of(chinese["m"]), number_of(chinese["d"])
    return _calendar_day(parts, padded=None)


def _arabic_day(match: re.Match[str]) -> Day | None:
    signs = match["a"] + match["b"] + match["c"]
    if signs not in {"年月日", "--", "..", "//"}:
        return None
    parts = (match["m"], match["d"])
    zeros = any(part.startswith("0") for part in parts)
    short = any(len(part) == 1 for part in parts)
    if zeros and short:
        # 1月08日: a digit was lost, and it is not known which.
        return None
    padded = True if zeros else False if short else None
    return _calendar_day((int(match["y"]), int(match["m"]), int(match["d"])), padded=padded)


def _calendar_day(parts: tuple[int | None, ...], *, padded: bool | None) -> Day | None:
    year, month, day_of_month = parts
    if year is None or month is None or day_of_month is None:
        return None
    try:
        return Day(date(year, month, day_of_month).isoformat(), padded)
    except ValueError:
        return None


def term(words: str) -> Json:
    """Read the last day of a term (有效期限): 自2019年05月20日至2024年05月20日."""
    text = _BRACKETS.sub("", tight(words))
    match = _TERM.fullmatch(text)
    first, last = (day(match[name] or "") for name in ("first", "last")) if match else (None, None)
    return last if match and (first or not match["first"]) else None


def several_days(words: str) -> bool:
    """Whether words contain more than one date."""
    text = tight(words)
    return sum(1 for day in (_ARABIC_DAY, _CHINESE_DAY) for _ in day.finditer(text)) > 1


def capital(words: str) -> Json:
    """Read the registered capital (注册资本) in yuan: 1000万元, 10,000,000元."""
    match = _CAPITAL.fullmatch(tight(words))
    if match is None or not ("元" in match.group() or match["u"]):
        return None
    amount = float(match["n"].replace(",", "") + (match["f"] or "")) * _UNITS[match["u"]]
    return int(amount) if amount == int(amount) else round(amount, 2)


def address(words: str) -> Json:
    """Read an address (地址) that begins with a known province or city."""
    text = tight(words)
    if not _ADDRESS.fullmatch(text) or _NO_ADDRESS.search(text):
        return None
    parts = parse_address(text)
    behind = parse_address(parts.get("detail", ""))
    if "province" in behind and "district" in behind:
        return None  # another address that ran into this one
    value: Mapping[str, Json] = {"text": words, **parts}
    return value if "province" in parts and ("district" in parts or "detail" in parts) else None


def _items(words: str) -> list[str]:
    """Return the entries of a list in a cell; if the first is numbered, each has its number."""
    items = [item.strip() for item in _BETWEEN.split(words) if item.strip()]
    marks = _FIRST_MARK.findall(words)
    numbered = [int(digits) for mark in marks for digits in re.findall("[0-9]+", mark)]
    if _FIRST_MARK.match(words) and numbered != list(range(1, len(items) + 1)):
        return []
    return items


def companies(words: str) -> Json:
    """Read the name of a company, or of several in one cell as a list."""
    return _each(company, words)


def places(words: str) -> Json:
    """Read an address, or several in one cell: then only what is printed, with one sign between."""
    read = _each(address, words)
    return joined("server_location", read) if isinstance(read, list) else read


def names(words: str) -> Json:
    """Read the name of an app, or of several in one cell as a list."""
    return _each(name, words)


def _each(shape: Shape, words: str) -> Json:
    whole = shape(words)
    read = [shape(item) for item in _items(words)] if whole is None else [whole]
    if not read or any(one is None for one in read):
        return None
    return read[0] if len(read) == 1 else read


def joined(field: str, values: Sequence[Json]) -> Json:
    """Return the values of one field as one: places as printed, anything else as a list."""
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    texts = [str(one["text"]) for one in flat if isinstance(one, Mapping)]
    return {"text": _SEPARATOR.join(texts)} if field == "server_location" else flat


def is_list(value: Json) -> bool:
    """Whether a value is several values as one."""
    text = value.get("text") if isinstance(value, Mapping) else ""
    return isinstance(value, list) or _SEPARATOR in str(text)


def domains(words: str) -> Json:
    """Read a list of domains (域名), in lower case; Chinese ones as printed."""
    found: list[Json] = []
    listed, marks = _DOMAIN_MARK.subn("、", _SCHEME.sub("", words))
    apart = sum(bool(_DOMAIN.fullmatch(part)) for part in words.lower().split())
    if marks == 1 or (apart > 1 and not marks):
        return None  # perhaps no number, but a part of the name; two names, or one with a space
    for part in _BETWEEN_DOMAINS.split(tight(listed).lower().strip("、/")):
        try:
            normal_host(part)
        except HostError:
            return None
        # A label in both scripts is two words that were run together.
        if not _DOMAIN.fullmatch(part) or any(map(_is_mixed, part.split("."))):
            return None
        found.append(part)
    return found


def _is_mixed(label: str) -> bool:
    return bool(_CHINESE.search(label) and _LATIN.search(label))


def authority(words: str) -> Json:
    """Read the authority that issued the licence (发证机关)."""
    match = _AUTHORITY.fullmatch(tight(words))
    if match is None:
        return None
    if match["province"] is None:
        return {"kind": "MIIT", "province": "全国", "inferred": False}
    province = short_province(match["province"])
    return {"kind": "CA", "province": province, "inferred": False} if province in CITIES else None


def name(words: str) -> Json:
    """Read the name of a site or an app (网站名称): short words that fit no other field."""
    text = tight(words)
    if not _NAME.fullmatch(text) or _NO_NAME.search(text):
        return None
    others: tuple[Shape, ...] = (company, day, capital, address, domains, authority)
    return None if any(other(words) is not None for other in others) else words
