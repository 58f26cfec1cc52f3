"""Source kind ``caddy``: sites and home pages from Caddyfiles.

Setting ``roots`` maps folders of the server to folders of the repository, as for nginx.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.homes import (
    Files,
    Home,
    Hosts,
    Proxied,
    Rewritten,
    Server,
    provenance,
    redirect,
)
from pytest_icp.sources.hosts import is_inner
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import (
    QUOTE_NOT_CLOSED,
    Blocks,
    ConfigText,
    Configuration,
    Statement,
    Word,
)

_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]++|\\\n|#[^\n]*+)"
    r"|(?P<newline>\n)"
    r'|"(?P<quoted>(?:[^"\\]|\\.)*+)"'
    r"|`(?P<raw>[^`]*+)`"
    # It ends at its marker, alone on a line so far.
    r"|<<(?P<marker>[A-Za-z0-9_-]++)\n(?P<heredoc>(?:[^\n]*+\n)*?)[^\S\n]*+(?P=marker)"
    r"|(?![\"`]|<<[A-Za-z0-9_-]++\n)(?P<bare>(?:\{\$[^{}\n]*+\}|\\\S|[^\s\\]|\\(?!\n))++)",
    re.DOTALL,
)
_VARIABLE = re.compile(r"\{\$([^{}:\n]++)(?::([^{}\n]*+))?\}")


def _tokens(file: ConfigText) -> Iterator[tuple[str, Word]]:
    """Yield the words, braces and ends of lines; a variable may become several words, or none."""
    text, at = file.text, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
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
            yield kind, Word(found[kind], start, start + len(found["marker"]) + 2)
        elif kind == "quoted":
            yield kind, Word(_filled(found[kind]).replace('\\"', '"'), start + 1, at - 1)
        elif kind == "raw":
            yield kind, Word(_filled(found[kind]), start + 1, at - 1)


def _filled(text: str) -> str:
    if "{$" not in text:
        return text
    return _VARIABLE.sub(lambda found: found[0] if found[2] is None else found[2], text)


class _Configuration(Configuration):
    """Reads Caddyfiles, with their snippets and imported files inserted."""

    main = ("Caddyfile",)
    installed = r"/etc/caddy/"

    def __init__(self, request: Request) -> None:
        super().__init__(request)
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
                yield replace(one, block=tuple(block))

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
        block = None if one.block is None else tuple(_with_arguments(one.block, by))
        yield replace(one, words=words, block=block)


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
_HTTP_PORT = "80"

Matchers = Mapping[str, Sequence[Statement]]


def _addresses(site: Statement, http_port: str) -> Iterator[tuple[str, bool, Statement]]:
    """Yield the hosts of a site block, empty for any, whether each uses TLS, and its word.

    Caddy uses TLS unless scheme or port say otherwise.
    """
    for word in site.words:
        for written in word.text.split(","):
            found = _ADDRESS.fullmatch(written)
            if written and not written.startswith(("unix/", "&")):
                scheme, host, port = found.groups() if found else ("", written, "")
                plain = scheme == "http" or port in {_HTTP_PORT, http_port}
                yield "" if host == "*" else _INTERFACE.sub("", host), not plain, site.at(word)


class Site(Struct, frozen=True, eq=False):
    """A site as one of its hosts sees it (站点); ``host`` is empty where that does not matter.

    What depends on anything but the host and the path is left out, as ``if`` in nginx.
    """

    block: Sequence[Statement]
    host: str
    matchers: Matchers

    def server(self, *, secure: bool) -> Server:
        """Return what it says of its host."""
        bound = [arg for one in self.block if one.name == "bind" for arg in one.args]
        logs = [one for one in self.block if one.name == "log"]
        dropped = all(_inner(one, "output", "discard") for one in logs)
        home = self._home(self.block, None)
        changed = next((one for one in self.block if one.name == "replace"), None)
        return Server(
            home=Rewritten(changed) if changed and isinstance(home, Files) else home,
            secure=secure,
            reachable=not bound or not all(map(is_inner, bound)),
            logs_nothing=logs[0] if logs and dropped else None,
        )

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
            to = one.args[1:] if _has_matcher(one) else one.args
            return True, redirect(self._filled(to[0]), one) if to else None
        if one.name in {"handle", "handle_path"}:
            return True, self._home(one.block or (), root)
        if one.name == "route":
            inner = self._home(one.block or (), root)
            return inner is not None, inner
        if one.name in {"abort", "error", "respond"}:
            return True, None
        return True, self._files(one, root) if one.name == "file_server" else Proxied(one)

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
            inner = _conditions_of(condition)
            held = [self._holds(one) for one in inner if one.name != "not"]
            return not held[0] if len(held) == 1 and held[0] is not None else None
        if condition.name == "host":
            return self.host in condition.args
        if condition.name == "path":
            return any(map(_is_root, condition.args))
        return None


def _conditions_of(named: Statement) -> Sequence[Statement]:
    """Return the conditions of a named matcher, or of ``not``: in its block, or on its line."""
    if named.block is not None:
        return named.block
    return (replace(named, words=named.words[1:]),) if len(named.words) > 1 else ()


def _statements(block: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the statements of a block, and those in their blocks."""
    for one in block:
        yield one
        yield from _statements(one.block or ())


