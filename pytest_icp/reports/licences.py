"""What is said first of a run: what is urgent of the licences, whose they are, until when."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_icp.law.text import Text
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.record import Record
from pytest_icp.reports.words import NO_LICENCE, Language, each_language, in_languages

_MOST = 3
"""So many licences are named."""

_OF = Text(zh="{licence}：{said}", en="{licence}: {said}")


def urgent(records: Sequence[Record]) -> tuple[Text, ...]:
    """Return what is urgent of the licences, each by its number where there are several."""
    said = ((one.licence or one.description, one.term.urgent) for one in records)
    return tuple(
        text if len(records) == 1 else _OF.format(licence=licence, said=text)
        for licence, text in said
        if text
    )


def urgent_lines(records: Sequence[Record], language: Language, columns: int) -> list[str]:
    """Return what is urgent of the licences as lines."""
    said = (text for one in urgent(records) for text in each_language(one, language))
    return [line for text in said for line in wrap(text, columns)]


def licence_lines(
    records: Sequence[Record], language: Language, columns: int, *scope: str
) -> list[str]:
    """Return whose licences they are, and until when they are valid.

    The ``scope`` of the run follows, of a single licence in its line.
    """
    said = [_said(one, language) for one in records[:_MOST]]
    first = ["; ".join((*said, *scope))] if len(said) == 1 else [*said, "; ".join(scope)]
    wrapped = (wrap(f"icp: {text}", columns, indent="     ") for text in first if text)
    return [line for lines in wrapped for line in lines]


def _said(one: Record, language: Language) -> str:
    number = one.licence or in_languages(NO_LICENCE, language)
    holder = f" {one.holder}" if one.holder else ""
    return f"{number}{holder}; {in_languages(one.term.said, language)}"
