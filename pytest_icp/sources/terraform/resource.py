"""Resources of plans and source, their relations and regions, and the rows of their types.

Readers of attributes distinguish known, unset, computed and referenced values. A path is
``block.attribute``; ``reference -> attribute`` reads an attribute of the resource that
``reference`` refers to. A region is that of the first place that declares it, never a guess.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, cached_property
from itertools import chain
from typing import Any, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from pytest_icp.facts.derived import Status
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.json import embedded
from pytest_icp.law.jsontypes import Json, JsonObject
from pytest_icp.law.location import Place
from pytest_icp.law.places import region_of
from pytest_icp.law.text import Text

_TOKEN = re.compile(r'\.?([^.\[\]"]+)(\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\])?')


def tokens_of(reference: str) -> list[tuple[str, str]]:
    """Split a reference into parts, each with the key in brackets after it."""
    return [(found[1], found[2] or "") for found in _TOKEN.finditer(reference)]


def address_in(module: str, name: str) -> str:
    """Return the address of what has a name in a module."""
    return f"{module}.{name}" if module else name


class Resource(Confidential, Struct, eq=False, kw_only=True):
    """An instance of a resource (资源), with only the attributes that its row reads.

    ``base`` is the address without the key of the instance, ``index`` that key with its brackets
    (or empty), ``module`` the address of the module instance (empty for the root). ``values`` are
    the known attributes; ``unknown`` mirrors those known only after apply with ``True``;
    ``hidden`` are the names of sensitive attributes, which are in neither. ``origin`` is an
    offset or a line, or the number of what it comes from.
    """

    address: str
    base: str
    index: str
    module: str
    row: Row
    values: Mapping[str, Json]
    unknown: Mapping[str, Json]
    hidden: frozenset[str] = frozenset()
    provider_key: str = ""
    origin: int = -1
    file: str = ""
    ignored: Mapping[str, tuple[str, int]] = {}
    """The attributes that are left as others have set them, with where that is said."""
    managed: bool = True
    whole: bool = True
    """Whether an attribute in neither mapping is certainly not set."""


class AttributeValues(Struct, frozen=True, gc=False):
    """The known values of an attribute, with lists and blocks flattened.

    ``unset``: it is certainly neither set nor computed. ``partly``: some of its values are known
    only after apply. ``lacking``: one of several blocks does not have it. ``written``: it is set to
    a value that is known only after apply; None if that may be null.
    """

    values: tuple[Json, ...]
    status: Status
    path: str
    unset: bool = False
    partly: bool = False
    lacking: bool = False
    written: bool | None = False

    def agrees(self, other: AttributeValues) -> bool:
        """Whether another attribute has the same values, and is as certain."""
        known = (other.values, other.status, other.unset)
        return (self.values, self.status, self.unset) == known

    @property
    def silence(self) -> Status:
        """The status of a fact that does not follow from the attribute."""
        if self.partly:
            return Status.AFTER_APPLY
        return Status.NOT_TOLD if self.values else self.status


class Origin(Struct, frozen=True, gc=False):
    """Where a fact comes from: an attribute of a resource, or of a provider by its key."""

    resource: Resource | None
    attribute: str = ""
    status: Status = Status.KNOWN
    provider_key: str = ""


class Links(Protocol):
    """References, expressions and places, from the configuration of a plan or from source.

    What has neither, and knows of places alone, inherits from it.
    """

    def follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:  # noqa: ARG002
        """Return the resources that an attribute refers to, if that is unambiguous."""
        return ()

    def is_set(self, resource: Resource, attribute: str) -> bool | None:  # noqa: ARG002
        """Whether an attribute has an expression; None if there is no configuration."""
        return None

    def provider_region(self, key: str) -> str | None:  # noqa: ARG002
        """Return the region of a provider: empty if none is set, None if it is not known."""
        return None

    def place(self, origin: Origin) -> Place:
        """Return the place of an attribute in its file."""
        ...


class FactValue(Struct, frozen=True, gc=False):
    """The value of a fact, None if it is not known, and its origin.

    ``written``: it is set, to a value that is known only after apply; None if that may be null.
    """

    value: Json
    origin: Origin
    written: bool | None = False


class Names(NamedTuple):
    """The known names in an attribute, and why there may be more; None if there are not."""

    names: tuple[str, ...]
    attribute: str
    status: Status
    why: Status | None


Condition: TypeAlias = "Callable[[Graph, Resource], bool | None]"
"""Whether a resource matches; None if that is not known."""

NameReader: TypeAlias = "Callable[[Graph, Resource], Names]"
"""Reads the names of a resource."""

FactReader: TypeAlias = "Callable[[Graph, Regions, Resource], FactValue]"
"""Reads the value of a fact from a resource."""

Rank: TypeAlias = int
OWN, ATTACHED, FINAL = range(3)
"""The precedence of a fact: of the resource itself, attached by another resource, or final."""


class Give(Struct, frozen=True, kw_only=True):
    """An element that a resource gives, or facts that it adds to the element of another one.

    ``names`` reads the ids of sites and domains; the id of other elements is the address of the
    resource. ``of`` is the attribute that refers to the resource whose element gets the facts.
    ``address`` is the attribute with the target of the traffic for a site. Where an attribute of
    a type in ``unless`` refers to the resource, it gives nothing: that other one tells it; nor
    where its own attribute ``without`` refers to a resource of the source, which tells it.
    ``kept_in`` refers to the store that the logs of the resource are written into, which is then
    the element; ``prefix`` and ``below`` say under which names.
    """

    list: str
    when: Condition | None
    names: NameReader | None
    rank: Rank
    unless: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, FactReader], ...]
    of: str | None = None
    kept_in: str | None = None
    prefix: str | None = None
    below: str = ""
    address: str | None = None
    without: str | None = None


class Expires(Struct, frozen=True, kw_only=True):
    """The blocks of a resource that remove objects of a bucket (``of``; None: itself) in time.

    ``rules`` is the name of the blocks (None: all of it is one), the others are paths in one: when
    it is switched on, the
    prefixes that it holds for, and what narrows it further; the days, or dates, after which it
    removes.
    """

    of: str | None
    rules: str | None
    active: tuple[tuple[str, frozenset[str]], ...]
    prefix: tuple[str, ...]
    narrowed: tuple[str, ...]
    days: str
    dates: tuple[str, ...]


class Hides(Struct, frozen=True, eq=False):
    """What a resource holds that is not read: the lists that it may add to, and why."""

    lists: frozenset[str]
    when: Condition
    reason: Text


class Row(Struct, frozen=True, kw_only=True):
    """One type of resource: which attributes are read, and what they mean."""

    type: str
    provider: Provider
    attributes: frozenset[str]
    identity: tuple[str, ...]
    regions: tuple[str, ...]
    zones: tuple[str, ...]
    subnets: tuple[str, ...]
    leads: tuple[str, ...]
    joins: tuple[tuple[str, str], ...]
    publishes: str | None
    public: Condition
    decides: bool
    """Whether the table declares when the public can reach it."""
    gives: tuple[Give, ...]
    expires: Expires | None
    hides: tuple[Hides, ...]

    @property
    def lists(self) -> frozenset[str]:
        """The lists that one more resource of the type may add to, or change."""
        own = {give.list for give in self.gives} | ({"log_stores"} if self.expires else set())
        return frozenset(own).union(*(hides.lists for hides in self.hides))


class Provider(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """The table of one provider (云厂商), named by the last part of its address.

    ``rows`` are the rows as written; `rows.compiled` makes a `Row` of one.
    """

    name: str
    rows: Mapping[str, JsonObject]
    zone: re.Pattern[str]
    operator: str | None
    operators: Mapping[str, str]
    regions: tuple[str, ...]
    zones: tuple[str, ...]
    shared: frozenset[str]
    """The attributes that other resources may read by reference."""

    def region_of(self, zone: str) -> str | None:
        """Return the region of a zone, by the form of its name."""
        found = self.zone.fullmatch(zone)
        return found[found.lastindex or 0] if found else None

    def operator_in(self, region: str | None) -> str | None:
        """Return the company that runs the cloud (接入商) in a region of the mainland."""
        return _operator(self, region) if region else None

    def location_of(self, region: str) -> Json:
        """Return the address (放置地) of a region; one object for all that is there."""
        return _location(self, region)


@cache
def _location(owner: Provider, region: str) -> Json:
    return {"cloud_region": {"provider": owner.name, "id": region}}


@cache
def _operator(owner: Provider, region: str) -> str | None:
    place = region_of(owner.name, region)
    if place is None or place.country != "CN":
        return None
    return owner.operators.get(region, owner.operator)


def leaves(value: Any, parts: tuple[str, ...]) -> list[Json]:
    """Return the values at a path, through lists of blocks; never None."""
    for depth, part in enumerate(parts):
        if isinstance(value, list):
            below = parts[depth:]
            return [leaf for element in value for leaf in leaves(element, below)]
        if not isinstance(value, dict):
            return []
        value = value.get(part)
    if isinstance(value, list):
        return [leaf for element in value for leaf in leaves(element, ())]
    return [] if value is None else [value]


def lacks(value: Json, parts: tuple[str, ...]) -> bool:
    """Whether one of the blocks on a path has nothing there."""
    if isinstance(value, list):
        return any(lacks(element, parts) for element in value)
    if not parts or not isinstance(value, dict):
        return value is None
    return lacks(value.get(parts[0]), parts[1:])


def marked(value: Json, parts: tuple[str, ...]) -> bool:
    """Whether a mirror of values (``after_unknown``) has True at or above a path."""
    if value is True:
        return True
    if isinstance(value, list):
        return any(marked(element, parts) for element in value)
    if isinstance(value, dict):
        if parts:
            return marked(value.get(parts[0]), parts[1:])
        return any(marked(element, ()) for element in value.values())
    return False


ARROW = " -> "

AttributeReader: TypeAlias = "Callable[[Graph, Resource], AttributeValues]"


_KNOWN = Status.KNOWN


@cache
def reader(path: str) -> AttributeReader:
    """Compile a path to a function that reads the attribute."""
    reference, arrow, rest = path.partition(ARROW)
    return _referenced(reference, reader(rest), path) if arrow else _own(path)


@cache
def parts_of(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the first attribute of a path, and what is below it."""
    first, *below = path.split(".")
    return first, tuple(below)


