"""Variables in settings, such as ``${NAME}`` and ``${NAME:-default}`` (变量).

As with Compose, a default is the value: that the environment may set another is not known from
the files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DEEPEST = 10
_BRACE = re.compile(r"\$\{|\}")


def fill(
    text: str, values: Mapping[str, str | None], *, default: str = ":-", depth: int = 0
) -> str | None:
    """Fill in the variables of a text; None if one has no value.

    ``default`` stands between a name and its default. A value that is None is one that is set
    somewhere, but not known.
    """
    out: list[str] = []
    at = 0
    while (start := text.find("${", at)) >= 0:
        end = _closing(text, start + 2)
        if end is None or depth > _DEEPEST:
            return None
        name, given, otherwise = text[start + 2 : end].partition(default)
        if name in values:
            value = values[name]
        else:
            value = fill(otherwise, values, default=default, depth=depth + 1) if given else None
        if value is None:
            return None
        out += (text[at:start], value)
        at = end + 1
    return "".join([*out, text[at:]])


def _closing(text: str, at: int) -> int | None:
    """Return the offset of the brace that closes the one opened before ``at``."""
    open_braces = 1
    for found in _BRACE.finditer(text, at):
        open_braces += 1 if len(found[0]) > 1 else -1
        if not open_braces:
            return found.start()
    return None
