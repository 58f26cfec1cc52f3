"""What the engine does around the checks: applicability, the law of the day, waivers, places."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp import Result, TimeError, Verdict, evaluate, load
from pytest_icp.engine import binding
from pytest_icp.facts.description import Description
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.location import Place
from pytest_icp.law.text import plain
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.waivers import Waiver
from tests.obligations import applicability, citation, obligation, policy, version

LINE = {"name": "信息服务业务（仅限互联网信息服务）", "scope": "不含信息搜索查询服务。"}
LICENCE = {"number": "京B2-20190486", "service_lines": [LINE]}


@pytest.fixture
def described(tmp_path: Path) -> Any:
    def describe(**facts: Any) -> Description:
        path = tmp_path / "infra" / "prod.icp.json"
        path.parent.mkdir(exist_ok=True)
        document = {"apiVersion": "pytest-icp/v1", **facts}
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1), "utf-8")
        return load(path, root=tmp_path)

    return describe


NAMED = obligation("condition", "company", require={"name": "甲"})


def decided(
    description: Description,
    made: Obligation,
    as_of: Any = "2024-06-03",
    whole: Policy | None = None,
    **given: Any,
) -> Result:
    (result,) = evaluate(description, as_of=as_of, policies=[whole or policy(made)], **given)
    return result


def test_a_result_tells_where_and_why(described: Any) -> None:
    result = decided(described(company={"name": "乙"}), NAMED)
    assert (result.rule_id, result.verdict) == ("SP99/made", Verdict.VIOLATED)
    assert result.description == "infra/prod.icp.json"
    (finding,) = result.findings
    assert str(finding.location) == "infra/prod.icp.json:4:11"
    assert (finding.found.en, finding.required.en) == ("乙", "“Name” is 甲")
    assert finding.line_to_add == ""


def test_a_gap_has_the_line_to_add(described: Any) -> None:
    (finding,) = decided(described(company={}), NAMED).findings
    assert finding.line_to_add == "company:\n  name: null"


def test_a_gap_in_the_licences_own_file_has_the_line_of_that_file(
    described: Any, tmp_path: Path
) -> None:
    made = obligation("condition", "licence", require={"holder": "甲"})
    inline = decided(described(licence={"number": "京B2-20210001"}), made).findings
    assert inline[0].line_to_add == "licence:\n  holder: null"
    (tmp_path / "infra" / "licence.json").write_text('{"number": "京B2-20210001"}', "utf-8")
    (finding,) = decided(described(licence_file="licence.json"), made).findings
    assert finding.line_to_add == "holder: null"
    assert finding.location.path == "infra/licence.json"


@pytest.mark.parametrize(
    ("as_of", "instant"),
    [
        ("2024-06-03", "2024-06-03T23:59:59+08:00"),
        (date(2024, 6, 3), "2024-06-03T23:59:59+08:00"),
        (datetime(2024, 6, 3, 1, tzinfo=UTC), "2024-06-03T09:00:00+08:00"),
        ("2024-06-02T20:00Z", "2024-06-03T04:00:00+08:00"),
    ],
)
def test_the_instant_is_echoed(described: Any, as_of: Any, instant: str) -> None:
    assert decided(described(), NAMED, as_of).as_of == instant


def test_an_as_of_that_is_no_date_is_refused(described: Any) -> None:
    with pytest.raises(TimeError):
        evaluate(described(), as_of="2024-02-30")


def test_without_more_the_products_policies_decide(described: Any) -> None:
    description = described(licence=LICENCE)
    results = evaluate(description, as_of="2024-06-03")
    bound = binding(default_policies(), description)
    every = [rule.rule_id for one in bound for rule in one.obligations]
    assert [result.rule_id for result in results] == every


# ---- Applicability


@pytest.mark.parametrize(
    ("licence", "bound"),
    [
        (LICENCE, ["", "B25"]),
        ({}, ["", "B25", "B11"]),
        (None, ["", "B25", "B11"]),
        ({"service_lines": [{"name": "互联网数据中心业务", "scope": "全国"}]}, ["", "B11"]),
    ],
)
def test_a_line_of_business_binds_who_is_licensed_for_it(
    described: Any, licence: Any, bound: list[str]
) -> None:
    every = [policy(NAMED, family=family) for family in ("", "B25", "B11")]
    assert [one.family for one in binding(every, described(licence=licence))] == bound


def test_a_rule_says_for_which_of_several_licences_it_is_asked(described: Any) -> None:
    other = {"id": "idc", "codes": ["B11"], "obtained_on": "2024-01-01", "valid_until": "none"}
    several = described(licence=LICENCE, other_licences=[other], company={"name": "甲"})
    hosting = policy(NAMED, family="B11")
    assert decided(several, NAMED).licences == ("京B2-20190486",)
    assert decided(several, NAMED, whole=hosting).licences == ("idc",)
    assert decided(described(licence=LICENCE, company={"name": "甲"}), NAMED).licences == ()


@pytest.mark.parametrize(
    ("items", "when", "licence", "name", "verdict"),
    [
        (("B25.publish",), None, LICENCE, "乙", "violated"),
        (("B25.search",), None, LICENCE, "乙", "not applicable"),
        (("B25.search", "B25"), None, LICENCE, "乙", "violated"),
        # While it is not known whether it applies, a violation is not certain.
        (("B25.publish",), None, {}, "乙", "unknown"),
        (("B25.publish",), None, {}, "甲", "satisfied"),
        ((), {"company": {"cii_operator": True}}, LICENCE, "乙", "violated"),
        ((), {"company": {"cii_operator": False}}, LICENCE, "乙", "not applicable"),
        ((), {"company": {"foreign_share": 0}}, LICENCE, "乙", "unknown"),
        ((), {"company": {"foreign_share": 0}}, LICENCE, "甲", "satisfied"),
        ((), {"company": {"foreign_share": 0}}, LICENCE, None, "unknown"),
    ],
)
@pytest.mark.parametrize("of", ["obligation", "policy"])
def test_when_a_duty_binds_at_all(
    described: Any,
    of: str,
    items: tuple[str, ...],
    when: Any,
    licence: Any,
    name: str | None,
    verdict: str,
) -> None:
    description = described(licence=licence, company={"name": name, "cii_operator": True})
    rule = applicability(items, when)
    if of == "policy":
        result = decided(description, NAMED, whole=policy(NAMED, applies=rule))
    else:
        result = decided(description, replace(NAMED, applies=rule))
    assert result.verdict == verdict
    assert result.reason.zh
    if verdict == "unknown":
        assert result.findings


def test_what_certainly_does_not_apply_goes_before_what_is_not_known(described: Any) -> None:
    made = replace(NAMED, applies=applicability(when={"company": {"cii_operator": False}}))
    whole = policy(made, applies=applicability(when={"company": {"foreign_share": 0}}))
    description = described(company={"cii_operator": True})
    assert decided(description, made, whole=whole).verdict == "not applicable"


# ---- The law of the day

LAW = citation(
    version("2020-01-01", "2021-12-31", article=plain("Art. 1")),
    version("2023-01-01", article=plain("Art. 9"), quote=None),
)


@pytest.mark.parametrize(
    ("as_of", "verdict", "article"),
    [
        ("2019-06-03", "not applicable", "Art. 1"),
        ("2021-06-03", "violated", "Art. 1"),
        ("2022-06-03", "not applicable", "Art. 1"),
        ("2024-06-03", "violated", "Art. 9"),
    ],
)
def test_a_statute_binds_while_it_is_law(
    described: Any, as_of: str, verdict: str, article: str
) -> None:
    made = replace(NAMED, basis="statute", cites=(LAW,))
    result = decided(described(company={"name": "乙"}), made, as_of)
    assert result.verdict == verdict
    assert [cited.label.en for cited in result.cited] == [f"Example Law, {article}"]
    if verdict == "not applicable":
        assert as_of in result.reason.en


def test_a_calendar_may_be_given(described: Any) -> None:
    made = obligation(
        "dated",
        "corporate_events",
        act="system_updated_on",
        anchor="changed_on",
        within={"working_days": 10},
    )
    change = {"id": "c", "changed_on": "2024-06-03", "system_updated_on": "never"}
    result = decided(described(corporate_events=[change]), made, calendar=Calendar({}))
    assert [one.provisional for one in result.upcoming] == [True]


# ---- Waivers


def waiver(subject: str, expires: str, rule: str = "SP99/made") -> Waiver:
    return Waiver(
        rule=rule,
        subject=subject,
        reason=f"for {subject}",
        owner="compliance",
        expires=date.fromisoformat(expires),
        place=Place(path=Path("icp-waivers.yaml"), line=1),
    )


ALL, WEB, DB = waiver("*", "2024-12-31"), waiver("web", "2024-06-03"), waiver("db", "2024-09-30")


@pytest.mark.parametrize(
    ("waivers", "reason"),
    [
        ((), None),
        ((ALL,), "for *"),
        ((WEB,), None),
        # The one that expires first is told.
        ((DB, WEB), "for web"),
        ((WEB, DB), "for web"),
        ((waiver("*", "2024-06-02"),), None),
        ((waiver("*", "2024-06-02"), ALL), "for *"),
        ((waiver("*", "2024-12-31", rule="SP99/other"),), None),
    ],
)
def test_violations_are_waived_when_each_is(
    described: Any, waivers: tuple[Waiver, ...], reason: str | None
) -> None:
    made = obligation("condition", "servers", require={"production": False})
    servers = [
        {"id": "web", "in_service_on": "2020-01-01", "production": True},
        {"id": "db", "in_service_on": "2020-01-01", "production": True},
        {"id": "test", "in_service_on": "2020-01-01", "production": None},
        {"id": "none", "in_service_on": "2020-01-01", "production": False},
    ]
    result = decided(described(servers=servers), made, waivers=waivers)
    assert result.verdict == "violated"
    assert (result.waived.reason if result.waived else None) == reason
    assert result.failing is (reason is None)


def test_only_a_violation_is_waived(described: Any) -> None:
    for name, verdict in ((None, "unknown"), ("甲", "satisfied")):
        result = decided(described(company={"name": name}), NAMED, waivers=(ALL,))
        assert (result.verdict, result.waived) == (verdict, None)


# ---- Kinds of one's own


def test_neither_a_path_nor_no_day_is_evaluated(described: Any) -> None:
    path: Any = "infra.icp.yaml"
    with pytest.raises(TypeError, match=re.escape("evaluate(load('infra.icp.yaml'), …)")):
        evaluate(path, as_of="2024-06-03")
    day: Any = None
    with pytest.raises(TypeError, match="takes a day or an instant as `as_of`, and not None"):
        evaluate(described(), as_of=day)