def head(path: str) -> str:
    """Return the first attribute of a path."""
    return path.partition(ARROW)[0].partition(".")[0]


def _own(path: str) -> AttributeReader:
    first, below = parts_of(path)

    def read(graph: Graph, resource: Resource) -> AttributeValues:
        value, unknown = resource.values.get(first), resource.unknown
        partly = bool(unknown) and marked(unknown.get(first), below)
        if below and value.__class__ is str:
            # What is written as a text of JSON.
            value = embedded(value)
            if value is None:
                return AttributeValues((), Status.NOT_TOLD, path)
        if value is not None:
            single = not below and value.__class__ is not list
            found = (value,) if single else tuple(leaves(value, below))
            if found:
                lacking = bool(below) and lacks(value, below)
                return AttributeValues(found, _KNOWN, path, partly=partly, lacking=lacking)
        if first in resource.hidden:
            return AttributeValues((), Status.SENSITIVE, path)
        if partly:
            written = graph.links.is_set(resource, path)
            status = Status.DEFAULT if written is False else Status.AFTER_APPLY
            return AttributeValues((), status, path, written=written)
        if not resource.whole and graph.links.is_set(resource, path) is not False:
            return AttributeValues((), Status.AFTER_APPLY, path)
        return AttributeValues((), Status.DEFAULT, path, unset=True)

    return read


