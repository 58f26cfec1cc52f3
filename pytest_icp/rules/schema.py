"""Assembles the schema of policies from the common part and the part of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pytest_icp.facts.files.schema_files import SUFFIX, Schema, made_schema, schema_document
from pytest_icp.law.jsontypes import JsonObject

COMMON = Path(__file__).with_name(f"policy{SUFFIX}")
"""What all kinds share; with the parts of the product's kinds it is the published schema."""


def with_kinds(schema: Schema, parts: Mapping[str, JsonObject]) -> Schema:
    """Return a schema of policies whose obligations may also be of some kinds.

    ``parts`` are object schemas of the fields that an obligation has beside the common ones, by
    the name of the kind; each becomes a definition of its own. An obligation with parts, and a
    part, have the common ones too.
    """
    defs = {**schema["$defs"]}
    obligation = defs["Obligation"]
    named = obligation["properties"]["kind"]
    branches = [*obligation["allOf"]]
    for name, part in parts.items():
        key = name.capitalize()
        while key in defs:
            key += "Kind"
        defs[key] = part
        is_kind = {"properties": {"kind": {"const": name}}, "required": ["kind"]}
        branches.append({"if": is_kind, "then": {"$ref": f"#/$defs/{key}"}})
    known = {**named, "enum": [*named["enum"], *parts]}
    properties = {**obligation["properties"], "kind": known}
    defs["Obligation"] = {**obligation, "properties": properties, "allOf": branches}
    for name, left_out in (("ObligationWithParts", ()), ("Part", ("id",))):
        shared = {one: schema for one, schema in properties.items() if one not in left_out}
        defs[name] = {**defs[name], "properties": {**defs[name]["properties"], **shared}}
    return {**schema, "$defs": defs}


def fields_of(kind: str) -> Schema:
    """Return the part of the published schema that has the fields of a kind."""
    defs = schema_document("policy")["$defs"]
    of_kinds = (one for one in defs["Obligation"]["allOf"] if "$ref" in one["then"])
    named = {one["if"]["properties"]["kind"]["const"]: one["then"]["$ref"] for one in of_kinds}
    part: Schema = defs[named[kind].rpartition("/")[2]]
    return part


def policy_schema(kinds: Mapping[str, JsonObject]) -> Schema:
    """Return the published schema of policies, with kinds that plugins add."""
    published = schema_document("policy")
    return with_kinds(published, kinds) if kinds else published


def policy_schema_name(kinds: Mapping[str, JsonObject]) -> str:
    """Return the name of the schema of policies, with kinds that plugins add."""
    return made_schema(policy_schema(kinds)) if kinds else "policy"
