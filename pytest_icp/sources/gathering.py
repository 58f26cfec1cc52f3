"""What a reader collects: elements with their places, gaps, remarks and counts (汇集)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from msgspec.structs import replace

from pytest_icp.facts.breakdowns import MissingExtra
from pytest_icp.facts.derived import Derived, Gap, Provenance
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import (
    Document,
    ProvenanceLookup,
    Unread,
    read_documents,
)
from pytest_icp.sources.hosts import is_public_name
from pytest_icp.sources.request import Request

_SHOWN = 20


def listed(names: Collection[str]) -> Text:
    """Join names with commas; of a long list, show the first and count the rest."""
    shown, more = list(names)[:_SHOWN], len(names) - _SHOWN
    zh = f" 等 {len(names)} 个" if more > 0 else ""
    en = f" and {more} more" if more > 0 else ""
    return Text(zh="、".join(shown) + zh, en=", ".join(shown) + en)


MOST_GAPS = 100
"""How many gaps of one source are listed one by one; the rest are counted in one gap."""

_UNRESOLVED = re.compile(r"\{[{%\w]|\$|<[^<>\n]*+>|%\w+%|@\w+@|__\w+__|\[\[")


class Gathering:
    """Elements by kind and id, in the order in which they were added; gaps, remarks and counts.

    The first value of an element or a fact wins. The source is the place of whatever has none of
    its own; a gap or a remark is there once. ``unread``: a file, or a part of one, was refused.
    """

    def __init__(self, request: Request) -> None:
        self.unread = False
        self.unused: Counter[str] = Counter()
        self._request = request
        self._elements: dict[str, dict[str, dict[str, Json]]] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._provenance: dict[tuple[str, ...], ProvenanceLookup] = {}
        self._gaps: dict[Gap, None] = {}
        self._remarks: dict[Text, None] = {}
        self._local: dict[str, None] = {}

    def add(self, kind: str, name: str, provenance: ProvenanceLookup, /, **facts: Json) -> None:
        """Add an element of a kind (``sites``) under its id, with facts from the same place."""
        elements = self._elements.setdefault(kind, {})
        if name not in elements:
            elements[name] = {"id": name, **facts}
            self._provenance[kind, name] = provenance

    def set(
        self, kind: str, name: str, fact: str, value: Json, provenance: ProvenanceLookup
    ) -> None:
        """Set one fact of an element that was added before."""
        element = self._elements[kind][name]
        if fact not in element:
            element[fact] = value
            self._provenance[kind, name, fact] = provenance

    def facts(self) -> JsonObject:
        """Return the facts as a part of a description; kinds without elements are left out."""
        return {kind: list(elements.values()) for kind, elements in self._elements.items()}

    def trace(self, pointer: str) -> Provenance:
        """Return the provenance of a fact, or of the closest element around it that has one."""
        kind, index, fact, *_ = (*tokens(pointer), "", "", "")
        elements = self._elements.get(kind, {})
        names = self._names.get(kind, ())
        if len(names) < len(elements):
            names = self._names[kind] = tuple(elements)
        if not index.isdecimal() or int(index) >= len(names):
            return Provenance(place=Place(path=self._request.path))
        name = names[int(index)]
        provenance = self._provenance.get((kind, name, fact)) or self._provenance[kind, name]
        return provenance()

    def site(
        self, written: Json, provenance: ProvenanceLookup, *, shown: str | None = None
    ) -> str | None:
        """Add the site of a host; return the host in normal form, or None if it is not a site.

        A name of a local network is not a site; a template or an invalid host name is a gap.
        ``shown`` is quoted instead of what is not a site.
        """
        host = self.host(written, provenance, shown=shown)
        if host is not None:
            self.add("sites", host, provenance, domains=[host])
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
        self._gaps[Gap(message=message, place=place, kinds=frozenset(kinds))] = None

    def refused(self, why: InputError | Unread, path: PurePath | str, *kinds: str) -> None:
        """Add the gap of what cannot be read, at the line that is wrong if there is one."""
        self.unread = True
        self.gap(why.message, why.place or Place(path=path), *kinds)

    @contextmanager
    def reading(self, path: Path, *kinds: str) -> Iterator[None]:
        """Make an `InputError` about a file a gap, unless that file is the requested one."""
        try:
            yield
        except InputError as error:
            if path == self._request.path or isinstance(error, MissingExtra):
                raise
            self.refused(error, path, *kinds)

    def documents(self, path: Path, *kinds: str, raw: bytes | None = None) -> Iterator[Document]:
        """Yield the documents of a file as `read_documents` does; one that is refused is a gap."""
        for one in read_documents(self._request, path, raw):
            if isinstance(one, Document):
                yield one
            else:
                self.refused(one, path, *kinds)

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

    def note(self, place: Place, zh: str, en: str) -> None:
        """Add a remark that begins with its place."""
        named = self.named(place)
        self.remark(Text(zh=f"{named}：{zh}", en=f"{named}: {en}"))

    def named(self, place: Place) -> str:
        """Return a place relative to the folder of the description."""
        return str(replace(place, path=self._request.as_written(place.path)))

    def derived(self) -> Derived:
        """Return everything that was collected."""
        if self._local:
            self.remark(_LOCAL.format(count=len(self._local), names=listed(self._local)))
        gaps, more = [*self._gaps][:MOST_GAPS], [*self._gaps][MOST_GAPS:]
        if more:
            kinds = frozenset().union(*(gap.kinds for gap in more))
            message = _MORE.format(count=len(more))
            gaps.append(Gap(message=message, place=more[0].place, kinds=kinds))
        return Derived(
            facts=self.facts(),
            trace=self.trace,
            gaps=tuple(gaps),
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
