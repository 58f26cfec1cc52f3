"""The virtual hosts of Apache httpd: names, and what a visitor of the home page gets (虚拟主机)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pytest_icp.sources.homes import Files, Home, Proxied, Redirect, Rewritten
from pytest_icp.sources.hosts import is_private
from pytest_icp.sources.path_patterns import matches
from pytest_icp.sources.statements import Statement, Word, statement

_PASSES = frozenset({"wsgiscriptalias", "scriptalias", "proxypass", "jkmount"})
_REDIRECTS = ("redirect", "redirectpermanent", "redirecttemp", "redirectmatch")
_FILTERS = frozenset({"setoutputfilter", "addoutputfilter", "addoutputfilterbytype"})
# What compresses or delays; what includes is seen in the page, what substitutes has a directive.
_KEEPS = frozenset(
    "DEFLATE INFLATE BROTLI_COMPRESS CACHE RATE_LIMIT INCLUDES SUBSTITUTE NONE".split()
)
_SINGLE = frozenset({"documentroot", "servername", "sslengine"})
# What may answer instead of a file.
_ANSWERS = frozenset({"location", "rewriterule", "proxypassmatch", *_REDIRECTS, *_PASSES})
_STATUSES = frozenset("301 302 303 307 308 permanent temp seeother".split())
_WHOLE = re.compile(r"\^?/?\??\(?(?:\.\*|\.\+)?\)?\$?")
_TARGET = re.compile(r"https?://(?:[^/?#@]*+@)?+([^/:?#]*)")
_PATH = re.compile(r"(?:%\{REQUEST_URI\}|\$[0-9])\Z")
_FLAGS = re.compile(r"\[(.*)\]")


class VirtualHost:
    """One virtual host with its addresses, and the main server that it is in; or that itself."""

    def __init__(
        self,
        block: Sequence[Statement],
        main: VirtualHost | None = None,
        addresses: Sequence[str] = (),
    ) -> None:
        self.block = block
        self._main = main
        self._addresses = addresses
        # The first directive of each name; of those that set one value, the last.
        self._first = {one.name: one for one in reversed(block)}
        self._first |= {one.name: one for one in block if one.name in _SINGLE}

    def has(self, *names: str) -> bool:
        """Whether it has any directive of some names."""
        return not self._first.keys().isdisjoint(names)

    def names(self) -> Iterator[tuple[Statement, Word, str]]:
        """Yield each name: its directive, its word, and the name without a scheme."""
        for one in self.block:
            if one is self._first.get("servername") or one.name == "serveralias":
                # Comments at the end of a line are none to httpd; a ServerName is one word.
                for word in one.words[1:2] if one.name == "servername" else one.words[1:]:
                    for part in word.text.split():
                        scheme = "https://" if part.startswith("https") else "http://"
                        yield one, word, part.removeprefix(scheme)

    @property
    def secure(self) -> bool:
        """Whether it uses TLS."""
        switch = self._nearest("sslengine")
        return (
            (switch is not None and switch.args[:1] not in ((), ("off",), ("Off",), ("OFF",)))
            or any(address.endswith(":443") for address in self._addresses)
            or any(word.text.startswith("https://") for _, word, _ in self.names())
        )

    @property
    def reachable(self) -> bool:
        """Whether it listens on any address that is not local or private."""
        return not self._addresses or not all(map(_is_inner, self._addresses))

    @property
    def logs_nothing(self) -> Statement | None:
        """The directive that throws the access log away, if there is one."""
        log = self._nearest("customlog") or self._nearest("transferlog")
        return log if log is not None and log.args[:1] == ("/dev/null",) else None

    def home(self) -> Home | None:
        """Return what a visitor of ``/`` gets; None if the configuration does not say."""
        home = self._home()
        changed = next(_changing(self.block), None)
        return Rewritten(changed) if changed is not None and isinstance(home, Files) else home

    def _home(self) -> Home | None:
        if self._first.keys().isdisjoint(_ANSWERS):
            return self._files()
        at_root = [one for one in self.block if one.name == "location" and one.args == ("/",)]
        located = [inner for one in at_root for inner in one.block or ()]
        found, moved = self._rewritten() if self.has("rewriterule") else (None, False)
        if found is None and self.has(*_REDIRECTS):
            found = next(filter(None, map(_redirect, self.block)), None)
            moved = moved or any(map(_moves, self.block))
        if found is not None or moved:
            return found
        passing = [one for one in self.block if _passes(one, inside=False)]
        passing += [one for one in located if _passes(one, inside=True)]
        return Proxied(passing[0]) if passing else self._files()

    def _rewritten(self) -> tuple[Home | None, bool]:
        """Return what the rules of mod_rewrite do to every request, and whether they do."""
        conditions = never = False
        engine = self._nearest("rewriteengine")
        if engine is not None and [arg.lower() for arg in engine.args] == ["off"]:
            return None, False
        moved = False
        for one in self.block:
            if one.name == "rewritecond":
                # Whether TLS is used says nothing about what is shown.
                conditions |= not any("HTTPS" in arg or "PORT" in arg for arg in one.args[:1])
                # The folder of a home page is there.
                never |= one.args[1:2] in {("!-d",), ("!-e",)}
            elif one.name == "rewriterule" and len(one.args) > 1:
                pattern, to = one.args[:2]
                flags = _FLAGS.fullmatch("".join(one.args[2:]))
                set_flags = flags[1].upper().split(",") if flags else []
                target = _TARGET.match(to)
                if conditions and not never and not target and to != "-":
                    # It may show another page of the host to some.
                    moved = moved or matches(pattern, "/") is not False
                whole = _WHOLE.fullmatch(pattern) and not conditions
                conditions = never = False
                if whole and target:
                    proxied = "P" in set_flags or "PROXY" in set_flags
                    return (Proxied(one) if proxied else Redirect(_host(target[1]), one)), True
                if whole and to != "-":
                    return None, True
        return None, moved

    def _files(self) -> Files | None:
        root = self._nearest("documentroot")
        aliases: Sequence[Statement] = ()
        if "alias" in self._first:
            aliases = [one for one in self.block if one.name == "alias" and len(one.words) > 2]  # noqa: PLR2004 - a path and a folder
        if aliases and aliases[0].words[1].text == "/":
            root = statement(aliases[0].file, aliases[0].words[1:])
        if root is None or len(root.words) != 2:  # noqa: PLR2004 - a name and a folder
            return None
        folder = root.words[1].text
        if "%" in folder or "$" in folder:
            return None
        return Files(folder, self._index_of(folder.rstrip("/")) or ("index.html",), root)

    def _index_of(self, folder: str) -> tuple[str, ...]:
        """Return the index that a section about the folder sets, or else the server."""
        servers = [self, self._main] if self._main else [self]
        sections = [one for server in servers if server.has("directory") for one in server.block]
        for one in sections:
            if one.name == "directory" and [arg.rstrip("/") for arg in one.args] == [folder]:
                index = _index(one.block or ())
                if index:
                    return index
        sets = (_index(server.block) for server in servers if server.has("directoryindex"))
        return next(filter(None, sets), ())

    def _nearest(self, name: str) -> Statement | None:
        return self._first.get(name) or (self._main._first.get(name) if self._main else None)


def _changing(block: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the directives that may change a file while it is sent, also those in sections."""
    for one in block:
        filters = one.args[0].upper().split(";") if one.name in _FILTERS and one.args else ()
        if one.name == "substitute" or not _KEEPS.issuperset(filters):
            yield one
        yield from _changing(one.block or ())


