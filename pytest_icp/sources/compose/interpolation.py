"""Variables in Compose files, such as ``${NAME}`` and ``${NAME:-default}`` (变量插值)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-?+]")
_END = r"[ \t]*+(?:(?<=[ \t])#.*+)?\r?$"
_LINE = re.compile(
    r"^[ \t]*+(?:export[ \t]++)?([A-Za-z_][\w.]*+)[ \t]*+=[ \t]*+"
    rf"""(?:"([^"]*+)"{_END}|'([^']*+)'{_END}|([^#\r\n]*+){_END})""",
    re.MULTILINE,
)
_DEEPEST = 10


def interpolate(
    text: str, variables: Mapping[str, str], depth: int = 0, *, partly: bool = False
) -> str | None:
    """Fill in the variables of a text; None if one has no value, which ``partly`` leaves alone.

    ``variables`` are those of the file ``.env``. The environment in which the services are
    started takes precedence, but is not known.
    """
    out: list[str] = []
    at = 0
    while (sign := text.find("$", at)) >= 0:
        out.append(text[at:sign])
        if text.startswith("$$", sign):
            out.append("$")
            at = sign + 2
            continue
        value, at = _variable(text, sign + 1, variables, depth)
        if value is None and partly:
            value = text[sign:at]
        if value is None:
            return None
        out.append(value)
    return "".join([*out, text[at:]])


def _variable(
    text: str, at: int, variables: Mapping[str, str], depth: int
) -> tuple[str | None, int]:
    """Return the value of the variable that begins at an offset, and where it ends."""
    braced = text.startswith("{", at)
    name = _NAME.match(text, at + braced)
    if name is None or depth > _DEEPEST:
        return None, at
    given = variables.get(name[0])
    if not braced:
        return given, name.end()
    end = _closing(text, name.end())
    if end is None:
        return None, at
    rest = text[name.end() : end]
    operator = _OPERATOR.match(rest)
    if rest and operator is None:
        return None, at
    if operator is None:
        return given, end + 1
    word = rest[operator.end() :]
    is_set = given is not None and (given != "" or not operator[0].startswith(":"))
    if operator[0].endswith("+"):
        return (interpolate(word, variables, depth + 1) if is_set else ""), end + 1
    if is_set or operator[0].endswith("?"):
        return (given if is_set else None), end + 1
    return interpolate(word, variables, depth + 1), end + 1


def _closing(text: str, at: int) -> int | None:
    """Return the offset of the brace that closes the one opened before ``at``."""
    open_braces = 1
    for found in re.finditer(r"[{}]", text[at:]):
        open_braces += 1 if found[0] == "{" else -1
        if not open_braces:
            return at + found.start()
    return None


def variables_of(text: str) -> dict[str, str]:
    """Return the variables of a file ``.env``. They may be secrets: never show their values."""
    return {
        name: next((value for value in (*quoted, plain.rstrip(" \t")) if value), "")
        for name, *quoted, plain in _LINE.findall(text)
    }
