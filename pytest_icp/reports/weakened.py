"""What weakens a run, listed at its end (放宽): another day, what no ``icp.lock`` approves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_icp.law.text import Text
from pytest_icp.reports.labels import WEAKENED
from pytest_icp.reports.layout import item
from pytest_icp.reports.run import Trouble
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language, in_languages

_MORE = Text(zh="另有 {n} 项未列出；加 -v 全部列出", en="{n} more; -v lists them all")


def weakened_section(
    weakened: Sequence[Trouble], language: Language, columns: int, *, most: int | None
) -> Iterator[Section]:
    """Yield the section that names them, if there are several: ``most`` of them, None for all."""
    if len(weakened) > 1:
        lines = [*_lines(weakened[:most], language, columns)]
        if more := len(weakened[most:]) if most else 0:
            lines += item(in_languages(_MORE.format(n=more), language), columns)
        yield Section(WEAKENED, tuple(lines))


def weakened_line(weakened: Sequence[Trouble], language: Language, columns: int) -> Iterator[str]:
    """Yield what a section would be too much for: a single sentence, such as that on the day."""
    if len(weakened) == 1:
        yield from (line.removeprefix("  ") for line in _lines(weakened, language, columns))


def _lines(weakened: Sequence[Trouble], language: Language, columns: int) -> Iterator[str]:
    for one in weakened:
        for said in one.sentences(language):
            yield from item(said, columns)
