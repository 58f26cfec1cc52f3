"""Attributes read as the four cases that a plan keeps apart: known, unset, computed, referred.

A path is ``block.attribute``; ``reference -> attribute`` reads the attribute at the resource
that the first one refers to.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

from pytest_icp.facts.derived import Status
from pytest_icp.sources.terraform.resource import Reading, leaves, marked

if TYPE_CHECKING:
    from pytest_icp.sources.terraform.resource import Resource, Ways

ARROW = " -> "

Reader: TypeAlias = "Callable[[Ways, Resource], Reading]"


@cache
def reader(path: str) -> Reader:
    """Compile a path to a function that reads it."""
    reference, arrow, rest = path.partition(ARROW)
    return _at(reference, reader(rest), path) if arrow else _own(path)


def head(path: str) -> str:
    """Return the attribute of the resource itself that a path begins with."""
    return path.partition(ARROW)[0].partition(".")[0]


def _own(path: str) -> Reader:
    first, *rest = path.split(".")
    below = tuple(rest)

    def read(ways: Ways, resource: Resource) -> Reading:
        if first in resource.hidden:
            return Reading((), Status.SENSITIVE, path)
        value = resource.values.get(first)
        unknown = resource.unknown.get(first)
        partly = bool(unknown) and marked(unknown, below)
        if value is not None:
            if value.__class__ is str and not below:
                return Reading((value,), Status.KNOWN, path)
            found = tuple(leaves(value, below))
            if found:
                return Reading(found, Status.KNOWN, path, partly=partly)
        if partly:
            written = ways.links.is_set(resource, path)
            status = Status.DEFAULT if written is False else Status.AFTER_APPLY
            return Reading((), status, path, written=written is True)
        if not resource.whole and ways.links.is_set(resource, path) is not False:
            return Reading((), Status.AFTER_APPLY, path)
        return Reading((), Status.DEFAULT, path, unset=True)

    return read


def _at(reference: str, read_there: Reader, path: str) -> Reader:
    def read(ways: Ways, resource: Resource) -> Reading:
        targets = ways.refer(resource, reference)
        if not targets:
            return Reading((), Status.AFTER_APPLY, path)
        readings = [read_there(ways, target) for target in targets]
        first = readings[0]
        if any(other[:2] != first[:2] or other.unset != first.unset for other in readings):
            return Reading((), Status.AFTER_APPLY, path)
        status = Status.REFERENCED if first.status is Status.KNOWN else first.status
        return Reading(first.values, status, path, first.unset, first.partly)

    return read
