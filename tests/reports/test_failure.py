"""A result on a terminal, in full and in a few lines."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from pytest_icp.kinds.finding import Cited, Finding, Other, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.failure import coloured, undecided
from pytest_icp.reports.layout import width
from pytest_icp.reports.words import Language
from tests.results import (
    FINDING,
    RESULT,
    UNKNOWN,
    WOULD_BE,
    brief_text,
    failure_text,
    shown,
    unknown_text,
)
from tests.runs import result

IN_FULL = """\
SP12/renewal violated
Renewal is applied for 90 days ahead
not done, and overdue
subject: Renewal
found: never
required: on or before 2023-12-07
due: 2023-12-07
who: compliance
infra/prod.icp.yaml:7:15:   applied_on: never
                                        ^^^^^
fix: Apply now.
meaning: It is applied for ahead.
the licence, SP12 (十二): “90 days in advance”
statute: Example Law, Art. 1"""


def test_a_failure_in_full_has_what_every_report_has() -> None:
    assert failure_text(RESULT, "en") == IN_FULL
    both = failure_text(RESULT, "both")
    assert both.endswith(f"\n{IN_FULL}")
    assert both.startswith("SP12/renewal 违反\n提前90日申请延续\n逾期未办理\n对象：许可延续\n")


def test_the_numbers_that_it_rests_on_stand_with_the_meaning() -> None:
    rests = replace(FINDING, numbers=(plain("A time: 90 days"), plain("Another: 6 months")))
    text = failure_text(replace(RESULT, findings=(rests,)), "en")
    assert "ahead.\nnumber: A time: 90 days\nnumber: Another: 6 months\n" in text


def test_an_unknown_says_what_to_add() -> None:
    unknown = replace(RESULT, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
    said = """\
SP12/renewal unknown
Renewal is applied for 90 days ahead
“applied_on” is not declared
subject: Renewal
who: compliance
to add (replace null with the actual value)
    renewal:
      applied_on: null  # YYYY-MM-DD | never
