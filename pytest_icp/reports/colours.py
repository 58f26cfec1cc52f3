"""The colours of a finding on a terminal, as compilers have them (颜色)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

_ARROW = re.compile(r" *+-->")
_CARETS = re.compile(r"( *+(?:\| )?+)( *+\^++)")
_GUTTER = re.compile(r"\A *+[0-9]*+ ?+\|(?= |$)")
_LABEL = re.compile(r"  = [^ ][^:]*+:|(?:fix|law): |(?:整改|依据)：")
_PLACE = re.compile(r"\A[^\s:]++:[0-9]++:[0-9]++(?=: |\Z)")
_TO_ADD = re.compile(r" {6}\+ .*+")


_STYLES = ((_ARROW, "cyan"), (_GUTTER, "cyan"), (_LABEL, "bold"), (_PLACE, "cyan"))


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
    if found := _CARETS.fullmatch(line):
        return markup(found[1], cyan=True) + markup(found[2], bold=True, red=True)
    if _TO_ADD.fullmatch(line):
        return markup(line, green=True)
    for pattern, style in _STYLES:
        if found := pattern.match(line):
            return markup(found[0], **{style: True}) + line[found.end() :]
    return line
