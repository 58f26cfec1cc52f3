"""Finds regular expressions in conditions that the compiled validator cannot read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text

PYTHON_ONLY = Text(
    zh="这个 `pattern` 是 Python 特有的写法，不是 JSON Schema（ECMA 262）的正则表达式",
    en="this `pattern` is specific to Python, not a regular expression of JSON Schema (ECMA 262)",
)
INSTEAD = Text(
    zh=r"文本的结尾写 $，不写 \Z；不支持 (?a)、(?#…)、(?P=…)、(?(1)…) 和 \N{…}",
    en=r"write $ instead of \Z; (?a), (?#…), (?P=…), (?(1)…) and \N{…} are not supported",
)


_Path: TypeAlias = tuple[str | int, ...]


def refused_patterns(condition: Json, path: _Path = ()) -> Iterator[_Path]:
    """Yield the path of each ``pattern`` in a condition that the validator refuses."""
    if isinstance(condition, list):
        for i, part in enumerate(condition):
            yield from refused_patterns(part, (*path, i))
    elif isinstance(condition, Mapping):
        for name, part in condition.items():
            if name != "pattern":
                yield from refused_patterns(part, (*path, name))
            elif not _readable(part):
                yield (*path, name)


def _readable(pattern: Json) -> bool:
    from jsonschema_rs import Draft202012Validator, ValidationError

    try:
        Draft202012Validator({"pattern": pattern})
    except ValidationError:
        return False
    return True
