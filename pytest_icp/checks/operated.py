"""What a holder operates (实际经营): whether services in use do what an item is for.

A service counts while it is a pilot or in production. Its features say what it does, or it
names the item itself; one that is not commercial needs no licence and does not count.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pytest_icp.checks.subjects import Tokens
from pytest_icp.core.catalogue import covers
from pytest_icp.core.features import Implication, implied
from pytest_icp.core.jsontypes import Json, JsonObject, texts_of
from pytest_icp.core.values import frozen

LIVE = ("pilot", "production")
"""The states in which a service is in use; trying it out with users is using it."""


@frozen
class Operated:
    """Whether something of some items is operated; None with the fact that is wanting."""

    truth: bool | None
    wanting: Tokens = ()


OPERATED = Operated(truth=True)
NOT_OPERATED = Operated(truth=False)


def operated(services: Json, codes: tuple[str, ...], *, strict: bool) -> Operated:
    """Say whether any of the services does what one of the items is for.

    ``services`` is the list as described, ``strict`` whether searching one's own site counts
    as a search service.
    """
    if not isinstance(services, list):
        return Operated(None, ("services",))
    perhaps: Tokens = ()
    for i, service in enumerate(services):
        found = operates(service, codes, strict=strict)
        if found.truth:
            return found
        if found.truth is None and not perhaps:
            perhaps = ("services", i, *found.wanting)
    return Operated(None, perhaps) if perhaps else NOT_OPERATED


def operates(service: Json, codes: tuple[str, ...], *, strict: bool) -> Operated:
    """Say whether one service does; what is wanting is told from the service."""
    facts = service if isinstance(service, Mapping) else {}
    status, commercial = facts.get("status"), facts.get("commercial")
    if commercial is False or (status is not None and status not in LIVE):
        return NOT_OPERATED
    features = facts.get("features")
    told = json.dumps(features if isinstance(features, Mapping) else {})
    does, perhaps = _told(told, codes, strict=strict)
    if does or _under(codes, _declared(facts)):
        wanting = next((name for name in ("status", "commercial") if facts.get(name) is None), None)
        return Operated(None, (wanting,)) if wanting else OPERATED
    return Operated(None, ("features", perhaps)) if perhaps else NOT_OPERATED


# Services are much alike, and are asked again and again. As text, `true` and 1 are not the same.
@lru_cache(maxsize=1024)
def _told(features: str, codes: tuple[str, ...], *, strict: bool) -> tuple[bool, str | None]:
    """Say whether features do what an item is for, and the first that is not known and may."""
    implications = implied(json.loads(features), strict_site_search=strict)
    does = any(_under(codes, one.codes) for one in implications)
    return does, next(_open(implications, codes), None)


def _under(codes: tuple[str, ...], done: frozenset[str]) -> bool:
    return any(covers(code, one) for code in codes for one in done)


def _declared(facts: JsonObject) -> frozenset[str]:
    """The items that a service says it operates; what it does not say is not claimed."""
    return frozenset(texts_of(facts.get("declared_codes")))


def _open(implications: tuple[Implication, ...], codes: tuple[str, ...]) -> Iterator[str]:
    """The features that are not known and may imply one of the items."""
    for one in implications:
        if not one.known and _under(codes, one.possible):
            yield one.feature
