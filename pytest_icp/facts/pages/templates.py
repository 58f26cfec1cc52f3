"""What a template certainly shows (模板必定显示); imported when the first template is read.

A server or a script decides what of a template its visitors see. What stands in a comment of the
template language, in an expression, in a block that a condition, a loop or another file may leave
out, or in a constant of a component is not shown for certain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from itertools import islice
from pathlib import PurePath

from msgspec import Struct, field

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.pages.marks import TRIALS, bare, blank, blank_text
from pytest_icp.facts.pages.reading import ELEMENTS, HIDING, may_hide, read

_ENDS = {
    "{/*": "*/}",
    "{*": "*}",
    "{//": "}",
    "{{--": "--}}",
    "{{!--": "--}}",
    "{{!": "}}",
    "{{/*": "*/}}",
    "{{": "}}",
    "{%": "%}",
    "{#": "#}",
    "{!!": "!!}",
    "<%--": "--%>",
    "<%doc>": "</%doc>",
    "<%def": "</%def>",
    "<%block": "</%block>",
    "<%": "%>",
    "<php>": "</php>",
    "{php}": "{/php}",
    "<?": "?>",
    "<#--": "-->",
    "[#--": "--]",
    "<!--/*": "*/-->",
    "[%": "%]",
    "@*": "*@",
    "@{": "}",
    "@(": ")",
    "#--": "--#",
    "#*": "*#",
    "${": "}",
}
"""How comments, code and expressions begin and end; the longer beginnings are tried first."""

_ARGUMENTS = r"(?:[ \t]*\([^\n]{0,400}?\))?"
_TOKEN = re.compile(
    "|".join(
        (
            r"<(?P<raw>script|style)\b",
            "(?P<open>"
            + "|".join(map(re.escape, sorted(_ENDS, key=len, reverse=True))).replace(
                # Svelte and Qute write blocks as {#if}.
                re.escape("{#"),
                r"\{#(?![a-z])",
            )
            + ")",
            # What a server includes; Knockout, uni-app
            r"<!--\s*(?P<comment>#\s*(?:if\w*|endif|el\w+)\b|/?ko\b)[^<>]{0,400}-->",
            # A comment to the end of the line; a constant of Angular
            r"(?P<note>(?:^|(?<=[ \t]))##[^\r\n]*|@let\s[^;]{0,400};)",
            # Smarty, ThinkPHP, DedeCMS, Svelte; FreeMarker
            r"\{(?P<brace>[/#:@^]?[A-Za-z$][^{}\n]{0,400})\}",
            r"<(?P<angle>/?[#@][^<>]{0,400})>",
            r"\[(?P<square>/?(?:[#@]|e:loop)[^\[\]\n]{0,400})\]",
            # Velocity, Enjoy, Leaf; Blade, Razor; Mako, Bottle
            r"(?<![&/])(?P<hash>#(?:(?<!\w#)@?[a-z]\w*(?=[ \t]*\()"
            r"|(?<!['\"=]#)\{?(?:end|else\w*|define|string|stop|break|return)\b\}?)"
            + _ARGUMENTS
            + ")",
            r"(?<![\w.])@(?P<at>[A-Za-z]+(?:(?P<body>(?:[ \t]+if\b)?"
            r"(?:[ \t]+\w+)?(?:[ \t]*\([^\n{}]{0,400}?\))?\s{0,100}\{(?![{!]))"
            r"|(?:\.\w+)*" + _ARGUMENTS + "))",
            r"^[ \t]*%[ \t]*(?P<line>(?:if|for|while|with|def|try|e[lnx]\w+|rebase)\b[^\n]*)",
        )
    ),
    re.MULTILINE | re.IGNORECASE,
)
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*+\r?\n(?:(?!---).*\n)*+---[ \t]*+\r?$", re.MULTILINE)
_SELF_CLOSED = re.compile(r"<\w+:\w+(?:\s[^<>]{0,400})?/>")

_TAG = re.compile(r"[-~+]?\s*+([#^/@?%:$&]*+)\s*+\{?([\w:.]*+)")
"""The sign and the word that a tag of a template begins with."""
_BLOCKS = frozenset(
    "if unless for foreach each while range with block define switch section".split()
)
"""Words of blocks where others are values, and other words of a page are none."""
_EXPRESSION = re.compile(r"\w++(?:\s*+(?:[?&|=<>+,]|::)|[.\[])")
_EMPTY = re.compile(r"<!--\s*+-->")
_MARK = "\N{SNOWMAN}"
_ENDED = re.compile(r"(?:@end|\{/)(\w+)")
_ENDING = {
    "if": ("ifdef", "ifndef", "hassection", "sectionmissing"),
    "section": ("stop", "show", "append", "overwrite", "hassection", "sectionmissing"),
}
"""What else ends, or is ended by, the end of a word."""
_MIDDLE = re.compile(
    r"else\w*+|elif|elsif|(?:foreach|section)else|case|when|default|catch|final(?:ly)?"
)
_ALONE = re.compile(
    r"(?:include|import|require|insert|load|render|partial|get|show|form|asset|static|url|csrf|php"
    r"|trans|date|page|config|html|field|tag|template|process|hook|widget|component|css|js)[\w.]*+"
    r"|from|set|assign|local|global|setting|ftl|flush|[lrn]?t|let|const|var|do|call|use|now|cycle|seo"
    r"|section|link|path|echo|eval|lang|avatar|meta|feed_meta|increment|decrement|spaceless|held|parse"
    r"|evaluate|string|number|debug|comment_form|ad|subtemplate|block_\w++|title|copyright|sep"
    r"|[a-z]++:(?!(?:if|else|list|loop|for|switch|case|not)\b)[\w.:]++"
)
"""What needs no end: it puts in something, or says what is used. All else is open until its end."""

_QUOTED = re.compile(
    r"""\"(?:\\.|[^"\\])*+(?:"|\Z)|'(?:\\.|[^'\\])*+(?:'|\Z)|/\*.*?(?:\*/|\Z)|//[^\n]*""",
    re.DOTALL,
)
_HEREDOC = re.compile(
    r"<<<[ \t]*+(?P<mark>[\"']?)(?P<name>\w++)(?P=mark)\r?\n.*?(?:\n[ \t]*+(?P=name)\b|\Z)",
    re.DOTALL,
)
"""A text of PHP over several lines, in which nothing ends the code."""
_PHP = re.compile(
    r"(?P<end>\?>)|" + _HEREDOC.pattern + r"|'(?:\\.|[^'\\])*+'|\"(?:\\.|[^\"\\])*+\""
    r"|/\*.*?(?:\*/|\Z)|(?:\#|//)(?:(?!\?>)[^\n])*+",
    re.DOTALL,
)
_CURLY = re.compile("[{}]")
_ELSE = re.compile(r"\s*+else\b(?:\s++if\s*+\([^\n]{0,400}?\))?\s*+\{")
_STEP = re.compile(
    r"(?P<open>\{)|(?P<close>\})|\b(?P<alt_end>end(?:if|foreach|for|while|switch))\b"
    r"|(?:^|[;{}\n])[^\S\n]*+(?P<stop>exit|die|return|goto|throw|raise|break|continue|next|__halt_compiler)\b"
    r"|(?P<leave>\bleave_page\b)|(?P<held>\bob_start\b)|(?P<dropped>\bob_(?:end|get)_clean\b)",
)
_LEAVING = re.compile(
    r"\bheader(?=\s*\(\s*[\"']\s*(?:location|refresh)\s*:)|\w{0,20}redirect\w{0,20}+(?=\s{0,9}[('\":])"
    r"|\bresponse\.(?:end|clear|reset|close|senderror)\b|\bserver\.transfer\b|\bout\.(?:clear|close)\w*"
    r"|\b(?:wp_die|show_404|abort\w*|halt)(?=\s*\()",
    re.IGNORECASE,
)
"""Where a program sends its visitors to another page, or ends this one."""
_FORWARD = re.compile(
    r"<(?:jsp:forward|c:redirect)\b|^return\s+Astro\.redirect\("
    r"|\{(?:%[-~+]?\s*+extends\b|extends?\s+(?:file|name)\s*=)|^[ \t]*+@extends\s*+\(",
    re.MULTILINE,
)
"""What leads to another page, or takes only blocks of this one, which the other may not show."""
_ALTERNATIVE = re.compile(r"\s*(?:if|foreach|for|while|switch)\b.*:\s*\Z", re.DOTALL)
_DO = re.compile(
    r"\A\s*(?:if|unless|case|for|while|until|begin|do|sub|function|select)\b(?!.*[:{]\s*\Z|.*\bthen\s*\S)"
    r"|\bdo\b\s*+(?:\|[^|]*+\|)?\s*+\Z|\A(?!\s*elseif\b).*\bthen\s*\Z",
    re.DOTALL | re.IGNORECASE,
)
"""What begins a block of Ruby or Basic that a later piece of code ends."""
_DO_END = re.compile(r"\s*(?:end\b|next\b|loop\b|wend\b)", re.IGNORECASE)

