"""Read the field 业务种类及覆盖范围: the lines of business and their scopes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct, field

from pytest_icp.facts.paper import Field, PaperLine
from pytest_icp.law.scope import ScopeError, parse_scope
from pytest_icp.law.scope_words import Kind, word_at
from pytest_icp.law.text import Text
from pytest_icp.sources.paper.labels import spans
from pytest_icp.sources.paper.shapes import readable
from pytest_icp.sources.paper.stream import Stream

_PIECES = re.compile(r"业务种类|\(服务项目\)|及?(?:业务)?覆盖范围:?|:")
_SCOPE_LABEL = re.compile("覆盖范围")
_BRACKETS = {"(": ")", "[": "]"}
_NUMBERING = re.compile(r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[、.]$|[;,。.:]$")
_SIGNS = (Kind.NOT, Kind.WITH, Kind.ONLY, Kind.EXCEPT)
_SIGNED = re.compile("含|限")
_COMPLETE = "。.;"
_JOINERS = "、,和及与"

_ABSENT = Text(zh="没有看到“业务种类”一栏", en="the field 业务种类 was not found")
_NO_LINE = Text(
    zh="没有看到能识别的业务名称", en="no known line of business was found in this field"
)
_NO_LABEL = Text(
    zh="没有看到“覆盖范围”，可能缺少文字", en="覆盖范围 was not found, so text may be missing"
)
_NO_WORDS = Text(
    zh="没有看到范围的文字；许可证上确实没有的，各项服务都许可，请手工填写",
    en="no scope was found; if the licence really prints none, every item is licensed: fill it in "
    "by hand",
)
_NO_SIGN = Text(
    zh="没有以“含”“不含”“仅限”开头，可能缺少文字",
    en="it does not begin with 含, 不含 or 仅限, so text may be missing",
)
_NO_END = Text(zh="没有句号，可能缺少文字", en="it has no full stop, so text may be missing")
_UNREADABLE = Text(zh="有认不出的字", en="it has characters that could not be read")
_CUT_NAME = Text(zh="业务名称可能不完整", en="the name of the line of business may be incomplete")
_UNKNOWN = Text(zh="「{words}」不是范围中的词", en="{words} is not a word used in scopes")


class Services(Struct, frozen=True):
    """The lines of business, or the reason why there are none."""

    lines: tuple[PaperLine, ...] = ()
    why: Field = field(default_factory=lambda: Field(doubt=_ABSENT))


def services(stream: Stream) -> Services:
    """Read the field; its label and contents may be extracted in any order."""
    for label, end in spans(stream):
        if label.field == "services":
            return _cell(stream, label.start, end)
    return Services()


def _cell(stream: Stream, start: int, end: int) -> Services:
    labelled = bool(_SCOPE_LABEL.search(stream.text, start, end))
    pieces: list[tuple[int, int]] = []
    for match in _PIECES.finditer(stream.text, start, end):
        beside = match.start() == (pieces[-1][1] if pieces else start)
        if beside or _is_label(stream, match):
            pieces.append(match.span())
    whole = stream.part(0, end).without(pieces)
    cell = whole.part(start, len(whole.characters))
    heads = list(_heads(cell))
    if not heads:
        seen = (
            (cell.seen(0, len(cell.characters)),) if cell.characters else (stream.seen(start, end),)
        )
        return Services(why=Field(seen=seen, doubt=_NO_LINE))
    if heads[0][0] > 0 and not _NUMBERING.search(cell.text[: heads[0][0]]):
        return Services(why=Field(seen=(cell.seen(0, len(cell.characters)),), doubt=_NO_LINE))
    tails = [*(head for head, _ in heads[1:]), len(cell.characters)]
    return Services(
        tuple(
            _line(cell, head, name_end, tail, labelled=labelled)
            for (head, name_end), tail in zip(heads, tails, strict=True)
        )
    )


def _is_label(stream: Stream, match: re.Match[str]) -> bool:
    """Whether a match is a part of the label: by its form, or at the start of a line."""
    own = match.group().endswith((":", "(服务项目)"))
    return own or stream.starts_line(match.start())


def _heads(cell: Stream) -> Iterator[tuple[int, int]]:
    """Yield where the name of each line of business begins and ends, brackets included."""
    text, at = cell.text, 0
    while at < len(text):
        known = word_at(text, at)
        first = (
            at == 0 or cell.starts_line(at) or bool(_NUMBERING.search(text[max(0, at - 3) : at]))
        )
        if known and known[0].kind is Kind.LINE and first:
            end = _limits(text, known[1])
            yield at, end
            at = end
        else:
            at = known[1] if known else at + 1


def _limits(text: str, at: int) -> int:
    """Return the end of the brackets after a name, or of the name if there are none."""
    closing = _BRACKETS.get(text[at : at + 1])
    end = text.find(closing, at) if closing else -1
    return end + 1 if end >= 0 else at


def _line(cell: Stream, start: int, name_end: int, end: int, *, labelled: bool) -> PaperLine:
    name = cell.printed(start, name_end)
    numbered = re.search(r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})[、.]$", cell.text[:end])
    if numbered and end < len(cell.characters):
        end = numbered.start()
    named = (cell.seen(start, name_end),)
    seen = (cell.seen(name_end, end),) if name_end < end else named
    doubt, permits, areas = _read(cell.text[name_end:end], name, labelled=labelled)
    if doubt:
        unread = Field(seen=seen, doubt=doubt)
        whole = _is_whole(name)
        title = Field(value=name, seen=named) if whole else Field(seen=named, doubt=_CUT_NAME)
        return PaperLine(name=title, scope=unread, areas=unread)
    return PaperLine(
        name=Field(value=name, seen=named),
        scope=Field(value=_scope_text(cell, name_end, end), seen=seen),
        areas=Field(value=list(areas), seen=seen),
        permits=permits,
    )


def _is_whole(name: str) -> bool:
    """Whether a name is complete without a scope: with known limits in brackets."""
    if not name.endswith((")", "）")):
        return False
    try:
        parse_scope("", line=name)
    except ScopeError:
        return False
    return True


def _scope_text(cell: Stream, start: int, end: int) -> str:
    """Return the scope as printed, with the proviso in 【】 on a line of its own."""
    proviso = cell.text.find("【", start, end)
    if proviso <= start:
        return cell.printed(start, end)
    return f"{cell.printed(start, proviso)}\n{cell.printed(proviso, end)}"


def _without_proviso(text: str) -> str:
    """Return a scope without the proviso in brackets at its end (【…】)."""
    start = text.find("【", text.rfind("】", 0, -1) + 1) if text.endswith("】") else -1
    return text if start < 0 else text[:start]


def _read(
    text: str, name: str, *, labelled: bool
) -> tuple[Text | None, tuple[str, ...], tuple[str, ...]]:
    """Return the doubt about a scope, or else the codes that it permits and its areas."""
    words = _without_proviso(text)
    nothing: tuple[str, ...] = ()
    if not readable(text):
        return _UNREADABLE, nothing, nothing
    if not labelled:
        return _NO_LABEL, nothing, nothing
    if not words:
        return _NO_WORDS, nothing, nothing
    try:
        scope = parse_scope(text, line=name)
    except ScopeError as error:
        return _UNKNOWN.format(words=error.residue), nothing, nothing
    first = word_at(words, 0)
    kind = first[0].kind if first else None
    if kind not in {*_SIGNS, Kind.AREA}:
        return _NO_SIGN, nothing, nothing
    listed = kind is Kind.AREA and not _SIGNED.search(words)
    if words[-1] in _JOINERS or not (listed or words[-1] in _COMPLETE):
        return _NO_END, nothing, nothing
    return None, tuple(sorted(scope.permitted)), scope.areas
