"""Words of ``.tf`` and ``.tf.json`` files that are taken away before the files are evaluated.

A call is a name, then blanks and comments, then a parenthesis; a name has no escapes. Wherever one
may stand (in an expression, a template, a heredoc, a comment), it is these characters, so nobody
who reads quotes and comments in another way than the parser can hide one. In JSON, the text of
each string is read so.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping

_NAME = re.compile(
    r"(?<!\w)(?:file\w*|template(?:file|string)|sensitive|(?:plan)?timestamp|uuid|bcrypt)(?!\w)"
)
"""Functions that read files, evaluate a text, make a value sensitive, or differ each time.

The parser's value of a sensitive one is a text that says so, and ``nonsensitive`` gives it back.
"""
_ATTEMPT = re.compile(
    r"(?<!\w)(?P<name>try|can)(?!\w)|(?P<open>\()|(?P<close>\))"
    r"|(?<![\w.-])(?:data|module|ephemeral|[a-z][a-z0-9]*+_\w++)\s*+\.(?=\s*+[A-Za-z_])"
)
"""Parts of a call that catches errors, and references to what only the cloud knows.

The parser takes an attribute that such a thing does not have yet for an error.
"""
_WORKSPACE = re.compile(r"(?<![\w.-])(terraform\s*\.\s*)workspace(?![\w-])")
_CALLS_MODULES = re.compile(r"(?<![\w.])module(?![\w.])")
_SOURCE = re.compile(r"(?<![\w.-])source(?![\w-])")
_LITERAL = re.compile(r'"([^"$%\\\n]*)"[ \t\r]*(?:[\n}#]|//|$)')
# What is not closed is one token too: to begin anew in it would take the square of the time.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_TOKEN = re.compile(_STRING.pattern + r"|[{}\[\]:]", re.DOTALL)
_VALUE = re.compile(rf"\s*:\s*({_STRING.pattern})", re.DOTALL)
_DEEPEST = 4
_BLANK = re.compile(r"[\s\ufeff]*+")


def without_calls(name: str, text: str) -> str:
    """Return the text of a file in which no function is called that reads files, or the like.

    An unknown function, which is called in its place, returns an unknown value.
    """
    if not name.endswith(".json"):
        return "".join(_renamed(text))

    def changed(found: re.Match[str]) -> str:
        value = _decoded(found[0])
        if "(" not in value:
            return found[0]
        other = "".join(_renamed(value))
        return found[0] if other == value else json.dumps(other)

    return _STRING.sub(changed, text)


def without_workspace(text: str) -> str:
    """Return the text of a file in which the name of the workspace is not known.

    The parser takes it for ``default``; what there is no such thing as, it does not know.
    """
    return _WORKSPACE.sub(r"\1unknown", text)


def sources(name: str, text: str) -> Iterator[str | None]:
    """Yield the ``source`` of what may be a call of a module; None if it is not written out.

    The parser evaluates ``source``: only one that is written out is known beforehand.
    """
    if name.endswith(".json"):
        for path, _, end in members(text):
            if path[:1] == ("module",) and path[-1] == "source":
                found = _VALUE.match(text, end)
                value = _decoded(found[1]) if found else "${"
                yield None if "${" in value or "%{" in value else value
    elif _CALLS_MODULES.search(text):
        blanks = _Blanks(text)
        for word in _SOURCE.finditer(text):
            at = blanks.after(word.end())
            if text.startswith("=", at):
                literal = _LITERAL.match(text, blanks.after(at + 1))
                yield literal[1] if literal else None


def renamed_members(text: str, wanted: Mapping[tuple[str, ...], str]) -> str:
    """Return JSON in which members have other names, by their paths; lists count for nothing."""
    parts, done = [], 0
    for path, start, end in members(text):
        if path in wanted:
            parts += [text[done:start], json.dumps(wanted[path])]
            done = end
    return "".join(parts) + text[done:]


def _renamed(text: str) -> Iterator[str]:
    done = 0
    for start in _calls(text):
        yield text[done:start] + "x"
        done = start + 1
    yield text[done:]


def _calls(text: str) -> list[int]:
    """Return where calls begin whose value is not known before apply, or is not to be known."""
    blanks = _Blanks(text)
    found = [
        name.start()
        for name in _NAME.finditer(text)
        if text.startswith("(", blanks.after(name.end()))
    ]
    return sorted([*found, *_attempts(text, blanks)])


def _attempts(text: str, blanks: _Blanks) -> Iterator[int]:
    """Yield where calls of ``try`` and ``can`` begin that hang on what only the cloud knows."""
    begun: dict[int, int] = {}
    calls: list[tuple[int, bool]] = []
    for part in _ATTEMPT.finditer(text):
        if part["name"]:
            begun[blanks.after(part.end())] = part.start()
        elif part["open"]:
            calls.append((begun.get(part.start(), -1), False))
        elif not calls:
            continue
        elif part["close"]:
            start, hangs = calls.pop()
            if hangs and start >= 0:
                yield start
            if hangs and calls:
                calls[-1] = (calls[-1][0], True)
        else:
            calls[-1] = (calls[-1][0], True)
    # What is not closed is broken, and the parser says so.


class _Blanks:
    """Skips blanks and comments; what was skipped once is not looked at again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: dict[int, int] = {}
        self._marks = {
            mark: [found.end() for found in re.finditer(re.escape(mark), text)]
            for mark in ("\n", "*/")
        }

    def after(self, at: int) -> int:
        """Return where the blanks and comments end that begin at an offset."""
        passed = []
        while True:
            found = _BLANK.match(self._text, at)
            at = found.end() if found else at
            if at in self._ends:
                at = self._ends[at]
                break
            passed.append(at)
            if self._text.startswith(("#", "//"), at):
                at = self._find("\n", at)
            elif self._text.startswith("/*", at):
                at = self._find("*/", at + 2)
            else:
                break
        self._ends |= dict.fromkeys(passed, at)
        return at

    def _find(self, mark: str, at: int) -> int:
        """Return the end of the next mark, or that of the text."""
        ends = self._marks[mark]
        found = bisect_left(ends, at + len(mark))
        return ends[found] if found < len(ends) else len(self._text)


def members(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield the path of each member of an object, lists left out, and the span of its name.

    Of what is nested deeper than a setting of a block, nothing.
    """
    here: tuple[str, ...] = ()
    above: list[tuple[str, ...]] = []
    last: re.Match[str] | None = None
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in {"{", "["}:
            above.append(here)
        elif token in {"}", "]"}:
            here = above.pop() if above else ()
        elif found[0] == ":" and last and above and len(above[-1]) < _DEEPEST:
            here = (*above[-1], _decoded(last[0]))
            yield here, last.start(), last.end()
        last = found if token[0] == '"' else None


def _decoded(token: str) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        return ""
