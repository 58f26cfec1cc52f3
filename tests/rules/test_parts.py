"""Parts of a rule as a policy writes them: what they inherit, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_icp.facts.files.schema import problems_of
from pytest_icp.kinds.policies import load_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.selection import RuleIds, levels
from tests.policies_of_ones_own import REPORT, STOPPED, own_policies


def read(folder: Path, text: str = STOPPED, statutes: str = "") -> Policy:
    rules = own_policies(folder, obligations=text)
    if statutes:
        (rules / "statutes.yaml").write_text(statutes, "utf-8")
    (policy,) = load_policies([rules])
    return policy


def parts(policy: Policy) -> dict[str, Obligation]:
    (rule,) = policy.obligations
    return {part.part: part for part in rule.parts}


def test_a_part_inherits_what_it_does_not_write(tmp_path: Path) -> None:
    found = parts(read(tmp_path))
    latest, at_once = found["latest"], found["at-once"]
    assert (latest.each, latest.where) == (at_once.each, at_once.where)
    assert (latest.fix.en, at_once.fix.en) == (
        "Stop it now.",
        "Have somebody on duty who can stop it.",
    )
    assert latest.written.fields.get("act")
    assert (latest.rule_id, latest.own_id) == ("ACME/stopped", "ACME/stopped#latest")
    assert [one.id for one in latest.relies_on] == ["acme.latest"]


def test_a_part_without_an_article_has_its_error_where_it_is_cited(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, STOPPED.replace("basis: own", "basis: own\n    cites: [none-such]"))
    assert caught.value.message.en == "no citation is called 'none-such'"
    assert caught.value.place
    assert "cites" in caught.value.place.excerpt


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        (
            "- name: latest",
            "- nmae: latest",
            "- nmae: latest",
            "missing key 'name'",
            "name: within-24h",
        ),
        ("name: latest", "name: at-all", "name: at-all", "two parts have the name 'at-all'", ""),
        (
            "name: latest",
            "name: Latest",
            "name: Latest",
            "'Latest' does not have the form",
            "within-24h",
        ),
        ("hours: 24", "huors: 24", "huors", "unknown key 'huors'", "'hours'"),
        (
            "require: {stopped_at: {not: never}}",
            "act: stopped_at\n        require: {stopped_at: {not: never}}",
            "act: stopped_at",
            "unknown key 'act'",
            "",
        ),
        (
            "anchor: discovered_at",
            "anchor: discoverd_at",
            "discoverd_at",
            "no description has",
            "'discovered_at'",
        ),
        (
            "where: {confirmed",
            "where: {cnofirmed",
            "cnofirmed",
            "no description has",
            "'confirmed'",
        ),
        ("level: review", "level: reveiw", "reveiw", "'reveiw' is not one of", "'review'"),
        ("        level: review\n", "", "- name: latest", "missing key 'level'", ""),
        (
            "acme.latest",
            "acme.last",
            "acme.last",
            "no number is called 'acme.last'",
            "'acme.latest'",
        ),
        (
            "act: stopped_at",
            "act: stopped_at\n    level: advisory",
            "level",
            "no part uses 'level'",
            "remove it",
        ),
        (
            "- name: latest",
            "- id: x\n        name: latest",
            "id: x",
            "'id' is not allowed here",
            "",
        ),
        (
            "kind: condition",
            "kind: conditon",
            "conditon",
            "'conditon' is not one of",
            "'condition'",
        ),
        (
            "where: {confirmed: true}",
            "where: {confirmed: {oneOf: 1}}",
            "oneOf",
            "'oneOf' cannot be a key",
            "",
        ),
    ],
)
def test_a_mistake_has_its_line_and_the_nearest_name(
    tmp_path: Path, old: str, new: str, line: str, message: str, hint: str
) -> None:
    assert old in STOPPED
    with pytest.raises(InputError) as caught:
        read(tmp_path, STOPPED.replace(old, new, 1))
    found = problems_of(caught.value)[0]
    told = next(one for one in found if message in one.message.en)
    assert told.place
    assert line in told.place.excerpt
    assert hint in told.hint.en


def test_what_parts_inherit_is_wrong_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, STOPPED.replace("act: stopped_at\n", "act: stopped_at\n    wihtin: 1\n", 1))
    messages = [one.message.en for one in problems_of(caught.value)[0]]
    assert messages.count("unknown key 'wihtin'") == 1


def test_a_field_that_no_part_inherits_is_refused(tmp_path: Path) -> None:
    text = STOPPED.replace("act: stopped_at", "act: stopped_at\n    within: {hours: 9}", 1)
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert caught.value.message.en == "no part uses 'within'"


def test_a_kind_that_a_part_names_is_known_to_be_needed(tmp_path: Path) -> None:
    from pytest_icp.kinds.policies import absent_kinds

    folder = own_policies(tmp_path, obligations=STOPPED.replace("kind: condition", "kind: ours"))
    assert set(absent_kinds([folder], {"dated"})) == {"ours"}


def test_ids_and_levels_of_rules_and_parts(tmp_path: Path) -> None:
    policy = read(tmp_path, STOPPED + REPORT)
    known = levels([policy])
    assert known["ACME/stopped"] == {"mandatory", "review", "advisory"}
    assert known["ACME/report"] == {"review", "advisory"}
    assert known["ACME/stopped#latest"] == {"review"}
    ids = RuleIds.of([policy])
    assert "ACME/stopped#latest" in ids.parts
    assert "ACME/stopped#latest" not in ids.every
    assert ids.misnames_part("ACME/stopped#latst")
    assert not ids.misnames_part("ACME/stopped#latest")
    assert not ids.misnames_part("ACME/stopped")
