"""The documents of a gateway, and the hosts that its routes name (网关文档)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import Document, Read, Unread, read_documents
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.kubernetes.objects import get, select
from pytest_icp.sources.listing import listed

if TYPE_CHECKING:
    from pytest_icp.sources.draft import ProvenanceLookup
    from pytest_icp.sources.request import Request

Reader: TypeAlias = "Callable[[Request, Path], Iterator[Read]]"


class Item(Confidential, Struct, frozen=True, eq=False):
    """A route, a service or the like: its data, and where it is; it may contain secrets."""

    _shown = ("address",)

    document: Document
    pointer: str
    body: Json
    address: str

    def provenance(self, pointer: str) -> ProvenanceLookup:
        """Return a lookup of the provenance of a value, by its pointer inside the item."""
        places, address = self.document.places, self.address
        whole, attribute = self.pointer + pointer, ".".join(tokens(pointer))
        return lambda: Provenance(place=places.place(whole), address=address, attribute=attribute)

    def place(self) -> Place:
        """Return the place of the item."""
        return self.document.place(self.pointer)


def items(document: Document, path: str, kind: str) -> Iterator[Item]:
    """Yield what is at a path such as ``services/*/routes/*``, called by its name or id."""
    for pointer, body in select(document.data, path):
        *_, token = tokens(pointer)
        name = get(body, "name") or get(body, "id") or token
        yield Item(document, pointer, body, f"{kind} {name}")


class Sites:
    """The sites that routes name, the routes that name none, and those that are switched off."""

    def __init__(self, request: Request) -> None:
        self.into = Gathering(request.path)
        self._any: list[Item] = []
        self._off: list[str] = []

    def add(self, item: Item, *paths: str) -> int:
        """Add the hosts at some paths in an item; return how many there are."""
        found = [one for path in paths for one in select(item.body, path)]
        for pointer, value in found:
            self.host(item, pointer, str(value))
        return len(found)

    def host(self, item: Item, pointer: str, host: str) -> None:
        """Add a host; one with a wildcard at its end or in its middle is a pattern."""
        if "*" in host.removeprefix("*."):
            self.into.pattern(item.provenance(pointer)())
        else:
            self.into.site(host, item.provenance(pointer))

    def any_host(self, item: Item) -> None:
        """Note a route that names no host."""
        self._any.append(item)

    def switched_off(self, item: Item) -> None:
        """Note something whose hosts do not count, for it is switched off."""
        self._off.append(item.address)

    def derived(self) -> Derived:
        """Return everything that was gathered."""
        if self._any:
            names = listed([item.address for item in self._any])
            self.into.gap(_ANY_HOST.format(names=names), self._any[0].place(), "sites")
        if self._off:
            self.into.remark(_OFF.format(names=listed(self._off)))
        return self.into.derived()


def documents(
    request: Request,
    into: Gathering,
    *suffixes: str,
    fits: Callable[[Json], bool],
    none: Text,
    read: Reader = read_documents,
) -> Iterator[Document]:
    """Yield the documents of a gateway in a file or a folder; what cannot be read is a gap.

    Raises `InputError` if there is none.
    """
    paths = list(request.files(*suffixes))
    alone = paths == [request.path]
    found = False
    for path in paths:
        try:
            for part in read(request, path):
                if isinstance(part, Unread):
                    found = True
                    into.gap(part.message, part.place, "sites")
                elif fits(part.data):
                    found = True
                    into.repeated(part, "sites")
                    yield part
        except InputError as error:
            if alone:
                raise
            found = True
            into.gap(error.message, error.place or Place(path=path), "sites")
    if not found:
        raise InputError(none, place=Place(path=request.path))


_ANY_HOST = Text(
    zh="没有写明主机名，任何域名都可能指向：{names}",
    en="these name no host, so any domain may lead to them: {names}",
)
_OFF = Text(
    zh="已停用，其主机名没有作为网站：{names}",
    en="switched off, so their hosts are not counted as sites: {names}",
)
