"""``pytest-icp waivers``: lists the waivers beside descriptions, and checks each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pytest_icp.cli.answer import Answer
from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date
from pytest_icp.reports.errors import problem_lines
from pytest_icp.reports.page import Page
from pytest_icp.reports.waivers import Judged, is_used
from pytest_icp.reports.words import in_languages
from pytest_icp.rules.waivers import Waiver

_NONE = Text(zh="没有豁免。", en="There are no waivers.")
_USED = Text(zh="在用，还有 {n} 日到期", en="in use, {n:day} left")
_LAST_DAY = Text(zh="在用，今日到期", en="in use, on its last day")
_EXPIRED = Text(zh="已到期 {n} 日", en="expired {n:day} ago")
_IDLE = Text(zh="未匹配任何违反，可以删除", en="matches no violation; it can be removed")
_NOT_JUDGED = Text(
    zh="本次未核对该规则的全部描述", en="its rule was not checked in every description here"
)
_REASON = Text(zh="理由", en="reason")
_OWNER = Text(zh="负责岗位", en="owner")
_EXPIRES = Text(zh="截止日期", en="expires")
_STATE = Text(zh="状态", en="state")


def run_waivers(judged: Evaluation, columns: int) -> Answer:
    """List the waivers; the exit code is 1 when one has expired or matches nothing."""
    run, language = judged.run, judged.options.language
    today = civil_date(judged.options.as_of)
    page = Page(language, columns)
    lines: list[str] = []
    amiss = bool(run.troubles)
    for waiver in judged.waivers(judged.descriptions):
        state, well = _state(waiver, judged.among, today)
        amiss = amiss or not well
        lines += _told(waiver, state, page)
    for trouble in run.troubles:
        lines += problem_lines(trouble, trouble.location, language, columns)
    text = "\n".join(lines).lstrip("\n") or in_languages(_NONE, language)
    return Answer(text=text, code=int(amiss))


def _state(waiver: Waiver, among: Judged, today: date) -> tuple[Text, bool]:
    """Return how a waiver stands, and whether that is well."""
    left = (waiver.expires - today).days
    if left < 0:
        return _EXPIRED.format(n=-left), False
    results, every = among.of(waiver)
    if is_used(waiver, results):
        return (_USED.format(n=left) if left else _LAST_DAY), True
    return (_IDLE, False) if every else (_NOT_JUDGED, True)


def _told(waiver: Waiver, state: Text, page: Page) -> Iterator[str]:
    place = f"{Path(waiver.place.path).as_posix()}:{waiver.place.line}"
    head = f"{place}: {waiver.rule} [{waiver.subject}]"
    yield from page.heading(Text(head, head))
    for label, text in (
        (_STATE, state),
        (_EXPIRES, Text(str(waiver.expires), str(waiver.expires))),
        (_OWNER, Text(waiver.owner, waiver.owner)),
        (_REASON, Text(waiver.reason, waiver.reason)),
    ):
        yield from page.row(label, text)
