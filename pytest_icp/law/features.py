"""What a service does (功能) and the items of the catalogue that it therefore needs.

Whether a service needs a licence at all turns on 有偿 (互联网信息服务管理办法 第三条): one that
is not commercial is filed (备案), not licensed (第四条). Which item a function belongs to follows
the definitions of 电信业务分类目录 B25; where they leave doubt, the implication has a note.
"""

from __future__ import annotations

import json
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from pytest_icp.law.errors import UnknownWordError
from pytest_icp.law.suggestions import nearest
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_icp.law.jsontypes import Json, JsonObject

_Value: TypeAlias = str | bool


class FeatureError(UnknownWordError):
    """A function, or a value of one, that is not in the table."""

    _no = "not a known function of a service"


class Implication(Struct, frozen=True, kw_only=True):
    """What one value of one function of a service implies.

    ``value`` is the declared value, None where it is not known. ``codes`` are the items that
    are certainly needed, ``possible`` those that may be (all of ``codes`` among them).
    ``note`` states a doubt that the law leaves.
    """

    feature: str
    value: Json
    codes: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    note: Text | None = None

    @property
    def known(self) -> bool:
        """Whether the value was declared."""
        return self.value is not None


class _Meaning(Struct, frozen=True, kw_only=True):
    """What one value of a function needs: a cell of the table."""

    codes: frozenset[str] = frozenset()
    note: Text | None = None


def _needing(code: str) -> _Meaning:
    return _Meaning(codes=frozenset({code}))


_NOTHING = _Meaning()
_PUBLISH = _needing("B25.publish")
_COMMUNITY = _needing("B25.community")
_IM = _needing("B25.im")
_SEARCH = _needing("B25.search")
_OWN_SITE = _Meaning(
    note=Text(
        zh="站内搜索一般不视为信息搜索查询服务，主管部门可能有不同认定",
        en="searching one's own site does not usually count as a search and retrieval service; "
        "an authority may decide otherwise",
    ),
)
_COMMENTS = _Meaning(
    note=Text(
        zh="评价、评论功能是否属于信息社区服务没有明确界定",
        en="whether ratings and comments count as a community platform is not settled",
    ),
)
_LIVE = _Meaning(
    note=Text(
        zh="网络直播另需视听节目等许可",
        en="live streaming needs an audiovisual permit of another authority",
    ),
)
_PSTN = _Meaning(
    codes=frozenset({"A15"}),
    note=Text(
        zh="不得与公用电话网互通经营电话业务；号码隐藏等可能另需呼叫中心或基础电信业务许可",
        en="telephone service over the public network is forbidden; number masking may need a "
        "call-centre or a basic licence",
    ),
)


def _switch(on: _Meaning) -> dict[str | bool, _Meaning]:
    return {False: _NOTHING, True: on}


def _each(words: str, meaning: _Meaning) -> dict[str | bool, _Meaning]:
    return dict.fromkeys(words.split(), meaning)


_CONTENT = (
    "news publishing education healthcare drugs_devices culture audiovisual ride_hailing finance "
    "maps religion bulletin other"
)

