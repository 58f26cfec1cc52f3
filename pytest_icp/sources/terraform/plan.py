"""Source kinds ``terraform-plan`` and ``terraform-state``: planned and deployed resources.

A plan (计划) is the output of ``terraform show -json``, as it is after apply. Both contain secrets
in plain text. No error quotes them, no place has an excerpt of them, and no ``repr`` shows them.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.facts.files.disk import decoded_as
from pytest_icp.facts.files.faults import EMPTY
from pytest_icp.facts.files.json import JsonPositions, after_blank, is_list
from pytest_icp.facts.files.positions import Lines, Node
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import object_of
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.gathering import listed
from pytest_icp.sources.request import Request
from pytest_icp.sources.terraform.deriving import (
    EVERY_LIST,
    command_gap,
    derived,
    tool_in,
    unread_gaps,
)
from pytest_icp.sources.terraform.plan_links import PlanLinks, objects_in
from pytest_icp.sources.terraform.resource import (
    ARROW,
    Origin,
    Resource,
    Row,
    address_in,
    marked,
)
from pytest_icp.sources.terraform.tables import lists_changed_by, lists_of, row_of

_GONE = ({"delete"}, {"forget"})
_KEY = re.compile(r'\[(?:[0-9]+|"(?:[^"\\]|\\.)*")\]$')
_PROVIDER = re.compile(r'(?:(.+)\.)?provider(?:\["[^"]*"\]|\.[\w-]+)(\.[\w-]+)?')
_NOTHING: Mapping[str, Any] = {}


def read_plan(request: Request) -> Derived:
    """Derive facts from a plan (计划) of Terraform or OpenTofu.

    Settings: ``region`` and ``regions`` (by alias) for providers without a region in the plan.

    Raises `InputError` if it is not a plan: a state, a log, a binary or encrypted plan, or JSON
    that is broken or cut off.
    """
    document = Document(request.path, request.read(), PLAN)
    document.find()
    variables, configuration = document.value("variables"), document.value("configuration")
    found = Collected(document)
    if not found.take_changes():
        found.take_values(document.value("planned_values"), whole=False)
    if '"data.' in document.text:
        # Of what was there before, only data sources are read.
        prior = document.value("prior_state")
        found.take_values(prior.get("values") if isinstance(prior, dict) else None, managed=False)
    places = DocumentPlaces(request, PLAN, document, found.keys)
    links = PlanLinks(found.resources, configuration, object_of(variables), places.place)
    return derived(
        request,
        found.resources,
        links,
        gaps=_plan_gaps(found, links),
        unread=found.unmapped,
        remarks=tuple(document.remarks),
    )


def read_state(request: Request) -> Derived:
    """Derive facts from a state (状态) of Terraform or OpenTofu.

    It is a state file of version 4, or what ``terraform show -json`` prints of a state. Nothing
    is read but the attributes that the tables of the providers name: not its outputs, not what is
    sensitive.

    Settings: ``region`` and ``regions`` (by alias) for resources that do not tell theirs.

    Raises `InputError` if it is not a state, if it is encrypted or older, or broken or cut off.
    """
    document = Document(request.path, request.read(), STATE)
    document.find()
    found = Collected(document)
    flat = found.take_instances()
    found.take_values(document.value("values"))
    places = DocumentPlaces(request, STATE, document, found.keys)
    # No state says when it was last changed.
    serial = document.value("serial")
    which = _SERIAL.format(n=serial) if isinstance(serial, int) else plain("")
    return derived(
        request,
        found.resources,
        # It has no configuration: what refers to something has its id, which is looked up.
        PlanLinks(found.resources, None, {}, places.place),
        gaps=_state_gaps(found, flat),
        unread=found.unmapped,
        remarks=(*document.remarks, _UNDATED.format(file=request.path.name, which=which)),
        deployed=True,
    )


class Collected:
    """Collects instances of resources, with only the attributes that are read."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.resources: list[Resource] = []
        self.unmapped: dict[str, list[str]] = defaultdict(list)
        """By type: the addresses of what has no row and may tell something."""
        self.forgotten: dict[str, frozenset[str]] = {}
        """What stays where it is and is no longer managed, with the lists that it is of."""
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
        shown = [name for name in row.attributes if name not in hidden]
        resource = Resource(
            address=address,
            base=base,
            index=index,
            module=module,
            row=row,
            values={name: after[name] for name in shown if after.get(name) is not None},
            unknown={name: unknown[name] for name in shown if unknown.get(name)},
            hidden=hidden,
            origin=len(self.keys) if keys else -1,
            managed=managed,
        )
        self.resources.append(resource)
        self.keys += [keys] if keys else []
        return resource

    def located(self, entry: Mapping[str, Any]) -> tuple[str, str, str]:
        """Return the module of an entry, and its address without and with only its key."""
        module = str(entry.get("module_address") or "")
        base, index = _address(entry, module)
        self.bases.add(base)
        return module, base, index

    def take_changes(self) -> bool:
        """Add what ``resource_changes`` of a plan lists; return whether there is such a list."""
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
        acts = set(map(str, actions)) if isinstance(actions, list) else set[str]()
        if "forget" in acts and (lists := lists_changed_by(str(entry.get("type")))):
            _, base, index = self.located(entry)
            self.forgotten[base + index] = lists
        if acts in _GONE:
            self.located(entry)
            return
        row = self.row(entry)
        after = change.get("after")
        if row is None or not isinstance(after, dict):
            return
        hiding = [change.get("after_sensitive"), change.get("before_sensitive")]
        unknown = change.get("after_unknown")
        self.add(entry, row, after, unknown, hiding, "resource_changes", number)

    def take_instances(self) -> list[str]:
        """Add the instances of a state; return the addresses of those in a form of long ago."""
        flat: list[str] = []
        for number, resource in enumerate(self.document.elements("resources") or ()):
            instances = resource.get("instances") if isinstance(resource, dict) else None
            for index, instance in enumerate(instances if isinstance(instances, list) else ()):
                if isinstance(instance, dict) and (row := self.row(resource)):
                    keys = ("resources", str(number), "instances", str(index))
                    flat += self._take_instance(resource, row, instance, keys)
        return flat

    def _take_instance(
        self, resource: Mapping[str, Any], row: Row, instance: Mapping[str, Any], keys: Keys
    ) -> list[str]:
        prefix = "data." if resource.get("mode") == "data" else ""
        module = str(resource.get("module") or "")
        address = address_in(module, f"{prefix}{row.type}.{resource.get('name')}")
        entry = {
            "mode": resource.get("mode"),
            "module_address": module,
            "address": address,
            "index": instance.get("index_key"),
            "deposed_key": instance.get("deposed"),
        }
        values = instance.get("attributes")
        if not isinstance(values, dict):
            return [address]
        hiding = _hiding(instance.get("sensitive_attributes") or [])
        added = self.add(entry, row, values, None, [hiding], *keys)
        provider = _PROVIDER.fullmatch(str(resource.get("provider")))
        if added is not None and provider is not None:
            inside = f"{provider[1]}:" if provider[1] else ""
            added.provider_key = f"{inside}{row.provider.name}{provider[2] or ''}"
        return []


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
    return frozenset(found)


