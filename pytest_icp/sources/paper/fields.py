"""The fields of a licence (许可证各栏): values that all places agree on, and doubts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from pytest_icp.facts.paper import Field, PaperAttachment, Seen, Spot
from pytest_icp.law.divisions import SIGNS
from pytest_icp.law.folding import fold_tight
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.numbers import numbers_in
from pytest_icp.law.text import Text
from pytest_icp.sources.paper.labels import Candidate, company, printed_day
from pytest_icp.sources.paper.stream import Line, Stream, tight

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
    readable = [*own, *(one for one in extra if not any(_ends(first, one) for first in own))]
    values = {_comparable(one.value) for one in readable}
    if len(values) == 1:
        return Field(value=readable[0].value, seen=tuple(one.seen for one in readable))
    if values:
        return Field(seen=tuple(one.seen for one in readable), doubt=_DIFFER)
    if found:
        return Field(seen=tuple(one.seen for one in found), doubt=found[0].doubt)
    return Field(doubt=_ABSENT)


def _ends(whole: Candidate, part: Candidate) -> bool:
    """Whether a value is the end of another, as of a name broken over two lines."""
    a, b = _comparable(whole.value), _comparable(part.value)
    return a != b and a.endswith(b)


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
        if not missed:
            return Field(doubt=_NO_NUMBER)
        known = (
            _MISREAD.format(numbers="、".join(sorted(suggestions)))
            if suggestions
            else _MISREAD_WHOLLY
        )
        return Field(seen=missed, doubt=known)
    misread = {one for one in _serials(text) if one not in found.licences[0]}
    if len(found.licences) > 1 or suggestions - set(found.licences) or misread:
        return Field(seen=tuple(sorted((*seen, *missed), key=_in_order)), doubt=_DIFFER)
    before = text[licences[0].offset - 1 : licences[0].offset] if licences[0].offset else ""
    bare = found.licences[0][0] not in SIGNS and not found.licences[0].startswith("合字")
    if bare and re.fullmatch("[一-龥]", before) and before != "号":
        return Field(seen=seen, doubt=_SIGN.format(sign=before))
    return Field(value=found.licences[0], seen=seen)


def _serials(text: str) -> Iterator[str]:
    """Yield the eight digits after each label of the number, with misread letters corrected."""
    for match in _SERIAL.finditer(tight(text)):
        serial = match["serial"].translate(_LOOKALIKES)
        if serial.isdigit():
            yield serial


def _in_order(seen: Seen) -> tuple[int, int]:
    return seen.spot.page or 0, seen.spot.line


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
        if any(found and not any(map(_is_dated, found)) for found in both):
            # The other date may stand before this label.
            return _undated(issued), _undated(until)
        return _on_own_line(issued, both[0]), _on_own_line(until, both[1])
    first, last = (date.fromisoformat(str(field.value)) for field in (issued, until))
    if first >= last:
        return _doubted(issued, _ORDER), _doubted(until, _ORDER)
    if last > _years_on(first, LONGEST_TERM):
        why = _TERM.format(n=LONGEST_TERM)
        return _doubted(issued, why), _doubted(until, why)
    return _padded(_after_number(issued, first, number), until)


def _on_own_line(field: Field, found: Sequence[Candidate]) -> Field:
    """Keep a date only if it is on the line of its label."""
    if field.value is None or any(one.bound for one in found if one.value is not None):
        return field
    return _doubted(field, _ONE_DAY)


def _is_dated(one: Candidate) -> bool:
    return bool(_DATED.search(one.seen.words))


def _undated(field: Field) -> Field:
    return field if field.value is None else _doubted(field, _ONE_DAY)


def _doubted(field: Field, doubt: Text) -> Field:
    return Field(seen=field.seen, doubt=doubt)


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _after_number(issued: Field, first: date, number: Field) -> Field:
    year = re.search("-((?:19|20)[0-9]{2})", number.value if isinstance(number.value, str) else "")
    if year and int(year[1]) > first.year:
        return _doubted(issued, _BEFORE.format(year=year[1]))
    return issued


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
