"""Resources of plans and source, the rows of their types, and the results of reading them.

A row has functions that read resources, and a resource has a row, so these types are in one
module, which the modules that create them import. Readers of attributes distinguish known, unset,
computed and referenced values. A path is ``block.attribute``; ``reference -> attribute`` reads an
attribute of the resource that ``reference`` refers to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from pytest_icp.facts.derived import Status
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.cloud_regions import region_of

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json, JsonObject
    from pytest_icp.law.location import Place
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

    _shown = ("address",)

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
    replaced: Mapping[str, tuple[str, int]] = {}
    """The attributes that another block gives it, with the file and line of that."""
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
    """References, expressions and places, from the configuration of a plan or from source."""

    def follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return the resources that an attribute refers to, if that is unambiguous."""
        ...

    def is_set(self, resource: Resource, attribute: str) -> bool | None:
        """Whether an attribute has an expression; None if there is no configuration."""
        ...

    def provider_region(self, key: str) -> str | None:
        """Return the region of a provider: empty if none is set, None if it is not known."""
        ...

    def place(self, origin: Origin) -> Place:
        """Return the place of an attribute in its file."""
        ...


class ResourceGraph(Protocol):
    """The relations between resources (引用关系) that rows use."""

    @property
    def links(self) -> Links:
        """References, expressions and places."""
        ...

    def refer(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return the resources that an attribute refers to."""
        ...

    def is_public(self, resource: Resource) -> bool | None:
        """Whether the public can reach a resource; None if that is not known."""
        ...


class RegionLookup(Protocol):
    """The regions of resources (地域)."""

    def of(self, resource: Resource) -> tuple[str | None, Origin]:
        """Return the id of the region, None if it is not known, and its origin."""
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


Condition: TypeAlias = Callable[[ResourceGraph, Resource], bool | None]
"""Whether a resource matches; None if that is not known."""

NameReader: TypeAlias = Callable[[ResourceGraph, Resource], Names]
"""Reads the names of a resource."""

FactReader: TypeAlias = Callable[[ResourceGraph, RegionLookup, Resource], FactValue]
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
    of: str | None
    kept_in: str | None
    prefix: str | None
    below: str
    address: str | None
    rank: Rank
    unless: tuple[tuple[str, str], ...]
    without: str | None
    facts: tuple[tuple[str, FactReader], ...]


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


class Hides(Struct, frozen=True, kw_only=True, eq=False):
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
    hides: Hides | None

    @property
    def lists(self) -> frozenset[str]:
        """The lists that one more resource of the type may add to, or change."""
        own = {give.list for give in self.gives} | ({"log_stores"} if self.expires else set())
        return self.hides.lists.union(own) if self.hides else frozenset(own)


class Provider(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """The table of one provider (云厂商), named by the last part of its address.

    ``rows`` are the rows as written; `rows.compiled` makes a `Row` of one.
    """

    _shown = ("name",)

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
        return _region(self, zone)

    def operator_in(self, region: str | None) -> str | None:
        """Return the company that runs the cloud (接入商) in a region of the mainland."""
        return _operator(self, region) if region else None

    def location_of(self, region: str) -> Json:
        """Return the address (放置地) of a region; one object for all that is there."""
        return _location(self, region)


# Many resources are in few zones.
@lru_cache(maxsize=4096)
def _region(owner: Provider, zone: str) -> str | None:
    found = owner.zone.fullmatch(zone)
    return found[found.lastindex or 0] if found else None


@lru_cache(maxsize=4096)
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

AttributeReader: TypeAlias = "Callable[[ResourceGraph, Resource], AttributeValues]"


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

    def read(graph: ResourceGraph, resource: Resource) -> AttributeValues:
        value, unknown = resource.values.get(first), resource.unknown
        partly = bool(unknown) and marked(unknown.get(first), below)
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

    def read(graph: ResourceGraph, resource: Resource) -> AttributeValues:
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
