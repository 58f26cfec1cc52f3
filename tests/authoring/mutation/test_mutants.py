from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.authoring.mutation import mutants
from pytest_icp.authoring.mutation.edits import Amounts, condition_edits
from pytest_icp.facts.files.properties import resource
from pytest_icp.kinds import Kind
from pytest_icp.kinds.condition import check_condition
from pytest_icp.kinds.policies import written_policies
from pytest_icp.rules.policies import WrittenPolicy
from pytest_icp.rules.policy import Spec
from tests.changed_law import changed
from tests.policies_of_ones_own import BACKUPS, STOPPED, own_policies

NONE = Amounts({})
SHIPPED = {written.policy.id: written for written in written_policies([resource("policies")])}


def changes(written: WrittenPolicy, rule: str) -> list[str]:
    return [one.id for one in mutants(written, frozenset({rule}))]


def shipped(rule: str) -> list[str]:
    return changes(SHIPPED[rule.split("/", maxsplit=1)[0]], rule)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("SP14/report", "yearly.to: number 03-31 -> 04-01"),
        ("SP14/report", "yearly.from: number 01-01 -> 01-02"),
        ("SP15-04/company-name", "what: word number"),
        ("SP15-08/user-scale", "where.anyOf.0.user_scale_after.minimum.times: number 2 -> 3"),
        ("SP08/grade", "with: drop extreme"),
        ("SP08/grade", "with.minutes: number 60 -> 59"),
        ("SP07/self-check", "every: unit 1 calendar_years -> 1 years"),
        ("SP15-09/action", "within: unit 24 hours -> 1 days"),
        ("SP03/international", "require.mode.enum: drop leased"),
        ("SP06/conformity-regraded", "of_where.level: turn minimum -> maximum"),
        ("SP06/units", "obligation: drop one"),
    ],
)
def test_mistakes_that_people_make_are_made(rule: str, change: str) -> None:
    assert change in shipped(rule)


@pytest.mark.parametrize(
    ("rule", "change"),
    [("SP14/report", "yearly: turn from <-> to"), ("SP08/grade", "with: drop minutes")],
)
def test_what_cannot_be_read_is_no_change(rule: str, change: str) -> None:
    assert change not in shipped(rule)


def test_no_change_is_made_twice_and_each_is_read() -> None:
    every = [(one.rule, one.id) for one in mutants(SHIPPED["SP13"])]
    assert len(set(every)) == len(every)
    assert ("SP13", "obligation: drop applies") in every
    assert ("SP13/cancel", "obligation: remove") in every


FIELDS = {"type": "object", "properties": {"least": {"type": "integer"}}, "required": ["least"]}


class Counted(Spec, frozen=True):
    least: int


KIND = Kind("counted", Counted, check_condition, FIELDS)


def test_kinds_of_others_are_changed_as_their_schema_allows(tmp_path: Path) -> None:
    lines = BACKUPS.replace("kind: dated", "kind: counted").split("    act")[0]
    folder = own_policies(tmp_path, obligations=f"{lines}    least: 3\n")
    (written,) = written_policies([folder], kinds={"counted": KIND})
    found = changes(written, "ACME/answered")
    assert {"least: number 3 -> 4", "obligation: drop where"} <= set(found)
    assert "obligation: drop least" not in found


def test_conditions_on_numbers_are_changed_by_one() -> None:
    found = [
        one.id for one in condition_edits({"n": 3, "tags": {"some": {"enum": ["x"]}}}, "", NONE)
    ]
    assert {"n: number 3 -> 4", "n: number 3 -> 2", "n: negate"} <= set(found)
    assert not [one for one in found if "drop x" in one]
    assert [*NONE.edits("text")] == []
    named = [one.id for one in condition_edits({"name": {"not": "x", "minLength": 1}}, "", NONE)]
    assert named == ["name: drop not", "name.not: negate"]
    assert [one.id for one in condition_edits({}, "", NONE)] == []


def test_bounds_that_are_spans_and_other_facts_are_changed() -> None:
    kept = {one.id for one in condition_edits({"kept": {"minimum": {"months": 6}}}, "", NONE)}
    assert {"kept.minimum.months: number 6 -> 5", "kept: turn minimum -> maximum"} <= kept
    assert not [one for one in kept if "drop" in one]
    twice = {"now": {"minimum": {"of": "was", "times": 2}}}
    found = {one.id for one in condition_edits(twice, "releases", NONE)}
    assert {"now.minimum.times: number 2 -> 3", "now.minimum: drop times"} <= found


def of_parts(folder: Path) -> dict[str, list[str]]:
    (written,) = written_policies([own_policies(folder, obligations=STOPPED)])
    made: dict[str, list[str]] = {}
    for one in mutants(written):
        made.setdefault(one.rule, []).append(one.id)
    return made


def test_the_whole_and_each_part_are_changed_where_they_are_written(tmp_path: Path) -> None:
    made = of_parts(tmp_path)
    assert "obligation: drop where" in made["ACME/stopped"]
    assert "act: fact stopped_at -> disposed_at" in made["ACME/stopped"]
    assert made["ACME/stopped#latest"][0] == "part: remove"
    assert "within.hours: number 24 -> 25" in made["ACME/stopped#within-24h"]
    assert "within: unit 24 hours -> 1 days" in made["ACME/stopped#within-24h"]
    assert "obligation: turn within -> ahead" not in made["ACME/stopped"]
    # What it inherits is changed once, in the whole.
    parts = [name for name in made if "#" in name]
    assert len(parts) == 4
    assert not [change for name in parts for change in made[name] if change.startswith("act")]


def test_the_days_of_a_number_and_of_a_list_are_left_out() -> None:
    edits = Amounts(changed("p12.update", 30, 20, "2026-03-01")).edits({"parameter": "p12.update"})
    assert [(one.id, one.value) for one in edits] == [
        ("obligation: number without its days", 20),
        ("obligation: number 20 -> 21", 21),
        ("obligation: number 20 -> 19", 19),
    ]
    assert "values: list without its days" in shipped("SP15-01/pre-approval")
    assert not [one for one in shipped("SP09/six-months") if "without its days" in one]