_TABLE: Mapping[str, Mapping[_Value, _Meaning]] = MappingProxyType(
    {
        "third_party_publishing": {
            "none": _NOTHING,
            **_each("listings articles media apps", _PUBLISH),
        },
        "message_delivery": {
            "none": _NOTHING,
            **_each("email_subscription app_push", _PUBLISH),
            "sms": _needing("B25.non_internet"),
        },
        "search_scope": {
            "none": _NOTHING,
            "own_site": _OWN_SITE,
            **_each("third_party_web vertical_aggregation", _SEARCH),
        },
        "ugc_social": {
            "none": _NOTHING,
            **_each("ratings comments", _COMMENTS),
            **_each("qa forum feed groups", _COMMUNITY),
        },
        "messaging": {
            **_each("none support_chat", _NOTHING),
            **_each("user_to_user group_chat", _IM),
        },
        "realtime_av": {
            "none": _NOTHING,
            "p2p_call": _IM,
            "conference": _needing("B22"),
            "live_stream": _LIVE,
        },
        "pstn_interconnect": _switch(_PSTN),
        "fixed_phone_info": _switch(_needing("B25.fixed_phone")),
        "terminal_protection": _switch(_needing("B25.protect")),
        "app_distribution": _switch(_PUBLISH),
        "third_party_sellers": {
            "none": _NOTHING,
            "ads_only": _PUBLISH,
            "transactions": _needing("B21.ecommerce"),
        },
        "own_goods_sale": _switch(_NOTHING),
        "hosting_for_others": _switch(_needing("B11")),
        "cdn_for_others": _switch(_needing("B12")),
        "vpn_for_others": _switch(_needing("B13")),
        "access_for_others": _switch(_needing("B14")),
        "dns_for_others": _switch(_needing("B26")),
        "call_centre_for_others": _switch(_needing("B24")),
        "regulated_content": _each(_CONTENT, _NOTHING),
    }
)

FEATURES: tuple[str, ...] = tuple(_TABLE)
"""The functions that a service may declare, in the order in which they are reported."""


def implied(features: JsonObject, *, strict_site_search: bool = False) -> tuple[Implication, ...]:
    """Return what the functions of a service for payment imply, in the order of `FEATURES`.

    A function may be declared with one value or a list of them; an empty list declares that
    there is none and gives no implication. One that is absent or null gives one implication
    without a value, whose ``possible`` are the codes it may imply.
    ``strict_site_search`` counts searching one's own site as a search and retrieval service.

    Raises `FeatureError` for a function or a value that is not in the table.
    """
    # Many services declare the same. As text, `true` and 1 differ, and lists can be compared.
    return _implied(json.dumps(features), strict=strict_site_search)


@lru_cache(maxsize=1024)
def _implied(declared: str, *, strict: bool) -> tuple[Implication, ...]:
    features = json.loads(declared)
    for name in features:
        if name not in _TABLE:
            raise FeatureError(name, nearest(name, FEATURES))
    return tuple(
        _read(name, value, strict=strict)
        for name in FEATURES
        for value in _values(features.get(name))
    )


@cache
def possible_codes(feature: str, *, strict_site_search: bool = False) -> frozenset[str]:
    """Return the codes that any value of a function may imply.

    Raises `FeatureError` for a function that is not in the table.
    """
    if feature not in _TABLE:
        raise FeatureError(feature, nearest(feature, FEATURES))
    meanings = [_meaning(feature, value, strict=strict_site_search) for value in _TABLE[feature]]
    return frozenset(code for meaning in meanings for code in meaning.codes)


def _values(declared: Json) -> Iterator[Json]:
    """Yield the values of a function, one or several."""
    if isinstance(declared, (list, tuple)):
        yield from declared
    else:
        yield declared


def _read(feature: str, value: Json, *, strict: bool) -> Implication:
    # 1 == True in Python, but a number is not a value of a switch.
    if value is not None and not isinstance(value, (str, bool)):
        raise FeatureError(f"{feature}: {value}", _near_value(feature, value))
    return _implication(feature, value, strict=strict)


@lru_cache(maxsize=1024)
def _implication(feature: str, value: _Value | None, *, strict: bool) -> Implication:
    if value is None:
        possible = possible_codes(feature, strict_site_search=strict)
        return Implication(feature=feature, value=None, possible=possible)
    meaning = _meaning(feature, value, strict=strict)
    return Implication(feature=feature, value=value, possible=meaning.codes, **asdict(meaning))


def _meaning(feature: str, value: _Value, *, strict: bool) -> _Meaning:
    known = _TABLE[feature]
    if value not in known:
        raise FeatureError(f"{feature}: {value}", _near_value(feature, value))
    if strict and (feature, value) == ("search_scope", "own_site"):
        return _SEARCH
    return known[value]


def _near_value(feature: str, value: Json) -> str:
    return nearest(str(value), (word for word in _TABLE[feature] if isinstance(word, str)))
