"""The facts of an export: those that are told, under the names that its tool uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from pytest_icp.sources.terraform.outcome import derived

if TYPE_CHECKING:
    from pytest_icp.facts.derived import Derived, Provenance
    from pytest_icp.law.jsontypes import JsonObject
    from pytest_icp.sources.cloud_export.items import Items
    from pytest_icp.sources.request import Request


def outcome(request: Request, items: Items) -> Derived:
    """Derive the facts of the items; what an answer does not tell is no fact."""
    found = derived(
        request,
        items.resources,
        items,
        gaps=items.gaps,
        unmapped={},
        remarks=tuple(items.remarks),
        deployed=True,
    )
    names: dict[tuple[str, str], str] = {}

    def trace(pointer: str) -> Provenance:
        told = found.trace(pointer)
        if not names:
            names.update(items.written())
        return replace(told, attribute=names.get((told.address, told.attribute), ""))

    return replace(found, facts=_told(found.facts), trace=trace)


def _told(facts: JsonObject) -> JsonObject:
    """Return lists of elements without the facts that are null, or empty for that reason."""
    lists: Any = facts
    for elements in lists.values():
        for element in elements:
            # Most facts are neither null nor an object.
            held = [
                name for name, fact in element.items() if fact is None or fact.__class__ is dict
            ]
            for name in [name for name in held if _is_null(element[name])]:
                del element[name]
    return facts


def _is_null(fact: Any) -> bool:
    return fact is None or (fact.__class__ is dict and all(map(_is_null, fact.values())))
