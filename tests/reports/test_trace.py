from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result, Waived
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.explain import Account, SubjectAccount, Value, trace
from tests.results import shown

LOCATION = Location(pointer="/events/0/done", path="prod.icp.yaml", line=5, column=3)
FINDING = Finding(
    verdict=Verdict.VIOLATED,
    subject="a",
    message=Text("逾期", "overdue"),
    found=plain("never"),
    required=Text("不晚于 2024-01-31", "on or before 2024-01-31"),
    due="2024-01-31",
    location=LOCATION,
    cited=(),
)
RESULT = Result(
    description="prod.icp.yaml",
    rule_id="SP99/made",
    provision="SP99",
    provision_title=Text("规定", "Provision"),
    article="九十九",
    title=Text("标题", "Title"),
    meaning=Text("含义", "Meaning"),
    kind="dated",
    level="mandatory",
    basis="licence",
    as_of="2024-06-01T23:59:59+08:00",
    verdict=Verdict.SATISFIED,
    reason=Text("没有适用的对象", "no subject is meant"),
    location=LOCATION,
    quote=None,
    fix=Text("改正", "Fix it"),
    cited=(),
    findings=(),
    notes=(),
    upcoming=(),
    subjects=1,
)


def value(path: str, known: Any, written: Any = None) -> Value:
    return Value(
        path=path, value=known, written=known if written is None else written, location=LOCATION
    )


def subject(**given: Any) -> SubjectAccount:
    own: dict[str, Any] = {"values": (), "steps": (), "findings": (), "applies": True}
    return SubjectAccount(label="a", location=LOCATION, **{**own, **given})


def lines(*subjects: SubjectAccount, result: Result = RESULT, **given: Any) -> list[str]:
    """The account in English, without the empty lines."""
    own: dict[str, Any] = {
        "part": "", "binds": True, "each": "events", "shared": (), "more_values": 0, "more": 0,
    }  # fmt: skip
    account = Account(result=result, subjects=subjects, **{**own, **given})
    return [one for one in shown(trace(account)) if one]


HEAD = ["In prod.icp.yaml, as of 2024-06-01", "  verdict: satisfied"]
SUBJECT = "  subject a prod.icp.yaml:5:3"


def test_a_subject_with_values_and_steps() -> None:
    one = subject(
        values=(value("events.on", "2024-01-01"), value("events.done", None)),
        steps=(plain("2024-01-01 + 30 = 2024-01-31"),),
    )
    assert lines(one) == [
        *HEAD,
        SUBJECT,
        "    on: 2024-01-01  prod.icp.yaml:5:3",
        "    not declared: done",
        "    calculation",
        "      1. 2024-01-01 + 30 = 2024-01-31",
        "    No findings.",
    ]


def test_a_derived_fact_is_told_with_its_resource() -> None:
    told = Location(path="plan.json", line=7, address="slb.a", attribute="role", status="known")
    fact = replace(value("events.role", "edge"), location=told)
    finding = replace(FINDING, location=told)
    printed = lines(subject(values=(fact,), findings=(finding,)))
    assert "    role: edge  plan.json:7  slb.a, role" in printed
    assert "      resource: slb.a, role" in printed


def test_what_belongs_to_no_subject_comes_last_with_the_line_to_add() -> None:
    gap = replace(
        FINDING, verdict=Verdict.UNKNOWN, message=plain("?"), line_to_add="events:\n  - id: e"
    )
    result = replace(RESULT, verdict=Verdict.UNKNOWN, findings=(gap,))
    assert lines(result=result)[2:] == [
        "  No subject is declared.",
        "    unknown: ?",
        "      found: never",
        "      required: on or before 2024-01-31",
        "      to add (replace null with the actual value)",
        "          events:",
        "            - id: e",
    ]


def test_subjects_and_values_beyond_the_first_are_counted() -> None:
    result = replace(RESULT, verdict=Verdict.VIOLATED, findings=(FINDING, FINDING))
    shared = (value("licence.number", "京B2-1"),)
    found = lines(subject(), result=result, more=3, shared=shared, more_values=2)
    assert found[2:5] == [
        "  facts shared by all subjects",
        "    licence.number: 京B2-1  prod.icp.yaml:5:3",
        "    2 more values not shown.",
    ]
    assert found[-1] == "  3 more subjects not shown."


def test_a_value_that_lies_later_is_told_with_what_is_written() -> None:
    (shown,) = [
        line
        for line in lines(subject(values=(value("events.done", "never", "2024-07-01"),)))
        if "never" in line
    ]
    assert shown == "    done: never (2024-07-01 is declared, which is later)  prod.icp.yaml:5:3"


def test_what_does_not_apply_says_why() -> None:
    result = replace(RESULT, verdict=Verdict.NOT_APPLICABLE)
    assert lines(subject(applies=False), result=result)[1:3] == [
        "  verdict: not applicable",
        "    no subject is meant",
    ]


def test_a_waiver_is_told() -> None:
    waived = Waived(reason="moving", owner="compliance", expires="2024-12-31")
    result = replace(RESULT, verdict=Verdict.VIOLATED, waived=waived)
    assert "    waived until 2024-12-31 by compliance: moving" in lines(subject(), result=result)


def test_a_provision_that_does_not_bind_says_so_first() -> None:
    assert lines(subject(), binds=False)[1].startswith("  The licence has no such line of business")
