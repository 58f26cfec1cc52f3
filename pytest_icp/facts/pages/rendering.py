"""Whether a page still has to be rendered (渲染): a template, or an empty shell for scripts.

What such a page shows its visitors is not known from its file, except for what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from functools import lru_cache
from itertools import islice
from pathlib import PurePath

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from pytest_icp.facts.pages import find_numbers, visible_text
from pytest_icp.facts.pages.marks import (
    CODE,
    COMMENT,
    COMPONENTS,
    LANGUAGES,
    MARKS,
    bare,
    blank,
    blank_text,
    is_template,
)
from pytest_icp.facts.pages.reading import parse, read

_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)

_PAGE = r"[\"']?+(?!https?:|//|about:|javascript:|data:|#)[^\s\"'<>]++"
_FRAMES = re.compile(
    r"<frameset\b|<i?frame\s[^<>]{0,300}?\bsrcdoc\s*="
    rf"|<i?frame\s[^<>]{{0,300}}?\bsrc\s*=\s*{_PAGE}"
    rf"|<(?:object|embed)\s[^<>]{{0,300}}?\b(?:data|src)\s*=\s*[\"']?[^\s\"'<>]*\.html?\b"
    r"|<link\s[^<>]{0,300}?\brel\s*=\s*[\"']?import\b"
    r"|<meta\s[^<>]{0,100}?http-equiv\s*=\s*[\"']?refresh\b[^<>]{0,100}?\burl\s*=",
    re.IGNORECASE,
)
"""Where a browser shows another page in this one, or instead of it."""

_INSERTING = re.compile(
    r"<script\b[^<>]{0,200}?\bsrc\s*=\s*[\"']?[^\s\"'<>]*(?:foot|bottom|copyright|beian|banquan|dibu)"
    r"|[\"'][^\"'\s<>]{0,200}(?:foot|bottom)[^\"'\s<>]{0,60}\.(?:html?|php|jsp|aspx?)\b|ICP[备证]|备案"
    r"|\b(?:fetch|get|load|ajax)\(\s*[\"'][^\"'\s<>]{0,200}(?:foot|bottom|beian|icp)"
    r"|[\"'][#.]?[\w-]{0,40}(?:foot|copyright|beian|icp)[\w-]{0,40}[\"']\s*\)\s*\."
    r"\s*(?:text|html|append|innerHTML|innerText|textContent)\b|经营许可证"
    r"|(?<!\w)\w{0,40}(?:foot|copyright|beian|icp)\w{0,40}+"
    r"\s*\.\s*(?:innerHTML|innerText|textContent)\s*=(?!=)",
    re.IGNORECASE,
)
"""What shows in a script that it inserts the foot of the page, or a number."""
_NUMBER = re.compile(r"(?<![A-Za-z0-9])[AB][12]\s?-\s?[0-9]{8}", re.IGNORECASE)
_WRITING = re.compile(
    r"<script\b[^<>]{0,200}?\bsrc\s*=|\bdocument\b|\b(?:inner|outer)(?:HTML|Text)\b|\btextContent\b"
)
"""Without any of these, scripts change nothing on a page, whatever they hold."""
_HIDES = (
    r"(?:remove\(|hide\(|toggle\(|empty\(|detach\(|replace(?:With|Children)|fade(?:Out|To)|slide(?:Up|Toggle)"
    r"|css\(\s*+\{?\s*+[\"']?(?:display|visibility|opacity|cssText)|className\s*\+?=(?!=)"
    r"|style\s*(?:=(?!=)|\[|\.\s*(?:display|visibility|opacity|cssText|fontSize|transform|setProperty"
    r"|clipPath|filter|(?:(?:max)?[hH]eight|zoom)\s*=\s*[\"']?0(?![.\d])"
    r"|(?:left|top|textIndent)\s*=\s*[\"']-\d{3}|color\s*=\s*[\"'](?:transparent|white|#fff)"
    r")|,\s*\{[^{}]{0,200}?(?:display|visibility|opacity))"
    r"|(?:(?:add|toggle)Class|classList\.(?:add|toggle))\(\s*[\"'][^\"'\n]{0,60}(?:hid|none|invis)"
    r"|(?:attr|prop|setAttribute|toggleAttribute)\(\s*[\"'](?:hidden|style|class)\b|hidden\s*="
    r"|(?:(?:inner|outer)(?:HTML|Text)|textContent|nodeValue)\s*=(?!=)|(?:html|text)\(\s*[^)\s]"
    r"|animate\(\s*\{[^{}]{0,200}?(?:opacity|height|width)[\"']?\s*:\s*[\"']?0(?![.\d])|(?:load|wrap)\(\s*[^)\s]"
    r"|parent(?:Node|Element)\.(?:remove|hidden|style|(?:inner|outer)(?:HTML|Text)|textContent))"
)
"""What a script does to an element that is not seen, or not as it is written, from then on."""
_CALL = (
    r"(?:\b(?P<by>getElement(?:s?By(?:Id|ClassName|TagName))|querySelector(?:All)?|jQuery|Zepto"
    r"|d3\.select(?:All)?)|\$)\(\s*(?P<quote>[\"'`])(?P<name>[^\"'`\n]{1,200})(?P=quote)\s*\)"
)
_REACHED = (
    r"(?:\b(?P<own>\w{1,40})\s*(?:=|\bof\b)\s*(?:document\.)?)?"
    rf"(?:\bdocument\.(?P<whole>body)|{_CALL}(?:\[[0-9]\]|[\])])?)"
    # What is in the element or beside it; each of several
    r"(?:\s*+\??\.\s*+(?:(?:find|children|contents|eq|first|last|filter)\([^()<]{0,60}\)"
    r"|(?:first|last)(?:Element)?Child|(?:next|previous)(?:Element)?Sibling|(?:children|childNodes)\[\d\]))*+"
    r"(?:\s*+\??\.\s*+(?:(?:forEach|each|map)\([^<]{0,200}?\.)?"
    r"|[^\S\n]*+[;,\n)][^<]{0,400}?\b(?P=own)(?:\[\w{1,9}\])?\??\.)"
)
_CHANGING = re.compile(_REACHED + _HIDES)
"""Where a script hides, removes or replaces elements that it names."""
_REMOVING = re.compile(rf"(?:remove|replace)Child\([^;{{}}<\n]{{0,100}}?{_CALL}")
_CLASSING = re.compile(
    _REACHED.replace("body)", "body|documentElement)")
    + r"(?:(?:(?:add|toggle)Class|classList\.(?:add|toggle))\(|className\s*\+?=(?!=))"
    r"\s*[\"'](?P<classes>[\w -]{1,60})"
)
"""Where it gives them a class, by which a style sheet may hide them or what is in them."""
_LOOSE = re.compile(
    r"(?P<call>(?:\.\w{1,30}|jQuery|\$)\(\s{0,9})?"
    r"(?P<quote>[\"'`])(?P<name>[#.]?[A-Za-z][\w-]{0,60})(?P=quote)"
)
"""A name that it may take as a selector somewhere else."""
_JOINED = re.compile(r"([\"'])\s*+\+\s*+\1")
_ANY_HIDING = re.compile(rf"[\w)\]]\s{{0,9}}\.\s{{0,9}}{_HIDES}")
_OWN_CODE = 20_000
"""So long is a script at most that is for this page, and no library."""
_GLOBAL = re.compile(r"(?<![\w.$])(?:window\.)?([A-Za-z_]\w{2,60}+)\s*+\.\s*+" + _HIDES)
"""Where it names an element by its ``id`` alone; shorter ones are names in packed libraries."""
_IDS = re.compile(r"\bid\s*=\s*[\"']?(\w++)")
_RULE = re.compile(
    r"[}\"'`>]\s*+([^{}\"'`<>;()]{1,200})\{[^{}]{0,300}?"
    r"(?:display\s*:\s*none|visibility\s*:\s*hidden|(?:opacity|font-size)\s*:\s*0|-\d{4}px)"
)
"""Where a script has a rule of a style sheet by which elements are hidden."""
_OPENS = re.compile(
    r"(?<![\w.])document\s*\.\s*(?:documentElement\s*\.\s*(?:inner|outer)HTML\s*=(?!=)|open\(\s*\)|write(?:ln)?\(\s*(?P<quote>[\"'`])"
    r"(?:(?!</|-->|(?P=quote))[^\n]){0,300}?"
    r"(?:<!--|<(?:style|template|noscript|textarea|title|xmp|iframe)\b|<[^<>]{0,200}(?:display|visibility|hidden))"
    r"(?:(?!</|-->|(?P=quote))[^\n]){0,300}(?P=quote)\s*\))"
)
"""Where it begins the page anew, or what hides the rest of it."""
_DIGITS = re.compile("[0-9]{8}")
_SERIAL = re.compile(r"(?<![0-9])(?:[0-9]{8}|20[0-9]{8}|[0-9]{14})(?![0-9])")
"""The digits of a number; those of telephones are more or fewer."""
_MOST_NAMED = 100
"""So many different elements are looked for."""
_DATA = re.compile(r"<script\b[^<>]{0,200}?\bld\+json\b", re.IGNORECASE)
"""Where search engines are told what the page is about; a browser shows nothing of it."""

_STYLE = re.compile(r"<style\b[^<>]{0,200}>(.*?)(?:</style|\Z)", re.DOTALL | re.IGNORECASE)
_GENERATED = re.compile(
    r"\bcontent\s*+:\s*+(?!url\()[^;{}]{0,200}?(?:[0-9]{8}|[AB][12]\s?-|ICP[备证]|备案|许可证)",
    re.IGNORECASE,
)
"""Where a style sheet writes a number, or the words before one, on the page itself."""

_MOUNTS = "#app, #root, #__next, #__nuxt, #q-app, app-root"
"""Where the scripts of a single-page application put what they render (挂载点)."""
_MOUNT = re.compile(
    r"<app-root\b|<div\s+id\s*=\s*[\"']?(?:app|root|__next|__nuxt|q-app)\b", re.IGNORECASE
)
_WAITING = 60
"""So many characters, as “Loading…”, may stand there until then."""
_WAIT = re.compile(r"加载|载入|请稍[候等]|\bloading\b|\bplease wait\b", re.IGNORECASE)


_HOLDERS = "footer, " + ", ".join(
    f"{tag}[id], {tag}[class*=foot], {tag}[class*=copy], {tag}[class*=icp], {tag}[class*=beian]"
    for tag in "div span p section ul ol dl td main article aside address center small".split()
)
"""Elements that scripts fill, where they are empty (由脚本填充)."""
_SOURCE = re.compile(r"<script\b[^<>]{0,200}?\bsrc\s*=\s*[\"']?([^\s\"'<>]++)", re.IGNORECASE)
_FILLS_NOTHING = re.compile(
    r"(?:.*[./])?(?:hm\.baidu|zhanzhang\.baidu|bdstatic|googletagmanager|google-analytics|cnzz|51\.la"
    r"|umeng)\.?.*"
    r"|(?:.*/)?(?:jquery|bootstrap|popper|swiper|modernizr|html5shiv|respond|wow|polyfill)"
    r"(?:[.-](?:min|slim|bundle|[0-9]++))*+\.js(?:\?.*)?",
    re.IGNORECASE,
)
"""Scripts that count visitors, and libraries that do nothing by themselves."""


_REFRESH = re.compile(
    r"<meta\s[^<>]{0,100}?http-equiv\s*=\s*[\"']?refresh\b[^<>]{0,100}?\burl\s*=", re.IGNORECASE
)
_NO_SCRIPT = re.compile(r"<noscript\b.*?(?:</noscript|\Z)", re.DOTALL | re.IGNORECASE)
_LEAVES = re.compile(
    r"<script\b[^<>]{0,200}>\s*+(?:(?:(?:window|document)\.)?(?:onload\s*=|setTimeout\(|\$\("
    r"|addEventListener\([\"'](?:DOMContentLoaded|load)[\"'],)\s*+(?:function\s*\(\)\s*\{|\(\)\s*=>\s*\{?|[\"'])\s*+)?+"
    r"(?:(?:window|top|self|parent|document)\.)*+location"
    r"(?:\.href)?(?:\s*=(?!=)|\.(?:replace|assign)\s*\()",
    re.IGNORECASE,
)
"""A script that begins with sending the visitor to another page."""


@lru_cache(maxsize=8)
def certain(path: PurePath, html: str) -> str:
    """Return a page with all blanked out that a template may not show; the rest keeps its offsets.

    A page that is not a template is returned as it is, and one that leads to another page blank.
    """
    if _leads_away(html):
        return blank_text(html)
    if not is_template(path, html):
        return html
    # Imported here because most pages are no templates.
    from pytest_icp.facts.pages.templates import of_template

    return of_template(path, html)


def _leads_away(html: str) -> bool:
    """Whether a browser goes on to another page by itself, so that nobody stays on this one."""
    seen = _NO_SCRIPT.sub(blank, COMMENT.sub(blank, html))
    return _LEAVES.search(seen) is not None or _REFRESH.search(CODE.sub(blank, seen)) is not None


@lru_cache(maxsize=8)
def unrendered(path: PurePath, html: str) -> tuple[int, int] | None:
    """Return what shows that a page is yet to be rendered, as offsets; None if it is rendered."""
    mark = MARKS.search(bare(html))
    mark = mark or _FRAMES.search(COMMENT.sub(blank, html)) or _inserted(html)
    mark = mark or _changed(html) or _drawn(html)
    if mark is not None:
        return mark.span()
    doubted = _doubted(html)
    if doubted is not None:
        return doubted
    if path.name.lower().endswith(COMPONENTS) or _says_something(path, html):
        return 0, 0
    script = _SCRIPT.search(html)
    if script is None:
        # The build adds it.
        script = _MOUNT.search(html)
        return script.span() if script and not visible_text(html).strip() else None
    if _is_shell(html):
        return script.span()
    return _filled(html)


def _says_something(path: PurePath, html: str) -> bool:
    """Whether a template has something in its language, that no mark shows."""
    return path.name.lower().endswith(LANGUAGES) and certain(path, html) != html


def _doubted(html: str) -> tuple[int, int] | None:
    """Return what may hide a number on a page on which none is seen."""
    name = next((why for why, text in read(html).doubts if _SERIAL.search(text)), "")
    if not name or find_numbers(html).licences:
        return None
    at = html.find(name)
    return (at, at + len(name)) if at >= 0 else (0, 0)


def _filled(html: str) -> tuple[int, int] | None:
    """Return the script that may fill an empty element of a page on which no number is seen."""
    loaded = (found for found in _SOURCE.finditer(COMMENT.sub(blank, html)))
    script = next((one for one in loaded if not _FILLS_NOTHING.fullmatch(one[1])), None)
    seen = find_numbers(html)
    if script is None or seen.licences or seen.filings or seen.police:
        return None
    holders = parse(html).css(_HOLDERS)
    empty = any(
        not node.text().strip() and all(one.tag == "-comment" for one in node.iter())
        for node in holders
    )
    return script.span() if empty else None


def _inserted(html: str) -> re.Match[str] | None:
    """Return where a script inserts the foot of the page, or a number, if one does."""
    numbers = [_NUMBER] if _WRITING.search(html) else []
    for script in CODE.finditer(COMMENT.sub(blank, html)):
        if script[1].lower() == "script" and not _DATA.match(html, script.start()):
            found = _LEAVES.match(html, *script.span())
            for pattern in (_INSERTING, *numbers):
                found = found or pattern.search(html, *script.span())
            if found is not None:
                return found
    return None


def _changed(html: str) -> re.Match[str] | None:
    """Return where a script changes an element, where without those another number is seen."""
    if _seen(unchanged(html)) == _seen(html):
        return None
    named = {**_named(html), **{_selector(one): one for one in _CLASSING.finditer(html)}}
    elements = _elements(parse(html), named)
    return next(
        (named[selector] for selector, element in elements if _DIGITS.search(element.text())), None
    )


def _seen(html: str) -> tuple[tuple[str, ...], ...]:
    """Return the numbers that are seen on a page."""
    found = find_numbers(html)
    return found.licences, found.certificates, found.filings, found.police


@lru_cache(maxsize=8)
def unchanged(html: str, whole: str = "") -> str:
    """Return a page without the elements that a script of it changes.

    ``whole`` is the page with its scripts, where only a part of it is certainly shown.
    """
    whole = whole or html
    named = _named(whole)
    # Scripts put what they render in the place of what waits; a template in the page itself stays.
    waits = _MOUNT.search(whole) and "{{" not in whole and "<script" in whole and is_shell(whole)
    classing = list(islice(_CLASSING.finditer(whole), _MOST_NAMED))
    tree = parse(html) if named or waits or classing else None
    if tree is None:
        return html
    found = False
    for _, element in _elements(tree, [*named, *([_MOUNTS] if waits else [])]):
        element.attrs["style"] = "display: none !important"
        found = True
    for given in classing:
        for _, element in _elements(tree, [_selector(given)]):
            element.attrs["class"] = f"{element.attributes.get('class') or ''} {given['classes']}"
            found = True
    return (tree.html or "") if found else html


def _named(html: str) -> dict[str, re.Match[str]]:
    """Return the selectors of what scripts change, with the first place of each."""
    named: dict[str, re.Match[str]] = {}
    for pattern in (_CHANGING, _REMOVING):
        for found in islice(pattern.finditer(html), _MOST_NAMED):
            named.setdefault(_selector(found), found)
    ids = set(_IDS.findall(html))
    for script in CODE.finditer(html):
        if script[1].lower() == "script":
            for selector, found in _in_script(script, ids):
                named.setdefault(selector, found)
    return named


def _in_script(script: re.Match[str], ids: Set[str]) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield selectors of what a script hides in other ways, each with its place."""
    html, span = script.string, script.span()
    yield from ((found[1].strip(), found) for found in _RULE.finditer(html, *span))
    globals_ = (found for found in _GLOBAL.finditer(html, *span) if found[1] in ids)
    yield from ((f"#{found[1]}", found) for found in globals_)
    if opens := _OPENS.search(html, *span):
        yield "body", opens
    for name in _loose(script[0]):
        if name[0] in "#." or name in ids:
            yield name if name[0] in "#." else f"#{name}", script


