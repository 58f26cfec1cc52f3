"""A table of rules that leads to their pages."""

from __future__ import annotations

from collections.abc import Iterable

from handbook.markdown import Lang, said

from pytest_icp.law.text import Text
from pytest_icp.reports.explain import GROUNDS, ground_of
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.practice import by_practice
from website.text import rows

_HEAD = (Text("规则", "rule"), Text("标识", "id"), Text("级别", "level"), Text("依据", "basis"))
_LEVELS = {
    "mandatory": Text("强制", "mandatory"),
    "review": Text("须由人认定", "review"),
    "advisory": Text("建议", "advisory"),
}


def rule_table(rules: Iterable[Obligation], lang: Lang, *, below: str) -> str:
    """Return a table of rules with links, those that authorities pursue most first.

    ``below`` is the way to the folder of their pages.
    """
    cells = (
        (
            f"[{said(one.title, lang)}]({below}{one.rule_id}.md)",
            f"`{one.rule_id}`",
            said(_LEVELS[one.level], lang),
            said(GROUNDS[ground_of(one)], lang),
        )
        for one in sorted(rules, key=lambda one: by_practice(one.rule_id))
    )
    return rows(_HEAD, cells, lang)
