"""Source kind ``ansible``: servers from Ansible inventories, in INI or YAML (主机清单).

A host is a server. Its public addresses are those it is reached at; where it is, a variable of the
host or of a group may say: a region of a cloud (``region: cn-beijing``) or a place in words
(``idc: 北京``). Variables stand in the inventory, or in ``group_vars`` and ``host_vars`` beside it.
Setting ``cloud`` is the provider of regions where no variable names it.
"""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import decode, is_folder
from pytest_icp.law.domains import host_of
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, object_of
from pytest_icp.law.location import Place
from pytest_icp.law.places import (
    is_region,
    outside_mainland,
    provider_of,
    province_of,
    region_and_wider,
)
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup, Setting, Value
from pytest_icp.sources.gathering import Gathering, listed
from pytest_icp.sources.hosts import address_of, is_local
from pytest_icp.sources.request import Request

_ADDRESSES = ("ansible_host", "ansible_ssh_host", "public_ip", "external_ip", "eip")
_PLACES = (
    *("location", "address", "datacenter", "data_center", "dc", "idc", "room", "city"),
    *("机房", "机房地址", "地址", "城市"),
)
_REGIONS = (
    *("availability_zone", "zone", "zone_id", "az", "region", "region_id", "cloud_region"),
    *("alicloud_region", "aliyun_region", "tencentcloud_region", "huaweicloud_region"),
    *("aws_region", "可用区", "地域"),
)
_PROVIDERS = ("cloud", "cloud_provider", "provider", "云服务商")
_CONNECTION = "ansible_connection"
_READ = frozenset((*_ADDRESSES, *_PLACES, *_REGIONS, *_PROVIDERS, _CONNECTION))

_OF_AWS = re.compile(
    r"(?:ip|ec2)-[0-9-]+\.([a-z]+(?:-[a-z]+)+-[0-9])\.compute(?:\.internal|\.amazonaws\.com(?:\.cn)?)"
)
"""The names that AWS gives to machines, which have their regions in them."""

_HOST = 100
"""What each host of a pattern takes of the budget of expansions: 100,000 are enough for anybody."""

_SUFFIXES = (".yml", ".yaml", ".json")
_VARIABLES = ("group_vars", "host_vars")
_SECTION = re.compile(r"\[([^\[\]:\s]+)(?::(children|vars))?\][ \t]*(?:[#;].*)?")
_COMMENT = re.compile(r"[ \t]*(?:[#;].*)?")
_SETTING = re.compile(r"[ \t]*+([^\s=:]++)[ \t]*+[=:](.*+)")
_RANGE = re.compile(r"\[(?:(\d{1,9}):(\d{1,9})|([A-Za-z]):([A-Za-z]))(?::(\d{1,9}))?\]")
_PORT = re.compile(r"(?<=[^:\]])(?<!:):\d{1,5}$")
# Many an inventory in INI is called hosts.yml.
_IS_INI = re.compile(
    r"(?:\s*+[#;][^\n]*+\n|\s++)*+\[[^\[\]\s,\"']++\][ \t]*+(?:[#;]|$)", re.MULTILINE
)
_TAG = re.compile(rb"(?<=[ \t])!(?:vault|unsafe)(?=\s)")
_IS_YAML = re.compile(
    r"(?:\s*+#[^\n]*+\n|\s++)*+(?:---|plugin[ \t]*+:|[\"']?[\w.-]+[\"']?[ \t]*+:[ \t]*+(?:#|$))",
    re.MULTILINE,
)


Settings: TypeAlias = dict[str, Setting]
"""Those variables that are read; the others may be secret, and are never kept."""


class Group(Confidential, Struct):
    """A group: its hosts, the groups in it, and its variables."""

    hosts: dict[str, None] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    settings: Settings = field(default_factory=dict)


class Host(Confidential, Struct):
    """A host: its own variables, and what looks the place of its name up."""

    at: ProvenanceLookup
    settings: Settings = field(default_factory=dict)


