"""Sites, home pages, gaps and remarks from the servers of an nginx configuration (网站)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance, Status
from pytest_icp.facts.files.opening import is_file
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.location import Place
from pytest_icp.sources.draft import Draft, ProvenanceLookup
from pytest_icp.sources.html.facts import Notes, add_home_page
from pytest_icp.sources.html.page import Page, read_page
from pytest_icp.sources.listing import listed
from pytest_icp.sources.nginx.config import Configuration
from pytest_icp.sources.nginx.directives import Directive
from pytest_icp.sources.nginx.names import NameKind
from pytest_icp.sources.nginx.servers import Files, Proxied, Redirect, Server, servers
from pytest_icp.sources.request import Request

_PARAMETERS = re.compile(
    r"(?:^|[/_])(?:mime\.types|modules?|[^\W_]++_params|fastcgi\.conf)(?=[/-]|\Z)"
)
_UNMAPPED = ("rtmp", "mail")
_MOST_REDIRECTS = 20
_PAGES = (".html", ".htm", ".xhtml", ".shtml")


class SiteReader:
    """Collects the servers of all files, then derives the facts of their hosts."""

    def __init__(self, request: Request, config: Configuration) -> None:
        self._request = request
        self._config = config
        self._draft = Draft(request.path)
        self._notes = Notes(request)
        self._file_place = Place(path=request.path)
        self._by_host: dict[str, list[Server]] = {}
        self._pages: dict[Path, Page] = {}
        self._unmapped: dict[str, int] = {}

    def add(self, tree: Sequence[Directive]) -> None:
        """Add the servers of one file."""
        for server in servers(tree):
            self._names(server)
        for directive in tree:
            if directive.name in _UNMAPPED and directive.block is not None:
                self._unmapped[directive.name] = self._unmapped.get(directive.name, 0) + 1
            if directive.name == "stream":
                self._stream(directive.block or ())

    def derived(self) -> Derived:
        """Return the facts, gaps and remarks of all servers."""
        for host, group in self._by_host.items():
            self._home(host, group)
        self._elsewhere()
        self._remark_on_servers()
        self._report_missing_includes()
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
                self._draft.add(
                    "sites", host, _provenance(host, directive, written), domains=[host]
                )
            if name.kind is NameKind.CATCH_ALL:
                self._catch_all(server, directive)
            elif name.kind is not NameKind.HOSTS:
                self._no_site(name.kind, written, directive.place(written))
        if not any(True for _ in server.names()):
            self._catch_all(server, next(iter(server.block), None))

    def _no_site(self, kind: NameKind, written: str, place: Place) -> None:
        if kind is NameKind.PATTERN:
            self._notes.gap(
                f"server_name「{written}」是模式或变量，无法判断对应哪些主机名；请逐个写出或用通配符",
                f"the server_name `{written}` is a pattern or a variable, so its hosts are not "
                "known; list them, or use a wildcard",
                place,
            )
        elif kind is NameKind.LOCAL:
            self._notes.remark(
                place,
                f"{written} 不是公网域名，未列为网站",
                f"{written} is not a public name, so it is not listed as a site",
            )
        else:
            self._notes.remark(place, f"{written} 不是主机名", f"{written} is not a host name")

    def _catch_all(self, server: Server, directive: Directive | None) -> None:
        """Add a remark for a server that answers for hosts that are not in the configuration."""
        if directive is not None and isinstance(server.home(), Files | Proxied):
            self._notes.remark(
                directive.place(),
                "该 server 没有主机名，解析到本机的其他域名都由它应答",
                "this server has no host name; it answers for every other name that points here",
            )

    def _home(self, host: str, group: Sequence[Server]) -> None:
        found = self._page(host)
        if found is not None:
            path, status = found
            page = self._pages.get(path) or read_page(path, self._request.read(path))
            self._pages[path] = page
            written = self._request.as_written(path)
            add_home_page(self._draft, self._notes, host, page, written, status=status)
            return
        passed = next((h for s in group if isinstance(h := s.home(), Proxied)), None)
        if passed is not None:
            made = _provenance(host, passed.directive, "", Status.AFTER_APPLY)
            self._draft.set("sites", host, "home_page", None, made)

    def _page(self, host: str) -> tuple[Path, Status] | None:
        """Return the file of a host's home page, following redirects to other hosts.

        They are followed as far as a browser does, so that each host takes a limited time.
        """
        seen = {host}
        chain = [iter(self._by_host.get(host, ()))]
        while chain:
            server = next(chain[-1], None)
            if server is None:
                chain.pop()
                continue
            self._request.meter.spend("expansions")
            home = server.home()
            if isinstance(home, Files):
                path = self._file(home)
                if path is not None:
                    return path, Status.KNOWN if len(chain) == 1 else Status.REFERENCED
            elif isinstance(home, Redirect) and home.host is not None:
                target = _normal(home.host)
                if target is not None and target not in seen and len(seen) <= _MOST_REDIRECTS:
                    seen.add(target)
                    chain.append(iter(self._by_host.get(target, ())))
        return None

    def _file(self, home: Files) -> Path | None:
        folder = self._config.here(home.folder)
        if folder is None:
            return None
        for name in home.index:
            path = folder / name.lstrip("/")
            if is_file(path):
                return path if path.suffix.lower() in _PAGES else None
        self._notes.remark(
            home.directive.place(),
            f"{self._request.as_written(folder)} 中没有 {'、'.join(home.index)}",
            f"{self._request.as_written(folder)} has no {' or '.join(home.index)}",
        )
        return None

    def _remark_on_servers(self) -> None:
        """Add remarks about servers that are local, without TLS or without an access log."""
        groups = self._by_host.items()
        self._list(
            (host for host, group in groups if not any(s.reachable for s in group)),
            "只监听本机或内网地址，请在 public 中写明公众能否访问",
            "listening on local or private addresses only; declare in `public` whether the public "
            "can reach them",
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
                        off.place(), f"{host} 不记录访问日志", f"{host} has no access log"
                    )

    def _elsewhere(self) -> None:
        """Add remarks about home pages that are not in the repository."""
        proxied, folders = list[str](), dict[str, list[str]]()
        for host, group in self._by_host.items():
            for home in (server.home() for server in group):
                if isinstance(home, Proxied):
                    proxied.append(host)
                elif isinstance(home, Files) and self._config.here(home.folder) is None:
                    folders.setdefault(home.folder, []).append(host)
                elif isinstance(home, Redirect):
                    self._remark_on_redirect(host, home)
        self._list(
            proxied,
            "主页由其他程序生成，请另加 html 类型的来源",
            "home pages generated by another program; add them as sources of kind html",
        )
        for folder, hosts in folders.items():
            self._list(
                hosts,
                f"主页在 {folder}，请在 roots 中写明它对应仓库中的哪个文件夹",
                f"home pages in {folder}; map it to a folder of the repository in `roots`",
            )

    def _remark_on_redirect(self, host: str, home: Redirect) -> None:
        if home.host and _normal(home.host) not in self._by_host:
            self._notes.remark(
                home.directive.place(),
                f"{host} 跳转到 {home.host}",
                f"{host} redirects visitors to {home.host}",
            )

    def _list(self, names: Iterable[str], zh: str, en: str) -> None:
        """Add one remark about several names, if there are any."""
        each = listed(list(dict.fromkeys(names)))
        if each.en:
            self._notes.remark(self._file_place, f"{zh}：{each.zh}", f"{en}: {each.en}")

    def _stream(self, block: Sequence[Directive]) -> None:
        for inner in block:
            if inner.name == "ssl_preread" or any(
                d.name == "ssl_preread" for d in inner.block or ()
            ):
                self._notes.gap(
                    "stream 按 TLS 中的主机名转发，无法判断有哪些主机名",
                    "the stream block forwards by the host name in TLS, so its hosts are not known",
                    inner.place(),
                )
            for passed in inner.block or () if inner.name == "server" else ():
                if passed.name == "proxy_pass":
                    to = _shown(passed)
                    self._notes.remark(
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
            self._notes.gap(
                f"没有读取 {pattern}（不在仓库内），其中可能还有网站；"
                "仓库中有副本的，在 roots 中写明其文件夹",
                f"{pattern} is not in the repository, so it was not read and may contain more "
                "sites; if the repository has a copy, map its folder in `roots`",
                missing.directive.place(pattern),
            )
        self._list(harmless, "没有读取不在仓库内的", "not in the repository and not read")


def _provenance(
    host: str, directive: Directive, written: str, status: Status = Status.KNOWN
) -> ProvenanceLookup:
    def lookup() -> Provenance:
        place = directive.place(written)
        # A line with a password in an address is not quoted.
        place = replace(place, excerpt="") if "@" in place.excerpt else place
        return Provenance(
            place=place, status=status, address=f"server {host}", attribute=directive.name
        )

    return lookup


def _shown(directive: Directive) -> str:
    """Return the arguments of a directive, without a user and a password in an address."""
    return re.sub(r"//[^/\s]*@", "//", " ".join(directive.args))


def _normal(host: str) -> str | None:
    try:
        return normal_host(host)
    except HostError:
        return None
