"""Finds regular expressions in conditions that the compiled validator cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import reduce
from operator import getitem
from typing import Any, TypeAlias

from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text

PYTHON_ONLY = Text(
    zh="这个 `pattern` 是 Python 特有的写法，不是 JSON Schema（ECMA 262）的正则表达式",
    en="this `pattern` is specific to Python, not a regular expression of JSON Schema (ECMA 262)",
)
TOO_LARGE = Text(
    zh="这个 `pattern` 太大，超过正则表达式引擎的上限",
    en="this `pattern` is too large for the engine of regular expressions",
)
SMALLER = Text(
    zh="减小其中的重复次数，或改用 maxLength", en="repeat less in it, or use `maxLength`"
)
INSTEAD = Text(
    zh=r"文本的结尾写 $，不写 \Z；不支持 (?a)、(?#…)、(?P=…)、(?(1)…) 和 \N{…}",
    en=r"write $ instead of \Z; (?a), (?#…), (?P=…), (?(1)…) and \N{…} are not supported",
)


_MANY = re.compile(r"\{(?:[0-9]*,)?[0-9]{3,}\}")
"""A repetition by which a pattern may become too large."""

_COSTLY = re.compile(r"\(\?[=!<>(]|\\[1-9kg]|[*+?}]\+")
"""Looking ahead or back, and what else the engine tries in every way, up to a limit."""


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


def refusal(condition: Any, path: _Path) -> tuple[Text, Text]:
    """Return why the validator refuses the pattern at a path, and what to do."""
    large = _MANY.search(str(reduce(getitem, path, condition)))
    return (TOO_LARGE, SMALLER) if large else (PYTHON_ONLY, INSTEAD)


def costly_patterns(condition: Json) -> Iterator[str]:
    """Yield each ``pattern`` of a condition that may exceed the limit of the engine."""
    if isinstance(condition, list):
        for part in condition:
            yield from costly_patterns(part)
    elif isinstance(condition, Mapping):
        for name, part in condition.items():
            if name == "pattern" and isinstance(part, str):
                if _COSTLY.search(part):
                    yield part
            else:
                yield from costly_patterns(part)