class Inventory:
    """The groups and hosts of some files."""

    def __init__(self, meter: Meter) -> None:
        self.groups = defaultdict[str, Group](Group, all=Group())
        self.hosts: dict[str, Host] = {}
        self._meter = meter

    def add(self, group: str, pattern: str, at: ProvenanceLookup, settings: Settings) -> None:
        """Add the hosts of a pattern to a group, with variables."""
        for name in _expanded(_PORT.sub("", pattern), self._meter):
            self.groups[group].hosts[name] = None
            self.hosts.setdefault(name, Host(at)).settings.update(settings)

    def settings(self) -> dict[str, Settings]:
        """Return the variables of each host: its own, else those of its nearest groups.

        Raises `InputError` for groups that contain each other.
        """
        around: dict[str, set[str]] = {name: set() for name in sorted(self.groups)}
        for name, group in self.groups.items():
            for child in group.children:
                around.setdefault(child, set()).add(name)
        try:
            order = [*TopologicalSorter(around).static_order()]
        except CycleError as error:
            raise InputError(_CIRCLE.format(group=min(error.args[1]))) from None
        at = {name: i for i, name in enumerate(order)}
        found: dict[str, Settings] = {"all": self.groups["all"].settings}
        known = {name: {**found["all"]} for name in self.hosts}
        for name in order:
            found[name] = {**found["all"]}
            for outer in sorted(around[name], key=at.__getitem__):
                found[name] |= found[outer]
            found[name] |= self.groups[name].settings
            for host in self.groups[name].hosts:
                known[host] |= found[name]
        return {name: own | self.hosts[name].settings for name, own in known.items()}


def _expanded(pattern: str, meter: Meter) -> Iterator[str]:
    """Yield the names of a pattern such as ``web[01:50]``."""
    ranges, end = [], 0
    for found in _RANGE.finditer(pattern):
        ranges.append((pattern[end : found.start()], found.groups()))
        end = found.end()
    for name in _filled(ranges, meter):
        meter.spend("expansions", _HOST)
        yield name + pattern[end:]


def _filled(ranges: Sequence[tuple[str, Sequence[str]]], meter: Meter) -> Iterator[str]:
    """Yield each combination of ranges, each with the text before it."""
    if not ranges:
        yield ""
        return
    *before, (text, (first, last, letter, until, step)) = ranges
    start, stop = (int(first), int(last)) if first else (ord(letter), ord(until))
    for head in _filled(before, meter):
        # Beside a range of nothing many names are begun, and none is spent.
        meter.check_time()
        for number in range(start, stop + 1, max(1, int(step or 1))):
            yield head + text + (str(number).zfill(len(first)) if first else chr(number))


def read_ansible(request: Request) -> Derived:
    """Read an inventory, or the inventories in a folder: each host is a server.

    What a plugin or a script would ask a cloud for is not known.

    Raises `InputError` with the line of what is not an inventory, and if there is no host in it.
    """
    reader = _Reader(request)
    reader.read()
    return reader.derived()


