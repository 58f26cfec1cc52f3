"""The fields of a licence (许可证各栏): values that all places agree on, and doubts.

The field 业务种类及覆盖范围 has the lines of business and their scopes. What a record of changes
(变更记录) names may no longer be as other pages print it.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.paper import Field, PaperAttachment, PaperLine, Seen, Spot
from pytest_icp.law.divisions import SIGNS
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.numbers import numbers_in
from pytest_icp.law.scope import ScopeError, parse_scope
from pytest_icp.law.scope_words import Kind, word_at
from pytest_icp.law.text import Text
from pytest_icp.sources.paper.labels import Candidate, company, printed_day, readable, spans
from pytest_icp.sources.paper.stream import Line, Stream, counted, tight

LONGEST_TERM = 5
"""The longest validity of a licence in years (令42 art. 8 and its predecessors)."""

_ABSENT = Text(zh="没有看到这一栏", en="this field was not found")
_DIFFER = Text(zh="几处写得不一样", en="it is written differently in different places")
_NO_NUMBER = Text(zh="没有看到编号", en="no number was found")
_MISREAD = Text(
    zh="编号中有认错的字，可能是 {numbers}", en="it has misread characters; perhaps {numbers}"
)
_MISREAD_WHOLLY = Text(zh="编号中有认错的字", en="it has misread characters")
_SIGN = Text(
    zh="编号之前的“{sign}”不是省份简称", en="{sign} before it is not the short name of a province"
)
_ONE_DAY = Text(
    zh="日期与栏目名不在一行，另一个日期又没有读到，无法确定是哪一个",
    en="it is not on the line of its label, and the other date was not read, so it is not clear "
    "which one this is",
)
_UNPADDED = Text(
    zh="月、日没有补零，与另一个日期写法不同，可能缺少数字",
    en="unlike the other date it has no leading zeros: a digit may be missing",
)
_ORDER = Text(zh="发证日期不早于有效期限", en="the date of issue is not before the expiry date")
_TERM = Text(
    zh="相隔超过 {n} 年，许可证的有效期没有这么长", en="no licence is valid for more than {n:year}"
)
_BEFORE = Text(
    zh="编号是 {year} 年的，发证日期却更早",
    en="the number is from {year}, but the date of issue is earlier",
)
_ATTACHED = Text(zh="没有看到附页", en="no attached page was found")
_SERIAL = re.compile(r"编号:?[^-0-9]{0,3}[0-9A-Za-z.]{1,8}-(?P<serial>[0-9A-Za-z]{8})(?![0-9])")
_DATED = re.compile("[0-9〇○零一二三四五六七八九]{2}|年")
_LOOKALIKES = str.maketrans("oOQDlIiZzSsB", "000011122558")
_NAMES = re.compile("获准经营|应当按照经营许可证")
_BEFORE_NAME = ",。:;.!"
_NAMED = ("site", "app", "either")
_RANKS = {**dict.fromkeys(_NAMED, 0), "domains": 1, "server_location": 2, "access_provider": 3}


def settle(found: Sequence[Candidate], extra: Iterable[Candidate] = ()) -> Field:
    """Return the value that all places of a field agree on, or the doubt."""
    own = [one for one in found if one.value is not None]
    whole = [_comparable(one.value) for one in own]
    # A name broken over two lines is the end of a whole one.
    parts = (
        one
        for one in extra
        if not any(a != (b := _comparable(one.value)) and a.endswith(b) for a in whole)
    )
    readable = [*own, *parts]
    values = {_comparable(one.value) for one in readable}
    if len(values) == 1:
        return Field(value=readable[0].value, seen=tuple(one.seen for one in readable))
    if values:
        return Field(seen=tuple(one.seen for one in readable), doubt=_DIFFER)
    if found:
        return Field(seen=tuple(one.seen for one in found), doubt=found[0].doubt)
    return Field(doubt=_ABSENT)


def _comparable(value: Json) -> str:
    return fold_tight(str(value)).text


def named_holder(streams: Iterable[Stream]) -> Iterator[Candidate]:
    """Yield the holder named in other sentences of the licence."""
    for stream in streams:
        for match in _NAMES.finditer(stream.text):
            start = match.start()
            while start and not (
                stream.text[start - 1] in _BEFORE_NAME
                or (start < match.start() and stream.starts_line(start))
            ):
                start -= 1
            seen = stream.seen(start, match.start())
            value = company(seen.words)
            if value is not None:
                yield Candidate(field="holder", seen=seen, value=value)


def number(lines: Sequence[Line]) -> Field:
    """Read the number, which is printed on every page and must be the same on all."""
    text = "\n".join(line.text for line in lines)
    found = numbers_in(text)
    licences = [one for one in found.found if one.kind == "licence"]
    seen = tuple(Seen(one.number, _spot(lines, text, one.offset)) for one in licences)
    missed = tuple(Seen(one.written, _spot(lines, text, one.offset)) for one in found.near_misses)
    suggestions = {one.suggestion for one in found.near_misses if one.suggestion}
    if not licences:
        known = _MISREAD_WHOLLY if missed else _NO_NUMBER
        if suggestions:
            known = _MISREAD.format(numbers="、".join(sorted(suggestions)))
        return Field(seen=missed, doubt=known)
    # The eight digits after a label of the number, with misread letters corrected.
    serials = (match["serial"].translate(_LOOKALIKES) for match in _SERIAL.finditer(tight(text)))
    misread = {one for one in serials if one.isdigit() and one not in found.licences[0]}
    if len(found.licences) > 1 or suggestions - set(found.licences) or misread:
        both = sorted((*seen, *missed), key=lambda one: (one.spot.page or 0, one.spot.line))
        return Field(seen=tuple(both), doubt=_DIFFER)
    before = text[licences[0].offset - 1 : licences[0].offset] if licences[0].offset else ""
    bare = found.licences[0][0] not in SIGNS and not found.licences[0].startswith("合字")
    if bare and re.fullmatch("[一-龥]", before) and before != "号":
        return Field(seen=seen, doubt=_SIGN.format(sign=before))
    return Field(value=found.licences[0], seen=seen)


def _spot(lines: Sequence[Line], text: str, offset: int) -> Spot:
    return lines[text.count("\n", 0, offset)].spot


def issuing_authority(printed: Field, number: Field) -> Field:
    """Return the issuing authority: as printed, or else inferred from the number (推断)."""
    if printed.value is not None or not isinstance(number.value, str):
        return printed
    province = SIGNS.get(number.value[0])
    administration: Json = {"kind": "CA", "province": province, "inferred": True}
    ministry: Json = {"kind": "MIIT", "province": "全国", "inferred": True}
    return Field(value=administration if province else ministry, seen=number.seen[:1])


def days(found: Sequence[Candidate], number: Field) -> tuple[Field, Field]:
    """Return the date of issue and the expiry date; contradictory dates are doubts."""
    both = [[one for one in found if one.field == name] for name in ("issued_on", "valid_until")]
    issued, until = (settle(one) for one in both)
    if issued.value is None or until.value is None:
        dated = [[_DATED.search(one.seen.words) for one in found] for found in both]
        apart = any(found and not any(found) for found in dated)
        return _alone(issued, both[0], apart=apart), _alone(until, both[1], apart=apart)
    first, last = (date.fromisoformat(str(field.value)) for field in (issued, until))
    if first >= last:
        return _doubted(issued, _ORDER), _doubted(until, _ORDER)
    if last > _years_on(first, LONGEST_TERM):
        why = _TERM.format(n=LONGEST_TERM)
        return _doubted(issued, why), _doubted(until, why)
    year = re.search("-((?:19|20)[0-9]{2})", number.value if isinstance(number.value, str) else "")
    if year and int(year[1]) > first.year:
        issued = _doubted(issued, _BEFORE.format(year=year[1]))
    return _padded(issued, until)


def _alone(field: Field, found: Sequence[Candidate], *, apart: bool) -> Field:
    """Keep a date only if it is on the line of its label, and no other may stand before that."""
    bound = any(one.bound for one in found if one.value is not None) and not apart
    return field if bound or field.value is None else _doubted(field, _ONE_DAY)


def _doubted(field: Field, doubt: Text) -> Field:
    return Field(seen=field.seen, doubt=doubt)


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _padded(issued: Field, until: Field) -> tuple[Field, Field]:
    """Doubt a date without leading zeros if the other one has them: a digit may be lost."""
    zeros = [
        {day.padded for seen in field.seen if (day := printed_day(seen.words))}
        for field in (issued, until)
    ]
    if {True, False} <= zeros[0] | zeros[1]:
        issued, until = (
            _doubted(field, _UNPADDED) if False in one else field
            for field, one in zip((issued, until), zeros, strict=True)
        )
    return issued, until


def attachments(found: Iterable[Candidate]) -> tuple[tuple[PaperAttachment, ...], Field]:
    """Collect the rows of the attached page, without duplicates."""
    rows: list[list[Candidate]] = []
    for one in found:
        if one.field not in _RANKS:
            continue
        last = rows[-1][-1].field if rows else ""
        if not rows or _RANKS[one.field] <= _RANKS[last]:
            rows.append([])
        rows[-1].append(one)
    merged: dict[str, list[Candidate]] = {}
    for row in rows:
        merged.setdefault(_key(row), []).extend(row)
    found_rows = (one for row in merged.values() for one in _attachments(row))
    return tuple(found_rows), Field(doubt=None if merged else _ATTACHED)


def _key(row: Sequence[Candidate]) -> str:
    """Return what tells a row from others: its domains, or else its name."""
    told = {one.field: _comparable(one.value) for one in reversed(row) if one.value is not None}
    return next(filter(None, map(told.get, ("domains", *_NAMED))), "")


def _attachments(row: Sequence[Candidate]) -> Iterator[PaperAttachment]:
    """Yield what a row attaches: one for each of several names or access providers in a cell."""

    def field(*names: str) -> Field:
        return settle([candidate for candidate in row if candidate.field in names])

    named, domains = field(*_NAMED), field("domains")
    kinds = {one.field for one in row}
    # 网站/APP名称 is the name of a site if there is a domain, else of either.
    is_open = "either" in kinds and not domains.value and not kinds & {"site", "app"}
    kind = None if is_open else "app" if "app" in kinds else "site"
    for name in _each(named):
        for provider in _each(field("access_provider")):
            yield PaperAttachment(
                kind=kind,
                name=name,
                domains=domains,
                server_location=field("server_location"),
                access_provider=provider,
            )


def _each(field: Field) -> list[Field]:
    """Return a field of several values as a field for each."""
    if not isinstance(field.value, list):
        return [field]
    return [Field(value=one, seen=field.seen) for one in field.value]


# ---- Records of changes, and the lines of business

_HEADING = re.compile(
    r"(?:许可证)?(?:变更|延续|增项)(?:事项|记录|内容|情况|登记(?!手续)|页|前:|后:)"
)
_CHANGING = re.compile(r"(?:变更|更名|更正)为|变更:|延[续长期]至|增加(?:业务|经营)|增项:")
_NEW = re.compile("(?:为|后|→|->|[续长期]至):?[\"'“‘]?")
_MOST = 100
_NAMED_IN = {
    "holder": re.compile(r"(?:公司|企业|单位)名称|更名"),
    "legal_representative": re.compile("法定代表人|法人代表"),
    "registered_capital": re.compile("注册资(?:本|金)"),
    "registered_address": re.compile("住所|(?:公司|注册|企业)地址"),
    "issuing_authority": re.compile("发证机关"),
    "issued_on": re.compile("(?:发|颁)证(?:日期|时间)"),
    "valid_until": re.compile("有效期"),
    "services": re.compile("业务种类|覆盖范围|业务范围|服务项目|增项|增加(?:业务|经营)"),
    "name": re.compile("(?:网站|APP|应用|小程序)(?:程序)?名称"),
    "domains": re.compile("域名|网址"),
    "server_location": re.compile("服务器(?:放置|所在)地"),
    "access_provider": re.compile("接入服务提供"),
}

_CHANGED = Text(
    zh="另有变更记录，可能已经不是这样", en="a record of changes names it: it may no longer be so"
)


class Changes:
    """The records of changes of a licence: each from the line of its first word to its sheet's end.

    Sentences of the special provisions about changes are not among its streams.
    """

    def __init__(self, streams: Iterable[Stream]) -> None:
        begun = ((stream, _begin(stream)) for stream in streams)
        records = [(stream, at) for stream, at in begun if at is not None]
        self._named = {
            name: tuple(filter(None, (_named(pattern, *record) for record in records)))
            for name, pattern in _NAMED_IN.items()
        }
        new = ((one, match.end()) for one, at in records for match in _NEW.finditer(one.text, at))
        self._new = list(islice(new, _MOST))

    def settled(self, name: str, field: Field) -> Field:
        """Return a field, as a doubt where a record names it and its value is not the new one."""
        named = self._named[name]
        if field.value is None or not named or any(map(self._is_new, field.seen)):
            return field
        return Field(seen=(*field.seen, *named), doubt=_CHANGED)

    def services(self, cell: Services) -> Services:
        """Return the lines of business; none where a record names them."""
        named = self._named["services"] if cell.lines else ()
        lines = [line.name.seen[0] for line in cell.lines]
        return Services(why=Field(seen=(*lines, *named), doubt=_CHANGED)) if named else cell

    def attachment(self, row: PaperAttachment) -> PaperAttachment:
        """Return a row of the attached page, as `settled` does its fields."""
        names = ("name", "domains", "server_location", "access_provider")
        return replace(row, **{name: self.settled(name, getattr(row, name)) for name in names})

    def _is_new(self, seen: Seen) -> bool:
        """Whether words stand where a record has new ones, and none goes on behind them."""
        words = tight(seen.words)
        places = ((one, at, at + len(words)) for one, at in self._new)
        return any(
            one.text.startswith(words, at) and (one.apart(end) or not one.text[end].isalnum())
            for one, at, end in places
        )


def _begin(stream: Stream) -> int | None:
    """Return where the line begins that begins a record; None if the sheet has none."""
    headings = [match.start() for match in _HEADING.finditer(stream.text)]
    found = [at for at in headings if stream.starts_line(at)]
    found += [match.start() for match in _CHANGING.finditer(stream.text)]
    at = min(found, default=None)
    while at and not stream.starts_line(at):
        at -= 1
    return at


def _named(pattern: re.Pattern[str], stream: Stream, at: int) -> Seen | None:
    """Return the words from a name to the end of its line; None if a record does not have it."""
    match = pattern.search(stream.text, at)
    if match is None:
        return None
    end = match.end()
    while end < len(stream.characters) and not stream.starts_line(end):
        end += 1
    return stream.seen(match.start(), end)


_PIECES = re.compile(r"业务种类|\(服务项目\)|及?(?:业务)?覆盖范围:?|:")
_SCOPE_LABEL = re.compile("覆盖范围")
_BRACKETS = {"(": ")", "[": "]"}
_NUMERAL = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})"
_NUMBER = rf"(?:{_NUMERAL}[、.]|\({_NUMERAL}\)|[0-9]{{1,2}}\))"
_ENTRY = re.compile(_NUMBER)
_ENDS = ";,。.:"
_ONLY_NUMBER = re.compile(rf"[{_ENDS}]*+(?:{_NUMBER})?[{_ENDS}]*+")
# What stands before a name: the number of its entry, its code, and its class, which is part of it.
_LEAD = re.compile(
    rf"(?P<number>{_NUMBER})?(?P<code>\(?[AB][12][1-7](?:-[0-9])?\)?[、.:-]?)?"
    r"(?P<of>第[一二]类增值电信业务中?的?:?)?$"
)
_OF = re.compile("^第[一二]类增值电信业务中?的?:?")
_LONGEST_LEAD = 24
# A pair of brackets that is none of the proviso.
_AROUND = re.compile("【(?!依法|企业依法|市场主体|经)([^【】]*)】")
_PLACED = re.compile("(?:机房|节点)所在地(?:为|:)?")
_COVERING = re.compile(r"获准经营(?P<name>.{2,60}?)相关信息:?")
_COVERED = re.compile(r"(?:业务)?覆盖范围(?:\(服务项目\))?:")
_SIGNS = (Kind.NOT, Kind.WITH, Kind.ONLY, Kind.EXCEPT)
_SIGNED = re.compile("含|限")
_COMPLETE = "。.;"
_JOINERS = "、,和及与"

_NO_FIELD = Text(zh="没有看到“业务种类”一栏", en="the field 业务种类 was not found")
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
_UNKNOWN = Text(zh="“{words}”不是范围中的词", en="{words} is not a word used in scopes")


class Services(Struct, frozen=True):
    """The lines of business, or the reason why there are none."""

    lines: tuple[PaperLine, ...] = ()
    why: Field = field(default_factory=lambda: Field(doubt=_NO_FIELD))


def services(streams: Sequence[Stream]) -> Services:
    """Read the field, of which the label and the contents may be extracted in any order.

    A line without a scope has the one of its own page.
    """
    read = (_of_sheet(stream) for stream in streams)
    cell = next((cell for cell in read if cell.lines or cell.why.seen), Services())
    more = [line for stream in streams for line in _covered(stream)]
    if not cell.lines:
        return Services(tuple(more)) if more else cell
    by_name = {_plain(str(line.name.value)): line for line in more if line.scope.value is not None}

    def whole(line: PaperLine) -> PaperLine:
        bare = line.scope.doubt in (_NO_WORDS, _NO_LABEL)
        return by_name.get(_plain(line.name.seen[0].words), line) if bare else line

    return Services(tuple(map(whole, cell.lines)))


def _of_sheet(stream: Stream) -> Services:
    for label, start, end in spans(stream):
        if label.field == "services":
            return _cell(stream, min(start, label.start), max(end, label.end))
    return Services()


def _covered(stream: Stream) -> Iterator[PaperLine]:
    """Yield the lines of business with the scopes that supplementary pages print (业务覆盖范围)."""
    ends = [*(label.start for label, _, _ in spans(stream)), len(stream.characters)]
    for match in _COVERING.finditer(stream.text):
        end = ends[bisect(ends, match.end(), hi=len(ends) - 1)]
        # The next page begins with the name of the company.
        if stream.text.startswith("获准经营", end):
            while end > match.end() and not stream.starts_line(end):
                end -= 1
        scope = _COVERED.search(stream.text, match.end(), end)
        name = stream.part(*match.span("name"))
        head = next(_heads(name), None)
        if scope and head and (head.begins, head.end) == (0, len(name.characters)):
            cell = stream.part(match.start("name"), end)
            within = scope.end() - match.start("name")
            yield _line(cell, (head.name, head.end), (within, len(cell.characters)), labelled=True)


def _plain(name: str) -> str:
    return _OF.sub("", fold_tight(name).text)


class _Head(Struct, frozen=True):
    """The name of a line of business: where its entry begins, the name itself, and its number."""

    begins: int
    name: int
    end: int
    number: int | None


def _cell(stream: Stream, start: int, end: int) -> Services:
    labelled = bool(_SCOPE_LABEL.search(stream.text, start, end))
    pieces: list[tuple[int, int]] = []
    for match in _PIECES.finditer(stream.text, start, end):
        beside = match.start() == (pieces[-1][1] if pieces else start)
        # A part of the label, by its form or at the start of a line.
        own = match.group().endswith((":", "(服务项目)"))
        if beside or own or stream.starts_line(match.start()):
            pieces.append(match.span())
    for match in _AROUND.finditer(stream.text, start, end):
        pieces += [(match.start(), match.start() + 1), (match.end() - 1, match.end())]
    whole = stream.part(0, end).without(pieces)
    cell = whole.part(start, len(whole.characters))
    heads = _entries(cell, list(_heads(cell)))
    if not heads:
        seen = (
            (cell.seen(0, len(cell.characters)),) if cell.characters else (stream.seen(start, end),)
        )
        return Services(why=Field(seen=seen, doubt=_NO_LINE))
    tails = [*(head.begins for head in heads[1:]), len(cell.characters)]
    return Services(
        tuple(
            _line(cell, (head.name, head.end), (head.end, tail), labelled=labelled)
            for head, tail in zip(heads, tails, strict=True)
        )
    )


def _entries(cell: Stream, heads: list[_Head]) -> list[_Head]:
    """Return the names that begin an entry; none if an entry may have a name that is not known."""
    if not heads or not _ONLY_NUMBER.fullmatch(cell.text[: heads[0].begins]):
        return []
    if heads[0].number is None:
        return heads
    # A name inside of a numbered entry belongs to its scope.
    heads = [head for head in heads if head.number is not None]
    listed = [
        match
        for match in _ENTRY.finditer(cell.text)
        if cell.starts_line(match.start()) or cell.text[match.start() - 1] in _ENDS
    ]
    in_order = [head.number for head in heads] == list(range(1, len(heads) + 1))
    return heads if in_order and len(listed) <= len(heads) else []


def _heads(cell: Stream) -> Iterator[_Head]:
    """Yield the name of each line of business, brackets included."""
    text, at = cell.text, 0
    while at < len(text):
        known = word_at(text, at)
        head = _head(cell, at, known[1]) if known and known[0].kind is Kind.LINE else None
        if head:
            yield head
            at = head.end
        else:
            at = known[1] if known else at + 1


def _head(cell: Stream, at: int, end: int) -> _Head | None:
    """Return the head at a name if it begins an entry: a line, or after a number or a sign."""
    text = cell.text
    lead = _LEAD.search(text[max(0, at - _LONGEST_LEAD) : at])
    words = lead.groupdict("") if lead else {}
    name = at - len(words.get("of", ""))
    entry = name - len(words.get("code", ""))
    number = words.get("number", "")
    begins = entry - len(number)
    starts = begins == 0 or cell.starts_line(entry) or cell.starts_line(at)
    if not (starts or number or text[begins - 1] in _ENDS):
        return None
    return _Head(begins, name, _limits(text, end), counted(number))


def _limits(text: str, at: int) -> int:
    """Return the end of the brackets after a name, or of the name if there are none."""
    closing = _BRACKETS.get(text[at : at + 1])
    end = text.find(closing, at) if closing else -1
    inner = text[at + 1 : end]
    # Areas in brackets are the scope, and a number begins an entry of it.
    is_limit = end >= 0 and not _ENTRY.fullmatch(f"({inner})") and _first(inner) is not Kind.AREA
    return end + 1 if is_limit else at


def _line(
    cell: Stream, titled: tuple[int, int], scoped: tuple[int, int], *, labelled: bool
) -> PaperLine:
    name = cell.printed(*titled)
    named = (cell.seen(*titled),)
    seen = (cell.seen(*scoped),) if scoped[0] < scoped[1] else named
    doubt, permits, areas = _read(cell.text[slice(*scoped)], name, labelled=labelled)
    if doubt:
        unread = Field(seen=seen, doubt=doubt)
        whole = _is_whole(name)
        title = Field(value=name, seen=named) if whole else Field(seen=named, doubt=_CUT_NAME)
        return PaperLine(name=title, scope=unread, areas=unread)
    return PaperLine(
        name=Field(value=name, seen=named),
        scope=Field(value=_scope_text(cell, *scoped), seen=seen),
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
    first = _first(words)
    if first not in {*_SIGNS, Kind.AREA}:
        return _NO_SIGN, nothing, nothing
    # Areas have no full stop; they may stand behind a sentence that has one.
    last = re.split("[。;]", words.rstrip(_COMPLETE))[-1]
    listed = _first(last) is Kind.AREA and not _SIGNED.search(last)
    if words[-1] in _JOINERS or not (listed or words[-1] in _COMPLETE):
        return _NO_END, nothing, nothing
    return None, tuple(sorted(scope.permitted)), scope.areas


def _first(words: str) -> Kind | None:
    """Return the kind of the first word of a scope, or of the areas behind 机房所在地为."""
    bare = words.lstrip("(")
    placed = _PLACED.match(bare)
    known = word_at(bare, placed.end() if placed else 0)
    return known[0].kind if known else None
