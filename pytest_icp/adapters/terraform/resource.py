"""One resource of a plan or of source, and what reading one of its attributes gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_icp.core.derived import Status

if TYPE_CHECKING:
    from pytest_icp.adapters.terraform.rows import Row
    from pytest_icp.core.errors import Place
    from pytest_icp.core.jsontypes import Json


@dataclass(slots=True, eq=False, kw_only=True)
class Resource:
    """An instance of a resource (资源): only the attributes that its row reads.

    ``base`` is the address without the key of the instance, ``index`` that key with its
    brackets (empty where there is none), ``module`` the address of the module's instance
    (empty for the root). ``values`` are the known attributes, ``unknown`` mirrors those that
    are known only after apply with ``True``; what is marked sensitive is in neither, only its
    name stands in ``hidden``. ``origin`` says where it stands: an offset or a line.
    """

    address: str
    base: str
    index: str
    module: str
    row: Row
    values: Mapping[str, Json] = field(repr=False)
    unknown: Mapping[str, Json] = field(repr=False)
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
