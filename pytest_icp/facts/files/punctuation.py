"""Full-width signs where YAML has its own: a Chinese input method types them."""

from __future__ import annotations

import re

from msgspec import Struct

from pytest_icp.law.text import Text


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
