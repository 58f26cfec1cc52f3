"""Source kind ``nginx``: sites and their home pages from an nginx configuration (nginx 配置).

Setting ``roots`` maps folders of the server to folders of the repository, both for home pages
(``/var/www: www``) and for includes (``/etc/nginx: nginx``). Files outside the repository are
never read. Conditions are not evaluated: what one cannot change for a page that a browser asks for
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived
from pytest_icp.facts.files.budget import Meter
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, did_you_mean, nearest
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.homes import (
    Files,
    Home,
    Hosts,
    Proxied,
    Redirect,
    Rewritten,
    Server,
    matches,
    provenance,
    redirect,
)
from pytest_icp.sources.hosts import is_inner, is_public_address, without_secrets
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import (
    NOT_CLOSED,
    QUOTE_NOT_CLOSED,
    Blocks,
    ConfigText,
    Configuration,
    Statement,
    Word,
)

TEMPLATES = (
    *(".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".gotmpl", ".ctmpl", ".mustache"),
    *(".template", ".erb", ".epp"),
)
"""The endings of templates, which tools of deployment render."""

_TOKEN = re.compile(
    r"(?P<blank>\s++|#[^\n]*+)"
    r"|(?P<sign>[{};])"
    r'|"(?P<double>(?:[^"\\]|\\.)*+)"'
    r"|'(?P<single>(?:[^'\\]|\\.)*+)'"
    r"|(?P<bare>(?:\$\{[^}]*+\}|\\.?|[^\s\\{};])++)",
    re.DOTALL,
)
_LUA = re.compile(r"--[^\n]*+|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|[{}]")
# A comment, or what a template is known by; nginx itself writes such signs in Lua alone.
_TAG = re.compile(r"#[^\n]*+|(\{\{|\{%|<%)")
_READ = (
    *("include", "server_name", "listen", "location", "return", "rewrite", "access_log"),
    *("proxy_pass", "fastcgi_pass"),
)
# Statements that are spelled like one of those that are read.
_ALIKE = frozenset({"server", "scgi_pass"})
_WITH_BLOCKS = frozenset({"location", "server", "if", "upstream", "map", "geo", "types"})


class _UnrenderedError(InputError):
    """A template that is not rendered, so that nothing of it is certain."""


def parse(file: ConfigText, meter: Meter) -> tuple[Statement, ...]:
    """Parse one file. Includes are not followed, and the context of directives is not checked."""
    blocks, text, at = Blocks(file), file.text, 0
    words: list[Word] = []
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or (found["bare"] or "").startswith(('"', "'")):
            raise file.refuse(QUOTE_NOT_CLOSED, at)
        start, at = found.span()
        kind, sign = found.lastgroup or "", found[0]
        meter.spend("elements", kind != "blank")
        if kind in {"double", "single"}:
            words.append(Word(found[kind].replace(f"\\{sign[0]}", sign[0]), start + 1, at - 1))
        elif kind == "bare":
            words.append(Word(sign, start, at))
        elif kind == "sign":
            if sign == "{" and words and words[0].text.endswith("_by_lua_block"):
                at, sign = _after_lua(file, at), ";"
            _sign(file, blocks, words, sign, start)
            words = []
    _refuse_unended(file, words)
    return blocks.finish()


def _sign(file: ConfigText, blocks: Blocks, words: list[Word], sign: str, start: int) -> None:
    """End a directive, or begin or end a block."""
    if sign == "}":
        _refuse_unended(file, words)
        blocks.close(start, "}")
        return
    if words:
        _check_spelling(file, words[0], blocks.inside)
    if sign == "{":
        for before, word in pairwise(words):
            if word.text in _WITH_BLOCKS and "\n" in file.text[before.end : word.start]:
                _refuse_unended(file, words)
        blocks.begin(words, words[0].start if words else start, "}")
    elif words:
        blocks.add(words)


def _after_lua(file: ConfigText, start: int) -> int:
    """Return where a block of Lua ends that begins before an offset."""
    depth = 1
    for found in _LUA.finditer(file.text, start):
        depth += (found[0] == "{") - (found[0] == "}")
        if not depth:
            return found.end()
    raise file.refuse(NOT_CLOSED.format(end="}"), start - 1)


def _check_spelling(file: ConfigText, name: Word, inside: str) -> None:
    """Refuse an unknown directive that is a likely misspelling of one that is read."""
    if inside in {"", "http", "server", "location"} and name.text not in _ALIKE:
        near = nearest(name.text, _READ, cutoff=0.85)
        if near and near != name.text:
            message = Text(zh=f"未知的指令 {name.text}", en=f"unknown directive `{name.text}`")
            raise InputError(message, place=file.place(name, name.start), hint=did_you_mean(near))


def _refuse_unended(file: ConfigText, words: Sequence[Word]) -> None:
    """Refuse a directive without a `;` at the end of its block or file."""
    for name in words[:1]:
        message = Text(
            zh=f"指令 {name.text} 没有以“;”结束", en=f"`{name.text}` does not end in `;`"
        )
        raise InputError(message, place=file.place(name, name.start))


class _Configuration(Configuration):
    """Reads configurations of nginx."""

    main = ("nginx.conf",)
    installed = r"/etc/nginx/|/usr/local/nginx/conf/|/usr/local/openresty/nginx/conf/"
    harmless = re.compile(
        r"(?:^|[/_])(?:mime\.types|modules?|[^\W_]++_params|fastcgi\.conf)(?=[/-]|\Z)"
    )

    def parse(self, file: ConfigText) -> tuple[Statement, ...]:
        """Parse one file; raise `_UnrenderedError` for a template."""
        tag = next((found for found in _TAG.finditer(file.text) if found[1]), None)
        try:
            if tag is None or not file.path.name.lower().endswith(TEMPLATES):
                return parse(file, self.request.meter)
        except InputError:
            if tag is None:
                raise
        refused = file.refuse(_NOT_RENDERED, tag.start(1))
        raise _UnrenderedError(refused.message, place=refused.place)

    def expand(
        self, statements: Sequence[Statement], inside: tuple[str, ...], stack: tuple[str, ...]
    ) -> Iterator[Statement]:
        """Yield directives with those of all included files."""
        for one in statements:
            self.request.meter.spend("expansions")
            if one.name == "include" and len(one.words) == 2:  # noqa: PLR2004 - and a file
                files = self.files.matching(one.args[0])
                if files is None and "server" in inside:
                    # What it may say of a page is not known.
                    yield one
                for inner, deeper in self.included(one, files, inside, stack):
                    yield from self.expand(inner, inside, deeper)
            elif one.block is None:
                yield one
            else:
                block = self.expand(one.block, (*inside, one.name), stack)
                yield replace(one, block=tuple(block))


_PASSES = (
    *("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"),
    # Modules that answer by themselves.
    *("content_by_lua", "content_by_lua_block", "content_by_lua_file", "js_content", "perl"),
    *("echo", "empty_gif", "random_index", "stub_status"),
)
"""Statements by which something else than a file of the folder answers."""
_REWRITES = frozenset(
    {
        *("sub_filter", "subs_filter", "replace_filter", "add_before_body", "add_after_body"),
        *("echo_before_body", "echo_after_body", "js_body_filter"),
        *("body_filter_by_lua", "body_filter_by_lua_block", "body_filter_by_lua_file"),
    }
)
"""Statements that change the text of a file while it is sent."""
_CHANGES = frozenset(
    {*_PASSES, *_REWRITES, "root", "alias", "index", "try_files", "return", "rewrite"}
)


def _answering(block: Sequence[Statement], uri: str) -> Sequence[Statement] | None:
    """Return the directives of the location that answers for a path; None if it is not certain.

    That is an exact one, a pattern, or the longest prefix. Without any, the server itself answers.
    """
    locations = [(one.block or (), *_split(one)) for one in block if one.name == "location"]
    best: Sequence[Statement] = ()
    length, ends = -1, False
    for inner, how, path in locations:
        if how == "=" and path == uri:
            return inner
        if how in {"", "^~"} and uri.startswith(path) and len(path) > length:
            best, length, ends = inner, len(path), how == "^~"
    for inner, how, pattern in () if ends else locations:
        found = matches(pattern, uri, folded=how == "~*") if how in {"~", "~*"} else False
        if found or (found is None and any(one.name in _CHANGES for one in inner)):
            return inner if found else None
    return best


def _split(location: Statement) -> tuple[str, str]:
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


def _doubt(block: Iterable[Statement], uri: str) -> Statement | None:
    """Return what in a block may answer a path with something that is not known, if anything.

    That are conditions, scripts that rewrite, and files that are not in the repository.
    """
    for one in block:
        if one.name in _SCRIPTS or (one.name == "if" and _strays(one, uri)):
            return one
        if one.name == "include" and not _PARTS.search("".join(one.args)):
            return one
    return None


def _strays(condition: Statement, uri: str) -> bool:
    written = " ".join(condition.args).strip("() ")
    if _FALSE.match(written) or _METHOD.match(written):
        return False
    compared = _OF_PATH.fullmatch(written)
    if compared:
        how, pattern = compared.groups()
        if pattern != uri if how == "=" else matches(pattern, uri, folded=how == "~*") is False:
            return False
    return any(_leads(one, uri) for one in condition.block or ())


def _leads(directive: Statement, uri: str) -> bool:
    """Whether a directive in a condition leads to another page of the host, or makes one."""
    args = directive.args
    if directive.name == "rewrite" and len(args) > 1:
        return matches(args[0], uri) is not False and not _ELSEWHERE.match(args[1])
    if directive.name == "return" and args:
        # Another host has a page of its own; the same one with TLS shows the same.
        return not (_REFUSES.fullmatch(args[0]) or _ELSEWHERE.match(args[-1]))
    return directive.name in _PASSES or directive.name in {"root", "alias"}


_PATTERN = re.compile(r"~|.*(?:[$%<>{}]|\.\*$)")
_WORD = re.compile(r"[^\W_]")

_PAGE = re.compile(r"\.x?html?$", re.IGNORECASE)
_REDIRECTS = {"301", "302", "303", "307", "308"}
_WHOLE = re.compile(r"\^?/?\(?(?:\.\*|\.\+)?\)?\$?")


class VirtualServer(Struct, frozen=True, eq=False):
    """The directives of one virtual server, and those of the blocks around it."""

    block: Sequence[Statement]
    around: tuple[Statement, ...] = ()

    def names(self) -> Iterator[tuple[str, Statement]]:
        """Yield each name as written, with its word."""
        for directive in self.block:
            if directive.name == "server_name":
                for word in directive.words[1:]:
                    yield from ((written, directive.at(word)) for written in word.text.split())

    def server(self) -> Server:
        """Return what it says of its hosts."""
        listens = [one.args for one in self.block if one.name == "listen" and one.args]
        switch = self._nearest(self.block, "ssl")
        home = _answering(self.block, "/") or ()
        log = self._nearest((*home, *self.block), "access_log")
        return Server(
            home=self._home(),
            secure=any({"ssl", "quic"} & set(args[1:]) for args in listens)
            or (switch is not None and switch.args == ("on",)),
            reachable=not listens or any(not is_inner(args[0]) for args in listens),
            logs_nothing=log if log and log.args[:1] in {("off",), ("/dev/null",)} else None,
        )

    def _home(self) -> Home | None:
        found = _answering(self.block, "/")
        moved = _redirect(self.block) or _redirect(found or ())
        if moved or found is None:
            return moved
        inner = (*self.block, *found)
        if any(_moves(one, "/") for one in inner):
            return None
        passed = _passed(found)
        home = Proxied(passed) if passed else self._tried(found)
        doubt = _doubt((*inner, *self.around), "/") if isinstance(home, Files) else None
        return replace(home, doubt=doubt) if isinstance(home, Files) and doubt else home

    def _tried(self, found: Sequence[Statement]) -> Home | None:
        """Return the first file that ``try_files`` leads to, or else the index of the folder."""
        tried = self._nearest((*found, *self.block), "try_files")
        names: list[str] = []
        for written in tried.args if tried else ("$uri/",):
            name = written.partition("?")[0].removeprefix("$uri")
            if written == "$uri/":
                index = self._nearest((*found, *self.block), "index")
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

    def _files(self, inner: Sequence[Statement], names: tuple[str, ...]) -> Home | None:
        """Return files by their names; for a page, nginx looks for its location once more."""
        uri = "/"
        for page in [f"/{name.lstrip('/')}" for name in names if _PAGE.search(name)]:
            uri, found = page, _answering(self.block, page)
            if found is None or any(_moves(one, page) for one in found):
                return None
            if passed := _passed(found):
                return Proxied(passed)
            inner = found
        alias = next((one for one in inner if one.name == "alias"), None)
        root = alias or self._nearest((*inner, *self.block), "root")
        if root is None or len(root.args) != 1 or "$" in root.args[0]:
            return None
        for one in (*inner, *self.block, *self.around):
            if one.name in _REWRITES:
                return Rewritten(one)
        return Files(root.args[0], names, root, _doubt(inner, uri))

    def _nearest(self, block: Sequence[Statement], name: str) -> Statement | None:
        return next((one for one in (*block, *self.around) if one.name == name), None)


def _passed(block: Sequence[Statement]) -> Statement | None:
    return next((one for one in block if one.name in _PASSES), None)


def _moves(directive: Statement, uri: str) -> bool:
    """Whether a directive may answer a path with something else than its file."""
    if directive.name == "rewrite" and directive.args:
        return matches(directive.args[0], uri) is not False
    return directive.name == "return"


def _redirect(block: Sequence[Statement]) -> Redirect | None:
    """Return the redirect that applies to every visitor of a block, if there is one."""
    for one in block:
        args, to = one.args, ""
        if one.name == "return" and args and (len(args) == 1 or args[0] in _REDIRECTS):
            to = args[-1]
        elif one.name == "rewrite" and len(args) > 1 and _WHOLE.fullmatch(args[0]):
            to = args[1]
        if found := redirect(to, one):
            return found
    return None


def servers(
    tree: Sequence[Statement], around: tuple[Statement, ...] = ()
) -> Iterator[VirtualServer]:
    """Yield the virtual servers of a configuration or a fragment.

    A fragment with a ``server_name`` or ``listen`` at the top level is a server itself.
    """
    plain = (*(d for d in tree if d.block is None or d.name == "map"), *around)
    for directive in tree:
        if directive.block is not None and directive.name == "server":
            yield VirtualServer(directive.block, plain)
        elif directive.block is not None and directive.name == "http":
            yield from servers(directive.block, plain)
    if not around and any(d.name in {"server_name", "listen"} for d in plain):
        yield VirtualServer(tree)


_OTHERS = ("rtmp", "mail")
_BY_HOST = re.compile(
    r"(?:if \(\s*|map )\$(?:(?:http_)?host|ssl_server_name)\b"
    r"|(?P<any>(?:root|alias) \S*\$(?:http_)?host\b)"
)


def _add_names(hosts: Hosts, virtual: VirtualServer) -> None:
    """Add the names of a server; one without any answers for all others."""
    named, server = list(virtual.names()), virtual.server()
    for written, spot in named:
        bare = written.removeprefix(".")
        if _PATTERN.match(written):
            hosts.into.gap(_BY_PATTERN.format(written=written), spot.place(), "sites")
        elif not _WORD.search(written):
            hosts.catch_all(server, spot.at(spot.words[0]).place())
        elif is_public_address(bare):
            hosts.serve(bare, server)
            hosts.into.add("sites", bare, provenance(bare, spot), domains=[bare])
        else:
            # A name that begins with a dot is the domain and every host under it.
            for name in (bare, f"*{written}")[: 1 + (bare != written)]:
                hosts.add(name, spot, server)
    for first in () if named else virtual.block[:1]:
        hosts.catch_all(server, first.place())
    if not any(_WORD.search(written) for written, _ in named):
        used = {word.text for one in _inside(virtual.block) for word in one.words}
        maps = (one for one in virtual.around if one.name == "map" and len(one.args) > 1)
        asked = [one for one in maps if any(one.args[1] in written for written in used)]
        hosts.apart([*virtual.block, *asked], _BY_HOST)


def _inside(block: Iterable[Statement]) -> Iterator[Statement]:
    """Yield statements, and those in their blocks."""
    for one in block:
        yield one
        yield from _inside(one.block or ())


def _add_stream(into: Gathering, block: Sequence[Statement]) -> None:
    for inner in block:
        if "ssl_preread" in {inner.name, *(one.name for one in inner.block or ())}:
            into.gap(_BY_TLS, inner.place(), "sites")
        for passed in inner.block or () if inner.name == "server" else ():
            if passed.name == "proxy_pass":
                to = without_secrets(" ".join(passed.args))
                into.note(
                    passed.place(),
                    f"stream 将连接转发到 {to}，不是网站",
                    f"the stream block forwards connections to {to}; this is not a site",
                )


_NOT_RENDERED = Text(
    zh="模板尚未渲染，无法判断有哪些网站；请改用渲染后的配置",
    en="this template is not rendered, so its sites are not known; use the rendered configuration "
    "instead",
)
_BY_PATTERN = Text(
    zh="server_name“{written}”是模式或变量，无法判断对应哪些主机名；请逐个写出或用通配符",
    en="the server_name `{written}` is a pattern or a variable, so its hosts are not known; list "
    "them, or use a wildcard",
)
_NOT_WEB = Text(
    zh="{block} 对外提供的服务没有读取，用哪些主机名不得而知",
    en="what the block `{block}` serves is not read, so by which hosts is not known",
)
_BY_TLS = Text(
    zh="stream 按 TLS 中的主机名转发，无法判断有哪些主机名",
    en="the stream block forwards by the host name in TLS, so its hosts are not known",
)

_SUFFIXES = (".conf", ".vhost", ".nginx")
_SERVERS = re.compile(rb"\bserver(?:_name\b|\s*+\{)")
WHOLE = r"^[^\S\n]*+(?:http|events)\s*+\{"
"""Only a configuration that is whole has such blocks: no other includes it."""
_WHOLE_FILE = re.compile(WHOLE.encode(), re.MULTILINE)


def read_nginx(request: Request) -> Derived:
    """Read a configuration, a part of one, or a folder of them.

    Raises `InputError` with file and line for a syntax error.
    """
    config = _Configuration(request)
    hosts = Hosts(config)
    into = hosts.into
    # A template that is not rendered is a gap, and so is one that is wrong in another way.
    files = [(path, _UnrenderedError) for path in _files(request)]
    templates = [(path, InputError) for path in _templates(request)]
    for path, refused in (*files, *templates):
        try:
            tree = config.statements(path)
        except refused as error:
            into.refused(error, request.path, "sites")
            continue
        for virtual in servers(tree):
            _add_names(hosts, virtual)
        for one in tree:
            if one.name == "stream":
                _add_stream(into, one.block or ())
            elif one.name in _OTHERS and one.block is not None:
                into.gap(_NOT_WEB.format(block=one.name), one.place(), "sites")
    hosts.derive()
    if not hosts and not into.unread:
        place = Place(path=request.path)
        into.note(place, "没有公网主机名的 server", "no server with a public host name")
    return into.derived()


def _files(request: Request) -> Sequence[Path]:
    """Return the files of a folder that are whole, or all if it has no main file.

    Files in ``sites-enabled`` are often named after hosts, without a suffix. Templates are left
    out.
    """
    try:
        files = list(request.files(*_SUFFIXES))
    except InputError:
        files = [one for one in request.files("") if not one.name.lower().endswith(TEMPLATES)]
    main = request.path / "nginx.conf"
    if main not in files:
        return files
    return [file for file in files if file == main or _contains(request, file, _WHOLE_FILE)]


def _templates(request: Request) -> Iterator[Path]:
    """Yield the templates of configurations in a folder: what they become is not in it."""
    try:
        files = list(request.files(*TEMPLATES))
    except InputError:
        return
    for file in files:
        named = file.name.lower().removesuffix(file.suffix.lower()).endswith(_SUFFIXES)
        if file != request.path and (named or _contains(request, file, _SERVERS)):
            yield file


def _contains(request: Request, file: Path, sign: re.Pattern[bytes]) -> bool:
    try:
        return sign.search(request.read(file)) is not None
    except InputError:
        # It is told of when it is read.
        return True
