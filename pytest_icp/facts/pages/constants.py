"""The constants that a component shows, of its own script or of a module that it imports (常量).

``{{ site.icp }}`` of a Vue component and ``{site.icp}`` of JSX become the text that stands in
``config/site.js``: literally, and one import away. What a script computes, changes or binds anew
stays an expression.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, field

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.decoding import decode
from pytest_icp.facts.pages.scripts import Script, Value
from pytest_icp.facts.pages.templates import (
    COMMENT,
    blank,
    blank_text,
    element_end,
    expressions_of,
    template_of,
)
from pytest_icp.law.errors import InputError

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

    def _files(self, folder: Path, module: str) -> Iterator[Path]:
        """Yield the files that a module may be; ``@`` is the folder of all sources."""
        base = folder if module.startswith(("./", "../")) else None
        if module.startswith("@/"):
            above = (folder, *folder.parents)
            base = next((folder for folder in above if folder.name == "src"), None)
        if base is not None:
            file = Path(os.path.normpath(base / module.removeprefix("@/")))
            endings = ("",) if file.suffix in _MODULES else _ENDINGS
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
