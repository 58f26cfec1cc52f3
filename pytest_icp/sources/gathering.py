"""What an adapter of manifests gathers: sites by their hosts, gaps, remarks and counts."""

from __future__ import annotations

import ipaddress
import re
from collections import Counter
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.text import Text
from pytest_icp.sources.draft import Draft, Found
from pytest_icp.sources.hosts import is_local

if TYPE_CHECKING:
    from pathlib import PurePath

    from pytest_icp.facts.derived import Provenance
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.law.location import Place
    from pytest_icp.sources.documents import Document

MOST_GAPS = 100
"""How many gaps of one source are told singly; the rest is one gap."""

_SHOWN = 8
_UNRESOLVED = re.compile(r"\{\{|\{%|\$|<.*>|%\w+%|@\w+@|__\w+__|\[\[")


class Gathering:
    """Facts with their places, and what could not be told (汇集)."""

    def __init__(self, source: PurePath) -> None:
        self.draft = Draft(source)
        self.unmapped: Counter[str] = Counter()
        self.silent: Counter[str] = Counter()
        self._gaps: list[Gap] = []
        self._more: list[Gap] = []
        self._remarks: dict[Text, None] = {}
        self._local: dict[str, None] = {}

    def site(self, written: Json, found: Found) -> str | None:
        """Add the site of a host; return the host in normal form, None where it is none.

        A name of a local network is no site; a template, or what is no host name, is a gap.
        """
        host = self.host(written, found)
        if host is not None:
            self.draft.add("sites", host, found, domains=[host])
        return host

    def host(self, written: Json, found: Found) -> str | None:
        """Return a public host name in normal form, None where it is none; see `site`."""
        text = str(written).strip()
        try:
            host = normal_host(text)
        except HostError:
            message = _TEMPLATE if _UNRESOLVED.search(text) else _NO_HOST
            self.gap(message.format(host=text[:80]), found().place, "sites")
            return None
        if is_local(host) or _is_address(host):
            self._local[host] = None
            return None
        return host

    def gap(self, message: Text, place: Place, *kinds: str) -> None:
        """Add something that the source could not tell, by the facts that may be missing."""
        gap = Gap(message=message, place=place, kinds=frozenset(kinds))
        (self._gaps if len(self._gaps) < MOST_GAPS else self._more).append(gap)

    def repeated(self, document: Document, *kinds: str) -> None:
        """Add a gap for each key that a document has twice."""
        for place in document.repeated:
            self.gap(_REPEATED, place, *kinds)

    def pattern(self, found: Provenance) -> None:
        """Add the gap of hosts that are taken by a pattern."""
        self.gap(_PATTERN.format(object=found.address), found.place, "sites")

    def remark(self, text: Text) -> None:
        """Add a remark, once."""
        self._remarks[text] = None

    def derived(self) -> Derived:
        """Return everything that was gathered."""
        if self._local:
            self.remark(_LOCAL.format(count=len(self._local), names=listed(self._local)))
        gaps = self._gaps
        if self._more:
            kinds = frozenset().union(*(gap.kinds for gap in self._more))
            message = _MORE.format(count=len(self._more))
            gaps = [*gaps, Gap(message=message, place=self._more[0].place, kinds=kinds)]
        return Derived(
            facts=self.draft.facts(),
            trace=self.draft.trace,
            gaps=tuple(gaps),
            unmapped=dict(sorted(self.unmapped.items())),
            remarks=tuple(self._remarks),
        )


def listed(names: dict[str, None] | list[str]) -> str:
    """Return the first few names, and how many more there are."""
    shown = ", ".join(list(names)[:_SHOWN])
    return f"{shown}, … (+{len(names) - _SHOWN})" if len(names) > _SHOWN else shown


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


_TEMPLATE = Text(
    zh="主机名「{host}」中的变量没有值，是哪些网站不得而知；请改用渲染后的输出",
    en="the host {host!r} contains a variable without a value, so its sites are not known; "
    "use the rendered output instead",
)
_NO_HOST = Text(
    zh="「{host}」不是完整的主机名，是哪些网站不得而知",
    en="{host!r} is not a complete host name, so its sites are not known",
)
_REPEATED = Text(
    zh="键写了两次，后一个生效，前一个所写的不得而知；请删去一个",
    en="this key is written twice; the second one wins and the first is lost: delete one",
)
_PATTERN = Text(
    zh="{object} 用正则表达式匹配主机名，是哪些网站不得而知；请逐一写明",
    en="{object} matches hosts by a pattern, so its sites are not known; name each host",
)
_LOCAL = Text(
    zh="{count} 个主机名或地址不属于公共域名，没有作为网站：{names}",
    en="{count:host name} outside the public DNS, not counted as sites: {names}",
)
_MORE = Text(
    zh="同一来源还有 {count} 处无法得知，不再逐一列出",
    en="{count:more gap} in this source, not listed one by one",
)