_SCRIPTS = frozenset({".js", ".jsx", ".ts", ".tsx"})
_WITHOUT_TAGS = frozenset({".haml", ".jade", ".pug", ".slim"})
_WITH_BRACES = _SCRIPTS | {".astro", ".svelte"}
_WITH_CAPITALS = _WITH_BRACES | {".razor", ".vue"}
"""Where a capital begins the name of a component; else tags may be written so."""
_VELOCITY = frozenset({".vm", ".vtl"})
_LINE = re.compile(r"##[^\r\n]*")


def of_template(path: PurePath, html: str) -> str:
    """Return a template with all blanked out that it may not show; the rest keeps its offsets.

    Elements that an attribute may remove, as ``v-if`` does, are left out when the page is read.
    """
    suffix = path.suffix.lower()
    if suffix in _WITHOUT_TAGS or path.stem.endswith(TRIALS) or _FORWARD.search(html):
        return blank_text(html)
    html = _with_references(html)
    if suffix in _SCRIPTS:
        html = _of_component(html)
    elif suffix == ".vue":
        html = _of_vue(html)
    if any(map(_hides, _STYLE.finditer(html))):
        return blank_text(html)
    patterns = [_FRONT_MATTER, _SELF_CLOSED, *([_LINE] if suffix in _VELOCITY else [])]
    html = _cut(html, (one.span() for pattern in patterns for one in pattern.finditer(html)))
    if suffix not in _SCRIPTS:
        html = _marked(html, _Blocks(html).doubtful())
    if suffix in _WITH_BRACES:
        html = _marked(html, list(_braces(html)))
    components = _components(html, capitals=suffix in _WITH_CAPITALS)
    return _CLASSES.sub(_hidden, _cut(html, components))


