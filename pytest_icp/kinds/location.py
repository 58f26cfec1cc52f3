"""Kind ``location`` (放置地): servers are where the licence prints, and in mainland China.

``fact`` is the path of a server's address. ``at: mainland`` requires that it is in the mainland.
``at: server_location`` requires that it is a place printed for a site that the server serves:
``sites`` is the path of the ids of its sites, and the attachments of the licence whose domains
those sites use have the places. Places are compared from the country down; a cloud region is
known as far as its city.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import reduce

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.kinds.begun import if_there
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.cover import cover_of_hosts
from pytest_icp.kinds.finding import Outcome
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    unknown,
    violated,
    would_be_violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.matching import key_of
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import first_of
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.places import PlaceMatch, lies_at, outside_mainland
from pytest_icp.law.text import Text, plain
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
    zh="服务器所在地只知道到上一级，「{level}」未申报",
    en="the location of the server is not known down to its {level}",
)


class Location(Spec, frozen=True):
    """The address of a server, and what it is compared with."""

    fact: str
    at: str
    sites: str | None = None


def check_location(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``location``."""
    spec = obligation.spec_as(Location)
    premises = None if spec.at == "mainland" else _premises(spec.at, context)

    def judge(server: Subject) -> Judgement:
        address = context.fact(server, spec.fact)
        if premises is None:
            return _mainland(server, address)
        served = context.fact(server, spec.sites or "")
        return _printed(server, address, served, premises)

    return judge_each(obligation, context, judge)


def _mainland(server: Subject, address: Fact) -> Judgement:
    if not isinstance(address.value, Mapping):
        return missing(server, address.tokens)
    outside = outside_mainland(address.value)
    if outside is None:
        return missing(server, (*address.tokens, "country"))
    if outside:
        found = plain(_shown(address.value))
        at = _part(address, "country")
        return violated(server, at, _ABROAD, found=found, required=_MAINLAND)
    return SATISFIED


class _Places(Struct, frozen=True):
    """The places that are printed, each once, and the first fact needed to know all of them."""

    known: tuple[JsonObject, ...]
    open: Fact | None
    shown: Text


class _Premises(Struct, frozen=True):
    """The places printed for each site, by its id, on a day; and what is not declared of them.

    ``every`` are the places printed for any site.
    """

    day: date
    every: _Places
    sites: Mapping[str, Subject]
    missing: tuple[Tokens, ...]
    of_site: Callable[[Subject], _Places]
    # Only the sites that a server serves are looked up, each once.
    known: dict[str, _Places] = field(default_factory=dict)

    def places(self, site: str) -> _Places:
        """Return the places printed for a site."""
        if site not in self.known:
            self.known[site] = self.of_site(self.sites[site])
        return self.known[site]


def _premises(path: str, context: Context) -> _Premises:
    attachments = context.subjects("/licence/attachments")
    sites = context.subjects("/sites")
    cover = cover_of_hosts([context.fact(one, "domains") for one in attachments.subjects])
    printed = [context.fact(one, path) for one in attachments.subjects]
    # One that is not known is enough to leave it open.
    unprinted = (Fact(at, None) for at in cover.unknown[:1])

    def of_site(site: Subject) -> _Places:
        found, perhaps = cover.joined(context.fact(site, "domains"))
        return _places([*(printed[i] for i in found), *perhaps])

    return _Premises(
        context.today,
        _places([*printed, *unprinted]),
        {str(site.value.get("id")): site for site in sites.subjects},
        (*sites.missing, *attachments.missing),
        of_site,
    )


def _printed(server: Subject, address: Fact, served: Fact, premises: _Premises) -> Judgement:
    """Judge a server by the places printed for the sites that it serves."""
    if premises.missing:
        return missing(server, premises.missing[0])
    if served.value is None:
        gap = missing(server, served.tokens)
        # Whichever site it serves, it may be where none of them is.
        anywhere = _at_site(server, address, premises.every)
        breaches = would_be_violated(_SERVES, gap.findings[0], anywhere.findings)
        return replace(gap, findings=breaches) if breaches else gap
    judgements = [
        _at_printed(server, address, premises, site)
        for site in served.values
        if isinstance(site, str) and site in premises.sites
    ]
    if None in served.values:
        judgements.append(missing(server, served.tokens))
    return reduce(both, judgements, NOT_APPLICABLE)


def _at_printed(server: Subject, address: Fact, premises: _Premises, site: str) -> Judgement:
    """Judge a server by the places printed for one of its sites, which perhaps is not there."""
    judged = _at_site(server, address, premises.places(site))
    return if_there(premises.sites[site], server, judged, premises.day)


def _places(printed: list[Fact]) -> _Places:
    known = [place.value for place in printed if isinstance(place.value, Mapping)]
    shown = first_of(map(_shown, known), " / ")
    each = {key_of(place): place for place in known}
    open_ = next((place for place in printed if place.value is None), None)
    return _Places(tuple(each.values()), open_, plain(shown))


def _at_site(server: Subject, address: Fact, printed: _Places) -> Judgement:
    if not (printed.known or printed.open):
        return NOT_APPLICABLE
    if not isinstance(address.value, Mapping):
        return missing(server, address.tokens)
    matches = [lies_at(address.value, place) for place in printed.known]
    if any(match.verdict == "same" for match in matches):
        return SATISFIED
    if printed.open is not None:
        return missing(server, printed.open.tokens)
    return _elsewhere(server, address, matches, printed.shown)


def _elsewhere(
    server: Subject, address: Fact, matches: list[PlaceMatch], required: Text
) -> Judgement:
    found = plain(_shown(address.value if isinstance(address.value, Mapping) else {}))
    open_match = next((match for match in matches if match.verdict == "unknown"), None)
    if open_match is not None:
        message = _PLACE_UNKNOWN.format(level=_LEVELS[open_match.level])
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


KIND = Kind("location", Location, check_location)
