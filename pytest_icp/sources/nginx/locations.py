"""Which ``location`` of an nginx server answers for a path (location 匹配).

The patterns of a stranger are not run: a pattern matches for certain where it is of everything, and
for certain not where it asks for a text that the path does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pytest_icp.sources.nginx.config import Directive

PASSES = (
    *("proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"),
    # Modules that answer by themselves.
    *("content_by_lua", "content_by_lua_block", "content_by_lua_file", "js_content", "perl"),
    *("echo", "empty_gif", "random_index", "stub_status"),
)
"""Directives by which something else than a file of the folder answers."""
REWRITES = frozenset(
    {
        *("sub_filter", "subs_filter", "replace_filter", "add_before_body", "add_after_body"),
        *("echo_before_body", "echo_after_body", "js_body_filter"),
        *("body_filter_by_lua", "body_filter_by_lua_block", "body_filter_by_lua_file"),
    }
)
"""Directives that change the text of a file while it is sent."""
_CHANGES = frozenset(
    {*PASSES, *REWRITES, "root", "alias", "index", "try_files", "return", "rewrite"}
)
_WHOLE = re.compile(r"\^?/?|\^?/?(?:\.\*|\(\.\*\))\$?")
_TOKEN = re.compile(r"\\.|\[\^?\]?[^\]]*+\]|\{[0-9,]*+\}|[()|]|[^\\\[()|]", re.DOTALL)
_OPTIONAL = re.compile(r"[?*]|\{[0,]")
_REPEATED = re.compile(r"[+*?{]")
_SPECIAL = frozenset("^$.*+?{}")
_LONGEST = 500
_DEEPEST = 8


class Answering(Struct, frozen=True, eq=False):
    """The location for a path, None if it is the server itself; whether that is certain."""

    location: Directive | None
    certain: bool = True

    @property
    def block(self) -> Sequence[Directive]:
        """The directives of the location."""
        return (self.location.block or ()) if self.location else ()


def answering(block: Sequence[Directive], uri: str) -> Answering:
    """Return the location that answers for a path: an exact one, a pattern, the longest prefix."""
    locations = [(one, *_split(one)) for one in block if one.name == "location"]
    best: Directive | None = None
    length, ends = -1, False
    for one, how, path in locations:
        if how == "=" and path == uri:
            return Answering(one)
        if how in {"", "^~"} and uri.startswith(path) and len(path) > length:
            best, length, ends = one, len(path), how == "^~"
    if ends:
        return Answering(best)
    for one, how, pattern in locations:
        found = matches(pattern, uri, folded=how == "~*") if how in {"~", "~*"} else False
        if found or (found is None and any(d.name in _CHANGES for d in one.block or ())):
            return Answering(one if found else best, certain=found is True)
    return Answering(best)


def _split(location: Directive) -> tuple[str, str]:
    """Return how a location compares, and its path or pattern; a sign may touch the path."""
    written = location.args
    if len(written) > 1:
        return written[0], written[1]
    only = written[0] if written else ""
    sign = next((one for one in ("=", "^~", "~*", "~") if only.startswith(one)), "")
    return sign, only.removeprefix(sign)


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
