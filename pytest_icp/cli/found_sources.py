"""The entries of ``sources`` for the files of a repository, with the hosts of its home pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.cli.files import relative_to_folder
from pytest_icp.facts.assumptions import assumable
from pytest_icp.facts.description import Description
from pytest_icp.facts.files.repository import repository_of
from pytest_icp.facts.files.source import read_bytes
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, texts_of
from pytest_icp.law.text import Text
from pytest_icp.sources.discovery import SourceCandidate, find_sources
from pytest_icp.sources.home_page import LARGEST, read_page
from pytest_icp.sources.register.columns import register_named
from pytest_icp.sources.registry import KINDS

_ASSUMED: Mapping[str, Json] = {
    "production": True,
    "commercial": True,
    "public": True,
    "role": "origin",
    "kinds": ["access"],
    "personal_info": {"named": ["personal", "pii", "个人信息"]},
}
"""What is mostly so of what a repository deploys, and which its files do not say."""

_KEPT: Mapping[str, Json] = {"ended_on": "never", "delisted_on": "never"}
"""What is mostly so of what people keep in a table and write nothing of: it has not ended."""

_CLOUDS = {"terraform", "terraform-plan", "terraform-state", "cloud-export"}
"""Sources of logs at a cloud, which are mostly of access; those of an application are not."""

_MOST_HOSTS = 4


class FoundSources(Struct, frozen=True):
    """Entries of ``sources``, and home pages whose hosts are not known (来源).

    ``complete`` is False if the search ended early; ``unread`` are the paths of files that no kind
    of source reads, by what to do with them instead.
    """

    entries: tuple[JsonObject, ...]
    pages: tuple[JsonObject, ...]
    complete: bool
    unread: Mapping[Text, tuple[str, ...]]


def found_sources(description: Path) -> FoundSources:
    """Return the sources in the repository around a description that is to be written."""
    folder = description.parent.absolute()
    search = find_sources(repository_of(description))
    named = {one: _entry(one, folder) for one in search.sources}
    pages = [one for one in named if one.kind == "html" and not _names_itself(one.path)]
    return FoundSources(
        tuple(entry for one, entry in named.items() if one not in pages),
        tuple(named[one] for one in pages),
        search.complete,
        {
            advice: tuple(relative_to_folder(path, folder) for path in paths)
            for advice, paths in search.unread.items()
        },
    )


def with_hosts(found: FoundSources, description: Description) -> FoundSources:
    """Return the sources with the hosts that the licence and the other sources tell.

    A page in a folder that is named as a host is that host's; the only home page is that of the
    only licensed domain. Other pages get the hosts that it may be, in angle brackets.
    """
    licensed = list(dict.fromkeys(_domains(description.licence.get("attachments"))))
    sites = list(dict.fromkeys(_domains(description.facts.get("sites"))))
    hosts = [
        *(host for host in sites if _is_under(host, licensed) and host not in licensed),
        *licensed,
    ]
    known = [_with_sites(entry, description) for entry in found.entries]
    asked: list[JsonObject] = []
    for page in found.pages:
        parts = Path(str(page["path"])).parts
        own = next((host for host in (*hosts, *sites) if host in parts), None)
        if own is None and len(found.pages) == len(licensed) == 1:
            own = next((host for host in hosts if host == f"www.{licensed[0]}"), licensed[0])
        if own:
            known.append(_with_host(page, own))
        else:
            asked.append(_with_host(page, f"<{' | '.join(hosts[:_MOST_HOSTS]) or 'host'}>"))
    return replace(found, entries=tuple(known), pages=tuple(asked))


def _with_sites(entry: JsonObject, description: Description) -> JsonObject:
    """Return an entry that assumes of its servers that they serve the one licensed site."""
    printed, assume = description.licence.get("attachments"), entry.get("assume")
    pages = [one for one in printed if one["kind"] != "app"] if isinstance(printed, list) else []
    if not (len(pages) == 1 and isinstance(assume, Mapping) and "role" in assume):
        return entry
    licensed, sites = [*_domains(pages)], description.facts.get("sites")
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
        if assumable(name, value, gives) and (name != "kinds" or candidate.kind in _CLOUDS)
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
