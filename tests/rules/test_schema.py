from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds import kinds
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.policies import load_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.policy import Spec
from pytest_icp.rules.schema import fields_of
from tests.rules.test_policies import OBLIGATION, POLICY

FIELDS = {"type": "object", "required": ["fact"], "properties": {"fact": {"type": "string"}}}


class Named(Spec, frozen=True):
    fact: str


def no_check(*_: object) -> Outcome:
    raise AssertionError("nothing is decided here")


NAMED = Kind("named", Named, no_check, FIELDS)


def read(folder: Path, kinds: dict[str, Any], **changed: Any) -> Any:
    entry = {key: value for key, value in OBLIGATION.items() if key != "require"}
    policy = {**POLICY, "obligations": [{**entry, **changed}]}
    (folder / "OWN.yaml").write_text(json.dumps(policy, ensure_ascii=False), "utf-8")
    return load_policies([folder], kinds=kinds)


def test_the_fields_of_a_kind_stand_in_the_published_schema() -> None:
    assert {"act", "anchor"} <= fields_of("dated")["properties"].keys()
    assert "act" not in fields_of("condition")["properties"]


def test_a_kind_of_ones_own_has_its_fields_beside_the_common_ones(tmp_path: Path) -> None:
    (policy,) = read(tmp_path, {"named": NAMED}, kind="named", fact="name", where={"name": "甲"})
    (obligation,) = policy.obligations
    assert (obligation.kind, obligation.spec_as(Named).fact) == ("named", "name")


@pytest.mark.parametrize(
    ("kinds", "changed"),
    [
        ({"named": NAMED}, {"kind": "named"}),
        ({"named": NAMED}, {"kind": "named", "fact": 1}),
        ({"named": NAMED}, {"kind": "other", "fact": "name"}),
        ({}, {"kind": "named", "fact": "name"}),
    ],
)
def test_what_it_does_not_know_is_refused(
    tmp_path: Path, kinds: dict[str, Any], changed: dict[str, Any]
) -> None:
    with pytest.raises(InputError):
        read(tmp_path, kinds, **changed)


def test_a_kind_may_have_no_fields_of_its_own(tmp_path: Path) -> None:
    (policy,) = read(
        tmp_path, {"bare": Kind("bare", Spec, no_check, {"type": "object"})}, kind="bare"
    )
    assert policy.obligations[0].kind == "bare"


def test_a_kind_may_be_called_as_a_type_of_the_schema_is(tmp_path: Path) -> None:
    (policy,) = read(tmp_path, {"text": replace(NAMED, name="text")}, kind="text", fact="name")
    assert policy.obligations[0].kind == "text"


def test_the_schema_of_a_kind_has_the_fields_that_its_spec_reads() -> None:
    for name, kind in kinds().items():
        assert {*fields_of(name)["properties"]} == {*kind.spec.__struct_encode_fields__}, name
