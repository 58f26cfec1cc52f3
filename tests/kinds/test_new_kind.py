"""A new kind is its module with a schema part, and its cases: all else follows from those two.

This module is such a kind: `Cap`, its check, its part of the schema and two cases. It is read,
explained, linted, mutated, fuzzed, completed and documented without a line anywhere else.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from handbook import provisions
from msgspec.structs import replace

from pytest_icp.authoring.cases import CaseRunner, read_cases
from pytest_icp.authoring.fuzzing.running import Effort, fuzz
from pytest_icp.authoring.lint.run import remarks
from pytest_icp.authoring.mutation import run
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.facts.files.schema import validator
from pytest_icp.kinds import Kind
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import NOT_APPLICABLE, SATISFIED, Judgement, missing, violated
from pytest_icp.kinds.policies import load_policies, written_policies
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import plain
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.explain import rule_blocks
from pytest_icp.rules.fields import policy_schema, policy_schema_name
from pytest_icp.rules.policies import PolicySelection, WrittenPolicy
from pytest_icp.rules.policy import Obligation, Spec
from tests.authoring.fuzzing.fuzzed import situation
from tests.policies_of_ones_own import own_policies

# ---- The kind


class Cap(Spec, frozen=True):
    number: str
    most: float
    require: Node = ANYTHING


def check_cap(obligation: Obligation, context: Context) -> Outcome:
    spec = obligation.spec_as(Cap)

    def judge(subject: Subject) -> Judgement:
        number = context.fact(subject, spec.number)
        if not isinstance(number.value, int | float):
            return missing(subject, number.tokens)
        if number.value <= spec.most:
            return NOT_APPLICABLE
        met = context.decide.truth(spec.require, subject.value)
        if met:
            return SATISFIED
        if met is None:
            return missing(subject, (*subject.tokens, "commercial"))
        found, fewer = plain(str(number.value)), plain(str(spec.most))
        return violated(subject, number.tokens, plain("too many"), found=found, required=fewer)

    return judge_each(obligation, context, judge)


PART: dict[str, Any] = {
    "title": "上限 | cap",
    "description": "数量超过上限的，须满足条件。 | Above a limit, a condition is met.",
    "type": "object",
    "required": ["each", "number", "most", "require"],
    "properties": {
        "number": {
            "title": "数量 | Number",
            "x-icp-label": "比对内容 | compared",
            "x-icp-says": "{}超过 {most} | {} is more than {most}",
            "$ref": "#/$defs/Path",
        },
        "most": {"title": "上限 | Most", "$ref": "#/$defs/Number"},
        "require": {
            "title": "要求 | Requirement",
            "x-icp-field": "requirement",
            "x-icp-label": "要求 | required",
            "$ref": "#/$defs/Condition",
        },
    },
}
KIND = Kind("cap", Cap, check_cap, PART)

# ---- Its cases

DUTY = """\
  - id: many
    title: {zh: 用户很多的业务, en: Services with many users}
    meaning: {zh: 用户超过一万的业务须已申报。, en: Services with many users are declared.}
    fix: {zh: 申报。, en: Declare it.}
    kind: cap
    level: mandatory
    basis: own
    each: services
    number: registered_users
    most: 10000
    require: {commercial: true}
"""
CASES = """\
provision: ACME
working_days_until: 2024
cases:
  - name: as many as may be, and one more
    rule: ACME/many
    as_of: 2024-06-03
    facts: {services: [{id: a, registered_users: 10000, commercial: false},
                       {id: b, registered_users: 10001, commercial: true}]}
    verdict: satisfied
  - name: one too many
    rule: ACME/many
    as_of: 2024-06-03
    facts: {services: [{id: a, registered_users: 10001, commercial: false}]}
    verdict: violated
"""

SERVICE = {"id": "a", "launched_on": "2020-01-01"}

# ---- What follows


def read(folder: Path, duty: str = DUTY) -> WrittenPolicy:
    rules = own_policies(folder, obligations=duty, cases=CASES)
    (written,) = written_policies([rules], kinds={"cap": KIND})
    return written


@pytest.fixture
def written(tmp_path: Path) -> WrittenPolicy:
    return read(tmp_path)


@pytest.fixture
def made(written: WrittenPolicy) -> Obligation:
    return written.policy.obligations[0]


def test_a_field_that_its_spec_lacks_is_refused(tmp_path: Path) -> None:
    more = {**PART["properties"], "note": {"title": "说明 | Note"}}
    lax = replace(KIND, schema={**PART, "properties": more})
    rules = own_policies(tmp_path, obligations=f"{DUTY}    note: nobody reads it\n", cases=CASES)
    said = "ACME.yaml:17:11: nothing of the kind 'cap' reads 'note', so it has no effect"
    with pytest.raises(InputError, match=said):
        load_policies([rules], kinds={"cap": lax})


def test_it_is_explained(written: WrittenPolicy, made: Obligation) -> None:
    explained = [*rule_blocks(written.policy, made, date(2024, 6, 3))]
    told = Screen("en", 200).text(explained)
    assert "Cap: above a limit, a condition is met." in told
    assert "(services.registered_users) is more than 10000" in told
    assert "required: “Commercial” is true" in told
    assert "超过 10000" in Screen("zh").text(explained)


def test_its_facts_are_checked_when_it_is_read(tmp_path: Path) -> None:
    wrong = read(tmp_path, DUTY.replace("registered_users", "registred_users"))
    made = remarks([PolicySelection(written=wrong)], [wrong], date(2024, 6, 3))
    assert "unknown-fact" in {one.code for one in made}


def test_it_is_linted(tmp_path: Path) -> None:
    idle = read(tmp_path, DUTY.replace("commercial: true", "commercial: {type: boolean}"))
    made = remarks([PolicySelection(written=idle)], [idle], date(2024, 6, 3))
    assert "always" in {one.code for one in made}


def test_its_cases_notice_every_change(tmp_path: Path, written: WrittenPolicy) -> None:
    cases = [case for file in read_cases(tmp_path / "cases") for case in file.cases]
    runner = CaseRunner(kinds={"cap": KIND})
    outcome = run([PolicySelection(written=written)], cases, (), runner)
    (score,) = outcome.scores
    # Another number of a service may take the place of this one, so how many depends on the schema.
    assert score.killed == score.tried > 3
    assert [one.id for one in outcome.survivors] == []


def test_it_is_fuzzed(written: WrittenPolicy, made: Obligation) -> None:
    trial = Trial(obligation=made, policy=written.policy, kinds={"cap": KIND})
    facts = {"services": [{**SERVICE, "registered_users": 10001, "commercial": True}]}
    assert fuzz(trial, situation(facts), Effort()) is None


def test_an_editor_completes_it(written: WrittenPolicy) -> None:
    assert policy_schema({"cap": PART})["$defs"]["Cap"] is PART
    allows = validator(policy_schema_name({"cap": PART}))
    assert allows.is_valid(written.data)
    entry: Any = written.data["obligations"]
    assert not allows.is_valid({**written.data, "obligations": [{**entry[0], "mots": 1}]})
    folder = written.file.path.parents[1] / "twice"
    folder.mkdir()
    with pytest.raises(InputError):
        read(folder, DUTY.replace("most", "mots"))


def test_it_has_its_place_on_the_page(made: Obligation) -> None:
    text = "\n".join(provisions.duty(made, "en", {}))
    assert "`cap`, Cap: above a limit" in text
    assert "`services.registered_users`" in text
