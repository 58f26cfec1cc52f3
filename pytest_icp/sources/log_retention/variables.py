"""Variables in settings, such as ``${NAME}`` and ``${NAME:-default}`` (变量).

As with Compose, a default is the value: that the environment may set another is not known from
the files.
"""

from __future__ import annotations

from collections.abc import Mapping

_DEEPEST = 10


def fill(
    text: str, values: Mapping[str, str | None], *, default: str = ":-", depth: int = 0
) -> str:
    """Fill in the variables of a text; one without a value is left as it is written.

    ``default`` stands between a name and its default. A value that is None is one that is set
    somewhere, but not known.
    """
    out: list[str] = []
    at = 0
    while (start := text.find("${", at)) >= 0:
        end = _closing(text, start + 2) if depth <= _DEEPEST else None
        if end is None:
            break
        name, given, otherwise = text[start + 2 : end].partition(default)
        value = values.get(name)
        if value is None:
            value = text[start : end + 1]
            if given and name not in values:
                value = fill(otherwise, values, default=default, depth=depth + 1)
        out += (text[at:start], value)
        at = end + 1
    return "".join([*out, text[at:]])


def known(filled: str) -> str | None:
    """Return a text that was filled in, or None if a variable in it has no value."""
    return None if "${" in filled else filled


def _closing(text: str, at: int) -> int | None:
    """Return the offset of the brace that closes the one opened before ``at``."""
    open_braces = 1
    while open_braces:
        end = text.find("}", at)
        if end < 0:
            return None
        open_braces += text.count("${", at, end) - 1
        at = end + 1
    return at - 1
