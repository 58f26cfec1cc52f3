"""Source kind ``terraform-state``: what Terraform or OpenTofu has deployed (状态)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.deriving import EVERY_LIST, derived, unread_gaps
from pytest_icp.sources.terraform.document import Document, DocumentPlaces, Form, Keys
from pytest_icp.sources.terraform.plan import Collected
from pytest_icp.sources.terraform.plan_links import PlanLinks
from pytest_icp.sources.terraform.resource import address_in

_PROVIDER = re.compile(r'(?:(.+)\.)?provider(?:\["[^"]*"\]|\.[\w-]+)(\.[\w-]+)?')


class Deployed(Collected):
    """Collects the instances of a state; ``flat`` counts those that only an old form tells."""

    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self.flat: list[str] = []

    def take(self) -> None:
        """Add the instances of the list ``resources``."""
        for number, resource in enumerate(self.document.elements("resources") or ()):
            instances = resource.get("instances") if isinstance(resource, dict) else None
            for index, instance in enumerate(instances if isinstance(instances, list) else ()):
                if isinstance(instance, dict):
                    keys = ("resources", str(number), "instances", str(index))
                    self._take_instance(resource, instance, keys)

    def _take_instance(
        self, resource: Mapping[str, Any], instance: Mapping[str, Any], keys: Keys
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
            self.flat.append(self.document.kept(entry["address"]))
            return
        hiding = _hiding(instance.get("sensitive_attributes") or [])
        added = self.add(entry, row, values, None, [hiding], *keys)
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


def read_state(request: Request) -> Derived:
    """Derive facts from a state (状态) of Terraform or OpenTofu.

    It is a state file of version 4, or what ``terraform show -json`` prints of a state. Nothing
    is read but the attributes that the tables of the providers name: not its outputs, not what is
    sensitive.

    Settings: ``region`` and ``regions`` (by alias) for resources that do not tell theirs.

    Raises `InputError` if it is not a state, if it is encrypted or older, or broken or cut off.
    """
    state = _StateReader(request)
    document = state.document
    places = DocumentPlaces(request, STATE, document, state.deployed.keys)
    # It has no configuration: what refers to something has its id, which is looked up.
    links = PlanLinks(state.deployed.resources, None, {}, places.place)
    return derived(
        request,
        state.deployed.resources,
        links,
        gaps=state.gaps(),
        unread=state.deployed.unmapped,
        remarks=(*document.remarks, state.remark()),
        deployed=True,
    )


class _StateReader:
    """Reads the relevant members of one state."""

    def __init__(self, request: Request) -> None:
        self._path = request.path
        self.document = Document(request.path, request.read(), STATE)
        self.document.find()
        self.deployed = Deployed(self.document)
        self.deployed.take()
        self.deployed.take_values(self.document.value("values"))

    def gaps(self) -> Iterator[Gap]:
        """Yield a gap for each type that no table has, and for the form of Terraform 0.11."""
        flat, place = self.deployed.flat, Place(path=self._path)
        yield from unread_gaps(self.deployed.unmapped, lambda _: place)
        if flat:
            message = _FLAT.format(which=flat[0], n=len(flat))
            yield Gap(message=message, place=place, kinds=EVERY_LIST)

    def remark(self) -> Text:
        """Say which state it is; no state says when it was last changed."""
        serial = self.document.value("serial")
        which = _SERIAL.format(n=serial) if isinstance(serial, int) else plain("")
        return _UNDATED.format(file=self._path.name, which=which)


_VERSION = 4
_SHOWN = {"format_version", "terraform_version", "values", "checks"}


def _not_a_state(members: Collection[str], value: Callable[[str], Any]) -> Text | None:
    names = set(members)
    if "encrypted_data" in names:
        return _ENCRYPTED
    if {"planned_values", "resource_changes"} & names:
        return _PLAN
    if "format_version" in names and names <= _SHOWN:
        return None
    if "version" not in names or not {"resources", "modules", "lineage", "serial"} & names:
        return _OTHER
    version = value("version")
    if version == _VERSION:
        return None
    return _OLD if version in range(_VERSION) else _NEW


_MAKE = Text(
    zh="用 terraform state pull > terraform.tfstate（OpenTofu 用 tofu state pull）得到",
    en="get it with: terraform state pull > terraform.tfstate (OpenTofu: tofu state pull)",
)
_ENCRYPTED = Text(
    zh="状态是加密的，无法读取；请在能解密的地方运行 tofu show -json > state.json",
    en="the state is encrypted, so it cannot be read; run tofu show -json > state.json where it "
    "can be decrypted",
)
_PLAN = Text(
    zh="这是计划，不是状态；来源类型应写 terraform-plan",
    en="this is a plan, not a state: its kind of source is terraform-plan",
)
_OLD = Text(
    zh="状态的版本早于 4（Terraform 0.11 及以前）；请用现在的 Terraform 运行 "
    "terraform apply -refresh-only，状态即升级为版本 4",
    en="the state is older than version 4 (Terraform 0.11 or before); run terraform apply "
    "-refresh-only with a current Terraform, which writes it as version 4",
)
_NEW = Text(
    zh="状态的版本不是 4，无法读取", en="the version of the state is not 4, so it cannot be read"
)
_OTHER = Text(
    zh="不是状态：既没有 version 和 resources，也没有 format_version 和 values",
    en="not a state: it has neither version and resources nor format_version and values",
)
_FLAT = Text(
    zh="{which} 等 {n} 个实例的属性还是 Terraform 0.11 的形式，没有读取；"
    "请运行 terraform apply -refresh-only",
    en="the attributes of {n:instance}, {which} among them, are in the form of Terraform 0.11 and "
    "not read; run terraform apply -refresh-only",
)
_SERIAL = Text(zh="（serial {n}）", en=" (serial {n})")
_UNDATED = Text(
    zh="{file}{which}：状态里没有最后一次变更的日期，所以不知道它说的是哪一天的部署",
    en="{file}{which}: a state does not say when it was last changed, so as of which day it tells "
    "what is deployed is not known",
)
STATE = Form(_not_a_state, _MAKE, (("attributes",),))
