"""PyYAML's parser, and its errors in plain words."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_icp.facts.files.faults import Fault
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaml import YAMLError

Event: TypeAlias = Any
"""An event of PyYAML, which types every mark as optional; those of a parser all have one."""

_NEAR = 20
"""How many lines before a fault are searched for its cause."""

_UNPRINTABLE = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]"
)


def refuse_unprintable(text: str) -> None:
    """Raise `Fault` at the first character that is not allowed in YAML, or ambiguous.

    The parsers treat U+0085, U+2028 and U+2029 as line breaks, like YAML 1.1; in YAML 1.2 they
    are not. They would change a text silently.
    """
    if match := _UNPRINTABLE.search(text):
        code = f"U+{ord(match[0]):04X}"
        escape = f"\\u{ord(match[0]):04x}"
        raise Fault(
            Text(zh=f"有控制字符 {code}", en=f"control character {code}"),
            start=match.start(),
            hint=Text(
                zh=f"确需保留时，在双引号中写成 {escape}",
                en=f"to keep it, write {escape} in double quotes",
            ),
        )


def parser(raw: bytes) -> Any:
    """Return PyYAML's parser written in C or, if it is not built, the one in Python.

    The offsets of its marks count characters.
    """
    import yaml

    if yaml.__with_libyaml__:
        return yaml.CLoader(raw)
    return yaml.SafeLoader(raw.decode())


@contextmanager
def in_plain_words(raw: bytes) -> Iterator[None]:
    """Convert the errors of a parser to a `Fault` in plain words."""
    import yaml

    try:
        yield
    except yaml.YAMLError as error:
        fault = _not_yaml(error, raw)
        raise _misplaced(raw.decode(), fault) or fault from None
    except (ValueError, OverflowError):
        # The parser written in Python passes a wrong escape or version number to int().
        raise Fault(Text(zh="不是有效的 YAML", en="not YAML"), start=0) from None


def fault_at(event: Event, zh: str, en: str, hint: Text | None = None) -> Fault:
    """Return a fault at the place of an event."""
    start, end = event.start_mark.index, event.end_mark.index
    return Fault(Text(zh=zh, en=en), start=start, end=max(end, start + 1), hint=hint)


def _not_yaml(error: YAMLError, raw: bytes) -> Fault:
    problem = getattr(error, "problem", None) or "unreadable"
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    start = mark.index if mark else 0
    for words, message, hint, at_context in _COMPLAINTS:
        if words in problem:
            if at_context and context:
                start = context.index
            return Fault(message, start=start, hint=hint)
    if "cannot start any token" in problem:
        return _wrong_start(raw, start)
    return Fault(Text(zh=f"不是有效的 YAML：{problem}", en=f"not YAML: {problem}"), start=start)


def _misplaced(text: str, fault: Fault) -> Fault | None:
    """Return the fault of the full-width sign that causes another fault, if one does."""
    from pytest_icp.facts.files.punctuation import misplaced_before

    end = text.find("\n", fault.start)
    lines = text[: end if end >= 0 else None].split("\n")[-_NEAR:]
    found = misplaced_before(lines)
    if found is None:
        return None
    index, sign = found
    rest = sum(len(line) + 1 for line in lines[index:]) - 1
    start = (end if end >= 0 else len(text)) - rest
    return Fault(sign.message, start=start + sign.start, end=start + sign.end, hint=sign.hint)


def _wrong_start(raw: bytes, start: int) -> Fault:
    character = raw.decode()[start : start + 1]
    if character == "\t":
        return Fault(_TAB, start=start, hint=_SPACES)
    return Fault(
        Text(zh=f"值不能以 {character} 开头", en=f"a value cannot begin with {character}"),
        start=start,
        hint=Text(zh="请给整个值加引号", en="put the whole value in quotes"),
    )


_TAB = Text(zh="YAML 不能用制表符缩进", en="a tab cannot indent YAML")
_SPACES = Text(zh="请改用空格", en="use spaces")
_INDENTATION = Text(zh="检查缩进", en="check the indentation")
_COMPLAINTS = (
    ("found a tab character", _TAB, _SPACES, False),
    (
        "mapping values are not allowed",
        Text(zh="此处不能再有 `键: 值`", en="`key: value` is not allowed here"),
        Text(
            zh="值里若有冒号加空格，请加引号；否则检查缩进",
            en="put a value that contains a colon and a space in quotes, or check the indentation",
        ),
        False,
    ),
    (
        "sequence entries are not allowed",
        Text(zh="此处不能有 `- `", en="`- ` is not allowed here"),
        _INDENTATION,
        False,
    ),
    *(
        (
            words,
            Text(zh="缩进与上文不符", en="this does not line up with the lines above"),
            _INDENTATION,
            False,
        )
        for words in ("expected key", "expected '-' indicator", "expected <block end>")
    ),
    (
        "could not find expected ':'",
        Text(zh="这一行不是 `键: 值`", en="this line is not `key: value`"),
        Text(zh="键后要有冒号加空格", en="a colon and a space follow a key"),
        True,
    ),
    (
        "found unexpected end of stream",
        Text(zh="引号没有结束", en="these quotes are not closed"),
        None,
        True,
    ),
    (
        "found unexpected document",
        Text(zh="引号没有结束", en="these quotes are not closed"),
        None,
        True,
    ),
    (
        "expected ',' or ']'",
        Text(zh="此处应有 ',' 或 ']'", en="expected ',' or ']' here"),
        None,
        False,
    ),
    (
        "expected ',' or '}'",
        Text(zh="此处应有 ',' 或 '}'", en="expected ',' or '}' here"),
        None,
        False,
    ),
    (
        "node content",
        Text(zh="此处应有一个值", en="expected a value here"),
        None,
        False,
    ),
    (
        "unknown escape character",
        Text(zh="不认识的转义", en="unknown escape"),
        Text(zh="反斜杠原样写时用单引号", en="use single quotes for a literal backslash"),
        False,
    ),
    (
        "<document start>",
        Text(zh="文档到此已经结束，后面还有内容", en="the document ends before this"),
        None,
        False,
    ),
    (
        "nesting depth",
        Text(zh="嵌套太深", en="nested too deeply"),
        None,
        False,
    ),
)
