"""The facts of an export: those that are told, under the names that its tool uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from pytest_icp.sources.terraform.outcome import derived

if TYPE_CHECKING:
    from pytest_icp.facts.derived import Derived, Provenance
    from pytest_icp.sources.cloud_export.items import Items
    from pytest_icp.sources.request import Request


def outcome(request: Request, items: Items) -> Derived:
    """Derive the facts of the items; what an answer does not tell is no fact."""
    found = derived(
        request,
        items.resources,
        items,
        gaps=items.gaps,
        remarks=tuple(items.remarks),
        deployed=True,
        told=True,
    )
    names: dict[tuple[str, str], str] = {}

    def trace(pointer: str) -> Provenance:
        told = found.trace(pointer)
        if not names:
            names.update(items.written())
        return replace(told, attribute=names.get((told.address, told.attribute), ""))

    return replace(found, trace=trace)
