"""The colours of a finding on a terminal, as compilers have them (颜色)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from pytest_icp.reports import words as w

_LABELS = (
    *(w.FOUND, w.REQUIRED, w.DUE, w.SUBJECT, w.ALSO, w.RESOURCE, w.PART, w.MEANING, w.NUMBER),
    *(w.FIX, w.TO_DO, w.DECIDE, w.LAW, w.STATUTE, w.RULES, w.WHO),
)
_NAMES = "|".join(text for label in _LABELS for text in (label.zh, label.en))
_CARETS = re.compile(r" *+\^++")
_LABEL = re.compile(f"(?:{_NAMES})(?:: |：)")
_PLACE = re.compile(r"\A[^\s:]++:[0-9]++:[0-9]++(?=: |\Z)")


class Markup(Protocol):
    """Gives a text colours, or leaves it as it is: `TerminalWriter.markup`."""

    def __call__(self, text: str, **markup: bool) -> str:
        """Return the text with the styles that are true, such as ``bold``."""
        ...


def coloured(lines: Iterable[str], markup: Markup, *, colour: str) -> Iterator[str]:
    """Yield the lines of a finding in colours; the first, which names its rule, in its own."""
    for number, line in enumerate(lines):
        yield markup(line, bold=True, **{colour: True}) if not number else _line(line, markup)


def _line(line: str, markup: Markup) -> str:
    if _CARETS.fullmatch(line):
        return markup(line, bold=True, red=True)
    for pattern, style in ((_LABEL, "bold"), (_PLACE, "cyan")):
        if found := pattern.match(line):
            return markup(found[0], **{style: True}) + line[found.end() :]
    return line
