"""The drawing of dated duties: where each stands between the first day and the last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from pytest_icp.law.text import Text
from pytest_icp.reports import labels
from pytest_icp.reports.duties import Duty, State, left
from pytest_icp.reports.layout import width, wrap
from pytest_icp.reports.safe import one_line
from pytest_icp.reports.whose import whose
from pytest_icp.reports.words import Language, in_languages


class Shown(Struct, frozen=True):
    """The sign and the name of a state."""

    sign: str
    name: Text


STATES = {
    State.OVERDUE: Shown("■", labels.OVERDUE),
    State.SOON: Shown("▲", labels.SOON),
    State.LATER: Shown("●", labels.LATER),
}

_ROW = 46
_LINE = 16
_TOP = 34
_MARGIN = 12
_YEAR = 20
"""Half of what the name of a year takes."""

_CHARACTER = 7.2
"""Pixels that a column of text takes."""


class Label(Struct, frozen=True):
    """Words, and where they begin."""

    x: float
    y: int
    words: str


class Year(Struct, frozen=True):
    """The first day of a year, ``named`` where there is room for its number."""

    x: float
    year: int
    named: bool


class Row(Struct, frozen=True):
    """A duty: its words above a bar that ends at its last day."""

    state: State
    labels: Sequence[Label]
    x: float
    y: int


class Drawing(Struct, frozen=True, kw_only=True):
    """A drawing of so many pixels; ``today`` is where the day of the run stands."""

    name: str
    width: int
    height: int
    today: float
    heading: Label
    years: Sequence[Year]
    rows: Sequence[Row]


class _Axis(Struct, frozen=True):
    """The days from the first to the last, so many pixels across."""

    across: int
    first: date
    last: date

    def x(self, day: date) -> float:
        """Return where a day stands."""
        span = max((self.last - self.first).days, 1)
        inside = self.across - 2 * _MARGIN
        return round(_MARGIN + inside * (day - self.first).days / span, 1)

    def label(self, x: float, y: int, words: str) -> Label:
        """Return words whose middle is near ``x``, all of them inside the drawing."""
        wide = width(words) * _CHARACTER
        return Label(round(max(2, min(x - wide / 2, self.across - wide - 2)), 1), y, words)


def drawing(
    duties: Sequence[Duty],
    names: Mapping[str, str],
    today: date,
    language: Language,
    across: int,
    name: str,
) -> Drawing:
    """Return the drawing of duties; a reader who sees none has the table below it.

    ``names`` tell the descriptions apart.
    """
    days = [today, *(duty.last for duty in duties)]
    axis = _Axis(across, min(days), max(days))
    heading = axis.label(axis.x(today), 16, f"{in_languages(labels.TODAY_LINE, language)} {today}")
    rows: list[Row] = []
    top = _TOP
    for duty in duties:
        x = axis.x(duty.last)
        rule = whose(duty.rule_id, names[duty.description])
        lines = _lines(duty, rule, language, int((across - 8) / _CHARACTER))
        placed = [axis.label(x, top + 20 + _LINE * i, line) for i, line in enumerate(lines)]
        top += _ROW + _LINE * (len(lines) - 1)
        rows.append(Row(duty.state, placed, x, top - 14))
    return Drawing(
        name=name,
        width=across,
        height=top + 8,
        today=axis.x(today),
        heading=heading,
        years=list(_years(axis, heading)),
        rows=rows,
    )


def _lines(duty: Duty, rule: str, language: Language, room: int) -> list[str]:
    """Return the words of a duty: in one line, in more where the drawing is too narrow for it."""
    days = f"({in_languages(left(duty), language)})"
    what, subject = one_line(rule), one_line(duty.subject)
    whole = f"{duty.last} {what} {days} {subject}"
    if width(whole) <= room:
        return [whole]
    return [*wrap(f"{duty.last} {days}", room), *wrap(f"{what} {subject}", room)]


def _years(axis: _Axis, heading: Label) -> Iterator[Year]:
    """Yield the years, as many as have room, named where they do not touch the heading."""
    years = range(axis.first.year + 1, axis.last.year + 1)
    step = len(years) * 3 * _YEAR // axis.across + 1
    end = heading.x + width(heading.words) * _CHARACTER
    for year in years[::step]:
        x = axis.x(date(year, 1, 1))
        free = x + _YEAR < heading.x or x - _YEAR > end
        yield Year(x, year, free and _YEAR < x < axis.across - _YEAR)
