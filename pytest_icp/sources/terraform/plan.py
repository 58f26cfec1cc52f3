"""Source kind ``terraform-plan``: the output of ``terraform show -json``, as it is after apply."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import chain
from typing import Any

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import listed
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.deriving import EVERY_LIST, derived, unread_gaps
from pytest_icp.sources.terraform.document import Document, DocumentPlaces, Form, Keys
from pytest_icp.sources.terraform.plan_links import (
    Configuration,
    PlanLinks,
    objects_in,
    read_configuration,
)
from pytest_icp.sources.terraform.resource import Resource, Row, marked
from pytest_icp.sources.terraform.tables import lists_of, row_of

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
        for entry in _resources(values.get("root_module") if isinstance(values, dict) else None):
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


def read_plan(request: Request) -> Derived:
    """Derive facts from a plan (计划) of Terraform or OpenTofu.

    Settings: ``region`` and ``regions`` (by alias) for providers without a region in the plan.

    Raises `InputError` if it is not a plan: a state, a log, a binary or encrypted plan, or JSON
    that is broken or cut off.
    """
    plan = _PlanReader(request)
    changes = plan.changes
    places = DocumentPlaces(request, PLAN, plan.document, changes.keys)
    variables = plan.variables if isinstance(plan.variables, dict) else {}
    links = PlanLinks(changes.resources, plan.configuration, variables, places.place)
    return derived(
        request,
        changes.resources,
        links,
        gaps=plan.gaps(),
        unread=changes.unmapped,
        remarks=tuple(plan.document.remarks),
    )


class _PlanReader:
    """Reads the relevant members of one plan."""

    def __init__(self, request: Request) -> None:
        self._path = request.path
        self.document = Document(request.path, request.read(), PLAN)
        self.document.find()
        self.changes = Changes(self.document)
        self.configuration: Configuration | None = None
        self.variables = self.document.value("variables")
        written = self.document.value("configuration")
        if isinstance(written, dict):
            self.configuration = read_configuration(written, self.document.kept)
        if not self.changes.take():
            self.changes.take_values(self.document.value("planned_values"), whole=False)
        prior = self.document.value("prior_state") if '"data.' in self.document.text else None
        if isinstance(prior, dict):
            # Of what was there before, only data sources are read.
            self.changes.take_values(prior.get("values"), managed=False)

    def gaps(self) -> Iterator[Gap]:
        """Yield what the plan does not tell of, or not yet."""
        place = Place(path=self._path)
        yield from unread_gaps(self.changes.unmapped, lambda _: place)
        if self.document.value("errored") is True:
            yield Gap(message=_ERRORED, place=place, kinds=EVERY_LIST)
        elif self.document.value("complete") is False:
            yield Gap(message=_INCOMPLETE, place=place, kinds=EVERY_LIST)
        deferred = self.document.value("deferred_changes")
        if isinstance(deferred, list) and deferred:
            message = _DEFERRED.format(n=len(deferred))
            yield Gap(message=message, place=place, kinds=EVERY_LIST)
        if lacking := self._lacking():
            message = _LACKING.format(which=listed(lacking))
            yield Gap(message=message, place=place, kinds=frozenset(chain(*lacking.values())))

    def _lacking(self) -> dict[str, frozenset[str]]:
        """Return what is declared and neither changes nor stays, with the lists that it gives."""
        declared = self.configuration.once() if self.configuration else ()
        return {
            address: row.lists
            for address in declared
            if address not in self.changes.bases
            and (row := row_of(address.split(".")[-2]))
            and row.lists
        }


_ERRORED = Text(
    zh="计划在出错后中止，可能缺少资源；请修正错误后重新生成",
    en="the plan stopped at an error, so resources may be missing; fix it and plan again",
)
_INCOMPLETE = Text(
    zh="计划不完整（complete: false，例如用了 -target），可能缺少资源；请生成完整的计划",
    en="the plan is incomplete (complete: false, as with -target), so resources may be missing; "
    "plan without a target",
)
_DEFERRED = Text(
    zh="计划推迟了 {n} 项变更，其资源不在计划中；请先应用，再重新生成",
    en="the plan defers {n:change}, whose resources are not in it; apply it, then plan again",
)


_LACKING = Text(
    zh="已声明而计划中没有的资源：{which}（例如用了 -target）；请生成完整的计划",
    en="resources that are declared but not in the plan, as with -target: {which}; plan without a "
    "target",
)


def _not_a_plan(members: Collection[str], _: Callable[[str], Any]) -> Text | None:
    names = set(members)
    if {"planned_values", "resource_changes"} & names:
        return None
    if "encrypted_data" in names:
        return _ENCRYPTED
    if {"lineage", "serial"} & names or "values" in names or {"version", "resources"} <= names:
        return _STATE
    return _LOG if "@level" in names or "@message" in names else _OTHER


_SHOW = Text(
    zh="用 terraform show -json 计划文件 > plan.json（OpenTofu 用 tofu show -json）生成",
    en="make it with: terraform show -json PLANFILE > plan.json (OpenTofu: tofu show -json)",
)
_ENCRYPTED = Text(
    zh="计划是加密的，无法读取；请在能解密的地方生成 JSON",
    en="the plan is encrypted, so it cannot be read; make the JSON where it can be decrypted",
)
_STATE = Text(
    zh="这是状态（state），不是计划：其中没有将要发生的变更",
    en="this is a state, not a plan: it does not show planned changes",
)
_LOG = Text(
    zh="这是 plan -json 的运行日志，不是计划", en="this is the log of plan -json, not a plan"
)
_OTHER = Text(
    zh="不是计划：既没有 planned_values 也没有 resource_changes",
    en="not a plan: it has neither planned_values nor resource_changes",
)
PLAN = Form(_not_a_plan, _SHOW, (("change", "after_unknown"), ("change", "after")))
