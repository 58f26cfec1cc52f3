"""How long buckets keep the logs that are written into them (生命周期规则)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace

from pytest_icp.facts.derived import Status
from pytest_icp.sources.terraform.conditions import word
from pytest_icp.sources.terraform.facts import whole
from pytest_icp.sources.terraform.reading import reader
from pytest_icp.sources.terraform.resource import FactValue, Origin, leaves, marked

if TYPE_CHECKING:
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.sources.terraform.graph import Graph
    from pytest_icp.sources.terraform.resource import AttributeValues, Expires, Resource

FOR_EVER: Json = {"years": 100}
"""Objects stay until a rule of a lifecycle removes them, in all five clouds."""

_MANY = 100
_OPEN = object()
"""A value that is not known."""
_EMPTY: tuple[Any, ...] = (None, "", 0, False, [], {})


class _Rule(NamedTuple):
    """A rule that removes objects: of which prefix, and after how many days (None: not known).

    ``certain``: it is switched on, and holds for every object with the prefix.
    """

    prefix: str | None
    days: int | None
    certain: bool
    origin: Origin


class Kept(NamedTuple):
    """How long objects are kept, and where that is not known, how long at most."""

    retention: FactValue
    at_most: FactValue | None = None


class Lifecycles:
    """The rules of all buckets of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def retention(self, bucket: Resource, prefixes: Iterable[str | None]) -> FactValue:
        """Return how long objects with these prefixes are kept: the shortest time of any.

        Where that is not known, it may be how long at most, as ``{at_most: {days: n}}``.
        What another source manages has rules that are not seen here. Each prefix is compared with
        each rule, so where there are very many, they are not told apart.
        """
        told = list(prefixes)
        kept = [self._kept(bucket, one) for one in (told if len(told) <= _MANY else [None])]
        unknown = next((one.retention for one in kept if one.retention.value is None), None)
        if unknown is None:
            return min((one.retention for one in kept), key=_length)
        bounds = [one for pair in kept for one in pair if one is not None]
        bound = min(bounds, key=_length)
        if _length(bound) < _LONGEST:
            return FactValue({"at_most": bound.value}, bound.origin)
        return unknown

    def _kept(self, bucket: Resource, prefix: str | None) -> Kept:
        """Return how long objects with a prefix are kept; a prefix of None is not known."""
        rules = [rule for rule in self._rules.get(bucket, ()) if _touches(rule.prefix, prefix)]
        sure = [rule for rule in rules if rule.certain and _covers(rule.prefix, prefix)]
        sure = [rule for rule in sure if rule.days is not None]
        first = min(sure, key=lambda rule: rule.days or 0, default=None)
        days = FactValue({"days": first.days}, first.origin) if first else None
        for rule in rules:
            may_be_sooner = not (first and first.days and rule.days and rule.days >= first.days)
            if rule not in sure and may_be_sooner:
                return Kept(_unknown(rule.origin), days)
        name = bucket.row.provider.name
        if name in self._unread:
            return Kept(_unknown(Origin(bucket)), days)
        if days is not None:
            return Kept(days)
        if name in self._loose or not bucket.managed:
            return Kept(_unknown(Origin(bucket)))
        return Kept(FactValue(FOR_EVER, Origin(bucket)))

    @cached_property
    def _rules(self) -> Mapping[Resource, list[_Rule]]:
        """The rules that remove objects, by bucket."""
        found: dict[Resource, list[_Rule]] = defaultdict(list)
        for resource, expires in self._declaring():
            rules = [*_rules_of(self._graph, resource, expires)]
            for bucket in self._buckets(resource, expires):
                found[bucket] += rules
        return found

    @cached_property
    def _unread(self) -> frozenset[str]:
        """The providers with resources that are about a lifecycle and are not read."""
        return frozenset(
            type_.partition("_")[0] for type_ in self._graph.unread if "lifecycle" in type_
        )

    @cached_property
    def _loose(self) -> frozenset[str]:
        """The providers with rules of which the bucket is not known."""
        return frozenset(
            resource.row.provider.name
            for resource, expires in self._declaring()
            if expires.of is not None
            and not self._buckets(resource, expires)
            and _is_open(reader(expires.of)(self._graph, resource))
        )

    def _declaring(self) -> Iterator[tuple[Resource, Expires]]:
        for resource in self._graph.resources:
            if resource.row.expires is not None and resource.managed:
                yield resource, resource.row.expires

    def _buckets(self, resource: Resource, expires: Expires) -> tuple[Resource, ...]:
        return (resource,) if expires.of is None else self._graph.refer(resource, expires.of)


