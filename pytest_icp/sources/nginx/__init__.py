"""Source kind ``nginx``: sites and their home pages from an nginx configuration (nginx 配置).

Setting ``roots`` maps folders of the server to folders of the repository, both for home pages
(``/var/www: www``) and for includes (``/etc/nginx: nginx``). Files outside the repository are
never read. Conditions are not evaluated: what one cannot change for a page that a browser asks for
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.homes import (
    NOT_READ,
    Files,
    Home,
    Homes,
    Proxied,
    Redirect,
    Rewritten,
    provenance,
)
from pytest_icp.sources.hosts import is_local, is_private
from pytest_icp.sources.nginx.config import TEMPLATES, Configuration, Directive, UnrenderedError
from pytest_icp.sources.path_patterns import matches
from pytest_icp.sources.request import Request

PASSES = (
    *("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"),
    # Modules that answer by themselves.
    *("content_by_lua", "content_by_lua_block", "content_by_lua_file", "js_content", "perl"),
    *("echo", "empty_gif", "random_index", "stub_status"),
)
"""Directives by which something else than a file of the folder answers."""
REWRITES = frozenset(
    {
        *("sub_filter", "subs_filter", "replace_filter", "add_before_body", "add_after_body"),
        *("echo_before_body", "echo_after_body", "js_body_filter"),
        *("body_filter_by_lua", "body_filter_by_lua_block", "body_filter_by_lua_file"),
    }
)
"""Directives that change the text of a file while it is sent."""
_CHANGES = frozenset(
    {*PASSES, *REWRITES, "root", "alias", "index", "try_files", "return", "rewrite"}
)


class Answering(Struct, frozen=True, eq=False):
    """The location for a path, None if it is the server itself; whether that is certain."""

    location: Directive | None
    certain: bool = True

    @property
    def block(self) -> Sequence[Directive]:
        """The directives of the location."""
        return (self.location.block or ()) if self.location else ()


def answering(block: Sequence[Directive], uri: str) -> Answering:
    """Return the location that answers for a path: an exact one, a pattern, the longest prefix."""
    locations = [(one, *_split(one)) for one in block if one.name == "location"]
    best: Directive | None = None
    length, ends = -1, False
    for one, how, path in locations:
        if how == "=" and path == uri:
            return Answering(one)
        if how in {"", "^~"} and uri.startswith(path) and len(path) > length:
            best, length, ends = one, len(path), how == "^~"
    if ends:
        return Answering(best)
    for one, how, pattern in locations:
        found = matches(pattern, uri, folded=how == "~*") if how in {"~", "~*"} else False
        if found or (found is None and any(d.name in _CHANGES for d in one.block or ())):
            return Answering(one if found else best, certain=found is True)
    return Answering(best)


def _split(location: Directive) -> tuple[str, str]:
    """Return how a location compares, and its path or pattern; a sign may touch the path."""
    written = location.args
    if len(written) > 1:
        return written[0], written[1]
    only = written[0] if written else ""
    sign = next((one for one in ("=", "^~", "~*", "~") if only.startswith(one)), "")
    return sign, only.removeprefix(sign)


_SCRIPTS = frozenset({"rewrite_by_lua", "rewrite_by_lua_block", "rewrite_by_lua_file"})
# Of a path alone there is no query, and its folder is there.
_FALSE = re.compile(r"\$(?:arg_\w+|args|query_string|is_args)\b|!-[de]\s+\$request_filename\Z")
_METHOD = re.compile(r"\$request_method\b(?!\s*+[=~]\*?\s*+[\"']?\^?\(?GET)")
_OF_PATH = re.compile(r"\$(?:request_uri|uri|document_uri)\s++(=|~\*?)\s++[\"']?(.*?)[\"']?")
_ELSEWHERE = re.compile(r"(?:https?|\$\w+)://")
_REFUSES = re.compile(r"[45]\d\d")
_PARTS = re.compile(
    r"(?:^|[/_.-])(?:ssl|tls|letsencrypt|certbot|acme|params|mime|fastcgi|gzip|brotli|headers?"
    r"|security|hsts|cors|logs?|logging|expires|cache|deny|block|limits?|modules)(?=[/_.-]|\Z)",
    re.IGNORECASE,
)
"""Names of files that are included for something else than pages."""


def doubt(block: Iterable[Directive], uri: str) -> Directive | None:
    """Return what in a block may answer a path with something that is not known, if anything.

    That are conditions, scripts that rewrite, and files that are not in the repository.
    """
    for one in block:
        if one.name in _SCRIPTS or (one.name == "if" and _strays(one, uri)):
            return one
        if one.name == "include" and not _PARTS.search("".join(one.args)):
            return one
    return None


def _strays(condition: Directive, uri: str) -> bool:
    written = " ".join(condition.args).strip("() ")
    if _FALSE.match(written) or _METHOD.match(written):
        return False
    compared = _OF_PATH.fullmatch(written)
    if compared:
        how, pattern = compared.groups()
        if pattern != uri if how == "=" else matches(pattern, uri, folded=how == "~*") is False:
            return False
    return any(_leads(one, uri) for one in condition.block or ())


def _leads(directive: Directive, uri: str) -> bool:
    """Whether a directive in a condition leads to another page of the host, or makes one."""
    args = directive.args
    if directive.name == "rewrite" and len(args) > 1:
        return matches(args[0], uri) is not False and not _ELSEWHERE.match(args[1])
    if directive.name == "return" and args:
        # Another host has a page of its own; the same one with TLS shows the same.
        return not (_REFUSES.fullmatch(args[0]) or _ELSEWHERE.match(args[-1]))
    return directive.name in PASSES or directive.name in {"root", "alias"}


class NameKind(StrEnum):
    """The kind of a name (域名写法)."""

    HOSTS = "hosts"
    """Names and wildcards."""
    CATCH_ALL = "catch-all"
    """Not a host, such as ``_``: the server answers for hosts that no other server has."""
    LOCAL = "local"
    """A host that is not in the public DNS."""
    PATTERN = "pattern"
    """A pattern or a variable, so that its hosts are not known."""
    INVALID = "invalid"
    """Not a host name."""


class ServerName(Struct, frozen=True):
    """One name: its kind, and its hosts in normal form if it has any."""

    kind: NameKind
    hosts: tuple[str, ...] = ()


_PATTERN = re.compile(r"~|.*(?:[$%<>{}]|\.\*$)")
_WORD = re.compile(r"[^\W_]")


def server_name(written: str) -> ServerName:
    """Read one argument of ``server_name`` (服务器名).

    In nginx, ``.etaoche.cn`` is the domain and every host under it.
    """
    if _PATTERN.match(written):
        return ServerName(NameKind.PATTERN)
    if not _WORD.search(written):
        return ServerName(NameKind.CATCH_ALL)
    bare = written.removeprefix(".")
    try:
        hosts = [normal_host(bare)]
        if bare != written:
            hosts.append(normal_host(f"*.{bare}"))
    except HostError:
        return ServerName(NameKind.INVALID)
    if is_local(hosts[0]):
        return ServerName(NameKind.LOCAL)
    return ServerName(NameKind.HOSTS, tuple(hosts))


_PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)
_REDIRECTS = {"301", "302", "303", "307", "308"}
_TARGET = re.compile(r"(?:https?|\$\w+)://(?:[^/?#@]*+@)?+([^/:?#]*)")
_REST = re.compile(r"\$(?:request_uri|uri|is_args|args|query_string|[0-9]).*")
_WHOLE = re.compile(r"\^?/?\(?(?:\.\*|\.\+)?\)?\$?")
_LISTEN = re.compile(r"(?P<bracketed>\[[^\]]*\])?(?P<rest>.*)")


class Server(Struct, frozen=True, eq=False):
    """One virtual server (虚拟主机); ``around`` are the directives of the blocks around it."""

    block: Sequence[Directive]
    around: tuple[Directive, ...] = ()

    def names(self) -> Iterator[tuple[str, ServerName, Directive]]:
        """Yield each name as written and as read, with its directive."""
        for directive in self.block:
            if directive.name == "server_name":
                # What follows a variable in braces belongs to the same word for crossplane.
                for written in " ".join(directive.args).split():
                    yield written, server_name(written), directive

    @property
    def secure(self) -> bool:
        """Whether it uses TLS."""
        listens = (d for d in self.block if d.name == "listen")
        if any({"ssl", "quic"} & set(listen.args[1:]) for listen in listens):
            return True
        switch = self._nearest(self.block, "ssl")
        return switch is not None and switch.args == ("on",)

    @property
    def reachable(self) -> bool:
        """Whether it listens on any address that is not local or private."""
        listens = [d.args[0] for d in self.block if d.name == "listen" and d.args]
        return not listens or any(not _is_inner(address) for address in listens)

    @property
    def logs_nothing(self) -> Directive | None:
        """The directive that turns the access log off, if there is one."""
        log = self._nearest(self.block, "access_log")
        return log if log is not None and log.args[:1] in {("off",), ("/dev/null",)} else None

    def home(self) -> Home | None:
        """Return what a visitor of ``/`` gets; None if the configuration does not say."""
        redirect = _redirect(self.block)
        if redirect is not None:
            return redirect
        found = answering(self.block, "/")
        if not found.certain:
            return None
        redirect = _redirect(found.block)
        if redirect is not None:
            return redirect
        inner = (*self.block, *found.block)
        if any(_moves(d, "/") for d in inner):
            return None
        passed = _passed(found.block)
        home = Proxied(passed) if passed else self._tried(found)
        doubtful = doubt((*inner, *self.around), "/") if isinstance(home, Files) else None
        return replace(home, doubt=doubtful) if isinstance(home, Files) and doubtful else home

    def _tried(self, found: Answering) -> Home | None:
        """Return the first file that ``try_files`` leads to, or else the index of the folder."""
        tried = self._nearest((*found.block, *self.block), "try_files")
        names: list[str] = []
        for written in tried.args if tried else ("$uri/",):
            name = written.partition("?")[0].removeprefix("$uri")
            if written == "$uri/":
                index = self._nearest((*found.block, *self.block), "index")
                return self._files(found, (*names, *(index.args if index else ("index.html",))))
            if name.startswith("@") and not names:
                named = (d for d in self.block if d.name == "location" and d.args == (name,))
                passed = _passed(next((d.block or () for d in named), ()))
                return Proxied(passed) if passed else None
            if "$" in name:
                return None
            if name.lstrip("/") and not name.startswith((".", "=", "@")):
                names.append(name)
        return self._files(found, tuple(names)) if names else None

    def _files(self, found: Answering, names: tuple[str, ...]) -> Home | None:
        """Return files by their names; for a page, nginx looks for its location once more."""
        uri = "/"
        for page in [f"/{name.lstrip('/')}" for name in names if _PAGE.search(name)]:
            uri = page
            found = answering(self.block, page)
            if not found.certain or any(_moves(d, page) for d in found.block):
                return None
            passed = _passed(found.block)
            if passed is not None:
                return Proxied(passed)
        inner = found.block
        alias = next((d for d in inner if d.name == "alias"), None)
        root = alias or self._nearest((*inner, *self.block), "root")
        if root is None or len(root.args) != 1 or "$" in root.args[0]:
            return None
        for directive in (*inner, *self.block, *self.around):
            if directive.name in REWRITES:
                return Rewritten(directive)
        return Files(root.args[0], names, root, doubt(inner, uri))

    def _nearest(self, block: Sequence[Directive], name: str) -> Directive | None:
        return next((d for d in (*block, *self.around) if d.name == name), None)


def _passed(block: Sequence[Directive]) -> Directive | None:
    return next((d for d in block if d.name in PASSES), None)


def _moves(directive: Directive, uri: str) -> bool:
    """Whether a directive may answer a path with something else than its file."""
    if directive.name == "rewrite" and directive.args:
        return matches(directive.args[0], uri) is not False
    return directive.name == "return"


def _redirect(block: Sequence[Directive]) -> Redirect | None:
    """Return the redirect that applies to every visitor of a block, if there is one."""
    for directive in block:
        target = _redirect_target(directive)
        found = _TARGET.match(target) if target else None
        if found:
            host = _REST.sub("", found[1])
            return Redirect(None if "$" in host else host, directive)
    return None


def _redirect_target(directive: Directive) -> str | None:
    args = directive.args
    if directive.name == "return" and args and (len(args) == 1 or args[0] in _REDIRECTS):
        return args[-1]
    if directive.name == "rewrite" and len(args) > 1 and _WHOLE.fullmatch(args[0]):
        return args[1]
    return None


def _is_inner(listen: str) -> bool:
    """Whether a ``listen`` address is a socket, local or private."""
    if listen.startswith("unix:"):
        return True
    parts = _LISTEN.fullmatch(listen)
    bracketed = parts["bracketed"] if parts else None
    host = bracketed.strip("[]") if bracketed else listen.partition(":")[0]
    if host == "localhost":
        return True
    try:
        # All addresses are written as 0.0.0.0, [::], * or a port alone.
        return host not in {"0.0.0.0", "::"} and is_private(host)  # noqa: S104 - compared only
    except ValueError:
        return False


def servers(tree: Sequence[Directive], around: tuple[Directive, ...] = ()) -> Iterator[Server]:
    """Yield the virtual servers of a configuration or a fragment.

    A fragment with a ``server_name`` or ``listen`` at the top level is a server itself.
    """
    plain = (*(d for d in tree if d.block is None), *around)
    for directive in tree:
        if directive.block is not None and directive.name == "server":
            yield Server(directive.block, plain)
        elif directive.block is not None and directive.name == "http":
            yield from servers(directive.block, plain)
    if not around and any(d.name in {"server_name", "listen"} for d in plain):
        yield Server(tree)


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
            self._into.gap(_BY_PATTERN.format(written=written), place, "sites")
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


_BY_PATTERN = Text(
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
