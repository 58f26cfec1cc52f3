"""The resources of a plan after apply, with the attributes that their rows read."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pytest_icp.sources.terraform.configuration import objects_in
from pytest_icp.sources.terraform.resource import Resource, marked
from pytest_icp.sources.terraform.tables import lists_of, row_of

if TYPE_CHECKING:
    from pytest_icp.sources.terraform.document import Document, Keys
    from pytest_icp.sources.terraform.resource import Row

_GONE = ({"delete"}, {"forget"})
_KEY = re.compile(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]$')
_NOTHING: Mapping[str, Any] = {}


class Collected:
    """Collects instances of resources, with only the attributes that are read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.resources: list[Resource] = []
        self.unmapped: dict[str, list[str]] = defaultdict(list)
        """By type: the addresses of what has no row and may tell something."""
        self.keys: list[Keys] = []
        """What leads to each instance, by the number that is its origin."""
        self._addresses: set[tuple[str, bool]] = set()
        self.bases: set[str] = set()
        """The addresses, without keys, of all that is told of."""

    def take_values(self, values: Any, *, whole: bool = True, managed: bool = True) -> None:
        """Add the resources of the ``values`` of a state or of a plan, in all modules."""
        for entry in _resources(_member(values, "root_module")):
            own = entry.get("values")
            if not managed and entry.get("mode") == "managed":
                continue
            row = self.row(entry)
            if row is not None and isinstance(own, dict):
                added = self.add(entry, row, own, None, [entry.get("sensitive_values")])
                if added is not None:
                    added.whole = whole

    def row(self, entry: Mapping[str, Any]) -> Row | None:
        """Return the row of an entry; note one that has none and may tell something."""
        kind = str(entry.get("type"))
        row = row_of(kind)
        if row is None and entry.get("mode") != "data" and lists_of(kind):
            _, base, index = self.located(entry)
            self.unmapped[kind].append(base + index)
        return row

    def add(
        self,
        entry: Mapping[str, Any],
        row: Row,
        after: Mapping[str, Any],
        unknown: Any,
        hiding: list[Any],
        *keys: str,
    ) -> Resource | None:
        """Add an instance with the attributes that its row reads; None if it was added before.

        A part that is True in one of ``hiding``, which mirror the values, hides its attribute.
        ``keys`` lead to it in the document.
        """
        module, base, index = self.located(entry)
        address = base + index + _deposed(entry)
        managed = entry.get("mode") != "data"
        if (address, managed) in self._addresses:
            return None
        self._addresses.add((address, managed))
        hidden = _hidden(row.attributes, hiding)
        unknown = unknown if isinstance(unknown, dict) else _NOTHING
        kept = self.document.kept
        shown = [name for name in row.attributes if name not in hidden]
        resource = Resource(
            address=address,
            base=base,
            index=index,
            module=module,
            row=row,
            values={name: kept(after[name]) for name in shown if after.get(name) is not None},
            unknown={name: kept(unknown[name]) for name in shown if unknown.get(name)},
            hidden=hidden,
            origin=len(self.keys) if keys else -1,
            managed=managed,
        )
        self.resources.append(resource)
        self.keys += [keys] if keys else []
        return resource

    def located(self, entry: Mapping[str, Any]) -> tuple[str, str, str]:
        """Return the module of an entry, and its address without and with only its key."""
        module = self.document.kept(str(entry.get("module_address") or ""))
        base, index = _address(entry, module, self.document.kept(entry.get("address")))
        self.bases.add(base)
        return module, base, index


class Changes(Collected):
    """Collects the resources of a plan one by one."""

    def take(self) -> bool:
        """Add the resources of ``resource_changes``; return whether the plan lists any."""
        changes = self.document.elements("resource_changes")
        for number, entry in enumerate(changes or ()):
            if isinstance(entry, dict):
                self._take_change(entry, str(number))
        return changes is not None

    def _take_change(self, entry: Mapping[str, Any], number: str) -> None:
        change = entry.get("change")
        if not isinstance(change, dict) or entry.get("deposed"):
            return
        actions = change.get("actions")
        if isinstance(actions, list) and set(map(str, actions)) in _GONE:
            self.located(entry)
            return
        row = self.row(entry)
        after = change.get("after")
        if row is None or not isinstance(after, dict):
            return
        hiding = [change.get("after_sensitive"), change.get("before_sensitive")]
        unknown = change.get("after_unknown")
        self.add(entry, row, after, unknown, hiding, "resource_changes", number)


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _hidden(attributes: frozenset[str], hiding: list[Any]) -> frozenset[str]:
    """Return the attributes with any part marked as sensitive, before or after."""
    if True in hiding:
        return attributes
    found = {
        name
        for mirror in hiding
        if isinstance(mirror, dict)
        for name, part in mirror.items()
        if part and name in attributes and marked(part, ())
    }
    return frozenset(found) if found else _NO_NAMES


_NO_NAMES: frozenset[str] = frozenset()


def _address(entry: Mapping[str, Any], module: str, written: Any) -> tuple[str, str]:
    """Return the address without the key of the instance, and that key with its brackets."""
    address = str(written or f"{entry.get('type')}.{entry.get('name')}")
    if module and not address.startswith(f"{module}."):
        address = f"{module}.{address}"
    found = _KEY.search(address)
    if found:
        return address[: found.start()], found[0]
    return address, _written(entry.get("index"))


def _deposed(entry: Mapping[str, Any]) -> str:
    """Return what Terraform adds to the address of what was replaced and is not destroyed yet."""
    key = entry.get("deposed_key")
    return f" (deposed object {key})" if key else ""


def _written(index: Any) -> str:
    if index is None:
        return ""
    return f"[{json.dumps(index, ensure_ascii=False)}]"


def _resources(module: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the resources of a module and of its child modules."""
    for here in (waiting := [*objects_in([module])]):
        for entry in objects_in(here.get("resources")):
            yield {"module_address": here.get("address"), **entry}
        waiting += objects_in(here.get("child_modules"))
