"""Decides conditions, with the regular expressions of JSON Schema, and refuses what it cannot read.

The engine takes time by the length of a text; what it would have to try in every way, as looking
ahead, it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, reduce
from operator import getitem
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_icp.law.condition import Decide
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text

NOT_SUPPORTED = Text(
    zh="不支持这个 `pattern` 中的写法",
    en="this `pattern` uses what is not supported",
)
TOO_LARGE = Text(
    zh="这个 `pattern` 太大，超过正则表达式引擎的上限",
    en="this `pattern` is too large for the engine of regular expressions",
)
SMALLER = Text(
    zh="减小其中的重复次数，或改用 maxLength", en="repeat less in it, or use `maxLength`"
)
INSTEAD = Text(
    zh=r"文本的结尾写 $，不写 \Z；“不含”写 not；不支持 (?=…)、(?<=…)、\1、(?a)、(?#…) 和 \N{…}",
    en=r"write $ instead of \Z, and `not` instead of (?!…); (?=…), (?<=…), \1, (?a), (?#…) and "
    r"\N{…} are not supported",
)

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

_MANY = re.compile(r"\{(?:[0-9]*,)?[0-9]{3,}\}")
"""A repetition by which a pattern may become too large."""

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
    from jsonschema_rs import ValidationError

    try:
        _engine(str(pattern))
    except ValidationError:
        return False
    return True


@cache
def _engine(pattern: str) -> Draft202012Validator:
    # Imported here because few rules have patterns, and fewer are asked.
    from jsonschema_rs import Draft202012Validator, RegexOptions

    return Draft202012Validator({"pattern": pattern}, pattern_options=RegexOptions())


def _matches(pattern: str, text: str) -> bool:
    return _engine(pattern).is_valid(text)


DECIDE = Decide(_matches)
"""Decides the conditions of policies."""


def refusal(condition: Any, path: _Path) -> tuple[Text, Text]:
    """Return why the validator refuses the pattern at a path, and what to do."""
    large = _MANY.search(str(reduce(getitem, path, condition)))
    return (TOO_LARGE, SMALLER) if large else (NOT_SUPPORTED, INSTEAD)
