"""The records of a zone, read by dnspython (资源记录)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pytest_icp.facts.extras import missing_extra
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.zone.expanded import Expanded

if TYPE_CHECKING:
    import dns.name
    import dns.tokenizer
    from publicsuffixlist import PublicSuffixList

    from pytest_icp.facts.files.budget import Meter

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
