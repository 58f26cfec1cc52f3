"""Source kind ``zone``: the domain and its web hosts from a DNS zone file (区域文件).

Setting ``origin`` is the zone; by default it is read from ``$ORIGIN``, the SOA record or the name
of the file (``etaoche.cn.zone``, ``db.etaoche.cn``). The domain is the registered one, also of the
zone of a name below it. Setting ``not_sites`` lists names that are not web sites, such as ``vpn``
or ``node-*``. Addresses do not become servers: a zone file does not say which machine has an
address. dnspython reads the records (资源记录).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from fnmatch import translate
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pytest_icp.facts.breakdowns import missing_extra
from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import decode
from pytest_icp.law.domains import HostError, host_of, host_under, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup
from pytest_icp.sources.gathering import Gathering, listed
from pytest_icp.sources.hosts import is_local, is_private
from pytest_icp.sources.request import Request

if TYPE_CHECKING:
    import dns.name
    import dns.tokenizer
    from publicsuffixlist import PublicSuffixList


_INCLUDE = re.compile(r'\$INCLUDE[ \t]+"?([^\s";]+)', re.IGNORECASE)
# Names that some providers use for an alias that is also allowed at the apex.
_ALIAS = re.compile(
    r"^(\S*[ \t]+(?:[0-9]\w*[ \t]+|IN[ \t]+){0,2})(?:ALIAS|ANAME)(?=[ \t])", re.IGNORECASE
)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')


class ZoneFile(Confidential, Struct, frozen=True):
    """The lines of a zone file (区域文件)."""

    path: Path
    lines: list[str]

    @classmethod
    def read(cls, request: Request, path: Path) -> ZoneFile:
        """Read the lines of a zone file; raise `InputError` if it is binary."""
        text = decode(request.read(path))
        if "\0" in text:
            raise InputError(_BINARY, place=Place(path=path))
        lines = re.split("\r\n?|\n", text)
        request.meter.spend("elements", len(lines))
        return cls(path, lines)

    def is_proxied(self, line: int) -> bool:
        """Whether an export of Cloudflare says of a record that it serves it itself."""
        comment = _QUOTED.sub("", self.lines[min(line, len(self.lines)) - 1]).partition(";")[2]
        # Before the tags stand words of whoever wrote the record.
        tags = comment.rpartition("cf_tags=")[2] if "cf_tags=" in comment else ""
        return "cf-proxied:true" in tags.strip().split(",")

    def text(self) -> str:
        """Return all lines, as dnspython reads them; what is included is left out."""
        lines = (_ALIAS.sub(r"\1CNAME", line) for line in self.lines)
        return "\n".join([*("" if _INCLUDE.match(line) else line for line in lines), ""])

    def includes(self) -> Iterator[tuple[str, Place]]:
        """Yield the name of each file that is included, and where; keys of DNSSEC have no names."""
        for number, line in enumerate(self.lines, start=1):
            included = _INCLUDE.match(line)
            if included and not included[1].endswith(".key"):
                yield included[1], self.place(number)

    def place(self, line: int) -> Place:
        """Return the place of a line, of which the first word is quoted.

        A text of a record, or a comment, may be a secret.
        """
        number = min(line, len(self.lines))
        words = self.lines[number - 1].rstrip()
        lead = len(words) - len(words.lstrip())
        width = len(words[lead:].split(None, 1)[0]) if words else 1
        shown = words[: lead + width]
        return Place(path=self.path, line=number, column=lead + 1, excerpt=shown, width=width)


MOST = 100_000
"""The most records that are read: one line of ``$GENERATE`` can make billions."""
_DEFAULT_TTL = 3600
# dnspython multiplies a term out digit by digit.
_LONG = re.compile(r"(?<![0-9])[0-9]{1001}")


class Record(Struct, frozen=True):
    """One record: names are absolute, in lower case and without the last dot."""

    name: str
    type: str
    data: str
    line: int


def read_records(whole: ZoneFile, origin: str, meter: Meter) -> list[Record]:
    """Read all records of a zone; ``origin`` is absolute, ``.`` if it is not known.

    Neither TTLs nor a complete zone are required.

    Raises `InputError` with the line of a record that cannot be read, or if there are too many.
    """
    try:
        import dns.exception
        import dns.name
        import dns.rdataclass
        import dns.zonefile
        import publicsuffixlist  # noqa: F401 - `registered` needs it
    except ImportError:
        raise missing_extra("zone", _READING, place=Place(path=whole.path)) from None
    text = whole.text()
    if long := _LONG.search(text):
        number = text.count("\n", 0, long.start()) + 1
        raise InputError(_TOO_LONG, place=whole.place(number))
    tokenizer = _tokenizer(text)
    records: list[Record] = []

    def add(name: dns.name.Name, _ttl: int, data: Any) -> None:
        if len(records) >= MOST:
            raise InputError(_TOO_MANY.format(most=MOST), place=whole.place(tokenizer.begun))
        meter.spend("expansions")
        kind = type(data).__name__
        value = data.to_text().rstrip(".").lower() if kind in _WITH_NAMES else ""
        owner = name.to_text(omit_final_dot=True).lower()
        records.append(Record(owner, kind, value, tokenizer.begun))

    reader = dns.zonefile.Reader(
        tokenizer,
        dns.rdataclass.IN,
        _transaction(add),
        allow_directives=("$GENERATE", "$ORIGIN", "$TTL", "$UNICODE"),
        default_ttl=_DEFAULT_TTL,
    )
    try:
        reader.current_origin = reader.last_name = dns.name.from_text(origin)
        reader.read()
    except (dns.exception.DNSException, UnicodeError, ValueError) as error:
        raise _refused(whole, tokenizer.begun, error) from None
    return records


def _tokenizer(text: str) -> Any:
    """Return a tokenizer of dnspython that also remembers the line of the current record."""
    import dns.tokenizer

    class Tokenizer(dns.tokenizer.Tokenizer):
        begun = 1

        # The signature is dnspython's.
        def get(self, want_leading: bool = False, want_comment: bool = False) -> Any:  # noqa: FBT001, FBT002
            if want_leading and self.ungotten_token is None:
                self.begun = self.line_number
            return super().get(want_leading, want_comment)

    return Tokenizer(text, "zone")


def _transaction(add: Callable[..., None]) -> Any:
    """Return all of a transaction that a reader of dnspython uses, to add each record.

    The root is the origin, so that all names are kept, and are absolute. Aliases are not checked:
    providers accept one at the apex. Names are compared as A-labels.
    """
    import dns.name

    def nothing(*_: object) -> None:
        """Do nothing: the reader keeps the origin."""

    origin = dns.name.root, False, dns.name.root
    made = SimpleNamespace(add=add, origin_information=lambda: origin, _set_origin=nothing)
    made.manager, made.check_put_rdataset, made.add_unicode = made, nothing, nothing
    return made


_WITH_NAMES = frozenset(("A", "AAAA", "CNAME", "DNAME", "NS", "MX", "SRV", "SOA", "PTR"))


def _refused(whole: ZoneFile, line: int, error: Exception) -> InputError:
    """Return the error for a record that cannot be read, with the reason of dnspython if any."""
    reason = re.sub(r"^zone:[0-9]+: ", "", str(error))
    why = "" if reason in _NO_REASON else f": {reason}"
    return InputError(
        Text(zh=f"这条记录无法读取{why}", en=f"this record cannot be read{why}"),
        place=whole.place(line),
    )


_NO_REASON = {"", "Text input is malformed.", "syntax error"}


def registered(host: str) -> str:
    """Return the registered domain (注册域名) of a host, by the list of publicsuffix.org."""
    return _suffixes().privatesuffix(host) or host


@cache
def _suffixes() -> PublicSuffixList:
    from publicsuffixlist import PublicSuffixList

    # Those of companies, as of clouds, are not registries.
    return PublicSuffixList(only_icann=True)


class ZoneNames(Struct, frozen=True):
    """Hosts in normal form with their records, and the names that are not sites, with the reason.

    ``delegated`` are the names that belong to other zones.
    """

    hosts: dict[str, Record]
    excluded: dict[str, Text]
    delegated: list[str]


_ADDRESSES = frozenset(("A", "AAAA", "CNAME", "HTTPS"))
_SERVERS = frozenset(("MX", "NS", "SRV"))
_SERVICE = re.compile(
    r"(?:mail|smtps?|imaps?|pop3?|mx|ns|dns|ftps?|sftp|ssh|ldaps?|ntp|sip|stun|turn|xmpp)[0-9]*"
    r"|autodiscover|autoconfig|localhost"
)
# An alias for such a name only says who may send mail.
_SENDERS = ("spf.", "dkim.", "dmarc.")


def web_hosts(
    records: Sequence[Record],
    apex: str,
    not_sites: Sequence[str] = (),
    proxied: Collection[str] = (),
) -> ZoneNames:
    """Separate the web hosts of a zone from other names with an address.

    Not web hosts are names with an underscore (verification, DKIM, ``_acme-challenge``), the
    targets of MX, NS and SRV records, the usual names of mail and other services, aliases for a
    sender policy, and names with only private addresses, also through aliases in the zone. Names
    under a delegation belong to another zone. ``not_sites`` are further names and patterns,
    relative to the apex. Those that are ``proxied`` are web hosts, whatever they are called.
    """
    by_name: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.type in _ADDRESSES:
            by_name[record.name].append(record)
    servers = {r.data.rpartition(" ")[2] for r in records if r.type in _SERVERS}
    servers |= {r.name for r in records if r.type == "CNAME" and r.data.startswith(_SENDERS)}
    delegated = {r.name for r in records if r.type == "NS" and r.name != apex}
    found = ZoneNames({}, {}, sorted(name for name in delegated if _lies_in(name, apex)))
    listed = _listed(not_sites, apex)
    ends: dict[str, str] = {}
    for name, own in by_name.items():
        if any(label.startswith("_") for label in name.split(".")) or _is_under(name, delegated):
            continue
        why = _OUTSIDE if not _lies_in(name, apex) else None
        if _is_service(name, servers) and name != apex and name not in proxied:
            why = why or _IS_SERVICE
        if _is_inner(by_name.get(_end(name, by_name, ends), ())):
            why = why or _IS_PRIVATE
        if listed(name):
            why = why or _IS_LISTED
        host = host_of(name)
        if host and not why:
            found.hosts[host] = own[0]
        else:
            found.excluded[name] = why or _INVALID
    return found


def _listed(not_sites: Sequence[str], apex: str) -> Callable[[str], bool]:
    """Return whether a name is one of those listed, or has one of their patterns."""
    written = [f"{label}.{apex}" for label in not_sites]
    patterns = [name for name in written if any(sign in name for sign in "*?[")]
    alike = re.compile("|".join(map(translate, patterns))).match if patterns else None
    names = frozenset(written)
    return lambda name: name in names or bool(alike and alike(name))


def _is_service(name: str, servers: Collection[str]) -> bool:
    """Whether a name is that of a mail, name or directory server, by records or by itself."""
    label = name.partition(".")[0]
    # In a small company one machine may serve both.
    return label != "www" and bool(name in servers or _SERVICE.fullmatch(label))


def _end(name: str, by_name: dict[str, list[Record]], ends: dict[str, str]) -> str:
    """Return the name at the end of a chain of aliases; ``ends`` are those found before."""
    passed: dict[str, None] = {}
    while name not in ends and name not in passed:
        passed[name] = None
        own = by_name.get(name, ())
        if own and own[0].type == "CNAME":
            name = own[0].data
    end = ends.get(name, name)
    ends.update(dict.fromkeys(passed, end))
    return end


def _is_inner(aliased: Sequence[Record]) -> bool:
    """Whether a name has private addresses only; an alias outside the zone does not count."""
    addresses = [record.data for record in aliased if record.type in {"A", "AAAA"}]
    return bool(addresses) and all(map(is_private, addresses))


def _lies_in(name: str, apex: str) -> bool:
    return name == apex or name.endswith(f".{apex}")


def _is_under(name: str, delegated: set[str]) -> bool:
    labels = name.split(".")
    return any(".".join(labels[i:]) in delegated for i in range(len(labels)))


_BEFORE = re.compile(
    r"(?:db|named|zone|pri|primary|master|forward|fwd)[._-](?=.*\.)", re.IGNORECASE
)
_BEHIND = re.compile(
    r"\.(?:zone|db|dns|hosts|fwd|forward|txt|conf|signed|bind|master)$", re.IGNORECASE
)
_ORIGIN_LINE = re.compile(r"^\$ORIGIN[ \t]+(\S+\.)(?=\s|;|$)", re.IGNORECASE | re.MULTILINE)
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
    """Read a zone file, or a folder of them: domains, and web hosts as sites.

    An include is a gap, and so is a file of a folder that cannot be read.

    Raises `InputError` with file and line if it is not a zone file, or if its origin is not
    known, or if the extra that reads all of them is not installed.
    """
    into = Gathering(request)
    for path in request.files(*SUFFIXES, prefix=PREFIX):
        with into.reading(path, *_GIVES):
            for remark in _add_zone(into, request, path):
                into.remark(remark)
    return into.derived()


def _add_zone(into: Gathering, request: Request, path: Path) -> Iterable[Text]:
    """Add the facts of one file; return the remarks. Of a folder, one without a domain is a gap."""
    origin, written = _origin(request, path), request.as_written(path)
    if STOCK.fullmatch(path.name):
        return (_said(written, _OF_BIND),)
    whole = ZoneFile.read(request, path)
    records = read_records(whole, origin, request.meter)
    for name, place in whole.includes():
        into.gap(_INCLUDED.format(name=name), place, *_GIVES)
    apex = _apex(whole, records, origin)
    if apex.endswith(_REVERSE) or (not apex and _is_reverse(records)):
        return (_said(written, _IS_REVERSE),)
    if apex and is_local(_domain(apex, path)):
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
    proxied = {one.name for one in records if whole.is_proxied(one.line)}
    names = request.settings.get("not_sites")
    not_sites = [str(name).lower() for name in names] if isinstance(names, Sequence) else ()
    found = web_hosts(records, apex, not_sites, proxied)
    own = next((r for r in records if r.name == apex), None)
    domain = registered(_domain(apex, path))
    into.add("domains", domain, _provenance(whole, own, apex), name=domain)
    for host, record in found.hosts.items():
        at = _provenance(whole, record, record.name)
        _add_site(into, host, at, proxied=record.name in proxied)
    return _remarks(written, found)


def _add_site(into: Gathering, host: str, at: ProvenanceLookup, *, proxied: bool) -> None:
    """Add the site of a host, and Cloudflare if it serves it itself, wherever the record leads."""
    into.add("sites", host, at, domains=[host])
    if proxied:
        into.set("sites", host, "public", True, at)  # noqa: FBT003 - the value of the fact
        into.add("servers", f"{host} cf-proxied", at, role="edge")
        into.add("network_links", f"{host} cf-proxied", at, kind="cdn", mode="leased")


def _provenance(whole: ZoneFile, record: Record | None, name: str) -> ProvenanceLookup:
    if record is None:
        return lambda: Provenance(place=Place(path=whole.path), address=name)
    address = f"{name} {record.type} {record.data.partition(' ')[0].rstrip('.')}".strip()
    return lambda: Provenance(place=whole.place(record.line), address=address)


def _origin(request: Request, path: Path) -> str:
    """Return the origin from the setting or the file name; ``.`` if neither has it."""
    given = request.settings.get("origin")
    if isinstance(given, str):
        return f"{_domain(given, path)}."
    try:
        domain = _domain(_BEHIND.sub("", _BEFORE.sub("", path.name)), path)
    except InputError:
        return "."
    return f"{domain}." if request.given is None and "." in domain else "."


def _domain(written: str, path: Path) -> str:
    """Return a name in normal form; raise `InputError` if it is none, or a pattern."""
    try:
        domain = normal_host(written)
        host_under(domain, domain)
    except HostError as error:
        raise InputError(error.text, place=Place(path=path)) from None
    return domain


def _apex(whole: ZoneFile, found: Sequence[Record], origin: str) -> str:
    """Return the name of the zone: the owner of its SOA record, else its origin; empty if none."""
    start = next((record for record in found if record.type == "SOA"), None)
    if start is not None and "." in start.name.strip("."):
        # Some exports omit the last dot of the owner, which makes it example.cn.example.cn.
        return start.name.removesuffix(f".{origin}"[:-1]) if origin != "." else start.name
    if origin == ".":
        moved = _ORIGIN_LINE.search(whole.text())
        origin = moved[1].lower() if moved else origin
    return _domain(origin, whole.path) if "." in origin.rstrip(".") else ""


def _is_reverse(records: Sequence[Record]) -> bool:
    """Whether the records are those of a reverse zone."""
    types = {record.type for record in records}
    return "PTR" in types and types <= {"PTR", "SOA", "NS"}


_GIVES = ("sites", "domains")
_IS_REVERSE = Text(zh="反向解析区域，没有网站", en="a reverse zone, which has no sites")
_IS_LOCAL = Text(
    zh="内部网络的区域，没有公网名称", en="the zone of a local network, which has no public names"
)
_REDIRECTED = Text(
    zh="{name} 以下的名称都由 DNAME 转到另一个域，无法判断有哪些",
    en="DNAME leads all names below {name} to another domain, so which there are is not known",
)
_INCLUDED = Text(
    zh="$INCLUDE {name}：包含的文件没有读取；请改用完整的区域文件",
    en="$INCLUDE {name}: what is included is not read; use a zone file that is whole",
)
_OF_BIND = Text(zh="BIND 自带的文件，没有网站", en="a file that comes with BIND, without sites")
_IS_LISTED = Text(zh="按 not_sites 未列为网站", en="not counted as sites because of `not_sites`")
_IS_SERVICE = Text(
    zh="邮件、域名服务器等，未列为网站",
    en="mail, name servers and the like, not counted as sites",
)
_IS_PRIVATE = Text(zh="内网地址，未列为网站", en="private addresses, not counted as sites")
_OUTSIDE = Text(zh="不在本区域内", en="outside the zone")
_INVALID = Text(zh="不是主机名", en="not host names")
_REASONS = (_IS_LISTED, _IS_SERVICE, _IS_PRIVATE, _OUTSIDE, _INVALID)
"""In the order of their remarks."""
_DELEGATED = Text(
    zh="委派给其他区域，请另列其区域文件",
    en="delegated to other zones; name their files as sources too",
)
_BINARY = Text(zh="是二进制文件，不是区域文件", en="a binary file, not a zone file")
_TOO_MANY = Text(zh="记录超过 {most} 条", en="more than {most} records")
_TOO_LONG = Text(zh="数字的位数太多", en="this number has too many digits")
_READING = Text(zh="读取区域文件", en="reading a zone file")


def _remarks(written: str, found: ZoneNames) -> Iterator[Text]:
    """Report the names with an address that are not sites, and the delegated zones."""
    groups = [
        (why, [name for name in found.excluded if found.excluded[name] is why]) for why in _REASONS
    ]
    for why, names in (*groups, (_DELEGATED, found.delegated)):
        if names:
            yield _said(written, why) + Text("：", ": ") + listed(names)


def _said(written: str, why: Text) -> Text:
    return Text(zh=f"{written}：{why.zh}", en=f"{written}: {why.en}")
