"""The fields that were not read on a paper (未读到的栏目), as lines to print."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.facts.paper import Field, PaperLicence
from pytest_icp.facts.titles import title_of
from pytest_icp.law.text import Text
from pytest_icp.reports.comparison import spot_text
from pytest_icp.reports.layout import cut, wrap
from pytest_icp.reports.words import Language, each_language

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
