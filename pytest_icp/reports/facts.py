"""Facts with their places and their certainty, as a table or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from pytest_icp.law.describe import show
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Location, Place
from pytest_icp.law.text import Text
from pytest_icp.reports.certainty import Certainty, certainty_name
from pytest_icp.reports.layout import cut, inert, item, pad, width, wrap
from pytest_icp.reports.run import VERSION, SourceRemarks, location_at
from pytest_icp.reports.safe import both_languages, json_text
from pytest_icp.reports.words import Language, each_language, in_languages

_NAME, _VALUE = 26, 20
"""Columns that names and values may take; longer ones are cut."""


_HEADS = (
    Text(zh="事实", en="fact"),
    Text(zh="值", en="value"),
    Text(zh="状态", en="status"),
    Text(zh="来源", en="where"),
)
_NONE = Text(zh="没有这样的事实。", en="There is no such fact.")
_COUNT = Text(zh="共 {n} 个事实。", en="{n:fact}.")
_GAPS = Text(zh="来源无法确定的", en="not determined by the sources")
_ERRORS = Text(zh="不能使用的来源和不一致之处", en="sources that cannot be used, and disagreements")


class FactRow(Struct, frozen=True, kw_only=True):
    """One fact (事实): the element that it belongs to, its name there, value, certainty, place."""

    kind: str
    element: str
    name: str
    pointer: str
    value: Json
    certainty: Certainty
    location: Location


class Facts(Struct, frozen=True, kw_only=True):
    """The facts of a description, with errors, gaps and remarks of its sources."""

    rows: Sequence[FactRow]
    sources: Sequence[SourceRemarks] = ()
    errors: Sequence[InputError] = ()
    gaps: Sequence[tuple[Text, Place]] = ()


def facts_json(facts: Facts) -> str:
    """Return everything as one JSON document, in both languages."""
    return json_text(
        {
            "apiVersion": VERSION,
            "facts": [_row_json(row) for row in facts.rows],
            "errors": [_said_json(e.message, e.place) for e in facts.errors],
            "gaps": [_said_json(message, place) for message, place in facts.gaps],
            "sources": [
                {
                    "kind": one.kind,
                    "path": one.path,
                    "unmapped": dict(one.unmapped),
                    "remarks": [both_languages(text) for text in one.remarks],
                }
                for one in facts.sources
            ],
        },
        indented=True,
    )


def _row_json(row: FactRow) -> dict[str, object]:
    written: dict[str, object] = {
        "kind": row.kind,
        "fact": f"{row.element}.{row.name}" if row.name else row.element,
        "pointer": row.pointer,
        "value": row.value,
        "status": row.certainty.value,
        "place": _place(row.location),
    }
    if row.location.address:
        written |= {"address": row.location.address, "attribute": row.location.attribute}
    return written


def _said_json(message: Text, place: Place | None) -> dict[str, object]:
    written: dict[str, object] = {"message": both_languages(message)}
    return {**written, "place": _place(location_at(place))} if place else written


def _place(spot: Location) -> dict[str, object]:
    place = {"path": spot.path, "line": spot.line, "column": spot.column}
    return {name: value for name, value in place.items() if value is not None}


def facts_table(facts: Facts, language: Language, columns: int) -> list[str]:
    """Return a table of the facts, each element under a heading, then errors and gaps."""
    lines = list(_table(facts.rows, language, columns))
    said = _COUNT.format(n=len(facts.rows)) if facts.rows else _NONE
    lines += wrap(in_languages(said, language), columns)
    errors = [(error.message, error.place) for error in facts.errors]
    for title, problems in ((_ERRORS, errors), (_GAPS, facts.gaps)):
        if problems:
            lines += ["", *wrap(in_languages(title, language), columns)]
            lines += _problems(problems, language, columns)
    return lines


def _problems(
    problems: Iterable[tuple[Text, Place | None]], language: Language, columns: int
) -> Iterator[str]:
    for message, place in problems:
        lead = f"{place}: " if place else ""
        for words in each_language(message, language):
            yield from item(f"{lead}{words}", columns)


def _table(rows: Sequence[FactRow], language: Language, columns: int) -> Iterator[str]:
    if not rows:
        return
    heads = [in_languages(head, language, between=" ") for head in _HEADS]
    words = {how: in_languages(certainty_name(how), language, between=" ") for how in Certainty}
    cells = [(row, (_name(row), show(row.value), words[row.certainty])) for row in rows]
    rooms = [
        min(max(width(heads[i]), *(width(cell[i]) for _, cell in cells)), most)
        for i, most in enumerate((_NAME, _VALUE, columns))
    ]
    yield f"{_line(heads[:-1], rooms)}  {heads[-1]}"
    for element, group in groupby(cells, key=lambda one: one[0].element):
        listed = list(group)
        if listed[0][0].name:
            yield cut(inert(element), columns)
        for row, cell in listed:
            where = f"{row.location}  {row.location.resource}".rstrip()
            line = _line(cell, rooms)
            if width(line) + 2 + width(where) <= columns:
                yield f"{line}  {inert(where)}"
            else:
                yield line.rstrip()
                yield from wrap(f"    {where}", columns, indent="      ")


def _name(row: FactRow) -> str:
    """Return the name of a fact under its element; a fact outside of elements has no indent."""
    return f"  {row.name}" if row.name else row.element


def _line(cells: Sequence[str], rooms: Sequence[int]) -> str:
    return "  ".join(pad(cut(inert(c), n), n) for c, n in zip(cells, rooms, strict=True))
