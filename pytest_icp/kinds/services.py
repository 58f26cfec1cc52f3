"""What a holder operates (实际经营): whether services in use belong to an item.

A service counts while it is there, a pilot or in production. Its features show what it does, or it
declares the item itself; one that is not commercial needs no licence and does not count.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.asof import View
from pytest_icp.kinds.subjects import Tokens
from pytest_icp.law.catalogue import covers
from pytest_icp.law.features import implied
from pytest_icp.law.jsontypes import Json, texts_of
from pytest_icp.law.perhaps import open_at

LIVE = ("pilot", "production")
"""The states in which a service is in use; trying it out with users is using it."""


class Operated(Struct, frozen=True):
    """Whether one of some items is operated; of None, ``open_at`` is the fact that is not known."""

    truth: bool | None
    open_at: Tokens = ()


OPERATED = Operated(truth=True)
NOT_OPERATED = Operated(truth=False)


class Used(Struct, frozen=True):
    """A service at a place that is in use, or may be, with what it declares.

    ``features`` are its features as JSON, ``declared`` the items that it declares. ``more_at`` is
    where it leaves open whether it declares others as well, and ``open_at`` the unknown fact that
    leaves open whether it counts.
    """

    at: Tokens
    features: str = "{}"
    declared: frozenset[str] = frozenset()
    more_at: Tokens | None = None
    open_at: Tokens | None = None


InUse: TypeAlias = tuple[Used, ...]
"""The services that count, or perhaps do."""


def in_use(view: View) -> InUse | None:
    """Return the services that count, or perhaps do; None where they are not declared."""
    services = view.facts.get("services")
    if not isinstance(services, list):
        return None
    each = zip(view.indices(services), services, strict=True)
    return tuple(one for i, service in each if (one := _used(service, ("services", i))))


def operated(services: InUse | None, codes: tuple[str, ...], *, strict: bool) -> Operated:
    """Return whether any of the services in use belongs to one of the items.

    ``strict`` is whether searching one's own site counts as a search service.
    """
    if services is None:
        # What would be asked of the only service.
        first = _operates(Used(("services", 0)), codes, strict=strict).open_at
        return Operated(None, first or ("services",))
    perhaps = NOT_OPERATED
    for service in services:
        found = _operates(service, codes, strict=strict)
        if found.truth:
            return found
        if found.truth is None and perhaps is NOT_OPERATED:
            perhaps = found
    return perhaps


def operates(service: Json, at: Tokens, codes: tuple[str, ...], *, strict: bool) -> Operated:
    """Return whether the service at a place does."""
    used = _used(service, at)
    return _operates(used, codes, strict=strict) if used else NOT_OPERATED


def _used(service: Json, at: Tokens) -> Used | None:
    facts = service if isinstance(service, dict) else {}
    status, commercial = facts.get("status"), facts.get("commercial")
    if commercial is False or (status is not None and status not in LIVE):
        return None
    features = facts.get("features")
    unknown = ((*at, name) for name in ("status", "commercial") if facts.get(name) is None)
    codes = facts.get("declared_codes")
    return Used(
        at,
        json.dumps(features if isinstance(features, dict) else {}),
        frozenset(texts_of(codes)),
        None if isinstance(codes, list) and None not in codes else (*at, "declared_codes"),
        next(unknown, open_at(facts, at)),
    )


def _operates(service: Used, codes: tuple[str, ...], *, strict: bool) -> Operated:
    does, perhaps = _implied(service.features, codes, strict=strict)
    if does or _under(codes, service.declared):
        return Operated(None, service.open_at) if service.open_at else OPERATED
    if perhaps:
        return Operated(None, (*service.at, "features", perhaps))
    return Operated(None, service.more_at) if service.more_at else NOT_OPERATED


# Services are much alike, and many rules look at each. As text, `true` and 1 are not the same.
@lru_cache(maxsize=1024)
def _implied(features: str, codes: tuple[str, ...], *, strict: bool) -> tuple[bool, str | None]:
    """Return whether features belong to an item, and the first undeclared one that may."""
    implications = implied(json.loads(features), strict_site_search=strict)
    does = any(_under(codes, one.codes) for one in implications)
    perhaps = (one for one in implications if not one.known and _under(codes, one.possible))
    return does, next((one.feature for one in perhaps), None)


def _under(codes: tuple[str, ...], done: frozenset[str]) -> bool:
    return any(covers(code, one) for code in codes for one in done)
