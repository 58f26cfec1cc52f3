"""Cases are read and run; what is wrong in them is told with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.authoring.cases import Case, CaseRunner, mismatches, read_cases, read_equivalents
from pytest_icp.kinds.policies import default_policies, load_policies
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from tests.policies_of_ones_own import CASE, STOPPED, own_policies

TWO_RULES = """\
provision: SP12
parts:
  one: &one {kind: name, changed_on: 2024-03-04}
cases:
  - name: a situation
    rule: [SP12/update, SP12/certificate]
    as_of: 2024-06-03
    facts: {corporate_events: [{id: b, <<: *one, changed_on: 2024-03-05}]}
    verdict: satisfied
    pointer: [/a, /b]
"""

NEVER = TWO_RULES.replace("verdict: satisfied", "verdict: not applicable")

REVIEWED = """\
provision: SP12
cases:
  - name: too late
    rule: SP12/update#late
    as_of: 2024-06-03
    facts: {}
    verdict: unknown
    review: true
"""


def written(folder: Path, text: str, name: str = "SP12.yaml") -> Path:
    (folder / name).write_text(text, "utf-8")
    return folder


def test_a_situation_may_be_of_several_rules(tmp_path: Path) -> None:
    (file,) = read_cases(written(tmp_path, TWO_RULES))
    assert [repr(case) for case in file.cases] == [
        "SP12/update: a situation",
        "SP12/certificate: a situation",
    ]
    assert file.cases[0].pointers == ["/a", "/b"]
    assert str(file.cases[0].place).endswith("SP12.yaml:5:11")


GROUP = """\
provision: SP12
base: {licence: {number: 京B2-20190486}}
cases:
  - rule: SP12/update
    as_of: 2024-06-03
    cases:
      - name: on the day of the group
        verdict: satisfied
      - name: on a day and of a rule of its own
        rule: SP12/certificate
        as_of: 2024-06-04
        facts: {licence: null}
        verdict: unknown
