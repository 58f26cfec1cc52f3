"""Made-up licensees: of believable variety, the same every time, with breaches at known rates.

NO COMPANY HERE EXISTS (虚构): names, numbers, domains and every fact are invented. Each is the
sound description of ``examples/broken`` with a holder, a province, lines of business, dates and a
size of its own; the faults of ``examples/broken/faults`` are what some of them break.

    python benchmarks/licensees.py COUNT FILE.jsonl
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "examples" / "broken"))

import breaking

from pytest_icp.kinds.dates import Span, later
from pytest_icp.law.divisions import CITIES, OUTSIDE, SIGNS

DAY = date(2026, 11, 24)
SEED = 20260101

RATES = {
    "SP12/renewal": 0.04,
    "SP14/report": 0.06,
    "SP09/six-months#network": 0.03,
    "SP05/answer#answer": 0.05,
    "SP07/safeguards#safeguards": 0.08,
    "SP07/notice#sensitive": 0.02,
    "SP08/report#at-all": 0.01,
    "SP03/rent#lines": 0.02,
    "SP01/number-permit#in-force": 0.015,
    "LIC/domains#listed": 0.07,
    "LIC/real-name": 0.01,
    "SP02/icp-filing#filing": 0.02,
    "SP15-03/user-rules#rules": 0.025,
    "SP15-12/blocklist": 0.01,
}
"""How many of all licensees break a rule, or a part of one, by the fault of that name."""

SOUND_HOLDER = "示例科技有限公司"
SOUND_NUMBER = "京B2-20990001"
SOUND_UNTIL = "2028-12-31"
TERM = Span(5, "years")
TRADES = (
    "网络科技",
    "信息技术",
    "数字传媒",
    "互联网服务",
    "软件",
    "云服务",
    "电子商务",
    "文化传播",
)

WEIGHTS = {
    "北京": 22,
    "广东": 18,
    "上海": 11,
    "浙江": 9,
    "江苏": 8,
    "四川": 5,
    "福建": 4,
    "山东": 4,
}
"""How many licensees a province has for one of any other."""

LINES = {"B21": "在线数据处理与交易处理业务(仅限经营类电子商务)", "B24": "国内呼叫中心业务"}
OTHER_LINES = {"B21": 0.35, "B24": 0.06}
"""Lines of business beside information services, and how many hold them too."""

SIZES = {1: 0.62, 4: 0.28, 20: 0.09, 100: 0.01}
"""How many complaints, prices and releases a licensee has more, and how many are of that size."""


@dataclass(frozen=True)
class Licensee:
    """A made-up licensee: its description, the rules that it breaks, what else it is."""

    facts: dict[str, Any]
    broken: tuple[str, ...]
    province: str
    lines: tuple[str, ...]


def licensees(count: int) -> Iterator[Licensee]:
    """Yield so many licensees, in a fixed order; the first ones are the same for any count."""
    for number in range(count):
        rng = random.Random(f"{SEED}/{number}")
        broken = tuple(rule for rule, rate in RATES.items() if rng.random() < rate)
        province = rng.choices(list(_provinces()), list(_provinces().values()))[0]
        facts = breaking.broken(_sound(), *(_faults()[rule] for rule in broken))
        lines = tuple(code for code, share in OTHER_LINES.items() if rng.random() < share)
        made = _make(facts, rng, number, province, lines)
        yield Licensee(made, broken, province, lines)


def violated(one: Licensee) -> frozenset[str]:
    """Return the rules that a licensee violates, as far as a row of a table can show it."""
    expected = (rule for name in one.broken for rule in _faults()[name].expected)
    return frozenset(rule.partition("#")[0] for rule in expected)


def write(path: Path, count: int) -> int:
    """Write so many descriptions as JSON Lines; return how many bytes these are."""
    with path.open("w", encoding="utf-8") as file:
        for one in licensees(count):
            file.write(json.dumps(one.facts, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path.stat().st_size


def _make(
    facts: dict[str, Any], rng: random.Random, number: int, province: str, lines: tuple[str, ...]
) -> dict[str, Any]:
    """Return a description with a holder, dates, lines of business and a size of its own."""
    licence = facts["licence"]
    licence["issuing_authority"]["province"] = province
    issued = date(2024, 1, 1) + timedelta(days=rng.randrange(365))
    licence["issued_on"] = licence["first_issued_on"] = str(issued)
    if licence["valid_until"] == SOUND_UNTIL:
        licence["valid_until"] = str(later(issued, TERM) - timedelta(days=1))
    for code in lines:
        name = LINES[code]
        licence["service_lines"].append({"name": name, "scope": "全国", "areas": ["全国"]})
    for domain in facts["domains"]:
        domain["expires_on"] = str(DAY + timedelta(days=rng.randrange(30, 1500)))
    more = rng.choices(list(SIZES), list(SIZES.values()))[0]
    facts["complaints"] += [_complaint(rng, i) for i in range(more)]
    facts["price_list"] += [_price(rng, i) for i in range(more)]
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    holder = f"示例第{number + 1}号{rng.choice(TRADES)}有限公司"
    text = text.replace(SOUND_HOLDER, holder).replace(SOUND_NUMBER, _number(number, province))
    made: dict[str, Any] = json.loads(text)
    return made


def _number(number: int, province: str) -> str:
    """Return the number of a licence that is issued in a year to come."""
    year, serial = divmod(number, 10_000)
    return f"{_signs()[province]}B2-{2070 + year}{serial:04}"


def _complaint(rng: random.Random, i: int) -> dict[str, Any]:
    received = DAY - timedelta(days=rng.randrange(40, 600))
    return {
        "id": f"complaint-{i}",
        "kind": "service",
        "received_at": f"{received}T11:00+08:00",
        "answered_at": f"{received + timedelta(days=1)}T11:00+08:00",
        "closed_at": str(received + timedelta(days=9)),
    }


def _price(rng: random.Random, i: int) -> dict[str, Any]:
    return {
        "id": f"price-{i}",
        "item": "会员",
        "price": rng.randrange(1, 1000),
        "currency": "CNY",
        "published_url": "https://www.example.cn/prices",
        "valid_from": "2024-06-01",
    }


@cache
def _sound() -> dict[str, Any]:
    return breaking.sound()


@cache
def _faults() -> dict[str, breaking.Fault]:
    return {fault.rule: fault for fault in breaking.faults()}


@cache
def _provinces() -> dict[str, int]:
    return {name: WEIGHTS.get(name, 1) for name in CITIES if name not in OUTSIDE}


@cache
def _signs() -> dict[str, str]:
    return {province: sign for sign, province in reversed(SIGNS.items())}


if __name__ == "__main__":
    count, path = int(sys.argv[1]), Path(sys.argv[2])
    print(f"{count:,} licensees, {write(path, count) / 1e6:.1f} MB, in {path}")
