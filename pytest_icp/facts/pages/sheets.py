"""The style sheets that a page links to, where the repository has them (链接的样式表)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from pytest_icp.facts.files.decoding import decode
from pytest_icp.law.errors import InputError

_LINK = re.compile(r"<link(?=[\s/])", re.IGNORECASE)
_TAG = re.compile(r"""<(?:"[^"]*+"|'[^']*+'|[^"'>])*+>""")
_LONGEST = 2000
_ELSEWHERE = re.compile(r"//|[a-z][a-z0-9+.-]*+:", re.IGNORECASE)
_MOST = 200
"""So many links of a page are looked at."""
_STYLE = re.compile(r"<style\b.*?(?:</style|\Z)", re.DOTALL | re.IGNORECASE)
_IMPORT = re.compile(
    r"@import\s++(?:url\(\s*+)?+[\"']?([^\"'()\s;]++)[\"']?\s*+\)?([^;{}\"'<]{0,100});"
)


def with_sheets(html: str, folder: Path, read: Callable[[Path], bytes]) -> str:
    """Return a page with the style sheets that it links to in their place.

    An address is that of a file below ``folder``, where the page is: a home page has the path
    ``/``. What is not there, is at another host or cannot be read stays a link; a folder outside
    the repository is refused by ``read``.
    """
    if "stylesheet" not in html.lower() and "@import" not in html:
        return html
    # Imported here because most files have no page that links to a style sheet.
    from pytest_icp.facts.pages.templates import bare

    html = _STYLE.sub(lambda style: _imported(style[0], folder, read), html)
    parts: list[str] = []
    end = 0
    for start in islice((found.start() for found in _LINK.finditer(bare(html))), _MOST):
        tag = _TAG.match(html[start : start + _LONGEST])
        css = _sheet(tag[0], folder, read) if tag else None
        if tag and css is not None:
            parts += [html[end:start], css]
            end = start + tag.end()
    return "".join([*parts, html[end:]])


def _imported(css: str, folder: Path, read: Callable[[Path], bytes]) -> str:
    """Return a style sheet with those that it imports in their place, as far as they are there."""

    def content(found: re.Match[str]) -> str:
        sheet = None if _ELSEWHERE.match(found[1]) else _content(folder, found[1], read)
        return found[0] if sheet is None else f"@media {found[2].strip() or 'all'} {{{sheet}}}"

    return _IMPORT.sub(content, css, count=_MOST)


def _content(folder: Path, address: str, read: Callable[[Path], bytes]) -> str | None:
    try:
        # Nothing in a style sheet ends the element that it stands in.
        return decode(read(folder / unquote(address).lstrip("/"))).replace("</", "<")
    except InputError:
        return None


def _sheet(link: str, folder: Path, read: Callable[[Path], bytes]) -> str | None:
    from pytest_icp.facts.pages.tree import parse

    node = parse(link).css_first("link")
    own = node.attributes if node is not None else {}
    kinds = (own.get("rel") or "").lower().split()
    address = re.split(r"[?#]", (own.get("href") or "").strip())[0]
    if "stylesheet" not in kinds or "alternate" in kinds or _ELSEWHERE.match(address):
        return None
    css = _content(folder, address, read)
    if css is None:
        return None
    # What it imports is beside it.
    css = _imported(css, (folder / unquote(address).lstrip("/")).parent, read)
    media = re.sub(r"[\"&<>]", "", own.get("media") or "")
    return f'<style media="{media}">{css}</style>'
