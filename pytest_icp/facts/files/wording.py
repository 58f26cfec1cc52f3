"""JSON values and their kinds in messages."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST = 60
_MOST = 8


def show(value: object) -> str:
    """Return a value as a message quotes it: texts in single quotes, long ones cut."""
    written = f"'{value}'" if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    written = "".join(c if c.isprintable() else "�" for c in written)
    return written if len(written) <= _LONGEST else f"{written[: _LONGEST - 1]}…"


def kind_of(value: object) -> Text:
    """Return the kind of a value in words."""
    if isinstance(value, bool):
        return Text(zh="真假值（true 或 false）", en="true or false")
    return _KINDS[type(value)]


_KINDS = {
    dict: Text(zh="键值对（键: 值）", en="a mapping of keys to values"),
    list: Text(zh="清单", en="a list"),
    str: Text(zh="字符串", en="a string"),
    int: Text(zh="整数", en="a whole number"),
    float: Text(zh="数", en="a number"),
    type(None): Text(zh="空值 null", en="null"),
}


def either(words: Sequence[object]) -> Text:
    """Return alternatives in words, the first few of many."""
    shown = [show(word) for word in words[:_MOST]]
    if len(words) > _MOST:
        return Text(zh="、".join(shown) + " 等", en=", ".join(shown) + ", …")
    if len(shown) == 1:
        return Text(zh=shown[0], en=shown[0])
    return Text(
        zh="、".join(shown[:-1]) + " 或 " + shown[-1],
        en=", ".join(shown[:-1]) + " or " + shown[-1],
    )