def _address(entry: Mapping[str, Any], module: str) -> tuple[str, str]:
    """Return the address without the key of the instance, and that key with its brackets."""
    address = str(entry.get("address") or f"{entry.get('type')}.{entry.get('name')}")
    if module and not address.startswith(f"{module}."):
        address = f"{module}.{address}"
    found = _KEY.search(address)
    if found:
        return address[: found.start()], found[0]
    index = entry.get("index")
    return address, "" if index is None else f"[{json.dumps(index, ensure_ascii=False)}]"


def _deposed(entry: Mapping[str, Any]) -> str:
    """Return what Terraform adds to the address of what was replaced and is not destroyed yet."""
    key = entry.get("deposed_key")
    return f" (deposed object {key})" if key else ""


def _resources(module: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the resources of a module and of its child modules."""
    for here in (waiting := [*objects_in([module])]):
        for entry in objects_in(here.get("resources")):
            yield {"module_address": here.get("address"), **entry}
        waiting += objects_in(here.get("child_modules"))


def _hiding(paths: Any) -> Any:
    """Return the attributes that paths to sensitive values begin with; True if any may be one."""
    try:
        return {step["value"]: True for step, *_ in paths}
    except (TypeError, ValueError, KeyError):
        return True


def _plan_gaps(found: Collected, links: PlanLinks) -> Iterator[Gap]:
    """Yield what a plan does not tell of, or not yet."""
    document = found.document
    place = Place(path=document.path)
    yield from unread_gaps(found.unmapped, lambda _: place)
    if document.value("errored") is True:
        yield Gap(message=_ERRORED, place=place, kinds=EVERY_LIST)
    elif document.value("complete") is False:
        yield Gap(message=_INCOMPLETE, place=place, kinds=EVERY_LIST)
    deferred = document.value("deferred_changes")
    if isinstance(deferred, list) and deferred:
        yield Gap(message=_DEFERRED.format(n=len(deferred)), place=place, kinds=EVERY_LIST)
    if found.forgotten:
        message = _FORGOTTEN.format(which=listed(found.forgotten))
        yield Gap(message=message, place=place, kinds=frozenset(chain(*found.forgotten.values())))
    tools = dict.fromkeys(filter(None, map(tool_in, links.commands())))
    yield from (command_gap(tool, place) for tool in tools)
    lacking = {
        address: lists
        for address in links.once()
        if address not in found.bases and (lists := lists_changed_by(address.split(".")[-2]))
    }
    if lacking:
        message = _LACKING.format(which=listed(lacking))
        yield Gap(message=message, place=place, kinds=frozenset(chain(*lacking.values())))


def _state_gaps(found: Collected, flat: list[str]) -> Iterator[Gap]:
    """Yield a gap for each type that no table has, and for the form of Terraform 0.11."""
    place = Place(path=found.document.path)
    yield from unread_gaps(found.unmapped, lambda _: place)
    if flat:
        message = _FLAT.format(which=flat[0], n=len(flat))
        yield Gap(message=message, place=place, kinds=EVERY_LIST)


Keys: TypeAlias = tuple[str, ...]
"""The way to a value: the names of members, and the numbers of elements."""


class Form(NamedTuple):
    """What a document has to be: a plan, or a state.

    ``refusal`` tells by its members what an object is instead; None if it is one. ``holders`` are
    the paths from a resource to the objects with its attributes; the last counts.
    """

    refusal: Callable[[Collection[str], Callable[[str], Any]], Text | None]
    hint: Text
    holders: tuple[Keys, ...]


class Document:
    """The text of a plan (计划) or a state (状态), and the offset of its JSON."""

    def __init__(self, path: Path, raw: bytes, form: Form) -> None:
        self.path = path
        self.remarks: list[Text] = []
        self._form = form
        self.text = _decoded(path, raw, form.hint)
        self.start = self.end = 0
        self._members: Mapping[str, Any] = {}

    @property
    def one_line(self) -> bool:
        """Whether the JSON is on one line, as Terraform writes a plan."""
        end = self.text.find("\n", self.start)
        return end < 0 or after_blank(self.text, end) == len(self.text)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.text)

    def place(self, offset: int) -> Place:
        """Return the line and column of an offset, without an excerpt."""
        found = self._lines.place(self.path, offset, offset)
        return Place(path=self.path, line=found.line, column=found.column or 1)

    def find(self) -> None:
        """Find the object of its form.

        Raises `InputError` if there is none, and for what is not JSON.
        """
        refused: Text | None = None
        end = 0
        for at in self._starts():
            if at < end:
                continue
            found, end = self._decoded_at(at)
            self._members = found
            instead = self._form.refusal(found.keys(), self.value)
            if instead is None:
                self.start, self.end = at, end
                self._remark(before=at, rest=after_blank(self.text, end))
                return
            refused = refused or instead
        place = self.place(after_blank(self.text, 0))
        raise InputError(refused or _NO_JSON, place=place, hint=self._form.hint)

    def value(self, name: str) -> Any:
        """Return a member of the object; None if there is none."""
        return self._value(self._members.get(name))

    def elements(self, name: str) -> Iterator[Any] | None:
        """Return the elements of a member, decoded one by one; None if it is not a list."""
        member = self._members.get(name)
        if isinstance(member, msgspec.Raw) and bytes(memoryview(member)[:1]) == b"[":
            member = msgspec.json.decode(member, type=list[msgspec.Raw])
        return map(self._value, member) if isinstance(member, list) else None

    def _value(self, member: Any) -> Any:
        """Return a value as it is read; raise `InputError` if it nests too deeply."""
        value, most = member, _DEEPEST + 1
        if isinstance(member, msgspec.Raw):
            raw = bytes(member)
            most = raw.count(b"{") + raw.count(b"[")
            try:
                value = msgspec.json.decode(raw)
            except _NOT_DECODED:
                value, _ = self._parsed(raw.decode(), 0)
        if most > _DEEPEST and _is_deep(value):
            raise self._refuse(_DEEP)
        return value

    def _refuse(self, message: Text) -> InputError:
        return InputError(message, place=Place(path=self.path))

    def _starts(self) -> Iterator[int]:
        """Yield where objects may begin: at the first character, and at the start of lines."""
        here = after_blank(self.text, 0)
        if self.text.startswith("{", here):
            yield here
        for found in _OBJECT.finditer(self.text, here + 1):
            yield found.end() - 1

    def _decoded_at(self, at: int) -> tuple[dict[str, Any], int]:
        """Return the members of the object at an offset, not decoded yet, and where it ends."""
        found: dict[str, Any] | None = None
        # Its error holds the whole text, so nothing is raised while it is handled.
        with suppress(*_NOT_DECODED):
            found = msgspec.json.decode(self.text[at:], type=dict[str, msgspec.Raw])
        return self._parsed(self.text, at) if found is None else (found, len(self.text))

    def _parsed(self, text: str, at: int) -> tuple[Any, int]:
        """Return the value at an offset, as a parser reads it that stops behind it; where it ends.

        Raises `InputError` with the place of what is wrong.
        """
        try:
            return _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            open_ = error.msg.startswith("Unterminated string")
            # Some libraries pickle an error with those before it; this one holds the whole text.
            error.doc = ""
            raise self._broken(error.pos, cut=open_) from None
        except RecursionError:
            raise self._refuse(_DEEP) from None
        except ValueError:
            raise self._refuse(_LONG_NUMBER) from None

    def _remark(self, *, before: int, rest: int) -> None:
        if self.text[:before].strip():
            self.remarks.append(_BEFORE.format(file=self.path.name))
        if rest < len(self.text):
            self.remarks.append(_AFTER.format(file=self.path.name))

    def _broken(self, at: int, *, cut: bool) -> InputError:
        rest = self.text[at : at + _LONGEST_WORD].rstrip()
        cut = cut or any(word.startswith(rest) for word in _WORDS)
        message = _CUT if cut else _NOT_JSON
        return InputError(message, place=self.place(at), hint=self._form.hint)


_DECODER = json.JSONDecoder()
_NOT_DECODED = (msgspec.DecodeError, UnicodeError, RecursionError)
_WORDS = ("true", "false", "null")
_LONGEST_WORD = 6
_OBJECT = re.compile(r"^[ \t]*\{", re.MULTILINE)
_DEEPEST = 90
"""How many levels a member may have, or an element of one."""


def _is_deep(value: Any, left: int = _DEEPEST) -> bool:
    """Whether a value nests too deeply to be read."""
    if not isinstance(value, (dict, list)):
        return False
    parts = value.values() if isinstance(value, dict) else value
    # Most parts are texts and numbers.
    inner = [part for part in parts if isinstance(part, (dict, list))]
    return not left or any(_is_deep(part, left - 1) for part in inner)


def _decoded(path: Path, raw: bytes, hint: Text) -> str:
    """Return the text, in whichever encoding JSON may be."""
    if raw.startswith(b"PK\x03\x04"):
        raise InputError(_BINARY, place=Place(path=path), hint=hint)
    if not raw.strip():
        raise InputError(EMPTY, place=Place(path=path), hint=hint)
    text = decoded_as(raw, json.detect_encoding(raw))
    if text is None:
        raise InputError(_NOT_TEXT, place=Place(path=path), hint=hint)
    return text


class DocumentPlaces:
    """Looks up places; the first lookup reads the document again.

    ``keys`` lead to what resources come from, by the numbers that are their origins. A document
    on a single line has no places: a column in the millions leads nobody to a resource, its
    address does.
    """

    def __init__(self, request: Request, form: Form, document: Document, keys: list[Keys]) -> None:
        self._request = request
        self._form = form
        self._start, self._end = document.start, document.end
        self._whole = Place(path=request.path)
        self._one_line = document.one_line
        self._keys = keys
        self._addresses: dict[str, int] | None = None

    def place(self, origin: Origin) -> Place:
        """Return line and column of an attribute of a resource, or of the region of a provider."""
        document = None if self._one_line else self._document
        if document is None:
            return self._whole
        if origin.resource is not None:
            return document.place(self._of_resource(document, origin.resource, origin.attribute))
        if not origin.provider_key:
            return self._whole
        span = self._positions.find((*_PROVIDERS, origin.provider_key, "expressions", "region"))
        return document.place((span.key or span.value)[0])

    @cached_property
    def _document(self) -> Document | None:
        try:
            return Document(self._request.path, self._request.read(), self._form)
        except InputError:
            return None  # it was removed or replaced in the meantime

    @cached_property
    def _positions(self) -> JsonPositions:
        """The finder of values; it reads no part of the document twice."""
        text = self._document.text if self._document else ""
        return JsonPositions(text[self._start : self._end].encode(), self._start)

    def _of_resource(self, document: Document, resource: Resource, attribute: str) -> int:
        """Return the offset of an attribute, nested or not; else of what is nearest above it."""
        if resource.origin < 0:
            return self._address(document, resource.address)
        positions = self._positions
        here: Node | None = positions.root()
        for name in self._keys[resource.origin]:
            here = here and positions.child(here, name)
        if here is None:
            return self._start
        deepest, offset = 0, here[2]
        for holder in self._form.holders:
            node: Node | None = here
            for name in holder:
                node = node and positions.child(node, name)
            for depth, name in enumerate(attribute.partition(ARROW)[0].split("."), start=1):
                node = node and _member(positions, node, name)
                if node is not None and node[0] is not None and depth >= deepest:
                    deepest, offset = depth, node[0]
        return offset

    def _address(self, document: Document, address: str) -> int:
        """Return the offset of a resource that a plan does not change; of the text if none."""
        if self._addresses is None:
            self._addresses = {}
            for found in _ADDRESS.finditer(document.text, self._start, self._end):
                self._addresses.setdefault(json.loads(found[1]), found.start(1))
        return self._addresses.get(address, 0)


_PROVIDERS = ("configuration", "provider_config")
_ADDRESS = re.compile(r'"address"\s*:\s*("(?:[^"\\]|\\.)*")')


def _member(positions: JsonPositions, node: Node, name: str) -> Node | None:
    """Return a member of an object, or of the first object in a list that has it."""
    if not is_list(node):
        return positions.child(node, name)
    index = 0
    while (element := positions.child(node, str(index))) is not None:
        found = _member(positions, element, name)
        if found is not None:
            return found
        index += 1
    return None


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


_FORGOTTEN = Text(
    zh="计划不再管理 {which}，但没有销毁，云上仍有；请另用一个来源（如 cloud-export）写明",
    en="the plan forgets {which} without destroying it, so it stays in the cloud; name it by "
    "another source, such as a cloud-export",
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


_VERSION = 4
_SHOWN = {"format_version", "terraform_version", "values", "checks"}


def _not_a_state(members: Collection[str], value: Callable[[str], Any]) -> Text | None:
    names = set(members)
    if "encrypted_data" in names:
        return _ENCRYPTED_STATE
    if {"planned_values", "resource_changes"} & names:
        return _NO_STATE
    if "format_version" in names and names <= _SHOWN:
        return None
    if "version" not in names or not {"resources", "modules", "lineage", "serial"} & names:
        return _NOT_ONE
    version = value("version")
    if version == _VERSION:
        return None
    return _OLD if version in range(_VERSION) else _NEW


_MAKE = Text(
    zh="用 terraform state pull > terraform.tfstate（OpenTofu 用 tofu state pull）得到",
    en="get it with: terraform state pull > terraform.tfstate (OpenTofu: tofu state pull)",
)
_ENCRYPTED_STATE = Text(
    zh="状态是加密的，无法读取；请在能解密的地方运行 tofu show -json > state.json",
    en="the state is encrypted, so it cannot be read; run tofu show -json > state.json where it "
    "can be decrypted",
)
_NO_STATE = Text(
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
_NOT_ONE = Text(
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
_BINARY = Text(zh="这是二进制的计划文件，不是 JSON", en="this is a binary plan file, not JSON")
_NO_JSON = Text(zh="不是 JSON：没有以 { 开头的行", en="not JSON: no line begins with {")
_NOT_JSON = Text(zh="不是有效的 JSON", en="not valid JSON")
_CUT = Text(
    zh="JSON 到文件末尾还没有结束，文件不完整",
    en="the JSON is cut off at the end of the file",
)
_DEEP = Text(zh="嵌套太深", en="nested too deeply")
_LONG_NUMBER = Text(zh="有一个数太长", en="a number is too long")
_NOT_TEXT = Text(
    zh="既不是 UTF-8 也不是 UTF-16，可能是二进制或加密的文件",
    en="neither UTF-8 nor UTF-16: perhaps a binary or encrypted file",
)
_BEFORE = Text(
    zh="{file}：JSON 之前另有文字（例如日志），已略过",
    en="{file}: other text (such as a log) before the JSON was skipped",
)
_AFTER = Text(
    zh="{file}：JSON 之后另有文字，已略过",
    en="{file}: other text after the JSON was skipped",
)
