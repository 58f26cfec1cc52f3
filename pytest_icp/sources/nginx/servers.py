"""The servers of an nginx configuration: names, addresses, and what answers for their home page.

Conditions are not evaluated. What one cannot change for a page that a browser asks for is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.sources.homes import Files, Home, Proxied, Redirect, Rewritten
from pytest_icp.sources.hosts import is_local, is_private
from pytest_icp.sources.nginx.config import Directive
from pytest_icp.sources.path_patterns import matches

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
