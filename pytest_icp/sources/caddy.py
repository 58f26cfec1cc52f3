"""Source kind ``caddy``: sites and home pages from Caddyfiles.

Setting ``roots`` maps folders of the server to folders of the repository, as for nginx.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.homes import (
    Files,
    Home,
    Hosts,
    Proxied,
    Redirect,
    Rewritten,
    provenance,
)
from pytest_icp.sources.hosts import is_inner
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import (
    QUOTE_NOT_CLOSED,
    Blocks,
    ConfigText,
    Configuration,
    Spot,
    Statement,
    Word,
    statement,
)

_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]++|\\\n|#[^\n]*+)"
    r"|(?P<newline>\n)"
    r'|"(?P<quoted>(?:[^"\\]|\\.)*+)"'
    r"|`(?P<raw>[^`]*+)`"
    r"|<<(?P<heredoc>[A-Za-z0-9_-]++)\n"
    r"|(?P<bare>(?:\{\$[^{}\n]*+\}|\\\S|[^\s\\]|\\(?!\n))++)",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\{\$([^{}:\n]++)(?::([^{}\n]*+))?\}")


def _tokens(file: ConfigText) -> Iterator[tuple[str, Word]]:
    """Yield the words, braces and ends of lines; a variable may become several words, or none."""
    text, at = file.text, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or (found["bare"] or "").startswith(('"', "`")):
            raise file.refuse(QUOTE_NOT_CLOSED, at)
        start, at = found.span()
        kind = found.lastgroup or ""
        if kind == "bare" and found[0] in {"{", "}"}:
            yield found[0], Word(found[0], start, at)
        elif kind == "bare":
            for part in _filled(found[0]).split():
                yield kind, Word(part, start, at)
        elif kind == "newline":
            yield kind, Word("\n", start, at)
        elif kind == "heredoc":
            value, at = _heredoc(file, found[kind], start, at)
            yield kind, Word(value, start, start + len(found[kind]) + 2)
        elif kind == "quoted":
            yield kind, Word(_filled(found[kind]).replace('\\"', '"'), start + 1, at - 1)
        elif kind == "raw":
            yield kind, Word(_filled(found[kind]), start + 1, at - 1)


def _filled(text: str) -> str:
    if "{$" not in text:
        return text
    return _VARIABLE.sub(lambda found: found[0] if found[2] is None else found[2], text)


def _heredoc(file: ConfigText, marker: str, start: int, at: int) -> tuple[str, int]:
    """Return the text of a heredoc, and where it ends: at its marker, alone on a line so far."""
    text, end = file.text, at
    while (end := text.find(marker, end)) >= 0:
        line = text.rfind("\n", 0, end) + 1
        if not text[line:end].strip():
            return text[at:line], end + len(marker)
        end += len(marker)
    raise file.refuse(QUOTE_NOT_CLOSED, start)


class _Configuration(Configuration):
    """Reads Caddyfiles, with their snippets and imported files inserted."""

    def __init__(self, request: Request) -> None:
        super().__init__(request, ("Caddyfile",), r"/etc/caddy/")
        self._snippets: dict[str, Statement] = {}

    def parse(self, file: ConfigText) -> tuple[Statement, ...]:
        """Parse one file.

        A variable of the environment has its default; one without a default stays as it is
        written. Raises `InputError` for braces and quotes that are not closed.
        """
        blocks = Blocks(file)
        words: list[Word] = []
        for kind, word in _tokens(file):
            self.request.meter.spend("elements")
            if kind == "{":
                blocks.begin(words, word.start, "}")
                words = []
            elif kind not in {"}", "newline"}:
                words.append(word)
            elif kind == "}" or blocks or not (words and words[-1].text.endswith(",")):
                # Addresses go on after a comma.
                if words:
                    blocks.add(words)
                words = []
                if kind == "}":
                    blocks.close(word.start, "}")
        if words:
            blocks.add(words)
        return blocks.finish()

    def expand(
        self, statements: Sequence[Statement], inside: tuple[str, ...], stack: tuple[str, ...]
    ) -> Iterator[Statement]:
        """Yield statements, all imports inserted."""
        self.request.meter.spend("expansions", sum([len(one.words) + 1 for one in statements]))
        for one in statements:
            if one.name == "import" and one.args:
                for inner, deeper in self._imported(one, inside, stack):
                    yield from self.expand(tuple(_with_arguments(inner, one)), inside, deeper)
            elif not inside and one.block is not None and one.name.startswith("("):
                self._snippets.setdefault(one.name.strip("()"), one)
            elif one.block is None:
                yield one
            else:
                block = self.expand(one.block, (*inside, one.name), stack)
                yield statement(one.file, one.words, block)

    def _imported(
        self, one: Statement, inside: tuple[str, ...], stack: tuple[str, ...]
    ) -> Iterator[tuple[tuple[Statement, ...], tuple[str, ...]]]:
        """Yield what an import inserts, and the stack to go on with."""
        name = one.args[0]
        snippet = self._snippets.get(name)
        if snippet is not None:
            yield snippet.block or (), self.deeper(one, stack, _CIRCLE)
        else:
            files = self.files.matching(name, one.file.path.parent)
            yield from self.included(one, files, inside, stack)


_ARGUMENT = re.compile(r"\{args(?:\.([0-9]{1,4})|\[([0-9]{0,4})(:?)([0-9]{0,4})\])\}")
_CIRCLE = Text(zh="片段互相引用", en="the snippet imports itself")


def _with_arguments(statements: Sequence[Statement], by: Statement) -> Iterator[Statement]:
    """Yield statements with the arguments and the block of the import that inserts them."""
    args = by.args[1:]
    for one in statements:
        if one.name == "{block}":
            yield from by.block or ()
            continue
        words = tuple(word for written in one.words for word in _arguments(written, args))
        block = None if one.block is None else _with_arguments(one.block, by)
        yield statement(one.file, words, block)


def _arguments(word: Word, args: Sequence[str]) -> Sequence[Word]:
    if "{args" not in word.text:
        return (word,)
    whole = _ARGUMENT.fullmatch(word.text)
    if whole and whole[3]:
        first, last = (int(part) if part else None for part in (whole[2], whole[4]))
        return [Word(text, word.start, word.end) for text in args[first:last]]
    indexed = dict(enumerate(args))
    return (Word(_ARGUMENT.sub(lambda m: _one(m, indexed), word.text), word.start, word.end),)


def _one(found: re.Match[str], args: Mapping[int, str]) -> str:
    number = found[1] or found[2]
    return args.get(int(number), found[0]) if number and not found[3] else found[0]


# Caddy sorts directives before it runs them.
_RANKS = {
    name: rank
    for rank, names in enumerate(
        (
            ("redir",),
            ("handle", "handle_path"),
            ("route",),
            ("abort", "error", "respond"),
            ("reverse_proxy", "php_fastcgi", "php_server", "php", "proxy", "fastcgi", "cgi"),
            ("file_server",),
        )
    )
    for name in names
}
_INDEX = ("index.html", "index.txt")
_ADDRESS = re.compile(r"(?:(https?)://)?(\[[^\]]*\]|[^:/]*)(?::([0-9]{1,5}))?(?:/.*)?", re.DOTALL)
_INTERFACE = re.compile(r"(?<=[0-9A-Fa-f:])%\w++(?=\])")
_TARGET = re.compile(r"(?:https?|\{scheme\})://(?:[^/?#@]*+@)?+([^/:?#{]*)(.?)", re.DOTALL)
_REST = re.compile(r"\{(?:uri|path|query|http\.request\.(?:uri|orig_uri)[\w.]*)\}.*", re.DOTALL)
_HTTP_PORT = "80"

Matchers = Mapping[str, Sequence[Statement]]


class Address(Struct, frozen=True):
    """An address of a site: its host, empty for any; whether it uses TLS; where it is written."""

    host: str
    secure: bool
    spot: Spot


def addresses(site: Statement, http_port: str = _HTTP_PORT) -> Iterator[Address]:
    """Yield the addresses of a site block; Caddy uses TLS unless scheme or port say otherwise."""
    for word in site.words:
        for written in word.text.split(","):
            found = _ADDRESS.fullmatch(written)
            if written and not written.startswith(("unix/", "&")):
                scheme, host, port = found.groups() if found else ("", written, "")
                plain = scheme == "http" or port in {_HTTP_PORT, http_port}
                host = "" if host == "*" else _INTERFACE.sub("", host)
                yield Address(host, not plain, site.at(word))


class Site(Struct, frozen=True, eq=False):
    """A site as one of its hosts sees it (站点); ``host`` is empty where that does not matter."""

    block: Sequence[Statement]
    host: str
    secure: bool
    matchers: Matchers

    @property
    def reachable(self) -> bool:
        """Whether it listens on any address that is not local or private."""
        bound = [arg for one in self.block if one.name == "bind" for arg in one.args]
        return not bound or not all(map(_is_inner, bound))

    @property
    def logs_nothing(self) -> Statement | None:
        """The statement that throws the access log away, if there is one."""
        logs = [one for one in self.block if one.name == "log"]
        dropped = all(_inner(one, "output", "discard") for one in logs)
        return logs[0] if logs and dropped else None

    def home(self) -> Home | None:
        """Return what a visitor of ``/`` gets; None if the file does not say.

        What depends on anything but the host and the path is left out, as ``if`` in nginx.
        """
        home = self._home(self.block, None)
        changed = next((one for one in self.block if one.name == "replace"), None)
        return Rewritten(changed) if changed is not None and isinstance(home, Files) else home

    def _home(self, block: Sequence[Statement], root: str | None) -> Home | None:
        for one in block:
            # A folder alone looks like a path to match.
            if one.name == "root" and one.args and (len(one.args) == 1 or self._applies(one)):
                root = self._filled(one.args[-1])
        rewrites = [one for one in block if one.name == "rewrite" and len(one.args) > 1]
        if any(map(self._applies, rewrites)):
            root = None
        ranked = [one for one in block if one.name in _RANKS and self._applies(one)]
        # Of several of a rank, those without a matcher come last.
        for one in sorted(ranked, key=lambda one: (_RANKS[one.name], not _has_matcher(one))):
            decided, home = self._answer(one, root)
            if decided:
                return home
        return None

    def _answer(self, one: Statement, root: str | None) -> tuple[bool, Home | None]:
        """Return whether a directive answers a request for ``/``, and with what."""
        if one.name == "redir":
            # To another page of the host, or to another host.
            return True, self._redirect(one)
        if one.name in {"handle", "handle_path"}:
            return True, self._home(one.block or (), root)
        if one.name == "route":
            inner = self._home(one.block or (), root)
            return inner is not None, inner
        if one.name in {"abort", "error", "respond"}:
            return True, None
        return True, self._files(one, root) if one.name == "file_server" else Proxied(one)

    def _redirect(self, one: Statement) -> Redirect | None:
        to = one.args[1:] if _has_matcher(one) else one.args
        found = _TARGET.match(_REST.sub("", self._filled(to[0]))) if to else None
        if found is None:
            return None
        return Redirect(None if not found[1] or found[2] == "{" else found[1], one)

    def _files(self, one: Statement, root: str | None) -> Files | None:
        inner = {below.name: below for below in one.block or ()}
        if "root" in inner and inner["root"].args:
            root = self._filled(inner["root"].args[0])
        index = inner["index"].args if "index" in inner else _INDEX
        return None if not root or "{" in root else Files(root, index, one)

    def _filled(self, text: str) -> str:
        """Fill in the host of the request."""
        return text.replace("{host}", self.host).replace("{http.request.host}", self.host)

    def _applies(self, one: Statement) -> bool:
        """Whether a directive certainly applies to a request for the host and ``/``."""
        return not _has_matcher(one) or self._matches(one.args[0])

    def _matches(self, matcher: str) -> bool:
        if not matcher.startswith("@"):
            return _is_root(matcher)
        conditions = self.matchers.get(matcher, ())
        return bool(conditions) and all(self._holds(one) is True for one in conditions)

    def _holds(self, condition: Statement) -> bool | None:
        """Whether a condition holds; None for one about anything but the host and the path."""
        if condition.name == "not":
            inner = conditions_of(condition)
            held = [self._holds(one) for one in inner if one.name != "not"]
            return not held[0] if len(held) == 1 and held[0] is not None else None
        if condition.name == "host":
            return self.host in condition.args
        if condition.name == "path":
            return any(map(_is_root, condition.args))
        return None


def conditions_of(named: Statement) -> Sequence[Statement]:
    """Return the conditions of a named matcher, or of ``not``: in its block, or on its line."""
    if named.block is not None:
        return named.block
    return (statement(named.file, named.words[1:]),) if len(named.words) > 1 else ()


def size_of(block: Sequence[Statement], *, names: str) -> tuple[int, bool]:
    """Return how many statements a block has, and whether any word of it contains a text."""
    size, found = len(block), False
    for one in block:
        found = found or any(names in word.text for word in one.words)
        inner = size_of(one.block or (), names=names)
        size, found = size + inner[0], found or inner[1]
    return size, found


def matchers(block: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the named matchers of a site, wherever in it."""
    for one in block:
        if one.name.startswith("@"):
            yield one
        elif one.block is not None:
            yield from matchers(one.block)