def _referenced(reference: str, read_target: AttributeReader, path: str) -> AttributeReader:
    read_reference = _own(reference)

    def read(graph: Graph, resource: Resource) -> AttributeValues:
        targets = graph.refer(resource, reference)
        if not targets:
            # What it refers to is not here, so whether that is set is not known either.
            why = read_reference(graph, resource).silence
            return AttributeValues((), Status.NOT_TOLD if why is Status.DEFAULT else why, path)
        readings = [read_target(graph, target) for target in targets]
        first = readings[0]
        if any(not first.agrees(other) for other in readings):
            differ = all(other.status is Status.KNOWN for other in readings)
            return AttributeValues((), Status.NOT_TOLD if differ else Status.AFTER_APPLY, path)
        status = Status.REFERENCED if first.status is Status.KNOWN else first.status
        return AttributeValues(first.values, status, path, first.unset, first.partly, first.lacking)

    return read


class Graph:
    """All resources that have a row, and the relations between them (引用关系).

    ``unread`` are the types of resources that look relevant and have none.
    """

    def __init__(
        self, resources: list[Resource], links: Links, unread: Collection[str] = ()
    ) -> None:
        self.resources = resources
        self.links = links
        self.unread = unread
        self.referred = cache(self._referred)
        self.behind = cache(self._behind)

    def refer(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return what an attribute refers to: by its expression, or else by the names in it."""
        found = self.links.follow(resource, attribute)
        if found:
            return found
        first, below = parts_of(attribute)
        return self._named(resource, leaves(resource.values.get(first), below))

    def _named(self, resource: Resource, names: Iterable[Json]) -> tuple[Resource, ...]:
        provider = resource.row.provider.name
        return tuple(
            one
            for name in names
            if isinstance(name, str) and name
            for one in self._identities.get((provider, name), ())
        )

    @cached_property
    def _identities(self) -> dict[tuple[str, str], dict[Resource, None]]:
        """The resources by provider and identity: ids, names of buckets, public addresses."""
        found: dict[tuple[str, str], dict[Resource, None]] = {}
        for resource in self.resources:
            for attribute in resource.row.identity:
                first, below = parts_of(attribute)
                for name in leaves(resource.values.get(first), below):
                    if isinstance(name, str):
                        named = found.setdefault((resource.row.provider.name, name), {})
                        named[resource] = None
        return found

    @cached_property
    def _joined(self) -> dict[Resource, list[Resource]]:
        """The relations of associations: from an address to the machine it is bound to."""
        found: dict[Resource, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            for near, far in resource.row.joins:
                ends = self.refer(resource, far) if far else (resource,)
                for start in self.refer(resource, near):
                    found[start].extend(ends)
        return found

    def _referred(self, kind: str, attribute: str) -> frozenset[Resource]:
        """Return what an attribute of the resources of a type refers to."""
        of_type = (resource for resource in self.resources if resource.row.type == kind)
        return frozenset(chain.from_iterable(self.refer(one, attribute) for one in of_type))

    def _behind(self, start: Resource) -> list[Resource]:
        """Return a resource and all that its traffic is forwarded to, the nearest first."""
        found = {start: None}
        for resource in (waiting := [start]):
            further = list(self._joined.get(resource, ()))
            for attribute in resource.row.leads:
                further += self.refer(resource, attribute)
            waiting += [other for other in dict.fromkeys(further) if other not in found]
            found |= dict.fromkeys(further)
        return waiting

    @cached_property
    def _publicly_bound(self) -> set[Resource]:
        """The resources that an association binds to a public one, such as an address."""
        return {
            end
            for start, ends in self._joined.items()
            if start.row.public(self, start) is True
            for end in ends
        }

    @cached_property
    def _published(self) -> set[Resource]:
        """The resources that get a public endpoint from another one."""
        return {
            target
            for resource in self.resources
            if resource.row.publishes is not None and resource.row.public(self, resource) is True
            for target in self.refer(resource, resource.row.publishes)
        }

    def is_public(self, resource: Resource) -> bool | None:
        """Whether the public can reach a resource; None if that is not known."""
        if resource in self._published or resource in self._publicly_bound:
            return True
        return None if resource.row.publishes is not None else resource.row.public(self, resource)


class Regions:
    """Finds the region of any resource of a graph.

    The first of these decides: its own region, the region of its provider, its zone, the zone of
    its subnet, the zones of other resources of the same provider, and the settings of the source:
    ``region`` for all providers, ``regions`` by alias. Nothing stands in for its own region if
    that is set and not known, and a resource with its own says nothing of others.
    """

    def __init__(self, graph: Graph, settings: Mapping[str, object]) -> None:
        self._graph = graph
        self.of = cache(self._find)
        self._of_provider = cache(graph.links.provider_region)
        aliases = settings.get("regions")
        self._aliases = aliases if isinstance(aliases, dict) else {}
        self._option = settings.get("region")

    def _find(self, resource: Resource) -> tuple[str | None, Origin]:
        """Return the id of the region, None if it is not known, and its origin."""
        key = resource.provider_key
        written = self._of_provider(key)
        near = self._by_zone(resource)
        found = self._own(resource)
        if found is None and written:
            found = written, Origin(None, "region", Status.REFERENCED, key)
        if found is None:
            return near or self._by_others(key) or self._by_option(key, written)
        if near is not None and found[0] not in {None, near[0]}:
            return None, Origin(resource, near[1].attribute, Status.NOT_TOLD)
        return found

    def _own(self, resource: Resource) -> tuple[str | None, Origin] | None:
        """Return the region that is set on a resource itself, None in it if it is not known."""
        for attribute in resource.row.regions:
            reading = reader(attribute)(self._graph, resource)
            for value in reading.values:
                if isinstance(value, str) and value:
                    return value, Origin(resource, attribute)
            if reading.written or reading.status is Status.SENSITIVE:
                return None, Origin(resource, attribute, reading.status)
            if reading.status is Status.AFTER_APPLY and attribute in resource.unknown:
                # It may be set: the zone alone tells it whether or not it is.
                near = self._by_zone(resource)
                return near or (None, Origin(resource, attribute, reading.status))
        return None

    def _by_zone(self, resource: Resource) -> tuple[str, Origin] | None:
        zone = _zone(resource)
        if zone is not None:
            return zone[0], Origin(resource, zone[1])
        for attribute in resource.row.subnets:
            found = {
                near[0]
                for subnet in self._graph.refer(resource, attribute)
                if (near := _zone(subnet)) is not None
            }
            if len(found) == 1:
                return found.pop(), Origin(resource, attribute, Status.REFERENCED)
        return None

    def _by_others(self, key: str) -> tuple[str, Origin] | None:
        found = self._others.get(key, {}) if key else {}
        if len(found) != 1:
            return None
        ((region, (resource, attribute)),) = found.items()
        return region, Origin(resource, attribute, Status.REFERENCED)

    @cached_property
    def _others(self) -> dict[str, dict[str, tuple[Resource, str]]]:
        """The regions of the zones of all resources, by provider."""
        found: dict[str, dict[str, tuple[Resource, str]]] = defaultdict(dict)
        for resource in self._graph.resources:
            near = _zone(resource)
            if near is not None and self._own(resource) is None:
                found[resource.provider_key].setdefault(near[0], (resource, near[1]))
        return found

    def _by_option(self, key: str, written: str | None) -> tuple[str | None, Origin]:
        region = self._aliases.get(key, self._aliases.get(key.rpartition(".")[2], self._option))
        if isinstance(region, str):
            return region, Origin(None, "region", Status.KNOWN)
        status = Status.AFTER_APPLY if written is None else Status.DEFAULT
        return None, Origin(None, "region", status, key)


def _zone(resource: Resource) -> tuple[str, str] | None:
    """Return the region of all zones of a resource, and the attribute."""
    row = resource.row
    for attribute in row.zones:
        zones = _strings(resource, attribute)
        found = {row.provider.region_of(zone) for zone in zones} if zones else ()
        if len(found) == 1 and (region := next(iter(found))):
            return region, attribute
    return None


def _strings(resource: Resource, attribute: str) -> list[str]:
    first, below = parts_of(attribute)
    value = resource.values.get(first)
    if isinstance(value, str):
        return [value] if value and not below else []
    return [value for value in leaves(value, below) if isinstance(value, str) and value]
