"""The timeline of dated duties as a drawing: a line for each, from today to its last day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from msgspec import Struct

from pytest_icp.law.text import Text
from pytest_icp.reports.duties import Duty, State, left
from pytest_icp.reports.html_words import plain_in
from pytest_icp.reports.layout import cut, width
from pytest_icp.reports.safe import one_line
from pytest_icp.reports.words import Language, in_languages

TITLE = Text(zh="各项期限的时间线", en="Timeline of the last days")
TODAY = Text(zh="截至日", en="as of")

_ROW = 46
_LINE = 16
_TOP = 34
_MARGIN = 12
_YEAR = 20
"""Half of what the name of a year takes."""

_CHARACTER = 7.2
"""Pixels that a column of text takes."""


class Canvas(Struct, frozen=True, kw_only=True):
    """A drawing of so many pixels across, over the days from the first to the last."""

    width: int
    first: date
    last: date

    @property
    def room(self) -> int:
        """How many columns of text have room across."""
        return int((self.width - 8) / _CHARACTER)

    def x(self, day: date) -> float:
        """Return where a day stands."""
        span = max((self.last - self.first).days, 1)
        inside = self.width - 2 * _MARGIN
        return round(_MARGIN + inside * (day - self.first).days / span, 1)


def timeline(
    duties: Sequence[Duty], today: date, language: Language, across: int, name: str
) -> Iterator[str]:
    """Yield the drawing of some duties; a reader who sees none has the table below it."""
    days = [today, *(duty.last for duty in duties)]
    canvas = Canvas(width=across, first=min(days), last=max(days))
    rows = [(duty, _labels(duty, language, canvas.room)) for duty in duties]
    height = _TOP + sum(_height(labels) for _, labels in rows) + 8
    title = plain_in(TITLE, language)
    yield (
        f'<svg class="{name}" viewBox="0 0 {across} {height}" role="img" aria-label="{title}" '
        f'xmlns="http://www.w3.org/2000/svg">'
    )
    words = f"{in_languages(TODAY, language)} {today}"
    begin = _begin(canvas, canvas.x(today), words)
    yield from _years(canvas, height, taken=(begin, begin + width(words) * _CHARACTER))
    x = canvas.x(today)
    yield f'<line class="today" x1="{x}" y1="{_TOP - 12}" x2="{x}" y2="{height}"/>'
    yield f'<text x="{begin}" y="16">{escape(words)}</text>'
    top = _TOP
    for duty, labels in rows:
        yield from _row(canvas, duty, today, top, labels)
        top += _height(labels)
    yield "</svg>"


def _years(canvas: Canvas, height: int, *, taken: tuple[float, float]) -> Iterator[str]:
    """Yield a line for the first day of each year, named where there is room beside ``taken``."""
    years = range(canvas.first.year + 1, canvas.last.year + 1)
    step = len(years) * 3 * _YEAR // canvas.width + 1
    for year in years[::step]:
        x = canvas.x(date(year, 1, 1))
        yield f'<line class="grid" x1="{x}" y1="{_TOP - 8}" x2="{x}" y2="{height}"/>'
        free = x + _YEAR < taken[0] or x - _YEAR > taken[1]
        if free and _YEAR < x < canvas.width - _YEAR:
            yield f'<text class="soft" x="{x}" y="16" text-anchor="middle">{year}</text>'


def _begin(canvas: Canvas, x: float, words: str) -> float:
    """Return where a text begins so that its middle is near ``x`` and all of it is inside."""
    wide = width(words) * _CHARACTER
    return round(max(2, min(x - wide / 2, canvas.width - wide - 2)), 1)


def _labels(duty: Duty, language: Language, room: int) -> list[str]:
    """Return the words beside a duty: one line, two where the drawing is too narrow for one."""
    when, days = str(duty.last), f"({in_languages(left(duty), language)})"
    what, subject = one_line(duty.rule_id), one_line(duty.subject)
    whole = f"{when} {what} {days} {subject}"
    lines = [whole] if width(whole) <= room else [f"{when} {days}", f"{what} {subject}"]
    return [cut(line, room) for line in lines]


def _height(labels: Sequence[str]) -> int:
    return _ROW + _LINE * (len(labels) - 1)


def _row(canvas: Canvas, duty: Duty, today: date, top: int, labels: Sequence[str]) -> Iterator[str]:
    """Yield a duty: its words, a line between today and its last day, and the sign of its state."""
    start, end = canvas.x(today), canvas.x(duty.last)
    y = top + _height(labels) - 14
    yield f'<g class="{duty.state}">'
    for i, label in enumerate(labels):
        at = top + 20 + _LINE * i
        yield f'<text x="{_begin(canvas, end, label)}" y="{at}">{escape(label)}</text>'
    yield f'<line class="bar" x1="{start}" y1="{y}" x2="{end}" y2="{y}"/>'
    yield _sign(duty.state, end, y)
    yield "</g>"


def _sign(state: State, x: float, y: int) -> str:
    """Return a sign that tells states apart without colour: square, triangle, circle."""
    if state is State.OVERDUE:
        return f'<rect class="dot" x="{round(x - 6, 1)}" y="{y - 6}" width="12" height="12"/>'
    if state is State.SOON:
        points = f"{round(x - 7, 1)},{y + 6} {round(x + 7, 1)},{y + 6} {x},{y - 8}"
        return f'<polygon class="dot" points="{points}"/>'
    return f'<circle class="dot" cx="{x}" cy="{y}" r="6"/>'
