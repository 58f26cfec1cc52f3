"""Which facts an obligation reads, and which tell whether it applies, from the document's root."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_icp.facts.files.schema_files import schema_document
from pytest_icp.rules.fields import CONTAINERS, rooted, tested

if TYPE_CHECKING:
    from pytest_icp.rules.policy import Applicability, Obligation


def facts_read(obligation: Obligation) -> tuple[str, ...]:
    """Return the facts (事实) that decide an obligation, as dotted paths of the description.

    Lists are passed through (``sites.domains``), and the licence stands under ``licence``. A
    path may lead to an object that is read whole (``servers.location``). Facts that only tell
    whether the obligation applies are those of `facts_gating`.
    """
    each = rooted("", obligation.each)
    whole = obligation.written.fields
    found = [*whole.reads()]
    bases = {base for path, base in found if path != base}
    containers = {p for field in whole.walk() if field.what in CONTAINERS for p in field.paths}
    read = (path for path, _ in found if path != each and path not in containers & bases)
    return tuple(dict.fromkeys(read)) or (each,)


def facts_gating(rule: Applicability) -> tuple[str, ...]:
    """Return the facts that tell whether a provision or an obligation applies (适用条件)."""
    described = schema_document("policy")["$defs"]["Applies"]["properties"]
    given = (schema for name, schema in described.items() if getattr(rule, name))
    implied = (rooted("", path) for schema in given for path in schema.get("x-icp-implies", ()))
    return tuple(dict.fromkeys((*implied, *(tested(rule.when) if rule.when else ()))))
