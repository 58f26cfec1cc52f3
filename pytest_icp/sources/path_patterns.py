"""Whether a pattern of a web server matches a path (路径匹配).

The patterns of a stranger are not run: a pattern matches for certain where it is of everything, and
for certain not where it asks for a text that the path does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_WHOLE = re.compile(r"\^?/?|\^?/?(?:\.\*|\(\.\*\))\$?")
_TOKEN = re.compile(r"\\.|\[\^?\]?[^\]]*+\]|\{[0-9,]*+\}|[()|]|[^\\\[()|]", re.DOTALL)
_OPTIONAL = re.compile(r"[?*]|\{[0,]")
_REPEATED = re.compile(r"[+*?{]")
_SPECIAL = frozenset("^$.*+?{}")
_LONGEST = 500
_DEEPEST = 8


def matches(pattern: str, uri: str, *, folded: bool = False) -> bool | None:
    """Whether a pattern matches a path; None if that is not certain."""
    if pattern == "^/$":
        return uri == "/"
    if _WHOLE.fullmatch(pattern):
        return True
    subject, pattern = (uri.lower(), pattern.lower()) if folded else (uri, pattern)
    return False if len(pattern) <= _LONGEST and _cannot(pattern, subject, 0) else None


def _cannot(pattern: str, uri: str, depth: int) -> bool:
    """Whether every alternative of a pattern asks for a text that a path does not have."""
    if depth > _DEEPEST or pattern.startswith("?"):
        return False
    return all(
        any(_missing(part, uri, depth) for part in _parts(tokens)) for tokens in _ways(pattern)
    )


def _missing(part: str, uri: str, depth: int) -> bool:
    if part.startswith("("):
        return _cannot(part[1:-1].removeprefix("?:"), uri, depth + 1)
    return part not in uri


def _ways(pattern: str) -> Iterator[list[str]]:
    """Yield the alternatives of a pattern, each as its tokens; a group is one token."""
    tokens: list[str] = []
    group: list[str] = []
    open_ = 0
    for found in _TOKEN.finditer(pattern):
        word = found[0]
        if word == "|" and not open_:
            yield tokens
            tokens = []
            continue
        open_ += (word == "(") - (word == ")")
        group.append(word)
        if open_ <= 0:
            tokens.append("".join(group))
            group = []
            open_ = 0
    yield tokens


def _parts(tokens: list[str]) -> Iterator[str]:
    """Yield the texts and groups that must be there: each run of plain characters is one."""
    run = ""
    for at, token in enumerate(tokens):
        after = "".join(tokens[at + 1 : at + 3])
        plain = token if len(token) == 1 and token not in _SPECIAL else ""
        if len(token) > 1 and token[0] == "\\" and not token[1].isalnum():
            plain = token[1]
        if plain and not _REPEATED.match(after):
            run += plain
            continue
        if run:
            yield run
        run = ""
        if not _OPTIONAL.match(after) and (plain or token.startswith("(")):
            yield plain or token
    if run:
        yield run
