"""The vocabulary of scope texts (业务覆盖范围), and the longest word at an offset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum, auto
from types import MappingProxyType

from msgspec import Struct

from pytest_icp.law.catalogue import CATALOGUE, PREAPPROVALS, WORDINGS
from pytest_icp.law.divisions import CITIES, PROVINCE_OF
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.jsontypes import table


class Kind(Enum):
    """What a word of a scope text does."""

    LINE = auto()
    ITEM = auto()
    FINER = auto()
    PREAPPROVAL = auto()
    AREA = auto()
    NOT = auto()
    WITH = auto()
    ONLY = auto()
    EXCEPT = auto()
    EXCEPT_END = auto()
    EXCEPTED = auto()
    OPEN = auto()
    CLOSE = auto()
    STOP = auto()
    FILLER = auto()


class Word(Struct, frozen=True):
    """A known word: its kind, and the code, name or finer wording that it denotes."""

    kind: Kind
    value: str = ""


_LISTED = table("scope_words")

FINER: Mapping[str, str] = MappingProxyType(
    {wording: code for code, words in _LISTED["finer"].items() for wording in words.split()}
)
"""Limits that licences print inside an item, without a code of their own, and their item."""


def _vocabulary() -> dict[str, Word]:
    words: dict[str, Word] = {}
    for kind, signs in _LISTED["signs"].items():
        words.update(dict.fromkeys(" ".join(signs).split(), Word(Kind[kind])))
    words.update((name, Word(Kind.AREA, short)) for name, short in _areas())
    for preapproval in PREAPPROVALS:
        word = Word(Kind.PREAPPROVAL, preapproval.name)
        for name in (preapproval.name, *preapproval.aliases):
            tight = fold_tight(name).text
            for ending in ("", "信息", "信息服务", "类信息服务"):
                words[tight + ending] = word
    for wording, code in WORDINGS.items():
        kind = Kind.ITEM if CATALOGUE[code].parent else Kind.LINE
        words[wording] = Word(kind, code)
    words.update((wording, Word(Kind.FINER, wording)) for wording in FINER)
    # The only name with brackets that do not limit it; so it was printed before 2015.
    words["国内甚小口径终端地球站(VSAT)通信业务"] = Word(Kind.LINE, "A23")
    return words


def _areas() -> Iterable[tuple[str, str]]:
    yield "全国", "全国"
    for city in PROVINCE_OF:
        yield from ((city, city), (city + "市", city))
    for province in CITIES:
        yield province, province
        for ending in ("省", "市", "自治区", "壮族自治区", "回族自治区", "维吾尔自治区"):
            yield province + ending, province


VOCABULARY: Mapping[str, Word] = MappingProxyType(_vocabulary())
"""Every known word, folded and without spaces."""

_LONGEST = max(len(word) for word in VOCABULARY)
_NAMES = {Kind.LINE, Kind.ITEM, Kind.FINER, Kind.PREAPPROVAL}

# A proviso extends to a stop, or to a word that begins what is permitted.
_UNLESS = "(?!不含|不包|含|包括|仅|除)"
_TAIL = rf"((?:{_UNLESS}[^,。;()【】])*)"
_PERMIT = (
    r"(?:并|且|具体)?(?:凭|按照?|依|持|以)?(?:有效|相关|本|上述)?的?"
    r"(?:(?:第[一二]类)?(?:增值|基础)?电信(?:[与和]信息服务)?(?:业务|企业)?|ICP)?(?:经营)?许可证"
)
_OUTSIDE = (
    r"(?:港[、,]?澳[、,]?台|香港(?:特别行政区)?[、,]?澳门(?:特别行政区)?[、,和及]?台湾)(?:地区|省)?"
)
_PROVISO = re.compile(
    "|".join(
        (
            rf"依法须经批准的项目((?:{_UNLESS}[^。;()【】])*)",
            rf"(?:市场主体|企业)依法自主选择经营项目((?:{_UNLESS}[^()【】])*)",
            # a permit with its number or its end: 电信业务经营许可证有效期至2025年01月16日
            _PERMIT + _TAIL,
            r"(?:(?:以上|上述)(?:经营|许可)?(?:项目|业务)?)?有效期限?" + _TAIL,
            # 电子公告等需要前置审批的服务项目; 以及其他按法律、法规规定需前置审批的服务项目
            (
                r"(?:以及|及|和)?(?:等|其[他它](?:(?!不含)[^,;()【】]){0,100}?)(?:依法|依规)?(?:需要?|须|应当?)"
                r"(?:经|取得)?(?:前置|专项)(?:或(?:前置|专项))?(?:审批|审核|许可)"
                r"(?:或(?:前置|专项)(?:审批|审核|许可))?的?(?:信息)?(?:服务项目|项目|内容|服务|业务)"
            ),
            # what lies outside the mainland, and no such licence covers: 全国（不含港澳台地区）
            # (where items follow, the sign is theirs as well, and the text is refused)
            (
                rf"(?:不(?:含|包括|包含){_OUTSIDE}|除{_OUTSIDE}(?:以外|之外|外)|{_OUTSIDE}除外)"
                r"(?=[()。;】]|,不|$)"
            ),
            # how many areas were listed: 5省(直辖市)
            r"[0-9]{1,4}个?(?:省市?|直辖市|自治区|城?市)(?:\((?:省|、|直辖市|自治区|市|,)++\))?",
        )
    )
)
_NUMBERING = re.compile(
    r"[0-9一二三四五六七八九十]{1,2}[、.]|\([0-9一二三四五六七八九十]{1,2}\)"
    # 1）信息服务业务, where no bracket was opened
    r"|(?<![0-9(、,])[0-9]{1,2}\)(?=[^\W0-9_])"
)

# The number of a line of business in the catalogue, before its name.
_CODE = re.compile(r"\(?[AB][12][0-9](?:-[0-9])?\)?[、.:]*(?=[^\x00-\x7f]|IP)")


def word_at(text: str, at: int) -> tuple[Word, int] | None:
    """Return the longest word that begins at an offset, and the offset behind it.

    A proviso (但书: what must be approved, until when the permit is valid) is one filler, the
    number of an entry in a list a stop.
    """
    numbering = _NUMBERING.match(text, at)
    if numbering:
        return Word(Kind.STOP), numbering.end()
    code = _CODE.match(text, at)
    if code:
        return Word(Kind.FILLER), code.end()
    proviso = _PROVISO.match(text, at)
    if proviso:
        return Word(Kind.FILLER), _end_of(proviso)
    return _longest(text, at)


def _longest(text: str, at: int) -> tuple[Word, int] | None:
    for end in range(min(len(text), at + _LONGEST), at, -1):
        word = VOCABULARY.get(text[at:end])
        if word:
            return word, end
    return None


def _end_of(proviso: re.Match[str]) -> int:
    """Return where a proviso ends: before the next name, which is not part of it."""
    begin = proviso.start(proviso.lastindex) if proviso.lastindex else proviso.end()
    for at in range(begin, proviso.end()):
        known = _longest(proviso.string, at)
        if known and known[0].kind in _NAMES:
            return at
    return proviso.end()