infra/prod.icp.yaml:7:15"""
    assert unknown_text(unknown, "en") == said
    assert failure_text(unknown, "en").startswith(said)


def test_only_the_worst_are_shown_and_ten_of_them() -> None:
    many = tuple(replace(FINDING, found=plain(f"done {i}")) for i in range(13))
    text = failure_text(replace(RESULT, findings=(UNKNOWN, *many)), "en")
    assert text.count("not done, and overdue\n") == 10
    assert "\nand 3 more\n" in text
    assert "to add" not in text
    wanted = tuple(replace(UNKNOWN, found=plain(f"done {i}")) for i in range(11))
    text = unknown_text(replace(RESULT, findings=wanted), "en")
    assert text.endswith("\nand 1 more")


def test_a_rule_of_the_companys_own_is_not_taken_for_the_licence() -> None:
    own = replace(RESULT, basis="own", findings=(replace(FINDING, cited=()),))
    assert "\nRenewal is applied for 90 days ahead (company rule)\n" in failure_text(own, "en")
    unknown = replace(own, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
    assert "申请延续（公司自定）\n" in unknown_text(unknown, "both")


@pytest.mark.parametrize(
    ("status", "zh", "en"),
    [
        ("known", "res.a, role\n", "res.a, role\n"),
        ("", "res.a, role\n", "res.a, role\n"),
        ("referenced", "res.a, role（引用）\n", "res.a, role (referenced)\n"),
    ],
)
def test_a_derived_fact_is_told_with_its_resource(status: str, zh: str, en: str) -> None:
    spot = Location(path="plan.json", line=7, address="res.a", attribute="role", status=status)
    result = replace(RESULT, findings=(replace(FINDING, location=spot),))
    assert f"\n资源：{zh}" in failure_text(result, "zh")
    assert f"\nresource: {en}" in failure_text(result, "en")


@pytest.mark.parametrize("verdict", [Verdict.VIOLATED, Verdict.UNKNOWN])
def test_a_check_of_ones_own_may_name_no_subject(verdict: Verdict) -> None:
    result = replace(RESULT, verdict=verdict, findings=(), reason=plain("nobody was asked"))
    assert failure_text(result, "en").splitlines()[-1] == "nobody was asked"


# ---- In a few lines


def lines(*findings: object, columns: int = 80, **changes: object) -> list[str]:
    result = replace(RESULT, findings=findings or (FINDING,), **changes)
    return brief_text(result, "en", columns).splitlines()


def test_a_violation_is_six_lines() -> None:
    assert lines() == [
        "Renewal: not done, and overdue",
        "infra/prod.icp.yaml:7:15:   applied_on: never",
        "                                        ^^^^^",
        "fix: Apply now.",
        "law: licence, SP12 “90 days in advance”; Example Law, Art. 1",
    ]


def test_one_language_stands_under_the_other() -> None:
    text = brief_text(RESULT, "both").splitlines()
    half = len(text) // 2
    assert text[half:] == lines()
    assert text[half - 2 : half] == [
        "整改：立即申请。",
        "依据：第十二条“应当提前90日”；示例法第一条",
    ]


def test_what_is_required_and_of_whom_is_said_unless_it_is_already() -> None:
    log = replace(
        FINDING,
        subject="access",
        message=plain("kept 90 days"),
        required=plain("at least 6 months"),
        due=None,
    )
    assert "access: kept 90 days; required: at least 6 months" in lines(log)
    said = replace(log, message=plain("access is kept 90 days, not at least 6 months"))
    assert "access is kept 90 days, not at least 6 months" in lines(said)
    alike = tuple(Other(subject=name, pointer=f"/{name}", place=f"{name}.tf:4") for name in "bc")
    assert "also: b (b.tf:4), c (c.tf:4)" in lines(replace(said, others=alike))


def test_a_long_path_stands_on_a_line_of_its_own() -> None:
    spot = replace(FINDING.location, path="infra/" * 9 + "prod.icp.yaml")
    assert lines(replace(FINDING, location=spot))[1:4] == [
        str(spot),
        "    applied_on: never",
        "                ^^^^^",
    ]
    nothing = replace(spot, excerpt="")
    assert lines(replace(FINDING, location=nothing))[1:3] == [str(spot), "fix: Apply now."]


def test_a_law_stands_once_with_its_articles() -> None:
    labels = [
        Text(zh="中华人民共和国网络安全法第二十三条", en="Cybersecurity Law, Art. 23(3)"),
        Text(zh="中华人民共和国网络安全法第六十一条", en="Cybersecurity Law, Art. 61(1)"),
        Text(zh="某通知", en="A notice"),
    ]
    cited = tuple(Cited(label=label) for label in labels)
    finding = replace(FINDING, cited=cited)
    own = replace(RESULT, findings=(finding,), quote=None, basis="own")
    assert lines(finding, quote=None)[-1] == "law: Cybersecurity Law, Art. 23(3), 61(1); A notice"
    assert brief_text(own, "en").endswith(
        "law: SP12 十二 (company rule); Cybersecurity Law, Art. 23(3), 61(1); A notice"
    )
    assert brief_text(own, "zh").endswith("网络安全法第二十三条、第六十一条；某通知")


def test_the_first_finding_is_shown_and_the_others_are_named() -> None:
    some = [replace(FINDING, subject=f"{n}", message=plain(f"{n}: no")) for n in range(5)]
    text = lines(*some)
    assert [line for line in text if line.endswith(": no")] == ["0: no"]
    assert text[3] == "also: 1, 2, 3, … (+1)"


def test_what_is_to_be_added_or_decided_is_shown_in_full() -> None:
    unknown = replace(RESULT, verdict=Verdict.UNKNOWN, findings=(UNKNOWN,))
    assert brief_text(unknown, "en") == failure_text(unknown, "en")
    review = replace(FINDING, verdict=Verdict.UNKNOWN, review=True)
    of_person = replace(RESULT, verdict=Verdict.UNKNOWN, findings=(review,))
    assert brief_text(of_person, "en") == failure_text(of_person, "en")


def test_a_line_holds_of_the_fix_and_the_law_what_it_can() -> None:
    fix = Text(
        zh="停用该域名，或者在启用30日前向发证机关办理网站事项变更。换发附页后更新许可证文件。",
        en="Stop using the domain, or file a change 30 days before using it. Then update it.",
    )
    labels = [
        Text(
            zh=f"某某管理办法（某部令第{n}号）第二条", en=f"Measures on X (MIIT Order {n}), Art. 2"
        )
        for n in range(9)
    ]
    finding = replace(FINDING, cited=tuple(Cited(label=label) for label in labels))
    text = lines(finding, fix=fix)
    assert "fix: Stop using the domain, or file a change 30 days before using it" in text
    assert text[-1] == "law: licence, SP12; MIIT Order 0, Art. 2; MIIT Order 1, Art. 2; and 7 more"
    zh = brief_text(replace(RESULT, findings=(finding,), fix=fix), "zh").splitlines()
    assert "整改：停用该域名，或者在启用30日前向发证机关办理网站事项变更" in zh
    assert zh[-1] == "依据：第十二条“应当提前90日”；某某管理办法第二条"
    # What fits is whole.
    assert "fix: Apply now; go." in lines(FINDING, fix=plain("Apply now; go."))


def test_what_is_assumed_is_not_in_the_sentence() -> None:
    said = Text(zh="在境外（假定 `production: true`）", en="abroad (assuming `production: true`)")
    log = replace(FINDING, subject="web", message=said, location=Location(path="web"))
    assert lines(log)[0] == "web: abroad"
    assert lines(replace(log, subject="web:log"))[0] == "log: abroad"


def test_no_line_is_wider_than_the_terminal() -> None:
    wide = replace(FINDING, message=Text(zh="没有" * 60, en="not " * 60))
    text = brief_text(replace(RESULT, findings=(wide,)), "both", 60)
    assert max(map(width, text.splitlines())) <= 60


UNTOLD = replace(UNKNOWN, line_to_add="", message=Text("从所设的值看不出", "it is not told"))


def unknown(rule: str, *findings: Finding, level: str = "mandatory") -> Result:
    one = result(rule, verdict=Verdict.UNKNOWN, findings=findings)
    return replace(one, level=level)


def told(*results: Result, named: int | None = None, language: Language = "en") -> list[str]:
    blocks = undecided(results, named=named)
    return ["\n".join(shown(one, language)) for one in blocks]


def test_a_cause_of_several_rules_is_told_once() -> None:
    rules = [unknown(f"SP12/{name}", UNKNOWN) for name in ("stop", "exit", "plan")]
    assert told(*rules, named=2) == [
        """\