def _has_matcher(one: Statement) -> bool:
    return bool(one.args) and one.args[0].startswith(("/", "@", "*"))


def _is_root(pattern: str) -> bool:
    """Whether a pattern of paths matches the home page."""
    return pattern in {"*", "/", "/*"}


def _inner(one: Statement, *words: str) -> bool:
    """Whether a statement has one with such words in its block."""
    return any(tuple(word.text for word in below.words) == words for below in one.block or ())


SUFFIXES = ("caddyfile", ".caddy", "caddy.json")
_JSON = re.compile(rb'(?:\xef\xbb\xbf)?\s*+\{\s*+"')
_BY_HOST = re.compile(
    r"(?:@\S{1,99} )?"
    r"(?:(?:map|expression) .{0,99}\{(?:http\.request\.)?host\}|header_regexp (?:\S{1,99} )?Host\b)"
)
# What an address has, and a directive has not.
_LIKE_ADDRESS = re.compile(r"[.:{*,]|localhost")


def read_caddy(request: Request) -> Derived:
    """Read Caddyfiles (Caddy 配置): each address of a site block is a site.

    Raises `InputError` with file and line for a file that is not a Caddyfile.
    """
    config = _Configuration(request)
    hosts = Hosts(config)
    for path in config.top(*SUFFIXES, prefix="caddyfile"):
        if path.suffix.lower() == ".json" or _JSON.match(request.given or b""):
            hosts.into.gap(_IN_JSON, Place(path=path), "sites")
        else:
            _add_file(hosts, config.statements(path), request.meter)
    if not hosts:
        hosts.into.remark(_NO_SITE)
    hosts.derive()
    return hosts.into.derived()


def _add_file(hosts: Hosts, statements: Sequence[Statement], meter: Meter) -> None:
    """Add the sites of all blocks of a file; one without blocks is one site."""
    http_port = _HTTP_PORT
    if statements and statements[0].block is not None and not statements[0].words:
        ports = [one.args[0] for one in statements[0].block if one.name == "http_port" and one.args]
        http_port = next(iter(ports), http_port)
        statements = statements[1:]
    blocks = [one for one in statements if one.block is not None and one.words]
    if statements and statements[0].block is None and not any(map(_is_site, blocks)):
        first, *rest = statements
        statements = (replace(first, block=tuple(rest)),)
    for one in statements:
        if one.block is not None and _is_site(one):
            _add_site(hosts, one, http_port, meter)
        elif one.block is None and one.name.startswith("{$"):
            # What a variable inserts may be sites.
            hosts.into.host(one.name, provenance(one.name, one))


def _add_site(hosts: Hosts, site: Statement, http_port: str, meter: Meter) -> None:
    every = list(_statements(site.block or ()))
    named = [(one.name, _conditions_of(one)) for one in every if one.name.startswith("@")]
    matters = any("host" in word.text for one in every for word in one.words)
    made: dict[tuple[str, bool], Server] = {}

    def server(host: str, *, secure: bool) -> Server:
        """Return the server of a host: one for all, unless the host matters."""
        key = (host if matters else "", secure)
        if key not in made:
            meter.spend("expansions", len(every))
            made[key] = Site(site.block or (), key[0], dict(named)).server(secure=secure)
        return made[key]

    found = list(_addresses(site, http_port))
    any_secure = any(secure for _, secure, _ in found)
    conditions = [one for _, some in named for one in some]
    asked = [(spot.text, any_secure, spot) for spot in _hosts_in(conditions)]
    for written, secure, spot in found + asked:
        if not written:
            hosts.catch_all(server("", secure=secure), spot.place())
            hosts.apart(site.block or (), _BY_HOST)
        elif host := hosts.into.site(written, provenance(written, spot)):
            hosts.serve(host, server(host, secure=secure))


def _is_site(one: Statement) -> bool:
    """Whether a statement begins with an address, and not with a directive or a named route."""
    return bool(_LIKE_ADDRESS.search(one.name)) and not one.name.startswith("&(")


def _hosts_in(conditions: Iterable[Statement]) -> Iterator[Statement]:
    """Yield the hosts that conditions of a site ask for."""
    for one in conditions:
        if one.name == "host":
            yield from map(one.at, one.words[1:])
        elif one.name == "header" and one.args[:1] in {("Host",), ("host",)}:
            yield from map(one.at, one.words[2:])


_IN_JSON = Text(
    zh="Caddy 的 JSON 配置没有读取；请改用 Caddyfile",
    en="Caddy's configuration in JSON is not read; use the Caddyfile instead",
)
_NO_SITE = Text(zh="没有公网主机名的站点", en="no site block with a public host name")
