"""What a service does (功能) and the items of the catalogue that it therefore needs.

Whether a service needs a licence at all turns on 有偿 (互联网信息服务管理办法 第三条): one that
is not commercial is filed (备案), not licensed (第四条). Which item a function belongs to follows
the definitions of 电信业务分类目录 B25; where they leave doubt, the implication has a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeAlias

from msgspec import Struct

from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.text import Text

_Value: TypeAlias = str | bool


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


_COMMENTS = Text(
    zh="评价、评论功能是否属于信息社区服务没有明确界定",
    en="whether ratings and comments count as a community platform is not settled",
)
_NOTES: Mapping[tuple[str, _Value], Text] = {
    ("search_scope", "own_site"): Text(
        zh="站内搜索一般不视为信息搜索查询服务，主管部门可能有不同认定",
        en="searching one's own site does not usually count as a search and retrieval service; "
        "an authority may decide otherwise",
    ),
    ("ugc_social", "ratings"): _COMMENTS,
    ("ugc_social", "comments"): _COMMENTS,
    ("realtime_av", "live_stream"): Text(
        zh="网络直播另需视听节目等许可",
        en="live streaming needs an audiovisual permit of another authority",
    ),
    ("pstn_interconnect", True): Text(
        zh="不得与公用电话网互通经营电话业务；号码隐藏等可能另需呼叫中心或基础电信业务许可",
        en="telephone service over the public network is forbidden; number masking may need a "
        "call-centre or a basic licence",
    ),
}
_SEARCH = "B25.search"
_NEEDS: Mapping[str, str | Mapping[str, str]] = {
    "third_party_publishing": {"none": "", "listings articles media apps": "B25.publish"},
    "message_delivery": {
        "none": "",
        "email_subscription app_push": "B25.publish",
        "sms": "B25.non_internet",
    },
    "search_scope": {"none own_site": "", "third_party_web vertical_aggregation": _SEARCH},
    "ugc_social": {"none ratings comments": "", "qa forum feed groups": "B25.community"},
    "messaging": {"none support_chat": "", "user_to_user group_chat": "B25.im"},
    "realtime_av": {"none live_stream": "", "p2p_call": "B25.im", "conference": "B22"},
    "pstn_interconnect": "A15",
    "fixed_phone_info": "B25.fixed_phone",
    "terminal_protection": "B25.protect",
    "app_distribution": "B25.publish",
    "third_party_sellers": {
        "none": "",
        "ads_only": "B25.publish",
        "transactions": "B21.ecommerce",
    },
    "own_goods_sale": "",
    "hosting_for_others": "B11",
    "cdn_for_others": "B12",
    "vpn_for_others": "B13",
    "access_for_others": "B14",
    "dns_for_others": "B26",
    "call_centre_for_others": "B24",
    "regulated_content": {
        "news publishing education healthcare drugs_devices culture audiovisual ride_hailing "
        "finance maps religion bulletin other": ""
    },
}
"""The item that each value of a function needs; of a switch, that which it needs when it is on."""

FEATURES: tuple[str, ...] = tuple(_NEEDS)
"""The functions that a service may declare, in the order in which they are reported."""


def implied(features: JsonObject, *, strict_site_search: bool = False) -> tuple[Implication, ...]:
    """Return what the functions of a service for payment imply, in the order of `FEATURES`.

    A function may be declared with one value or a list of them; an empty list declares that
    there is none and gives no implication. One that is absent or null gives one implication
    without a value, whose ``possible`` are the codes it may imply.
    ``strict_site_search`` counts searching one's own site as a search and retrieval service.
    """
    return tuple(
        known[value]
        for name, known in _implications(strict=strict_site_search).items()
        for value in _values(features.get(name))
    )


def possible_codes(feature: str) -> frozenset[str]:
    """Return the codes that any value of a function may imply."""
    return _implications(strict=False)[feature][None].possible


def _values(declared: Any) -> list[_Value | None]:
    """Return the values of a function, one or several."""
    return declared if isinstance(declared, list) else [declared]


@cache
def _implications(*, strict: bool) -> Mapping[str, Mapping[_Value | None, Implication]]:
    """Return what each value of each function implies, and for None what is not known."""
    return {name: _of_values(name, needs, strict=strict) for name, needs in _NEEDS.items()}


def _of_values(
    name: str, needs: str | Mapping[str, str], *, strict: bool
) -> Mapping[_Value | None, Implication]:
    by_value: dict[_Value, str] = {False: "", True: needs} if isinstance(needs, str) else {}
    if not isinstance(needs, str):
        by_value.update({word: code for words, code in needs.items() for word in words.split()})
    notes = {value: note for (feature, value), note in _NOTES.items() if feature == name}
    if strict and name == "search_scope":
        # What is settled leaves no doubt.
        by_value["own_site"] = _SEARCH
        del notes["own_site"]
    known: dict[_Value | None, Implication] = {}
    for value, code in by_value.items():
        codes = frozenset({code} if code else ())
        known[value] = Implication(
            feature=name, value=value, codes=codes, possible=codes, note=notes.get(value)
        )
    possible = frozenset(filter(None, by_value.values()))
    known[None] = Implication(feature=name, value=None, possible=possible)
    return known