_REFERENCE = re.compile(r"(?<=\s)(?:ref|bind:this)\s*+=\s*+[\"'{]\s*+([\w$]++)\s*+[\"'}]")
"""Where a script is given an element of a component."""
_REACHED = re.compile(
    r"(?<![\w$])([\w$]++)(?:\.(?:value|current))?(?:\[\w++\])?[!?]?\.\s*+"
    r"(?:style|hidden|class|remove|inner|outer|text|set|toggle|replace|parent|append|prepend)"
)
"""Where it may change one."""


def _with_references(html: str) -> str:
    """Return a page with ``v-if`` in the place of references by which a script changes elements."""
    changed = set(_REACHED.findall(html))
    return _REFERENCE.sub(
        lambda given: ("v-if" if given[1] in changed else "").ljust(len(given[0])), html
    )


class _Blocks(Confidential, Struct):
    """The blocks of a template: what is open at a point, and what may not be shown so far."""

    html: str
    cut: list[tuple[int, int]] = field(default_factory=list)
    opened: list[tuple[str, int]] = field(default_factory=list)

    def doubtful(self) -> list[tuple[int, int]]:
        """Return the spans of tags, and of all that may be left out."""
        at, never = 0, set[str]()
        tags: list[tuple[int, int]] = []
        ended = {*_ENDED.findall(self.html.lower()), *_BLOCKS} - {"each"}
        while found := _TOKEN.search(self.html, at):
            start, at = found.span()
            family, opening = found.lastgroup or "", found["open"]
            if family == "raw":
                at = self._find(f"</{found['raw']}", at, never) or at
                continue
            if opening:
                end = self._end_of(opening, at, never)
                if end is None:
                    continue
                code, at = self.html[at:end], end + len(_ENDS[opening])
                self._code(opening, code, start, at)
            elif found["body"] is not None:
                at = self._body_end(at)
            elif family != "note" and _is_tag(family, found[family], ended):
                self._take(found[family], start, at)
            tags.append((start, at))
        self.cut += tags
        self.cut += [(at, len(self.html)) for name, at in self.opened if not _ALONE.fullmatch(name)]
        bare = _EMPTY.sub(blank, _cut(self.html, tags))
        for start, end in _outermost(self.cut):
            if _begins_hidden(bare[start:end]):
                return [*self.cut, (start, len(self.html))]
        return self.cut

    def _find(self, text: str, at: int, never: set[str]) -> int | None:
        """Find a text; one that is not there any more is not looked for again."""
        end = -1 if text in never else self.html.find(text, at)
        if end < 0:
            never.add(text)
        return end if end >= 0 else None

    def _end_of(self, opening: str, at: int, never: set[str]) -> int | None:
        """Return where a comment, code or an expression ends; None where that is not said."""
        if opening == "<?":
            ends = (found.start() for found in _PHP.finditer(self.html, at) if found["end"])
            return next(ends, len(self.html))
        return self._brace(at) if opening == "@{" else self._find(_ENDS[opening], at, never)

    def _brace(self, at: int) -> int:
        """Return where the brace is that closes one before a place."""
        depth = 1
        for brace in _CURLY.finditer(self.html, at):
            depth += 1 if brace[0] == "{" else -1
            if not depth:
                return brace.start()
        return len(self.html)

    def _body_end(self, at: int) -> int:
        """Return where a block in braces of Razor or Angular ends, with what is shown otherwise."""
        end = self._brace(at) + 1
        while other := _ELSE.match(self.html, end):
            end = self._brace(other.end()) + 1
        return min(end, len(self.html))

    def _code(self, opening: str, code: str, start: int, end: int) -> None:
        """Take in what stands between two delimiters: a program, a tag, or else a value."""
        if opening in {"<%", "<?", "<php>", "{php}"}:
            self._program(code, start, end)
        elif opening == "@{" and _LEAVING.search(code):
            self.cut.append((0, len(self.html)))
        elif opening in {"{%", "[%", "{{"}:
            sign, word = _TAG.match(code).groups()  # type: ignore[union-attr]  # both may be empty
            known = word.lower() in _BLOCKS or word.lower().startswith(("end", "else"))
            known = known or (opening == "[%" and word.isupper())
            if opening == "{%" or known or sign[:1] in {*"#^/?%"} or not code.strip("~-+ "):
                self._take(code, start, end)

    def _take(self, text: str, start: int, end: int) -> None:
        """Take in a tag that begins or ends a block, or stands alone."""
        sign, name = _TAG.match(text).groups()  # type: ignore[union-attr]  # both may be empty
        word = name.lower()
        if _MIDDLE.fullmatch(word) or text.endswith(("/", "#")) or sign in {"$", ":"}:
            return
        if text in _ENDING["section"]:
            self._close({"section"}, end, stray=False)
        elif word == "end" or not word:
            self._close(None, end)
            if not word and "{" in text:
                # As in } else {
                self.opened.append(("{", start))
        elif sign.startswith("/") or word.startswith("end"):
            word = word.removeprefix("end")
            self._close({word, f"@{word}", *_ENDING.get(word, ())}, end)
        else:
            self.opened.append((f"@{word}" if sign.endswith("@") else word, start))

    def _program(self, code: str, start: int, end: int) -> None:
        """Take in statements of PHP, JSP, ASP, EJS or ERB."""
        code = _HEREDOC.sub(" ", code.removeprefix("php").strip("-_"))
        code = _QUOTED.sub(" ", _LEAVING.sub(" leave_page", code))
        if code.startswith(("=", "@", "#")) and not _DO.search(code):
            return
        last = 0
        for step in _STEP.finditer(code):
            last = step.end()
            self._step(step, start, end)
        rest = code[last:]
        if _ALTERNATIVE.match(rest.rpartition(";")[2]):
            self.opened.append((":", start))
        for line in rest.split("\n" if ";" not in rest else "\0") if last == 0 else ():
            if _DO_END.match(line):
                self._close({"do", "then"}, end)
            elif _DO.search(line):
                # With its statement it is whole.
                self.opened.append(("do" if line.rstrip().endswith(";") else "then", start))

    def _step(self, step: re.Match[str], start: int, end: int) -> None:
        """Take in a brace or a word of a program that begins or ends what may not be shown."""
        if step["open"]:
            self.opened.append(("{", start))
        elif step["close"]:
            self._close({"{"}, end)
        elif step["alt_end"]:
            self._close({":"}, end)
        elif step["leave"]:
            # Within a block, some visitors may stay.
            self.cut.append((start if self.opened else 0, end if self.opened else len(self.html)))
        elif step["held"]:
            self.opened.append(("held", start))
        elif step["dropped"]:
            self._close({"held"}, end, stray=False)
        elif not self.opened:
            # Nothing after this is reached.
            self.opened.append(("{", start))

    def _close(self, names: set[str] | None, end: int, *, stray: bool = True) -> None:
        """Close the innermost open block of a name, or any that needs an end."""
        for i in range(len(self.opened) - 1, -1, -1):
            name, start = self.opened[i]
            ends = {name, name.partition(":")[0]} & names if names else not _ALONE.fullmatch(name)
            if ends:
                self.cut.append((start, end))
                del self.opened[i:]
                return
        if stray:
            # What it closes began somewhere before, perhaps in another file.
            self.cut.append((0, end))