def _selector(found: re.Match[str]) -> str:
    """Return the selector of what a script reaches; of a word, ``$`` may mean an ``id``."""
    parts = found.groupdict()
    if parts.get("whole"):
        return "body" if parts["whole"] == "body" else "html"
    sign = {"getElementById": "#", "getElementsByClassName": "."}.get(parts["by"] or "", "")
    word = not parts["by"] and re.fullmatch(r"[A-Za-z][\w-]*+", parts["name"])
    return f"{parts['name']}, #{parts['name']}" if word else f"{sign}{parts['name']}"


def _loose(code: str) -> Iterator[str]:
    """Yield the names in a script for this page that hides something which it names otherwise."""
    if len(code) <= _OWN_CODE and _ANY_HIDING.search(code):
        for found in _LOOSE.finditer(_JOINED.sub("", code)):
            # What is joined of pieces is not seen where a call names its elements.
            if not found["call"] or found[0] not in code:
                yield found["name"]


def _elements(tree: LexborHTMLParser, named: Iterable[str]) -> Iterator[tuple[str, LexborNode]]:
    """Yield the elements of selectors; one that only a library knows names nothing."""
    for selector in named:
        with suppress(SelectolaxError):
            yield from ((selector, element) for element in tree.css(selector))


def _drawn(html: str) -> re.Match[str] | None:
    """Return where a style sheet writes a number, if one does; its words are not text here."""
    sheets = _STYLE.finditer(COMMENT.sub(blank, html))
    return next(filter(None, (_GENERATED.search(html, *sheet.span(1)) for sheet in sheets)), None)


def _is_shell(html: str) -> bool:
    """Whether scripts render the page: there is nothing yet, or a few words to wait with."""
    words = " ".join(visible_text(html).split())
    return not words or (len(words) <= _WAITING and bool(_WAIT.search(words))) or is_shell(html)


def is_shell(html: str) -> bool:
    """Whether a page waits for the scripts of a single-page application to fill it (单页应用)."""
    # A mount waits with its own style, and sometimes with a script.
    return any(
        mount.css_first("a[href]") is None and len(" ".join(mount.text().split())) <= _WAITING
        for mount in parse(CODE.sub("", html)).css(_MOUNTS)
    )
