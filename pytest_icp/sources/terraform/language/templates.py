"""Texts with expressions in them: quoted, in a heredoc, or in JSON (模板)."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeGuard

from pytest_icp.sources.terraform.language.expressions import (
    Conditional,
    Expression,
    For,
    Joined,
    Literal,
    Template,
)
from pytest_icp.sources.terraform.language.scanning import BLANK, SPACE, Deeper, Scanner

_PLAIN = re.compile(r"(?:[^$%]++|\$\$\{|%%\{|\$(?!\{)|%(?!\{))++")
_QUOTED = re.compile(r'(?:[^"\\$%\n]++|\\[^\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))++')
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})|\\(.)|([$%])\3\{")
_DOUBLED = re.compile(r"([$%])\1\{")
_MEANINGS = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_WORD = re.compile(r"(if|else|endif|for|endfor)(?![\w-])")
_INDENT = re.compile(r"^[ \t]*+(?=\S)", re.MULTILINE)


class _Kind(NamedTuple):
    """How a text is written: the pattern of what is no expression, and what ends it."""

    text: re.Pattern[str]
    closing: str


_IN_QUOTES = _Kind(_QUOTED, '"')
_BARE = _Kind(_PLAIN, "")


def quoted(scanner: Scanner) -> Expression:
    """Return the text in quotes that stands here."""
    scanner.expect('"')
    return _whole(scanner, _IN_QUOTES)


def template(scanner: Scanner) -> Expression:
    """Return the text that is all that there is."""
    return _whole(scanner, _BARE)


def heredoc(scanner: Scanner, begun: re.Match[str]) -> Expression:
    """Return the text between lines, after the first of them."""
    ends = re.compile(rf"^[ \t]*+{re.escape(begun[2])}[ \t]*+(?=\r?$)", re.MULTILINE)
    ended = ends.search(scanner.text, scanner.at)
    if ended is None:
        raise scanner.fault("open", f"<<{begun[2]}")
    text = scanner.text[scanner.at : ended.start()].replace("\r\n", "\n")
    line = scanner.line(scanner.at)
    scanner.at = ended.end()
    if begun[1]:
        least = min((len(found[0]) for found in _INDENT.finditer(text)), default=0)
        text = re.sub(rf"^[ \t]{{0,{least}}}", "", text, flags=re.MULTILINE)
    return template(type(scanner)(text, scanner.file, line))


def _whole(scanner: Scanner, kind: _Kind) -> Expression:
    found, word = _parts(scanner, kind)
    if word:
        raise scanner.fault("ends nothing", word)
    return _joined(found)


def _joined(parts: list[Expression]) -> Expression:
    """Return parts as one expression; one expression alone keeps its type."""
    texts = [part.value for part in parts if _is_text(part)]
    if len(texts) == len(parts):
        return Literal("".join(texts))
    return parts[0] if len(parts) == 1 else Template(parts)


def _parts(scanner: Scanner, kind: _Kind, *, trims: bool = False) -> tuple[list[Expression], str]:
    """Return the parts up to the end, or to a word that ends a part of a loop or a condition."""
    found: list[Expression] = []
    while True:
        if text := scanner.match(kind.text):
            said = _said(scanner, text[0], escaped=kind is _IN_QUOTES)
            found.append(Literal(said.lstrip() if trims else said))
            trims = False
        elif scanner.has("${"):
            _trim(scanner, found)
            found.append(scanner.inside())
            trims = _closed(scanner)
        elif scanner.has("%{"):
            _trim(scanner, found)
            scanner.match(SPACE)
            word = scanner.match(_WORD)
            if word is None:
                raise scanner.fault("expected", "if for")
            if word[1] not in {"if", "for"}:
                return found, word[1]
            with Deeper(scanner, loose=scanner.loose):
                found.append(_condition(scanner, kind) if word[1] == "if" else _loop(scanner, kind))
            trims = _closed(scanner)
        elif scanner.has(kind.closing) if kind.closing else scanner.at == len(scanner.text):
            return found, ""
        else:
            raise scanner.fault("open", kind.closing)


def _condition(scanner: Scanner, kind: _Kind) -> Expression:
    condition = scanner.inside()
    yes, word = _parts(scanner, kind, trims=_closed(scanner))
    no: list[Expression] = []
    if word == "else":
        no, word = _parts(scanner, kind, trims=_closed(scanner))
    _ended(scanner, word, "endif")
    return Conditional(condition, _joined(yes), _joined(no))


def _loop(scanner: Scanner, kind: _Kind) -> Expression:
    names = scanner.names()
    over = scanner.inside()
    each, word = _parts(scanner, kind, trims=_closed(scanner))
    _ended(scanner, word, "endfor")
    return Joined(For(names, over, None, _joined(each), None, grouped=False))


def _ended(scanner: Scanner, word: str, wanted: str) -> None:
    if word != wanted:
        raise scanner.fault("expected", wanted)


def _closed(scanner: Scanner) -> bool:
    """Pass the end of an expression; return whether the blanks after it do not count."""
    scanner.match(BLANK)
    trims = scanner.has("~")
    scanner.expect("}")
    return trims


def _trim(scanner: Scanner, before: list[Expression]) -> None:
    """Take away the blanks before an expression, if it says so."""
    if scanner.has("~") and before and _is_text(before[-1]):
        before[-1] = Literal(before[-1].value.rstrip())


def _is_text(part: Expression) -> TypeGuard[Literal]:
    return isinstance(part, Literal) and isinstance(part.value, str)


def _said(scanner: Scanner, text: str, *, escaped: bool) -> str:
    """Return what a text says that is written so."""
    text = _DOUBLED.sub(r"\1{", text) if not escaped else text

    def meant(found: re.Match[str]) -> str:
        code = found[1] or found[2]
        if found[3]:
            return f"{found[3]}{{"
        try:
            return chr(int(code[1:], 16)) if code[1:] else _MEANINGS[code]
        except (KeyError, ValueError, OverflowError):
            raise scanner.fault("escape") from None

    return _ESCAPE.sub(meant, text) if escaped else text
