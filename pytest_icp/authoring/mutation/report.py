"""Reports of mutation testing: the survivors as diffs, and a score for each provision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import dedent

from msgspec import Struct

from pytest_icp.authoring.mutation.edits import Edit
from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.files.source import Source
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.layout import inert, pad, ruled, width, wrap
from pytest_icp.reports.words import Language, each_language, in_languages


class Survivor(Struct, frozen=True, kw_only=True):
    """One change of a policy that no case noticed (存活变异).

    ``rule`` is the changed rule, or the provision where the change affects all its rules;
    ``id`` names the change within it; ``before`` and ``after`` are the lines of the file.
    ``reason`` explains why no case could notice it.
    """

    rule: str
    id: str
    place: Place
    before: tuple[str, ...]
    after: tuple[str, ...]
    reason: str = ""


class Score(Struct, frozen=True, kw_only=True):
    """How many changes of a provision were tried, noticed, and impossible to notice (得分)."""

    provision: str
    tried: int = 0
    killed: int = 0
    equivalent: int = 0

    @property
    def percent(self) -> float:
        """The share of noticed changes among those that can be noticed."""
        counted = self.tried - self.equivalent
        return 100 * self.killed / counted if counted else 100.0


_SHOWN = 6


def survivor(rule: str, name: str, edit: Edit, source: Source, text: str, reason: str) -> Survivor:
    """Return an edit of a rule as lines of its file, whose text is ``text``."""
    names = tuple(map(str, edit.path))
    start, end = source.positions.find(names).value
    first = text.rfind("\n", 0, start) + 1
    if edit.dropped is not None and "\n" in text[first:end].rstrip():
        # In a block only the lines of the dropped key go.
        names = (*names, str(edit.dropped))
        spot = source.positions.find(names)
        first, end = text.rfind("\n", 0, (spot.key or spot.value)[0]) + 1, spot.value[1]
        place, before, after = source.place(pointer(names), of="key"), text[first:end].rstrip(), ""
    else:
        last = text.find("\n", end)
        rest = text[end : last if last >= 0 else None]
        place, before = source.place(pointer(names)), text[first:end] + rest
        after = text[first:start] + flow(edit.value) + rest
    return Survivor(
        rule=rule,
        id=name,
        place=place,
        before=_lines(before),
        after=_lines(after),
        reason=reason,
    )


def _lines(text: str) -> tuple[str, ...]:
    lines: Sequence[str] = dedent(text).rstrip().splitlines()
    return (*lines[:_SHOWN], *(["…"] if len(lines) > _SHOWN else []))


# ---- Printed


_UNNOTICED = Text(zh="没有用例察觉这处改动", en="no case notices this change")
_SCORES = Text(zh="得分", en="score")
_COLUMNS = (
    Text(zh="规定", en="provision"),
    Text(zh="改动", en="changes"),
    Text(zh="已察觉", en="noticed"),
    Text(zh="等价", en="equivalent"),
    Text(zh="存活", en="survived"),
    Text(zh="得分", en="score"),
)
_TOTAL = Text(zh="合计", en="total")
_TO_DO = Text(
    zh="为存活的改动补写用例：按条文写出一种情形，使改动前后的结论不同。确实不改变任何结论的，"
    "把改动的名称和理由写入用例文件夹的 equivalent.yaml。",
    en="Write a case for each survivor: a situation that the words of the law decide in one way "
    "and the change in another. Where there is none, list the change and the reason in "
    "equivalent.yaml in the folder of cases.",
)


def survivors_text(
    survivors: Sequence[Survivor], language: Language, columns: int
) -> Iterator[str]:
    """Yield the survivors without a reason, each with its diff."""
    unexplained = [one for one in survivors if not one.reason]
    for one in unexplained:
        for words in each_language(_UNNOTICED, language):
            yield from wrap(f"{one.place}: {one.rule}: {words}", columns)
        yield f"  {inert(one.id)}"
        yield from (f"  - {inert(line)}" for line in one.before)
        yield from (f"  + {inert(line)}" for line in one.after)
        yield ""
    if unexplained:
        for words in each_language(_TO_DO, language):
            yield from wrap(words, columns)
        yield ""


def scores_text(scores: Sequence[Score], language: Language, columns: int) -> Iterator[str]:
    """Yield the scores as a table, with a total where there are several."""
    yield ruled(in_languages(_SCORES, language), columns, "-")
    heads = map(list, zip(*(each_language(one, language) for one in _COLUMNS), strict=True))
    rows = [_row(score, score.provision) for score in scores]
    if len(scores) > 1:
        rows.append(_row(total(scores), in_languages(_TOTAL, language, between=" ")))
    for row in (*heads, *rows):
        cells = [pad(row[0], 10), *(_right(cell, 11) for cell in row[1:])]
        yield "".join(cells).rstrip()


def _row(score: Score, name: str) -> list[str]:
    survived = score.tried - score.killed - score.equivalent
    counts = (score.tried, score.killed, score.equivalent, survived)
    return [name, *map(str, counts), percent(score)]


def _right(cell: str, columns: int) -> str:
    return " " * max(1, columns - width(cell)) + cell


def percent(score: Score) -> str:
    """Return a score in whole percent, 100 only where nothing survived without a reason."""
    return f"{int(score.percent)}%"


def total(scores: Sequence[Score]) -> Score:
    """Return the score of several provisions together."""
    return Score(
        provision="",
        tried=sum(score.tried for score in scores),
        killed=sum(score.killed for score in scores),
        equivalent=sum(score.equivalent for score in scores),
    )