3 rules unknown
“applied_on” is not declared
rules: SP12/exit, SP12/plan; and 1 more
to add (replace null with the actual value)
    renewal:
      applied_on: null  # YYYY-MM-DD | never
infra/prod.icp.yaml:7:15"""
    ]
    (zh,) = told(*rules, language="zh")
    assert zh.startswith("3 项规则无法判断\n")
    assert "\n规则：SP12/exit, SP12/plan, SP12/stop\n" in zh
    (both,) = told(*rules, language="both")
    assert both.startswith("3 项规则无法判断\n3 rules unknown\n")


def test_a_rule_has_what_it_lacks_alone_in_a_block_of_its_own() -> None:
    alone = replace(UNTOLD, message=Text("另有原因", "for another reason"))
    first, second = told(unknown("SP12/stop", UNTOLD, alone), unknown("SP12/exit", UNTOLD))
    assert first.startswith("2 rules unknown\n")
    assert "it is not told" in first
    assert second.startswith("SP12/stop unknown\n")
    assert "for another reason" in second
    assert "it is not told" not in second
    # What a rule of one's own found nothing for has no cause to share.
    assert told(unknown("OWN/one"))[0].startswith("OWN/one unknown\n")


def test_what_would_be_violated_comes_first_then_what_decides_most() -> None:
    alone = replace(UNTOLD, message=Text("另有原因", "for another reason"))
    blocks = undecided(
        [
            unknown("SP01/advice", alone, level="advisory"),
            unknown("SP01/duty", alone, level="mandatory"),
            *(unknown(f"SP02/{n}", UNTOLD) for n in "ab"),
            *(unknown(f"SP03/{n}", UNKNOWN) for n in "abc"),
            unknown("SP04/x", replace(alone, location=Location(path="x"))),
            unknown("SP12/stop", WOULD_BE),
        ],
        named=None,
    )
    rules = [sorted({*re.findall(r"SP\d\d/\w+", "\n".join(shown(one)))}) for one in blocks]
    assert rules == [
        ["SP12/stop"],
        ["SP03/a", "SP03/b", "SP03/c"],
        ["SP01/advice", "SP01/duty"],
        ["SP02/a", "SP02/b"],
        ["SP04/x"],
    ]


def test_all_that_is_left_out_and_usually_so_is_one_cause() -> None:
    usual = replace(UNKNOWN, left_out=True)
    elsewhere = replace(usual, location=Location(pointer="/company", path="b.yaml", line=2))
    (block,) = told(unknown("SP12/stop", usual), unknown("SP12/exit", elsewhere))
    assert block.startswith("2 rules unknown\n")
    assert "the words to add are listed" in block
    assert "to add (replace" not in block
    # What would be violated stands apart all the same.
    hinge = replace(WOULD_BE, left_out=True)
    assert len(told(unknown("SP12/stop", hinge), unknown("SP12/exit", usual))) == 2


def marked(text: str, **markup: bool) -> str:
    return f"<{' '.join(markup)}>{text}</>"


def test_a_finding_has_the_colours_of_a_compiler() -> None:
    result = replace(RESULT, verdict=Verdict.VIOLATED, findings=(FINDING,))
    lines = failure_text(result, "en").split("\n")
    shown = list(coloured(lines, marked, colour="red"))
    assert shown[0] == f"<bold red>{lines[0]}</>"
    assert any(line.startswith("<cyan>infra/prod.icp.yaml:7:15</>: ") for line in shown)
    assert any(line.startswith("<bold red> ") and line.endswith("^</>") for line in shown)
    assert any(line.startswith("<bold>found: </>") for line in shown)
    brief = list(coloured(brief_text(RESULT, "zh").split("\n"), marked, colour="red"))
    assert [line.partition("：")[0] for line in brief[-2:]] == ["<bold>整改", "<bold>依据"]


def test_without_colours_nothing_changes() -> None:
    lines = failure_text(RESULT, "both").split("\n")
    assert list(coloured(lines, lambda text, **_: text, colour="red")) == lines
