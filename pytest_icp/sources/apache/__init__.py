"""Source kind ``apache``: sites, their home pages and access logs from Apache httpd (Apache 配置).

Setting ``roots`` maps folders of the server to folders of the repository, as for nginx.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.text import Text
from pytest_icp.sources.apache.config import Configuration
from pytest_icp.sources.apache.hosts import VirtualHost
from pytest_icp.sources.homes import Hosts, provenance
from pytest_icp.sources.listing import listed
from pytest_icp.sources.log_stores import Kept
from pytest_icp.sources.request import Request
from pytest_icp.sources.statements import Statement

LOGS = ("customlog", "transferlog")
_WITH_VALUE = frozenset({"-L", "-p", "-n"})
_SECONDS = re.compile(r"[0-9]{1,9}")
_DAY = 86_400
_LONGEST = 36_500


def access_logs(block: Sequence[Statement]) -> Iterator[tuple[Statement, Kept]]:
    """Yield the access logs of a server that go through a number of files."""
    for one in block:
        if one.name in LOGS and one.args[:1] and one.args[0].startswith("|"):
            kept = _kept(one)
            if kept is not None:
                yield one, kept


def _kept(one: Statement) -> Kept | None:
    try:
        words = shlex.split(one.args[0].lstrip("|$"))
    except ValueError:
        return None
    if not words or not words[0].endswith("rotatelogs"):
        return None
    rest, number = iter(words[1:]), ""
    plain: list[str] = []
    for word in rest:
        value = next(rest, "") if word in _WITH_VALUE else ""
        number = value if word == "-n" else number
        plain += [] if word.startswith("-") else [word]
    if not _SECONDS.fullmatch(number) or len(plain) < 2:  # noqa: PLR2004 - a file and its turn
        return None
    name, turn = plain[:2]

    def at() -> Provenance:
        return Provenance(place=one.place(), address=f"log {name}", attribute="rotatelogs -n")

    # The file being written begins empty: so many less one are whole.
    whole = (int(number) - 1) * int(turn) // _DAY if _SECONDS.fullmatch(turn) else 0
    period: JsonObject | None = {"days": whole} if 0 < whole < _LONGEST else None
    return Kept(
        name=name,
        at=at,
        kinds=("access",),
        period=period,
        period_at=at if period else None,
        limits=() if period else (f"-n {number} {turn}",),
    )


_MAIN = ("httpd.conf", "apache2.conf")
_HARMLESS = re.compile(
    r"(?:^|/)(?:mods-(?:enabled|available)|conf\.modules\.d)/|(?:^|/)ports\.conf\Z"
    r"|(?:^|/)extra/httpd-(?!vhosts|ssl)"
)
_WILDCARD = re.compile(r"(?:\*\.)?[^*?]++")
_MASS = frozenset({"virtualdocumentroot", "virtualdocumentrootip", "virtualscriptalias"})


def read_apache(request: Request) -> Derived:
    """Read a configuration, a part of one, or a folder of them: each name of a virtual host.

    Raises `InputError` with file and line for sections that are not closed.
    """
    config = Configuration(request)
    reader = _Reader(Hosts(request, config.files))
    for path in _files(request):
        reader.add(config.statements(path))
    reader.finish(config)
    return reader.into.derived()


def _files(request: Request) -> Sequence[Path]:
    """Return the main file of a folder, or all its files if it has none."""
    try:
        files = list(request.files(".conf", ".vhost"))
    except InputError:
        files = list(request.files(""))
    return [file for file in files if file in {request.path / name for name in _MAIN}] or files


class _Reader:
    def __init__(self, into: Hosts) -> None:
        self.into = into
        self._mains: list[VirtualHost] = []
        self._hosts = 0

    def add(self, statements: Sequence[Statement]) -> None:
        """Add the virtual hosts of one file; its main server counts if there are none."""
        around = [one for one in statements if one.block is None or one.name == "directory"]
        main = VirtualHost(around)
        self._mains.append(main)
        for one in statements:
            if one.name == "virtualhost" and one.block is not None:
                self._hosts += 1
                self._add(VirtualHost(one.block, main, one.args), one)
        self._mass(statements)
        self._logs(statements)

    def _logs(self, block: Sequence[Statement]) -> None:
        for one, kept in access_logs(block):
            self.into.log(one.file.path, kept)

    def _add(self, server: VirtualHost, written: Statement) -> None:
        if not self._names(server):
            self.into.homes.catch_all(server, written.place())
        if server.has(*_MASS):
            self._mass(server.block)
        if server.has(*LOGS):
            self._logs(server.block)

    def _names(self, server: VirtualHost) -> int:
        """Add the names of a server; return how many there are, without one for any host."""
        named = [found for found in server.names() if found[2] != "*"]
        for directive, word, name in named:
            spot = directive.at(word)
            if _WILDCARD.fullmatch(name) or "$" in name:
                self.into.add(name, spot, lambda _: server)
            else:
                self.into.into.pattern(provenance(name, spot)())
        return len(named)

    def _mass(self, statements: Sequence[Statement]) -> None:
        for one in statements:
            if one.name in _MASS:
                self.into.into.gap(
                    _EACH_FOLDER.format(name=one.words[0].text), one.place(), "sites"
                )

    def finish(self, config: Configuration) -> None:
        """Add the main servers, and what is not known."""
        unused = []
        for server in self._mains:
            if self._hosts:
                unused += [name for _, _, name in server.names()]
            else:
                self._names(server)
        if unused:
            self.into.into.remark(_UNUSED.format(names=listed(dict.fromkeys(unused))))
        for one in config.doubtful:
            words = " ".join((one.name, *one.args))
            self.into.into.gap(_DOUBTFUL.format(words=words), one.place(), "sites")
        for missing in config.missing:
            spot = missing.statement.at(missing.statement.words[1])
            if missing.statement.name == "use" and not missing.inside:
                self.into.into.gap(_NO_MACRO.format(name=spot.word.text), spot.place(), "sites")
            else:
                harmless = missing.inside or bool(_HARMLESS.search(spot.word.text))
                self.into.missing(spot.word.text, spot, harmless=harmless)
        if not self.into.homes:
            self.into.into.remark(_NO_SITE)


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
    zh="没有找到宏 {name}，其中可能还有网站",
    en="the macro {name} was not found, and it may contain sites",
)
_EACH_FOLDER = Text(
    zh="{name} 按文件夹对应主机名，无法判断有哪些主机名",
    en="`{name}` has a folder for each host name, so the hosts are not known",
)
