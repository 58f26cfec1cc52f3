"""Source kind ``html``: the home page of a site, as a file in the repository (主页).

Setting ``host`` is the host of the site; by default it is read from the ``canonical`` link of the
page. In a folder, the index page at the top level is read.
"""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.derived import Derived, Provenance
from pytest_icp.law.domains import HostError, normal_host
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.sources.gathering import Gathering
from pytest_icp.sources.home_page import Page, add_home_page, read_page
from pytest_icp.sources.request import Request

SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_INDEX = ("index", "default", "home")


def read_html(request: Request) -> Derived:
    """Read a home page: its site, the page as a snapshot, and the filing numbers on it.

    Raises `InputError` if there is no page, if it is unclear which page, or if its host is not
    known.
    """
    path = _home(request)
    page = read_page(path, request.read(None if path == request.path else path), request)
    host = _host(request, page)
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
                zh="无法判断这是哪个网站的主页",
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
        raise InputError(error.text, place=Place(path=page.path)) from None
