"""The labels of a licence (栏目名), and the contents of each field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.paper import Seen
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Text
from pytest_icp.sources.paper import shapes
from pytest_icp.sources.paper.shapes import Shape
from pytest_icp.sources.paper.stream import Stream, tight

DAYS = ("issued_on", "valid_until")

TITLE = re.compile(
    r"特别规定事项|(?:中华人民共和国)?(?:增值)?电信业务经营许可证(?:\(?(?:正文|附页|附件)\)?)?"
    r"|\(?附页\)?"
)
_LABELS: tuple[tuple[str, str, Shape | None], ...] = (
    ("holder", r"(?:公司|企业|单位)(?:\(企业\))?名称", shapes.company),
    ("legal_representative", r"法定代表人(?:\(负责人\)|姓名)?|法人代表", shapes.person),
    ("registered_capital", r"注册(?:资本|资金)", shapes.capital),
    ("registered_address", "(?:公司|注册|企业)?(?:住所|地址)", shapes.address),
    ("services", r"业务种类(?:\(服务项目\))?(?:及(?:业务)?覆盖范围)?", None),
    ("issuing_authority", r"发证机关(?:\(盖章\))?", shapes.authority),
    ("issued_on", "(?:发证|颁证)日期|发证时间", shapes.day),
    ("valid_until", "有效期限?至", shapes.day),
    ("term", "有效期限?", shapes.term),
    ("either", r"网站[/、或及(](?:APP|应用程序|应用)\)?名称", shapes.name),
    ("site", "网站名称", shapes.name),
    (
        "app",
        r"(?:APP|移动应用|应用程序|应用|小程序)(?:\((?:APP|应用程序)\))?名称",
        shapes.names,
    ),
    ("domains", "(?:网站)?(?:域名|网址)", shapes.domains),
    ("server_location", "服务器(?:放置|所在)地(?:点|址)?", shapes.places),
    ("access_provider", "(?:网站)?接入服务提供(?:单位|者)(?:名称)?", shapes.companies),
    # Contents that nothing asks for.
    (
        "",
        "(?:经营)?许可证编号|统一社会信用代码|首次(?:发|颁)证日期|变更日期|接入(?:号码|代码)|备注",
        None,
    ),
)
_SHAPES = {field: shape for field, _, shape in _LABELS}
_PATTERN = re.compile("|".join(f"({pattern})" for _, pattern, _ in _LABELS))
_WHOLE = re.compile(f"(?:{'|'.join(pattern for _, pattern, _ in _LABELS)}):?")
_FIELDS = [field for field, _, _ in _LABELS]
_STOP = re.compile(r"《特别规定事项》|根据《|获准经营")
_GOES_ON = re.compile(r"[0-9号楼层室座栋幢院区路街道巷弄村镇乡]")
_WHOLE_ADDRESS = re.compile(r"[0-9A-Za-z号楼层室座栋幢院区市县村镇乡园厦心房)）]$")
_MOST_LINES = 4
# Fields of which several may be printed one below the other, and what one of them has in it.
_LISTS = {
    "server_location": re.compile("[省市]"),
    "access_provider": re.compile("公司"),
    "domains": re.compile(r"\."),
}
# The number of a row of the attached page, before its first label.
_ROW = re.compile(r"(?:[0-9]{1,2}[、.]|\(?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})\))$")
_LONGEST_ROW = 4
_FEWEST = 3

_NOTHING = Text(zh="栏目名之后没有内容", en="there is nothing after its label")
_SHAPELESS = Text(
    zh="内容不完整，或者混有别的内容", en="it is incomplete, or mixed with other text"
)
_SEVERAL = Text(
    zh="内容分在几行，到哪一行为止无法确定",
    en="it runs over several lines, and it is not clear where it ends",
)
_COLUMN = Text(
    zh="几个栏目名连在一起，无法确定内容属于哪一栏",
    en="several labels stand together, and it is not clear which one this belongs to",
)


class Label(Struct, frozen=True):
    """A label and its range, including its colon. A stop has no field."""

    field: str
    start: int
    end: int


class Candidate(Struct, frozen=True, kw_only=True):
    """The contents of one field: a value, or the words and why they are not one.

    ``bound`` is True if they are on the line of the label.
    """

    field: str
    seen: Seen
    value: Json = None
    doubt: Text | None = None
    bound: bool = True


def is_label(words: str) -> bool:
    """Whether words are a label and nothing else."""
    return bool(_WHOLE.fullmatch(tight(words)))


def has_label(words: str) -> bool:
    """Whether a label is among words."""
    return bool(_PATTERN.search(tight(words)))


def labels(stream: Stream) -> list[Label]:
    """Find the labels: before a colon, or alone at the start of a line."""
    found = [
        Label(_FIELDS[(match.lastindex or 1) - 1], *_reach(stream, match))
        for match in _PATTERN.finditer(stream.text)
        if stream.text[match.end() : match.end() + 1] == ":"
        or (stream.starts_line(match.start()) and stream.apart(match.end()))
        # These words occur nowhere else.
        or "(服务项目)" in match.group()
        or stream.text.startswith(("【", "自"), match.end())
    ]
    stops = [Label("", match.start(), match.end()) for match in _STOP.finditer(stream.text)]
    return sorted([*found, *stops], key=lambda label: label.start)


def spans(stream: Stream) -> Iterator[tuple[Label, int, int]]:
    """Yield each label and the range of its contents: up to the next label, or from the last.

    Contents stand before their labels if all of them do.
    """
    found = labels(stream)
    before = _before(stream, found)
    if before:
        yield from zip(found, *zip(*before, strict=True), strict=True)
        return
    ends = (*(label.start for label in found[1:]), len(stream.characters))
    yield from ((label, label.end, end) for label, end in zip(found, ends, strict=False))


def _before(stream: Stream, found: Sequence[Label]) -> list[tuple[int, int]]:
    """Return the ranges before the labels if each has what fits it, and the last nothing after."""
    if not found or found[-1].end < len(stream.characters):
        return []
    ranges: list[tuple[int, int]] = []
    at, is_fresh = 0, True
    for label in found:
        parts = stream.segments(at, label.start)
        # What comes first, or after a sentence, has only its last line for a label.
        start = parts[-1 if is_fresh else 0][0] if parts and label.field else label.start
        fits = label.field == "services" or _value(label.field, stream.printed(start, label.start))
        if label.field and not (parts and fits):
            return []
        ranges.append((start, label.start))
        at, is_fresh = label.end, not label.field
    return ranges if sum(1 for one in found if _SHAPES[one.field]) >= _FEWEST else []


def _reach(stream: Stream, match: re.Match[str]) -> tuple[int, int]:
    end, start = match.end(), match.start()
    row = _ROW.search(stream.text[max(0, start - _LONGEST_ROW) : start])
    begins = start - len(row.group()) if row else start
    start = begins if stream.starts_line(begins) else start
    return start, end + (stream.text[end : end + 1] == ":")


def candidates(stream: Stream) -> Iterator[Candidate]:
    """Yield the contents of each label, in the order of the labels."""
    for one in _candidates(stream):
        # A term tells its last day, and not when the licence was issued.
        yield replace(one, field="valid_until") if one.field == "term" else one


def _candidates(stream: Stream) -> Iterator[Candidate]:
    """Collect labels without contents.

    If cells were extracted column by column, the contents of all follow the last label, or come
    before the first.
    """
    waiting: list[Label] = []
    read = 0
    for label, start, end in spans(stream):
        if _SHAPES[label.field] is None:
            yield from (_empty(stream, one) for one in waiting)
            waiting, read = [], read + 1
        elif start >= end:
            waiting.append(label)
        elif start < label.start:
            yield _single(stream, label, stream.segments(start, end))
        else:
            yield from _contents(stream, waiting, label, stream.segments(start, end))
            waiting, read = [], read + 1
    lead = stream.segments(0, waiting[0].start)[-len(waiting) :] if waiting and not read else []
    if len(waiting) >= _FEWEST and _fit(stream, waiting, lead):
        yield from _column(stream, waiting, lead)
    else:
        yield from (_empty(stream, one) for one in waiting)


def _fit(stream: Stream, several: Sequence[Label], parts: Sequence[tuple[int, int]]) -> bool:
    """Whether each line is what its label asks for, in their order."""
    return len(parts) == len(several) and all(
        _value(one.field, stream.printed(*part)) is not None
        for one, part in zip(several, parts, strict=True)
    )


def _contents(
    stream: Stream, waiting: Sequence[Label], label: Label, parts: list[tuple[int, int]]
) -> Iterator[Candidate]:
    own_row = stream.starts_line(label.start) and not stream.starts_line(label.end)
    # This may be the value of the other date.
    own_row &= label.field not in DAYS or all(one.field not in DAYS for one in waiting)
    sealed = all(one.field == "issuing_authority" for one in waiting)
    named = any(shapes.authority(stream.printed(*part)) for part in parts)
    if own_row or (sealed and not (waiting and named)):
        yield from (_empty(stream, one) for one in waiting)
        yield _single(stream, label, parts)
    else:
        yield from _column(stream, [*waiting, label], parts)


def _empty(stream: Stream, label: Label) -> Candidate:
    seen = stream.seen(label.start, label.end)
    return Candidate(field=label.field, seen=seen, doubt=_NOTHING)


def _value(field: str, words: str) -> Json:
    shape = _SHAPES[field]
    return shape(shapes.bare(words)) if shape else None


def _single(stream: Stream, label: Label, parts: list[tuple[int, int]]) -> Candidate:
    """Read the contents of a single label: as many lines as form a value, or several values."""
    several = _several(stream, label.field, parts)
    if several is not None:
        return several
    start, whole = parts[0][0], parts[-1][1]
    bound = start == label.end and not stream.starts_line(start)
    # The end of a date is clear from its form.
    ends = [whole] if label.field in DAYS else [end for _, end in parts[:_MOST_LINES]]
    read = [(end, _value(label.field, stream.printed(start, end))) for end in ends]
    fitting = [(end, value) for end, value in read if value is not None]
    if label.field in DAYS and shapes.several_days(stream.printed(start, whole)):
        fitting = []
    placed = label.field.endswith(("address", "location"))
    goes_on = placed and all(_GOES_ON.search(stream.printed(*part)) for part in parts[1:])
    if len(fitting) == 1 or (goes_on and fitting and fitting[-1][0] == whole):
        end, value = fitting[-1]
        seen = stream.seen(start, end)
        # The page may end in the middle of an address.
        if end == len(stream.characters) and placed and not _WHOLE_ADDRESS.search(seen.words):
            return Candidate(field=label.field, seen=seen, doubt=_SHAPELESS, bound=bound)
        return Candidate(field=label.field, seen=seen, value=value, bound=bound)
    doubt = _SEVERAL if fitting else _SHAPELESS
    return Candidate(field=label.field, seen=stream.seen(start, whole), doubt=doubt, bound=bound)


def _several(stream: Stream, field: str, parts: list[tuple[int, int]]) -> Candidate | None:
    """Read several values of one label, one below the other; None if it has one or none.

    They are read if the lines can be divided in one way alone. A line that may be another value is
    a doubt: with what comes first alone, it would be lost.
    """
    sign = _LISTS.get(field)
    if sign is None or len(parts) < len("12"):
        return None
    seen = stream.seen(parts[0][0], parts[-1][1])
    if len(parts) > _MOST_LINES:
        more = _value(field, stream.printed(*parts[1])) is not None
        return Candidate(field=field, seen=seen, doubt=_SEVERAL) if more else None
    divided = list(_divisions(stream, field, parts))
    if [len(one) for one in divided] == [1] and not shapes.is_list(divided[0][0]):
        return None
    values = [shapes.joined(field, one) for one in divided]
    if values and all(value == values[0] for value in values):
        return Candidate(field=field, seen=seen, value=values[0])
    if values or any(sign.search(stream.printed(*part)) for part in parts[1:]):
        return Candidate(field=field, seen=seen, doubt=_SEVERAL)
    return None


def _divisions(stream: Stream, field: str, parts: list[tuple[int, int]]) -> Iterator[list[Json]]:
    """Yield each way to divide lines into values; any line may break a domain, so it is one."""
    if not parts:
        yield []
    if field == "domains":
        whole = _value(field, stream.printed(parts[0][0], parts[-1][1]))
        if whole is not None:
            yield [whole]
        return
    for i, (_, end) in enumerate(parts, start=1):
        value = _value(field, stream.printed(parts[0][0], end))
        if value is not None:
            yield from ([value, *rest] for rest in _divisions(stream, field, parts[i:]))


def _column(
    stream: Stream, several: Sequence[Label], parts: list[tuple[int, int]]
) -> Iterator[Candidate]:
    """Assign lines to several labels: in order, or by shapes that fit only one label."""
    words = [stream.printed(*part) for part in parts]
    sealed = [one for one in several if one.field == "issuing_authority"]
    if not any(shapes.authority(word) for word in words):
        yield from (_empty(stream, one) for one in sealed)
        several = [one for one in several if one not in sealed]
    fits = [[_value(one.field, word) is not None for word in words] for one in several]
    pairs = [stream.printed(a[0], b[1]) for a, b in pairwise(parts)]
    # A line that continues on the next line cannot be assigned alone.
    broken = any(_value(one.field, pair) is not None for one in several for pair in pairs)
    if broken:
        fits = [[False] * len(words) for _ in several]
    in_order = len(words) == len(several) and all(fits[i][i] for i in range(len(several)))
    for i, label in enumerate(several):
        chosen = [i] if in_order else [j for j, fit in enumerate(fits[i]) if fit]
        alone = len(chosen) == 1 and (in_order or sum(row[chosen[0]] for row in fits) == 1)
        if alone:
            seen = stream.seen(*parts[chosen[0]])
            value = _value(label.field, seen.words)
            yield Candidate(field=label.field, seen=seen, value=value, bound=False)
        else:
            seen = stream.seen(parts[0][0], parts[-1][1])
            yield Candidate(field=label.field, seen=seen, doubt=_COLUMN, bound=False)
