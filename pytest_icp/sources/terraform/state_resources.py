"""The instances in a state (状态): what is deployed, with the attributes that their rows read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_icp.sources.terraform.addresses import address_in
from pytest_icp.sources.terraform.plan_resources import Collected

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_icp.sources.terraform.document import Document, Take

_PROVIDER = re.compile(r'(?:(.+)\.)?provider(?:\["[^"]*"\]|\.[\w-]+)(\.[\w-]+)?')


class Deployed(Collected):
    """Collects the instances of a state; ``flat`` counts those that only an old form tells."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.flat: list[str] = []

    def take(self, at: int) -> int:
        """Add the list ``resources`` at an offset; return where it ends."""
        return self.document.each(at, self._take_resource)

    def _take_resource(self, at: int) -> int:
        document = self.document
        if document.text[at] != "{":
            return document.skip(at)
        entry: dict[str, Any] = {}
        instances: list[tuple[Any, int]] = []

        def member(name: str) -> Take:
            def take(start: int) -> int:
                entry[name], end = document.decode(start)
                return end

            def take_all(start: int) -> int:
                return document.elements(start, lambda *found: instances.append(found))

            return take_all if name == "instances" else take

        end = document.members(at, member)
        for instance, here in instances:
            if isinstance(instance, dict):
                self._take_instance(entry, instance, here)
        return end

    def _take_instance(
        self, resource: Mapping[str, Any], instance: Mapping[str, Any], at: int
    ) -> None:
        row = self.row(resource)
        if row is None:
            return
        prefix = "data." if resource.get("mode") == "data" else ""
        module = str(resource.get("module") or "")
        entry = {
            "mode": resource.get("mode"),
            "module_address": module,
            "address": address_in(module, f"{prefix}{row.type}.{resource.get('name')}"),
            "index": instance.get("index_key"),
            "deposed_key": instance.get("deposed"),
        }
        values = instance.get("attributes")
        if not isinstance(values, dict):
            self.flat.append(self.document.as_utf8(entry["address"]))
            return
        hiding = _hiding(instance.get("sensitive_attributes") or [])
        added = self.add(entry, row, values, None, [hiding], at)
        provider = _PROVIDER.fullmatch(str(resource.get("provider")))
        if added is not None and provider is not None:
            inside = f"{provider[1]}:" if provider[1] else ""
            added.provider_key = f"{inside}{row.provider.name}{provider[2] or ''}"


def _hiding(paths: Any) -> Any:
    """Return the attributes that paths to sensitive values begin with; True if any may be one."""
    try:
        return {step["value"]: True for step, *_ in paths}
    except (TypeError, ValueError, KeyError):
        return True
