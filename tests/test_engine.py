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
from pytest_icp.engine import binding, decide, prepare
from pytest_icp.facts.description import Description
from pytest_icp.kinds.finding import NoteKind, Outcome
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.calendar import Calendar
from pytest_icp.law.location import Place
from pytest_icp.law.text import plain
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policy import Obligation, Policy, Spec
from pytest_icp.rules.waivers import Waiver
from tests.obligations import applicability, citation, number, obligation, policy, version

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


def test_a_path_outside_the_base_is_absolute(described: Any, tmp_path: Path) -> None:
    description = described(company={"name": "乙"})
    scene = prepare(description, as_of=as_of_instant("2024-06-03"), base=tmp_path / "elsewhere")
    assert decide(scene, policy(NAMED), NAMED).description == description.path.as_posix()


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


@pytest.mark.parametrize(
    ("basis", "as_of", "articles"),
    [
        ("licence", "2022-06-03", []),
        ("licence", "2024-06-03", ["Example Law, Art. 9"]),
        ("statute", "2024-06-03", ["Example Law, Art. 9"]),
        ("statute", "2019-06-03", ["Example Law, Art. 1", "Example Law, Art. 3"]),
    ],
)
def test_an_article_is_cited_only_while_it_is_law(
    described: Any, basis: str, as_of: str, articles: list[str]
) -> None:
    ended = citation(version("2020-01-01", "2021-12-31", article=plain("Art. 3")))
    made = replace(NAMED, basis=basis, cites=(LAW, ended))
    result = decided(described(company={"name": "乙"}), made, as_of)
    assert [cited.label.en for cited in result.cited] == articles


def test_a_finding_cites_the_law_of_its_event(described: Any) -> None:
    made = obligation(
        "dated",
        "corporate_events",
        act="system_updated_on",
        anchor="changed_on",
        within={"days": 30},
        basis="statute",
        cites=(LAW,),
    )
    change = {"id": "c", "changed_on": "2021-06-03", "system_updated_on": "never"}
    (finding,) = decided(described(corporate_events=[change]), made).findings
    assert finding.due == "2021-07-05"
    assert [cited.label.en for cited in finding.cited] == ["Example Law, Art. 1"]


@pytest.mark.parametrize(
    ("confidence", "name", "notes"),
    [
        ("default", "乙", [NoteKind.DEFAULT]),
        ("unverified", "甲", [NoteKind.DEFAULT]),
        ("primary", "乙", []),
        ("secondary", "乙", []),
        ("default", None, []),
    ],
)
def test_a_number_without_a_checked_text_is_noted(
    described: Any, confidence: Any, name: str | None, notes: list[NoteKind]
) -> None:
    made = replace(NAMED, relies_on=(number(2.5, "spoons", confidence=confidence),))
    result = decided(described(company={"name": name}), made)
    assert [note.kind for note in result.notes] == notes
    if notes:
        assert "2.5 spoons" in result.notes[0].text.en


@pytest.mark.parametrize("basis", ["licence", "statute", "own"])
@pytest.mark.parametrize("happened", [None, "launched_on"])
def test_where_all_that_is_cited_is_still_to_come_the_day_is_named(
    described: Any, basis: str, happened: str | None
) -> None:
    cites = (citation(version("2030-01-01")), citation(version("2031-01-01")))
    made = obligation(
        "condition",
        "services",
        require={"status": "ended"},
        basis=basis,
        cites=cites,
        happened=happened,
    )
    service = {"id": "a", "status": "production", "launched_on": "2020-01-01"}
    result = decided(described(services=[service]), made)
    assert result.verdict is Verdict.NOT_APPLICABLE
    assert "2030-01-01" in result.reason.en


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


def test_a_kind_may_be_added(described: Any) -> None:
    def always(_: Obligation, __: Any) -> Outcome:
        return Outcome(verdict=Verdict.SATISFIED, reason=plain("because"))

    made = obligation("always", "company")
    kinds = {"always": Kind("always", Spec, always)}
    scene = prepare(described(), as_of=as_of_instant("2024-06-03"), kinds=kinds)
    assert decide(scene, policy(made), made).verdict is Verdict.SATISFIED
    assert "condition" in scene.kinds


def test_a_violation_that_names_no_subject_is_waived_by_nothing(described: Any) -> None:
    def never(_: Obligation, __: Any) -> Outcome:
        return Outcome(verdict=Verdict.VIOLATED, reason=plain("because"))

    made = obligation("never", "company")
    kinds = {"never": Kind("never", Spec, never)}
    as_of = as_of_instant("2024-06-03")
    scene = prepare(described(), as_of=as_of, kinds=kinds, waivers=(ALL,))
    assert decide(scene, policy(made), made).waived is None


def test_a_provision_in_words_of_its_own_is_quoted_and_not_passed(described: Any) -> None:
    own = {"id": "SP99", "text": "九十九、别的要求。"}
    description = described(company={"name": "甲"}, licence={**LICENCE, "provisions": [own]})
    result = decided(description, NAMED)
    (finding,) = result.findings
    assert (result.verdict, result.quote) == (Verdict.UNKNOWN, plain("九十九、别的要求。"))
    assert (finding.subject, finding.line_to_add) == ("SP99", "")
    assert "九十九、别的要求。" in finding.location.excerpt


def test_the_path_of_a_description_is_not_evaluated() -> None:
    path: Any = "infra.icp.yaml"
    with pytest.raises(TypeError, match=re.escape("evaluate(load('infra.icp.yaml'), …)")):
        evaluate(path, as_of="2024-06-03")
