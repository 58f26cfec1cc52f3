from __future__ import annotations

from pathlib import Path

from pytest_icp.cli.deciding import Decider
from pytest_icp.engine import Scene, prepare
from pytest_icp.facts.description import load
from pytest_icp.facts.scoping import scoping_questions
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.policies import default_policies
from pytest_icp.law.times import as_of_instant

POLICIES = default_policies()
RULES = frozenset(o.rule_id for policy in POLICIES for o in policy.obligations)


def scene(folder: Path, more: str = "") -> Scene:
    path = folder / "some.icp.yaml"
    path.write_text(f"apiVersion: pytest-icp/v1\nlicence_file: licence.yaml\n{more}", "utf-8")
    return prepare(load(path), as_of=as_of_instant("2025-12-01"))


def test_each_rule_is_closed_once_and_the_most_at_once_first(folder: Path) -> None:
    decider = Decider(scene(folder), POLICIES, RULES)
    found = list(decider.closing(scoping_questions(), 99))
    closed = [rule for one in found for rule in one.rules]
    assert len(closed) == len({*closed}) > 100
    sizes = [len(one.rules) for one in found]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] > 0


def test_the_nos_together_close_what_they_say(folder: Path) -> None:
    from pytest_icp.facts.scoping import answered

    at = scene(folder)
    decider = Decider(at, POLICIES, RULES)
    facts = at.description.facts
    found = list(decider.closing(scoping_questions(), 12))
    assert len(found) == 12
    for one in found:
        facts = answered(facts, one.asked)
    closed = [rule for one in found for rule in one.rules]
    assert {*decider.verdicts(facts, closed).values()} == {Verdict.NOT_APPLICABLE}


def test_a_question_that_closes_is_the_last_if_there_is_no_other(folder: Path) -> None:
    decider = Decider(scene(folder), POLICIES, RULES)
    first, *_ = decider.closing(scoping_questions(), 1)
    assert list(decider.closing([first.asked], 9)) == [first]


def test_only_the_rules_that_bind_and_were_asked_for_are_decided(folder: Path) -> None:
    some = frozenset({"SP08/act", "SP12/renewal"})
    decider = Decider(scene(folder), POLICIES, some)
    assert {*decider.rules} == some
    found = list(decider.closing(scoping_questions(), 99))
    assert {rule for one in found for rule in one.rules} <= some
