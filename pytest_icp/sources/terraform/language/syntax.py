"""The syntax of ``.tf`` and ``.tfvars`` files: text to blocks and templates (语法).

One pass over the text by patterns that take what they pass; nothing is looked at twice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeGuard

from pytest_icp.sources.terraform.language.expressions import (
    Attempt,
    Attribute,
    Call,
    Conditional,
    Expression,
    For,
    Index,
    Literal,
    Name,
    Object,
    Operation,
    Splat,
    Template,
    Tuple,
    Unary,
)
from pytest_icp.sources.terraform.language.values import UNKNOWN, Fault, number


class Argument(NamedTuple):
    """An argument of a block: its expression and line."""

    value: Expression
    line: int


class Block(NamedTuple):
    """A block: its type and labels, file and line, arguments and blocks in it."""

    type: str
    labels: tuple[str, ...]
    file: str
    line: int
    arguments: dict[str, Argument]
    blocks: list[Block]


class SyntaxFault(Exception):  # noqa: N818 - of the source
    """A file is not written in the language: what is wrong, of which word, and where."""

    def __init__(self, what: str, word: str, line: int, column: int) -> None:
        super().__init__(what)
        self.word = word
        self.line = line
        self.column = column


DEEPEST = 200
"""How deeply blocks and expressions may be nested."""

_COMMENT = r"/\*(?:[^*]|\*(?!/))*+\*/"
BLANK = re.compile(rf"(?:[ \t]++|{_COMMENT})*+")
SPACE = re.compile(rf"(?:[ \t\r\n]++|(?:\#|//)[^\n]*+|{_COMMENT})*+")
NAME = re.compile(r"[^\W\d][\w-]*+")


_PLAIN = re.compile(r"(?:[^$%]++|\$\$\{|%%\{|\$(?!\{)|%(?!\{))++")
_QUOTED = re.compile(r'(?:[^"\\$%\n]++|\\[^\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))++')
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|\\(.)|([$%])\3\{")
_DOUBLED = re.compile(r"([$%])\1\{")
_MEANINGS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
# Conditions and loops in a text are not evaluated.
_DIRECTIVE = re.compile(r'%\{(?:[^"{}]++|"(?:[^"\\\n]|\\.)*+"|\{[^{}]*+\})*+\}')
_INDENT = re.compile(r"^[ \t]*+(?=\S)", re.MULTILINE)


def _is_text(part: Expression) -> TypeGuard[Literal]:
    return isinstance(part, Literal) and isinstance(part.value, str)


def _joined(parts: list[Expression]) -> Expression:
    """Return parts as one expression; one expression alone keeps its type."""
    texts = [part.value for part in parts if _is_text(part)]
    if len(texts) == len(parts):
        return Literal("".join(texts))
    return parts[0] if len(parts) == 1 else Template(parts)


_EQUALS = re.compile(r"=(?!=)")
_LINE_END = re.compile(r"(?:(?:\#|//)[^\n]*+)?(?:\r?\n|\Z)")
_FUNCTION = re.compile(r"[^\W\d][\w-]*+(?:::[^\W\d][\w-]*+)*+")
_NUMBER = re.compile(r"\d++(?:\.\d++)?(?:[eE][+-]?\d++)?")
_LEGACY = re.compile(r"\.(\d++)")
_HEREDOC = re.compile(r"<<(-?)([^\W\d][\w-]*+)\r?\n")
_OPERATOR = re.compile(r"\|\||&&|==|!=|<=|>=|[<>+*%]|-|/(?![/*])")
_RANKS = (("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "/", "%"))
_RANK = {operator: rank for rank, some in enumerate(_RANKS) for operator in some}
_FOR = re.compile(r"for(?![\w-])")
_WORDS = {"true": True, "false": False, "null": None}


class Parser:
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str, file: str = "", line: int = 1) -> None:
        self.text = text
        self.at = 0
        self.file = file
        self._first = line
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self.loose = False
        self.depth = 0

    def line(self, at: int) -> int:
        """Return the line of an offset."""
        return bisect_right(self._lines, at) + self._first - 1

    def fault(self, what: str, word: str = "") -> SyntaxFault:
        """Return the fault that something is wrong here."""
        start = self._lines[bisect_right(self._lines, self.at) - 1]
        return SyntaxFault(what, word, self.line(self.at), self.at - start + 1)

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Pass what a pattern finds here."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found

    def has(self, word: str) -> bool:
        """Whether a word stands here; pass it."""
        if not self.text.startswith(word, self.at):
            return False
        self.at += len(word)
        return True

    def expect(self, word: str) -> None:
        """Pass a word. Raises `SyntaxFault` if it does not stand here."""
        if not self.has(word):
            raise self.fault("expected", word)

    def skip(self) -> None:
        """Pass blanks and comments; line ends too, where they mean nothing."""
        self.match(SPACE if self.loose else BLANK)

    @contextmanager
    def deeper(self, *, loose: bool) -> Iterator[None]:
        """Go one level deeper; what is too deep raises `RecursionError`."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise RecursionError
        before, self.loose = self.loose, loose
        yield
        self.depth -= 1
        self.loose = before

    # --- texts ---------------------------------------------------------------------------------

    def quoted(self) -> Expression:
        """Return the text in quotes that stands here."""
        self.expect('"')
        return self._text('"')

    def _heredoc(self, begun: re.Match[str]) -> Expression:
        """Return the text between lines, after the first of them."""
        ends = re.compile(rf"^[ \t]*+{re.escape(begun[2])}[ \t]*+(?=\r?$)", re.MULTILINE)
        ended = ends.search(self.text, self.at)
        if ended is None:
            raise self.fault("open", f"<<{begun[2]}")
        text = self.text[self.at : ended.start()].replace("\r\n", "\n")
        line = self.line(self.at)
        self.at = ended.end()
        if begun[1]:
            least = min((len(found[0]) for found in _INDENT.finditer(text)), default=0)
            text = re.sub(rf"^[ \t]{{0,{least}}}", "", text, flags=re.MULTILINE)
        return Parser(text, self.file, line)._text("")

    def _text(self, closing: str) -> Expression:
        """Return the text up to a quotation mark, or to the end, and what is inserted in it."""
        found: list[Expression] = []
        trims = False
        while True:
            if text := self.match(_QUOTED if closing else _PLAIN):
                said = self._said(text[0]) if closing else _DOUBLED.sub(r"\1{", text[0])
                found.append(Literal(said.lstrip() if trims else said))
                trims = False
            elif self.has("${"):
                # Blanks beside a mark do not count.
                if self.has("~") and found and _is_text(found[-1]):
                    found[-1] = Literal(found[-1].value.rstrip())
                found.append(self.inside())
                self.match(BLANK)
                trims = self.has("~")
                self.expect("}")
            elif self.match(_DIRECTIVE):
                found.append(Literal(UNKNOWN))
            elif self.has(closing) if closing else self.at == len(self.text):
                return _joined(found)
            else:
                raise self.fault("open", closing)

    def _said(self, text: str) -> str:
        """Return what a text in quotes says."""

        def meant(found: re.Match[str]) -> str:
            code = found[1] or found[2]
            if found[3]:
                return f"{found[3]}{{"
            try:
                return chr(int(code[1:], 16)) if code[1:] else _MEANINGS[code]
            except (KeyError, ValueError, OverflowError):
                raise self.fault("escape") from None

        return _ESCAPE.sub(meant, text)

    # --- blocks --------------------------------------------------------------------------------

    def body(self, *, closed: bool = False) -> tuple[dict[str, Argument], list[Block]]:
        """Return the arguments and blocks up to the end, or to the brace that closes them."""
        arguments: dict[str, Argument] = {}
        blocks: list[Block] = []
        while True:
            self.match(SPACE)
            if self.has("}") if closed else self.at == len(self.text):
                return arguments, blocks
            begun = self.at
            name = self.match(NAME)
            if name is None:
                raise self.fault("argument")
            self.skip()
            if self.match(_EQUALS):
                if name[0] in arguments:
                    raise self.fault("twice", name[0])
                arguments[name[0]] = Argument(self.expression(), self.line(begun))
            else:
                blocks.append(self._block(name[0], self.line(begun)))
            self.skip()
            if not self.match(_LINE_END) and not self.text.startswith("}", self.at):
                raise self.fault("line end")

    def _block(self, kind: str, line: int) -> Block:
        labels = []
        while not self.has("{"):
            if self.text.startswith('"', self.at):
                label = self.quoted()
                if not isinstance(label, Literal):
                    raise self.fault("label")
                labels.append(str(label.value))
            elif name := self.match(NAME):
                labels.append(name[0])
            else:
                raise self.fault("expected", "= {")
            self.skip()
        with self.deeper(loose=False):
            arguments, blocks = self.body(closed=True)
        return Block(kind, tuple(labels), self.file, line, arguments, blocks)

    # --- expressions ---------------------------------------------------------------------------

    def expression(self) -> Expression:
        """Return the expression that stands here."""
        with self.deeper(loose=self.loose):
            self.skip()
            condition = self._operation(0)
            self.skip()
            if not self.has("?"):
                return condition
            yes = self.expression()
            self.skip()
            self.expect(":")
            return Conditional(condition, yes, self.expression())

    def inside(self, closing: str = "") -> Expression:
        """Return the expression before a closing word, where line ends mean nothing."""
        with self.deeper(loose=True):
            found = self.expression()
            self.skip()
            self.expect(closing)
        return found

    def _operation(self, rank: int) -> Expression:
        left = self._unary()
        while True:
            self.skip()
            found = _OPERATOR.match(self.text, self.at)
            if found is None or _RANK[found[0]] < rank:
                return left
            self.at = found.end()
            self.skip()
            left = Operation(found[0], left, self._operation(_RANK[found[0]] + 1))

    def _unary(self) -> Expression:
        for sign in "!-":
            if self.has(sign):
                with self.deeper(loose=self.loose):
                    self.skip()
                    return Unary(sign, self._unary())
        return self._steps(self._term())

    def _term(self) -> Expression:
        if self.has("("):
            return self.inside(")")
        if self.has("["):
            return self._list()
        if self.has("{"):
            return self._object()
        if self.text.startswith('"', self.at):
            return self.quoted()
        if found := self.match(_NUMBER):
            try:
                return Literal(number(found[0]))
            except Fault:
                raise self.fault("number") from None
        if found := self.match(_HEREDOC):
            return self._heredoc(found)
        if found := self.match(_FUNCTION):
            begun = self.at
            self.skip()
            if self.has("("):
                return self._call(found[0])
            self.at = begun
            return Literal(_WORDS[found[0]]) if found[0] in _WORDS else Name(found[0])
        raise self.fault("expression")

    def _call(self, name: str) -> Expression:
        arguments, spread = [], False
        with self.deeper(loose=True):
            while not self._closes(")"):
                arguments.append(self.expression())
                self.skip()
                spread = self.has("...")
                self._comma(")")
        if name in {"try", "can"}:
            return Attempt(arguments, asks=name == "can")
        return Call(name, arguments, spread)

    def _closes(self, closing: str) -> bool:
        self.skip()
        return self.has(closing)

    def _comma(self, closing: str) -> None:
        self.skip()
        if not self.text.startswith(closing, self.at):
            self.expect(",")

    def _list(self) -> Expression:
        with self.deeper(loose=True):
            self.skip()
            if self._begins_loop():
                return self._loop("]")
            elements = []
            while not self._closes("]"):
                elements.append(self.expression())
                self._comma("]")
            return Tuple(elements)

    def _object(self) -> Expression:
        members = []
        with self.deeper(loose=False):
            self.match(SPACE)
            if self._begins_loop():
                self.loose = True
                return self._loop("}")
            while not self.has("}"):
                key = self._key()
                self.skip()
                if not self.has("=") and not self.has(":"):
                    raise self.fault("expected", "= :")
                members.append((key, self.expression()))
                self.skip()
                ended = self.has(",") or self.match(_LINE_END)
                if not ended and not self.text.startswith("}", self.at):
                    raise self.fault("line end")
                self.match(SPACE)
        return Object(members)

    def _key(self) -> Expression:
        begun = self.at
        if name := self.match(NAME):
            self.skip()
            if self.text.startswith(("=", ":"), self.at) and not self.text.startswith(
                "==", self.at
            ):
                return Literal(name[0])
            self.at = begun
        return self.expression()

    def _begins_loop(self) -> bool:
        found = _FOR.match(self.text, self.at)
        if found is None:
            return False
        after = SPACE.match(self.text, found.end())
        if after is not None and self.text[after.end() : after.end() + 1] in {"=", ":", ",", "}"}:
            return False
        self.at = found.end()
        return True

    def names(self) -> list[str]:
        """Return the one or two names of a loop, up to ``in``."""
        names = []
        while True:
            self.skip()
            name = self.match(NAME)
            if name is None:
                raise self.fault("name")
            names.append(name[0])
            self.skip()
            if len(names) > 1 or not self.has(","):
                self.expect("in")
                return names

    def _loop(self, closing: str) -> Expression:
        names = self.names()
        over = self.expression()
        self.skip()
        self.expect(":")
        key, value, condition = None, self.expression(), None
        self.skip()
        if closing == "}":
            self.expect("=>")
            key, value = value, self.expression()
            self.skip()
        grouped = closing == "}" and self.has("...")
        self.skip()
        if self.has("if"):
            condition = self.expression()
            self.skip()
        self.expect(closing)
        return For(names, over, key, value, condition, grouped)

    # --- what follows a value ------------------------------------------------------------------

    def _steps(self, value: Expression) -> Expression:
        while True:
            begun = self.at
            self.skip()
            if found := self.match(_LEGACY):
                value = Index(value, Literal(int(found[1])))
            elif self.has("[*]"):
                return Splat(value, self._steps(Name("*")))
            elif self.has(".*"):
                each: Expression = Name("*")
                while self._leads_on():
                    each = self._attribute(each)
                value = Splat(value, each)
            elif self.has("["):
                value = Index(value, self.inside("]"))
            elif self._leads_on():
                value = self._attribute(value)
            else:
                self.at = begun
                return value

    def _leads_on(self) -> bool:
        return self.text.startswith(".", self.at) and not self.text.startswith("...", self.at)

    def _attribute(self, value: Expression) -> Expression:
        self.at += 1
        self.skip()
        name = self.match(NAME)
        if name is None:
            raise self.fault("name")
        return Attribute(value, name[0])


def parse(text: str, file: str) -> tuple[dict[str, Argument], list[Block]]:
    """Return the arguments and blocks of a file. Raises `SyntaxFault`."""
    return Parser(text, file).body()
