"""The home pages of the hosts that a web server answers for (主页来源)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance, Status
from pytest_icp.facts.files.opening import is_file
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.location import Place
from pytest_icp.sources.draft import Draft, ProvenanceLookup
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.home_pages import Files, Home, Proxied, Redirect, Rewritten, Written
from pytest_icp.sources.html.facts import Notes, add_home_page
from pytest_icp.sources.html.page import Page, read_page
from pytest_icp.sources.listing import listed
from pytest_icp.sources.request import Request
from pytest_icp.sources.server_files import ServerFiles

if TYPE_CHECKING:
    from pytest_icp.sources.log_retention.kept import Kept

_MOST_REDIRECTS = 20
_PAGES = (".html", ".htm", ".xhtml", ".shtml")


class Server(Protocol):
    """What a configuration says of the hosts of one virtual server."""

    @property
    def secure(self) -> bool:
        """Whether it uses TLS."""

    @property
    def reachable(self) -> bool:
        """Whether it listens on any address that is not local or private."""

    @property
    def logs_nothing(self) -> Written | None:
        """What turns the access log off, if anything does."""

    def home(self) -> Home | None:
        """Return what a visitor of ``/`` gets; None if the configuration does not say."""


class _Answer(Struct, frozen=True, eq=False):
    """What a server says, worked out once for all its hosts."""

    server: Server
    home: Home | None
    secure: bool
    reachable: bool
    logs_nothing: Written | None


class Homes:
    """The servers of each host; derives home pages from them, and what an auditor asks about."""

    def __init__(self, request: Request, files: ServerFiles, draft: Draft, notes: Notes) -> None:
        self._request = request
        self._files = files
        self._draft = draft
        self._notes = notes
        self._named = notes.named(Place(path=request.path))
        self._by_host: dict[str, list[_Answer]] = {}
        self._answers: dict[int, _Answer] = {}
        self._pages: dict[Path, Page] = {}

    def __len__(self) -> int:
        """Return the number of hosts."""
        return len(self._by_host)

    def add(self, host: str, server: Server) -> None:
        """Add a server of a host; the site of the host is added elsewhere."""
        answer = self._answers.get(id(server))
        if answer is None:
            answer = self._answers[id(server)] = _Answer(
                server, server.home(), server.secure, server.reachable, server.logs_nothing
            )
        self._by_host.setdefault(host, []).append(answer)

    def catch_all(self, server: Server, place: Place) -> None:
        """Add a remark for a server that answers for hosts that are not in the configuration."""
        if isinstance(server.home(), (Files, Proxied)):
            self._notes.remark(
                place,
                "该 server 没有主机名，解析到本机的其他域名都由它应答",
                "this server has no host name; it answers for every other name that points here",
            )

    def missing(self, pattern: str, place: Place) -> None:
        """Add a gap for included files that are not in the repository and may name hosts."""
        self._notes.gap(
            f"没有读取 {pattern}（不在仓库内），其中可能还有网站；"
            "仓库中有副本的，在 roots 中写明其文件夹",
            f"{pattern} is not in the repository, so it was not read and may contain more "
            "sites; if the repository has a copy, map its folder in `roots`",
            place,
        )

    def derive(self) -> None:
        """Set the home pages of all hosts, and add the remarks."""
        for host, group in self._by_host.items():
            self._home(host, group)
        self._elsewhere()
        self._remark_on_servers()

    def _home(self, host: str, group: Sequence[_Answer]) -> None:
        found = self._page(host)
        other = self._other(group, found[0] if found else None)
        if other is not None:
            if isinstance(other, Rewritten):
                self._rewritten(other.directive)
            elif found is not None:
                self._notes.remark(
                    other.directive.place(),
                    f"{host} 的几个 server 主页不同，无法判断访问者看到哪一个",
                    f"the servers of {host} show different home pages; which one is not known",
                )
            known = found is not None and not isinstance(other, Rewritten)
            why = Status.NOT_TOLD if known else Status.AFTER_APPLY
            made = provenance(host, other.directive, "", why)
            self._draft.set("sites", host, "home_page", None, made)
        elif found is not None and (doubt := _doubt(group)) is not None:
            self._notes.remark(
                doubt.place(),
                f"{doubt.name} 可能改变 {host} 的主页，无法判断；请另加 html 类型的来源",
                f"{doubt.name} may show visitors something else, so the home page of {host} is not "
                "known; add it as a source of kind html",
            )
            made = provenance(host, doubt, "", Status.NOT_TOLD)
            self._draft.set("sites", host, "home_page", None, made)
        elif found is not None:
            path, status = found
            request = self._request
            page = self._pages.get(path) or read_page(path, request.read(path), request)
            self._pages[path] = page
            written = self._request.as_written(path)
            add_home_page(self._draft, self._notes, host, page, written, status=status)

    def _other(self, group: Sequence[_Answer], page: Path | None) -> Files | Proxied | None:
        """Return what a server of a host shows instead of a page, or generates."""
        for home in [answer.home for answer in group]:
            if isinstance(home, Proxied) or (
                page and isinstance(home, Files) and self._file(home) != page
            ):
                return home
        return None

    def _rewritten(self, directive: Written) -> None:
        self._notes.gap(
            f"{directive.name} 在发送时改写主页，无法判断访问者看到的内容；请另加 html 类型的来源",
            f"{directive.name} changes the home page while it is sent, so what visitors see is "
            "not known; add what they see as a source of kind html",
            directive.place(),
            # The list of sites is still complete.
            kinds=(),
        )

    def _page(self, host: str) -> tuple[Path, Status] | None:
        """Return the file of a host's home page, following redirects as far as a browser does."""
        seen = {host}
        chain = [iter(self._by_host.get(host, ()))]
        while chain:
            server = next(chain[-1], None)
            if server is None:
                chain.pop()
                continue
            self._request.meter.spend("expansions")
            home = server.home
            if isinstance(home, Files):
                path = self._file(home)
                if path is not None and (home.doubt is None or len(chain) == 1):
                    return path, Status.KNOWN if len(chain) == 1 else Status.REFERENCED
            elif isinstance(home, Redirect) and home.host is not None:
                target = _normal(home.host)
                if target is not None and target not in seen and len(seen) <= _MOST_REDIRECTS:
                    seen.add(target)
                    group = self._by_host.get(target, ())
                    # A page that one of its servers makes or changes is not known.
                    if not any(isinstance(one.home, Proxied) for one in group):
                        chain.append(iter(group))
        return None

    def _file(self, home: Files) -> Path | None:
        folder = self._files.here(home.folder)
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
        self.list(
            [host for host, group in groups if True not in [one.reachable for one in group]],
            "只监听本机或内网地址，请在 public 中写明公众能否访问",
            "listening on local or private addresses only; declare in `public` whether the public "
            "can reach them",
        )
        self.list(
            [host for host, group in groups if True not in [one.secure for one in group]],
            "没有启用 TLS",
            "without TLS",
        )
        for host, group in groups:
            for off in [one.logs_nothing for one in group if one.logs_nothing is not None]:
                self._notes.remark(
                    off.place(), f"{host} 不记录访问日志", f"{host} has no access log"
                )

    def _elsewhere(self) -> None:
        """Add remarks about home pages that are not in the repository."""
        proxied, folders = list[str](), dict[str, list[str]]()
        for host, group in self._by_host.items():
            for answer in group:
                home = answer.home
                if type(home) is Proxied:
                    proxied.append(host)
                elif isinstance(home, Files) and self._files.here(home.folder) is None:
                    folders.setdefault(home.folder, []).append(host)
                elif isinstance(home, Redirect):
                    self._remark_on_redirect(host, home)
        self.list(
            proxied,
            "主页由其他程序生成，请另加 html 类型的来源",
            "home pages generated by another program; add them as sources of kind html",
        )
        for folder, hosts in folders.items():
            self.list(
                hosts,
                f"主页在 {folder}，请写 `roots: {{{folder}: …}}`，注明是仓库中的哪个文件夹",
                f"home pages in {folder}; add `roots: {{{folder}: …}}` with their folder here",
            )

    def _remark_on_redirect(self, host: str, home: Redirect) -> None:
        if home.host and _normal(home.host) not in self._by_host:
            self._notes.remark(
                home.directive.place(),
                f"{host} 跳转到 {home.host}",
                f"{host} redirects visitors to {home.host}",
            )

    def list(self, names: Iterable[str], zh: str, en: str) -> None:
        """Add one remark about several names, if there are any."""
        each = listed(dict.fromkeys(names))
        if each.en:
            self._notes.remark_at(self._named, f"{zh}：{each.zh}", f"{en}: {each.en}")


