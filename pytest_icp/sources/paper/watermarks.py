"""Watermarks (水印): words over a licence that extraction puts between the words of the licence.

Removed is what is certainly one: what says for which use a copy is, lines that stand again and
again between other lines, and the characters of such words one by one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pytest_icp.law.scope_words import word_at
from pytest_icp.sources.paper import shapes
from pytest_icp.sources.paper.labels import TITLE, has_label
from pytest_icp.sources.paper.stream import Line

USES = re.compile(
    r"仅供[^,。;:、()]{1,20}?(?:使用|之用|专用|查看|查验|展示|参考|备案(?!使用|之用|专用))"
    r"(?:,?(?:不得)?(?:他用|再次使用|(?:再次)?复印|转载)(?:无效)?)*+"
    r"|(?:再次)?(?:复印件?|转载|他用)无效"
)
"""What a watermark says of the use of a copy, in folded words without spaces."""

_REPEATED = 3
_LONGEST = 40
_SHORTEST_NAME = 4
_SHAPES = (shapes.company, shapes.day, shapes.capital, shapes.address, shapes.domains)


def without_watermarks(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Return pages without the lines that are watermarks."""
    lines = _repeated(pages)
    kept = [[line for line in page if line.tight not in lines] for page in pages]
    return [_without_characters(page) for page in kept]


def _repeated(pages: Sequence[Sequence[Line]]) -> set[str]:
    """Return the lines that stand at least three times, each time between other lines."""
    between: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for page in pages:
        words = [line.tight for line in page if line.tight]
        for before, here, after in zip(["", *words], words, [*words[1:], ""], strict=False):
            if 1 < len(here) <= _LONGEST:
                between[here].add((before, after))
    return {
        words
        for words, places in between.items()
        if len({before for before, _ in places}) >= _REPEATED
        and len({after for _, after in places}) >= _REPEATED
        and _says_nothing(words)
    }


def _says_nothing(words: str) -> bool:
    """Whether a line is none of a licence: no label, no word of a scope, no value."""
    named = TITLE.fullmatch(words) or has_label(words)
    printed = named or word_at(words, 0) or not re.search(r"[^\W\d_]", words)
    return not printed and all(shape(words) is None for shape in _SHAPES)


def _without_characters(page: Sequence[Line]) -> list[Line]:
    """Remove the lines of one character if together they are the words of a watermark."""
    alone = [line for line in page if len(line.tight) == 1 and line.tight.isalpha()]
    words = "".join(line.tight for line in alone)
    others = "".join(line.tight for line in page if len(line.tight) > 1)
    named = len(words) >= _SHORTEST_NAME and words in others
    if has_label(words) or not (named or not USES.sub("", words) or any(_units(words))):
        return list(page)
    single = set(map(id, alone))
    return [line for line in page if id(line) not in single]


def _units(words: str) -> Iterator[str]:
    """Yield the words that characters repeat, at least twice as a whole."""
    for size in range(2, min(_LONGEST, len(words) // 2) + 1):
        unit = words[:size]
        if (unit * (len(words) // size + 1)).startswith(words):
            yield unit
