"""Source kind ``html``: the home page of a site, as a file in the repository (主页).

Setting ``host`` is the host of the site; by default it is read from the ``canonical`` link of the
page. In a folder, the index page at the top level is read. Web servers lead to such pages, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NONE
from pytest_icp.facts.derived import Derived, Provenance, Status
from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import decode
from pytest_icp.facts.files.faults import EMPTY
from pytest_icp.facts.files.positions import Lines
from pytest_icp.facts.pages import LARGEST_PART, completed
from pytest_icp.facts.pages.reading import Link, PageContent
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.numbers import Numbers, numbers_in
from pytest_icp.law.text import Text
from pytest_icp.sources.documents import ProvenanceLookup
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.hosts import host_set
from pytest_icp.sources.request import Request

LARGEST = 8 * 1024 * 1024
"""The largest page in bytes. No real home page is larger."""

_FOOT = re.compile(r"<footer\b|</body\b", re.IGNORECASE)
_SERIAL = re.compile(r"[0-9]{6,}")


class Page(Confidential, Struct, frozen=True, eq=False, dict=True):
    """One page; ``path`` is as it was requested.

    ``whole`` is the page with what it takes from other files, if there is any.
    """

    path: Path
    html: str
    whole: str = ""

    @cached_property
    def reading(self) -> PageContent:
        """The visible text and links of the page, as far as a template certainly shows them."""
        # Imported here because many server configurations have no pages.
        from pytest_icp.facts.pages.reading import read
        from pytest_icp.facts.pages.rendering import certain, unchanged

        html = self.whole or self.html
        return read(unchanged(certain(self.path, html), html))

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers in the visible text of the page."""
        return numbers_in(self.reading.text)

    @cached_property
    def unrendered(self) -> Place | None:
        """The place that shows that the page is a template or rendered by scripts, if it is."""
        from pytest_icp.facts.pages.rendering import unrendered

        mark = unrendered(self.path, self.html)
        if mark is not None:
            return self._lines.place(self.path, *mark)
        # What shows it may stand in a script or style sheet that the page links to.
        linked = self.whole != self.html and unrendered(self.path, self.whole or self.html)
        return self.place() if linked else None

    @property
    def canonical(self) -> str | None:
        """The host that the page declares as its own, if any."""
        from pytest_icp.facts.pages.reading import parse

        for node in parse(self.html).css("link[rel=canonical], meta[property='og:url']"):
            attributes = node.attributes
            host = _host(attributes.get("href") or attributes.get("content") or "")
            if host:
                return host
        return None

    def place(self, number: str = "") -> Place:
        """Return the place of a number; without one, the place where a licence number belongs."""
        serial = _SERIAL.search(number)
        at = self._bare.rfind(serial.group()) if serial else -1
        if at >= 0 and serial:
            return self._lines.place(self.path, at, at + len(serial.group()))
        foot = _FOOT.search(self._bare)
        span = self._line_of(serial.group()) if serial else None
        return self._lines.place(self.path, *(span or (foot.span() if foot else (0, 0))))

    def _line_of(self, serial: str) -> tuple[int, int] | None:
        """Return the line of a component that shows a number as a constant, by its offsets."""
        from pytest_icp.facts.pages.marks import bare
        from pytest_icp.facts.pages.rendering import certain

        before, found, _ = bare(certain(self.path, self.whole)).rpartition(serial)
        if not found:
            return None
        lines = self.html.split("\n")[: before.count("\n") + 1]
        end = len("\n".join(lines))
        return end - len(lines[-1].lstrip()), end

    @cached_property
    def _bare(self) -> str:
        """The page with comments and code blanked out; the rest keeps its offsets."""
        from pytest_icp.facts.pages.marks import bare
        from pytest_icp.facts.pages.rendering import certain

        return bare(certain(self.path, self.html))

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self.html)