class Hosts:
    """Gathers the sites of a web server, with their home pages (网站汇集)."""

    def __init__(self, request: Request, files: ServerFiles) -> None:
        self.into = Gathering(request.path)
        self._notes = Notes(request)
        self.homes = Homes(request, files, self.into.draft, self._notes)
        self._harmless: dict[str, None] = {}
        self._request = request
        self._kept: list[tuple[str, Kept]] = []

    def log(self, path: Path, kept: Kept) -> None:
        """Add an access log that a file sets a period for."""
        self._kept.append((f"{self._request.as_written(path)}:{kept.name}", kept))

    def add(self, written: str, where: Written, server: Callable[[str], Server]) -> None:
        """Add the site of a host, and the server that answers for it."""
        host = self.into.site(written, provenance(written, where))
        if host is not None:
            self.homes.add(host, server(host))

    def remark(self, where: Written, zh: str, en: str) -> None:
        """Add a remark about a directive."""
        self._notes.remark(where.place(), zh, en)

    def missing(self, pattern: str, where: Written, *, harmless: bool) -> None:
        """Report an included file that is not in the repository; a harmless one names no host."""
        if harmless:
            self._harmless[pattern] = None
        else:
            self.homes.missing(pattern, where.place())

    def derived(self) -> Derived:
        """Return everything that was gathered, with the home pages."""
        self.homes.derive()
        self.homes.list(self._harmless, *NOT_READ)
        self._add_logs()
        for gap in self._notes.gaps:
            self.into.gap(gap.message, gap.place, *gap.kinds)
        for remark in self._notes.remarks:
            self.into.remark(remark)
        return self.into.derived()

    def _add_logs(self) -> None:
        if self._kept:
            from pytest_icp.sources.log_retention.stores import Stores

            stores = Stores(self._request, self.into)
            for name, kept in self._kept:
                stores.keep(name, kept)
            stores.finish()


def _doubt(group: Sequence[_Answer]) -> Written | None:
    """Return what may show visitors of a host something else than its file, if anything."""
    homes = [answer.home for answer in group]
    return next((one.doubt for one in homes if isinstance(one, Files) and one.doubt), None)


def provenance(
    host: str, directive: Written, word: str = "", status: Status = Status.KNOWN
) -> ProvenanceLookup:
    """Return a lookup of where a directive, or one of its words, tells something of a host."""

    def lookup() -> Provenance:
        place = directive.place(word)
        # A line with a password in an address is not quoted.
        place = replace(place, excerpt="") if "@" in place.excerpt else place
        return Provenance(
            place=place, status=status, address=f"server {host}", attribute=directive.name
        )

    return lookup


NOT_READ = ("没有读取不在仓库内的", "not in the repository and not read")


def _normal(host: str) -> str | None:
    try:
        return normal_host(host)
    except HostError:
        return None
