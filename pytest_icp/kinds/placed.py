"""Kind ``placed`` (放置地): servers are where the licence says, and in mainland China.

``fact`` is the path of a server's address. ``at: mainland`` requires that it is in the mainland.
``at: server_location`` requires that it is a place printed for a site that the server serves:
``sites`` is the path of the ids of its sites, and the attachments of the licence whose domains
those sites use have the places. Places are compared from the country down; a cloud region is
known as far as its city.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, reduce

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds import Kind
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    if_there,
    missing,
    unknown,
    violated,
    would_be_violated,
)
from pytest_icp.kinds.likeness import UNDER, Index
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import first_of
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.places import lies_at, outside_mainland
from pytest_icp.law.text import Text, plain, show
from pytest_icp.rules.policy import Obligation, Spec

_ELSEWHERE = Text(
    zh="服务器所在地与许可证附页不一致（{level}不同）",
    en="the server is not where the licence says (another {level})",
)
_LEVELS = {
    "country": Text(zh="国家或地区", en="country"),
    "province": Text(zh="省级", en="province"),
    "city": Text(zh="市级", en="city"),
    "district": Text(zh="区县级", en="district"),
    "street": Text(zh="街道", en="street"),
    "number": Text(zh="门牌号", en="house number"),
}
_ABROAD = Text(zh="服务器在境外", en="the server is outside mainland China")
_MAINLAND = Text(zh="境内", en="a place in mainland China")
_SERVES = Text(
    zh="该服务器为附页上的网站提供服务", en="the server serves a site on the attached page"
)
_PLACE_UNKNOWN = Text(
    zh="服务器所在地只知道到上一级，“{level}”未申报",
    en="the location of the server is not known down to its {level}",
)
_BUILDING = Text(
    zh="与许可证附页载明的楼栋不同，是否仍是载明的放置地须由人核对",
    en="it is in another building than the licence prints; whether that is still the printed place "
    "is for a person to check",
)


class Placed(Spec, frozen=True):
    """The address of a server, and what it is compared with."""

    fact: str
    at: str
    sites: str = ""


def check_placed(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``placed``."""
    spec = obligation.spec_as(Placed)
    if spec.at == "mainland":
        return judge_each(obligation, context, lambda s: _mainland(s, context.fact(s, spec.fact)))
    sites = context.subjects("/sites")
    site_of = {str(site.value.get("id")): site for site in sites.subjects}
    attached = context.subjects("/licence/attachments")
    undeclared = (*sites.missing, *attached.missing)
    places = [context.fact(one, spec.at) for one in attached.subjects]
    hosts = Index.of(UNDER, (context.fact(one, "domains") for one in attached.subjects))

    # Many servers serve one site.
    @cache
    def printed_for(site: str) -> _Printed:
        own = context.fact(site_of[site], "domains")
        found = [places[i] for i in sorted(hosts.at(own.values))]
        return _Printed.of(found, own, *hosts.facts)

    def at_site(server: Subject, address: Fact, site: str) -> Judgement:
        judged = _at_printed(server, address, printed_for(site))
        return if_there(site_of[site], server, judged, context.today)

    def judge(server: Subject) -> Judgement:
        address, served = (context.fact(server, path) for path in (spec.fact, spec.sites))
        if undeclared:
            return missing(server, undeclared[0])
        if served.value is None:
            # Whichever it serves, it may be where none of them is.
            anywhere = _Printed.of(places, *hosts.facts)
            gap, there = missing(server, served.tokens), _at_printed(server, address, anywhere)
            breaches = would_be_violated(_SERVES, gap.findings[0], there.findings)
            return replace(gap, findings=breaches) if breaches else gap
        judged = [
            at_site(server, address, site) for site in map(str, served.values) if site in site_of
        ]
        if None in served.values:
            judged.append(missing(server, served.tokens))
        return reduce(both, judged, NOT_APPLICABLE)

    return judge_each(obligation, context, judge)


def _mainland(server: Subject, address: Fact) -> Judgement:
    if not isinstance(address.value, Mapping):
        return missing(server, address.tokens)
    outside = outside_mainland(address.value)
    if outside is None:
        return missing(server, (*address.tokens, "country"))
    if outside:
        at, found = _part(address, "country"), plain(_shown(address.value))
        return violated(server, at, _ABROAD, found=found, required=_MAINLAND)
    return SATISFIED


class _Printed(Struct, frozen=True):
    """The places that are printed, and the first fact needed to know all of them."""

    known: tuple[JsonObject, ...]
    open_at: Tokens | None

    @classmethod
    def of(cls, places: Sequence[Fact], *hosts: Fact) -> _Printed:
        """Return the places of attached pages that were found by the hosts that they print."""
        known = tuple(place.value for place in places if isinstance(place.value, Mapping))
        unknown = [*(p for p in places if p.value is None), *(one for one in hosts if one.is_open)]
        return cls(known, unknown[0].tokens if unknown else None)


def _at_printed(server: Subject, address: Fact, printed: _Printed) -> Judgement:
    """Judge whether a server is at one of the places printed for a site."""
    if not (printed.known or printed.open_at):
        return NOT_APPLICABLE
    if not isinstance(address.value, Mapping):
        return missing(server, address.tokens)
    matches = [lies_at(address.value, place) for place in printed.known]
    if any(match.verdict == "same" for match in matches):
        return SATISFIED
    if printed.open_at:
        return missing(server, printed.open_at)
    found, required = (
        plain(_shown(address.value)),
        first_of(map(plain, map(_shown, printed.known)), plain(" / ")),
    )
    open_match = next((match for match in matches if match.verdict == "unknown"), None)
    if open_match is not None:
        other = open_match.level == "building"
        message = _BUILDING if other else _PLACE_UNKNOWN.format(level=_LEVELS[open_match.level])
        return unknown(server, address.tokens, message, found=found, required=required)
    message = _ELSEWHERE.format(level=_LEVELS[matches[0].level])
    at = _part(address, matches[0].level)
    return violated(server, at, message, found=found, required=required)


def _part(address: Fact, name: str) -> Tokens:
    """Return the place of one part of an address; of all of it where it is not a field there."""
    known = isinstance(address.value, Mapping) and address.value.get(name) is not None
    return (*address.tokens, name) if known else address.tokens


def _shown(address: JsonObject) -> str:
    text = address.get("text")
    if isinstance(text, str):
        return text
    return " ".join(show(part) for part in address.values() if part is not None)


KIND = Kind("placed", Placed, check_placed)