def read_page(path: Path, raw: bytes, request: Request | None = None) -> Page:
    """Read a page from the bytes of its file; with a request, also what it takes from others.

    Raises `InputError` if it is binary, empty or too large.
    """
    if len(raw) > LARGEST:
        raise InputError(_TOO_LARGE.format(most=LARGEST // 2**20), place=Place(path=path))
    html = decode(raw)
    if "\0" in html or not html.strip():
        raise InputError(_BINARY if "\0" in html else EMPTY, place=Place(path=path))
    # Standard input is in no folder.
    if request is None or request.given is not None:
        return Page(path, html)
    return Page(path, html, completed(path, html, partial(request.read, limit=LARGEST_PART)))


def _host(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


_MINISTRY = "beian.miit.gov.cn"
_POLICE = {"beian.mps.gov.cn", "www.beian.gov.cn", "beian.gov.cn"}
_DEAD = {
    *("www.beian.miit.gov.cn", "miibeian.gov.cn", "www.miibeian.gov.cn"),
    *("miitbeian.gov.cn", "www.miitbeian.gov.cn"),
}


def link_faults(page: Page) -> Iterator[tuple[str, Text]]:
    """Yield the filing numbers of a page with a missing or wrong link (链接有误), and the fault.

    An ICP filing (备案号) must link to the site of the Ministry, a police filing (公安备案) to
    that of the police, with its own number.
    """
    linked: dict[str, list[Link | None]] = {}
    for link in page.reading.links:
        shown = numbers_in(link.text)
        for number in (*shown.filings, *shown.police):
            linked.setdefault(number, []).append(link)
    for number in (*page.numbers.filings, *page.numbers.police):
        links = linked.get(number, [None])
        police = number in page.numbers.police
        faults = [fault for link in links if (fault := _fault(link, number, police=police))]
        # One right link is enough, and an address that a template fills in is not known.
        filled = page.unrendered and any(link and not link.address for link in links)
        if len(faults) == len(links) and not filled:
            yield number, faults[0]


def _fault(link: Link | None, number: str, *, police: bool) -> Text | None:
    wanted = "beian.mps.gov.cn" if police else _MINISTRY
    if link is None:
        return Text(zh=f"没有链接到 {wanted}", en=f"is not linked to {wanted}")
    host = _host(link.address)
    if host in _DEAD:
        return Text(
            zh=f"链接到已停用的 {host}，应为 https://{wanted}",
            en=f"is linked to {host}, which is out of service; it should be https://{wanted}",
        )
    if host not in (_POLICE if police else {_MINISTRY}):
        return Text(
            zh=f"链接到“{link.address}”，应为 https://{wanted}",
            en=f"is linked to `{link.address}`; it should be https://{wanted}",
        )
    code = _record(link.address)
    if police and code is not None and code not in number:
        return Text(zh=f"链接中的编号 {code} 与之不符", en=f"is linked with another number, {code}")
    return None


def _record(address: str) -> str | None:
    """Return the police filing number in the query of an address."""
    parts = urlsplit(address)
    query = parse_qs(parts.query or parts.fragment.partition("?")[2])
    codes = [value for name in ("recordcode", "code") for value in query.get(name, ())]
    return codes[0] if codes else None


def add_home_page(
    into: Gathering,
    host: str,
    page: Page,
    written: str | None,
    *,
    status: Status = Status.KNOWN,
) -> None:
    """Add the facts of a home page (主页) to its site, which was added before.

    ``written`` is the path of the page as written in facts, or None for standard input. A page
    that is not rendered yet is a gap, and gives no facts but the numbers that stand in it.
    """
    place, numbers, name = page.unrendered, page.numbers, page.path.name
    if place is not None and numbers.licences:
        number = numbers.licences[0]
        into.note(
            page.place(number),
            f"{name} 是模板或由脚本生成，其中直接写有 {number}",
            f"{name} is a template or rendered by scripts, and {number} stands in it as such",
        )
    elif place is not None:
        from pytest_icp.facts.pages.rendering import is_shell

        advice = (_SHELL if is_shell(page.html) else _TEMPLATE).format(name=name)
        unknown = Provenance(place=place, status=Status.AS_SERVED, address=host, advice=advice)
        into.set("sites", host, "home_page", None, lambda: unknown)
        # The list of sites is still complete.
        into.gap(advice, place)
        written = None
    if written is not None:
        shown = (*numbers.licences, *(miss.written for miss in numbers.near_misses), "")[0]
        home_page = {"snapshot": written, "fetched_at": NONE}  # the file itself is deployed
        into.set("sites", host, "home_page", home_page, _at(page, shown, host, status))
    _add_filing(into, "icp_filing", host, page, numbers.filings, status)
    _add_filing(into, "psb_filing", host, page, numbers.police, status)
    for number, fault in link_faults(page):
        into.note(page.place(number), f"{number} {fault.zh}", f"{number} {fault.en}")


def _add_filing(
    into: Gathering,
    fact: str,
    host: str,
    page: Page,
    shown: Sequence[str],
    status: Status,
) -> None:
    if len(shown) == 1:
        found = _at(page, shown[0], host, status)
        # As it is issued, it ends in 号.
        number = shown[0] if "-" in shown[0] else f"{shown[0]}号"
        into.set("sites", host, fact, {"number": number}, found)
    elif shown:
        into.note(
            page.place(shown[0]),
            f"主页上有多个备案号（{'、'.join(shown)}），无法判断哪个是本网站的",
            f"the page shows several filing numbers, {', '.join(shown)}; it is not known which one "
            "is of this site",
        )


def _at(page: Page, number: str, host: str, status: Status) -> ProvenanceLookup:
    return lambda: Provenance(place=page.place(number), status=status, address=host)


_TOO_LARGE = Text(zh="超过 {most} MB，不像主页", en="larger than {most} MB: not a home page")
_BINARY = Text(zh="是二进制文件，不是网页", en="a binary file, not a web page")
_SEVERAL = Text(
    zh="文件夹中有多个网页，但没有 index.html", en="several pages in this folder, but no index.html"
)
_NAME_ONE = Text(zh="在 path 中写明主页文件", en="name the home page's file in `path`")
_NO_HOST = Text(
    zh="无法判断这是哪个网站的主页", en="it is not known which site this is the home page of"
)
_ADD_HOST = Text(
    zh="加上主机名，例如 host: www.example.cn",
    en="add the host, for example `host: www.example.cn`",
)
_TEMPLATE = Text(
    zh="{name} 是模板，或由脚本、其他网页填充，无法判断访问者看到的内容；请保存访问者得到的页面："
    "curl -L https://HOST/（模板），或者 chromium --headless --dump-dom https://HOST/（脚本）",
    en="{name} is a template, or scripts or other pages fill it in, so what visitors see is not "
    "known: save the page that they get, of a template by `curl -L https://HOST/`, where scripts "
    "fill it in by `chromium --headless --dump-dom https://HOST/`",
)
_SHELL = Text(
    zh="{name} 只是外壳，内容由浏览器中的脚本填充，无法判断访问者看到的内容：请保存渲染后的页面"
    "（chromium --headless --dump-dom https://HOST/；curl 不运行脚本），或者在 path 中写明显示编号"
    "的组件，例如 src/components/Footer.vue",
    en="{name} is a shell that scripts fill in the browser, so what visitors see is not known: "
    "save the page as rendered, by `chromium --headless --dump-dom https://HOST/` (`curl` does not "
    "run scripts), or name as `path` the component that shows the number, such as "
    "`src/components/Footer.vue`",
)


SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_INDEX = ("index", "default", "home")


def read_html(request: Request) -> Derived:
    """Read a home page: its site, the page as a snapshot, and the filing numbers on it.

    Raises `InputError` if there is no page, if it is unclear which page, or if its host is not
    known.
    """
    path = _home(request)
    page = read_page(path, request.read(path), request)
    host = _host_of(request, page)
    into = Gathering(replace(request, path=path))
    into.add("sites", host, lambda: Provenance(place=page.place(), address=host), domains=[host])
    # Standard input cannot be read again.
    written = request.as_written(path) if request.given is None else None
    add_home_page(into, host, page, written)
    return into.derived()


def _home(request: Request) -> Path:
    """Return the requested page, or the index page of the requested folder."""
    pages = list(request.files(*SUFFIXES))
    if pages == [request.path]:
        return request.path
    top = [page for page in pages if page.parent == request.path]
    index = [page for name in _INDEX for page in top if page.stem.lower() == name]
    if not index and len(pages) != 1:
        raise InputError(_SEVERAL, place=Place(path=request.path), hint=_NAME_ONE)
    return (*index, *pages)[0]


def _host_of(request: Request, page: Page) -> str:
    given = request.settings.get("host") or page.canonical
    if not isinstance(given, str):
        raise InputError(_NO_HOST, place=Place(path=page.path), hint=_ADD_HOST)
    return host_set(given, page.path)
