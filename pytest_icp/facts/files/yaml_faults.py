"""Faults in YAML text in plain words: what the parser reports, and full-width characters.

A Chinese input method types those where YAML has signs of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.facts.files.faults import Fault
from pytest_icp.law.text import Text

if TYPE_CHECKING:
    from yaml import YAMLError

_NEAR = 20
"""How many lines before a fault are searched for its cause."""


def fault_of(error: YAMLError, text: str) -> Fault:
    """Return what is wrong where the parser fails: a full-width sign, if that causes it."""
    fault = _not_yaml(error, text)
    return _misplaced(text, fault) or fault


def _not_yaml(error: YAMLError, text: str) -> Fault:
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
        return _wrong_start(text, start)
    return Fault(Text(zh=f"不是有效的 YAML：{problem}", en=f"not YAML: {problem}"), start=start)


def _misplaced(text: str, fault: Fault) -> Fault | None:
    """Return the fault of the full-width sign that causes another fault, if one does."""
    end = text.find("\n", fault.start)
    lines = text[: end if end >= 0 else None].split("\n")[-_NEAR:]
    found = misplaced_before(lines)
    if found is None:
        return None
    index, sign = found
    rest = sum(len(line) + 1 for line in lines[index:]) - 1
    start = (end if end >= 0 else len(text)) - rest
    return Fault(sign.message, start=start + sign.start, end=start + sign.end, hint=sign.hint)


def _wrong_start(text: str, start: int) -> Fault:
    character = text[start : start + 1]
    if character == "\t":
        return Fault(_TAB, start=start, hint=_USE_SPACES)
    return Fault(
        Text(zh=f"值不能以 {character} 开头", en=f"a value cannot begin with {character}"),
        start=start,
        hint=Text(zh="请给整个值加引号", en="put the whole value in quotes"),
    )


_TABLE = """
found a tab character | YAML 不能用制表符缩进 | a tab cannot indent YAML |
    请改用空格 | use spaces
mapping values are not allowed | 此处不能再有 `键: 值` | `key: value` is not allowed here |
    值里若有冒号加空格，请加引号；否则检查缩进 |
    put a value that contains a colon and a space in quotes, or check the indentation
sequence entries are not allowed | 此处不能有 `- ` | `- ` is not allowed here |
    检查缩进 | check the indentation
expected key | 缩进与上文不符 | this does not line up with the lines above |
    检查缩进 | check the indentation
expected '-' indicator | 缩进与上文不符 | this does not line up with the lines above |
    检查缩进 | check the indentation
expected <block end> | 缩进与上文不符 | this does not line up with the lines above |
    检查缩进 | check the indentation
could not find expected ':' * | 这一行不是 `键: 值` | this line is not `key: value` |
    键后要有冒号加空格 | a colon and a space follow a key
found unexpected end of stream * | 引号没有结束 | these quotes are not closed
found unexpected document * | 引号没有结束 | these quotes are not closed
expected ',' or ']' | 此处应有 ',' 或 ']' | expected ',' or ']' here
expected ',' or '}' | 此处应有 ',' 或 '}' | expected ',' or '}' here
node content | 此处应有一个值 | expected a value here
unknown escape character | 不认识的转义 | unknown escape |
    反斜杠原样写时用单引号 | use single quotes for a literal backslash
