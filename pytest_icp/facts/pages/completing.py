"""The style sheets and scripts that a page links to, put in their place (样式表、脚本)."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from urllib.parse import unquote

from pytest_icp.facts.files.disk import decode
from pytest_icp.facts.pages.marks import COMMENT, bare, blank
from pytest_icp.facts.pages.reading import parse
from pytest_icp.law.errors import InputError

_LINK = re.compile(r"<link(?=[\s/])", re.IGNORECASE)
_TAG = re.compile(r"""<(?:"[^"]*+"|'[^']*+'|[^"'>])*+>""")
_LONGEST_TAG = 2000
_ELSEWHERE = re.compile(r"//|[a-z][a-z0-9+.-]*+:", re.IGNORECASE)
_LINKED = re.compile(
    r"<script\b[^<>]{0,300}?\ssrc\s*=\s*[\"']?([^\s\"'<>]++)[^<>]{0,300}>\s*</script>",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"<base\s[^<>]{0,300}?\bhref\s*=\s*[\"']?(?:[a-z]+:)?(?://[^/\s\"'<>]*+)?([^\s\"'<>]*/)",
    re.IGNORECASE,
)
"""Where a page says which folder its addresses begin in."""
_MOST_CODE = 2**22
"""So many characters of the scripts that a page links to are looked into."""
_MOST_LINKS = 200
"""So many links of a page are looked at."""
STYLE = re.compile(r"<style\b.*?(?:</style|\Z)", re.DOTALL | re.IGNORECASE)
_IMPORT = re.compile(
    r"@(import|use|forward)\s++(?:url\(\s*+)?+[\"']?([^\"'()\s;]++)[\"']?\s*+\)?([^;{}\"'<]{0,100});"
)


def with_sheets(html: str, folder: Path, read: Callable[[Path], bytes]) -> str:
    """Return a page with the style sheets that it links to in their place.

    An address is that of a file below ``folder``, where the page is: a home page has the path
    ``/``. What is not there, is at another host or cannot be read stays a link; a folder outside
    the repository is refused by ``read``.
    """
    based = _based(html)
    html = STYLE.sub(lambda style: imported(style[0], folder / based, read), html)
    parts: list[str] = []
    end = 0
    for start in islice((found.start() for found in _LINK.finditer(bare(html))), _MOST_LINKS):
        tag = _TAG.match(html[start : start + _LONGEST_TAG])
        css = _sheet(tag[0], based, folder, read) if tag else None
        if tag and css is not None:
            parts += [html[end:start], css]
            end = start + tag.end()
    return "".join([*parts, html[end:]])


def with_scripts(html: str, folder: Path, read: Callable[[Path], bytes]) -> str:
    """Return a page with the scripts that it links to, each behind its place, if they are there.

    An address is that of a file below ``folder``, as of a style sheet.
    """
    based, left = _based(html), _MOST_CODE
    parts: list[str] = []
    end = 0
    for found in islice(_LINKED.finditer(COMMENT.sub(blank, html)), _MOST_LINKS):
        address = _within(based, re.split(r"[?#]", found[1])[0])
        code = None if _ELSEWHERE.match(address) else content_of(folder, address, read)
        left -= len(code or "")
        if code is not None and left >= 0:
            parts += [html[end : found.end()], f"<script>{code}</script>"]
            end = found.end()
    return "".join([*parts, html[end:]])


def _based(html: str) -> str:
    base = _BASE.search(bare(html))
    return base[1].lstrip("/") if base else ""


def _within(based: str, address: str) -> str:
    inner = based and not address.startswith("/") and not _ELSEWHERE.match(address)
    return f"{based}{address}" if inner else address


def imported(css: str, folder: Path, read: Callable[[Path], bytes]) -> str:
    """Return a style sheet with those that it imports in their place, as far as they are there."""

    def content(found: re.Match[str]) -> str:
        inner, written = found[2].rpartition("/")[0::2]
        # Sass and Less leave out the ending, and Sass the sign of a part.
        names = (written, f"{written}.scss", f"_{written}.scss", f"{written}.less")
        paths = () if _ELSEWHERE.match(found[2]) else [f"{inner}/{name}" for name in names]
        sheets = (content_of(folder, path, read) for path in paths)
        sheet = next((one for one in sheets if one is not None), None)
        media = found[3].strip() if found[1] == "import" else ""
        return found[0] if sheet is None else f"@media {media or 'all'} {{{sheet}}}"

    return _IMPORT.sub(content, css, count=_MOST_LINKS)


def content_of(folder: Path, address: str, read: Callable[[Path], bytes]) -> str | None:
    """Return a style sheet or a script; None if it is not there."""
    try:
        # Nothing in a style sheet or script ends the element that it stands in.
        return decode(read(folder / unquote(address).lstrip("/"))).replace("</", "<")
    except InputError:
        return None


def _sheet(link: str, based: str, folder: Path, read: Callable[[Path], bytes]) -> str | None:
    node = parse(link).css_first("link")
    own = node.attributes if node is not None else {}
    kinds = (own.get("rel") or "").lower().split()
    address = _within(based, re.split(r"[?#]", (own.get("href") or "").strip())[0])
    # What is loaded ahead, or for print, becomes the style of the page once it is there.
    then = own.get("onload") or ""
    kinds += ["stylesheet"] if "stylesheet" in then else []
    if "stylesheet" not in kinds or "alternate" in kinds or _ELSEWHERE.match(address):
        return None
    css = content_of(folder, address, read)
    if css is None:
        return None
    # What it imports is beside it.
    css = imported(css, (folder / unquote(address).lstrip("/")).parent, read)
    media = "" if "media" in then else re.sub(r"[\"&<>]", "", own.get("media") or "")
    return f'<style media="{media}">{css}</style>'
