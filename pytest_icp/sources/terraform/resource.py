"""A resource of a plan or of source, the row of its type, and what reading it gives.

A row holds functions that read resources, and a resource its row: so their types stand together,
below the modules that make them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from pytest_icp.facts.derived import Status
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.cloud_regions import region_of

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json, JsonObject
    from pytest_icp.law.location import Place


class Resource(Confidential, Struct, eq=False, kw_only=True):
    """An instance of a resource (资源): only the attributes that its row reads.

    ``base`` is the address without the key of the instance, ``index`` that key with its
    brackets (empty where there is none), ``module`` the address of the module's instance
    (empty for the root). ``values`` are the known attributes, ``unknown`` mirrors those that
    are known only after apply with ``True``; what is marked sensitive is in neither, only its
    name stands in ``hidden``. ``origin`` says where it stands: an offset or a line.
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
    managed: bool = True
    whole: bool = True
    """Whether an attribute that is in neither mapping is certainly not set."""


class Reading(NamedTuple):
    """What an attribute holds: its known values, lists and blocks laid flat.

    ``unset`` says that it is certainly not set and not computed either, ``partly`` that some of
    its values are known only after apply, ``written`` that it certainly gets one then.
    """

    values: tuple[Json, ...]
    status: Status
    attribute: str
    unset: bool = False
    partly: bool = False
    written: bool = False


class Origin(NamedTuple):
    """Where one fact comes from: an attribute of a resource, or of a provider by its key."""

    resource: Resource | None
    attribute: str = ""
    status: Status = Status.KNOWN
    provider_key: str = ""


class Links(Protocol):
    """What a plan's configuration, or source, tells besides the values."""

    def follow(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return the resources that an attribute's expression refers to, if that is plain."""
        ...

    def is_set(self, resource: Resource, attribute: str) -> bool | None:
        """Say whether an attribute has an expression; None when there is no configuration."""
        ...

    def provider_region(self, key: str) -> str | None:
        """Return the region that is written for a provider, None when it cannot be known."""
        ...

    def place(self, origin: Origin) -> Place:
        """Return where in the file something stands."""
        ...


class Ways(Protocol):
    """What leads from one resource to another (引用关系), as far as a row asks."""

    @property
    def links(self) -> Links:
        """What the configuration tells besides the values."""
        ...

    def refer(self, resource: Resource, attribute: str) -> tuple[Resource, ...]:
        """Return the resources that an attribute refers to."""
        ...

    def is_public(self, resource: Resource) -> bool | None:
        """Say whether the public can reach a resource; None when that is not known."""
        ...


class Placing(Protocol):
    """Where resources stand (地域)."""

    def of(self, resource: Resource) -> tuple[str | None, Origin]:
        """Return the region's id, None when it is not known, and where it was read."""
        ...


class Told(NamedTuple):
    """A fact's value, None when it is not known, and where it comes from."""

    value: Json
    origin: Origin


class Named(NamedTuple):
    """The names that could be read, the attribute, and whether there may be more of them."""

    names: tuple[str, ...]
    attribute: str
    status: Status
    more: bool


Condition: TypeAlias = Callable[[Ways, Resource], bool | None]
"""Tells whether something holds of a resource; None when that is not known."""

Names: TypeAlias = Callable[[Ways, Resource], Named]
"""Finds the names that a resource has."""

Fact: TypeAlias = Callable[[Ways, Placing, Resource], Told]
"""Makes a fact of a resource."""

Rank: TypeAlias = int
OWN, ATTACHED, FINAL = range(3)
"""How strong a fact is: the resource's own, one attached by another resource, the last word."""


class Give(Struct, frozen=True, kw_only=True):
    """An element that a resource gives, or facts that it adds to that of another one.

    ``names`` finds the ids of sites and domains; other elements are called by the address of
    the resource. ``of`` is the attribute that refers to the resource whose element gets the
    facts. ``address`` is the attribute that says where traffic for a site is led to.
    """

    list: str
    when: Condition | None
    names: Names | None
    of: str | None
    address: str | None
    rank: Rank
    facts: tuple[tuple[str, Fact], ...]


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
    """Whether the table says when the public can reach it."""
    gives: tuple[Give, ...]


class Provider(Confidential, Struct, frozen=True, kw_only=True, eq=False):
    """The table of one provider (云厂商), by the last part of its address.

    ``rows`` holds what each type tells as written: `compiled` makes a `Row` of it.
    """

    _shown = ("name",)

    name: str
    rows: Mapping[str, JsonObject]
    zone: re.Pattern[str]
    operator: str | None
    operators: Mapping[str, str]
    regions: tuple[str, ...]
    shared: frozenset[str]
    """The attributes that may be read of any resource, because others read them by reference."""

    def region_of(self, zone: str) -> str | None:
        """Return the region that a zone lies in, by the form of its name."""
        found = self.zone.fullmatch(zone)
        return found[1] if found else None

    def operator_in(self, region: str | None) -> str | None:
        """Return the company that runs the cloud (接入商) in a region of the mainland."""
        return _operator(self, region) if region else None


@cache
def _operator(owner: Provider, region: str) -> str | None:
    place = region_of(owner.name, region)
    if place is None or place.country != "CN":
        return None
    return owner.operators.get(region, owner.operator)


def leaves(value: Json, parts: tuple[str, ...]) -> Iterator[Json]:
    """Yield what stands at a path, through the lists that blocks are; never None."""
    if isinstance(value, list):
        for element in value:
            yield from leaves(element, parts)
    elif not parts:
        if value is not None:
            yield value
    elif isinstance(value, dict):
        yield from leaves(value.get(parts[0]), parts[1:])


def marked(value: Json, parts: tuple[str, ...]) -> bool:
    """Say whether a mirror of values (``after_unknown``) has True at or above a path."""
    if value is True:
        return True
    if isinstance(value, list):
        return any(marked(element, parts) for element in value)
    if isinstance(value, dict):
        if parts:
            return marked(value.get(parts[0]), parts[1:])
        return any(marked(element, ()) for element in value.values())
    return False
