"""What is said first of a run: what is urgent of the licences, whose they are, until when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from pytest_icp.law.catalogue import name_of
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import width, wrap
from pytest_icp.reports.record import Record
from pytest_icp.reports.words import COMMA, NO_LICENCE, Language, each_language, in_languages

_MOST = 3
"""So many licences are named."""

_OF = Text(zh="{licence}：{said}", en="{licence}: {said}")
_LINE = Text(zh="{code}（{name}）", en="{code} ({name})")
_AND_MORE = Text(zh="{licence} 等 {all} 个", en="{licence} and {more} more")
_ALSO = Text(
    zh="另有许可证{licence}：只核对{lines}的规则", en="also {licence}: only the rules of {lines}"
)
_COMMON_ONLY = Text(
    zh="{line}：没有本项业务的规则，只核对第一条至第十四条",
    en="{line}: no rules for this line; articles 1 to 14 are checked",
)
_NOTHING = Text(
    zh="{licence} {line}：没有本项业务的规则，没有核对",
    en="{licence} {line}: no rules for this line; nothing of it is checked",
)


def urgent(records: Sequence[Record]) -> tuple[Text, ...]:
    """Return what is urgent of the licences, each by its number where there are several."""
    said = ((one.licence or one.description, one.term.urgent) for one in records)
    return tuple(
        text if len(records) == 1 else _OF.format(licence=licence, said=text)
        for licence, text in said
        if text
    )


def urgent_lines(records: Sequence[Record], language: Language, columns: int) -> list[str]:
    """Return what is urgent of the licences as lines."""
    said = (text for one in urgent(records) for text in each_language(one, language))
    return [line for text in said for line in wrap(text, columns)]


def remarks(records: Sequence[Record]) -> tuple[Text, ...]:
    """Return which other licences are held, and which lines of business have no rules."""
    said = (text for record in records for text in (*_also(record), *_without_rules(record)))
    return tuple(dict.fromkeys(said))


def _also(record: Record) -> Iterator[Text]:
    """Yield for which lines of business other licences are judged; those for the same together."""
    names: dict[tuple[str, ...], list[str]] = {}
    for one in record.licences[1:]:
        if lines := tuple(line for line in one.lines if line not in one.without_rules):
            names.setdefault(lines, []).append(one.name)
    for lines, found in names.items():
        licence = COMMA.join(map(plain, found[:_MOST]))
        if len(found) > _MOST:
            more = len(found) - _MOST
            licence = _AND_MORE.format(licence=licence, all=len(found), more=more)
        yield _ALSO.format(licence=licence, lines=COMMA.join(map(line_name, lines)))


def _without_rules(record: Record) -> Iterator[Text]:
    for i, one in enumerate(record.licences):
        said = _NOTHING if i else _COMMON_ONLY
        yield from (
            said.format(licence=one.name, line=line_name(line)) for line in one.without_rules
        )


def line_name(code: str) -> Text:
    """Return a line of business by its code and name."""
    return _LINE.format(code=code, name=name_of(code))


def remark_lines(records: Sequence[Record], language: Language, columns: int) -> list[str]:
    """Return what `remarks` says as lines."""
    said = (in_languages(one, language) for one in remarks(records))
    return [line for text in said for line in wrap(f"icp: {text}", columns, indent="     ")]


def licence_lines(
    records: Sequence[Record], language: Language, columns: int, *scope: str
) -> list[str]:
    """Return whose licences they are, and until when they are valid if that is not urgent.

    The ``scope`` of the run follows, in the line of a single licence if that has room, then what
    `remarks` says.
    """
    said = [_said(one, language) for one in records[:_MOST]]
    one_line = "; ".join((*said, *scope))
    whole = len(said) == 1 and width(f"icp: {one_line}") <= columns
    shown = [one_line] if whole else [*said, "; ".join(scope)]
    wrapped = (wrap(f"icp: {text}", columns, indent="     ") for text in shown if text)
    return [*chain.from_iterable(wrapped), *remark_lines(records, language, columns)]


def _said(one: Record, language: Language) -> str:
    number = one.licence or in_languages(NO_LICENCE, language)
    term = "" if one.term.urgent else in_languages(one.term.said, language)
    return "; ".join(filter(None, (f"{number} {one.holder}".rstrip(), term)))