"""


def test_cases_in_a_group_say_the_rule_and_the_day_once(tmp_path: Path) -> None:
    (file,) = read_cases(written(tmp_path, GROUP))
    assert [(case.id, case.as_of) for case in file.cases] == [
        ("SP12/update: on the day of the group", "2024-06-03"),
        ("SP12/certificate: on a day and of a rule of its own", "2024-06-04"),
    ]
    places = [f"{case.place} {case.rule_at}" for case in file.cases]
    path = f"{tmp_path / 'SP12.yaml'}:"
    assert [one.replace(path, "") for one in places] == ["7:15 4:11", "9:15 10:15"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TWO_RULES.replace("verdict: satisfied", "verdict: ok"), "SP12.yaml:9:14"),
        (TWO_RULES.replace("*one", "*two"), "there is no anchor 'two'"),
        (TWO_RULES.replace("SP12/certificate", "SP12/update"), "SP12.yaml:6:"),
        (TWO_RULES + TWO_RULES.split("cases:\n")[1], "two cases have the name"),
        (TWO_RULES.replace("<<: *one, ", ""), "SP12.yaml:3:8: no alias names the anchor 'one'"),
        (TWO_RULES.replace("cases:", "  two: {}\ncases:"), "SP12.yaml:4:8: this fragment has no"),
        (
            f"base: {{licence: {{}}, corporate_events: []}}\n{TWO_RULES}",
            "SP12.yaml:1:21: every case",
        ),
        (
            f"always: {{update: it binds all}}\n{NEVER}",
            "SP12.yaml:6:11: SP12/update always applies",
        ),
        (f"{TWO_RULES}    boundary: first bad\n    why: x\n", "SP12.yaml:9:14"),
        (
            f"{REVIEWED.replace('    review: true', '')}    boundary: first bad\n    why: x\n",
            "SP12.yaml:3:5: missing key 'review'",
        ),
        (f"{NEVER}    boundary: last good\n", "SP12.yaml:5:5: missing key 'why'"),
        (f"{TWO_RULES}    reads: nobody\n", "unknown key 'reads'"),
        (TWO_RULES.replace("    as_of: 2024-06-03\n", ""), "SP12.yaml:5:5: missing key 'as_of'"),
        (GROUP.replace("    as_of: 2024-06-03\n", ""), "SP12.yaml:4:5: missing key 'as_of'"),
        (f"{GROUP}    facts: {{}}\n", "SP12.yaml:14:5: unknown key 'facts'"),
        (
            GROUP.replace(
                "verdict: satisfied", "facts: {licence: null}\n        verdict: satisfied"
            ),
            "SP12.yaml:2:8: every case",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as refused:
        read_cases(written(tmp_path, text))
    assert said in str(refused.value)


def test_what_binds_everybody_says_why(tmp_path: Path) -> None:
    (file,) = read_cases(written(tmp_path, f"always: {{update: it binds all}}\n{TWO_RULES}"))
    (one,) = file.always
    assert (one.rule, one.reason) == ("SP12/update", "it binds all")
    assert str(one.place).endswith("SP12.yaml:1:10")


def test_reasons_are_no_cases(tmp_path: Path) -> None:
    written(tmp_path, TWO_RULES)
    assert read_equivalents(tmp_path) == ()
    reason = "equivalent: [{rule: SP12/update, change: x, reason: y}]"
    written(tmp_path, reason, "equivalent.yaml")
    assert len(read_cases(tmp_path)) == 1
    (one,) = read_equivalents(tmp_path)
    assert (one.rule, one.change, one.reason) == ("SP12/update", "x", "y")


RULES = {o.rule_id: (policy, o) for policy in default_policies() for o in policy.obligations}
EVENT = {
    "id": "e",
    "entity": "licensee",
    "kind": "address",
    "changed_on": "2024-03-04",
    "system_updated_on": "never",
}
LICENCE = {"first_issued_on": "2019-03-06"}
OVERDUE = Case(
    provision="SP12",
    name="overdue",
    rule="SP12/update",
    as_of="2024-06-03",
    verdict="violated",
    place=Place(path=Path("SP12.yaml"), line=3),
    facts={"corporate_events": [EVENT], "licence": LICENCE},
)


def wrong(**given: Any) -> list[str]:
    case = replace(OVERDUE, **given)
    return [text.en for text in mismatches(case, CaseRunner().decide(case, *RULES[case.rule]))]


def test_a_case_that_is_right_has_no_mismatch() -> None:
    assert wrong() == []
    pointer = "/corporate_events/0/system_updated_on"
    assert wrong(pointer=pointer, due="2024-04-03", says="", without_words="符合") == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"verdict": "satisfied"}, "the verdict is violated, but should be satisfied"),
        ({"notes": ["due soon"]}, "the note 'due soon' is missing"),
        ({"pointer": "/x"}, "no finding points to /x"),
        ({"due": "2024-04-04"}, "the last day is not 2024-04-04"),
        ({"provisional": True}, "no due day is marked provisional"),
        ({"says": "没有这句话"}, "no finding says '没有这句话'"),
        ({"without_words": "2024"}, "a finding says '2024'"),
        ({"cites": "第零条"}, "no finding cites '第零条'"),
    ],
)
def test_each_thing_that_a_case_says_is_asked(given: dict[str, Any], said: str) -> None:
    assert wrong(**given) == [said]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("gbkk", "case 'overdue': file a.html: there is no encoding 'gbkk'; write it like gb18030"),
        ("hex", "there is no encoding 'hex'"),
        ("a\0b", "there is no encoding 'a\\x00b'"),
        ("ascii", "file a.html: its text cannot be written in the encoding 'ascii'"),
    ],
)
def test_an_encoding_that_cannot_be_used(encoding: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        wrong(files={"a.html": {"text": "京", "encoding": encoding}})
    assert said in refused.value.message.en
    assert refused.value.place == OVERDUE.place


def test_a_rule_that_does_not_bind_the_licence_says_so() -> None:
    line = {"name": "国内呼叫中心业务", "scope": "全国。"}
    facts = {"licence": {"service_lines": [line]}}
    assert wrong(rule="SP15-03/own-content", facts=facts) == [
        "the policy does not apply to the licence of the case"
    ]


def test_years_after_the_last_that_counts_are_not_published() -> None:
    far = {
        "facts": {
            "corporate_events": [{**EVENT, "changed_on": "2025-01-02"}],
            "licence": LICENCE,
        }
    }
    when = {"as_of": "2025-01-03", "verdict": "satisfied", "provisional": True}
    assert wrong(**far, **when, published=2024) == []
    assert wrong(**far, **when) == ["no due day is marked provisional"]


@pytest.mark.parametrize(
    "given",
    [{"facts": {"corporate_event": []}}, {"as_of": "2024-02-30"}],
)
def test_a_case_that_is_no_description_is_refused_with_its_place(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"^SP12\.yaml:3: case 'overdue': "):
        wrong(**given)


def test_what_a_person_must_decide_is_asked(tmp_path: Path) -> None:
    (policy,) = load_policies([own_policies(tmp_path, obligations=STOPPED)])
    (rule,) = policy.obligations
    (late,) = [part for part in rule.parts if part.part == "latest"]
    entry = {**CASE, "stopped_at": "2024-03-08T10:00+08:00"}
    facts = {"illegal_content_cases": [entry]}
    case = replace(OVERDUE, facts=facts, verdict="unknown", review=True, provision="ACME")
    for named in (rule, late):
        assert [*mismatches(case, CaseRunner().decide(case, policy, named))] == []
    open_case = replace(case, facts={"illegal_content_cases": [{**entry, "stopped_at": None}]})
    (said,) = mismatches(open_case, CaseRunner().decide(open_case, policy, late))
    assert said.en == "no finding is to be decided by a person"