def _outermost(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans that are in no other one, in their order."""
    last = 0
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= last:
            last = end
            yield start, end


def _begins_hidden(block: str) -> bool:
    """Whether a block begins a comment or an element that hides what follows the block."""
    return "<" in block and not read(f"{block}<p>{_MARK}").text.rstrip().endswith(_MARK)


def _is_tag(family: str, text: str, ended: Set[str]) -> bool:
    """Whether a word is a tag that may need an end, where others stand alone or are text."""
    word = text.lower().partition("(")[0].rstrip()
    if family == "at":
        return word.startswith("end") or word in ended or word in _ENDING["section"]
    bare = text.isalpha() and (word not in ended or text.isupper())
    return family != "brace" or not (bare or text[0] == "@" or _EXPRESSION.match(text))


_BLOCK = re.compile(r"<([a-z][\w-]*+)(?P<attributes>[^<>]*+)>")
_NESTED = re.compile(r"<(/?)template\b[^<>]*+>")


def template_of(html: str) -> tuple[int, int]:
    """Return the span of what is in the template of a component of Vue; empty if it has none."""
    html, at = bare(html), 0
    while (block := _BLOCK.search(html, at)) and block[1] != "template":
        at = html.find(f"</{block[1]}>", block.end())
        if at < 0:
            break
    if block is None or at < 0 or re.search(r"\s(?:lang|src)\s*=", block["attributes"]):
        return 0, 0
    depth = 1
    for tag in _NESTED.finditer(html, block.end()):
        depth += -1 if tag[1] else 1
        if not depth:
            return block.end(), tag.start()
    return 0, 0


def _of_vue(html: str) -> str:
    """Return a component of Vue with its template as an element, and all else blanked out."""
    start, end = template_of(html)
    before, after = html.rfind("<", 0, start), end + len("</template>")
    if not end or start - before < len("<template>"):
        return blank_text(html)
    html = f"{html[:start]}{_OF_MODULE.sub(_as_class, html[start:end])}{html[end:]}"
    opened = f"<div{blank_text(html[before + len('<div') : start - 1])}>"
    closed = f"</div>{blank_text('plate')}"
    return f"{_styles(html, 0, before)}{opened}{html[start:end]}{closed}{_styles(html, after)}"


_STYLE = re.compile(r"<style\b([^<>]*+).*?(?:</style>|\Z)", re.DOTALL)
_INDENTED = re.compile(r"\blang\s*=\s*[\"']?(?:sass|styl)|\bdangerouslySetInnerHTML\b")
_REMOVES = re.compile(r"\b(?:none|hidden|collapse|transparent)\b|\b(?:opacity|size)\s*+:?\s*+0")
_DEEP = re.compile(r"(?:::v-deep|:deep|:slotted|:global)(\()?|>>>|/deep/")
_NOTE = re.compile(r"(?<![:\w])//[^\r\n]*+")


_OF_MODULE = re.compile(r"(?<=\s)(?:v-bind)?:class=[\"']\$style\.([\w-]++)[\"']")
_MIXED = re.compile(
    r"@mixin\b|@extend\b|[{;]\s*+[.#][\w-]++(?:\([^(){}]*+\))?\s*+[;}]"
    r"|\b(?:display|visibility|opacity)\s*+:\s*+[@$]"
)
"""What Sass and Less put in the place of others."""
_GIVES = re.compile(
    r"(?:\b(?:display|visibility)|[@$][\w-]++)\s*+:\s*+(?:none|hidden|collapse)\b"
    r"|(?:\b(?:opacity|font-size)|[@$][\w-]++)\s*+:\s*+0(?![.\w])"
)
_INCLUDED = re.compile(r"@include\s++[\w.-]*(?:hid|invis|sr-only|visually)", re.IGNORECASE)
"""A mixin that hides, by its name."""


def _hides(sheet: re.Match[str]) -> bool:
    """Whether a style sheet may hide something in a way that is not read here."""
    if _INDENTED.search(sheet[1]):
        return _REMOVES.search(sheet[0]) is not None
    mixed = _MIXED.search(sheet[0]) is not None and _GIVES.search(sheet[0]) is not None
    return mixed or _INCLUDED.search(sheet[0]) is not None


def _styles(html: str, start: int, end: int | None = None) -> str:
    """Return a part of a component with all but its style sheets blanked out."""
    part, parts, at = html[start:end], list[str](), 0
    for found in _STYLE.finditer(part):
        # A selector for what is in other components holds for its own as well.
        sheet = _DEEP.sub(lambda deep: (":is(" if deep[1] else "").ljust(len(deep[0])), found[0])
        parts += [blank_text(part[at : found.start()]), _NOTE.sub(blank, sheet)]
        at = found.end()
    return "".join([*parts, blank_text(part[at:])])


_COMPONENT = re.compile(
    r"<(?P<end>/?)(?P<name>[A-Za-z.][\w.-]*+)(?=[\s/>])"
    r"(?P<attributes>(?:[^<>\"'{}]|\"[^\"]*+\"|'[^']*+'|\{(?:[^{}]|\{[^{}]*+\})*+\})*+)>"
)


def _components(html: str, *, capitals: bool) -> Iterator[tuple[int, int]]:
    """Yield the spans of components, which decide whether they show what is in them."""
    depth = start = 0
    for found in _COMPONENT.finditer(html):
        name = found["name"]
        if name.lower() in ELEMENTS and not (capitals and name[0].isupper()):
            continue
        if found["end"]:
            depth = max(depth - 1, 0)
            if not depth:
                yield start, found.end()
        elif found["attributes"].endswith("/"):
            yield found.span()
        else:
            start = start if depth else found.start()
            depth += 1
    if depth:
        yield start, len(html)


_CLASSES = re.compile(r"(?<=\s)class=([\"'])([^\"'<>]*+)\1")


def _hidden(classes: re.Match[str]) -> str:
    """Return an attribute that hides an element where a class of it may; sheets are elsewhere."""
    return "hidden".ljust(len(classes[0])) if may_hide(classes[2]) else classes[0]


_STYLED = re.compile(r"\bstyle\s*+=\s*+\{\{([^{}]*+)\}\}")
_PROPERTY = re.compile(
    r"(?<![A-Za-z-])[\"']?([A-Za-z-]++)[\"']?\s*+:\s*+(?:'([^'\"\\]*+)'|\"([^'\"\\]*+)\"|(-?[\d.]++))\s*+(?:,|\Z)\s*+"
)
_HUMP = re.compile("[A-Z]")


def _as_attribute(styled: re.Match[str]) -> str:
    """Return a literal object of styles as an attribute as long; any other expression as it is."""
    pairs = list(_PROPERTY.finditer(styled[1]))
    if "".join(one[0] for one in pairs) != styled[1].lstrip():
        return styled[0]
    declared = (
        f"{_HUMP.sub(lambda hump: f'-{hump[0].lower()}', one[1])}:{one[2] or one[3] or one[4]}"
        for one in pairs
    )
    written = f'style="{";".join(declared)}"'
    lines = "\n" * styled[0].count("\n")
    left = len(styled[0]) - len(written) - len(lines)
    return f"{written}{' ' * left}{lines}" if left >= 0 else styled[0]


_ROOT = re.compile(r"(?:\breturn\b(?:\s*+\(\)\s*+=>)?+|=>)\s*+\(?\s*+(?=<)")
_ANOTHER = re.compile(r"\breturn\b|=>\s*+\(?\s*+<")
_COMMENTS = re.compile(r"/\*.*?(?:\*/|\Z)|(?<![:\"'])//[^\n]*", re.DOTALL)
_JSX = re.compile(
    r"(?P<brace>[{}])|<(?P<end>/?)(?P<name>[\w.]*+)"
    r"(?P<attributes>(?:[^<>{}\"']|\"[^\"]*+\"|'[^']*+'|\{(?:[^{}]|\{[^{}]*+\})*+\})*+)>"
)
_CLASS_NAME = re.compile(
    r"\bclassName\s*+=\s*+(?:\{\s*+)?(?:\"([^\"{}]*+)\"|'([^'{}]*+)'|`([^`${}]*+)`"
    r"|(?<=\{)[a-z]\w{0,20}+(?:\.([\w-]++)|\[[\"']([\w-]++)[\"']\]))(?:\s*+\})?(?=[\s/>])",
    re.IGNORECASE,
)
_SHEET = re.compile(
    r"(<style\b[^<>]*+>)\s*+\{\s*+(?:`([^`]*+)`|'([^']*+)'|\"([^\"]*+)\")\s*+\}(?=\s*+</style)"
)
_STATEMENT = re.compile(
    r"^(?:export\b|module\.exports|(?:async\s+)?(?:function|const|let|var|class)\s+([\w$]+))",
    re.MULTILINE,
)
_EXPORT = re.compile(
    r"^(?:export|module\.exports\s*+=)\s*+\{[^{}]*+\}|^(?:export|(?:module\.)?exports)\b[^\n]*+"
    r"|\b(?:render|hydrate(?:Root)?)\([^;]{0,200}",
    re.MULTILINE,
)
"""What a file gives to others, and what it renders itself."""
_MOST_GOING = 20
_GOING = re.compile(r"(?<![\w.])(?:redirect|permanentRedirect|notFound)\(")
_HREF = re.compile(r"(?<=\shref=)\{\s*+(?:(\"[^\"{}]*+\"|'[^'{}]*+')|[^\"'{}]*+)\s*+\}")
_REPEATS = re.compile(r"\.(?:map|flatMap|filter|reduce)\(\s*+(?:\w++|\([^()]*+\))\s*+\Z")
_ASKING = re.compile(r"\b(?:if|for|while|switch|catch)\Z")
_OTHERWISE = re.compile(r"(?:\b(?:else|try|do|finally)|\bcase\b[^:\n]{0,80}:|\bdefault\s*+:)\Z")
_NEAR = 400
_BRACKET = re.compile(r"[(){}]")


def _of_component(code: str) -> str:
    """Return the markup of a component that returns just one, and the style sheets behind it."""
    code = _without_comments(code)
    start, _, end = _root_of(code)
    markup = f"{blank_text(code[:start])}{code[start:end]}"
    return f"{markup}{_styles(code, end)}" if end else blank_text(code)


def expressions_of(code: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a component of JSX without its markup, and where expressions stand in that."""
    code = _without_comments(code)
    start, spans, end = _root_of(code)
    return f"{code[:start]}\n{code[end:]}", spans


def _without_comments(code: str) -> str:
    code = _cut(code, (found.span() for found in _COMMENTS.finditer(code)))
    code = _HREF.sub(lambda given: (given[1] or '""').ljust(len(given[0])), code)
    code = _SHEET.sub(
        lambda sheet: f"{sheet[1]} {sheet[2] or sheet[3] or sheet[4] or ''}".ljust(len(sheet[0])),
        code,
    )
    code = _CLASS_NAME.sub(_as_class, code)
    return _STYLED.sub(_as_attribute, _CLASSES.sub(_hidden, code))


def _as_class(named: re.Match[str]) -> str:
    """Return a literal ``className``, or one of a module of styles, as the attribute of HTML."""
    classes = next(filter(None, named.groups()), "")
    return f'class="{classes}"'.ljust(len(named[0]))


def _root_of(code: str) -> tuple[int, list[tuple[int, int]], int]:
    """Return where the only markup of a component begins, what of it is not certain, its end.

    Where there is none, or which of several is shown is decided when it runs, the end is 0.
    """
    root = _ROOT.search(code)
    spans, end = _markup(code, root.end(), len(code)) if root else ([], 0)
    if root is None or not end or _ANOTHER.search(f"{code[: root.start()]} {code[end:]}"):
        return 0, [], 0
    before = code[: root.start()]
    leaves = any(
        not _is_conditional(code[: one.start()])
        for one in islice(_GOING.finditer(before), _MOST_GOING)
    )
    if _is_conditional(before) or leaves or not _is_exported(code, before):
        return 0, [], 0
    return root.end(), spans, end


def _is_exported(code: str, before: str) -> bool:
    """Whether a file renders what a statement holds, or gives it to others."""
    exports = " ".join(_EXPORT.findall(code))
    names = [found[1] for found in _STATEMENT.finditer(before)][-1:]
    own = [name for name in names if name]
    return bool(exports) and (not own or re.search(rf"\b{own[0]}\b", exports) is not None)


def _is_conditional(before: str) -> bool:
    """Whether what follows a part of a script is not always reached, by the brackets around it."""
    brackets: list[int] = []
    closes = dict[int, int]()
    for found in _BRACKET.finditer(before):
        if found[0] in "({":
            brackets.append(found.start())
        elif brackets:
            closes[found.start()] = brackets.pop()
    for at in (*brackets, len(before)):
        head = before[:at].rstrip()
        asked = before[: closes.get(len(head) - 1, 0)].rstrip()
        near = head[-_NEAR:]
        if _ASKING.search(asked[-_NEAR:]) or _OTHERWISE.search(near) or _REPEATS.search(near):
            return True
    return False


def _markup(code: str, start: int, last: int) -> tuple[list[tuple[int, int]], int]:
    """Return the expressions in an element of JSX, and its end; 0 where it does not end."""
    spans: list[tuple[int, int]] = []
    depth = braces = begin = 0
    for found in _JSX.finditer(code, start, last):
        if found["brace"]:
            begin = begin if braces else found.start()
            braces = max(braces + (1 if found["brace"] == "{" else -1), 0)
            spans += [] if braces else [(begin, found.end())]
        elif not braces:
            depth += -1 if found["end"] else 0 if found["attributes"].endswith("/") else 1
            if depth == 0:
                return spans, found.end()
    return spans, 0


def element_end(code: str, start: int, end: int) -> int:
    """Return where an element of JSX ends that begins at a place; 0 where it does not so soon."""
    return _markup(code, start, end)[1]


_BRACE = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)|([{}])", re.DOTALL)