<document start> | 文档到此已经结束，后面还有内容 | the document ends before this
nesting depth | 嵌套太深 | nested too deeply
"""
"""What the parser says, what it means, and what to do; with * the fault lies where it began."""


def _complaints() -> Iterator[tuple[str, Text, Text, bool]]:
    for row in re.split(r"\n(?! )", _TABLE.strip()):
        words, *said = (" ".join(cell.split()) for cell in row.split("|"))
        message, hint, *_ = *map(Text, said[::2], said[1::2]), Text("", "")
        yield words.removesuffix(" *"), message, hint, words.endswith(" *")


_COMPLAINTS = tuple(_complaints())
_TAB, _USE_SPACES = _COMPLAINTS[0][1:3]


class Misplaced(Struct, frozen=True):
    """A sign that YAML does not know: the character offsets in its line, and what to write."""

    start: int
    end: int
    message: Text
    hint: Text


_LONGEST = 400
_KEY = r"(?P<key>[A-Za-z_][\w.-]*)"
_BEFORE = r"^\s*+(?:[-－—–]\s*+)*+"
_VALUE = rf"{_BEFORE}(?:{_KEY}:[ \t]+)?"
_OPENED = r"^[^#\"'\[{［｛【]*(?=[\[{［｛【])[^#\"']*?"
# The value of a key with one of these goes on in the next line, so the parser stumbles there.
_SPILLING = tuple(
    map(
        re.compile,
        (
            rf"{_BEFORE}{_KEY}\s*(?P<sign>：)",
            rf"{_BEFORE}{_KEY}:(?P<sign>[\u3000\u00a0])",
            rf"{_BEFORE}{_KEY}(?P<sign>:)(?=[^\s/])",
        ),
    )
)
_ANYWHERE = (
    *_SPILLING,
    *map(
        re.compile,
        (
            rf"{_OPENED}[\[{{,，、；［｛【]\s*{_KEY}\s*(?P<sign>：)",
            rf"{_OPENED}[!-~]\s*(?P<sign>[，、；])\s*[!-~]",
            rf"{_VALUE}(?P<sign>[［｛【“”＂‘’＇])",
            rf"{_VALUE}[!-~]+(?P<sign>[，、；。\u3000\u00a0])\s*$",
            r"^ *(?P<sign>[\u3000\u00a0]+)",
            r"^\s*(?P<sign>[－—–])\s",
            r"(?:^|\s)(?P<sign>＃)",
        ),
    ),
)
_NAMES = {
    ":": Text(zh="后面没有空格的冒号", en="a colon without a space"),
    "：": Text(zh="全角冒号", en="a full-width colon"),
    "，": Text(zh="全角逗号", en="a full-width comma"),
    "、": Text(zh="顿号", en="a Chinese comma"),
    "；": Text(zh="全角分号", en="a full-width semicolon"),
    "。": Text(zh="句号", en="a Chinese full stop"),
    "＃": Text(zh="全角井号", en="a full-width number sign"),
    "\u3000": Text(zh="全角空格", en="a full-width space"),
    "\u00a0": Text(zh="不间断空格", en="a no-break space"),
    **dict.fromkeys("［｛【", Text(zh="全角括号", en="a full-width bracket")),
    **dict.fromkeys("－—–", Text(zh="全角或长横线", en="a full-width or long dash")),
    **dict.fromkeys("“”＂‘’＇", Text(zh="中文引号", en="a Chinese quotation mark")),
}
_HALF = dict(zip("，、；＃［【｛－—–“”＂‘’＇", ",,,#[[{---\"\"\"'''", strict=True))

_AS_TEXT = Text(zh="YAML 把{name}当作文字", en="YAML reads {name} as text")
_SHOWN = Text(zh="{name}（{sign}）", en="{name} ({sign})")
_KEY_FIRST = Text(
    zh="写成半角冒号加一个空格：{key}: …", en="write a half-width colon and a space: {key}: …"
)
_WRITE = Text(zh="改成半角的 {sign}", en="write {sign} instead")
_SPACES = Text(zh="改成半角空格", en="write ordinary spaces instead")
_DELETE = Text(zh="删去它", en="delete it")


def misplaced_in(line: str) -> Misplaced | None:
    """Return the first full-width sign of a line that stands where YAML has a sign of its own.

    A colon after a key without a space counts, signs inside a text do not.
    """
    return _first(line, _ANYWHERE)


def misplaced_before(lines: list[str]) -> tuple[int, Misplaced] | None:
    """Return the sign for which YAML breaks in the last of some lines, and the index of its line.

    It is in that line, or in those just above it whose value goes on because of it.
    """
    found = None
    here = misplaced_in(lines[-1])
    if here is not None:
        found = len(lines) - 1, here
    for index in range(len(lines) - 2, -1, -1):
        above = _first(lines[index], _SPILLING)
        if above is None:
            break
        found = index, above
    return found


def _first(line: str, patterns: tuple[re.Pattern[str], ...]) -> Misplaced | None:
    start = line[:_LONGEST]
    found = [match for pattern in patterns if (match := pattern.search(start))]
    if not found:
        return None
    match = min(found, key=lambda match: match.start("sign"))
    message, hint = _said(match["sign"][0], match.groupdict().get("key"))
    return Misplaced(match.start("sign"), match.end("sign"), message, hint)


def _said(sign: str, key: str | None) -> tuple[Text, Text]:
    """Return what is wrong with a sign, and what to write."""
    name = _NAMES[sign]
    if sign in ":：":
        hint = _KEY_FIRST.format(key=key)
    elif sign.isspace():
        hint = _SPACES
    else:
        hint = _WRITE.format(sign=_HALF[sign]) if sign in _HALF else _DELETE
    shown = name if sign == ":" or sign.isspace() else _SHOWN.format(name=name, sign=sign)
    return _AS_TEXT.format(name=shown), hint
