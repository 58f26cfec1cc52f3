"""Lines that declare a fact: whoever pastes them has said nothing that is not so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp.facts.fields import form_of, line_to_add
from pytest_icp.facts.files.properties import made_schema, members, property_at
from pytest_icp.facts.files.schema import validator
from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds.policies import default_policies
from pytest_icp.rules.policy import Obligation, facts_read
from tests.helpers import for_each

DAY = {"x-icp-time": "event", "anyOf": [{"const": "never"}, {"type": ["string", "null"]}]}
SCHEMA = {
    "properties": {
        "applied_on": DAY,
        "intention": {"enum": ["renew", "exit", None]},
        "cii": {"type": ["boolean", "null"]},
        "number": {"type": ["string", "null"]},
        "staff": {"type": ["integer", "null"]},
        "share": {"anyOf": [{"const": "none"}, {"type": "number"}]},
        "codes": {"enum": [f"A{i:02}" for i in range(40)]},
        "span": {
            "properties": {"days": {"type": "integer"}, "months": {"type": "integer"}},
            "maxProperties": 1,
        },
        "hosts": {"type": "array", "items": {"type": "string"}},
        "kinds": {"type": "array", "items": {"enum": ["access", "login"]}},
        "stores": {"type": ["array", "null"], "items": {"$ref": "#/$defs/Store"}},
    },
    "$defs": {
        "Store": {
            "required": ["id", "kept"],
            "properties": {
                "name": {"type": "string"},
                "id": {"type": "string"},
                "kept": {"properties": {"days": {}}},
                "kinds": {"type": "array"},
                "codes": {"enum": [f"A{i:02}" for i in range(40)]},
                "seen_on": DAY,
            },
        }
    },
}


T = made_schema(SCHEMA)


@pytest.mark.parametrize(
    ("pointer", "lines"),
    [
        ("/applied_on", "applied_on: null  # YYYY-MM-DD | never"),
        ("/intention", "intention: null  # renew | exit"),
        ("/cii", "cii: null  # true | false"),
        ("/number", "number: null"),
        ("/staff", "staff: null  # n"),
        ("/share", "share: null  # n | none"),
        ("/span", "span: null  # {days: n} | {months: n}"),
        ("/span/days", "span:\n  days: null  # n"),
        ("/hosts", "hosts: null  # [] | […, …]"),
        ("/hosts/0", "hosts:\n  - null"),
        ("/kinds", "kinds: null  # [] | [access | login, …]"),
        ("/kinds/2", "kinds:\n  - null  # access | login"),
        ("/stores", "stores: null  # [] | [{id: …, kept: {…}, name: …, kinds: […], …}, …]"),
        ("/stores/1", "stores:\n  - null  # {id: …, kept: {…}, name: …, kinds: […], …}"),
        ("/stores/1/seen_on", "stores:\n  - # 2\n    seen_on: null  # YYYY-MM-DD | never"),
        ("/unheard/of", "unheard:\n  of: null"),
        ("", ""),
    ],
)
def test_the_line_to_add(pointer: str, lines: str) -> None:
    assert line_to_add(T, pointer) == lines


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("business_places.display_photo", "none | {statement: …, document: …, sha256: none | …, "),
        ("log_stores.retention", "{days: n} | {months: n} | {years: n}"),
    ],
)
def test_a_word_that_stands_for_an_object_comes_first(path: str, form: str) -> None:
    assert form_of("description", path).startswith(form)


RULES: list[Obligation] = [o for policy in default_policies() for o in policy.obligations]
READ = sorted({fact for rule in RULES for fact in facts_read(rule)})
IDS = [fact for fact in READ if fact.endswith(".id")]
"""What duties join records by; an element is never without its id, so no line asks for one."""
FACTS = [fact for fact in READ if fact not in IDS]


def indexed(names: tuple[str, ...]) -> str:
    """The pointer of a fact in the first element of each list on its way."""
    steps = []
    for i, name in enumerate(names):
        found = property_at("description", ".".join(names[: i + 1]))
        several = found and found.types == ("array",) and i + 1 < len(names)
        steps.append(f"/{name}/0" if several else f"/{name}")
    return "".join(steps)


def completed(value: Any, names: tuple[str, ...] = ()) -> Any:
    """The same, with what the schema demands of each object."""
    if isinstance(value, list):
        return [completed(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    whole = {name: completed(below, (*names, name)) for name, below in value.items()}
    for name in members("description", ".".join(names)).required - whole.keys():
        found = property_at("description", ".".join((*names, name)))
        whole[name] = found.examples[0] if found else None
    return whole


@for_each("fact", FACTS)
def test_null_is_a_value_of_every_fact_that_a_rule_reads(fact: str, tmp_path: Path) -> None:
    path = tmp_path / f"{fact.replace('*', '-')}.yaml"
    path.write_text(line_to_add("description", indexed(tuple(fact.split(".")))), "utf-8")
    whole = completed({"apiVersion": "pytest-icp/v1", **as_object(read_source(path).data)})
    assert [error.message for error in validator("description").iter_errors(whole)] == []


@pytest.mark.parametrize("fact", IDS)
@pytest.mark.parametrize("element", [{}, {"id": None}], ids=["absent", "null"])
def test_an_id_is_never_wanting(fact: str, element: Any) -> None:
    first, *between = fact.split(".")[:-1]
    for name in reversed(between):
        element = {"id": "x", name: [element]}
    whole = {"apiVersion": "pytest-icp/v1", first: [element]}
    (error,) = validator("description").iter_errors(whole)
    assert '"id"' in error.message or error.instance_path[-1] == "id"


def as_object(data: Any) -> dict[str, Any]:
    assert isinstance(data, dict)
    return data