def _is_open(bucket: AttributeValues) -> bool:
    return not (bucket.values or bucket.unset)


def _rules_of(graph: Graph, resource: Resource, expires: Expires) -> Iterator[_Rule]:
    if expires.rules is None:
        itself = _Block(graph, resource, "", dict(resource.values), dict(resource.unknown))
        rule = _rule(itself, expires, Origin(resource, expires.days))
        yield from () if rule is None else (rule,)
        return
    reading = reader(expires.rules)(graph, resource)
    origin = Origin(resource, expires.rules)
    if not reading.values:
        if not reading.unset and reading.status is not Status.DEFAULT:
            status = reading.status
            yield _Rule(None, None, certain=False, origin=replace(origin, status=status))
        return
    mirror = resource.unknown.get(expires.rules) if reading.partly else None
    mirrors = mirror if isinstance(mirror, list) else [mirror] * len(reading.values)
    if len(mirrors) != len(reading.values):
        mirrors = [True] * len(reading.values)
    several = len(mirrors) > 1
    for n, (known, unknown) in enumerate(zip(reading.values, mirrors, strict=True)):
        block = _Block(graph, resource, expires.rules, known, unknown)
        which = f"{expires.rules}.{n}" if several else expires.rules
        rule = _rule(block, expires, replace(origin, attribute=f"{which}.{expires.days}"))
        if rule is not None:
            yield rule


class _Block(NamedTuple):
    """One block of a resource, or all of it, with the mirror of what is not known in it."""

    graph: Graph
    resource: Resource
    name: str
    known: Json
    unknown: Json

    def value(self, path: str) -> Any:
        """Return the value at a path; None if it is not set, `_OPEN` if it is not known."""
        parts = tuple(path.split("."))
        found = [value for value in leaves(self.known, parts) if value not in _EMPTY]
        if found:
            return found[0] if len(found) == 1 else _OPEN
        full = f"{self.name}.{path}" if self.name else path
        if (
            marked(self.unknown, parts)
            and self.graph.links.is_set(self.resource, full) is not False
        ):
            return _OPEN
        return None

    def first(self, paths: tuple[str, ...]) -> Any:
        """Return the first value that is set."""
        return next((found for path in paths if (found := self.value(path)) is not None), None)


def _rule(block: _Block, expires: Expires, origin: Origin) -> _Rule | None:
    """Return a rule; None if it removes nothing."""
    active = [block.value(path) for path, _ in expires.active]
    wanted = [allowed for _, allowed in expires.active]
    on = all(word(_text(value)) in allowed for value, allowed in zip(active, wanted, strict=True))
    if not on and _OPEN not in active:
        return None
    days, dated = block.value(expires.days), block.first(expires.dates)
    if days is None and dated is None:
        return None
    known = whole(days) if days is not _OPEN and dated is None else None
    prefix = block.first(expires.prefix)
    open_ = any(value is _OPEN for value in (*active, days, prefix))
    return _Rule(
        prefix=prefix if isinstance(prefix, str) else "" if prefix is None else None,
        days=known if isinstance(known, int) else None,
        certain=on and block.first(expires.narrowed) is None,
        origin=replace(origin, status=Status.AFTER_APPLY if open_ else Status.KNOWN),
    )


def _text(value: Any) -> Json:
    return "" if value is _OPEN else value if value is not None else False


def _touches(rule: str | None, prefix: str | None) -> bool:
    """Whether a rule may hold for objects with a prefix."""
    if rule is None or prefix is None:
        return True
    return prefix.startswith(rule) or rule.startswith(prefix)


def _covers(rule: str | None, prefix: str | None) -> bool:
    """Whether a rule holds for every object with a prefix."""
    return rule == "" or (rule is not None and prefix is not None and prefix.startswith(rule))


def _length(kept: FactValue) -> int:
    days = kept.value.get("days") if isinstance(kept.value, dict) else None
    return days if isinstance(days, int) else _LONGEST


_LONGEST = 10**18


def _unknown(origin: Origin) -> FactValue:
    told = origin.status is not Status.KNOWN
    return FactValue(None, origin if told else replace(origin, status=Status.NOT_TOLD))
