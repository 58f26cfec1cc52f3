"""``pytest-icp waivers``: lists the waivers beside descriptions, and checks each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.cli.printing import Output
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date
from pytest_icp.reports import blocks as b
from pytest_icp.reports.as_text import text_lines
from pytest_icp.reports.errors import problem_lines
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
_SETTLES = Text(zh="在用，认定为已履行", en="in use: decided that it was complied with")
_DECIDED = Text(zh="认定日期", en="decided on")
_REASON = Text(zh="理由", en="reason")
_OWNER = Text(zh="负责岗位", en="owner")
_EXPIRES = Text(zh="截止日期", en="expires")
_STATE = Text(zh="状态", en="state")


def run_waivers(evaluation: Evaluation, columns: int) -> Output:
    """List the waivers; the exit code is 1 if one has expired or matches no violation."""
    run, language = evaluation.run, evaluation.options.language
    today = civil_date(evaluation.options.as_of)
    blocks: list[b.Block] = []
    failed = bool(run.troubles)
    for waiver in evaluation.waivers(evaluation.descriptions):
        state, valid = _state(waiver, evaluation.waiver_scope, today)
        failed = failed or not valid
        blocks += _waiver(waiver, state)
    lines = [*text_lines(blocks, language, columns)]
    for trouble in run.troubles:
        lines += problem_lines(trouble, trouble.location, language, columns)
    text = "\n".join(lines).lstrip("\n") or in_languages(_NONE, language)
    return Output(text=text, code=int(failed))


def _state(waiver: Waiver, among: Judged, today: date) -> tuple[Text, bool]:
    """Return the state of a waiver, and whether it is valid."""
    left = (waiver.expires - today).days
    if left < 0:
        return _EXPIRED.format(n=-left), False
    results, every = among.of(waiver)
    if waiver.decided_on and is_used(waiver, results):
        return _SETTLES, True
    if is_used(waiver, results):
        return (_USED.format(n=left) if left else _LAST_DAY), True
    return (_IDLE, False) if every else (_NOT_JUDGED, True)


def _waiver(waiver: Waiver, state: Text) -> Iterator[b.Block]:
    place = f"{Path(waiver.place.path).as_posix()}:{waiver.place.line}"
    yield b.section(f"{place}: {waiver.rule} [{waiver.subject}]")
    day, of = (waiver.decided_on, _DECIDED) if waiver.decided_on else (waiver.expires, _EXPIRES)
    said = ((_STATE, state), (of, str(day)), (_OWNER, waiver.owner), (_REASON, waiver.reason))
    yield b.Rows(tuple((label, b.line(text)) for label, text in said))
