"""What weakens a run, listed at its end (放宽): another day, milder options, waivers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pytest_icp.reports.labels import WEAKENED
from pytest_icp.reports.layout import item
from pytest_icp.reports.run import Trouble
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language


def weakened_section(
    weakened: Sequence[Trouble], language: Language, columns: int
) -> Iterator[Section]:
    """Yield the section that names them, if there are several."""
    if len(weakened) > 1:
        yield Section(WEAKENED, tuple(_lines(weakened, language, columns)))


def weakened_line(weakened: Sequence[Trouble], language: Language, columns: int) -> Iterator[str]:
    """Yield what a section would be too much for: a single sentence, such as that on the day."""
    if len(weakened) == 1:
        yield from (line.removeprefix("  ") for line in _lines(weakened, language, columns))


def _lines(weakened: Sequence[Trouble], language: Language, columns: int) -> Iterator[str]:
    for one in weakened:
        for said in one.sentences(language):
            yield from item(said, columns)
