"""Rules that were named by an id that they had before, listed once at the end of a run (更名)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pytest_icp.law.text import Text
from pytest_icp.reports.layout import item
from pytest_icp.reports.summary import Section
from pytest_icp.reports.words import Language, in_languages

TITLE = Text(zh="已更名的规则", en="renamed rules")
_NOW = Text(zh="{old} 现为 {new}；旧标识仍然有效", en="{old} is now {new}; the old id still works")


def renamed_section(
    named: Iterable[str], renamed: Mapping[str, str], language: Language, columns: int
) -> Iterator[Section]:
    """Yield the section that says the present ids of the rules named, if any had another."""
    lines = [
        line
        for old in dict.fromkeys(one for one in named if one in renamed)
        for line in item(in_languages(_NOW.format(old=old, new=renamed[old]), language), columns)
    ]
    if lines:
        yield Section(TITLE, tuple(lines))
