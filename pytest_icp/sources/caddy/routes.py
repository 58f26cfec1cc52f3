"""The sites of Caddy's JSON: hosts that routes match, and what answers them (Caddy JSON)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json, tokens
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.caddy.sites import logs_of_json
from pytest_icp.sources.documents import Document, DocumentPlaces, read_documents
from pytest_icp.sources.homes import Files, Home, Hosts, Proxied, Redirect, provenance
from pytest_icp.sources.log_stores import Kept
from pytest_icp.sources.request import Request
from pytest_icp.sources.values import get, select

_TARGET = re.compile(
    r"(?:https?|\{http\.request\.scheme\})://(?:[^/?#@]*+@)?+([^/:?#{]++)(?![^/:?#]*+\{)"
)
_INDEX = ("index.html", "index.txt")
_NO_APPS = Text(zh="不是 Caddy 的 JSON 配置：没有 apps", en="not Caddy's JSON: it has no `apps`")


class Value(Struct, frozen=True, eq=False):
    """A value of the document, to tell where something comes from."""

    places: DocumentPlaces
    pointer: str

    @property
    def name(self) -> str:
        """Its path in the document."""
        return ".".join(tokens(self.pointer))

    def place(self, _: str = "", /) -> Place:
        """Return its place."""
        return self.places.place(self.pointer)


class Route(Struct, frozen=True, eq=False):
    """What answers the hosts of one route; ``around`` are the handlers before it."""

    places: DocumentPlaces
    pointer: str
    handlers: Sequence[tuple[str, Json]]
    secure: bool
    reachable: bool = True
    logs_nothing: None = None

    def of(self, _: str) -> Route:
        """Return the answer to a request for one of the hosts."""
        return self

    def home(self) -> Home | None:
        """Return what a visitor of ``/`` gets; None if the file does not say."""
        root: str | None = None
        for pointer, handler in self.handlers:
            where = Value(self.places, f"{pointer}/handler")
            kind, given = get(handler, "handler"), get(handler, "root")
            root = given if isinstance(given, str) else root
            to = [str(one) for _, one in select(handler, "headers/Location/*")]
            if kind == "static_response":
                target = _TARGET.match("".join(to))
                return Redirect(target[1] if target else None, where) if to else None
            if kind == "reverse_proxy":
                return Proxied(where)
            if kind == "file_server" and root and "{" not in root:
                index = get(handler, "index_names")
                names = tuple(map(str, index)) if isinstance(index, list) else _INDEX
                return Files(root, names, where)
        return None


def add_servers(request: Request, path: Path, into: Hosts) -> None:
    """Add the sites of a JSON configuration.

    Raises `InputError` if it is not one.
    """
    for document in read_documents(request, path):
        if not isinstance(document, Document):
            into.into.gap(document.message, document.place, "sites")
        elif not isinstance(get(document.data, "apps"), dict):
            raise InputError(_NO_APPS, place=document.place(""))
        else:
            _add(document, into)


def _add(document: Document, into: Hosts) -> None:
    for at, server in select(document.data, "apps/http/servers/*"):
        listens = [str(one) for _, one in select(server, "listen/*")]
        secure = not listens or not all(one.endswith(":80") for one in listens)
        for pointer, route in _routes(server, at):
            handlers = list(_handlers(route, pointer))
            answer = Route(document.places, pointer, handlers, secure)
            named = list(select(route, "match/*/host/*"))
            for below, host in named:
                where = Value(document.places, pointer + below)
                into.add(str(host), where, answer.of)
            if not named and get(route, "match") is None and "/handle/" not in pointer:
                into.homes.catch_all(answer, document.place(pointer))
    for pointer, name, period, limits in logs_of_json(document.data):
        found = provenance(name, Value(document.places, f"{pointer}/writer"))
        kept = Kept(
            name=name,
            at=found,
            kinds=("access",),
            period=period,
            period_at=found if limits else None,
            limits=limits if period else (),
        )
        into.log(document.path, kept)
    for at, route in select(document.data, "apps/layer4/servers/*/routes/*"):
        for path in ("match/*/tls/sni/*", "match/*/http/*/host/*"):
            for below, host in select(route, path):
                where = Value(document.places, at + below)
                into.into.site(host, provenance(str(host), where))


def _routes(holder: Json, at: str) -> Iterator[tuple[str, Json]]:
    """Yield the routes of a server, with those inside of others."""
    for pointer, route in select(holder, "routes/*"):
        yield at + pointer, route
        for below, handler in select(route, "handle/*"):
            yield from _routes(handler, at + pointer + below)


def _handlers(route: Json, at: str) -> Iterator[tuple[str, Json]]:
    """Yield what handles a request for ``/``, with what handles it inside of sub-routes."""
    for pointer, handler in select(route, "handle/*"):
        yield at + pointer, handler
        for below, inner in select(handler, "routes/*"):
            matches = [match for _, match in select(inner, "match/*")]
            if not matches or any(_is_root(match) for match in matches):
                yield from _handlers(inner, at + pointer + below)


def _is_root(match: Json) -> bool:
    paths = [value for _, value in select(match, "path/*")]
    return isinstance(match, dict) and match.keys() == {"path"} and bool({"/", "/*"} & set(paths))
