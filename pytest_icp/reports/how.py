"""How a rule is decided, for `explain`: its kind and fields; of one with parts, those of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from pytest_icp.kinds.legal_force import cited
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import words as w
from pytest_icp.reports.method import Row, Title, kind_sentence, method
from pytest_icp.reports.page import Page
from pytest_icp.rules.policy import Obligation

_OF_PARTS = Text(
    "分为 {n} 个部分，各自判断；各部分共有的：",
    "It has {n:part}, each decided by itself. What they share:",
)
_NONE = Text("（无）", "(nothing)")


def how(
    obligation: Obligation, shared: Iterable[Row], day: date, title: Title, page: Page
) -> Iterator[str]:
    """Yield how an obligation is decided, by the law of a day; ``shared`` are rows of the policy.

    ``title`` names a fact.
    """
    whole = [*shared]
    # A condition that the provision and the rule share is shown once.
    parts = [one.on(day) for one in obligation.each_part]
    every = [[*dict.fromkeys((*whole, *method(one, title)))] for one in parts]
    rows = [row for row in every[0] if all(row in others for others in every)]
    kinds = {one.kind for one in obligation.each_part}
    if obligation.parts:
        yield from page.text(_OF_PARTS.format(n=len(obligation.parts)))
    if len(kinds) == 1:
        yield from page.text(kind_sentence(obligation.each_part[0]))
    for row in rows:
        yield from page.row(row.label, row.text)
    for part, own in zip(obligation.parts, every, strict=False):
        yield ""
        yield from page.row(plain(part.part), w.level_text(part.title, part.level))
        if len(kinds) > 1:
            yield from page.text(kind_sentence(part), 4)
        for row in (*_words(obligation, part, day), *(row for row in own if row not in rows)):
            yield from page.row(row.label, row.text, 4)


def _words(whole: Obligation, part: Obligation, day: date) -> Iterator[Row]:
    """Yield what a part says otherwise than the whole: its meaning, words, law and cure."""
    for label, own, other in (
        (w.MEANING, part.meaning, whole.meaning),
        (w.ARTICLE, part.quote or _NONE, whole.quote or _NONE),
        (w.FIX, part.fix, whole.fix),
    ):
        if own != other:
            yield Row(label, own)
    if len({one.cites for one in whole.parts}) > 1:
        labels = [one.label for one in cited(part, day)]
        yield Row(w.STATUTE, w.COMMA.join(labels) if labels else _NONE)
