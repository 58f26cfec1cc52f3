"""The servers of an nginx configuration: names, addresses, and the source of their home page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pytest_icp.sources.homes import Files, Home, Proxied, Redirect
from pytest_icp.sources.hosts import is_private
from pytest_icp.sources.nginx.directives import Directive
from pytest_icp.sources.nginx.names import ServerName, server_name

_PASSES = ("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass")
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
                for written in directive.args:
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
        location = self._location()
        inner = location.block if location and location.block else ()
        redirect = _redirect(inner)
        if redirect is not None:
            return redirect
        if any(d.name == "return" for d in (*self.block, *inner)):
            return None
        passed = next((d for d in inner if d.name in _PASSES), None)
        return Proxied(passed) if passed else self._files(inner)

    def _files(self, inner: Sequence[Directive]) -> Files | None:
        alias = next((d for d in inner if d.name == "alias"), None)
        root = alias or self._nearest((*inner, *self.block), "root")
        index = self._nearest((*inner, *self.block), "index")
        if root is None or len(root.args) != 1 or "$" in root.args[0]:
            return None
        return Files(root.args[0], index.args if index else ("index.html",), root)

    def _location(self) -> Directive | None:
        """Return the location for ``/``: an exact match comes before a prefix."""
        locations = [d for d in self.block if d.name == "location"]
        found = (d for at in ("=/", "^~/", "/") for d in locations if "".join(d.args) == at)
        return next(found, None)

    def _nearest(self, block: Sequence[Directive], name: str) -> Directive | None:
        return next((d for d in (*block, *self.around) if d.name == name), None)


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
