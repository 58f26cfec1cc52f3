"""What weakens a run (放宽), and which rules it does not check, listed at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from pytest_icp.reports import words as w
from pytest_icp.reports.labels import WEAKENED
from pytest_icp.reports.layout import item
from pytest_icp.reports.run import Trouble
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language, in_languages


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


def ignored_section(
    every: Iterable[str], selected: Callable[[str], bool], language: Language, columns: int
) -> Iterator[Section]:
    """Yield the section that counts and names the rules that are not selected, if any."""
    known = sorted(every)
    rules = [rule for rule in known if not selected(rule)]
    if not rules:
        return
    text = w.IGNORED.format(n=len(rules), rules=", ".join(_in_short(rules, known)))
    said = in_languages(text, language)
    yield Section(w.NOT_CHECKED, tuple(item(said, columns)))


def _in_short(rules: Sequence[str], every: Sequence[str]) -> Iterator[str]:
    """Yield rules, all those of one provision as ``SP09/*``."""
    for provision, group in groupby(rules, key=lambda rule: rule.partition("/")[0]):
        some = list(group)
        whole = sum(rule.startswith(f"{provision}/") for rule in every) == len(some) > 1
        yield from [f"{provision}/*"] if whole else some