class _Reader:
    """Reads inventories, and the files of variables beside them."""

    def __init__(self, request: Request) -> None:
        self.into = Gathering(request)
        self._request = request
        self._inventory = Inventory(request.meter)

    def read(self) -> None:
        """Read the inventory, or those that stand in the folder itself, as Ansible does."""
        request = self._request
        for path in request.files(""):
            if request.alone or path.parent == request.path:
                with self.into.reading(path, "servers"):
                    self._file(path)
        top = request.path.parent if request.alone else request.path
        for folder in _VARIABLES if request.given is None else ():
            self._beside(top / folder, hosts=folder == "host_vars")

    def derived(self) -> Derived:
        """Return the servers."""
        inventory, left = self._inventory, list[str]()
        try:
            settings = inventory.settings()
        except InputError as error:
            raise InputError(error.message, place=Place(path=self._request.path)) from None
        for name, host in inventory.hosts.items():
            if _is_here(name, settings[name]):
                left.append(name)
            else:
                self._server(name, host, settings[name])
        if not inventory.hosts and not self.into.unread:
            raise InputError(_NONE, place=Place(path=self._request.path))
        if left:
            self.into.remark(_HERE.format(names=listed(left)))
        return self.into.derived()

    def _server(self, name: str, host: Host, settings: Settings) -> None:
        into = self.into
        into.add("servers", name, host.at)
        ips = dict(_addresses(name, host, settings))
        if ips:
            into.set("servers", name, "ips", [*ips], next(iter(ips.values())))
        if found := _location(name, host, settings, self._request.settings.get("cloud")):
            into.set("servers", name, "location", *found)

    def _file(self, path: Path) -> None:
        raw = self._request.read(path)
        text = decode(raw)
        if "\0" in text or text.startswith("#!"):
            raise InputError(_DYNAMIC, place=Place(path=path), hint=_LIST)
        yaml = path.suffix.lower() in _SUFFIXES and not _IS_INI.match(text)
        if yaml or _IS_YAML.match(text):
            for value in self._values(path, raw):
                self._groups(value)
        else:
            self._ini(path, text)

    def _values(self, path: Path, raw: bytes) -> Iterator[Value]:
        # What is encrypted is never read, so its tag says nothing; the offsets stay.
        plain = _TAG.sub(lambda tag: b" " * len(tag[0]), raw)
        return (one.value for one in self.into.documents(path, "servers", raw=plain))

    def _groups(self, top: Value) -> None:
        """Add the groups of an inventory in YAML."""
        if "plugin" in top:
            raise InputError(_DYNAMIC, place=top.get("plugin").at("")().place, hint=_LIST)
        waiting = [value for _, value in top.members()] if isinstance(top.data, dict) else []
        while waiting:
            value = waiting.pop()
            name, own = value.path[-1], self._inventory.groups[value.path[-1]]
            own.settings.update(_settings_of(value.get("vars"), name))
            for host, inner in value.get("hosts").members():
                self._inventory.add(name, host, inner.at(host), _settings_of(inner, host))
            for child, inner in value.get("children").members():
                own.children.add(child)
                waiting.append(inner)

    def _ini(self, path: Path, text: str) -> None:
        """Add the groups of an inventory in INI."""
        group, kind = "ungrouped", None
        for number, line in enumerate(text.splitlines(), start=1):
            self._request.meter.spend("elements")
            if _COMMENT.fullmatch(line):
                continue
            section = _SECTION.fullmatch(line.strip())
            if section:
                group, kind = section[1], section[2]
                own = self._inventory.groups[group]
            elif kind == "vars":
                if found := _SETTING.fullmatch(line):
                    value = found[2].strip().strip("\"'")
                    own.settings.update(_kept({found[1]: value}, path, number, group))
            elif kind == "children":
                own.children.add(line.split()[0])
            else:
                self._host(group, path, number, line)

    def _host(self, group: str, path: Path, number: int, line: str) -> None:
        place = Place(path=path, line=number)
        try:
            name, *written = shlex.split(line, comments=True)
        except ValueError:
            raise InputError(_NOT_READ, place=place) from None
        pairs = [word.partition("=") for word in written]
        if any(not equals for _, equals, _ in pairs):
            raise InputError(_NOT_READ, place=place)
        settings = _kept({key: value for key, _, value in pairs}, path, number, name)
        self._inventory.add(group, name, partial(Provenance, place=place, address=name), settings)

    def _beside(self, folder: Path, *, hosts: bool) -> None:
        """Take the variables of the groups or hosts that files in a folder are named after."""
        known: Mapping[str, Group | Host]
        known = self._inventory.hosts if hosts else self._inventory.groups
        if not is_folder(folder):
            return
        for file in sorted(folder.rglob("*")):
            named = file.relative_to(folder).parts[0]
            name = next(filter(known.__contains__, (named, Path(named).stem)), None)
            if name is None or is_folder(file):
                continue
            with self.into.reading(file, "servers"):
                for value in self._values(file, self._request.read(file)):
                    known[name].settings.update(_settings_of(value, name))


