"""What an adapter of manifests collects: sites by their hosts, gaps, remarks and counts."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pytest_icp.facts.derived import Derived, Gap
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.text import Text
from pytest_icp.sources.draft import Draft, ProvenanceLookup
from pytest_icp.sources.hosts import is_public_name
from pytest_icp.sources.listing import listed

if TYPE_CHECKING:
    from pathlib import PurePath

    from pytest_icp.facts.derived import Provenance
    from pytest_icp.law.jsontypes import Json
    from pytest_icp.law.location import Place
    from pytest_icp.sources.documents import Document

MOST_GAPS = 100
"""How many gaps of one source are listed one by one; the rest are counted in one gap."""

_UNRESOLVED = re.compile(r"\{[{%\w]|\$|<[^<>\n]*+>|%\w+%|@\w+@|__\w+__|\[\[")


class Gathering:
    """Facts with their provenance, gaps, remarks and counts of one source (汇集)."""

    def __init__(self, source: PurePath) -> None:
        self.draft = Draft(source)
        self.unmapped: Counter[str] = Counter()
        self.unused: Counter[str] = Counter()
        self._gaps: list[Gap] = []
        self._more: list[Gap] = []
        self._remarks: dict[Text, None] = {}
        self._local: dict[str, None] = {}

    def site(
        self, written: Json, provenance: ProvenanceLookup, *, shown: str | None = None
    ) -> str | None:
        """Add the site of a host; return the host in normal form, or None if it is not a site.

        A name of a local network is not a site; a template or an invalid host name is a gap.
        ``shown`` is quoted instead of what is no site.
        """
        host = self.host(written, provenance, shown=shown)
        if host is not None:
            self.draft.add("sites", host, provenance, domains=[host])
        return host

    def host(
        self, written: Json, provenance: ProvenanceLookup, *, shown: str | None = None
    ) -> str | None:
        """Return a public host name in normal form, or None; see `site`."""
        text = str(written).strip()
        try:
            host = normal_host(text)
        except HostError:
            message = _TEMPLATE if _UNRESOLVED.search(text) else _NO_HOST
            # Before an @ may be a password.
            quoted = (shown or text).rpartition("@")[2][:80]
            self.gap(message.format(host=quoted), provenance().place, "sites")
            return None
        if not is_public_name(host):
            self._local[shown or host] = None
            return None
        return host

    def gap(self, message: Text, place: Place, *kinds: str) -> None:
        """Add a gap of the source; ``kinds`` are the top-level facts that may be incomplete."""
        gap = Gap(message=message, place=place, kinds=frozenset(kinds))
        (self._gaps if len(self._gaps) < MOST_GAPS else self._more).append(gap)

    def repeated(self, document: Document, *kinds: str) -> None:
        """Add a gap for each key that is written twice in a document."""
        for place in document.repeated:
            self.gap(_REPEATED, place, *kinds)

    def pattern(self, provenance: Provenance) -> None:
        """Add the gap for hosts that are matched by a pattern."""
        self.gap(_PATTERN.format(object=provenance.address), provenance.place, "sites")

    def remark(self, text: Text) -> None:
        """Add a remark, once."""
        self._remarks[text] = None

    def derived(self) -> Derived:
        """Return everything that was collected."""
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


_TEMPLATE = Text(
    zh="主机名“{host}”中的变量没有值，无法判断是哪些网站；请改用渲染后的输出",
    en="the host {host!r} contains a variable without a value, so its sites are not known; "
    "use the rendered output instead",
)
_NO_HOST = Text(
    zh="“{host}”不是完整的主机名，无法判断是哪些网站",
    en="{host!r} is not a complete host name, so its sites are not known",
)
_REPEATED = Text(
    zh="键写了两次，后一个生效，前一个被忽略；请删去一个",
    en="this key is written twice; the second one wins and the first is ignored: delete one",
)
_PATTERN = Text(
    zh="{object} 用正则表达式匹配主机名，无法判断是哪些网站；请逐一写明主机名",
    en="{object} matches hosts by a pattern, so its sites are not known; list each host",
)
_LOCAL = Text(
    zh="{count} 个主机名或地址不属于公共域名，没有作为网站：{names}",
    en="{count:host name} outside the public DNS, not counted as sites: {names}",
)
_MORE = Text(
    zh="同一来源还有 {count} 处缺口，不再逐一列出",
    en="{count:more gap} in this source, not listed one by one",
)
