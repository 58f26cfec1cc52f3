"""The labels of a licence (栏目名), and the contents of each field as values (栏目内容).

A shape returns the value as the schema requires it, or None if the words are not exactly such a
value: with an unreadable sign, with a misread label, or two values run together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import pairwise
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.paper import Seen
from pytest_icp.law.divisions import CITIES, short_province
from pytest_icp.law.domains import host_of
from pytest_icp.law.folding import number_of, year_of
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.places import parse_address
from pytest_icp.law.text import Text
from pytest_icp.sources.paper.stream import Stream, tight

_HAN = "一-龥㐀-䶿"
_BRACKETED = re.compile("【[^【】]+】")
_MARK = r"(?<![0-9])[0-9]{1,2}[、.．](?![0-9])|[(（][0-9]{1,2}[)）]"
_BETWEEN = re.compile(rf"(?:[;；、,，/]|{_MARK}|(?<=公司)[和及与])+")
# With dots, the numbers of a list look like parts of names.
_DOMAIN_MARK = re.compile(r"(?:^|(?<=\s))[0-9]{1,2}[.．、]\s?")
_SEPARATOR = "；"
_FIRST_MARK = re.compile(_MARK)
_COMPANY = re.compile(rf"[{_HAN}A-Za-z(][{_HAN}A-Za-z0-9()·&.\-]{{2,58}}公司")
_NO_COMPANY = re.compile(
    r"你公司|本公司|编号|经营许可|获准经营|公司.*公司|[0-9](?:号|层|室|楼|院)|网站|法定代表"
)
_BRANCH = re.compile(r"公司[^公]{1,20}分公司$")
_PERSON = re.compile(rf"[{_HAN}]{{2,4}}|[{_HAN}]{{1,12}}(?:·[{_HAN}]{{1,12}}){{1,3}}")
_FOREIGN = re.compile(r"[A-Z][A-Za-z.'\-]+(?: [A-Z][A-Za-z.'\-]*){1,4}")
_NO_PERSON = re.compile(r"业务|服务|项目|公司|发证|有效|编号|网站|许可|注册|机关|日期|范围")
_ARABIC_DAY = re.compile(
    r"(?P<y>[12][0-9]{3})(?P<a>[年\-./])(?P<m>[0-9]{1,2})(?P<b>[月\-./])(?P<d>[0-9]{1,2})(?P<c>日?)"
)
_CHINESE_DAY = re.compile(
    r"(?P<y>[〇○零O0一二三四五六七八九]{4})年(?P<m>[一二三四五六七八九十]{1,2})月"
    r"(?P<d>[一二三四五六七八九十]{1,3})日"
)
_BRACKETS = re.compile("[【】]")
_TERM = re.compile(
    r"(?:[五5]年)?[(,:]?自?(?P<first>[^至到自]{0,15}?)起?(?:[至到~—–]|-(?=[12][0-9]{3}[年./-]))"
    r"(?P<last>[^至到自]{6,15}?)止?[).。]?"
)
_CAPITAL = re.compile(
    r"(?:人民币)?(?P<n>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<f>\.[0-9]+)?(?P<u>万|亿)?元?(?:人民币)?整?"
)
_UNITS = {None: 1, "万": 10_000, "亿": 100_000_000}
_ADDRESS = re.compile(rf"[{_HAN}A-Za-z0-9()\-#·&]{{5,100}}")
_NO_ADDRESS = re.compile(r"你公司|有限公司$|公司$|许可证|编号|等$")
_DOMAIN = re.compile(rf"(?:[{_HAN}a-z0-9-]+\.)+[{_HAN}a-z]{{2,24}}")
_CHINESE = re.compile(f"[{_HAN}]")
_LATIN = re.compile("[a-z]")
_BETWEEN_DOMAINS = re.compile("[、,;/]")
_SCHEME = re.compile("https?[:：]//")
_AUTHORITY = re.compile(
    r"(?:中华人民共和国)?工业和信息化部|(?P<province>[一-龥]{2,8}?)(?:省|市)?通信管理局"
)
_NAME = re.compile(rf"[{_HAN}A-Za-z0-9()·&.+\-!'_《》|—:/ ]{{2,60}}")
_NO_NAME = re.compile(
    r"[:/|]|许可证|提供单位|放置地|名称|域名|公司|\.[a-z]{2,}|[0-9](?:号|层|室)|[路街]$"
)

_READABLE = re.compile(
    rf"[{_HAN}0-9A-Za-z,。.、;:\"'“”‘’()\[\]{{}}《》〈〉【】〔〕〖〗/+&%\-—…·「」『』!~]*"
)

Shape: TypeAlias = Callable[[str], Json]
"""Parses printed words; returns None if they are not such a value."""


class Day(Struct, frozen=True):
    """A date as printed: its ISO form, and whether month and day have leading zeros."""

    iso: str
    padded: bool | None


def readable(words: str) -> bool:
    """Whether words are free of placeholder signs for unreadable characters."""
    return bool(_READABLE.fullmatch(tight(words)))


def bare(words: str) -> str:
    """Return words without the brackets around them (【…】); several are a list."""
    inner = words.strip().replace("】【", "、")
    return inner[1:-1] if _BRACKETED.fullmatch(inner) else words


def company(words: str) -> Json:
    """Read the name of a company (公司名称); only companies get such licences."""
    text = tight(words)
    whole = _COMPANY.fullmatch(text) and (_BRANCH.search(text) or not _NO_COMPANY.search(text))
    return words if whole else None


def person(words: str) -> Json:
    """Read the name of a person (法定代表人)."""
    text = tight(words)
    if _FOREIGN.fullmatch(words):
        return words
    return words if _PERSON.fullmatch(text) and not _NO_PERSON.search(text) else None


def day(words: str) -> Json:
    """Read the date (日期) at the start of words: 2019年07月23日, 二〇一九年七月二十三日."""
    found = printed_day(words)
    return found.iso if found else None


def printed_day(words: str) -> Day | None:
    """Read the date at the start of words and how it is written; None if there is none."""
    text = _BRACKETS.sub("", tight(words))
    arabic = _ARABIC_DAY.match(text)
    if arabic:
        cut = arabic.end() < len(text) and text[arabic.end()].isdigit()
        return None if cut else _arabic_day(arabic)
    chinese = _CHINESE_DAY.match(text)
    if chinese is None:
        return None
    parts = year_of(chinese["y"]), number_of(chinese["m"]), number_of(chinese["d"])
    return _calendar_day(parts, padded=None)


def _arabic_day(match: re.Match[str]) -> Day | None:
    signs = match["a"] + match["b"] + match["c"]
    if signs not in {"年月日", "--", "..", "//"}:
        return None
    parts = (match["m"], match["d"])
    zeros = any(part.startswith("0") for part in parts)
    short = any(len(part) == 1 for part in parts)
    if zeros and short:
        # 1月08日: a digit was lost, and it is not known which.
        return None
    padded = True if zeros else False if short else None
    return _calendar_day((int(match["y"]), int(match["m"]), int(match["d"])), padded=padded)


def _calendar_day(parts: tuple[int | None, ...], *, padded: bool | None) -> Day | None:
    year, month, day_of_month = parts
    if year is None or month is None or day_of_month is None:
        return None
    try:
        return Day(date(year, month, day_of_month).isoformat(), padded)
    except ValueError:
        return None


def term(words: str) -> Json:
    """Read the last day of a term (有效期限): 自2019年05月20日至2024年05月20日."""
    text = _BRACKETS.sub("", tight(words))
    match = _TERM.fullmatch(text)
    first, last = (day(match[name] or "") for name in ("first", "last")) if match else (None, None)
    return last if match and (first or not match["first"]) else None


def several_days(words: str) -> bool:
    """Whether words contain more than one date."""
    text = tight(words)
    return sum(1 for day in (_ARABIC_DAY, _CHINESE_DAY) for _ in day.finditer(text)) > 1


def capital(words: str) -> Json:
    """Read the registered capital (注册资本) in yuan: 1000万元, 10,000,000元."""
    match = _CAPITAL.fullmatch(tight(words))
    if match is None or not ("元" in match.group() or match["u"]):
        return None
    amount = float(match["n"].replace(",", "") + (match["f"] or "")) * _UNITS[match["u"]]
    return int(amount) if amount == int(amount) else round(amount, 2)


def address(words: str) -> Json:
    """Read an address (地址) that begins with a known province or city."""
    text = tight(words)
    if not _ADDRESS.fullmatch(text) or _NO_ADDRESS.search(text):
        return None
    parts = parse_address(text)
    behind = parse_address(parts.get("detail", ""))
    if "province" in behind and "district" in behind:
        return None  # another address that ran into this one
    value: Mapping[str, Json] = {"text": words, **parts}
    return value if "province" in parts and ("district" in parts or "detail" in parts) else None


def _items(words: str) -> list[str]:
    """Return the entries of a list in a cell; if the first is numbered, each has its number."""
    items = [item.strip() for item in _BETWEEN.split(words) if item.strip()]
    marks = _FIRST_MARK.findall(words)
    numbered = [int(digits) for mark in marks for digits in re.findall("[0-9]+", mark)]
    if _FIRST_MARK.match(words) and numbered != list(range(1, len(items) + 1)):
        return []
    return items


def places(words: str) -> Json:
    """Read an address, or several in one cell: then only what is printed, with one sign between."""
    read = _each(address, words)
    return joined("server_location", read) if isinstance(read, list) else read


def _each(shape: Shape, words: str) -> Json:
    """Read one value, or several in one cell as a list."""
    whole = shape(words)
    read = [shape(item) for item in _items(words)] if whole is None else [whole]
    if not read or any(one is None for one in read):
        return None
    return read[0] if len(read) == 1 else read


def joined(field: str, values: Sequence[Json]) -> Json:
    """Return the values of one field as one: places as printed, anything else as a list."""
    flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
    texts = [str(one["text"]) for one in flat if isinstance(one, Mapping)]
    return {"text": _SEPARATOR.join(texts)} if field == "server_location" else flat


def is_list(value: Json) -> bool:
    """Whether a value is several values as one."""
    text = value.get("text") if isinstance(value, Mapping) else ""
    return isinstance(value, list) or _SEPARATOR in str(text)


def domains(words: str) -> Json:
    """Read a list of domains (域名), in lower case; Chinese ones as printed."""
    found: list[Json] = []
    listed, marks = _DOMAIN_MARK.subn("、", _SCHEME.sub("", words))
    apart = sum(bool(_DOMAIN.fullmatch(part)) for part in words.lower().split())
    if marks == 1 or (apart > 1 and not marks):
        return None  # perhaps no number, but a part of the name; two names, or one with a space
    for part in _BETWEEN_DOMAINS.split(tight(listed).lower().strip("、/")):
        # A label in both scripts is two words that were run together.
        mixed = (_CHINESE.search(one) and _LATIN.search(one) for one in part.split("."))
        if host_of(part) is None or not _DOMAIN.fullmatch(part) or any(mixed):
            return None
        found.append(part)
    return found


def authority(words: str) -> Json:
    """Read the authority that issued the licence (发证机关)."""
    match = _AUTHORITY.fullmatch(tight(words))
    if match is None:
        return None
    if match["province"] is None:
        return {"kind": "MIIT", "province": "全国", "inferred": False}
    province = short_province(match["province"])
    return {"kind": "CA", "province": province, "inferred": False} if province in CITIES else None


def name(words: str) -> Json:
    """Read the name of a site or an app (网站名称): short words that fit no other field."""
    text = tight(words)
    if not _NAME.fullmatch(text) or _NO_NAME.search(text):
        return None
    others: tuple[Shape, ...] = (company, day, capital, address, domains, authority)
    return None if any(other(words) is not None for other in others) else words


DAYS = ("issued_on", "valid_until")

TITLE = re.compile(
    r"特别规定事项|(?:中华人民共和国)?(?:增值)?电信业务经营许可证(?:\(?(?:正文|附页|附件)\)?)?"
    r"|\(?附页\)?"
)
_LABELS: tuple[tuple[str, str, Shape | None], ...] = (
    ("holder", r"(?:公司|企业|单位)(?:\(企业\))?名称", company),
    ("legal_representative", r"法定代表人(?:\(负责人\)|姓名)?|法人代表", person),
    ("registered_capital", r"注册(?:资本|资金)", capital),
    ("registered_address", "(?:公司|注册|企业)?(?:住所|地址)", address),
    ("services", r"业务种类(?:\(服务项目\))?(?:及(?:业务)?覆盖范围)?", None),
    ("issuing_authority", r"发证机关(?:\(盖章\))?", authority),
    ("issued_on", "(?:发证|颁证)日期|发证时间", day),
    ("valid_until", "有效期限?至", day),
    ("term", "有效期限?", term),
    ("either", r"网站[/、或及(](?:APP|应用程序|应用)\)?名称", name),
    ("site", "网站名称", name),
    (
        "app",
        r"(?:APP|移动应用|应用程序|应用|小程序)(?:\((?:APP|应用程序)\))?名称",
        partial(_each, name),
    ),
    ("domains", "(?:网站)?(?:域名|网址)", domains),
    ("server_location", "服务器(?:放置|所在)地(?:点|址)?", places),
    ("access_provider", "(?:网站)?接入服务提供(?:单位|者)(?:名称)?", partial(_each, company)),
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


def labels_in(stream: Stream) -> list[Label]:
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
    found = labels_in(stream)
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
    named = any(authority(stream.printed(*part)) for part in parts)
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
    return shape(bare(words)) if shape else None


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
    if label.field in DAYS and several_days(stream.printed(start, whole)):
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
    if [len(one) for one in divided] == [1] and not is_list(divided[0][0]):
        return None
    values = [joined(field, one) for one in divided]
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
    if not any(authority(word) for word in words):
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
