"""Which editions of the special provisions print a provision or a duty (印有它的版本)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pytest_icp.law.text import Text
from pytest_icp.reports.page import Page
from pytest_icp.rules.policy import Edition, Policy

_EDITIONS = Text("印有它的许可证版本", "editions of the licence that print it")
_WORDS = Text("版本 {id} 的条文", "The words of the edition {id}")
_SINCE = Text("自 {start} 起", "from {start}")
_NOT_FOUND = Text("起始日期没有查到", "since when was not found")
_UNTIL = Text("至 {until}", "until {until}")
_ONE = Text("{id}（{days}）", "{id} ({days})")
_AND, _THEN = Text("，", ", "), Text("；", "; ")


def editions(policy: Policy, names: Collection[str], page: Page) -> Iterator[str]:
    """Yield the editions that print a provision, or those named, and what they print otherwise."""
    mine = [one for one in policy.editions if not names or one.id in names]
    if mine:
        yield ""
        yield from page.row(_EDITIONS, _THEN.join(map(_said, mine)))
    for one in mine:
        if one.text:
            yield from page.heading(_WORDS.format(id=one.id))
            yield from page.text(one.text)


def _said(one: Edition) -> Text:
    days = [_SINCE.format(start=one.start) if one.start else _NOT_FOUND]
    days += [_UNTIL.format(until=one.until)] if one.until else []
    return _ONE.format(id=one.id, days=_AND.join(days))
