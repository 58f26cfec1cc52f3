"""What cannot be decided is told by cause: once, with the rules that it leaves undecided."""

from __future__ import annotations

from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text
from pytest_icp.reports.undecided import undecided
from pytest_icp.reports.words import Language
from tests.results import UNKNOWN, WOULD_BE
from tests.runs import result

UNTOLD = replace(UNKNOWN, line_to_add="", message=Text("从所设的值看不出", "it is not told"))


def unknown(rule: str, *findings: Finding, level: str = "mandatory") -> Result:
    one = result(rule, verdict=Verdict.UNKNOWN, findings=findings)
    return replace(one, level=level)


def told(*results: Result, named: int | None = None, language: Language = "en") -> list[str]:
    blocks = undecided(results, language, 80, named=named)
    return ["\n".join(block.lines) for block in blocks]


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
        "en",
        80,
        named=None,
    )
    rules = [sorted(rule for _, rule in block.rules) for block in blocks]
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
