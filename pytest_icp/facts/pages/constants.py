"""The constants that a component shows, of its own script or of a module that it imports (常量).

``{{ site.icp }}`` of a Vue component and ``{site.icp}`` of JSX become the text that stands in
``config/site.js``: literally, and one import away. What a script computes, changes or binds anew
stays an expression.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct, field

from pytest_icp.facts.files.confidential import Confidential
from pytest_icp.facts.files.decoding import decode
from pytest_icp.facts.pages.scripts import Script, Value
from pytest_icp.facts.pages.templates import COMMENT, blank, expressions_of, template_of
from pytest_icp.law.errors import InputError

_MOST = 20
"""So many names of a component are followed."""
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
    known: dict[str, Script] = field(default_factory=dict)

    def value(self, own: Script, name: str) -> Value:
        """Return what a name that a component binds stands for."""
        if name not in own.imports:
            return own.constants.get(name)
        module, exported = own.imports[name]
        if module not in self.known:
            found = [code for code in map(self._code, self._files(module)) if code]
            self.known[module] = Script.read(found[0] if len(found) == 1 else "")
        exports = self.known[module].exports
        return exports if exported == "*" else exports.get(exported)

    def _files(self, module: str) -> Iterator[Path]:
        """Yield the files that a module may be; ``@`` is the folder of all sources."""
        base = self.folder if module.startswith(("./", "../")) else None
        if module.startswith("@/"):
            above = (self.folder, *self.folder.parents)
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
    """What the names of a component stand for; ``certain`` says whether one means its constant."""

    _shown = ()

    own: Script
    modules: _Modules
    certain: Callable[[Script, str], bool]
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
        bound = name in self.own.imports or name in self.own.constants
        if bound and name not in self.known and len(self.known) < _MOST:
            sure = self.certain(self.own, name)
            self.known[name] = self.modules.value(self.own, name) if sure else None
        return self.known.get(name)


def _in_jsx(code: str, modules: _Modules) -> Iterator[str]:
    """Yield the parts of a component of JSX; only what follows its imports is markup."""
    outside, spans = expressions_of(code)
    following = _Following(Script.read(outside), modules, _is_only_read)
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

    def certain(script: Script, name: str) -> bool:
        given = _is_only_read(script, name) if setup else _is_returned(script, name)
        return given and not _is_bound_anew(template, name)

    following = _Following(own, modules, certain)
    yield code[:start]
    at = 0
    for one in _SHOWN.finditer(template):
        text = following.text(one["text"] or one["asked"])
        if text:
            yield template[at : one.start()] + (text if one["text"] else blank(one))
            at = one.end()
    yield template[at:] + code[end:]


def _is_only_read(own: Script, name: str) -> bool:
    """Whether a script binds a name once, and does no more with it than read what is in it."""
    free = [i for i in own.named[name] if own.tokens[i].named and own.at(i - 1) != "."]
    read = [i for i in free if own.at(i + 1) == "."]
    return len(free) - len(read) == 1 and not any(map(own.is_changed, read))


def _is_returned(own: Script, name: str) -> bool:
    """Whether a component binds a name once, and its ``data`` or ``setup`` returns it as such."""
    _, i, *more = own.named[name] if len(own.named[name]) > 1 else (0, 0)
    written_out = more == [i + 2] and own.at(i + 1) == ":"
    if not i or (more and not written_out) or _is_dynamic(own):
        return False
    start = own.around(i)
    alone = own.at(i - 1) in {"{", ","} and own.at((more or [i])[0] + 1) in {",", "}"}
    spread = any(own.at(j) == own.at(j + 1) == "." for j in range(start, own.pairs.get(start, 0)))
    body = start - 1
    if own.at(body) == "return":
        block = own.around(start)
        returns = [j for j in own.named["return"] if block < j < own.pairs.get(block, 0)]
        body = block if len(returns) == 1 else -1
    return alone and not spread and _is_of_component(own, body)


def _is_dynamic(own: Script) -> bool:
    """Whether a component does anything with itself than name its members."""
    return "$data" in own.named or any(own.at(i + 1) != "." for i in own.named.get("this", ()))


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
