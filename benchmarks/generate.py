"""A large description that is valid and, but for one renewal, in order: the same every time."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pytest_icp import load

Subject = dict[str, Any]

AS_OF = "2023-11-20"
SEED = 20190486

_EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "etaoche"
_HOLDER = "北京淘车科技有限公司"
_PLACE = {"country": "CN", "province": "北京市", "city": "北京市", "district": "朝阳区"}
_ROOM = {**_PLACE, "street": "酒仙桥东路", "number": "1号院", "detail": "5号楼3层"}
_PROVIDER = "北京世纪互联宽带数据中心有限公司"
_ACCESS = {
    "number": "B1-20220000",
    "categories": ["B11", "B14"],
    "valid_from": "2019-05-20",
    "valid_until": "2027-05-19",
    "areas": ["全国"],
    "status": "正常",
}
_FEATURES = (
    {"third_party_publishing": "listings", "third_party_sellers": "ads_only"}
    | {"search_scope": "own_site", "message_delivery": "none", "regulated_content": []}
    | dict.fromkeys(("ugc_social", "messaging", "realtime_av"), "none")
    | dict.fromkeys(("pstn_interconnect", "fixed_phone_info", "terminal_protection"), False)
    | dict.fromkeys(("app_distribution", "own_goods_sale", "hosting_for_others"), False)
    | dict.fromkeys(("cdn_for_others", "vpn_for_others", "access_for_others"), False)
    | dict.fromkeys(("dns_for_others", "call_centre_for_others"), False)
)


def _day(rng: random.Random, first: str = "2020-02-01", last: str = "2023-10-31") -> date:
    begin = date.fromisoformat(first)
    return begin + timedelta(rng.randrange((date.fromisoformat(last) - begin).days))


def _site(rng: random.Random, i: int) -> Subject:
    return {
        "id": f"site-{i}",
        "name": "淘车二手车",
        "domains": [f"s{i}.etaoche.cn"],
        "app_package_id": "none",
        "production": True,
        "commercial": True,
        "public": False,
        "launched_on": str(_day(rng)),
        "operator": {"name": _HOLDER},
        "access_provider": {"name": _PROVIDER, "licences": [_ACCESS]},
    }


def _server(rng: random.Random, i: int) -> Subject:
    return {
        "id": f"server-{i}",
        "role": rng.choice(["origin", "edge"]),
        "production": True,
        "location": _ROOM,
        "site_ids": [f"site-{i}"],
        "in_service_on": str(_day(rng)),
    }


def _domain(rng: random.Random, i: int) -> Subject:
    return {
        "id": f"domain-{i}",
        "name": f"s{i}.etaoche.cn",
        "registrant": {"kind": "company"},
        "real_name_verified": True,
        "expires_on": str(_day(rng, "2025-01-01", "2029-12-31")),
        "production": True,
    }


def _service(rng: random.Random, i: int) -> Subject:
    running = i % 10 == 0
    return {
        "id": f"service-{i}",
        "site_ids": [f"site-{i}"],
        "commercial": True,
        "status": "production" if running else "retired",
        # Before there was a licence; a launch under it would be a release as well.
        "launched_on": str(_day(rng, "2016-01-01", "2018-12-31")),
        "declared_codes": ["B25.publish"],
        "areas_served": ["全国"],
        "synthetic": "none",
    } | ({"features": _FEATURES} if running else {})


def _place(_: random.Random, i: int) -> Subject:
    return {"id": f"place-{i}", "main": False, "address": {**_PLACE, "number": f"{i}号"}}


def _release(rng: random.Random, i: int) -> Subject:
    change = {"kind": "change", "trigger": ["function"], "major": False}
    return {"id": f"release-{i}", **change, "live_on": str(_day(rng))}


def _log_store(rng: random.Random, i: int) -> Subject:
    started = _day(rng, "2020-02-01", "2022-10-31")
    return {
        "id": f"log-{i}",
        "kinds": ["access"],
        "retention": {"days": 200 + rng.randrange(300)},
        "oldest_entry_on": str(started),
        "started_on": str(started),
        "ended_on": "never",
        "fields": ["source_ip", "source_port", "url_or_domain"],
        "tamper_proof": True,
        "content_services": [],
    }


def _case(rng: random.Random, i: int) -> Subject:
    found = _day(rng)
    return {
        "id": f"case-{i}",
        "category": 9,
        "publisher": "user",
        "discovered_at": f"{found}T09:00+08:00",
        "stopped_at": f"{found}T09:30+08:00",
        "disposed_at": f"{found}T10:00+08:00",
        "measures": ["removed"],
        "record": True,
        "record_keep_until": str(found + timedelta(400)),
        "reported_at": f"{found}T18:00+08:00",
        "reported_to": ["CA"],
        "police_required": False,
        "originals_kept": True,
    }


def _event(rng: random.Random, i: int) -> Subject:
    day = _day(rng)
    planned = {"effective_on": str(day + timedelta(60)), "implemented_on": "never"}
    when = planned if i % 2 else {"changed_on": str(day)}
    return {
        "id": f"event-{i}",
        "kind": "service_item_change" if i % 2 else "name",
        "filings": [{"id": "ca", "authority": "CA", "submitted_at": str(day + timedelta(5))}],
    } | when


def _report(rng: random.Random, i: int) -> Subject:
    year = 2020 + i % 4
    return {
        "id": f"annual-{i}",
        "year_of_submission": year,
        "covers_year": year - 1,
        "submitted_at": str(_day(rng, f"{year}-01-05", f"{year}-03-25")),
        "sections": [1, 2, 3, 4, 5, 6],
        "published_sections": [1, 2, 3],
        "trade_secret_sections": [],
    }


def _other_licence(rng: random.Random, i: int) -> Subject:
    return {
        "id": f"other-{i}",
        "number": f"沪B2-2020{i:04}",
        "issuer": "CA",
        "codes": ["B21"],
        "areas": ["上海"],
        "obtained_on": str(_day(rng)),
        "valid_until": "2028-12-31",
        "status": "正常",
        "renewal": "none",
    }


def _complaint(rng: random.Random, i: int) -> Subject:
    received = _day(rng)
    return {
        "id": f"complaint-{i}",
        "kind": "service",
        "received_at": f"{received}T11:00+08:00",
        "answered_at": f"{received + timedelta(1)}T11:00+08:00",
    }


def _price(rng: random.Random, i: int) -> Subject:
    return {
        "id": f"price-{i}",
        "item": "信息发布",
        "price": rng.randrange(1, 1000),
        "currency": "CNY",
        "published_url": f"https://s{i}.etaoche.cn/prices",
        "valid_from": str(_day(rng)),
        "valid_until": "none",
        "auto_renewal": False,
        "bundled": False,
    }


KINDS: dict[str, Callable[[random.Random, int], Subject]] = {
    "sites": _site,
    "servers": _server,
    "domains": _domain,
    "services": _service,
    "business_places": _place,
    "releases": _release,
    "log_stores": _log_store,
    "illegal_content_cases": _case,
    "corporate_events": _event,
    "annual_reports": _report,
    "other_licences": _other_licence,
    "complaints": _complaint,
    "price_list": _price,
}
WITH_HOSTS = ("sites", "domains", "price_list")
WITHOUT_DATES = ("business_places",)


def description(subjects: int) -> Subject:
    """Return the example's description with so many subjects more.

    They are spread evenly over the kinds of facts.
    """
    rng = random.Random(SEED)
    each, more = divmod(subjects, len(KINDS))
    facts: Subject = {"apiVersion": "pytest-icp/v1", **load(_EXAMPLE / "etaoche.icp.yaml").facts}
    del facts["licence_file"]
    for n, (name, make) in enumerate(KINDS.items()):
        facts[name] = [*facts[name], *(make(rng, i) for i in range(each + (n < more)))]
    return facts


def write(folder: Path, subjects: int, *, unanswered: int = 0) -> Path:
    """Write such a description as JSON, a line for each subject, and its papers; return where.

    So many complaints more have no answer, each of which is a violation of its own.
    """
    for papers in ("evidence", "pages"):
        shutil.copytree(_EXAMPLE / papers, folder / papers, dirs_exist_ok=True)
    path = folder / "large.icp.json"
    facts = description(subjects)
    rng = random.Random(SEED)
    facts["complaints"] += [
        {**_complaint(rng, len(facts["complaints"]) + i), "answered_at": "never"}
        for i in range(unanswered)
    ]
    members = ",\n".join(f"{_json(name)}: {_lines(value)}" for name, value in facts.items())
    path.write_text(f"{{\n{members}\n}}\n", "utf-8")
    return path


def _lines(value: Any) -> str:
    if isinstance(value, list):
        return "[\n" + ",\n".join(map(_json, value)) + "\n]"
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
