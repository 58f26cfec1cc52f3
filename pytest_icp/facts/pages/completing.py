"""What a page takes from other files: the style sheets that it links to, constants that it shows.

``{{ site.icp }}`` of a Vue component and ``{site.icp}`` of JSX become the text that stands in
``config/site.js``: literally, and one import away. What a script computes, changes or binds anew
stays an expression.

Of scripts only literals are read, and nothing is evaluated. Of a script that can be read in two
ways, and of a value that is computed, changed or bound under a condition, nothing is told.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from msgspec import Struct, field

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import decode
from pytest_icp.facts.pages.reading import parse
from pytest_icp.facts.pages.templates import (
    COMMENT,
    bare,
    blank,
    blank_text,
    element_end,
    expressions_of,
    template_of,
)
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
    based = _based(html)
    html = _STYLE.sub(lambda style: _imported(style[0], folder / based, read), html)
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
        code = None if _ELSEWHERE.match(address) else _content(folder, address, read)
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


def _imported(css: str, folder: Path, read: Callable[[Path], bytes]) -> str:
    """Return a style sheet with those that it imports in their place, as far as they are there."""

    def content(found: re.Match[str]) -> str:
        sheet = None if _ELSEWHERE.match(found[1]) else _content(folder, found[1], read)
        return found[0] if sheet is None else f"@media {found[2].strip() or 'all'} {{{sheet}}}"

    return _IMPORT.sub(content, css, count=_MOST_LINKS)


def _content(folder: Path, address: str, read: Callable[[Path], bytes]) -> str | None:
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
    css = _content(folder, address, read)
    if css is None:
        return None
    # What it imports is beside it.
    css = _imported(css, (folder / unquote(address).lstrip("/")).parent, read)
    media = "" if "media" in then else re.sub(r"[\"&<>]", "", own.get("media") or "")
    return f'<style media="{media}">{css}</style>'


Value: TypeAlias = "str | Mapping[str, Value] | None"
"""A text, an object, or None for what is not a literal."""

_TOKEN = re.compile(
    r"""(?P<skipped>\s++|/\*.*?(?:\*/|\Z)|//[^\n]*+)
    | (?P<text>"(?:\\.?|[^"\\\n])*+(?:"|(?=\n)|\Z)|'(?:\\.?|[^'\\\n])*+(?:'|(?=\n)|\Z)
        |`(?:\\.?|[^`\\])*+(?:`|\Z))
    | (?P<name>[A-Za-z_$][\w$]*+)
    | .""",
    re.DOTALL | re.VERBOSE,
)
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_OF_TYPES = frozenset("<>[],.|")
_TYPED = frozenset({"as", "satisfies"})
_GO_ON = _TYPED | {"in", "instanceof"}
_DEEPEST = 20
_BEFORE_VALUE = _GO_ON | frozenset(
    "return typeof case do else of new void delete throw yield await default".split()
)
_LONGEST_IMPORT = 200
"""How many tokens the names of one import may be."""


class Token(Struct, frozen=True):
    """A word, a sign or a text of a script; ``first`` if it begins a line."""

    text: str
    named: bool
    first: bool

    @property
    def literal(self) -> str | None:
        """The content of a text as it stands; None for anything else."""
        plain = self.text[0] in "\"'`" and "\\" not in self.text and "${" not in self.text
        return self.text[1:-1] if plain else None


def _tokens(code: str) -> list[Token]:
    found: list[Token] = []
    first = True
    for one in _TOKEN.finditer(code):
        if one["skipped"]:
            first = first or "\n" in one[0]
            continue
        # What divides may begin a regular expression, and a text may not end.
        if one[0] == "/" and not _ends_value(found):
            return []
        if one["text"] and (len(one[0]) == 1 or one[0][-1] != one[0][0]):
            return []
        found.append(Token(one[0], one["name"] is not None, first))
        first = False
    return found


def _ends_value(before: Sequence[Token]) -> bool:
    """Whether what is before a stroke is certainly a value that it divides."""
    last = before[-1] if before else None
    return last is not None and (
        last.text == "]" or last.text.isdigit() or (last.named and last.text not in _BEFORE_VALUE)
    )


class Script(Confidential, Struct, frozen=True, dict=True):
    """A script: its tokens, and what it binds, imports and exports at its top level."""

    tokens: Sequence[Token]

    @classmethod
    def read(cls, code: str) -> Script:
        """Read a script; one that may be read in another way has nothing in it."""
        return cls(_tokens(code))

    def at(self, i: int) -> str:
        """Return a token; the empty word outside of the script."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    @cached_property
    def named(self) -> Mapping[str, Sequence[int]]:
        """Where each token stands, a text without its quotes."""
        found: dict[str, list[int]] = {}
        for i, token in enumerate(self.tokens):
            found.setdefault(token.literal or token.text, []).append(i)
        return found

    @cached_property
    def pairs(self) -> Mapping[int, int]:
        """Where the bracket is that closes one."""
        opened: list[int] = []
        found: dict[int, int] = {}
        for i, token in enumerate(self.tokens):
            if token.text in _OPENING:
                opened.append(i)
            elif token.text in _CLOSING and opened:
                found[opened.pop()] = i
        return found

    @cached_property
    def constants(self) -> Mapping[str, Value]:
        """The literals of ``const``."""
        found: dict[str, Value] = {}
        for i in self._top:
            if self.at(i) == "const" and self.at(i - 1) not in _TYPED:
                name, start = self.at(i + 1), self._assigned(i + 2)
                found[name] = self._literal(start) if start and name not in found else None
        return found

    @cached_property
    def imports(self) -> Mapping[str, tuple[str, str]]:
        """The imported names, with the module and the name there; ``*`` is the module itself."""
        found: dict[str, tuple[str, str]] = {}
        for i in self._top:
            if self.at(i) != "import" or not self.tokens[i].first or self.at(i + 1) == "type":
                continue
            near = range(i + 1, min(i + _LONGEST_IMPORT, len(self.tokens)))
            end = next((j for j in near if self.tokens[j].literal is not None), i)
            if self.at(end - 1) == "from":
                module = self.tokens[end].literal or ""
                found |= {own: (module, name) for own, name in self._bound(i + 1, end - 1)}
        return found

    @cached_property
    def exports(self) -> Mapping[str, Value]:
        """The literals that it exports, and ``default``."""
        found: dict[str, Value] = {}
        for i in self._top:
            word, after = self.at(i), self.at(i + 1)
            if word == "export" and after == "const":
                found[self.at(i + 2)] = self._unchanged(self.at(i + 2), 1)
            elif word == "export" and after == "default":
                found["default"] = self._given(i + 2)
            elif word == "export" and after == "{":
                found |= self._listed(i + 1)
            elif word == "exports" and self._is_common(i):
                value = self._given(i + 2)
                found |= {**(value if isinstance(value, dict) else {}), "default": value}
        return found

    @cached_property
    def passed(self) -> Sequence[tuple[str, str, str]]:
        """What it exports of other modules: the name, ``*`` for all, that in the module, and it."""
        found: list[tuple[str, str, str]] = []
        for i in self._top:
            if self.at(i) != "export" or self.at(i + 1) not in {"*", "{"}:
                continue
            end = self.pairs.get(i + 1, i + 1)
            if self.at(end + 1) == "from" and end + 2 < len(self.tokens):
                module = self.tokens[end + 2].literal or ""
                names = [("*", "*")] if end == i + 1 else self._bound(i + 1, end)
                found += [(own, name, module) for own, name in names]
        return found

    @cached_property
    def taken(self) -> Mapping[str, tuple[str, str]]:
        """The names that ``const { a, b: c } = d`` takes of an object, with it and theirs in it."""
        found: dict[str, tuple[str, str]] = {}
        for i in self.named.get("const", ()):
            end = self.pairs.get(i + 1, 0) if self.at(i + 1) == "{" else 0
            if not end or self.at(end + 1) != "=" or not self._ends(end + 3):
                continue
            parts = " ".join(self.at(j) for j in range(i + 2, end)).split(" , ")
            for part in filter(None, parts):
                name, _, own = part.rstrip(" ,").partition(" : ")
                found[own or name] = (self.at(end + 2), name)
        return found

    def literal_at(self, i: int) -> Value:
        """Return the literal that begins at a token; None for anything else."""
        return self._value(i, 0)[0]

    def around(self, i: int) -> int:
        """Return the bracket around a token; -1 if it is in none."""
        return self._inside[i] if 0 <= i < len(self.tokens) else -1

    def is_changed(self, i: int) -> bool:
        """Whether a name, or what it leads to, is assigned to at a place."""
        if self.at(i - 1) == "delete":
            return True
        while self.at(i + 1) == ".":
            i += 2
        one, two, three = (self.at(i + more) for more in (1, 2, 3))
        if one == "=":
            return two not in {"=", ">"}
        combined = one in set("+-*%&|^?") and "=" in {two, three}
        return one == "[" or combined or one + two in {"++", "--"}

    @cached_property
    def _inside(self) -> Sequence[int]:
        """The bracket around each token."""
        opened = [-1]
        found: list[int] = []
        for i in range(len(self.tokens)):
            if self.pairs.get(opened[-1]) == i:
                opened.pop()
            found.append(opened[-1])
            if i in self.pairs:
                opened.append(i)
        return found

    @property
    def _top(self) -> Iterator[int]:
        """Yield the tokens that are in no bracket."""
        i = 0
        while i < len(self.tokens):
            yield i
            i = self.pairs.get(i, i) + 1

    def _bound(self, start: int, end: int) -> Iterator[tuple[str, str]]:
        """Yield the names of an import or export, each with that which it stands for."""
        inner = False
        for i in range(start, end):
            word = self.at(i)
            inner = word == "{" or (inner and word != "}")
            if not self.tokens[i].named or word == "as" or self.at(i + 1) == "as":
                continue
            if self.at(i - 1) == "as":
                yield word, self.at(i - 2)
            else:
                yield word, word if inner else "default"

    def _listed(self, start: int) -> Mapping[str, Value]:
        """Return the constants in a list of exports; those of another module are not known."""
        end = self.pairs.get(start, start)
        if self.at(end + 1) == "from":
            return {}
        return {name: self._unchanged(own, 2) for name, own in self._bound(start, end)}

    def _is_common(self, i: int) -> bool:
        """Whether ``module.exports =`` stands there: once, and on no condition."""
        before = self.at(i - 3)
        alone = not before or before in {";", "}"} or before[0] in "\"'"
        once = len(self.named["exports"]) == len(self.named.get("module", ())) == 1
        return (
            alone
            and once
            and (self.at(i - 2), self.at(i - 1), self.at(i + 1)) == ("module", ".", "=")
        )

    def _given(self, i: int) -> Value:
        """Return the literal, or that of the constant, which a statement ends with."""
        name = self.at(i)
        if name in self.constants:
            return self._unchanged(name, 2) if self._ends(i + 1) else None
        return self._literal(i)

    def _unchanged(self, name: str, times: int) -> Value:
        """Return a constant; an object only where nothing else than so many places name it."""
        value = self.constants.get(name)
        return value if isinstance(value, str) or len(self.named.get(name, ())) == times else None

    def _assigned(self, i: int) -> int:
        """Return where the value of a constant begins, after its type; 0 where it has none."""
        if self.at(i) == ":":
            i += 1
            while self.at(i) in _OF_TYPES or (i < len(self.tokens) and self.tokens[i].named):
                i += 1
        return i + 1 if self.at(i) == "=" else 0

    def _literal(self, i: int) -> Value:
        """Return a literal that a statement ends with."""
        value, end = self._value(i, 0)
        return value if self._ends(end) else None

    def _ends(self, i: int) -> bool:
        """Whether a statement ends before a token, apart from what says a type."""
        if self.at(i) in _TYPED and not self.tokens[i].first:
            while i < len(self.tokens) and self.tokens[i].named and not self.tokens[i].first:
                i += 1
        if self.at(i) in {"", ";"}:
            return True
        return self.tokens[i].first and self.tokens[i].named and self.at(i) not in _GO_ON

    def _value(self, i: int, depth: int) -> tuple[Value, int]:
        """Return a literal, or None, and where it ends."""
        if self.at(i) == "{":
            return self._object(i, depth)
        text = self.tokens[i].literal if i < len(self.tokens) else None
        return text, i if text is None else i + 1

    def _object(self, start: int, depth: int) -> tuple[Value, int]:
        """Return an object with the values that are literals; None where any may be another."""
        end = self.pairs.get(start, len(self.tokens))
        found: dict[str, Value] = {}
        i = start + 1
        while i < end:
            key = self.at(i) if self.tokens[i].named else self.tokens[i].literal
            sign = self.at(i + 1)
            if key is None or depth > _DEEPEST or sign not in {":", ",", "}", "("}:
                return None, end + 1
            value, after = self._value(i + 2, depth + 1) if sign == ":" else (None, i + 1)
            whole = self.at(after) in {",", "}"}
            while after < end and self.at(after) != ",":
                after = self.pairs.get(after, after) + 1
            found[key] = value if whole and key not in found else None
            i = after + 1
        return found, end + 1


_MOST = 20
"""So many names of a component are followed, each to so many places and modules."""
_MODULES = (".js", ".ts", ".mjs", ".jsx", ".tsx", ".json")
_ENDINGS = (*_MODULES, "/index.js", "/index.ts")

_PATH = re.compile(r"\s*+([A-Za-z_$][\w$]*+)((?:\.[A-Za-z_$][\w$]*+)*+)\s*+")
_LITERAL = re.compile(r"\s*+(?:'([^'\\\n]*+)'|\"([^\"\\\n]*+)\")\s*+")
_MARKUP = re.compile(r"[<>&{}\n]")
_SCRIPT = re.compile(r"<script\b([^<>]*+)>(.*?)(?:</script\s*+>|\Z)", re.DOTALL)
_SHOWN = re.compile(
    r"\{\{(?P<text>[^{}]++)\}\}|(?<=\s)v-if=(?:\"|')(?P<asked>[\w.$]++)(?:\"|')(?=[\s/>])"
)
"""What a template shows, and a condition that a text meets."""
_ATTRIBUTE = re.compile(r"""(?<![^\s"'])([^\s"'<>=/]++)\s*+=\s*+("[^"]*+"|'[^']*+')""")
_BINDING = re.compile(r"[@#]|v-(?:for|slot|on|model)\b|slot-scope|scope")
_READ = re.compile(r":|v-")
_ASSIGNED = re.compile(r"[^=!<>]=[^=>]|\+\+|--")
_OF = re.compile(r"\s(?:in|of)\s")


_SHEETS = (".css", ".less", ".scss")
_OWN_SHEET = re.compile(
    r"\bimport\s++(?:\w++\s++from\s++)?+[\"']([^\"'\n]++)[\"']"
    r"|<style\b[^<>]{0,300}?\ssrc\s*=\s*[\"']([^\"']++)[\"']"
)


def with_own_sheets(path: Path, code: str, read: Callable[[Path], bytes]) -> str:
    """Return a component with the style sheets behind it that it imports, if they are there."""
    modules = _Modules(path.parent, read)
    code = _STYLE.sub(lambda style: _imported(style[0], path.parent, read), code)
    named = (found[1] or found[2] for found in _OWN_SHEET.finditer(code))
    sheets = (name for name in named if name.endswith(_SHEETS))
    files = (file for name in islice(sheets, _MOST) for file in modules.files(name))
    contents = (_content(file.parent, file.name, read) for file in files)
    return code + "".join(f"\n<style>{css}</style>" for css in contents if css is not None)


def with_constants(path: Path, code: str, read: Callable[[Path], bytes]) -> str:
    """Return a component with the constants that it shows in place of their names.

    No line is added. A module that is not there, or that ``read`` refuses, tells nothing.
    """
    parts = _in_vue if path.suffix.lower() == ".vue" else _in_jsx
    return "".join(parts(code, _Modules(path.parent, read)))


class _Modules(Struct):
    """Reads the modules that a component imports from, each once."""

    folder: Path
    reading: Callable[[Path], bytes]
    known: dict[tuple[Path, str], tuple[Path, Script]] = field(default_factory=dict)

    def value(self, own: Script, name: str) -> Value:
        """Return what a name that a component binds stands for."""
        if name not in own.imports:
            return own.constants.get(name)
        module, exported = own.imports[name]
        folder, script = self._read(self.folder, module)
        if exported == "*":
            return script.exports
        return script.exports.get(exported) or self._passed(folder, script, exported)

    def _passed(self, folder: Path, script: Script, exported: str) -> Value:
        """Return what a module exports of others, where just one of them has it."""
        if exported in script.exports:
            return None
        named = [one for one in script.passed if one[0] == exported]
        everything = [("", exported, module) for name, _, module in script.passed if name == "*"]
        found = [
            value
            for _, name, module in (named or everything)[:_MOST]
            if (value := self._read(folder, module)[1].exports.get(name)) is not None
        ]
        return found[0] if len(found) == 1 else None

    def _read(self, folder: Path, module: str) -> tuple[Path, Script]:
        """Return a module that a file in a folder names, with the folder that it is in."""
        if (folder, module) not in self.known:
            files = ((file, self._code(file)) for file in self._files(folder, module))
            found = [(file, code) for file, code in files if code]
            file, code = found[0] if len(found) == 1 else (folder / "none", "")
            self.known[folder, module] = (file.parent, Script.read(code))
        return self.known[folder, module]

    def files(self, name: str) -> Iterator[Path]:
        """Yield the file that the component itself imports, if it is of the project."""
        return self._files(self.folder, name)

    def _files(self, folder: Path, module: str) -> Iterator[Path]:
        """Yield the files that a module may be; ``@`` is the folder of all sources."""
        base = folder if module.startswith(("./", "../")) else None
        if module.startswith("@/"):
            above = (folder, *folder.parents)
            base = next((folder for folder in above if folder.name == "src"), None)
        if base is not None:
            file = Path(os.path.normpath(base / module.removeprefix("@/")))
            endings = ("",) if file.suffix in (*_MODULES, *_SHEETS) else _ENDINGS
            yield from (Path(f"{file}{ending}") for ending in endings)

    def _code(self, file: Path) -> str:
        try:
            code = decode(self.reading(file))
        except InputError:
            return ""
        return f"export default {code}" if file.suffix == ".json" else code


class _Following(Confidential, Struct):
    """What the names of a component stand for."""

    value: Callable[[str], Value]
    known: dict[str, Value] = field(default_factory=dict)

    def text(self, expression: str) -> str | None:
        """Return the text that an expression certainly is, if it can stand in a page as such."""
        literal, path = _LITERAL.fullmatch(expression), _PATH.fullmatch(expression)
        value: Value = (literal[1] or literal[2]) if literal else None
        if path:
            value = self._value(path[1])
            for name in path[2].split(".")[1:]:
                value = value.get(name) if isinstance(value, dict) else None
        return value if isinstance(value, str) and not _MARKUP.search(value) else None

    def _value(self, name: str) -> Value:
        if name not in self.known and len(self.known) < _MOST:
            self.known[name] = self.value(name)
        return self.known.get(name)


def _in_jsx(code: str, modules: _Modules) -> Iterator[str]:
    """Yield the parts of a component of JSX; only what follows its imports is markup."""
    code = _with_shown(code, modules)
    outside, spans = expressions_of(code)
    following = _in_scope(outside, modules)
    at = 0
    for start, end in spans:
        text = following.text(code[start + 1 : end - 1])
        if text is not None:
            yield code[at:start] + text
            at = end
    yield code[at:]


def _in_vue(code: str, modules: _Modules) -> Iterator[str]:
    """Yield the parts of a component of Vue."""
    start, end = template_of(code)
    template = code[start:end]
    around = COMMENT.sub(blank, f"{code[:start]}\n{code[end:]}")
    scripts = [(one[1], one[2]) for one in _SCRIPT.finditer(around)]
    setup = any("setup" in attributes.split() for attributes, _ in scripts)
    own = Script.read("\n;\n".join(text for _, text in scripts))
    # Of these, what stands in the template is not what the script binds.
    raw = "v-pre" in template or "delimiters" in own.named
    if raw or any("src" in attributes for attributes, _ in scripts):
        own = Script(())

    def value(name: str) -> Value:
        if _is_bound_anew(template, name):
            return None
        return _bound(own, modules, name) if setup else _returned(own, modules, name)

    following = _Following(value)
    yield code[:start]
    at = 0
    for one in _SHOWN.finditer(template):
        text = following.text(one["text"] or one["asked"])
        if text:
            yield template[at : one.start()] + (text if one["text"] else blank(one))
            at = one.end()
    yield template[at:] + code[end:]


_GUARD = re.compile(
    r"\bif\s*+\(\s*+!\s*+([\w$.]++)\s*+\)\s*+"
    r"(?:return\s++null\b;?|\{\s*+return\s++null\b;?\s*+\})"
)
_ASKED = re.compile(r"\{\s*+([\w$.]++)\s*+(&&|\?)\s*+(\(?)\s*+(?=<)")
"""Conditions on a constant, which a text meets."""


def _in_scope(outside: str, modules: _Modules) -> _Following:
    """Return what the names stand for that the script of a component of JSX binds."""
    own = Script.read(outside)
    return _Following(lambda name: _bound(own, modules, name))


def _with_shown(code: str, modules: _Modules) -> str:
    """Return a component without the conditions that a constant of it meets."""
    plain = _GUARD.sub(blank, code)
    outside, spans = expressions_of(plain)
    following = _in_scope(outside, modules)
    if not all(following.text(guard[1]) for guard in _GUARD.finditer(code)):
        return code
    parts: list[str] = []
    at = 0
    for start, end in spans:
        asked = _ASKED.match(plain, start, end)
        if asked is None or not following.text(asked[1]):
            continue
        inner = element_end(plain, asked.end(), end)
        rest = "".join(plain[inner:end].split()) if inner else ""
        if rest == f"{')' if asked[3] else ''}{'}' if asked[2] == '&&' else ':null}'}":
            left = blank_text(plain[inner:end])
            parts += [plain[at:start], blank(asked), plain[asked.end() : inner], left]
            at = end
    return "".join([*parts, plain[at:]])


def _bound(own: Script, modules: _Modules, name: str) -> Value:
    """Return what a script binds a name to, once and for all."""
    source, key = own.taken.get(name, ("", ""))
    if source:
        value = modules.value(own, source) if _is_only_read(own, source, 2) else None
        found = value.get(key) if isinstance(value, Mapping) else None
        return found if _is_only_read(own, name, 1) else None
    bound = name in own.imports or name in own.constants
    return modules.value(own, name) if bound and _is_only_read(own, name, 1) else None


def _is_only_read(own: Script, name: str, times: int) -> bool:
    """Whether a script names something so many times, and else only reads what is in it."""
    free = [i for i in own.named[name] if _is_free(own, i)]
    read = [i for i in free if own.at(i + 1) == "."]
    return len(free) - len(read) == times and not any(map(own.is_changed, read))


def _is_free(own: Script, i: int) -> bool:
    """Whether a token is a name of the script, and no member of something."""
    return own.tokens[i].named and own.at(i - 1) != "."


def _returned(own: Script, modules: _Modules, name: str) -> Value:
    """Return what ``data`` or ``setup`` of a component returns as a name that nothing changes."""
    at = own.named.get(name, ())
    i = next((i for i in at[:_MOST] if _is_given(own, i)), 0)
    given = i + 2 if own.at(i + 1) == ":" else i
    if not i or _is_dynamic(own):
        return None
    value = own.literal_at(given)
    source = own.at(given)
    bound = source in own.imports or source in own.constants
    if bound and _is_only_read(own, source, 2 + (source == name and given != i)):
        value = modules.value(own, source)
    others = [j for j in at if j not in {i, given} and not (source == name and _is_free(own, j))]
    read = all(own.at(j - 2) == "this" and own.at(j - 1) == "." for j in others)
    kept = isinstance(value, str) or all(own.at(j + 1) == "." for j in others)
    return value if read and kept and not any(map(own.is_changed, others)) else None


def _is_given(own: Script, i: int) -> bool:
    """Whether a token is a key, with a value of one token, of what a component returns."""
    start = own.around(i)
    end = i + 2 if own.at(i + 1) == ":" else i
    if own.at(i - 1) not in {"{", ","} or own.at(end + 1) not in {",", "}"} or start < 0:
        return False
    if any(own.at(j) == own.at(j + 1) == "." for j in range(start, own.pairs.get(start, 0))):
        return False
    body = start - 1
    if own.at(body) == "return":
        block = own.around(start)
        returns = [j for j in own.named["return"] if block < j < own.pairs.get(block, 0)]
        body = block if len(returns) == 1 else -1
    return _is_of_component(own, body)


def _is_dynamic(own: Script) -> bool:
    """Whether a component does more with itself than name its members, or is made of others."""
    if not own.named.keys().isdisjoint(("$data", "mixins", "extends")):
        return True
    return any(own.at(i + 1) != "." for i in own.named.get("this", ()))


def _is_of_component(own: Script, body: int) -> bool:
    """Whether a body is that of ``data`` or ``setup`` of the component itself."""
    options = own.around(body)
    given = own.at(options - 2) in {"defineComponent", "extend"}
    if not (given or own.at(options - 1) == "default"):
        return False
    names = sorted(i for word in ("data", "setup") for i in own.named.get(word, ()))
    before = [i for i in names if options < i < body and own.around(i) == options]
    return bool(before) and own.at(before[-1] - 1) in {"{", ","} and _is_next(own, before[-1], body)


def _is_next(own: Script, name: int, body: int) -> bool:
    """Whether a body is that of the method that a name begins."""
    while name < body:
        if own.at(name) == ",":
            return False
        name = own.pairs.get(name, name) + 1
    return True


def _is_bound_anew(template: str, name: str) -> bool:
    """Whether a template binds a name to something else, or may change what it is."""
    word = re.compile(rf"(?<![\w$.]){re.escape(name)}(?![\w$])")
    for attribute, value in _ATTRIBUTE.findall(template):
        binds = _BINDING.match(attribute)
        written = _OF.split(value)[0] if attribute == "v-for" else value
        if not binds and not (_READ.match(attribute) and _ASSIGNED.search(value)):
            continue
        if word.search(written):
            return True
    return False
