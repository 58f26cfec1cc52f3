"""What to declare next, out of what every rule wants."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.reports.layout import width
from pytest_icp.reports.to_declare import to_declare
from tests.results import LOCATION, RESULT, UNKNOWN, shown

INTENTION = replace(
    UNKNOWN,
    location=replace(LOCATION, pointer="/renewal/intention"),
    line_to_add="renewal:\n  intention: null",
)


def waiting(name: str, *findings: Any, **changed: Any) -> Result:
    given = {"verdict": Verdict.UNKNOWN, "rule_id": name, "findings": findings, **changed}
    return replace(RESULT, **given)


def lines(*results: Result, most: int | None = 8, language: Any = "en") -> list[str]:
    head, *found = shown(to_declare(results, most), language)
    assert "null" in head
    return [re.sub(r" \(ask \w+\)$", "", line) for line in found]


def test_what_decides_most_rules_comes_first() -> None:
    assert lines(
        waiting("SP12/a", UNKNOWN, INTENTION),
        waiting("SP12/b", INTENTION, replace(UNKNOWN, line_to_add="")),
        waiting("SP12/c", replace(UNKNOWN, verdict=Verdict.VIOLATED)),
        waiting("SP12/d", UNKNOWN, UNKNOWN, verdict=Verdict.VIOLATED),
    ) == [
        "  infra/prod.icp.yaml:7:15  /renewal/intention",
        "    Renewal › Intention",
        "    needed with other facts by 2 rules: SP12/a, SP12/b",
        "      + renewal:",
        "      +   intention: null",
        "  infra/prod.icp.yaml:7:15  /renewal/applied_on",
        "    Renewal › Applied on",
        "    needed with other facts by 1 rule: SP12/a",
        "      + renewal:",
        "      +   applied_on: null  # YYYY-MM-DD | never",
    ]


def test_a_fact_that_alone_decides_comes_before_one_that_many_need_with_others() -> None:
    text = lines(
        waiting("SP12/a", UNKNOWN, INTENTION),
        waiting("SP12/b", UNKNOWN, INTENTION),
        waiting("SP12/c", INTENTION),
    )
    assert text[0] == "  infra/prod.icp.yaml:7:15  /renewal/intention"
    assert text[2:4] == [
        "    decides 1 rule: SP12/c",
        "    needed with other facts by 2 rules: SP12/a, SP12/b",
    ]


def test_facts_are_listed_by_who_knows_them() -> None:
    role = replace(UNKNOWN, location=replace(LOCATION, pointer="/servers/0/role"))
    own = replace(UNKNOWN, location=replace(LOCATION, pointer="/own_facts"))
    results = [waiting("SP12/a", UNKNOWN), waiting("SP12/b", role), waiting("OWN/c", own)]
    assert "    Servers › Role (ask engineering)" in shown(to_declare(results, None))
    assert "    服务器 › 用途角色（由工程人员申报）" in shown(to_declare(results, None), "zh")
    asked = "".join(shown(to_declare([*results, waiting("SP12/d", INTENTION)], None)))
    assert re.findall(r"ask (\w+)", asked) == ["compliance", "compliance", "engineering"]
    assert shown(to_declare(results, 2)) == [
        "rules  fact                who knows   where",
        "    1  own_facts                       infra/prod.icp.yaml:7",
        "    1  renewal.applied_on  compliance  infra/prod.icp.yaml:7",
    ]
    assert shown(to_declare(results, 3), "zh")[0] == "规则  事实                由谁申报  位置"


def test_the_rows_of_a_table_fit_the_terminal() -> None:
    path = "/services/0/features/third_party_publishing_of_everything_that_there_is"
    long = replace(UNKNOWN, location=replace(LOCATION, path="a/" * 40, pointer=path))
    results = [waiting("SP12/a", UNKNOWN, INTENTION, long)]
    for columns in (60, 80, 120):
        for row in shown(to_declare(results, 8), columns=columns):
            assert width(row) <= columns, row


def test_a_fact_that_is_missing_in_several_elements_is_one_fact() -> None:
    found = [
        replace(
            UNKNOWN, subject=f"web-{i}", location=replace(LOCATION, pointer=f"/servers/{i}/role")
        )
        for i in range(1, 8)
    ]
    other = replace(found[0], location=replace(found[0].location, path="other.icp.yaml"))
    text = lines(waiting("SP12/a", *found), waiting("SP12/b", *found[:2], other))
    assert text[:4] == [
        "  infra/prod.icp.yaml:7:15  /servers/1/role",
        "    Servers › Role",
        "    in 7 elements: web-1, web-2, web-3, web-4; and 3 more",
        "    decides 1 rule: SP12/a",
    ]
    assert sum("/role" in line for line in text) == 2
    alone = lines(waiting("SP12/a", found[0]))
    assert alone[0] == "  infra/prod.icp.yaml:7:15  /servers/1/role [web-1]"
    assert "    in 7 elements: web-1, web-2, web-3, web-4, web-5, web-6, web-7" in lines(
        waiting("SP12/a", *found), most=None
    )


def test_so_many_are_shown_and_the_others_counted() -> None:
    found = [
        replace(UNKNOWN, location=replace(LOCATION, pointer=f"/renewal/x{i}")) for i in range(5)
    ]
    rules = [waiting(f"SP12/r{i}", *found) for i in range(6)]
    some = shown(to_declare(rules, 3))
    assert sum("  6  renewal.x" in line for line in some) == 3
    every = lines(*rules, most=None)
    assert sum("/renewal/x" in line for line in every) == 5
    assert any("SP12/r4, SP12/r5" in line for line in every)
    assert "more fact" not in every[-1]
