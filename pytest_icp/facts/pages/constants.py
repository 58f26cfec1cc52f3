"""The constants (常量) that a component shows, and the style sheets that it imports.

``{{ site.icp }}`` of a Vue component and ``{site.icp}`` of JSX become the text that stands in
``config/site.js``: literally, and one import away. What a script computes, changes or binds anew
stays an expression.

Of scripts only literals are read, and nothing is evaluated. Of a script that can be read in two
ways, and of a value that is computed, changed or bound under a condition, nothing is told.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from msgspec import Struct, field

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.disk import decode
from pytest_icp.facts.pages.completing import STYLE, content_of, imported
from pytest_icp.facts.pages.marks import COMMENT, blank, blank_text
from pytest_icp.facts.pages.templates import element_end, expressions_of, template_of
from pytest_icp.law.errors import InputError

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
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_DEEPEST = 20
_NAME = r"[A-Za-z_$][\w$]*+"
_ENDS_VALUE = re.compile(
    r"\[\d++\]|\d|(?!(?:as|satisfies|in|instanceof|return|typeof|case|do|else|of|new|void|delete"
    rf"|throw|yield|await|default)\Z){_NAME}"
)
"""What is certainly divided by a stroke behind it, which else may begin a regular expression."""
_LITERAL_OR_NAME = rf"(\"[\w$]++\"|\{{\d++\}}|{_NAME})"
_END = (
    r"(?: (?:as|satisfies)(?: [\w$]++)++)?+"
    r"(?= ;|(?: \n)?\Z| \n (?!(?:as|satisfies|in|instanceof) )[\w$])"
)
"""Where a statement ends, after what says a type."""
_CONST = re.compile(
    rf"(?:^|(?<=[;\n]) )(?P<export>export )?const ({_NAME})"
    rf"(?: :(?: [\w$]++| [<>,.|]| \[\d++\])++)? = {_LITERAL_OR_NAME}{_END}"
)
_DEFAULT = re.compile(rf"(?:^|(?<=[;\n]) )export default {_LITERAL_OR_NAME}{_END}")
_COMMON = re.compile(rf"(?:^|(?<=[;}}\"]) (?:\n )?)module \. exports = {_LITERAL_OR_NAME}{_END}")
_LISTED = re.compile(r"(?:^|(?<=[;\n]) )export (?:\{(\d++)\}|\*)(?: from \"([\w$]++)\")?")
_IMPORTED = re.compile(
    rf"(?:^|(?<=[;\n]) )import (?!type )({_NAME})?+(?: , )?+(?:\* as ({_NAME})|\{{(\d++)\}})?+"
    r" from \"([\w$]++)\""
)
_TAKEN = re.compile(rf"const \{{(\d++)\}} = ({_NAME}){_END}")
_KEY = re.compile(r"\"?([\w$]++)\"?(?: : (.*)| \(\d++\).*)?")
_PART = re.compile(r"[({\[](\d++)[)}\]]")
_UNCHANGED = r"(?! = (?![=>])| \[| [-+*%&|^?] (?:\S+ )?=| \+ \+| - -)"


class Script(Confidential, Struct, frozen=True, dict=True):
    """A script: the tokens in each pair of brackets, with blanks between; first those in none.

    Brackets in others are written as ``{3}`` with the number of what is in them, a text as ``"3"``
    with its own number, or as it is where it may be a name.
    """

    parts: Sequence[str]
    texts: Sequence[str | None]

    @classmethod
    def read(cls, code: str) -> Script:
        """Read a script; one that may be read in another way has nothing in it."""
        parts: list[list[str]] = [[]]
        opened = [(0, "")]
        texts: list[str | None] = []
        for one in _TOKEN.finditer(code):
            sign, here = one[0], parts[opened[-1][0]]
            if one["skipped"]:
                here += ["\n"] if "\n" in sign and here[-1:] != ["\n"] else []
            elif one["text"]:
                if len(sign) == 1 or sign[-1] != sign[0]:
                    return cls([""], [])
                plain = "\\" not in sign and "${" not in sign
                texts.append(sign[1:-1] if plain else None)
                named = plain and re.fullmatch(_NAME, sign[1:-1])
                here.append(f'"{sign[1:-1] if named else len(texts) - 1}"')
            elif sign in _CLOSING:
                here.append(f"{sign}{len(parts)}{_CLOSING[sign]}")
                opened.append((len(parts), _CLOSING[sign]))
                parts.append([])
            elif sign in _CLOSING.values():
                if opened.pop()[1] != sign:
                    return cls([""], [])
            elif sign == "/" and not _ENDS_VALUE.fullmatch("".join(here[-1:])):
                return cls([""], [])
            else:
                here.append(sign)
        return cls([" ".join(part) for part in parts], texts)

    @cached_property
    def whole(self) -> str:
        """All tokens; those of a pair of brackets behind each other."""
        return " ; ".join(self.parts)

    @cached_property
    def constants(self) -> Mapping[str, str]:
        """What ``const`` binds names to, as it is written."""
        return {one[2]: one[3] for one in _CONST.finditer(self.parts[0])}

    @cached_property
    def imports(self) -> Mapping[str, tuple[str, str]]:
        """The imported names, with the module and the name there; ``*`` is the module itself."""
        found: dict[str, tuple[str, str]] = {}
        for default, everything, listed, module in _IMPORTED.findall(self.parts[0]):
            path = self._text(module) or ""
            found |= {default: (path, "default"), everything: (path, "*")}
            found |= {own: (path, name) for own, name in self.names(listed, " as ").items()}
        return found

    @cached_property
    def taken(self) -> Mapping[str, tuple[str, str]]:
        """The names that ``const { a, b: c } = d`` takes of an object, with it and theirs in it."""
        return {
            own: (source, name)
            for listed, source in _TAKEN.findall(self.whole)
            for own, name in self.names(listed, " : ").items()
        }

    @cached_property
    def exports(self) -> Mapping[str, Value]:
        """The literals that it exports, and ``default``."""
        top = self.parts[0]
        found = {
            one[2]: self._unchanged(one[2], 1) for one in _CONST.finditer(top) if one["export"]
        }
        for listed, module in _LISTED.findall(top):
            if not module:
                names = self.names(listed, " as ").items()
                found |= {own: self._unchanged(name, 2) for own, name in names}
        for one in _DEFAULT.finditer(top):
            found["default"] = self._given(one[1])
        once = self.times("exports") == self.times("module") == 1
        for one in _COMMON.finditer(top) if once else ():
            value = self._given(one[1])
            found |= {**(value if isinstance(value, dict) else {}), "default": value}
        return found

    @cached_property
    def passed(self) -> Sequence[tuple[str, str, str]]:
        """What it exports of other modules: the name, ``*`` for all, that in the module, and it."""
        return [
            (own, name, self._text(module) or "")
            for listed, module in _LISTED.findall(self.parts[0])
            if module
            for own, name in (self.names(listed, " as ") if listed else {"*": "*"}).items()
        ]

    def names(self, listed: str, sign: str) -> Mapping[str, str]:
        """Return the names in a pair of braces, with those that they stand for."""
        pairs = (one.partition(sign) for one in self._listed(listed)) if listed else ()
        return {own or name: name for name, _, own in pairs}

    def value(self, written: str, depth: int = 0) -> Value:
        """Return a literal; None for anything else."""
        if written[:1] == '"':
            return self._text(written.strip('"'))
        return self._object(written[1:-1], depth) if re.fullmatch(r"\{\d+\}", written) else None

    @cached_property
    def _times(self) -> Mapping[str, int]:
        return Counter(token.strip('"') for token in self.whole.split())

    def times(self, name: str) -> int:
        """Return how often a name is written, also as a text."""
        return self._times.get(name, 0)

    def is_only_read(self, name: str, times: int) -> bool:
        """Whether a script names something so many times, and else only reads what is in it."""
        free = rf"(?<!\S)(?<!\. ){re.escape(name)}(?!\S)"
        read = rf"(?<!delete ){free}(?: \. [\w$]++)++{_UNCHANGED}"
        return len(re.findall(free, self.whole)) - len(re.findall(read, self.whole)) == times

    def within(self, part: str) -> Iterator[str]:
        """Yield what is in a pair of brackets, and in those in it."""
        left = [part]
        while left:
            here = self.parts[int(left.pop())]
            left += _PART.findall(here)
            yield here

    def given(self, part: str) -> Iterator[tuple[str, str]]:
        """Yield the keys in a pair of braces with their values; none where any may be another."""
        pairs = [one.partition(" : ") for one in self._listed(part)]
        if all(name[:1] != "." for name, *_ in pairs):
            yield from ((name, value) for name, _, value in pairs)

    def _text(self, number: str) -> str | None:
        return self.texts[int(number)] if number.isdigit() else number

    def _listed(self, part: str) -> Iterator[str]:
        """Yield what commas separate."""
        listed = self.parts[int(part)].replace("\n", " ").split(" , ")
        return filter(None, (" ".join(one.split()).removesuffix(" ,") for one in listed))

    def _object(self, part: str, depth: int) -> Value:
        """Return an object with the values that are literals; None where any may be another."""
        found: dict[str, Value] = {}
        for one in self._listed(part):
            pair = _KEY.fullmatch(one)
            if pair is None or depth > _DEEPEST:
                return None
            key = self._text(pair[1]) or ""
            found[key] = self.value(pair[2] or "", depth + 1) if key not in found else None
        return found

    def _unchanged(self, name: str, times: int) -> Value:
        """Return a constant; an object only where nothing else than so many places name it."""
        value = self.value(self.constants.get(name, ""))
        return value if isinstance(value, str) or self.times(name) == times else None

    def _given(self, written: str) -> Value:
        return self._unchanged(written, 2) if written in self.constants else self.value(written)


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
    code = STYLE.sub(lambda style: imported(style[0], path.parent, read), code)
    named = (found[1] or found[2] for found in _OWN_SHEET.finditer(code))
    sheets = (name for name in named if name.endswith(_SHEETS))
    files = (file for name in islice(sheets, _MOST) for file in modules.files(name))
    contents = ((file, content_of(file.parent, file.name, read)) for file in files)
    whole = (imported(css, file.parent, read) for file, css in contents if css is not None)
    return code + "".join(f"\n<style>{css}</style>" for css in whole)


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
            return own.value(own.constants.get(name, ""))
        module, exported = own.imports[name]
        folder, script = self._read(self.folder, module)
        if exported == "*":
            return script.exports
        return script.exports.get(exported) or self._passed(folder, script, exported)

    def _passed(self, folder: Path, script: Script, exported: str) -> Value:
        """Return what a module exports of others, where just one of them has it."""
        if exported in script.exports:
            return None
        # With ``*`` goes all but the default.
        found = [
            value
            for own, name, module in script.passed[:_MOST]
            if own == exported or (own == "*" and exported != "default")
            if (value := self._read(folder, module)[1].exports.get(name.replace("*", exported)))
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
    raw = "v-pre" in template or own.times("delimiters")
    if raw or any("src" in attributes for attributes, _ in scripts):
        own = Script([""], [])

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
        value = modules.value(own, source) if own.is_only_read(source, 2) else None
        found = value.get(key) if isinstance(value, Mapping) else None
        return found if own.is_only_read(name, 1) else None
    bound = name in own.imports or name in own.constants
    return modules.value(own, name) if bound and own.is_only_read(name, 1) else None


_OPTIONS = re.compile(
    r"export default (?:(?:[\w$]++ \. )?+(?:defineComponent|extend) \((\d++)\)|\{(\d++)\})"
)
_RETURNING = re.compile(
    r"(?:^|, )(?:\n )?(?:data|setup)(?: : function| :)?+ \(\d++\)(?: (\{)(\d++)\}| = > \((\d++)\))"
)
_RETURN = re.compile(r"(?:^|(?<=[;\n]) )return \{(\d++)\}")
_ASKED_FIRST = re.compile(r"\b(?:if|for|while) \(\d++\)(?: \n)? return\b|\belse(?: \n)? return\b")


def _returned(own: Script, modules: _Modules, name: str) -> Value:
    """Return what ``data`` or ``setup`` of a component returns as a name that nothing changes."""
    keys = (one for part in _objects_of(own) for one in own.given(part) if one[0] == name)
    given = next(keys, None)
    if given is None or _is_dynamic(own):
        return None
    source = given[1] or name
    value = own.value(source)
    bound = source in own.imports or source in own.constants
    if bound and own.is_only_read(source, 2 + (source == given[1] == name)):
        value = modules.value(own, source)
    # Of what it returns only what is in it is read, by way of the component.
    word = re.escape(name)
    end = r"(?!\S)" if isinstance(value, str) else r"(?= \.)"
    read = rf"(?<!\S)this \. {word}{end}(?: \. [\w$]++)*+{_UNCHANGED}"
    rest = re.sub(read, "", own.whole)
    free = len(re.findall(rf"(?<!\S)(?<!\. ){word}(?!\S)", own.whole))
    left = free if source == name and bound else 1 + (given[1] == name)
    return value if len(re.findall(rf'(?<!\S)"?{word}"?(?!\S)', rest)) == left else None


def _objects_of(own: Script) -> Iterator[str]:
    """Yield the objects that ``data`` and ``setup`` of the component itself return."""
    for call, braces in _OPTIONS.findall(own.parts[0]):
        inner = _PART.match(own.parts[int(call)].lstrip("\n ")) if call else None
        options = inner[1] if inner else braces
        for brace, body, arrow in _RETURNING.findall(own.parts[int(options)]) if options else ():
            part = own.parts[int(body or arrow)]
            if not brace:
                yield from _PART.findall(part)
            elif sum(here.count("return ") for here in own.within(body)) == 1:
                yield from () if _ASKED_FIRST.search(part) else _RETURN.findall(part)


def _is_dynamic(own: Script) -> bool:
    """Whether a component does more with itself than name its members, or is made of others."""
    if any(map(own.times, ("$data", "mixins", "extends"))):
        return True
    return re.search(r"(?<!\S)this(?!\S)(?! \.)", own.whole) is not None


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
