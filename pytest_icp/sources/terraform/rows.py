"""Rows of the tables (映射表), compiled to functions that read resources of a type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_icp.law.text import Text
from pytest_icp.sources.terraform.conditions import condition, undecided, word
from pytest_icp.sources.terraform.facts import FACTS, fact, paths_in
from pytest_icp.sources.terraform.hosts import names_of, paths_of_names
from pytest_icp.sources.terraform.reading import ARROW, head
from pytest_icp.sources.terraform.resource import (
    ATTACHED,
    FINAL,
    OWN,
    Expires,
    Give,
    Hides,
    Provider,
    Row,
)

if TYPE_CHECKING:
    from pytest_icp.sources.terraform.resource import Condition


def provider(name: str, table: Mapping[str, Any]) -> Provider:
    """Return the provider of a table."""
    operator = table.get("operator", {})
    paths = {path for row in table["resources"].values() for path in _paths(row)}
    shared = {head(path.partition(ARROW)[2]) for path in paths if ARROW in path}
    gives = [give for row in table["resources"].values() for give in row.get("gives", ())]
    shared |= {head(path) for give in gives for path in give.get("unless", {}).values()}
    regions, zones = tuple(table.get("region", ())), tuple(table.get("zones", ()))
    return Provider(
        name=name,
        rows=table["resources"],
        zone=re.compile(table.get("zone", _NO_ZONE)),
        operator=operator.get("name"),
        operators=operator.get("by_region", {}),
        regions=regions,
        zones=zones,
        shared=frozenset(shared.union(regions, zones)),
    )


_NO_ZONE = "(?!)"
_READ = ("of", "kept_in", "prefix", "address", "without")
_LISTS = ("identity", "region", "zone", "subnet", "leads")


@cache
def compiled(owner: Provider, kind: str) -> Row | None:
    """Return the row of a type; None if it is not mapped or gives no facts."""
    written: Any = owner.rows.get(kind)
    if written is None or "tells" in written:
        return None
    lists = {name: tuple(written.get(name, ())) for name in _LISTS}
    joins = tuple((join["from"], join.get("to", "")) for join in written.get("joins", ()))
    public = written.get("public")
    return Row(
        type=kind,
        provider=owner,
        attributes=frozenset(map(head, _paths(written))) | owner.shared,
        identity=("id", *lists["identity"]),
        regions=(*lists["region"], *owner.regions),
        zones=(*lists["zone"], *owner.zones),
        subnets=lists["subnet"],
        leads=lists["leads"],
        joins=joins,
        publishes=written.get("publishes"),
        public=_publicity(public, publishes="publishes" in written),
        decides=public is not None,
        gives=tuple(_give(give) for give in written.get("gives", ())),
        expires=_expires(written["expires"]) if "expires" in written else None,
        hides=_hides(written["hides"], written["reason"]) if "hides" in written else None,
    )


def _hides(written: Mapping[str, Any], reason: Mapping[str, str]) -> Hides:
    return Hides(
        lists=frozenset(written["lists"]),
        when=condition(written.get("when", {})),
        reason=Text(zh=reason["zh"], en=reason["en"]),
    )


def _expires(written: Mapping[str, Any]) -> Expires:
    active = written.get("active", {})
    lists = {name: tuple(written.get(name, ())) for name in ("prefix", "narrowed", "dates")}
    return Expires(
        of=written.get("of"),
        rules=written.get("rules"),
        active=tuple((path, frozenset(map(word, allowed))) for path, allowed in active.items()),
        days=written["days"],
        **lists,
    )


def _publicity(public: Mapping[str, Any] | None, *, publishes: bool) -> Condition:
    if public is None:
        return condition({}) if publishes else undecided
    return condition(public)


def _give(written: Mapping[str, Any]) -> Give:
    kind: str = written["list"]
    facts: dict[str, Any] = {} if "of" in written else dict(FACTS.get(kind, {}))
    facts |= written.get("facts", {})
    when = written.get("when")
    rank = OWN if "of" not in written else FINAL if written.get("final") else ATTACHED
    return Give(
        list=kind,
        when=condition(when) if when else None,
        names=names_of(written["name"]) if "name" in written else None,
        of=written.get("of"),
        kept_in=written.get("kept_in"),
        prefix=written.get("prefix"),
        below=written.get("below", ""),
        address=written.get("address"),
        rank=rank,
        unless=tuple(written.get("unless", {}).items()),
        without=written.get("without"),
        facts=tuple((name, fact(form)) for name, form in facts.items()),
    )


def _paths(written: Mapping[str, Any]) -> set[str]:
    """Return all paths that a row reads."""
    found = {"id", *(path for name in _LISTS for path in written.get(name, ()))}
    found |= {path for join in written.get("joins", ()) for path in join.values()}
    found |= {written["publishes"]} if "publishes" in written else set()
    found |= set(written.get("public", ()))
    found |= set(written.get("hides", {}).get("when", ()))
    expires = written.get("expires", {})
    found |= {expires[key] for key in ("of", "rules") if key in expires}
    if expires and "rules" not in expires:
        found |= {expires["days"], *expires.get("active", ())}
        found |= {
            path for name in ("prefix", "narrowed", "dates") for path in expires.get(name, ())
        }
    for give in written.get("gives", ()):
        found |= {give[key] for key in _READ if key in give}
        found |= set(give.get("when", ()))
        found |= paths_of_names(give["name"]) if "name" in give else set()
        for form in give.get("facts", {}).values():
            found |= paths_in(form)
    return found
