"""The entries of ``sources`` for the files of a repository, with the hosts of its home pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.cli.files import relative_to_folder
from pytest_icp.facts.assumptions import assumable
from pytest_icp.facts.derived import NOT_PRODUCTION, Reading, environment_in
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.disk import read_bytes, repository_of
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, texts_of
from pytest_icp.law.text import Text
from pytest_icp.sources.discovery import SourceCandidate, find_sources
from pytest_icp.sources.html import LARGEST, read_page
from pytest_icp.sources.loading import KINDS
from pytest_icp.sources.register.columns import register_named

_ASSUMED: Mapping[str, Json] = {
    "production": True,
    "commercial": True,
    "public": True,
    "role": "origin",
    "kinds": {"value": ["access"], "named": ["access", "nginx", "ingress", "slb", "alb"]},
    "personal_info": {"named": ["personal", "pii", "个人信息"]},
}
"""What is mostly so of what a repository deploys, and which its files do not say."""

_KEPT: Mapping[str, Json] = {"ended_on": "never", "delisted_on": "never"}
"""What is mostly so of what people keep in a table and write nothing of: it has not ended."""

_CLOUDS = {"terraform", "terraform-plan", "terraform-state", "cloud-export"}
"""Sources of logs at a cloud, which are mostly of access; those of an application are not."""

# Of a zone, the only servers are those of a CDN.
_ASSUMED_OF: Mapping[str, set[str]] = {"kinds": _CLOUDS, "role": {*KINDS} - {"zone"}}

_DEPLOYED = {"kubernetes", "serverless", "terraform", "nginx", "apache", "caddy", "zone"}

_MOST_HOSTS = 4

_WITHOUT_PAGE = frozenset(
    "api openapi gateway gw rpc grpc ws wss cdn img image images pic pics static asset assets oss "
    "cos obs s3 file files upload uploads res js css font fonts".split()
)
"""What hosts of interfaces and of files are called."""
_WORDS = re.compile(r"[a-z]+|s3")


class FoundSources(Struct, frozen=True):
    """Entries of ``sources``, and home pages and apps whose hosts are not known (来源).

    ``elsewhere`` are entries of environments that are not production by their names. ``complete``
    is False if the search ended early; ``unread`` are the paths of files that no kind of source
    reads, by what to do with them instead.
    """

    entries: tuple[JsonObject, ...]
    pages: tuple[JsonObject, ...]
    complete: bool
    unread: Mapping[Text, tuple[str, ...]]
    elsewhere: tuple[JsonObject, ...] = ()


def found_sources(description: Path, told: Callable[[int, int], object]) -> FoundSources:
    """Return the sources in the repository around a description that is to be written.

    How much of it is done is ``told``.
    """
    folder = description.parent.absolute()
    search = find_sources(repository_of(description), told)
    named = {one: _entry(one, folder) for one in search.sources}
    if _DEPLOYED & {one.kind for one in named}:
        # Beside what is deployed, Compose is mostly what developers run.
        named = {
            one: _without(entry, "production") if one.kind == "compose" else entry
            for one, entry in named.items()
        }
    pages = [
        one
        for one in named
        if one.kind == "app" or (one.kind == "html" and not _names_itself(one.path))
    ]
    entries = [entry for one, entry in named.items() if one not in pages]
    return FoundSources(
        tuple(entry for entry in entries if _is_deployed(entry)),
        tuple(named[one] for one in pages if _is_deployed(named[one])),
        search.complete,
        {
            advice: tuple(relative_to_folder(path, folder) for path in paths)
            for advice, paths in search.unread.items()
        },
        tuple(_elsewhere(entry) for entry in entries if not _is_deployed(entry)),
    )


def _without(entry: JsonObject, name: str) -> JsonObject:
    """Return an entry that assumes nothing of a fact."""
    assume = entry.get("assume")
    known = assume.items() if isinstance(assume, Mapping) else ()
    return {**entry, "assume": {key: value for key, value in known if key != name}}


def _is_deployed(entry: JsonObject) -> bool:
    """Whether the path of an entry names production, or no environment."""
    return environment_in(Path(str(entry["path"])).parts) not in NOT_PRODUCTION


def _elsewhere(entry: JsonObject) -> JsonObject:
    """Return an entry of an environment that is not production."""
    return {**entry, "assume": {"production": False}}


def with_hosts(found: FoundSources, description: Description) -> FoundSources:
    """Return the sources with the hosts that the licence and the other sources tell.

    A page in a folder that is named as a host is that host's; the only home page is that of the
    only licensed domain, and so are all apps. Others get the hosts that it may be, in angle
    brackets.
    """
    licensed = list(dict.fromkeys(_domains(description.licence.get("attachments"))))
    sites = list(dict.fromkeys(_domains(description.facts.get("sites"))))
    hosts = [
        *(host for host in sites if _is_under(host, licensed) and host not in licensed),
        *licensed,
    ]
    readings = {(one.kind, one.path): one for one in description.readings}
    known: list[JsonObject] = []
    elsewhere = [*found.elsewhere]
    for entry in found.entries:
        reading = readings[str(entry["kind"]), str(entry["path"])]
        if _is_of_production(reading):
            known.append(_with_sites(entry, description, reading))
        else:
            elsewhere.append(_elsewhere(entry))
    asked: list[JsonObject] = []
    alone = len([page for page in found.pages if page["kind"] == "html"]) == 1
    for page in found.pages:
        parts = Path(str(page["path"])).parts
        own = next((host for host in (*hosts, *sites) if host in parts), None)
        if own is None and len(licensed) == 1 and (alone or page["kind"] == "app"):
            own = next((host for host in hosts if host == f"www.{licensed[0]}"), licensed[0])
        if own:
            known.append(_with_host(page, own))
        else:
            asked.append(_with_host(page, f"<{' | '.join(hosts[:_MOST_HOSTS]) or 'host'}>"))
    return replace(found, entries=tuple(known), pages=tuple(asked), elsewhere=tuple(elsewhere))


def served_sites(sites: Sequence[Json]) -> tuple[JsonObject, ...]:
    """Return sites by their ids; one gets the hosts that, by their names, serve nothing but it.

    A host of interfaces or of files has no home page: it is one more host of the site that has.
    """
    known = [str(one["id"]) for one in sites if isinstance(one, Mapping)]
    hosts: dict[str, list[str]] = {one: [one] for one in known if not _is_without_page(one)}
    alone: list[str] = []
    for host in filter(_is_without_page, known):
        above = host.split(".")[1:]
        parents = (".".join(above[i:]) for i in range(len(above)))
        served = (one for up in parents for one in (f"www.{up}", up) if one in hosts)
        hosts.get(next(served, ""), alone).append(host)
    named = {one: {"domains": own} for one, own in hosts.items() if len(own) > 1}
    return tuple({"id": one, **named.get(one, {})} for one in known if one in {*hosts, *alone})


def _is_without_page(host: str) -> bool:
    """Whether a host is called as those of interfaces and of files are."""
    first, _, above = host.partition(".")
    return "." in above and not _WITHOUT_PAGE.isdisjoint(_WORDS.findall(first))


def _is_of_production(reading: Reading) -> bool:
    """Whether a source lists something outside namespaces that are not production."""
    derived = reading.derived
    if reading.kind != "kubernetes" or derived is None:
        return True
    found = [
        derived.trace(f"/{each}/{i}").address.split("/")
        for each, elements in derived.facts.items()
        for i in range(len(elements) if isinstance(elements, list) else 0)
    ]
    return not found or any(environment_in(named[1:-1]) not in NOT_PRODUCTION for named in found)


def _with_sites(entry: JsonObject, description: Description, reading: Reading) -> JsonObject:
    """Return an entry that assumes of its servers that they serve the one licensed site.

    Where it has hosts of its own, they serve those of them that are licensed.
    """
    printed, assume = description.licence.get("attachments"), entry.get("assume")
    pages = [one for one in printed if one["kind"] != "app"] if isinstance(printed, list) else []
    if not (len(pages) == 1 and isinstance(assume, Mapping) and "role" in assume):
        return entry
    licensed = [*_domains(pages)]
    own = reading.derived.facts.get("sites") if reading.derived else None
    sites = own or description.facts.get("sites")
    served = [
        str(site["id"])
        for site in (sites if isinstance(sites, list) else ())
        if any(_is_under(host, licensed) for host in _domains([site]))
    ]
    return {**entry, "assume": {**assume, "site_ids": served}} if served else entry


def _with_host(page: JsonObject, host: str) -> JsonObject:
    """Return an entry with its host where a reader looks for it, after the path."""
    return {"kind": page["kind"], "path": page["path"], "host": host, **page}


def _entry(candidate: SourceCandidate, folder: Path) -> JsonObject:
    """Return the entry of ``sources`` for a source found in the repository."""
    entry: dict[str, Json] = {
        "kind": candidate.kind,
        "path": relative_to_folder(candidate.path, folder),
    }
    environment = environment_in(Path(str(entry["path"])).parts)
    if environment and KINDS[candidate.kind].rooted:
        entry["environment"] = environment
    if candidate.origin:
        entry["origin"] = candidate.origin
    if candidate.list:
        entry["list"] = candidate.list
    gives, likely = KINDS[candidate.kind].gives, _ASSUMED
    if candidate.kind == "register":
        register = register_named(candidate.list or candidate.path.stem)
        gives, likely = frozenset({register.name} if register else ()), _KEPT
    assume = {
        name: value
        for name, value in likely.items()
        if assumable(name, value, gives) and candidate.kind in _ASSUMED_OF.get(name, {*KINDS})
    }
    return entry | ({"assume": assume} if assume else {})


def _names_itself(path: Path) -> bool:
    """Whether a page has a link that names its own host."""
    try:
        raw = read_bytes(path, root=repository_of(path), limit=LARGEST)
        return read_page(path, raw).canonical is not None
    except InputError:
        return False


def _is_under(host: str, domains: Iterable[str]) -> bool:
    """Whether a host in normal form lies under one of some domains, also in normal form."""
    return any(host == one or host.endswith(f".{one}") for one in domains)


def _domains(elements: Json) -> Iterator[str]:
    """Yield the hosts of sites in normal form, without those that are not hosts."""
    for element in elements if isinstance(elements, list) else ():
        for domain in texts_of(element.get("domains") if isinstance(element, Mapping) else None):
            with suppress(HostError):
                yield normal_host(domain)
