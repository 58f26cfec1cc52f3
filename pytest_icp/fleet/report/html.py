"""The figures of a fleet as one page with pictures, which needs nothing else."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from markupsafe import Markup
from msgspec import Struct

from pytest_icp.fleet.report.figures import Figures
from pytest_icp.fleet.report.sheets import TITLE, Cell, Sheet, parts, remarks, sheets, summary
from pytest_icp.law.text import Text
from pytest_icp.reports.html.environment import FOLDER, environment
from pytest_icp.reports.words import Language

_HERE = Path(__file__).parent
_MOST = 400
"""So many rows of a sheet are shown; a browser has to bear the page."""

_WIDE = 1000


class Bar(Struct, frozen=True):
    """A part of a picture: from where to where, of a thousand, and what it shows."""

    start: int
    size: int
    how: str
    label: Text


def report_html(found: Figures, language: Language) -> str:
    """Return the report as a page without scripts."""
    style = "".join((folder / "page.css").read_text("utf-8") for folder in (FOLDER, _HERE))
    return (
        environment(language, _HERE)
        .get_template("fleet.html.jinja")
        .render(
            title=TITLE.format(day=found.head.as_of),
            summary=[summary(found)[0], *remarks(found)],
            bars=_bars(found),
            sheets=[(f"sheet-{i}", sheet) for i, sheet in enumerate(sheets(found))],
            found=found,
            shown=_MOST,
            size=_size,
            is_text=lambda cell: isinstance(cell, Text),
            is_number=lambda cell: isinstance(cell, int),
            style=Markup(style),  # noqa: S704 - it is ours
            digest=b64encode(sha256(style.encode()).digest()).decode(),
        )
    )


def _bars(found: Figures) -> list[Bar]:
    """Return the picture of all descriptions, in which each is in one part."""
    every, start, bars = found.all.descriptions, 0, []
    for how, count, label in parts(found):
        size = count * _WIDE // every if every else 0
        bars.append(Bar(start, size, how, label))
        start += size
    return bars


def _size(sheet: Sheet, cell: Cell) -> int:
    """Return how long the bar of a number is, of a thousand."""
    numbers = (n for row in sheet.rows for n in row[sheet.bars :][:1] if isinstance(n, int))
    largest = max((1, *numbers))
    return cell * _WIDE // largest if isinstance(cell, int) else 0