def _has_matcher(one: Statement) -> bool:
    return bool(one.args) and one.args[0].startswith(("/", "@", "*"))


def _is_root(pattern: str) -> bool:
    """Whether a pattern of paths matches the home page."""
    return pattern in {"*", "/", "/*"}


def _inner(one: Statement, *words: str) -> bool:
    """Whether a statement has one with such words in its block."""
    return any(tuple(word.text for word in below.words) == words for below in one.block or ())


def _is_inner(address: str) -> bool:
    """Whether an address to listen on is a socket, local or private."""
    return address.startswith("unix/") or is_inner(address.rpartition("/")[2].strip("[]"))


SUFFIXES = ("caddyfile", ".caddy", "caddy.json")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\{\s*+"')
# What an address has, and a directive has not.
_LIKE_ADDRESS = re.compile(r"[.:{*,]|localhost")


def read_caddy(request: Request) -> Derived:
    """Read Caddyfiles (Caddy 配置): each address of a site block is a site.

    Raises `InputError` with file and line for a file that is not a Caddyfile.
    """
    config = _Configuration(request)
    into = Hosts(request, config.files)
    for path in _files(request):
        if path.suffix.lower() == ".json" or _JSON.match(request.given or b""):
            into.into.gap(_IN_JSON, Place(path=path), "sites")
        else:
            _Caddyfile(into, request.meter).add(config.statements(path))
    for missing in config.missing:
        into.missing(missing.spot.word.text, missing.spot, harmless=bool(missing.inside))
    if not into:
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
            ports = [one.args for one in statements[0].block if one.name == "http_port"]
            self._http_port = next((args[0] for args in ports if args), self._http_port)
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

    def _site(self, site: Statement) -> None:
        block = site.block or ()
        named = list(matchers(block))
        server = self._servers(block, named)
        found = list(addresses(site, self._http_port))
        for address in found:
            if address.host:
                self._into.add(address.host, address.spot, partial(server, address.secure))
            else:
                self._into.catch_all(server(address.secure, ""), address.spot.place())
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


_IN_JSON = Text(
    zh="Caddy 的 JSON 配置没有读取；请改用 Caddyfile",
    en="Caddy's configuration in JSON is not read; use the Caddyfile instead",
)
_NO_SITE = Text(zh="没有公网主机名的站点", en="no site block with a public host name")
