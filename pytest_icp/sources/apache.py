"""Source kind ``apache``: sites and their home pages from Apache httpd (Apache 配置).

Setting ``roots`` maps folders of the server to folders of the repository, as for nginx. The parser
on PyPI (apacheconfig) has had no release since 2020, tells no lines, and refuses what httpd
accepts; a line here is words, and a section is a line in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived
from pytest_icp.law.errors import InputError
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import listed
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
from pytest_icp.sources.hosts import is_inner
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import (
    Blocks,
    ConfigText,
    Configuration,
    Statement,
    Word,
)

_TOKEN = re.compile(
    r"(?P<blank>[^\S\n]++|\\\n)"
    r"|(?P<newline>\n)"
    r'|"(?P<double>(?:[^"\\\n]|\\.)*+)"'
    r"|'(?P<single>(?:[^'\\\n]|\\.)*+)'"
    r"|(?P<bare>(?:[^\s\\]|\\(?!\n))++)",
    re.DOTALL,
)
_COMMENT = re.compile(r"(?:[^\\\n]|\\\n?)*+")


def _lines(text: str) -> Iterator[list[Word]]:
    """Yield the words of each line that has any and is not a comment."""
    words: list[Word] = []
    at = 0
    while at < len(text) and (
        found := (_COMMENT if text[at] == "#" and not words else _TOKEN).match(text, at)
    ):
        start, at = found.span()
        kind = found.lastgroup
        if kind == "bare":
            words.append(Word(found[0], start, at))
        elif kind == "newline":
            if words:
                yield words
                words = []
        elif kind in {"single", "double"}:
            words.append(Word(re.sub(r"\\([\"'\\])", r"\1", found[kind]), start + 1, at - 1))
    if words:
        yield words


def _add(blocks: Blocks, words: list[Word]) -> None:
    """Add a line: a directive, or the beginning or the end of a section."""
    first = words[0]
    section = first.text.startswith("<")
    name = first.text.strip("<>").lower() if section else first.text.lower()
    words[0] = replace(first, text=name)
    if not section:
        blocks.add(words)
    elif name.startswith("/"):
        blocks.close(first.start, f"<{name}>")
    else:
        last = words.pop()
        if text := last.text.removesuffix(">"):
            words.append(replace(last, text=text, end=last.end - (text != last.text)))
        blocks.begin(words, first.start, f"</{name}>")


_VARIABLE = re.compile(r"\$\{(\w++)\}")
# What may name hosts, so that it matters whether a section applies.
_NAMING = frozenset("virtualhost servername serveralias include includeoptional use".split())
# Sections that apply to requests; no host is named in them.
_OF_REQUESTS = frozenset({"if", "elseif", "else"})
_NOT_ENTERED = _OF_REQUESTS | {"macro"}


class _Configuration(Configuration):
    """Reads configurations of httpd; names of directives are in lower case.

    ``unclear`` are the statements that may name hosts, and why it is not known which.
    """

    main = ("httpd.conf", "apache2.conf")
    installed = r"/etc/(?:apache2|httpd/conf)/|/usr/local/apache2/conf/"
    harmless = re.compile(
        r"(?:^|/)(?:mods-(?:enabled|available)|conf\.modules\.d)/|(?:^|/)ports\.conf\Z"
        r"|(?:^|/)extra/httpd-(?!vhosts|ssl)"
    )

    def __init__(self, request: Request) -> None:
        super().__init__(request)
        self._defined: dict[str, str] = {}
        self.unclear: list[tuple[Statement, Text]] = []

    def parse(self, file: ConfigText) -> tuple[Statement, ...]:
        """Parse one file; raise `InputError` for sections that are not closed."""
        blocks = Blocks(file)
        for words in _lines(file.text):
            self.request.meter.spend("elements", len(words))
            _add(blocks, words)
        return blocks.finish()

    def expand(
        self, statements: Sequence[Statement], inside: tuple[str, ...], stack: tuple[str, ...]
    ) -> Iterator[Statement]:
        """Yield the directives and sections that apply, all includes inserted."""
        self.request.meter.spend("expansions", sum([len(one.words) for one in statements]))
        for written in statements:
            one = self._filled(written)
            name = one.name
            if name in {"define", "undefine"}:
                self._remember(name, *one.args)
            elif name in {"include", "includeoptional"} and len(one.words) > 1:
                for inner, deeper in self.included(one, self._files(one.args[0]), inside, stack):
                    yield from self.expand(inner, inside, deeper)
            elif name in _UNCLEAR and len(one.words) > 1:
                self.unclear.append((one, _UNCLEAR[name].format(name=name, macro=one.args[0])))
            elif one.block is None:
                yield one
            elif name.startswith("if"):
                if self._applies(one, inside=bool(inside)):
                    yield from self.expand(one.block, inside, stack)
            elif name not in _NOT_ENTERED:
                block = self.expand(one.block, (*inside, name), stack)
                yield replace(one, block=tuple(block))

    def _remember(self, name: str, variable: str = "", value: str = "", *_: str) -> None:
        if name == "define":
            self._defined[variable] = value
        else:
            self._defined.pop(variable, None)

    def _filled(self, one: Statement) -> Statement:
        """Fill in the variables of the words, not of the block."""
        if not any("${" in word.text for word in one.words):
            return one
        texts = [
            _VARIABLE.sub(lambda found: self._defined.get(found[1], found[0]), word.text)
            for word in one.words
        ]
        self.request.meter.spend("expansions", sum(map(len, texts)))
        filled = [replace(word, text=text) for word, text in zip(one.words, texts, strict=True)]
        return replace(one, words=tuple(filled))

    def _applies(self, one: Statement, *, inside: bool) -> bool:
        """Whether a conditional section applies; modules are taken to be there."""
        condition = one.args[0] if one.args else ""
        negated = condition.startswith("!")
        if one.name == "ifversion" or (one.name == "ifmodule" and not negated):
            return True
        if one.name == "ifdefine" and condition.lstrip("!") in self._defined:
            return not negated
        if one.name not in _OF_REQUESTS and not inside and _names_hosts(one.block or ()):
            words = " ".join((one.name, *one.args))
            self.unclear.append((one, _DOUBTFUL.format(words=words)))
        return False

    def _files(self, written: str) -> list[Path] | None:
        """Return the files of a path; of a folder, all that are in it."""
        files = self.files.matching(written)
        return self.files.matching(f"{written.rstrip('/')}/*") if files == [] else files


def _names_hosts(block: Sequence[Statement]) -> bool:
    return any(one.name in _NAMING or _names_hosts(one.block or ()) for one in block)


_PASSES = frozenset({"wsgiscriptalias", "scriptalias", "proxypass", "jkmount"})
_REDIRECTS = ("redirect", "redirectpermanent", "redirecttemp", "redirectmatch")
_FILTERS = frozenset({"setoutputfilter", "addoutputfilter", "addoutputfilterbytype"})
# What compresses or delays; what includes is seen in the page, what substitutes has a directive.
_KEEPS = frozenset(
    "DEFLATE INFLATE BROTLI_COMPRESS CACHE RATE_LIMIT INCLUDES SUBSTITUTE NONE".split()
)
_SINGLE = frozenset({"documentroot", "servername", "sslengine"})
_STATUSES = frozenset("301 302 303 307 308 permanent temp seeother".split())
_WHOLE = re.compile(r"\^?/?\??\(?(?:\.\*|\.\+)?\)?\$?")


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

    def names(self) -> Iterator[tuple[str, Statement]]:
        """Yield each name without a scheme, with its word."""
        for one in self.block:
            if one is self._first.get("servername") or one.name == "serveralias":
                # Comments at the end of a line are none to httpd; a ServerName is one word.
                for word in one.words[1:2] if one.name == "servername" else one.words[1:]:
                    for part in word.text.split():
                        scheme = "https://" if part.startswith("https") else "http://"
                        yield part.removeprefix(scheme), one.at(word)

    def server(self) -> Server:
        """Return what it says of its hosts."""
        switch = self._nearest("sslengine")
        on = switch is not None and "".join(switch.args[:1]).lower() not in {"", "off"}
        log = self._nearest("customlog") or self._nearest("transferlog")
        home = self._home()
        changed = next(_changing(self.block), None)
        return Server(
            home=Rewritten(changed) if changed and isinstance(home, Files) else home,
            secure=on
            or any(address.endswith(":443") for address in self._addresses)
            or any(spot.text.startswith("https://") for _, spot in self.names()),
            reachable=not self._addresses or not all(map(is_inner, self._addresses)),
            logs_nothing=log if log and log.args[:1] == ("/dev/null",) else None,
        )

    def _home(self) -> Home | None:
        at_root = [one for one in self.block if one.name == "location" and one.args == ("/",)]
        located = [inner for one in at_root for inner in one.block or ()]
        found, moved = self._rewritten()
        if found is None:
            found = next(filter(None, map(_redirect, self.block)), None)
            matched = [_moved(one) for one in self.block if one.name == "redirectmatch"]
            # Another page of the host is shown.
            moved = moved or any(one and _WHOLE.fullmatch(one[0]) for one in matched)
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
                flags = {*"".join(one.args[2:]).strip("[]").upper().split(",")}
                target = redirect(to, one)
                if conditions and not never and not target and to != "-":
                    # It may show another page of the host to some.
                    moved = moved or matches(pattern, "/") is not False
                whole = _WHOLE.fullmatch(pattern) and not conditions
                conditions = never = False
                if whole and target:
                    return (Proxied(one) if flags & {"P", "PROXY"} else target), True
                if whole and to != "-":
                    return None, True
        return None, moved

    def _files(self) -> Files | None:
        root = self._nearest("documentroot")
        alias = self._first.get("alias")
        if alias and alias.args[:1] == ("/",):
            root = replace(alias, words=alias.words[1:], block=None)
        folder = root.args[0] if root and len(root.args) == 1 else ""
        if root is None or not folder or "%" in folder or "$" in folder:
            return None
        return Files(folder, self._index_of(folder.rstrip("/")) or ("index.html",), root)

    def _index_of(self, folder: str) -> tuple[str, ...]:
        """Return the index that a section about the folder sets, or else the server."""
        servers = [self, self._main] if self._main else [self]
        sections = [
            one.block or ()
            for server in servers
            for one in server.block
            if one.name == "directory" and [arg.rstrip("/") for arg in one.args] == [folder]
        ]
        blocks = (*sections, *(server.block for server in servers))
        return next(filter(None, map(_index, blocks)), ())

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


def _moved(one: Statement) -> tuple[str, str] | None:
    """Return the path that a directive of mod_alias redirects, and where to."""
    if one.name not in _REDIRECTS:
        return None
    args = one.args[1:] if one.args[:1] and one.args[0].lower() in _STATUSES else one.args
    return (args[0], args[1]) if len(args) == 2 else None  # noqa: PLR2004 - a path and a target


def _redirect(one: Statement) -> Redirect | None:
    """Return the redirect of every request by mod_alias, if a directive is one."""
    path, to = _moved(one) or ("", "")
    whole = path == "/" or (one.name == "redirectmatch" and _WHOLE.fullmatch(path))
    return redirect(to, one) if whole else None


def _passes(one: Statement, *, inside: bool) -> bool:
    """Whether a directive hands requests for ``/`` to another program."""
    if one.name == "sethandler":
        return inside and one.args[:1] != ("None",)
    if one.name == "proxypassmatch":
        return inside or bool(one.args and _WHOLE.fullmatch(one.args[0]))
    if one.name not in _PASSES:
        return False
    return (inside or one.args[:1] in {("/",), ("/*",)}) and "!" not in one.args


_WILDCARD = re.compile(r"(?:\*\.)?[^*?]++")


_BY_HOST = re.compile(r"rewritecond %\{HTTP_HOST\}")


def read_apache(request: Request) -> Derived:
    """Read a configuration, a part of one, or a folder of them: each name of a virtual host.

    Raises `InputError` with file and line for sections that are not closed.
    """
    config = _Configuration(request)
    hosts = Hosts(config)
    into = hosts.into
    mains: list[VirtualHost] = []
    virtual: list[tuple[VirtualHost, Statement]] = []
    for path in _files(config):
        statements = config.statements(path)
        main = VirtualHost(
            [one for one in statements if one.block is None or one.name == "directory"]
        )
        mains.append(main)
        virtual += [
            (VirtualHost(one.block, main, one.args), one)
            for one in statements
            if one.name == "virtualhost" and one.block is not None
        ]
    for host, one in virtual:
        if not _add_names(hosts, host):
            hosts.catch_all(host.server(), one.place())
            hosts.apart(host.block, _BY_HOST)
    # The main server of a file answers where there are no virtual hosts.
    unused = [name for main in mains for name, _ in main.names()] if virtual else []
    for main in () if virtual else mains:
        _add_names(hosts, main)
    if unused:
        into.remark(_UNUSED.format(names=listed(dict.fromkeys(unused))))
    for one, why in config.unclear:
        into.gap(why, one.place(), "sites")
    if not hosts:
        into.remark(_NO_SITE)
    hosts.derive()
    return into.derived()


def _add_names(hosts: Hosts, virtual: VirtualHost) -> int:
    """Add the names of a server; return how many there are, without one for any host."""
    named = [(name, spot) for name, spot in virtual.names() if name != "*"]
    server = virtual.server()
    for name, spot in named:
        if _WILDCARD.fullmatch(name) or "$" in name:
            hosts.add(name, spot, server)
        else:
            hosts.into.pattern(provenance(name, spot)())
    return len(named)


def _files(config: Configuration) -> list[Path]:
    """Return the files to begin with, whatever they are called."""
    try:
        return config.top(".conf", ".vhost")
    except InputError:
        return config.top("")


_NO_SITE = Text(zh="没有公网主机名的虚拟主机", en="no virtual host with a public host name")
_UNUSED = Text(
    zh="有虚拟主机时主服务器不应答，其 ServerName 没有作为网站：{names}",
    en="the main server does not answer where there are virtual hosts, so its ServerName is not "
    "counted as a site: {names}",
)
_DOUBTFUL = Text(
    zh="文件没有说明 <{words}> 是否成立，其中的网站没有读取",
    en="the files do not say whether <{words}> holds, so the sites in it are not known",
)
_NO_MACRO = Text(
    zh="宏 {macro} 没有展开，其中可能还有网站",
    en="the macro {macro} is not expanded, and it may contain sites",
)
_EACH_FOLDER = Text(
    zh="{name} 按文件夹对应主机名，无法判断有哪些主机名",
    en="`{name}` has a folder for each host name, so the hosts are not known",
)
_UNCLEAR = {
    "use": _NO_MACRO,
    **dict.fromkeys(
        ("virtualdocumentroot", "virtualdocumentrootip", "virtualscriptalias"), _EACH_FOLDER
    ),
}
"""Directives of which it is not known what hosts they make."""
