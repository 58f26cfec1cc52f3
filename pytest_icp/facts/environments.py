"""Environments (环境): what two of them call alike is two elements, not one.

The address of a Terraform resource and the name of a manifest identify an element in their own
root alone. Hosts identify a site everywhere, so sites and domains keep their ids.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Reading
from pytest_icp.facts.joining import renamed_fact
from pytest_icp.facts.merging import HOSTED
from pytest_icp.law.jsontypes import Json


def told_apart(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the readings with ids that no other environment has.

    The ids of a source begin with its ``environment``. Where an entry says none, those that
    another source of its kind has as well begin with its ``root``.
    """
    shared = _shared(readings)
    return tuple(_own(reading, shared) for reading in readings)


def _shared(readings: Sequence[Reading]) -> Collection[tuple[str, str, str]]:
    """Return the ids, by kind and list, that several roots without environment have.

    A kind with a single root shares none: a large plan is not walked for that.
    """
    plain = [one for one in readings if one.root and not one.environment]
    roots = defaultdict[str, set[str]](set)
    for reading in plain:
        roots[reading.kind].add(reading.root)
    found = defaultdict[tuple[str, str, str], set[str]](set)
    for reading in plain:
        for each, name in _ids(reading) if len(roots[reading.kind]) > 1 else ():
            found[reading.kind, each, name].add(reading.root)
    return {key for key, some in found.items() if len(some) > 1}


def _ids(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield the lists of a source, and the ids in them that are addresses in its root."""
    facts = reading.derived.facts if reading.derived else {}
    for each, elements in facts.items():
        if each not in HOSTED and isinstance(elements, list):
            yield from ((each, str(element["id"])) for element in elements if _has_id(element))


def _has_id(element: Json) -> bool:
    return isinstance(element, Mapping) and "id" in element


def _own(reading: Reading, shared: Collection[tuple[str, str, str]]) -> Reading:
    if reading.derived is None or not reading.root or not (reading.environment or shared):
        return reading
    prefix = reading.environment or reading.root
    names = defaultdict[str, dict[str, str]](dict)
    for each, name in _ids(reading):
        if reading.environment or (reading.kind, each, name) in shared:
            names[each][name] = f"{prefix}/{name}"
    return replace(reading, derived=_renamed(reading.derived, names)) if names else reading


def _renamed(derived: Derived, names: Mapping[str, Mapping[str, str]]) -> Derived:
    """Return facts under other ids, by list, in references as well."""
    before = {each: {new: old for old, new in ids.items()} for each, ids in names.items()}

    def called(each: str, own: str) -> Sequence[str]:
        return derived.names(each, before.get(each, {}).get(own, own))

    facts = {each: renamed_fact(each, value, names) for each, value in derived.facts.items()}
    return replace(derived, facts=facts, names=called)


NOT_PRODUCTION = frozenset(
    {
        *("dev", "develop", "development", "local", "sandbox", "demo", "override"),
        *("test", "testing", "qa", "sit", "uat", "staging", "stage", "stg", "pre", "preprod"),
    }
)
"""What people call environments that serve no public."""

_KNOWN = {"prod", "production", "prd"} | NOT_PRODUCTION


def environment_in(names: Iterable[str]) -> str:
    """Return the first word in some names that is called like an environment, or nothing."""
    words = (word for name in names for word in re.split(r"[\W_]+", name.lower()))
    return next((word for word in words if word in _KNOWN), "")
