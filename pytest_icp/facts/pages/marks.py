"""What marks a page as a template (模板), and the comments and code of a page.

A server or a script decides what of a template its visitors see.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import PurePath

COMPONENTS = tuple(
    ".astro .haml .jade .jsx .pug .slim .svelte .tsx .vue .cshtml .vbhtml .razor .erb .heex .leaf"
    " .component.html".split()
)
"""How the files of components end, and of templates whose layout they do not name."""
TRIALS = (".stories", ".story", ".test", ".spec")
"""How the names of files end that show a component to its developers, before the suffix."""
LANGUAGES = tuple(
    ".twig .ftl .ftlh .vm .vtl .hbs .handlebars .mustache .ejs .j2 .jinja .jinja2 .njk .liquid"
    " .mako .gohtml .tpl .blade.php".split()
)
"""How the files of other templates end; without a word of their language one is a page."""

_INCLUDING = (
    r"<!--(?:\s*#\s*(?:include|echo|exec|if|BeginLibraryItem)\b|\s*\{[a-z$/]|\s*ko\s|\s*@include\b"
    r"|\s*(?:build:include|wp:template-part|ssr-outlet|app-html)\b|\s*include\s+\w+\s*=)"
)
"""What looks like a comment but is none: server-side includes, ECShop, Discuz, build tools."""
COMMENT = re.compile(rf"(?!{_INCLUDING})<!--.*?(?:-->|\Z)", re.DOTALL | re.IGNORECASE)
CODE = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)

MARKS = re.compile(
    "|".join(
        (
            # PHP, JSP, ASP, EJS, Beetl, Template Toolkit, Mason, HTML::Template
            r"<\?(?:php\b|=|\s)|<%|\[%|<&\s|<TMPL_[A-Z]",
            # Jinja, Twig, Django, Handlebars, Vue, Angular
            r"\{%|\{\{",
            # FreeMarker, Thymeleaf, JSTL, Beetl, Velocity, Enjoy
            r"\$!?\{|</?[#@]\w|\[#(?:include|import|if|list|assign|macro)\b|<\w+:\w+(?:\s|/>)",
            r"<(?!o:)\w+:[\w-]++>\s*+</\w+:|\swicket:\w+\s*=|#\{[a-z]",
            r"\bth:[a-z]+\s*=|\bdata-th-[a-z]+\s*=",
            r"#(?:parse|include|render|evaluate)\s*\(",
            r"#(?:set|if|for|foreach|macro|define)\s*\(\s*[$!\w]|#@\w+\s*\(|#\([A-Za-z_]\w*[).?]",
            r"^[ \t]*#end\b|>[^<>$]*+\$!?[a-z]\w*",
            # ColdFusion, TAL, Genshi, SvelteKit, Vite
            r"<cf(?:include|output|if|set)\b|\s(?:tal|metal|py):[a-z-]+\s*=",
            r"%sveltekit\.\w|%[A-Z][A-Z0-9]*_[A-Z0-9_]+%",
            _INCLUDING,
            # What Jekyll, Hugo and others take from the beginning of a page
            r"\A\ufeff?---[ \t]*+\r?$",
            r"(?<![\w-])#--(?!-)",
            # Smarty, ThinkPHP, PHPCMS, PostHTML, Rigger, Bottle
            r"\{[$:]=?\w|<(?:include|volist|block|extend|module)\s+(?:file|name|src|href)\s*=",
            r"\{(?:load|css|js)\s+(?:href|file)\s*=|[\"'/]__[A-Z]{3,20}__/",
            r"^[ \t]*//=[ \t]*\w|^[ \t]*%[ \t]*(?:include|rebase|if|for|end)\b",
            r"\{/?(?:include|template|lang|block|extends?|volist|foreach|loop|if|literal|insert)\b[^{}\n]{0,200}\}",
            r"\{/?(?:assign|capture|section|switch|strip|php|function|n?eq|e?[gl]t|empty|notempty|present)\b[^{}\n]{0,200}\}",
            # DedeCMS, PHPCMS, PbootCMS, EyouCMS, EmpireCMS
            r"\{/?(?:dede|pc|pboot|eyou|aspcms|maccms|ms|m)[:.]|\[field:\w|\[!--[\w.]|\[/?e:loop\b",
            r"\{[A-Za-z]\w{0,20}[:.][^{}\n]{0,200}/\}|\[/?@\w",
            # What stands in text as {name.of}, {name:of} or {name()}; Qute, Svelte, Resty
            r">[^<>{}]*+\{(?:[A-Za-z]\w{0,20}[:.][\w.:|-]{1,60}|[a-z]\w{0,20}\([^{}<>()]{0,60}\))\}",
            r"\{#[a-z]|\{\([\w./-]{1,60}\)\}|\{\*\w{1,40}\*\}|\{//\s",
            # Blade, Razor
            r"^[ \t]*@(?:extends|include\w*|yield|section|component|if|foreach|php|inject)\b",
            r"^[ \t]*@(?:model|using|page|layout|inherits)\b|\{!!",
            r"(?<![A-Za-z0-9_.])@(?:extends|include\w{0,20}|yield|section|component|stack|livewire)\s*\(",
            r"@\{|@(?:Html|Model|ViewBag|ViewData|Url|Render\w{0,20}|Component)[.(\[]|@await\s",
            r"<partial\s+name\s*=|(?<![A-Za-z0-9_.])@\(\s*\w",
            # Vue in the page itself, JSX
            r"\bv-(?:html|text|if|for|bind|show)(?::\w+)?\s*=|\sclassName=|\s[A-Za-z]+=\{\w",
            r"(?<![\w.])@(?:if|for|switch|defer)\s*\([^\n()]{0,200}\)\s*\{|@defer\s*\{",
            r"\s:[a-z][\w-]*\s*=\s*[\"']",
            # Angular, Alpine, Knockout, htmx; elements that scripts define
            r"\sng-(?:bind|include|repeat|if|view)[\w-]*\s*=|\*ng[A-Z]\w+\s*=|\[innerHTML\]\s*=",
            r"\sx-(?:text|html|if|for)\s*=|\sdata-bind\s*=|\shx-trigger\s*=[^>]{0,40}\bload\b",
            r"\s(?:w3-include-html|include-html|data-include)\s*=",
            r"<[a-z]\w*+(?:-\w++)++(?:\s[^<>]*+)?>\s*+</[a-z]\w*+-",
            r"<(?:\.[a-z]|[a-z]\w*+-)[\w.-]*+(?:\s[^<>/]*+)?/>",
        )
    ),
    re.MULTILINE,
)
"""Placeholders that a server fills in before, or scripts after, the page reaches a browser."""


def bare(html: str) -> str:
    """Return a page with comments and code blanked out; the rest keeps its offsets."""
    return COMMENT.sub(blank, CODE.sub(blank, html))


@lru_cache(maxsize=8)
def is_template(path: PurePath, html: str) -> bool:
    """Whether something on a page is for a server or a script to fill in or leave out."""
    return (
        path.name.lower().endswith((*COMPONENTS, *LANGUAGES))
        or MARKS.search(bare(html)) is not None
    )


def blank(found: re.Match[str]) -> str:
    """Return spaces in the place of what was found; lines stay."""
    return blank_text(found[0])


def blank_text(text: str) -> str:
    """Return spaces in the place of a text; lines stay."""
    return re.sub(r"[^\r\n]", " ", text)
