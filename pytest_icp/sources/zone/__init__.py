"""Source kind ``zone``: the domain and its web hosts from a DNS zone file (区域文件).

Setting ``origin`` is the zone; by default it is read from ``$ORIGIN``, the SOA record or the name
of the file (``etaoche.cn.zone``, ``db.etaoche.cn``). The domain is the registered one, also of the
zone of a name below it. Setting ``not_sites`` lists names that are
not web sites, such as ``vpn`` or ``node-*``. Addresses do not become servers: a zone file does
not say which machine has an address.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.extras import MissingExtra
from pytest_icp.law.domains import HostError, host_under, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering, ProvenanceLookup
from pytest_icp.sources.hosts import is_local
from pytest_icp.sources.listing import listed
from pytest_icp.sources.request import Request
from pytest_icp.sources.zone.hosts import Exclusion, ZoneNames, web_hosts
from pytest_icp.sources.zone.records import Expanded, Record, expand, read_records, registered

_BEFORE = re.compile(
    r"(?:db|named|zone|pri|primary|master|forward|fwd)[._-](?=.*\.)", re.IGNORECASE
)
_BEHIND = re.compile(
    r"\.(?:zone|db|dns|hosts|fwd|forward|txt|conf|signed|bind|master)$", re.IGNORECASE
)
_ORIGIN = re.compile(r"^\$ORIGIN[ \t]+(\S+\.)(?=\s|;|$)", re.IGNORECASE | re.MULTILINE)
_REVERSE = ("in-addr.arpa", "ip6.arpa")
SUFFIXES = (".zone", ".db", ".dns")
PREFIX = "db."
STOCK = re.compile(
    r"named\.(?:ca|root|cache|empty|local|localhost|loopback)|root\.(?:hints?|zone|db)|"
    r"db\.(?:root|cache|local|empty|0|127|255)|(?:localhost|localdomain|0|127|255)\.(?:zone|db)",
    re.IGNORECASE,
)
"""The files that come with BIND (自带文件): the root servers, this machine."""
_NO_DOMAIN = Text(
    zh="无法判断是哪个域名的区域文件", en="it is not known which domain this zone file is for"
)


def read_zone(request: Request) -> Derived:
    """Read a zone file with its includes, or a folder of them: domains, and web hosts as sites.

    An include that cannot be read, and of a folder a file that cannot be, is a gap.

    Raises `InputError` with file and line if it is not a zone file, or if its origin is not
    known, or if the extra that reads all of them is not installed.
    """
    into = Gathering(request)
    for path in request.files(*SUFFIXES, prefix=PREFIX):
        try:
            for remark in _add(into, request, path):
                into.remark(remark)
        except InputError as error:
            if path == request.path or isinstance(error, MissingExtra):
                raise
            into.refused(error, path, *_GIVES)
    return into.derived()


def _add(into: Gathering, request: Request, path: Path) -> Sequence[Text]:
    """Add the facts of one file; return the remarks. Of a folder, one without a domain is a gap."""
    origin, written = _origin(request, path), request.as_written(path)
    if STOCK.fullmatch(path.name):
        return (_said(written, _OF_BIND),)
    whole = expand(request, path, origin)
    records = read_records(whole, origin, path)
    for error in whole.missing:
        into.refused(error, path, *_GIVES)
    apex = _apex(path, whole, records, origin)
    if apex.endswith(_REVERSE) or (not apex and _is_reverse(records)):
        return (_said(written, _IS_REVERSE),)
    if apex and is_local(_host(apex, path)):
        return (_said(written, _IS_LOCAL),)
    if not apex and path != request.path:
        into.gap(_NO_DOMAIN, Place(path=path), *_GIVES)
        return ()
    if not apex:
        hint = Text(zh="加上 origin: example.cn", en="add `origin: example.cn`")
        raise InputError(_NO_DOMAIN, place=Place(path=path), hint=hint)
    for one in records:
        if one.type == "DNAME":
            into.gap(_REDIRECTED.format(name=one.name), whole.place(one.line), "sites")
    found = web_hosts(records, apex, _not_sites(request))
    own = next((r for r in records if r.name == apex), None)
    domain = registered(_host(apex, path))
    into.add("domains", domain, _provenance(whole, own, path, apex), name=domain)
    for host, record in found.hosts.items():
        into.add("sites", host, _provenance(whole, record, path, record.name), domains=[host])
    return _remarks(written, found)


def _provenance(whole: Expanded, record: Record | None, path: Path, name: str) -> ProvenanceLookup:
    if record is None:
        return lambda: Provenance(place=Place(path=path), address=name)
    address = f"{name} {record.type} {record.data.partition(' ')[0].rstrip('.')}".strip()
    return lambda: Provenance(place=whole.place(record.line), address=address)


def _origin(request: Request, path: Path) -> str:
    """Return the origin from the setting or the file name; ``.`` if neither has it."""
    given = request.settings.get("origin")
    if isinstance(given, str):
        return f"{_domain(given, path)}."
    name = _BEHIND.sub("", _BEFORE.sub("", path.name))
    try:
        domain = normal_host(name)
        host_under(domain, domain)
    except HostError:
        return "."
    return f"{domain}." if request.given is None and "." in domain else "."


def _domain(given: str, path: Path) -> str:
    domain = _host(given, path)
    try:
        host_under(domain, domain)
    except HostError as error:
        raise InputError(error.text, place=Place(path=path)) from None
    return domain


def _host(written: str, path: Path) -> str:
    """Return a name in normal form; raise `InputError` if it is none."""
    try:
        return normal_host(written)
    except HostError as error:
        raise InputError(error.text, place=Place(path=path)) from None


def _apex(path: Path, whole: Expanded, found: Sequence[Record], origin: str) -> str:
    """Return the name of the zone: the owner of its SOA record, else its origin; empty if none."""
    start = next((record for record in found if record.type == "SOA"), None)
    if start is not None and "." in start.name.strip("."):
        # Some exports omit the last dot of the owner, which makes it example.cn.example.cn.
        return start.name.removesuffix(f".{origin}"[:-1]) if origin != "." else start.name
    if origin == ".":
        moved = _ORIGIN.search(whole.text())
        origin = moved[1].lower() if moved else origin
    return _host(origin, path) if "." in origin.rstrip(".") else ""


def _is_reverse(records: Sequence[Record]) -> bool:
    """Whether the records are those of a reverse zone."""
    types = {record.type for record in records}
    return "PTR" in types and types <= {"PTR", "SOA", "NS"}


def _not_sites(request: Request) -> Sequence[str]:
    names = request.settings.get("not_sites")
    return [str(name).lower() for name in names] if isinstance(names, Sequence) else ()


_GIVES = ("sites", "domains")
_IS_REVERSE = Text(zh="反向解析区域，没有网站", en="a reverse zone, which has no sites")
_IS_LOCAL = Text(
    zh="内部网络的区域，没有公网名称", en="the zone of a local network, which has no public names"
)
_REDIRECTED = Text(
    zh="{name} 以下的名称都由 DNAME 转到另一个域，无法判断有哪些",
    en="DNAME leads all names below {name} to another domain, so which there are is not known",
)
_OF_BIND = Text(zh="BIND 自带的文件，没有网站", en="a file that comes with BIND, without sites")
_REASONS = {
    Exclusion.LISTED: Text(
        zh="按 not_sites 未列为网站", en="not counted as sites because of `not_sites`"
    ),
    Exclusion.SERVICE: Text(
        zh="邮件、域名服务器等，未列为网站",
        en="mail, name servers and the like, not counted as sites",
    ),
    Exclusion.PRIVATE: Text(
        zh="内网地址，未列为网站", en="private addresses, not counted as sites"
    ),
    Exclusion.OUTSIDE: Text(zh="不在本区域内", en="outside the zone"),
    Exclusion.INVALID: Text(zh="不是主机名", en="not host names"),
}


def _remarks(written: str, found: ZoneNames) -> tuple[Text, ...]:
    """Report the names with an address that are not sites, and the delegated zones."""
    remarks = []
    for exclusion, why in _REASONS.items():
        excluded = [name for name, reason in found.excluded.items() if reason is exclusion]
        if excluded:
            remarks.append(_listed(written, why, excluded))
    if found.delegated:
        why = Text(
            zh="委派给其他区域，请另列其区域文件",
            en="delegated to other zones; name their files as sources too",
        )
        remarks.append(_listed(written, why, found.delegated))
    return tuple(remarks)


def _said(written: str, why: Text) -> Text:
    return Text(zh=f"{written}：{why.zh}", en=f"{written}: {why.en}")


def _listed(written: str, why: Text, names: Sequence[str]) -> Text:
    return _said(written, why) + Text("：", ": ") + listed(names)
