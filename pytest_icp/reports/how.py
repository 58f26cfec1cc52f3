"""How a rule is decided, for `explain`: whether it is selected, its kind, its fields, its parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from pytest_icp.kinds.legal_force import cited
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.method import Row, Title, kind_sentence, method
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.selection import Why

_OF_PARTS = Text(
    "分为 {n} 个部分，各自判断；各部分共有的：",
    "It has {n:part}, each decided by itself. What they share:",
)
_NONE = Text("（无）", "(nothing)")
SELECTED = Text("列入核对", "selected")
_WHY: Mapping[Why, Text] = {
    Why.OPTION: Text("是：icp_select 列有", "yes: icp_select names it"),
    Why.NAMED: Text("是：描述中的 select 列有", "yes: `select` of the description names it"),
    Why.ALWAYS: Text("是：属于许可证的日程", "yes: it is of the calendar of the licence"),
    Why.OWN: Text("是：公司自定的规则", "yes: it is a rule of your own"),
    Why.DECLARED: Text("是：所涉事实已经申报", "yes: what it is about is declared"),
    Why.DEPLOYED: Text(
        "是：所需的事实，由部署文件、许可证和工程人员说明",
        "yes: deployed files, the licence and engineers tell the facts that it needs",
    ),
    Why.NOT_OPTION: Text("否：icp_select 没有列", "no: icp_select does not name it"),
    Why.IGNORED: Text("否：icp_ignore 列有", "no: icp_ignore names it"),
    Why.NOTHING: Text(
        "否：所涉事实没有申报；在描述的 select 中列出即可核对",
        "no: what it is about is not declared; `select` of the description may name it",
    ),
}


def why_text(why: Why) -> Text:
    """Return whether a rule is selected of a description, and why."""
    return _WHY[why]


def how(
    obligation: Obligation, shared: Iterable[Row], day: date, title: Title
) -> Iterator[b.Block]:
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
        yield b.paragraph(_OF_PARTS.format(n=len(obligation.parts)))
    if len(kinds) == 1:
        yield b.paragraph(kind_sentence(obligation.each_part[0]))
    yield _rows(rows)
    for part, own in zip(obligation.parts, every, strict=False):
        yield b.Group((), "section")
        yield b.row(plain(part.part), w.level_text(part.title, part.level))
        said = [b.paragraph(kind_sentence(part))] if len(kinds) > 1 else []
        left = (row for row in own if row not in rows)
        yield b.Group((*said, _rows((*_words(obligation, part, day), *left))))


def _rows(rows: Iterable[Row]) -> b.Rows:
    return b.Rows(tuple((row.label, b.line(row.text)) for row in rows))


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
