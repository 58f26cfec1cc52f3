"""A paper (许可证原件): its provisions beside the policies, and its ``licence.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from pytest_icp.facts.fields import title_of
from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.paper import Field, PaperAttachment, PaperLicence, Spot
from pytest_icp.law.catalogue import name_of
from pytest_icp.law.folding import numeral
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.text import Lang, Text, plain
from pytest_icp.reports.as_text import Screen
from pytest_icp.reports.layout import cut, ruled, width, wrap
from pytest_icp.reports.words import COMMA, in_languages
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

_COLUMNS = 100
_MOST_SEEN = 3
_LONGEST_SEEN = 60

_HEAD = (
    Text(
        zh="增值电信业务经营许可证，由 pytest-icp init 从 {paper} 读出。",
        en="A value-added telecom licence, read by pytest-icp init from {paper}.",
    ),
    Text(
        zh="请与原件逐栏核对：认错但仍像一个值的字，程序无法发现。"
        "没有读到的填 null，注释说明看到了什么。",
        en="Compare every field with the paper: a character misread as a plausible one cannot be "
        "detected. What was not read is null, with a comment on what was seen.",
    ),
    Text(
        zh="特别规定与规定库的比对见 {comparison}。",
        en="The comparison of its special provisions with the policies is in {comparison}.",
    ),
)
_NOT_READ = Text(zh="没有读到：{why}。", en="Not read: {why}.")
_SEEN_AT = Text(zh="看到“{words}”（{spot}）。", en="Seen: {words} ({spot}).")
_INFERRED = Text(zh="由编号推断，印章为图像", en="inferred from the number; the seal is a picture")
_OWN_NAME = Text(zh="许可证上没有，自拟的标识", en="not printed: a name for this row")
_PERMITS = Text(zh="读作许可：{items}。", en="Read as a licence for: {items}.")
_FIRST_ISSUED = Text(
    zh="许可证上没有印。编号是 {year} 年的；{term} 年有效期到 {until} 为止的，自 {day} 起。"
    "请核实后填写。",
    en="Not printed. The number is from {year}; a term of {term:year} that ends on {until} began "
    "on {day}. Check the date and enter it.",
)
_FIRST_UNKNOWN = Text(
    zh="许可证上没有印，是首次取得许可证的日期。",
    en="Not printed: the day on which the licence was first issued.",
)
_STATUS = Text(
    zh="许可证上没有印，查发证机关的系统：正常、注销、吊销等。",
    en="Not printed; look it up in the authority's system: 正常, 注销, 吊销 …",
)
_RETIRED = Text(zh="许可证上没有印：是否已经停用", en="not printed: whether it is out of use")
_CAPITAL = Text(
    zh="没有看到注册资本；确实没有印的填 none。",
    en="No registered capital was seen; write none when none is printed.",
)
_SUBSIDIARIES = Text(
    zh="没有看到授权子公司；确实没有的填 []。",
    en="No authorised subsidiaries were seen; write [] when there are none.",
)
_SAME = Text(zh="各条与规定库相同。", en="Every provision has the wording of the policies.")
_DIFFERING = Text(
    zh="用语与规定库不同、规定库没有、或者没有看到（null）的条款。",
    en="The provisions that are worded differently, are new, or were not seen (null).",
)
_NO_PROVISIONS = Text(zh="没有看到特别规定。", en="No special provisions were seen.")
_TERM = 5


def spot_text(spot: Spot) -> Text:
    """Return where on the paper something is."""
    return (_PAGE if spot.page else _LINE).format(page=str(spot.page), line=str(spot.line))


def number_text(number: tuple[int, int]) -> str:
    """Write the number of a provision as licences print it: 十五（三）."""
    top, sub = number
    head = numeral(top) if top else ""
    return f"{head}（{numeral(sub)}）" if sub else head or "？"


class ComparisonText(Struct, frozen=True):
    """Writes a comparison (比对结果) on a screen."""

    screen: Screen

    def lines(self, compared: Sequence[Comparison]) -> Iterator[str]:
        """Yield the summary, then every provision that is not the same, and what follows."""
        title = cut(self._say(_TITLE), self.screen.columns - _RULE)
        yield ruled(title, self.screen.columns, "-")
        if all(one.printed is None for one in compared):
            yield from self._wrapped(_NONE)
            return
        for match, words in _COUNTS.items():
            of_match = [one for one in compared if one.match is match]
            if of_match:
                yield from self._wrapped(words.format(n=str(len(of_match))))
                names = " ".join(dict.fromkeys(_name(one) for one in of_match))
                yield from self.screen.said(plain(names), "    ")
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
        yield from self.screen.said(plain(" ".join(self._heading(one))), indent="  ")
        if one.again:
            yield from self._wrapped(_AGAIN)
        if one.match is Match.NEW and one.printed:
            yield from self.screen.said(plain(one.printed.words), "    ")
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
        yield from self.screen.said(plain(f"{self._say(kind)}: {words}"), "  ", "    ")
        for label, middle in ((_KNOWN, change.known), (_PRINTED, change.printed)):
            text = f"{self._say(label)}: …{change.before}[{middle}]{change.after}…"
            yield from self.screen.said(plain(text), "    ", "      ")

    def _wrapped(self, text: Text) -> Iterator[str]:
        return self.screen.said(text, "  ")

    def _say(self, text: Text) -> str:
        return in_languages(text, self.screen.language)


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


def unread_lines(reading: PaperLicence, screen: Screen) -> Iterator[str]:
    """Yield the fields that were not read, each with why and what was seen instead."""
    unread = [(path, read) for path, read in fields_of(reading) if read.value is None]
    yield from screen.said(_UNREAD, "  ") if unread else ()
    for path, read in unread:
        yield from screen.said(_unread_text(path, read), "    ", "      ")


def other_lines(reading: PaperLicence, screen: Screen) -> Iterator[str]:
    """Yield how the text was put in order, and what belongs to no provision."""
    others = [
        _OTHER.format(spot=spot_text(one.spot), words=cut(one.words, _ALL)) for one in reading.other
    ]
    for remark in (*reading.remarks, *others):
        yield from screen.said(remark, "  ")


def _unread_text(path: str, read: Field) -> Text:
    title = title_of(path)
    own = title_of("licence")
    short = Text(*(title[lang].removeprefix(f"{own[lang]} › ") for lang in ("zh", "en")))
    text = _WHY.format(title=short, why=read.doubt or Text("", ""))
    for one in read.seen[:1]:
        text += _SEEN.format(words=cut(one.words, _LONGEST), spot=spot_text(one.spot))
    return text


def licence_text(
    reading: PaperLicence, compared: Sequence[Comparison], lang: Lang, *, schema: str, **files: str
) -> str:
    """Return the file: valid under the schema of licences, each value with its place.

    ``files`` are the names of the ``paper`` and of the ``comparison``, which it tells.
    """
    head = [text.format(**files) for text in _HEAD]
    return "\n".join(_Writer(lang).document(reading, compared, schema, head)) + "\n"


class _Writer(Struct, frozen=True):
    """Writes fields in one language."""

    lang: Lang
    ids: set[str] = field(default_factory=set)

    def document(
        self, reading: PaperLicence, compared: Sequence[Comparison], schema: str, head: list[Text]
    ) -> Iterator[str]:
        yield f"# yaml-language-server: $schema={schema}"
        yield "#"
        for text in head:
            yield from self._comment(text)
        yield ""
        yield "apiVersion: pytest-icp/v1"
        for part in (
            self._company(reading),
            self._service_lines(reading),
            self._term(reading),
            self._attachments(reading),
            self._unprinted("authorised_subsidiaries", _SUBSIDIARIES),
            self._provisions(compared),
        ):
            yield ""
            yield from part

    def _company(self, reading: PaperLicence) -> Iterator[str]:
        for name in ("number", "holder", "legal_representative"):
            yield from self._field(name, getattr(reading, name))
        if not reading.registered_capital.seen:
            yield from self._comment(_CAPITAL)
        yield from self._field("registered_capital", reading.registered_capital)
        yield from self._field("registered_address", reading.registered_address)

    def _term(self, reading: PaperLicence) -> Iterator[str]:
        yield from self._field("issued_on", reading.issued_on)
        yield from self._field("valid_until", reading.valid_until)
        yield from self._unprinted("first_issued_on", _first_issued(reading))
        authority = reading.issuing_authority
        if isinstance(authority.value, Mapping) and authority.value.get("inferred"):
            yield from self._comment(_INFERRED)
        yield from self._field("issuing_authority", authority)
        yield from self._unprinted("status", _STATUS)

    def _unprinted(self, name: str, why: Text, value: str = "null") -> Iterator[str]:
        yield from self._comment(why)
        yield f"{name}: {value}"

    def _field(self, name: str, read: Field, indent: str = "", mark: str = "") -> Iterator[str]:
        """Yield one field; ``mark`` is ``- `` where a list element begins with it."""
        stem = f"{indent}{mark}{name}:"
        deeper = indent + " " * len(mark) + "  "
        if read.value is None:
            yield from self._unread(read, indent + " " * len(mark) if mark else indent)
            yield f"{stem} null"
        elif isinstance(read.value, Mapping):
            yield self._placed(stem, read)
            yield from (f"{deeper}{key}: {flow(value)}" for key, value in read.value.items())
        elif isinstance(read.value, str) and "\n" in read.value:
            yield self._placed(f"{stem} |-", read)
            yield from (deeper + line for line in read.value.split("\n"))
        else:
            yield self._placed(f"{stem} {_scalar(read.value)}", read)

    def _placed(self, line: str, read: Field) -> str:
        if not read.seen:
            return line
        return f"{line}  # {spot_text(read.seen[0].spot)[self.lang]}"

    def _unread(self, read: Field, indent: str) -> Iterator[str]:
        if read.doubt is None:
            return
        said = [_NOT_READ.format(why=read.doubt)]
        said += [
            _SEEN_AT.format(words=cut(one.words, _LONGEST_SEEN), spot=spot_text(one.spot))
            for one in read.seen[:_MOST_SEEN]
        ]
        space = "" if self.lang == "zh" else " "
        words = space.join(text[self.lang] for text in said)
        yield from self._comment(Text(zh=words, en=words), indent)

    def _comment(self, text: Text, indent: str = "") -> Iterator[str]:
        lead = f"{indent}# "
        for line in wrap(text[self.lang], _COLUMNS - width(lead)):
            yield lead + line

    def _service_lines(self, reading: PaperLicence) -> Iterator[str]:
        if not reading.service_lines:
            yield from self._unread(reading.licensed, "")
        yield "service_lines:" if reading.service_lines else "service_lines: null"
        for line in reading.service_lines:
            yield from self._field("name", line.name, "  ", "- ")
            if line.permits:
                items = [name_of(code) + plain(f" ({code})") for code in line.permits]
                yield from self._comment(_PERMITS.format(items=COMMA.join(items)), "    ")
            yield from self._field("scope", line.scope, "    ")
            yield from self._field("areas", Field(value=line.areas.value), "    ")

    def _attachments(self, reading: PaperLicence) -> Iterator[str]:
        if not reading.attachments:
            yield from self._unread(reading.attached, "")
        yield "attachments:" if reading.attachments else "attachments: null"
        for row in reading.attachments:
            yield f"  - id: {flow(self._id(row))}  # {_OWN_NAME[self.lang]}"
            yield f"    kind: {row.kind or 'null'}"
            for name in ("name", "domains", "server_location"):
                yield from self._field(name, getattr(row, name), "    ")
            provider = row.access_provider
            if provider.value is not None:
                provider = Field(value={"name": provider.value}, seen=provider.seen)
            yield from self._field("access_provider", provider, "    ")
            yield f"    retired: null  # {_RETIRED[self.lang]}"

    def _id(self, row: PaperAttachment) -> str:
        """Name a row after its domain, a name that no other row has."""
        domains = row.domains.value
        first = str(domains[0]) if isinstance(domains, list) and domains else row.kind or "site"
        stem = first.removeprefix("www.").partition(".")[0]
        names = (stem, *(f"{stem}-{i}" for i in range(2, len(self.ids) + 3)))
        name = next(name for name in names if name not in self.ids)
        self.ids.add(name)
        return name

    def _provisions(self, compared: Sequence[Comparison]) -> Iterator[str]:
        differing = (Match.WORDS, Match.NEW, Match.MISSING)
        listed = [one for one in compared if one.match in differing]
        if all(one.printed is None for one in compared):
            yield from self._unprinted("provisions", _NO_PROVISIONS)
        elif not listed:
            yield from self._unprinted("provisions", _SAME, "[]")
        else:
            yield from self._comment(_DIFFERING)
            yield "provisions:"
            for one in listed:
                stem = _name(one)
                name = stem if stem not in self.ids else f"{stem}-{len(self.ids)}"
                self.ids.add(name)
                yield f"  - id: {flow(name)}"
                yield f"    text: {flow(one.printed.words if one.printed else None)}"


def _first_issued(reading: PaperLicence) -> Text:
    """Return what the number and the term imply for the first day, which is not printed."""
    number, until = reading.number.value, reading.valid_until.value
    if not isinstance(number, str) or not isinstance(until, str):
        return _FIRST_UNKNOWN
    last = date.fromisoformat(until)
    year = number.rpartition("-")[2][:4]
    if str(last.year - _TERM) != year or (last.month, last.day) == (2, 29):
        return _FIRST_UNKNOWN
    day = last.replace(year=last.year - _TERM).isoformat()
    return _FIRST_ISSUED.format(year=year, term=_TERM, until=until, day=day)


def _scalar(value: Json) -> str:
    """Return a value on one line; a date in quotes, so that no reader makes it another type."""
    if isinstance(value, str) and value[:4].isdigit():
        return f'"{value}"'
    return flow(value)
