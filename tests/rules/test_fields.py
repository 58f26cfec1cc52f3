"""A kind that nobody knows is read by what its schema says of its fields."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from pytest_icp.kinds import Kind, kinds
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.policies import load_policies
from pytest_icp.law.errors import InputError
from pytest_icp.rules.fields import CONDITIONS, PATHS, Field, Written, fields_of, policy_schema
from pytest_icp.rules.policy import Spec, facts_read
from tests.rules.test_policies import OBLIGATION, POLICY

PATH = {"$ref": "#/$defs/Path"}
PART: dict[str, Any] = {
    "type": "object",
    "required": ["each"],
    "x-icp-implies": ["status"],
    "properties": {
        "papers": {"x-icp-field": "records", "x-icp-of": ["/"], **PATH},
        "papers_where": {"x-icp-of": ["papers"], "$ref": "#/$defs/Condition"},
        "days": {
            "x-icp-field": "day",
            "anyOf": [PATH, {"type": "array", "items": PATH}],
        },
        "place": {"x-icp-words": {"nowhere": "无 | nowhere"}, **PATH},
        "term": {
            "type": "object",
            "properties": {
                "days": {"x-icp-unit": "days", "$ref": "#/$defs/Amount"},
                "after": {"x-icp-field": "day", "x-icp-of": ["each", "papers"], **PATH},
            },
            "if": {"minProperties": 2},
            "then": {"x-icp-implies": ["/renewal/decision"]},
        },
        "only": {
            "x-icp-implies": ["features.{}"],
            "type": "array",
            "items": {"$ref": "#/$defs/Code"},
        },
        "note": {"type": "string"},
    },
}


def written(**fields: Any) -> Field:
    entry = {"kind": "house", "each": "sites", **fields}
    return Written(entry, {"house": PART}).fields


def read(**fields: Any) -> list[str]:
    return [path for path, _ in written(**fields).reads()]


@pytest.mark.parametrize("days", ["live_on", ["live_on", "closed_on"]])
def test_an_element_of_a_list_is_what_the_list_is_said_to_be(days: Any) -> None:
    found = [field for field in written(days=days).walk() if field.is_path]
    assert [(field.what, field.name) for field in found if field.name != "each"] == [
        ("day", "days") for _ in ([days] if isinstance(days, str) else days)
    ]


def test_facts_are_implied_by_a_kind_by_a_field_and_on_a_condition() -> None:
    assert read() == ["sites", "sites.status"]
    assert "renewal.decision" in read(term={"after": "live_on", "days": 1})
    assert "renewal.decision" not in read(term={"after": "live_on"})
    assert "sites.features.search_scope" in read(only=["B25.search"])


def test_nobody_knows_what_is_not_marked() -> None:
    (note,) = (field for field in written(note="name").walk() if field.name == "note")
    assert (note.what, note.paths, note.members) == ("", (), ())


MARKS = {
    *("field", "of", "implies", "words", "label", "says", "absent", "joined", "unit"),
    *("stricter", "after", "term", "event", "path", "deed", "past", "evidence", "by-rule"),
    *("bounded-by-licence", "counts", "time", "like", "no-areas"),
}
NATURES = (
    PATHS
    | CONDITIONS
    | {"amount", "number", "length", "pairs", "rule", "month-day", "code", "words", "gates"}
)


def test_the_schema_uses_only_marks_that_are_read() -> None:
    used: set[str] = set()
    natures: set[str] = set()
    stack: list[Any] = [policy_schema({})]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            used |= {key.removeprefix("x-icp-") for key in value if key.startswith("x-icp-")}
            natures |= {value["x-icp-field"]} if "x-icp-field" in value else set()
            stack += value.values()
        elif isinstance(value, list):
            stack += value
    assert used == MARKS
    assert natures == NATURES


# ---- The schema of policies


FIELDS = {"type": "object", "required": ["fact"], "properties": {"fact": {"type": "string"}}}


class Named(Spec, frozen=True):
    fact: str


def no_check(*_: object) -> Outcome:
    raise AssertionError("nothing is decided here")


NAMED = Kind("named", Named, no_check, FIELDS)


def loaded(folder: Path, kinds: dict[str, Any], **changed: Any) -> Any:
    entry = {key: value for key, value in OBLIGATION.items() if key != "require"}
    policy = {**POLICY, "obligations": [{**entry, **changed}]}
    (folder / "OWN.yaml").write_text(json.dumps(policy, ensure_ascii=False), "utf-8")
    return load_policies([folder], kinds=kinds)


def test_the_fields_of_a_kind_stand_in_the_published_schema() -> None:
    assert {"act", "anchor"} <= fields_of("dated")["properties"].keys()
    assert "act" not in fields_of("condition")["properties"]


def test_a_kind_of_ones_own_has_its_fields_beside_the_common_ones(tmp_path: Path) -> None:
    (policy,) = loaded(tmp_path, {"named": NAMED}, kind="named", fact="name", where={"name": "甲"})
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
        loaded(tmp_path, kinds, **changed)


def test_a_kind_may_have_no_fields_of_its_own(tmp_path: Path) -> None:
    (policy,) = loaded(
        tmp_path, {"bare": Kind("bare", Spec, no_check, {"type": "object"})}, kind="bare"
    )
    assert policy.obligations[0].kind == "bare"


def test_a_kind_may_be_called_as_a_type_of_the_schema_is(tmp_path: Path) -> None:
    (policy,) = loaded(tmp_path, {"text": replace(NAMED, name="text")}, kind="text", fact="name")
    assert policy.obligations[0].kind == "text"


def test_the_schema_of_a_kind_has_the_fields_that_its_spec_reads() -> None:
    for name, kind in kinds().items():
        assert {*fields_of(name)["properties"]} == {*kind.spec.__struct_encode_fields__}, name


def test_what_both_bases_demand_reads_facts_too(tmp_path: Path) -> None:
    both = ["licence", "statute"]
    (policy,) = loaded(tmp_path, {}, kind="condition", require={"name": "甲"}, basis=both)
    assert policy.obligations[0].basis == "both"
    assert facts_read(policy.obligations[0]) == ("company.name",)


def test_the_records_of_a_condition_are_those_that_it_is_said_to_be_of() -> None:
    act = {"of": "/renewal", "at": "applied_on", "where": {"decision": "granted"}}
    entry = {"kind": "dated", "each": "sites", "act": act, "where": {"id": "a"}}
    whole = Written(entry).fields
    where = whole.get("act", "where")
    assert where is not None
    assert where.records == whole.get("act", "of")
    assert whole.get("where").records is None  # type: ignore[union-attr]  # it is written
