"""What the servers of an nginx configuration tell of their hosts, and what they do not (网站)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance, Status
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.location import Place
from pytest_icp.sources.draft import Draft, Found
from pytest_icp.sources.html.facts import Notes, say_page
from pytest_icp.sources.html.page import Page, read_page
from pytest_icp.sources.listing import listed
from pytest_icp.sources.nginx.config import Configuration
from pytest_icp.sources.nginx.directives import Directive
from pytest_icp.sources.nginx.names import Sort
from pytest_icp.sources.nginx.servers import Files, Passed, Redirect, Server, servers
from pytest_icp.sources.request import Request

_PARAMETERS = re.compile(r"(?:.*[/_])?(?:mime\.types|modules?|\w+_params|fastcgi\.conf)(?:[/-].*)?")
_UNMAPPED = ("rtmp", "mail")
_PAGES = (".html", ".htm", ".xhtml", ".shtml")


class Reader:
    """The sites of all servers read so far, and what each server says of its hosts."""

    def __init__(self, request: Request, config: Configuration) -> None:
        self._request = request
        self._config = config
        self._draft = Draft(request.path)
        self._notes = Notes(request)
        self._file_place = Place(path=request.path)
        self._by_host: dict[str, list[Server]] = {}
        self._pages: dict[Path, Page] = {}
        self._unmapped: dict[str, int] = {}

    def take(self, tree: Sequence[Directive]) -> None:
        """Note the servers of one file."""
        for server in servers(tree):
            self._names(server)
        for directive in tree:
            if directive.name in _UNMAPPED and directive.block is not None:
                self._unmapped[directive.name] = self._unmapped.get(directive.name, 0) + 1
            if directive.name == "stream":
                self._stream(directive.block or ())

    def derived(self) -> Derived:
        """Return what was found, home pages looked up."""
        for host, group in self._by_host.items():
            self._home(host, group)
        self._elsewhere()
        self._remark_on_servers()
        self._missed()
        if not self._by_host:
            self._notes.remark(
                self._file_place,
                "没有公网主机名的 server",
                "no server with a public host name",
            )
        return Derived(
            facts=self._draft.facts(),
            trace=self._draft.trace,
            gaps=tuple(self._notes.gaps),
            unmapped=self._unmapped,
            remarks=tuple(self._notes.remarks),
        )

    def _names(self, server: Server) -> None:
        for written, name, directive in server.names():
            for host in name.hosts:
                self._by_host.setdefault(host, []).append(server)
                self._draft.add("sites", host, _said(host, directive, written), domains=[host])
            if name.sort is Sort.CATCH_ALL:
                self._catch_all(server, directive)
            elif name.sort is not Sort.HOSTS:
                self._no_site(name.sort, written, directive.place(written))
        if not any(True for _ in server.names()):
            self._catch_all(server, next(iter(server.block), None))

    def _no_site(self, sort: Sort, written: str, place: Place) -> None:
        if sort is Sort.OPEN:
            self._notes.gap(
                f"server_name「{written}」是模式或变量，不知对应哪些主机名；请逐个写出或用通配符",
                f"the server_name `{written}` is a pattern or a variable, so that its hosts are "
                "not known; write them out, or a wildcard",
                place,
            )
        elif sort is Sort.LOCAL:
            self._notes.remark(
                place,
                f"{written} 不是公网域名，未列为网站",
                f"{written} is no public name, so it is not listed as a site",
            )
        else:
            self._notes.remark(place, f"{written} 不是主机名", f"{written} is no host name")

    def _catch_all(self, server: Server, directive: Directive | None) -> None:
        """Remark on a server that shows something to hosts that are not written here."""
        if directive is not None and isinstance(server.home(), Files | Passed):
            self._notes.remark(
                directive.place(),
                "该 server 没有主机名，解析到本机的其他域名都由它应答",
                "this server has no host name; it answers for every other name that points here",
            )

    def _home(self, host: str, group: Sequence[Server]) -> None:
        found = self._page(host, {host})
        if found is not None:
            path, status = found
            page = self._pages.get(path) or read_page(path, self._request.read(path))
            self._pages[path] = page
            written = self._request.as_written(path)
            say_page(self._draft, self._notes, host, page, written, status=status)
            return
        passed = next((h for s in group if isinstance(h := s.home(), Passed)), None)
        if passed is not None:
            made = _said(host, passed.directive, "", Status.AFTER_APPLY)
            self._draft.say("sites", host, "home_page", None, made)

    def _page(self, host: str, seen: set[str]) -> tuple[Path, Status] | None:
        """Return the file of a host's home page; redirects to other hosts here are followed."""
        for server in self._by_host.get(host, ()):
            home = server.home()
            if isinstance(home, Files):
                path = self._file(home)
                if path is not None:
                    return path, Status.KNOWN
            elif isinstance(home, Redirect) and home.host is not None:
                target = _normal(home.host)
                if target is not None and target not in seen:
                    found = self._page(target, {*seen, target})
                    if found is not None:
                        return found[0], Status.REFERENCED
        return None

    def _file(self, home: Files) -> Path | None:
        folder = self._config.here(home.folder)
        if folder is None:
            return None
        for name in home.index:
            path = folder / name.lstrip("/")
            if path.is_file():
                return path if path.suffix.lower() in _PAGES else None
        self._notes.remark(
            home.directive.place(),
            f"{self._request.as_written(folder)} 中没有 {'、'.join(home.index)}",
            f"{self._request.as_written(folder)} has no {' or '.join(home.index)}",
        )
        return None

    def _remark_on_servers(self) -> None:
        """Remark on what an auditor asks about servers; it decides nothing."""
        groups = self._by_host.items()
        self._list(
            (host for host, group in groups if not any(s.reachable for s in group)),
            "只监听本机或内网地址，公众能否访问要手工填写 public",
            "on this machine or a private network only; whether the public can reach them has to "
            "be said as `public`",
        )
        self._list(
            (host for host, group in groups if not any(s.secure for s in group)),
            "没有启用 TLS",
            "without TLS",
        )
        for host, group in groups:
            for off in (server.logs_nothing for server in group):
                if off is not None:
                    self._notes.remark(
                        off.place(), f"{host} 不记录访问日志", f"{host} keeps no access log"
                    )

    def _elsewhere(self) -> None:
        """Remark on home pages that are not in the files of this repository."""
        passed, folders = list[str](), dict[str, list[str]]()
        for host, group in self._by_host.items():
            for home in (server.home() for server in group):
                if isinstance(home, Passed):
                    passed.append(host)
                elif isinstance(home, Files) and self._config.here(home.folder) is None:
                    folders.setdefault(home.folder, []).append(host)
                elif isinstance(home, Redirect):
                    self._sent_away(host, home)
        self._list(
            passed,
            "主页由其他程序生成，请另以 html 来源给出",
            "home pages that another program makes; name them as sources of kind html",
        )
        for folder, hosts in folders.items():
            self._list(
                hosts,
                f"主页在 {folder}，请在 roots 中写明它在仓库中的文件夹",
                f"home pages in {folder}; say in `roots` which folder of the repository that is",
            )

    def _sent_away(self, host: str, home: Redirect) -> None:
        if home.host and _normal(home.host) not in self._by_host:
            self._notes.remark(
                home.directive.place(),
                f"{host} 跳转到 {home.host}",
                f"{host} sends its visitors to {home.host}",
            )

    def _list(self, names: Iterable[str], zh: str, en: str) -> None:
        """Remark on all of some names at once, if there are any."""
        each = listed(list(dict.fromkeys(names)))
        if each.en:
            self._notes.remark(self._file_place, f"{zh}：{each.zh}", f"{en}: {each.en}")

    def _stream(self, block: Sequence[Directive]) -> None:
        for inner in block:
            if inner.name == "ssl_preread" or any(
                d.name == "ssl_preread" for d in inner.block or ()
            ):
                self._notes.gap(
                    "stream 按 TLS 中的主机名转发，不知有哪些主机名",
                    "the stream block passes on by the host name in TLS; its hosts are not known",
                    inner.place(),
                )
            for passed in inner.block or () if inner.name == "server" else ():
                if passed.name == "proxy_pass":
                    to = _shown(passed)
                    self._notes.remark(
                        passed.place(),
                        f"stream 将连接转发到 {to}，不是网站",
                        f"the stream passes connections on to {to}; no site",
                    )

    def _missed(self) -> None:
        """Tell of includes that were not read; those that may hold servers are gaps."""
        harmless = dict[str, None]()
        for missed in self._config.missed:
            pattern = missed.directive.args[0]
            inner = missed.inside[1:] if missed.inside[:1] == ("http",) else missed.inside
            if _PARAMETERS.fullmatch(pattern) or inner:
                harmless[pattern] = None
                continue
            self._notes.gap(
                f"没有读取 {pattern}（不在仓库内），其中可能还有网站；"
                "仓库中有副本的，在 roots 中写明其文件夹",
                f"{pattern} was not read, for it is not in the repository; there may be more "
                "sites in it. If the repository has a copy, say in `roots` where",
                missed.directive.place(pattern),
            )
        self._list(harmless, "没有读取不在仓库内的", "not read, for they are not in the repository")


def _said(host: str, directive: Directive, written: str, status: Status = Status.KNOWN) -> Found:
    def found() -> Provenance:
        place = directive.place(written)
        # A line with a password in an address is not quoted.
        place = replace(place, excerpt="") if "@" in place.excerpt else place
        return Provenance(
            place=place, status=status, address=f"server {host}", attribute=directive.name
        )

    return found


def _shown(directive: Directive) -> str:
    """Return the arguments of a directive, without a user and a password in an address."""
    return re.sub(r"//[^/\s]*@", "//", " ".join(directive.args))


def _normal(host: str) -> str | None:
    try:
        return normal_host(host)
    except HostError:
        return None