def _index(block: Sequence[Statement]) -> tuple[str, ...]:
    """Return the names of the index; directives in one section add to each other."""
    return tuple([arg for one in block if one.name == "directoryindex" for arg in one.args])


def _moves(one: Statement) -> bool:
    """Whether a directive sends a visitor of the home page to another page of the host."""
    args = one.args[1:] if one.args[:1] and one.args[0].lower() in _STATUSES else one.args
    return one.name == "redirectmatch" and len(args) > 1 and bool(_WHOLE.fullmatch(args[0]))


def _redirect(one: Statement) -> Redirect | None:
    """Return the redirect of every request by mod_alias, if a directive is one."""
    if one.name not in _REDIRECTS:
        return None
    args = one.args[1:] if one.args[:1] and one.args[0].lower() in _STATUSES else one.args
    if len(args) != 2:  # noqa: PLR2004 - a path and a target
        return None
    path, to = args
    whole = path == "/" or (one.name == "redirectmatch" and _WHOLE.fullmatch(path))
    target = _TARGET.match(to)
    return Redirect(_host(target[1]), one) if whole and target else None


def _host(written: str) -> str | None:
    host = _PATH.sub("", written)
    return None if not host or re.search(r"[%$]", host) else host


def _passes(one: Statement, *, inside: bool) -> bool:
    """Whether a directive hands requests for ``/`` to another program."""
    if one.name == "sethandler":
        return inside and one.args[:1] != ("None",)
    if one.name == "proxypassmatch":
        return inside or bool(one.args and _WHOLE.fullmatch(one.args[0]))
    if one.name not in _PASSES:
        return False
    return (inside or one.args[:1] in {("/",), ("/*",)}) and "!" not in one.args


def _is_inner(address: str) -> bool:
    """Whether an address of a virtual host is local or private."""
    if address.startswith("*"):
        return False
    host = address.rpartition(":")[0] if not address.endswith("]") else address
    host = (host or address).strip("[]")
    try:
        # All addresses are written as _default_ or 0.0.0.0, too.
        return host == "localhost" or (host != "0.0.0.0" and is_private(host))  # noqa: S104 - compared only
    except ValueError:
        return False
