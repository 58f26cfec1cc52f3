"""Whether a page is yet to be rendered (模板): a server's template, or an empty shell for scripts.

What such a page shows its visitors is not known from its file, except for what stands in it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePath

from pytest_icp.facts.pages import visible_text
from pytest_icp.facts.pages.tree import parse

_NAMES = frozenset((".astro", ".jsx", ".pug", ".svelte", ".tsx", ".vue"))
"""How the files of components end, which no browser shows as they are."""

# A server-side include looks like a comment, and so do the tags of Discuz, but they are none.
_COMMENT = re.compile(
    r"<!--(?!\s*#\s*(?:include|echo|exec)\b|\{[a-z$/]).*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE
)
_CODE = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)

_MARKS = re.compile(
    "|".join(
        (
            # PHP, JSP, ASP, EJS, Beetl
            r"<\?(?:php\b|=|\s)|<%",
            # Jinja, Twig, Django, Handlebars, Vue, Angular
            r"\{%|\{\{",
            # FreeMarker, Thymeleaf, JSTL, Beetl, Velocity, Enjoy
            r"\$!?\{|</?[#@]\w|\[#(?:include|import|if|list|assign|macro)\b|<\w+:\w+\s",
            r"\bth:[a-z]+\s*=",
            r"#(?:parse|include|render|evaluate)\s*\(",
            r"#(?:set|if|for|foreach|macro|define)\s*\(\s*[$!\w]|#@\w+\s*\(|#\([A-Za-z_]\w*[).?]",
            # server-side includes, Discuz
            r"<!--\s*#\s*(?:include|echo|exec)\b|<!--\{[a-z$/]",
            # Smarty, ThinkPHP, PHPCMS
            r"\{[$:]\w|<(?:include|volist|block|extend)\s+(?:file|name)\s*=",
            r"\{/?(?:include|template|block|extends?|volist|foreach|loop|if|literal)\b[^{}\n]{0,200}\}",
            # DedeCMS, PHPCMS, PbootCMS, EyouCMS, EmpireCMS
            r"\{/?(?:dede|pc|pboot|eyou|aspcms|maccms)[:.]|\[field:\w|\[!--[\w.]|\[/?e:loop\b",
            # Blade, Razor
            r"^[ \t]*@(?:extends|include\w*|yield|section|component|if|foreach|php|inject)\b",
            r"^[ \t]*@(?:model|using|page|layout|inherits)\b",
            r"@\{|@(?:Html|Model|ViewBag|ViewData|Url|RenderBody|RenderSection|Component)[.(\[]",
            # Vue in the page itself, JSX
            r"\bv-(?:html|text|if|for|bind|show)(?::\w+)?\s*=|\sclassName=|\s[A-Za-z]+=\{\w",
        )
    ),
    re.MULTILINE,
)
"""Placeholders that a server fills in before, or scripts after, the page reaches a browser."""

_MOUNTS = "#app, #root, #__next, #__nuxt, #q-app, app-root"
"""Where the scripts of a single-page application put what they render (挂载点)."""
_WAITING = 60
"""So many characters, as “Loading…”, may stand there until then."""


def bare(html: str) -> str:
    """Return a page with comments and code blanked out; the rest keeps its offsets."""
    return _COMMENT.sub(_blank, _CODE.sub(_blank, html))


@lru_cache(maxsize=8)
def unrendered(path: PurePath, html: str) -> tuple[int, int] | None:
    """Return what shows that a page is yet to be rendered, as offsets; None if it is rendered."""
    mark = _MARKS.search(bare(html))
    if mark is not None:
        return mark.span()
    if path.suffix.lower() in _NAMES:
        return 0, 0
    script = _SCRIPT.search(html)
    return script.span() if script and _is_shell(html) else None


def _is_shell(html: str) -> bool:
    """Whether scripts render the page: there is nothing yet, or a few words to wait with."""
    if not visible_text(html).strip():
        return True
    for mount in parse(html).css(_MOUNTS):
        words = " ".join(mount.text().split())
        if mount.css_first("a[href]") is None and len(words) <= _WAITING:
            return True
    return False


def _blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\r\n]", " ", found.group())
