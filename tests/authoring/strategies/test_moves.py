"""What meets a condition and what does not; each move does what it says, by draws that are told."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.authoring.strategies.documents import VERSION, Situation, Tokens
from pytest_icp.authoring.strategies.moves import Move, Walker, is_later, solved
from pytest_icp.authoring.strategies.shapes import shape_at
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.kinds.finding import Finding, Outcome, Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.condition import ANYTHING, parse_condition
from pytest_icp.law.scope import parse_scope
from pytest_icp.law.text import plain
from pytest_icp.rules.patterns import DECIDE
from pytest_icp.rules.policy import Applicability, Obligation
from tests.authoring.strategies.drawing import drawing
from tests.obligations import obligation, policy

SITE: Tokens = ("sites", 0)
STAFF: Tokens = ("customer_service",)
EVENT: Tokens = ("corporate_events", 0)
CONDITIONS: list[tuple[Any, Tokens]] = [
    ({"public": True}, SITE),
    ({"kind": "address"}, EVENT),
    ({"kind": {"enum": ["address", "merger"]}}, EVENT),
    ({"kind": {"not": {"enum": ["address", "merger"]}}}, EVENT),
    ({"changed_on": {"not": "never"}}, EVENT),
    ({"name": {"minLength": 2}}, SITE),
    ({"name": {"maxLength": 2}}, SITE),
    ({"name": {"pattern": "^a+$"}}, SITE),
    ({"staff_count": {"minimum": 3}}, STAFF),
    ({"staff_count": {"exclusiveMinimum": 3}}, STAFF),
    ({"staff_count": {"maximum": 3}}, STAFF),
    ({"staff_count": {"exclusiveMaximum": 3}}, STAFF),
    ({"allOf": [{"public": True}, {"production": True}]}, SITE),
    ({"anyOf": [{"public": True}, {"production": True}]}, SITE),
    ({"domains": {"some": "a.cn"}}, SITE),
    ({"domains": {"every": "a.cn"}}, SITE),
    ({"public": {"type": "boolean"}}, SITE),
]


@pytest.mark.parametrize(("written", "at"), CONDITIONS)
def test_what_is_made_meets_the_condition(written: Any, at: Tokens) -> None:
    node = parse_condition(written)
    made = solved(drawing(), node, {"id": "x", "domains": ["b.cn"]}, shape_at(at))
    assert DECIDE.truth(node, made) is True


@pytest.mark.parametrize(("written", "at"), [one for one in CONDITIONS if "type" not in str(one)])
def test_and_what_is_made_not_to_does_not(written: Any, at: Tokens) -> None:
    node = parse_condition(written)
    given = {"id": "x", "domains": ["a.cn"], "changed_on": "2024-01-31"}
    made = solved(drawing(), node, given, shape_at(at), meets=False)
    assert DECIDE.truth(node, made) is False


def test_a_list_that_is_not_there_gets_one_element() -> None:
    node = parse_condition({"domains": {"some": "a.cn"}})
    assert solved(drawing(), node, None, shape_at(SITE))["domains"] == ["a.cn"]


def test_facts_that_no_description_has_are_left_out() -> None:
    made = solved(drawing(), parse_condition({"colour": "red"}), {"id": "x"}, shape_at(SITE))
    assert made == {"id": "x"}


def test_elements_of_what_is_no_list_leave_it() -> None:
    node = parse_condition({"public": {"some": True}})
    assert solved(drawing(), node, {"public": False}, shape_at(SITE)) == {"public": False}


def test_fields_of_what_is_no_object_leave_it() -> None:
    at = ("sites", 0, "name")
    assert solved(drawing(), parse_condition({"a": 1}), "x", shape_at(at)) == "信息"


def test_a_number_is_made_beside_that_of_another_fact() -> None:
    node = parse_condition({"staff_count": {"minimum": {"of": "others", "times": 2}}})
    for meets in (True, False):
        made = solved(drawing(), node, {"others": 4}, shape_at(STAFF), meets=meets)
        assert DECIDE.truth(node, made) is meets
    alone = solved(drawing(), node, {}, shape_at(STAFF))
    assert DECIDE.truth(node, alone) is None


SHIPPED = {made.rule_id: (rule, made) for rule in default_policies() for made in rule.obligations}
PUBLIC = obligation("condition", where={"production": True}, require={"public": True})


def trial(made: Obligation, applies: Applicability | None = None) -> Trial:
    return Trial(obligation=made, policy=policy(made, applies=applies or Applicability()))


def walker(made: Obligation, applies: Applicability | None = None, *, day: bool = True) -> Walker:
    return Walker(trial(made, applies), fixed_day=day)


def shipped(rule: str) -> Walker:
    of, made = SHIPPED[rule]
    return Walker(Trial(obligation=made, policy=of), fixed_day=True)


def at(**facts: Any) -> Situation:
    return Situation(document={**VERSION, **facts}, as_of="2024-06-03")


def moved(move: Move, start: Situation, *told: Any) -> dict[str, Any]:
    return move(drawing(*told), start).document


def outcome(verdict: Verdict, *findings: Finding) -> Outcome:
    return Outcome(verdict=verdict, reason=plain("told"), findings=findings)


@pytest.mark.parametrize("wanted", list(Verdict))
@pytest.mark.parametrize("found", list(Verdict))
@pytest.mark.parametrize("day", [True, False])
def test_every_verdict_is_left_by_some_move(found: Verdict, wanted: Verdict, *, day: bool) -> None:
    made = walker(PUBLIC, day=day)
    start = at(sites=[{"id": "a"}])
    there = made.step(drawing(), start, outcome(found), wanted)
    assert isinstance(there, Situation)


def test_a_subject_is_added_that_is_meant() -> None:
    there = moved(walker(PUBLIC)._subject, at(sites=[{"id": "main"}]))
    assert there["sites"] == [{"id": "main"}, {"id": "信息", "production": True}]


def test_a_subject_is_matched_or_is_not() -> None:
    start = at(sites=[{"id": "a"}])
    assert moved(walker(PUBLIC)._match, start)["sites"] == [{"id": "a", "production": True}]
    assert moved(walker(PUBLIC)._unmatch, start)["sites"] == [{"id": "a", "production": False}]
    assert moved(walker(PUBLIC)._require(meets=False), start)["sites"][0]["public"] is False


def test_what_subjects_stand_in_is_matched_as_well() -> None:
    made = obligation(
        "condition",
        "sites.operator.licences",
        of_where={"name": "乙"},
    )
    move = walker(made)._match
    start = at(sites=[{"id": "a"}])
    assert moved(move, start, True)["sites"][0]["operator"]["name"] == "乙"
    assert "name" not in moved(move, start, False)["sites"][0]["operator"]


def test_subjects_that_no_description_has_are_left_alone() -> None:
    start = at()
    assert moved(walker(obligation("condition", "sites.nothing"))._match, start) == VERSION


def test_gates_are_opened() -> None:
    gate = Applicability(
        items=("B25",),
        without=("B25-2",),
        operates=("B25-1",),
        when=parse_condition({"company": {"type": "object"}}),
    )
    there = moved(walker(PUBLIC, gate)._gate, at())
    (line,) = there["licence"]["service_lines"]
    assert "B25-2" not in parse_scope(line["scope"]).permitted
    (service,) = there["services"]
    assert (service["declared_codes"], service["commercial"]) == (["B25-1"], True)
    assert moved(walker(PUBLIC)._gate, at()) == VERSION


def test_a_fact_is_forgotten_where_one_is_known() -> None:
    assert moved(walker(PUBLIC)._forget, at()) == VERSION
    start = at(sites=[{"id": "a", "public": True}])
    assert moved(walker(PUBLIC)._forget, start)["sites"] == [{"id": "a", "public": None}]


def test_a_fact_that_is_blamed_gets_another_value() -> None:
    start = at(sites=[{"id": "a", "public": True}, {"id": "b", "public": True}])
    place = ("sites", 1, "public")
    there = moved(walker(PUBLIC)._fact(["/sites/1"]), start, place, 0, False)
    assert there["sites"][1]["public"] is False
    unlikely = moved(walker(PUBLIC)._fact([]), start, place, 4)
    assert unlikely["sites"][1]["public"] is None


def test_what_reads_no_fact_that_there_is_is_left_alone() -> None:
    made = obligation("condition", "nowhere", records="neither")
    start = at(sites=[{"id": "a"}])
    assert walker(made)._fact([])(drawing(), start) == start


def test_the_last_day_of_all_can_be_left() -> None:
    start = replace(at(), as_of="2099-12-31")
    assert walker(PUBLIC)._day(drawing(), start).as_of == "2099-12-31"


def test_what_is_to_come_is_looked_at_on_its_own_day() -> None:
    made = obligation(
        "dated", "corporate_events", act="decided_on", anchor="changed_on", within={"days": 30}
    )
    start = at(corporate_events=[{"id": "e"}])
    told = (("corporate_events", 0, "changed_on"), 0, "2024-06-05", True)
    there = walker(made, day=False)._fact([])(drawing(*told), start)
    assert there.as_of == "2024-06-05"
    assert walker(made)._fact([])(drawing(*told), start).as_of == start.as_of


def test_any_value_that_is_allowed_may_stand_where_none_is_likely() -> None:
    made = obligation("condition", require={"name": {"minLength": 1}})
    assert walker(made).value(drawing(), at(), ("licence", "number")) is None


def test_a_record_is_added_until_there_are_enough() -> None:
    made = obligation("condition", records={"of": "/inspections", "where": {"inspector": "甲"}})
    move = walker(made)._add_record
    there = moved(move, at())
    assert len(there["inspections"]) == 1
    full = [{"id": name} for name in "abc"]
    assert "sites" in moved(move, at(inspections=full))


def test_a_record_is_dropped_where_there_is_one() -> None:
    move = walker(PUBLIC)._drop_record
    assert moved(move, at(sites=[{"id": "a"}]))["sites"] == []
    assert moved(move, at(sites=[])) == {**VERSION, "sites": []}


def test_a_paper_is_attested_with_its_file() -> None:
    registered = obligation("evidence", "company")
    there = walker(registered)._add_record(drawing(), at())
    (paper,) = there.document["attestations"]
    assert (paper["rule"], there.files) == ("SP99/made", (("evidence/paper.txt", b"signed\n"),))
    own = obligation("evidence", "customer_service", paper="system_doc")
    written = moved(walker(own)._attest, at())["customer_service"]["system_doc"]
    assert written["document"] == "evidence/paper.txt"
    lost = obligation("evidence", "customer_service", paper="nothing")
    assert moved(walker(lost)._attest, at()) == VERSION


def test_another_day_is_one_at_which_an_answer_may_turn() -> None:
    there = walker(PUBLIC)._day(drawing(), at())
    assert there.as_of == "2024-06-03"
    assert is_later("2024-06-04", "2024-06-03")
    assert not is_later("never", "2024-06-03")


@pytest.mark.parametrize(
    ("kind", "fields", "found"),
    [
        (
            "match",
            {"among": {"of": "/inspections", "at": "name", "where": {"kind": "a"}}},
            [("inspections", True)],
        ),
        (
            "match",
            {"among": {"of": "/inspections", "at": "name"}, "one": True},
            [("inspections", False)],
        ),
        (
            "match",
            {"among": {"of": "/inspections", "at": "name"}, "if_none": "not_applicable"},
            [("inspections", False)],
        ),
        ("dated", {"act": {"of": "reports", "at": "on"}, "every": {}}, [("sites.reports", True)]),
        ("dated", {"act": {"of": "reports", "at": "on"}, "yearly": {}}, [("sites.reports", False)]),
        ("dated", {"act": {"of": "cases", "at": "on"}, "within": {}}, [("sites.cases", True)]),
        ("dated", {"act": {"of": "cases", "at": "on"}, "ahead": 0}, [("sites.cases", True)]),
        ("dated", {"act": {"of": "cases", "at": "on"}, "lasts": {}}, [("sites.cases", False)]),
    ],
)
def test_where_records_lie(kind: str, fields: Any, found: list[tuple[str, bool]]) -> None:
    records = trial(obligation(kind, **fields)).records
    assert [(one.path, one.evidence) for one in records] == found
    assert [one.where is not ANYTHING for one in records] == ["where" in fields.get("among", ())]
