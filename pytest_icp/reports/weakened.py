"""Which rules are not selected, in a section at the end of a run (未列入本次核对)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from pytest_icp.reports import words as w
from pytest_icp.reports.layout import item
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language, in_languages


def ignored_section(
    every: Iterable[str], left: Collection[str], language: Language, columns: int
) -> Iterator[Section]:
    """Yield the section that counts and names the rules that are not selected, if any."""
    known = sorted(every)
    rules = [rule for rule in known if rule in left]
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
