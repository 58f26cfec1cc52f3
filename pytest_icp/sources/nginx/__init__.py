"""Source kind ``nginx``: sites and their home pages from an nginx configuration (nginx 配置).

Setting ``roots`` maps folders of the server to folders of the repository, both for home pages
(``/var/www: www``) and for includes (``/etc/nginx: nginx``). Files outside the repository are
never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.homes import NOT_READ, Homes, provenance
from pytest_icp.sources.nginx.config import TEMPLATES, Configuration, Directive, UnrenderedError
from pytest_icp.sources.nginx.servers import NameKind, Server, servers
from pytest_icp.sources.request import Request

_PARAMETERS = re.compile(
    r"(?:^|[/_])(?:mime\.types|modules?|[^\W_]++_params|fastcgi\.conf)(?=[/-]|\Z)"
)
_UNMAPPED = ("rtmp", "mail")


class SiteReader:
    """Collects the servers of all files, then derives the facts of their hosts."""

    def __init__(self, request: Request, config: Configuration) -> None:
        self._config = config
        self._into = Gathering(request)
        self._file_place = Place(path=request.path)
        self._homes = Homes(request, config.files, self._into, self._into)
        self._unread = False

    def add(self, tree: Sequence[Directive]) -> None:
        """Add the servers of one file."""
        for server in servers(tree):
            self._names(server)
        for directive in tree:
            if directive.name in _UNMAPPED and directive.block is not None:
                self._into.unmapped[directive.name] += 1
            if directive.name == "stream":
                self._stream(directive.block or ())

    def unread(self, error: InputError) -> None:
        """Add a gap for a file that is not read; the others are."""
        self._unread = True
        self._into.gap(error.message, error.place or self._file_place, "sites")

    def derived(self) -> Derived:
        """Return the facts, gaps and remarks of all servers."""
        self._homes.derive()
        self._report_missing_includes()
        if not self._homes and not self._unread:
            self._into.note(
                self._file_place,
                "没有公网主机名的 server",
                "no server with a public host name",
            )
        return self._into.derived()

    def _names(self, server: Server) -> None:
        for written, name, directive in server.names():
            for host in name.hosts:
                self._homes.add(host, server)
                self._into.add("sites", host, provenance(host, directive, written), domains=[host])
            if name.kind is NameKind.CATCH_ALL:
                self._homes.catch_all(server, directive.place())
            elif name.kind is not NameKind.HOSTS:
                self._no_site(name.kind, written, directive.place(written))
        if not any(True for _ in server.names()):
            for first in server.block[:1]:
                self._homes.catch_all(server, first.place())

    def _no_site(self, kind: NameKind, written: str, place: Place) -> None:
        if kind is NameKind.PATTERN:
            self._into.gap(_PATTERN.format(written=written), place, "sites")
        elif kind is NameKind.LOCAL:
            self._into.note(
                place,
                f"{written} 不是公网域名，未列为网站",
                f"{written} is not a public name, so it is not listed as a site",
            )
        else:
            self._into.note(place, f"{written} 不是主机名", f"{written} is not a host name")

    def _stream(self, block: Sequence[Directive]) -> None:
        for inner in block:
            if inner.name == "ssl_preread" or any(
                d.name == "ssl_preread" for d in inner.block or ()
            ):
                self._into.gap(_BY_TLS, inner.place(), "sites")
            for passed in inner.block or () if inner.name == "server" else ():
                if passed.name == "proxy_pass":
                    to = _shown(passed)
                    self._into.note(
                        passed.place(),
                        f"stream 将连接转发到 {to}，不是网站",
                        f"the stream block forwards connections to {to}; this is not a site",
                    )

    def _report_missing_includes(self) -> None:
        """Report includes that were not read; those that may contain servers are gaps."""
        harmless = dict[str, None]()
        for missing in self._config.missing_includes:
            pattern = missing.directive.args[0]
            inner = missing.inside[1:] if missing.inside[:1] == ("http",) else missing.inside
            if _PARAMETERS.search(pattern) or inner:
                harmless[pattern] = None
                continue
            self._homes.missing(pattern, missing.directive.place(pattern))
        self._homes.list(harmless, *NOT_READ)


_PATTERN = Text(
    zh="server_name“{written}”是模式或变量，无法判断对应哪些主机名；请逐个写出或用通配符",
    en="the server_name `{written}` is a pattern or a variable, so its hosts are not known; list "
    "them, or use a wildcard",
)
_BY_TLS = Text(
    zh="stream 按 TLS 中的主机名转发，无法判断有哪些主机名",
    en="the stream block forwards by the host name in TLS, so its hosts are not known",
)


def _shown(directive: Directive) -> str:
    """Return the arguments of a directive, without a user and a password in an address."""
    return re.sub(r"//[^/\s]*@", "//", " ".join(directive.args))


SUFFIXES = (".conf", ".vhost", ".nginx")
_SERVERS = re.compile(rb"\bserver(?:_name\b|\s*+\{)")


def read_nginx(request: Request) -> Derived:
    """Read a configuration, a part of one, or a folder of them.

    Raises `InputError` with file and line for a syntax error.
    """
    config = Configuration(request)
    reader = SiteReader(request, config)
    for path in _files(request):
        try:
            reader.add(config.tree(path))
        except UnrenderedError as error:
            reader.unread(error)
    for path in _templates(request):
        try:
            reader.add(config.tree(path))
        except InputError as error:
            reader.unread(error)
    return reader.derived()


def _files(request: Request) -> Sequence[Path]:
    """Return the main file of a folder, or all its files if it has none, without templates.

    Files in ``sites-enabled`` are often named after hosts, without a suffix.
    """
    try:
        files = list(request.files(*SUFFIXES))
    except InputError:
        files = [one for one in request.files("") if not one.name.lower().endswith(TEMPLATES)]
    return [file for file in files if file == request.path / "nginx.conf"] or files


def _templates(request: Request) -> Iterator[Path]:
    """Yield the templates of configurations in a folder: what they become is not in it."""
    try:
        files = list(request.files(*TEMPLATES))
    except InputError:
        return
    for file in files:
        named = file.name.lower().removesuffix(file.suffix.lower()).endswith(SUFFIXES)
        if file != request.path and (named or _has_servers(request, file)):
            yield file


def _has_servers(request: Request, file: Path) -> bool:
    try:
        return _SERVERS.search(request.read(file)) is not None
    except InputError:
        # It is told of when it is read.
        return True
