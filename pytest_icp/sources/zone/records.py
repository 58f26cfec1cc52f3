"""The records of a zone, read by dnspython, with its includes inserted (资源记录)."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from pytest_icp.facts.extras import missing_extra
from pytest_icp.facts.files.budget import Meter
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.decoding import decode
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.request import Request

if TYPE_CHECKING:
    import dns.name
    import dns.tokenizer
    from publicsuffixlist import PublicSuffixList

_INCLUDE = re.compile(r'\$INCLUDE[ \t]+("?)([^\s";]+)\1(?:[ \t]+([^\s;]+))?', re.IGNORECASE)
_ORIGIN = re.compile(r"\$ORIGIN[ \t]+([^\s;]+)", re.IGNORECASE)
# Names that some providers use for an alias that is also allowed at the apex.
_ALIAS = re.compile(
    r"^(\S*[ \t]+(?:[0-9]\w*[ \t]+|IN[ \t]+){0,2})(?:ALIAS|ANAME)(?=[ \t])", re.IGNORECASE
)
_DEEPEST = 32


class Expanded(Confidential, Struct):
    """The lines of a zone (区域文件), each with its file and line number."""

    _shown = ()

    meter: Meter
    missing: list[InputError] = field(default_factory=list)
    """Why files that are included are not read, each with the place of its include."""
    lines: list[str] = field(default_factory=list)
    places: list[tuple[Path, int]] = field(default_factory=list)

    def text(self) -> str:
        """Return all lines, as dnspython reads them."""
        lines = (_ALIAS.sub(r"\1CNAME", line) for line in self.lines)
        return "\n".join([*lines, ""])

    def place(self, line: int) -> Place:
        """Return the place of a line of the expanded text; of the line, its first word is quoted.

        A text of a record, or a comment, may be a secret.
        """
        at = min(line, len(self.places)) - 1
        path, number = self.places[at]
        words = self.lines[at].rstrip()
        lead = len(words) - len(words.lstrip())
        width = len(words[lead:].split(None, 1)[0]) if words else 1
        shown = words[: lead + width]
        return Place(path=path, line=number, column=lead + 1, excerpt=shown, width=width)


def expand(request: Request, path: Path, origin: str) -> Expanded:
    """Read a zone file and its includes; ``origin`` is appended to its relative names.

    Raises `InputError` for a file that is binary or includes itself.
    """
    whole = Expanded(request.meter)
    raw = request.read(None if path == request.path else path)
    _add(whole, request, path, raw, origin, ())
    return whole


def _add(
    whole: Expanded,
    request: Request,
    path: Path,
    raw: bytes,
    origin: str,
    stack: tuple[str, ...],
) -> str:
    """Add the lines of a file; return the origin at its end."""
    inner = (*stack, os.path.realpath(path))
    for number, line in enumerate(re.split("\r\n?|\n", _text(path, raw)), start=1):
        included = _INCLUDE.match(line)
        moved = _ORIGIN.match(line)
        if moved:
            origin = _absolute(moved[1], origin)
        if included is None:
            _append(whole, line, path, number)
            continue
        file = path.parent / included[2]
        start = _absolute(included[3], origin) if included[3] else origin
        width = included.end()
        place = Place(path=path, line=number, column=1, excerpt=line[:width], width=width)
        try:
            content = _included(request, path, included[2], inner, place)
        except InputError as error:
            whole.missing.append(error)
            continue
        request.meter.spend("expansions", content.count(b"\n") + 1)
        _append(whole, f"$ORIGIN {start}", path, number)
        _add(whole, request, file, content, start, inner)
        # An include does not change the origin of the including file.
        _append(whole, f"$ORIGIN {origin}", path, number)
    return origin


def _append(whole: Expanded, line: str, path: Path, number: int) -> None:
    whole.meter.spend("elements")
    whole.lines.append(line)
    whole.places.append((path, number))


def _included(
    request: Request, path: Path, written: str, stack: tuple[str, ...], place: Place
) -> bytes:
    """Read a file that a path includes.

    Raises `InputError` at the include if it cannot be read.
    """
    file = path.parent / written
    if os.path.realpath(file) in stack or len(stack) > _DEEPEST:
        raise InputError(
            Text(zh="$INCLUDE 循环引用或层次过深", en="$INCLUDE is circular or nested too deeply"),
            place=place,
        )
    try:
        return request.read(file)
    except InputError as error:
        message = Text(zh=f"{written}：{error.message.zh}", en=f"{written}: {error.message.en}")
        raise InputError(message, place=place, hint=error.hint) from None


def _text(path: Path, raw: bytes) -> str:
    text = decode(raw)
    if "\0" in text:
        raise InputError(
            Text(zh="是二进制文件，不是区域文件", en="a binary file, not a zone file"),
            place=Place(path=path),
        )
    return text


def _absolute(name: str, origin: str) -> str:
    if name.endswith(".") or name == "@":
        return origin if name == "@" else name
    return f"{name}." if origin == "." else f"{name}.{origin}"


MOST = 100_000
"""The most records that are read: one line of ``$GENERATE`` can make billions."""
_DEFAULT_TTL = 3600
# dnspython multiplies a term out digit by digit.
_LONG = re.compile(r"(?<![0-9])[0-9]{1001}")
_TOO_LONG = Text(zh="数字的位数太多", en="this number has too many digits")
_READING = Text(zh="读取区域文件", en="reading a zone file")


class Record(Struct, frozen=True):
    """One record: names are absolute, in lower case and without the last dot."""

    name: str
    type: str
    data: str
    line: int


def read_records(whole: Expanded, origin: str, path: Path) -> list[Record]:
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
        raise missing_extra("zone", _READING, place=Place(path=path)) from None
    text = whole.text()
    if long := _LONG.search(text):
        number = text.count("\n", 0, long.start()) + 1
        raise InputError(_TOO_LONG, place=whole.place(number))
    tokenizer = _tokenizer(text)
    collector = _RecordCollector(tokenizer, whole.meter)
    reader = dns.zonefile.Reader(
        tokenizer,
        dns.rdataclass.IN,
        collector,  # type: ignore[arg-type]  # all of a transaction that a reader uses
        allow_directives=("$GENERATE", "$ORIGIN", "$TTL", "$UNICODE"),
        default_ttl=_DEFAULT_TTL,
    )
    try:
        reader.current_origin = reader.last_name = dns.name.from_text(origin)
        reader.read()
    except _TooManyError:
        raise InputError(
            Text(zh=f"记录超过 {MOST} 条", en=f"more than {MOST} records"),
            place=whole.place(tokenizer.begun),
        ) from None
    except (dns.exception.DNSException, UnicodeError, ValueError) as error:
        raise _refused(whole, tokenizer.begun, error) from None
    return collector.records


class _TooManyError(Exception):
    """There are more records than the limit."""


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


class _RecordCollector:
    """Collects the records that dnspython reads, in the place of a transaction."""

    def __init__(self, tokenizer: Any, meter: Meter) -> None:
        self._meter = meter
        self.manager = self
        self.records: list[Record] = []
        self._tokenizer = tokenizer

    def origin_information(self) -> tuple[dns.name.Name, bool, dns.name.Name]:
        """Use the root as origin, so that all names are kept, and are absolute."""
        import dns.name

        return dns.name.root, False, dns.name.root

    def check_put_rdataset(self, _check: object) -> None:
        """Skip the check of aliases: providers accept an alias at the apex."""

    def add_unicode(self, _version: str) -> None:
        """Do nothing: names are compared as A-labels."""

    def add(self, name: dns.name.Name, _ttl: int, data: Any) -> None:
        """Collect one record."""
        if len(self.records) >= MOST:
            raise _TooManyError
        kind = type(data).__name__
        text = data.to_text() if kind in _WITH_NAMES else ""
        line = self._tokenizer.begun
        self._meter.spend("expansions")
        self.records.append(Record(_plain(name), kind, text.rstrip(".").lower(), line))

    def _set_origin(self, _origin: object) -> None:
        """Do nothing: the reader keeps the origin."""


_WITH_NAMES = frozenset(("A", "AAAA", "CNAME", "DNAME", "NS", "MX", "SRV", "SOA", "PTR"))


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()


def _refused(whole: Expanded, line: int, error: Exception) -> InputError:
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

    # Those of companies, as of clouds, are no registries.
    return PublicSuffixList(only_icann=True)
