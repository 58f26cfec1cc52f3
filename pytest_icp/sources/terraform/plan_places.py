"""Places of the facts of a plan, looked up on demand."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_icp.facts.files.json import JsonPositions, entries
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.sources.terraform.plan_text import PlanText
from pytest_icp.sources.terraform.reading import head

if TYPE_CHECKING:
    from pytest_icp.sources.request import Request
    from pytest_icp.sources.terraform.resource import Origin, Resource


class PlanPlaces:
    """Looks up places; the first lookup reads the plan again."""

    def __init__(self, request: Request, start: int) -> None:
        self._request = request
        self._start = start
        self._keys: dict[Resource, dict[str, int]] = {}

    def place(self, origin: Origin) -> Place:
        """Return line and column of an attribute of a resource, or of the region of a provider."""
        plan = self._plan
        if plan is None:
            return Place(path=self._request.path)
        if origin.resource is not None:
            return plan.place(self._of_resource(plan, origin.resource, origin.attribute))
        if not origin.provider_key:
            return Place(path=self._request.path)
        tokens = ("configuration", "provider_config", origin.provider_key, "expressions", "region")
        return plan.place(self._find(plan, self._start, tokens))

    @cached_property
    def _plan(self) -> PlanText | None:
        try:
            return PlanText(self._request.path, self._request.read())
        except InputError:
            return None  # it was removed or replaced in the meantime

    def _of_resource(self, plan: PlanText, resource: Resource, attribute: str) -> int:
        keys = self._keys.get(resource)
        if keys is None:
            keys = self._keys[resource] = _keys(plan.text, resource)
        return keys.get(head(attribute), keys[""])

    @staticmethod
    def _find(plan: PlanText, start: int, tokens: tuple[str, ...]) -> int:
        spot = JsonPositions(plan.text, start).find(tokens)
        return (spot.key or spot.value)[0]


def _keys(text: str, resource: Resource) -> dict[str, int]:
    """Return the offsets of the attributes of a resource, and its own under the empty name."""
    if resource.origin < 0:
        return {"": max(0, text.find(json.dumps(resource.address)))}
    positions = JsonPositions(text, resource.origin)
    found = {"": resource.origin}
    for holder in ("after_unknown", "after"):
        spot = positions.find(("change", holder))
        if spot.depth == _HOLDER and text[spot.value[0]] == "{":
            below = entries(text, spot.value[0])
            found |= {name: node[0] for name, node in below if name and node[0] is not None}
    return found


_HOLDER = 2
