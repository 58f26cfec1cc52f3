from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.kinds.finding import MANY
from pytest_icp.kinds.holdings import licensed_scope
from tests.contexts import decide
from tests.obligations import obligation

LINE = "信息服务业务（仅限互联网信息服务）"
NO_IM = "不含信息即时交互服务。"


def licence(scope: str | None = NO_IM, **more: Any) -> dict[str, Any]:
    return {"service_lines": [{"name": LINE, "scope": scope, **more}]}


def verdict(compare: str, service: dict[str, Any], held: Any = None, **settings: Any) -> str:
    made = obligation("scope", "services", compare=compare)
    services = [{"id": "s", "declared_codes": [], **service}]
    facts = {"services": services, "licence": held or licence(), "other_licences": []}
    return str(decide(made, facts, **settings).verdict)


ALL_NONE: dict[str, Any] = {
    **dict.fromkeys(
        ("third_party_publishing", "message_delivery", "search_scope", "ugc_social", "messaging"),
        "none",
    ),
    **dict.fromkeys(("realtime_av", "third_party_sellers"), "none"),
    **dict.fromkeys(
        (
            *("pstn_interconnect", "fixed_phone_info", "terminal_protection", "app_distribution"),
            *("own_goods_sale", "hosting_for_others", "cdn_for_others", "vpn_for_others"),
            *("access_for_others", "dns_for_others", "call_centre_for_others"),
        ),
        False,
    ),
    "regulated_content": [],
}


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ({"features": ALL_NONE}, "satisfied"),
        ({"features": {**ALL_NONE, "messaging": "user_to_user"}}, "violated"),
        ({"features": {**ALL_NONE, "messaging": None}}, "unknown"),
        ({"features": {**ALL_NONE, "ugc_social": None}}, "satisfied"),
        ({"features": None}, "unknown"),
        ({"features": ALL_NONE, "declared_codes": ["B25.im"]}, "violated"),
        ({"features": ALL_NONE, "declared_codes": ["B24"]}, "violated"),
        ({"features": ALL_NONE, "declared_codes": ["B25.community"]}, "satisfied"),
        ({"features": ALL_NONE, "declared_codes": ["B25.community", None]}, "unknown"),
        ({"features": ALL_NONE, "declared_codes": None}, "unknown"),
    ],
)
def test_items(service: dict[str, Any], expected: str) -> None:
    assert verdict("items", service) == expected


@pytest.mark.parametrize(
    "held",
    [
        {"service_lines": None},
        {"service_lines": []},
        licence(None),
        {"service_lines": [{"scope": NO_IM}]},
        {"service_lines": ["no object"]},
        "no object",
    ],
)
def test_a_licence_whose_lines_are_not_known_permits_nobody_knows_what(held: Any) -> None:
    assert licensed_scope(held) is None
    assert verdict("items", {"features": ALL_NONE}, held) == "unknown"


def test_a_doubt_is_noted_once_and_what_is_wrong_of_each() -> None:
    def service(name: str, **more: Any) -> dict[str, Any]:
        return {"id": name, "features": {**ALL_NONE, **more}, "declared_codes": []}

    services = [
        *(service(f"plain {i}") for i in range(MANY)),
        *(service(name, search_scope="own_site") for name in ("doubt", "doubt again")),
        *(service(name, messaging="user_to_user") for name in ("wrong", "wrong again")),
        {**service("other"), "declared_codes": ["B24"]},
    ]
    made = obligation("scope", "services", compare="items")
    facts = {"services": services, "licence": licence(), "other_licences": []}
    outcome = decide(made, facts)
    assert [finding.subject for finding in outcome.findings] == ["wrong", "wrong again", "other"]
    assert [note.location.pointer for note in outcome.notes] == [
        f"/services/{MANY}/features/search_scope"
    ]
    assert outcome.subjects == len(services)


@pytest.mark.parametrize(
    ("printed", "served", "expected"),
    [
        (["北京市"], ["北京"], "satisfied"),
        (["北京市"], ["北京市", "上海市"], "violated"),
        (["广东省"], ["深圳市"], "satisfied"),
        (["北京市"], None, "unknown"),
        (["北京市"], [None], "unknown"),
        (["北京市"], [], "satisfied"),
        (["北京市", None], ["上海市"], "unknown"),
        (["北京市", None], ["北京市"], "satisfied"),
        # codes and English names; a district may lie in a licensed city
        (["北京", "天津"], ["110000", "Tianjin"], "satisfied"),
        (["北京"], ["110105", "Shanghai"], "violated"),
        (["广东省"], ["440300"], "satisfied"),
        (["深圳市"], ["440300"], "satisfied"),
        (["北京"], ["朝阳区"], "unknown"),
        (["北京"], ["海外"], "violated"),
        (["华北"], ["北京"], "unknown"),
        (["全国"], ["上海市"], "not applicable"),
        ([], ["上海市"], "not applicable"),
    ],
)
def test_areas(printed: Any, served: Any, expected: str) -> None:
    assert verdict("areas", {"areas_served": served}, licence(areas=printed)) == expected


@pytest.mark.parametrize(
    ("scope", "content", "expected", "notes"),
    [
        ("含新闻、文化，不含信息即时交互服务。", ["news", "culture"], "satisfied", 0),
        (NO_IM, ["news"], "violated", 0),
        ("不含新闻、教育。", ["education"], "violated", 0),
        ("含药品和医疗器械，不含信息即时交互服务。", ["drugs_devices"], "satisfied", 0),
        (NO_IM, ["education"], "satisfied", 1),
        (NO_IM, ["ride_hailing", "other"], "satisfied", 2),
        (NO_IM, ["news", None], "violated", 0),
        ("含新闻，不含信息即时交互服务。", ["news", None], "unknown", 0),
        (NO_IM, None, "unknown", 0),
        (NO_IM, [], "not applicable", 0),
        (None, ["news"], "unknown", 0),
    ],
)
def test_content(scope: str | None, content: Any, expected: str, notes: int) -> None:
    made = obligation("scope", "services", compare="content")
    services = [{"id": "s", "features": {"regulated_content": content}}]
    outcome = decide(made, {"services": services, "licence": licence(scope)})
    assert (outcome.verdict, len(outcome.notes)) == (expected, notes)
