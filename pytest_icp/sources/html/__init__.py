"""Source kind ``html``: the home page of a site, as a file of the repository (主页).

Setting ``host`` is the host whose home page it is; without it, the page's own ``canonical``
link tells. Of a folder the index page at its top is read.
"""

from __future__ import annotations

from pathlib import Path

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text, plain
from pytest_icp.sources.draft import Draft
from pytest_icp.sources.html.facts import Notes, say_page
from pytest_icp.sources.html.page import Page, read_page
from pytest_icp.sources.request import Request

SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_INDEX = ("index", "default", "home")


def read_html(request: Request) -> Derived:
    """Read a home page: its site, the page as a snapshot, the filing numbers that it shows.

    Raises `InputError` when there is no page, or not one, and when its host is not known.
    """
    path = _home(request)
    page = read_page(path, request.read(None if path == request.path else path))
    host = _host(request, page)
    draft, notes = Draft(path), Notes(request)
    draft.add("sites", host, lambda: Provenance(place=page.place(), address=host), domains=[host])
    # What comes from standard input cannot be looked at again.
    written = request.as_written(path) if request.given is None else None
    say_page(draft, notes, host, page, written)
    return Derived(
        facts=draft.facts(),
        trace=draft.trace,
        gaps=tuple(notes.gaps),
        remarks=tuple(notes.remarks),
    )


def _home(request: Request) -> Path:
    """Return the page that is asked for when no page is named."""
    pages = list(request.files(*SUFFIXES))
    if pages == [request.path]:
        return request.path
    top = [page for page in pages if page.parent == request.path]
    index = [page for name in _INDEX for page in top if page.stem.lower() == name]
    if not index and len(pages) != 1:
        raise InputError(
            Text(
                zh="文件夹中有多个网页，但没有 index.html",
                en="several pages in this folder, but no index.html",
            ),
            place=Place(path=request.path),
            hint=Text(zh="在 path 中写明主页文件", en="name the home page's file in `path`"),
        )
    return (*index, *pages)[0]


def _host(request: Request, page: Page) -> str:
    given = request.settings.get("host") or page.canonical
    if not isinstance(given, str):
        raise InputError(
            Text(
                zh="不知道这是哪个网站的主页",
                en="it is not known which site this is the home page of",
            ),
            place=Place(path=page.path),
            hint=Text(
                zh="加上主机名，例如 host: www.example.cn",
                en="add the host, for example `host: www.example.cn`",
            ),
        )
    try:
        return normal_host(given)
    except HostError as error:
        raise InputError(plain(str(error)), place=Place(path=page.path)) from None
