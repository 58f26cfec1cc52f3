"""Folders of policies: what is read, joined and refused."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from pytest_icp.engine import decide, prepare
from pytest_icp.facts.description import load_alone
from pytest_icp.facts.files.properties import resource
from pytest_icp.facts.files.source import parse_source
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.policies import (
    absent_kinds,
    default_policies,
    load_policies,
    written_policies,
)
from pytest_icp.law.errors import InputError
from pytest_icp.law.times import as_of_instant
from pytest_icp.rules.policies import select_policies
from pytest_icp.rules.policy import Obligation

SAY = {"zh": "自订", "en": "our own"}
OBLIGATION: dict[str, Any] = {
    "id": "own",
    "title": SAY,
    "meaning": SAY,
    "quote": SAY,
    "fix": SAY,
    "kind": "condition",
    "level": "mandatory",
    "basis": "licence",
    "cites": ["licence"],
    "each": "company",
    "require": {"name": {"minLength": 1}},
}
POLICY: dict[str, Any] = {
    "id": "OWN",
    "article": "自订",
    "title": SAY,
    "text": SAY,
    "obligations": [OBLIGATION],
}


def write(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
    return path


def own(folder: Path, **changed: Any) -> Path:
    write(folder / "OWN.yaml", {**POLICY, "obligations": [{**OBLIGATION, **changed}]})
    return folder


def refused(*folders: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_policies(folders)
    return caught.value


def test_the_products_policies_are_read_once() -> None:
    assert default_policies() is default_policies()


def test_the_products_policies_are_known_by_another_way_to_their_folder() -> None:
    ways = resource("policies"), os.path.relpath(resource("policies"))
    one, other = (load_policies([way]) for way in ways)
    assert [policy.id for policy in one] == [policy.id for policy in other]


def test_a_folder_binds_its_line_of_business(tmp_path: Path) -> None:
    for folder, name in (("common", "A"), ("b25", "B"), ("", "C"), ("b25.non_internet", "D")):
        write(tmp_path / folder / f"{name}.yaml", {**POLICY, "id": name})
    families = {policy.id: policy.family for policy in load_policies([tmp_path])}
    assert families == {"A": "", "B": "B25", "C": "", "D": "B25.non_internet"}


def test_a_folder_of_no_line_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "b99" / "OWN.yaml", POLICY)
    assert "not a catalogue code" in refused(tmp_path).message.en


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"cites": ["own-2"]}, "no citation is called 'own-2'"),
        ({"require": {"n": {"minimum": {"parameter": "own.m"}}}}, "no number is called 'own.m'"),
        ({"require": {"n": {"oneOf": []}}}, "oneOf"),
        ({"require": {"n": {"pattern": "("}}}, "not a regular expression"),
        ({"require": {"n": {"pattern": r"^x\Z"}}}, "uses what is not supported"),
        ({"where": {"n": {"pattern": "(?a)x"}}}, "uses what is not supported"),
        ({"applies": {"when": {"n": {"pattern": "(?a)x"}}}}, "uses what is not supported"),
        ({"require": {"n": {"inner": 1, "minimum": 1}}}, "cannot be used beside properties"),
        ({"applies": {"when": {"n": {"if": {}}}}}, "if"),
    ],
)
def test_what_nobody_defines_is_refused_with_its_place(
    tmp_path: Path, changed: dict[str, Any], said: str
) -> None:
    error = refused(own(tmp_path, **changed))
    assert said in error.message.en
    assert error.place is not None
    assert error.place.line is not None
    assert error.place.line > 1


def test_two_obligations_of_one_id_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "OWN.yaml", {**POLICY, "obligations": [OBLIGATION, OBLIGATION]})
    assert "two obligations" in refused(tmp_path).message.en


def test_two_policies_of_one_id_are_refused(tmp_path: Path) -> None:
    one, other = own(tmp_path / "a"), own(tmp_path / "b")
    error = refused(one, other)
    assert "two policies" in error.message.en
    assert str(one / "OWN.yaml") in error.hint.en


def test_a_file_of_another_name_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "OTHER.yaml", POLICY)
    assert refused(tmp_path).hint.en == "-> OWN.yaml"


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "no folder of policies" in refused(tmp_path / "nowhere").message.en


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "OWN.yaml").mkdir(parents=True)
    assert "folder" in refused(tmp_path).message.en


WITHIN = {"days": 30}
CERTIFICATE: dict[str, Any] = {
    **{key: value for key, value in OBLIGATION.items() if key != "require"},
    "id": "certificate",
    "kind": "dated",
    "each": "corporate_events",
    "act": {"of": "filings", "at": "submitted_at"},
    "anchor": "changed_on",
    "within": WITHIN,
}
PARTS = {
    **{key: value for key, value in CERTIFICATE.items() if key != "within"},
    "id": "parts",
    "parts": [{"name": "in-time", "title": SAY, "within": WITHIN}],
}


def agrees(rule: str, **where: Any) -> dict[str, Any]:
    """Return a rule that names another one."""
    own = {key: value for key, value in OBLIGATION.items() if key != "require"}
    compared = {"fact": "name", "among": "/licence/holder", "how": "name"}
    return {**own, "kind": "match", **compared, "while_open": {"rule": rule, **where}}


def folder(tmp_path: Path, *rules: dict[str, Any]) -> Path:
    write(tmp_path / "OWN.yaml", {**POLICY, "obligations": [*rules]})
    return tmp_path


def first(*folders: Path) -> Obligation:
    return load_policies(folders)[-1].obligations[0]


@pytest.mark.parametrize(
    ("rule", "said", "hint"),
    [
        ("OWN/certificates", "there is no rule 'OWN/certificates'", "OWN/certificate"),
        ("OWN/parts", "there is no rule 'OWN/parts'", "OWN/parts#in-time"),
        ("OWN/own", "OWN/own has no time `within` which to act, so it is never open", None),
    ],
)
def test_a_rule_that_is_never_open_is_refused(
    tmp_path: Path, rule: str, said: str, hint: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        first(folder(tmp_path, agrees(rule), CERTIFICATE, PARTS))
    assert caught.value.message.en == said
    near = f"did you mean '{hint}'?" if hint else ""
    assert (caught.value.hint.en if caught.value.hint else "") == near
    assert caught.value.place
    assert (
        "rule"
        in (tmp_path / "OWN.yaml")
        .read_text("utf-8")
        .splitlines()[(caught.value.place.line or 0) - 1]
    )


# ---- Which policies a command works on


def test_a_name_of_nothing_is_refused_with_the_one_that_was_meant() -> None:
    every = [*written_policies([resource("policies")])]
    assert select_policies(["SP12/renewal"], every)[0].rules == {"SP12/renewal"}
    with pytest.raises(InputError) as refused:
        select_policies(["SP12", "SP12/renewl"], every)
    assert refused.value.message.en == "no policy, rule or file is called 'SP12/renewl'"
    assert refused.value.hint
    assert "SP12/renewal" in refused.value.hint.en


def test_without_a_name_ones_own_policies_are_meant_else_all(tmp_path: Path) -> None:
    shipped = [*written_policies([resource("policies")])]
    assert len(select_policies([], shipped)) == len(shipped)
    (mine,) = select_policies([], [*shipped, *written_policies([own(tmp_path)])])
    assert [one.id for one in mine.obligations()] == ["own"]
    assert OBLIGATION["id"] in mine.written.file.content().decode()
    one = select_policies(["SP12/renewal"], shipped)[0]
    assert [rule.rule_id for rule in one.obligations()] == ["SP12/renewal"]


def test_a_kind_whose_code_is_not_run_decides_nothing(tmp_path: Path) -> None:
    folder = own(tmp_path, kind="ours", limit=3)
    broken = folder / "BROKEN.yaml"
    broken.write_text("[", "utf-8")
    kinds = absent_kinds([folder], {"dated"})
    broken.unlink()
    (policy,) = load_policies([folder], kinds=kinds)
    described = load_alone(parse_source(Path("a"), b'{"apiVersion": "pytest-icp/v1"}', ".json"))
    scene = prepare(described, as_of=as_of_instant("2026-12-01"), kinds=kinds)
    result = decide(scene, policy, policy.obligations[0])
    assert result.verdict is Verdict.UNKNOWN
    assert "comes with code of the repository, which is not run" in result.findings[0].message.en
