"""Readers of attributes, which distinguish known, unset, computed and referenced values.

A path is ``block.attribute``; ``reference -> attribute`` reads an attribute of the resource that
``reference`` refers to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pytest_icp.facts.derived import Status
from pytest_icp.sources.terraform.resource import AttributeValues, lacks, leaves, marked

if TYPE_CHECKING:
    from pytest_icp.sources.terraform.resource import Resource, ResourceGraph

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