def _kept(written: Mapping[str, str], path: Path, line: int, address: str) -> Settings:
    """Return those variables of a line that are read; of the line, nothing is quoted."""
    place = Place(path=path, line=line)
    return {
        name: Setting(value, partial(Provenance, place=place, address=address, attribute=name))
        for name, value in written.items()
        if name in _READ
    }


def _settings_of(value: Value, address: str) -> Settings:
    """Return those members of an object that are read."""
    return {
        name: Setting(inner.text, inner.at(address))
        for name, inner in value.members()
        if name in _READ and inner.text
    }


def _is_here(name: str, settings: Settings) -> bool:
    """Whether a host is the machine that Ansible runs on."""
    connection = settings.get(_CONNECTION)
    return (connection is not None and connection.value == "local") or (
        name in {"localhost", "127.0.0.1"} and "ansible_host" not in settings
    )


def _addresses(name: str, host: Host, settings: Settings) -> Iterator[tuple[str, ProvenanceLookup]]:
    """Yield the public addresses of a host."""
    for one in (*_of(settings, _ADDRESSES), Setting(name, host.at)):
        address = host_of(one.value)
        if address and address_of(address) is not None and not is_local(address):
            yield address, one.at


def _location(
    name: str, host: Host, settings: Settings, cloud: Json
) -> tuple[JsonObject, ProvenanceLookup] | None:
    """Return where a host is, as far as its variables or a name that AWS gives it say so.

    Where they contradict each other, it is not known.
    """
    named = (provider_of(one.value) for one in _of(settings, _PROVIDERS))
    provider = next(filter(None, named), cloud)
    regions = [(one.value, provider, one.at) for one in _of(settings, _REGIONS)]
    machines = (Setting(name, host.at), *_of(settings, _ADDRESSES))
    regions += [
        (machine[1], "aws", one.at) for one in machines if (machine := _OF_AWS.fullmatch(one.value))
    ]
    found: list[tuple[JsonObject, ProvenanceLookup]] = [
        ({"cloud_region": {"id": id_.strip().lower(), **({"provider": by} if by else {})}}, at)
        for id_, by, at in regions
        if is_region(id_)
    ]
    for one in _of(settings, _PLACES):
        place: JsonObject = {"text": one.value}
        if "{{" not in one.value and (province_of(place) or outside_mainland(place)):
            found.append((place, one.at))
    return found[0] if found and all(_agree(found[0][0], place) for place, _ in found) else None


def _of(settings: Settings, names: Sequence[str]) -> list[Setting]:
    """Return the variables of some names, in the order of the names."""
    return [settings[name] for name in names if name in settings]


def _agree(one: JsonObject, other: JsonObject) -> bool:
    """Whether two places may be the same: a zone is in its region."""
    names = [str(object_of(place.get("cloud_region")).get("id", "")) for place in (one, other)]
    if all(names):
        return any(a in region_and_wider(b) for a, b in (names, reversed(names)))
    provinces = [province_of(place) for place in (one, other)]
    abroad = [outside_mainland(place) for place in (one, other)]
    return all(None in pair or pair[0] == pair[1] for pair in (provinces, abroad))


_NONE = Text(zh="主机清单中没有主机", en="there is no host in this inventory")
_NOT_READ = Text(
    zh="这一行不是主机及其变量（名称 变量=值）",
    en="this line is not a host with its variables (`name variable=value`)",
)
_CIRCLE = Text(zh="组 {group} 包含它自己", en="the group {group} contains itself")
_DYNAMIC = Text(
    zh="主机由插件或者程序向云服务查询得出，这里不知道有哪些",
    en="a plugin or a program asks a cloud for the hosts, so which there are is not known",
)
_LIST = Text(
    zh="运行 ansible-inventory -i 清单 --list --yaml，把输出写为来源",
    en="name the output of `ansible-inventory -i INVENTORY --list --yaml` as the source",
)
_HERE = Text(
    zh="运行 Ansible 的机器本身，未列为服务器：{names}",
    en="the machine that Ansible runs on, not counted as a server: {names}",
)
