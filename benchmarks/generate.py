"""A large description that is valid and, but for one renewal, in order: the same every time."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Subject = dict[str, Any]

AS_OF = "2023-11-20"
SEED = 20190486

_HOLDER = "示例信息科技有限公司"
_PLACE = {"country": "CN", "province": "北京市", "city": "北京市", "district": "朝阳区"}
_PROVIDER = "示例数据中心有限公司"
_ACCESS = {"categories": ["B14"], "valid_from": "2019-05-20", "valid_until": "2027-05-19"}
_FEATURES = (
    {"third_party_publishing": "listings", "third_party_sellers": "ads_only"}
    | {"search_scope": "own_site", "message_delivery": "none", "regulated_content": []}
    | dict.fromkeys(("ugc_social", "messaging", "realtime_av"), "none")
    | dict.fromkeys(("pstn_interconnect", "fixed_phone_info", "terminal_protection"), False)
    | dict.fromkeys(("app_distribution", "own_goods_sale", "hosting_for_others"), False)
    | dict.fromkeys(("cdn_for_others", "vpn_for_others", "access_for_others"), False)
    | dict.fromkeys(("dns_for_others", "call_centre_for_others"), False)
)

LICENCE: Subject = {
    "apiVersion": "pytest-icp/v1",
    "number": "京B2-20190000",
    "holder": _HOLDER,
    "legal_representative": "示例",
    "issued_on": "2020-01-08",
    "first_issued_on": "2019-03-06",
    "valid_until": "2024-03-06",
    "status": "正常",
    "issuing_authority": {"kind": "CA", "province": "北京", "inferred": True},
    "service_lines": [
        {
            "name": "信息服务业务(仅限互联网信息服务)",
            "scope": "不含信息搜索查询服务、信息即时交互服务",
            "areas": [],
        }
    ],
    "attachments": [
        {
            "id": "main",
            "kind": "site",
            "name": "示例",
            "domains": ["example.cn"],
            "server_location": _PLACE,
            "access_provider": {"name": _PROVIDER},
            "retired": False,
        }
    ],
    "authorised_subsidiaries": [],
    "provisions": [],
}


def _day(rng: random.Random, first: str = "2020-02-01", last: str = "2023-10-31") -> date:
    begin = date.fromisoformat(first)
    return begin + timedelta(rng.randrange((date.fromisoformat(last) - begin).days))


def _site(rng: random.Random, i: int) -> Subject:
    return {
        "id": f"site-{i}",
        "name": "示例",
        "domains": [f"s{i}.example.cn"],
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
        "location": _PLACE,
        "site_ids": [f"site-{i}"],
        "in_service_on": str(_day(rng)),
    }


def _domain(rng: random.Random, i: int) -> Subject:
    return {
        "id": f"domain-{i}",
        "name": f"s{i}.example.cn",
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
        "launched_on": str(_day(rng)),
        "declared_codes": ["B25.publish"],
        "areas_served": ["全国"],
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
    when = {"effective_on": str(day + timedelta(60))} if i % 2 else {"changed_on": str(day)}
    return {
        "id": f"event-{i}",
        "kind": "service_item_change" if i % 2 else "name",
        "filings": [{"id": "ca", "authority": "CA", "submitted_at": str(day + timedelta(5))}],
    } | when


def _report(rng: random.Random, i: int) -> Subject:
    year = 2020 + i % 4
    return {
        "id": f"report-{i}",
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
        "published_url": f"https://s{i}.example.cn/prices",
        "valid_from": str(_day(rng)),
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

STATEMENT = "statement.txt"
ATTESTED = ("LIC/scan", "SP09/monitoring-system", "SP14/accuracy")


def description(subjects: int) -> Subject:
    """Return a description with so many subjects, spread evenly over the kinds of facts."""
    rng = random.Random(SEED)
    each, more = divmod(subjects, len(KINDS))
    return {
        "apiVersion": "pytest-icp/v1",
        "licence": LICENCE,
        "company": {"name": _HOLDER, "legal_representative": "示例"},
        "renewal": {"intention": "renew", "applied_on": "never"},
        "content_monitoring": {"technical": True, "manual": True, "coverage": "all"},
        "promo_materials": [],
        "attestations": [_attestation(rule) for rule in ATTESTED],
    } | {
        name: [make(rng, i) for i in range(each + (n < more))]
        for n, (name, make) in enumerate(KINDS.items())
    }


def _attestation(rule: str) -> Subject:
    return {
        "id": rule.lower().replace("/", "-"),
        "rule": rule,
        "statement": STATEMENT,
        "document": STATEMENT,
        "sha256": hashlib.sha256(STATEMENT.encode()).hexdigest(),
        "issued_on": "2023-10-31",
        "owner": {"role": "合规专员"},
    }


def write(folder: Path, subjects: int, *, unanswered: int = 0) -> Path:
    """Write such a description as JSON, a line for each subject; return where.

    So many complaints more have no answer, each of which is a violation of its own.
    """
    (folder / STATEMENT).write_bytes(STATEMENT.encode())
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
