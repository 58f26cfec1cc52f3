"""The papers that a company asks for (要求的证明材料), by its description and by its settings."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_icp.facts.files.properties import members
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import JsonObject, list_of
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text

PAPERS = "papers"
"""What a company chooses, and not a fact: who names no paper asks for none."""

_NO_PAPER = Text(zh="没有名为 {paper!r} 的证明材料", en="there is no paper {paper!r}")
_KNOWN = Text(zh="可用的：{known}", en="papers: {known}")


def papers() -> tuple[str, ...]:
    """Return the names of the papers, and ``all``, which stands for every one."""
    return tuple(map(str, members("description", PAPERS).words))


def with_papers(facts: JsonObject, named: Sequence[str] = ()) -> JsonObject:
    """Return the facts of a description that asks for more papers.

    One that says nothing of papers asks for none. Raises `InputError` for one that nobody knows,
    with the nearest name.
    """
    for paper in named:
        if paper not in (known := papers()):
            said = _NO_PAPER.format(paper=paper)
            hint = suggested(paper, known, _KNOWN.format(known=", ".join(known)))
            raise InputError(said, hint=hint)
    return {**facts, PAPERS: [*dict.fromkeys((*named, *list_of(facts.get(PAPERS))))]}
