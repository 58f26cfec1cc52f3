"""Each of the eight fields of provision 1 is decided by a rule, and asked of the statement."""

from __future__ import annotations

import pytest

from pytest_icp.facts.files.properties import members, property_at
from pytest_icp.kinds.policies import default_policies
from tests.obligations import written

RULES = {
    "numbering": "SP01/number-permit",
    "tariffs": "SP01/tariffs",
    "market": "SP02/scope",
    "service_quality": "SP05/answer",
    "equipment": "SP01/equipment",
    "facilities": "SP03/build",
    "work_safety": "SP01/work-safety",
    "network_security": "SP06/filing",
}
"""One of the rules of each field; most have several."""

OBLIGATIONS = {o.rule_id: o for policy in default_policies() for o in policy.obligations}


@pytest.mark.parametrize("field", RULES)
def test_every_field_has_a_rule(field: str) -> None:
    assert RULES[field] in OBLIGATIONS


def test_the_statement_is_asked_for_every_field() -> None:
    (fields,) = (one for one in OBLIGATIONS["EVID/papers"].parts if one.part == "fields")
    assert written(fields)["values"] == list(RULES)


def test_a_document_may_name_every_field() -> None:
    assert property_at("description", "attestations.fields") is not None
    assert members("description", "attestations.fields").words == tuple(RULES)
