"""Which facts an obligation reads, and which decide whether it applies (事实路径)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.law.condition import ANYTHING, Node
from pytest_icp.law.once import once
from pytest_icp.rules.fields import Field, condition_paths, join_path

if TYPE_CHECKING:
    from pytest_icp.rules.policy import Applicability, Obligation, Policy


def facts_read(obligation: Obligation) -> tuple[str, ...]:
    """Return the facts (事实) that decide an obligation, as dotted paths of the description.

    Paths go through lists (``sites.domains``), and the licence is under ``licence``. A path may
    lead to an object that is read whole (``servers.location``). Facts that only decide whether
    the obligation applies are those of `facts_gating`. One with parts reads what these read, and
    one that names other rules reads what they do.
    """
    if not obligation.parts and not obligation.others:
        return obligation.written.facts
    every = (one for part in obligation.each_part for one in (part, *part.others))
    return tuple(dict.fromkeys(fact for one in every for fact in one.written.facts))


def facts_of_edition(obligation: Obligation) -> tuple[str, ...]:
    """Return the facts that tell whether the licence prints an obligation (版本)."""
    names = ("provisions_edition", "issued_on", "first_issued_on") if obligation.printed else ()
    return tuple(f"licence.{name}" for name in names)


def requirement(obligation: Field) -> Node:
    """Return the condition that subjects must meet, `ANYTHING` where the kind has none."""
    fields = (field for field in obligation.walk() if field.what == "requirement")
    return next((field.node for field in fields), ANYTHING)


@once
def facts_gating(rule: Applicability) -> tuple[str, ...]:
    """Return the facts that decide whether a provision or an obligation applies (适用条件)."""
    described = schema_document("policy")["$defs"]["Applies"]["properties"]
    given = (schema for name, schema in described.items() if getattr(rule, name))
    implied = (join_path("", path) for schema in given for path in schema.get("x-icp-implies", ()))
    return tuple(dict.fromkeys((*implied, *(condition_paths(rule.when) if rule.when else ()))))


def facts_needed(policy: Policy, obligation: Obligation) -> tuple[str, ...]:
    """Return the facts that an obligation reads, and those that decide whether it applies."""
    parts = obligation.each_part
    editions = (fact for one in parts for fact in facts_of_edition(one))
    gates = (fact for one in parts for fact in facts_gating(one.applies))
    needed = (*facts_read(obligation), *editions, *facts_gating(policy.applies), *gates)
    return tuple(dict.fromkeys(needed))
