"""A paper in lines (比对结果): its provisions beside the policies, and what was not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pytest_icp.facts.fields import title_of
from pytest_icp.facts.paper import Field, PaperLicence, Spot
from pytest_icp.law.numerals import numeral
from pytest_icp.law.text import Text
from pytest_icp.reports.layout import cut, ruled, wrap
from pytest_icp.reports.words import Language, each_language, in_languages
from pytest_icp.rules.comparison import Change, Comparison, Match

_RULE = 4
_TITLE = Text(zh="特别规定比对", en="special provisions: comparison")
_COUNTS = {
    Match.IDENTICAL: Text(zh="相同（{n} 条）", en="the same ({n})"),
    Match.PUNCTUATION: Text(zh="仅标点不同（{n} 条）", en="only the punctuation differs ({n})"),
    Match.WORDS: Text(zh="用语不同（{n} 条）", en="different wording ({n})"),
    Match.NEW: Text(zh="规定库中没有（{n} 条）", en="new to the policies ({n})"),
    Match.MISSING: Text(zh="本证上没有看到（{n} 条）", en="not seen on this paper ({n})"),
}
_NONE = Text(
    zh="没有看到特别规定，未作比对", en="no special provisions were seen; nothing was compared"
)
_ALL_SAME = Text(
    zh="各条用语与规定库完全相同", en="every provision has the wording of the policies"
)
_MISSING_WORDS = Text(zh="缺少", en="missing")
_ADDED_WORDS = Text(zh="增加", en="added")
_CHANGED_WORDS = Text(zh="改动", en="changed")
_KNOWN = Text(zh="规定", en="known")
_PRINTED = Text(zh="本证", en="paper")
_QUOTING = Text(zh="涉及规则 {rules}", en="quoted by {rules}")
_AGAIN = Text(zh="在本证上又出现一次", en="appears on the paper again")
_NUMBERED = Text(zh="在本证上是第{number}条", en="number {number} on the paper")
_LINE = Text(zh="第 {line} 行", en="line {line}")
_PAGE = Text(zh="第 {page} 页第 {line} 行", en="page {page}, line {line}")
_DUTY = Text(
    zh="用语不同的，规则按规定库的用语判断；请核对义务是否改变",
    en="rules use the wording of the policies: check whether a duty differs here",
)
_UNJUDGED = Text(
    zh="规定库中没有的条款不作核对，可以写成自己的规定（icp_policies）",
    en="new provisions are not checked; you can write your own policy for them (icp_policies)",
)
_LOST = Text(
    zh="没有看到的条款可能是缺页，也可能本证没有；照常核对，不适用的用 icp_ignore 排除",
    en="what was not seen may be on a missing page or not on this licence; it is checked all the "
    "same, unless icp_ignore leaves it out",
)
_STATES = {
    Match.NEW: Text(zh="规定库中没有", en="new"),
    Match.MISSING: Text(zh="没有看到", en="not seen"),
    Match.PUNCTUATION: Text(zh="仅标点不同", en="punctuation"),
    Match.WORDS: Text(zh="用语不同", en="different wording"),
    Match.IDENTICAL: Text(zh="相同", en="the same"),
}
_UNREAD = Text(zh="没有读到（填为 null）：", en="Not read, and null in the file:")
_WHY = Text(zh="{title}：{why}", en="{title}: {why}")
_SEEN = Text(zh="，看到“{words}”（{spot}）", en="; seen: {words} ({spot})")
_OTHER = Text(
    zh="不属于任何一条特别规定的文字（{spot}）：{words}",
    en="Words that belong to no provision ({spot}): {words}",
)
_LONGEST = 40
_ALL = 2000
_MAIN = (
    *("number", "holder", "legal_representative", "registered_capital", "registered_address"),
    *("issued_on", "valid_until", "issuing_authority"),
)
_ROW = ("name", "domains", "server_location", "access_provider")


def spot_text(spot: Spot) -> Text:
    """Return where on the paper something is."""
    return (_PAGE if spot.page else _LINE).format(page=str(spot.page), line=str(spot.line))


def number_text(number: tuple[int, int]) -> str:
    """Write the number of a provision as licences print it: 十五（三）."""
    top, sub = number
    head = numeral(top) if top else ""
    return f"{head}（{numeral(sub)}）" if sub else head or "？"


class ComparisonText(Struct, frozen=True):
    """Writes a comparison (比对结果) in one or both languages, so many columns wide."""

    language: Language
    columns: int

    def lines(self, compared: Sequence[Comparison]) -> Iterator[str]:
        """Yield the summary, then every provision that is not the same, and what follows."""
        title = cut(self._say(_TITLE), self.columns - _RULE)
        yield ruled(title, self.columns, "-")
        if all(one.printed is None for one in compared):
            yield from self._wrapped(_NONE)
            return
        for match, words in _COUNTS.items():
            of_match = [one for one in compared if one.match is match]
            if of_match:
                yield from self._wrapped(words.format(n=str(len(of_match))))
                names = " ".join(dict.fromkeys(_name(one) for one in of_match))
                yield from wrap(f"    {names}", self.columns, indent="    ")
        for one in compared:
            if one.match not in {Match.IDENTICAL, Match.HEADING} or one.again:
                yield ""
                yield from self._provision(one)
        yield from self._advice({one.match for one in compared})

    def _advice(self, matches: set[Match]) -> Iterator[str]:
        advice = {Match.WORDS: _DUTY, Match.NEW: _UNJUDGED, Match.MISSING: _LOST}
        said = [text for match, text in advice.items() if match in matches]
        yield ""
        for text in said or [_ALL_SAME]:
            yield from self._wrapped(text)

    def _provision(self, one: Comparison) -> Iterator[str]:
        yield from wrap(" ".join(self._heading(one)), self.columns, indent="  ")
        if one.again:
            yield from self._wrapped(_AGAIN)
        if one.match is Match.NEW and one.printed:
            yield from wrap(f"    {one.printed.words}", self.columns, indent="    ")
        number = number_text(one.printed.number) if one.printed else ""
        if one.known and number not in {"", one.known.article}:
            yield from self._wrapped(_NUMBERED.format(number=number))
        for change in one.changes:
            yield from self._change(change)
        if one.rules:
            yield from self._wrapped(_QUOTING.format(rules=", ".join(one.rules)))

    def _heading(self, one: Comparison) -> Iterator[str]:
        if one.known:
            yield one.known.id
            yield one.known.article
            yield self._say(one.known.title)
        if one.printed:
            if not one.known:
                yield number_text(one.printed.number)
            yield f"({self._say(spot_text(one.printed.spot))})"
        yield f"- {self._say(_STATES[one.match])}"

    def _change(self, change: Change) -> Iterator[str]:
        kind = _CHANGED_WORDS
        if not change.printed:
            kind = _MISSING_WORDS
        elif not change.known:
            kind = _ADDED_WORDS
        words = " → ".join(part for part in (change.known, change.printed) if part)
        yield from wrap(f"  {self._say(kind)}: {words}", self.columns, indent="    ")
        for label, middle in ((_KNOWN, change.known), (_PRINTED, change.printed)):
            lead = f"    {self._say(label)}: "
            text = f"{lead}…{change.before}[{middle}]{change.after}…"
            yield from wrap(text, self.columns, indent="      ")

    def _wrapped(self, text: Text) -> Iterator[str]:
        for words in each_language(text, self.language):
            yield from wrap(f"  {words}", self.columns, indent="  ")

    def _say(self, text: Text) -> str:
        return in_languages(text, self.language)


def _name(one: Comparison) -> str:
    if one.known:
        return one.known.id
    return number_text(one.printed.number) if one.printed else ""


def fields_of(reading: PaperLicence) -> Iterator[tuple[str, Field]]:
    """Yield every field of a reading with its path in a description."""
    for name in _MAIN:
        yield f"licence.{name}", getattr(reading, name)
    if not reading.service_lines:
        yield "licence.service_lines", reading.licensed
    for line in reading.service_lines:
        yield "licence.service_lines.name", line.name
        yield "licence.service_lines.scope", line.scope
    if not reading.attachments:
        yield "licence.attachments", reading.attached
    for row in reading.attachments:
        yield from ((f"licence.attachments.{name}", getattr(row, name)) for name in _ROW)


def unread_lines(reading: PaperLicence, language: Language, columns: int) -> Iterator[str]:
    """Yield the fields that were not read, each with why and what was seen instead."""
    unread = [(path, field) for path, field in fields_of(reading) if field.value is None]
    for text in each_language(_UNREAD, language) if unread else ():
        yield f"  {text}"
    for path, field in unread:
        for text in each_language(_unread_text(path, field), language):
            yield from wrap(f"    {text}", columns, indent="      ")


def other_lines(reading: PaperLicence, language: Language, columns: int) -> Iterator[str]:
    """Yield how the text was put in order, and what belongs to no provision."""
    others = [
        _OTHER.format(spot=spot_text(one.spot), words=cut(one.words, _ALL)) for one in reading.other
    ]
    for remark in (*reading.remarks, *others):
        for text in each_language(remark, language):
            yield from wrap(f"  {text}", columns, indent="  ")


def _unread_text(path: str, field: Field) -> Text:
    title = title_of(path)
    own = title_of("licence")
    short = Text(*(title[lang].removeprefix(f"{own[lang]} › ") for lang in ("zh", "en")))
    text = _WHY.format(title=short, why=field.doubt or Text("", ""))
    for one in field.seen[:1]:
        text += _SEEN.format(words=cut(one.words, _LONGEST), spot=spot_text(one.spot))
    return text
