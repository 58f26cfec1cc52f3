"""Source kind ``caddy``: sites, home pages and access logs from Caddyfiles or Caddy's JSON.

Setting ``roots`` maps folders of the server to folders of the repository, as for nginx.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.text import Text
from pytest_icp.sources.caddy.config import Configuration
from pytest_icp.sources.caddy.sites import (
    Site,
    access_logs,
    addresses,
    conditions_of,
    matchers,
    size_of,
)
from pytest_icp.sources.homes import Hosts, provenance
from pytest_icp.sources.request import Request
from pytest_icp.sources.statements import Statement, Word, statement

SUFFIXES = ("caddyfile", ".caddy", "caddy.json")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\{\s*+"')
# What an address has, and a directive has not.
_LIKE_ADDRESS = re.compile(r"[.:{*,]|localhost")


def read_caddy(request: Request) -> Derived:
    """Read Caddyfiles (Caddy 配置): each address of a site block is a site.

    Raises `InputError` with file and line for a file that is not a Caddyfile.
    """
    config = Configuration(request)
    into = Hosts(request, config.files)
    for path in _files(request):
        if path.suffix.lower() == ".json" or _JSON.match(request.given or b""):
            from pytest_icp.sources.caddy.routes import add_servers

            add_servers(request, path, into)
        else:
            _Caddyfile(into, request.meter).add(config.statements(path))
    for missing in config.missing_imports:
        spot = missing.statement.at(missing.statement.words[1])
        into.missing(spot.word.text, spot, harmless=missing.inside)
    if not into.homes:
        into.into.remark(_NO_SITE)
    return into.derived()


def _files(request: Request) -> Sequence[Path]:
    """Return the main file of a folder, or all its files if it has none."""
    files = list(request.files(*SUFFIXES, prefix="caddyfile"))
    return [file for file in files if file == request.path / "Caddyfile"] or files


class _Caddyfile:
    """Adds the sites of one file."""

    def __init__(self, into: Hosts, meter: Meter) -> None:
        self._into = into
        self._meter = meter
        self._http_port = "80"

    def add(self, statements: Sequence[Statement]) -> None:
        """Add the sites of all blocks; a file without blocks is one site."""
        if statements and statements[0].block is not None and not statements[0].words:
            self._options(statements[0].block)
            statements = statements[1:]
        blocks = [one for one in statements if one.block is not None and one.words]
        if statements and statements[0].block is None and not any(map(_is_site, blocks)):
            first, *rest = statements
            statements = (statement(first.file, first.words, rest),)
        for one in statements:
            if one.block is not None and _is_site(one):
                self._site(one)
            elif one.block is None and one.name.startswith("{$"):
                # What a variable inserts may be sites.
                self._into.into.host(one.name, provenance(one.name, one))

    def _options(self, block: Sequence[Statement]) -> None:
        self._logs(block, named=True)
        for one in block:
            if one.name == "http_port" and one.args:
                self._http_port = one.args[0]

    def _logs(self, block: Sequence[Statement], *, named: bool) -> None:
        for one, kept in access_logs(block, named=named):
            self._into.log(one.file.path, kept)

    def _site(self, site: Statement) -> None:
        block = site.block or ()
        self._logs(block, named=False)
        named = list(matchers(block))
        server = self._servers(block, named)
        found = list(addresses(site, self._http_port))
        for address in found:
            if address.host:
                self._into.add(address.host, address.spot, partial(server, address.secure))
            else:
                self._into.homes.catch_all(server(address.secure, ""), address.spot.place())
        secure = any(address.secure for address in found)
        for condition, word in _hosts_in(named):
            self._into.add(word.text, condition.at(word), partial(server, secure))

    def _servers(
        self, block: Sequence[Statement], named: Sequence[Statement]
    ) -> Callable[[bool, str], Site]:
        """Return what makes the servers of a block: one for all hosts, unless the host matters."""
        conditions = {one.name: conditions_of(one) for one in named}
        size, matters = size_of(block, names="host")

        made: dict[tuple[bool, str], Site] = {}

        def server(secure: bool, host: str) -> Site:  # noqa: FBT001 - part of what they differ in
            key = (secure, host if matters else "")
            if key not in made:
                self._meter.spend("expansions", size)
                made[key] = Site(block, key[1], secure, conditions)
            return made[key]

        return server


def _is_site(one: Statement) -> bool:
    """Whether a statement begins with an address, and not with a directive or a named route."""
    return bool(_LIKE_ADDRESS.search(one.name)) and not one.name.startswith("&(")


def _hosts_in(named: Sequence[Statement]) -> Iterator[tuple[Statement, Word]]:
    """Yield the hosts that named matchers of a site ask for."""
    for one in named:
        for condition in conditions_of(one):
            if condition.name == "host":
                yield from ((condition, word) for word in condition.words[1:])
            elif condition.name == "header" and condition.args[:1] in {("Host",), ("host",)}:
                yield from ((condition, word) for word in condition.words[2:])


_NO_SITE = Text(zh="没有公网主机名的站点", en="no site block with a public host name")