def _braces(html: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of expressions in braces, which may have markup in them."""
    start, depth = 0, 0
    for found in _BRACE.finditer(html):
        if found[2] == "{":
            start, depth = (start if depth else found.start()), depth + 1
        elif found[2] == "}" and depth:
            depth -= 1
            if depth == 0:
                yield start, found.end()
    if depth:
        yield start, len(html)


_LONGEST_TAG = 1000
_ATTRIBUTE = re.compile(
    r"\s(?P<name>[\w:.-]++)\s*+=\s*+(?P<value>\"[^\"]*+|'[^']*+|[^\s\"'<>]*+)\Z"
)
_GIVEN = re.compile(rf"{HIDING.pattern}|style|display|opacity|\.\.\.", re.IGNORECASE)
_DECLARED = re.compile(
    r"[\s\"']*+(?!(?:display|visibility|opacity|font-size|content-visibility)\b)[\w-]++\s*+:"
)
"""The beginning of a declaration by which nothing is hidden."""


def _marked(html: str, spans: list[tuple[int, int]]) -> str:
    """Return a page with some spans blanked out, and ``v-if`` in tags that one may hide by."""
    text = _cut(html, spans)
    marks: dict[tuple[int, int], str] = {}
    # What is in a block counts with it.
    for start, end in _outermost(spans):
        least = max(0, start - _LONGEST_TAG)
        begin = text.rfind("<", least, start)
        tag = text[begin:start] if begin > text.rfind(">", least, start) else ""
        given, attribute = html[start:end], _ATTRIBUTE.search(tag)
        if attribute is not None:
            if not attribute["value"]:
                # Else the attribute behind it would be its value.
                marks[start, start + 2] = '""'
            if _may_hide(attribute["name"].lower(), attribute["value"], given):
                at, length = begin + attribute.start("name"), len(attribute["name"])
                marks[at, at + length] = "v-if".ljust(length)
        elif tag and not (tag.count('"') % 2 or tag.count("'") % 2) and _GIVEN.search(given):
            marks[start, end] = " v-if".ljust(end - start)[: end - start]
    return _with_marks(text, marks)


def _may_hide(name: str, value: str, given: str) -> bool:
    """Whether an attribute may hide its element by what a template adds to its value."""
    if name == "style":
        begun = value.rpartition(";")[2]
        plain = ":" in given and not _GIVEN.search(given)
        return not _DECLARED.match(begun) and not (plain and ":" not in begun)
    return name in {"class", "classname", "css", "sx"} and HIDING.search(given) is not None


def _with_marks(text: str, marks: Mapping[tuple[int, int], str]) -> str:
    """Return a text with marks in the place of some spans."""
    parts: list[str] = []
    at = 0
    for (start, end), mark in sorted(marks.items()):
        parts += [text[at:start], mark]
        at = end
    return "".join([*parts, text[at:]])


def _cut(text: str, spans: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> str:
    """Return a text with some spans blanked out."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end > at:
            parts += [text[at : max(start, at)], blank_text(text[max(start, at) : end])]
            at = end
    return "".join([*parts, text[at:]])
