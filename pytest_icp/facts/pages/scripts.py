"""The literals that a module of JavaScript or TypeScript binds, imports and exports (脚本).

Nothing is evaluated. Of a script that can be read in two ways, and of a value that is computed,
changed or bound under a condition, nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from msgspec import Struct

from pytest_icp.facts.files.confidential import Confidential

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
_LONGEST = 200
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
            near = range(i + 1, min(i + _LONGEST, len(self.tokens)))
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
