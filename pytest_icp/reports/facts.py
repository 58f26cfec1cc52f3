"""Facts with their places and their certainty, as text or as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from pytest_icp.law.jsontypes import Json
from pytest_icp.law.location import Location, Place
from pytest_icp.law.text import Text, plain, show
from pytest_icp.reports import blocks as b
from pytest_icp.reports.findings import CERTAINTIES
from pytest_icp.reports.layout import both_languages, given, json_text, shortened
from pytest_icp.reports.run import VERSION, SourceRemarks, location_at

_VALUE = 60
"""Characters of a value that are shown."""

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
    certainty: str
    location: Location


Said = tuple[Text, Place | None]
"""An error or a gap of the sources of a description, and where it is."""


def facts_json(
    rows: Iterable[FactRow],
    errors: Iterable[Said],
    gaps: Iterable[Said],
    sources: Iterable[SourceRemarks],
) -> str:
    """Return the facts, and what is said of their sources, as JSON in both languages."""
    return json_text(
        {
            "apiVersion": VERSION,
            "facts": [_row_json(row) for row in rows],
            "errors": [_said_json(*one) for one in errors],
            "gaps": [_said_json(*one) for one in gaps],
            "sources": [
                {
                    "kind": one.kind,
                    "path": one.path,
                    "remarks": [both_languages(text) for text in one.remarks],
                }
                for one in sources
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
        "status": row.certainty,
        "place": _place(row.location),
    }
    if row.location.address:
        written |= {"address": row.location.address, "attribute": row.location.attribute}
    return written


def _said_json(message: Text, place: Place | None) -> dict[str, object]:
    written: dict[str, object] = {"message": both_languages(message)}
    return {**written, "place": _place(location_at(place))} if place else written


def _place(spot: Location) -> dict[str, object]:
    return given({"path": spot.path, "line": spot.line, "column": spot.column})


def fact_blocks(
    rows: Sequence[FactRow], errors: Sequence[Said], gaps: Sequence[Said]
) -> Iterator[b.Block]:
    """Yield the facts, each element under its name, then errors and gaps."""
    for element, group in groupby(rows, key=lambda row: row.element):
        listed = list(group)
        inside = b.Rows(tuple((plain(row.name or element), _said(row)) for row in listed))
        yield b.Group((inside,), title=b.line(element)) if listed[0].name else inside
    yield b.paragraph(_COUNT.format(n=len(rows)) if rows else _NONE)
    for title, problems in ((_ERRORS, errors), (_GAPS, gaps)):
        said = [b.line(f"{place}:", words) if place else b.line(words) for words, place in problems]
        if said:
            yield b.section(title)
            yield from b.items(said, len(said))


def _said(row: FactRow) -> b.Line:
    where = f"{row.location}  {row.location.resource}".rstrip()
    value = shortened(show(row.value), _VALUE)
    return b.line(value, b.Span(CERTAINTIES[row.certainty], "tag"), where)
