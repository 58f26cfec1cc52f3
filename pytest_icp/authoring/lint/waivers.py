"""Finds waivers that end soon, or have ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pytest_icp.authoring.lint.remark import Remark
from pytest_icp.facts.files.repository import repository_of
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.rule_ids import levels
from pytest_icp.rules.waivers import read_waivers

_SOON = Text(zh="豁免还有 {n} 日到期（{expires}）", en="the waiver ends in {n:day}, on {expires}")
_ENDED = Text(zh="豁免已于 {expires} 到期", en="the waiver ended on {expires}")
_RENEW = Text(
    zh="整改违反的事项，或者由负责岗位重新批准",
    en="fix the violation, or have the owner renew the waiver",
)


def ending_waivers(
    files: Iterable[Path], policies: Iterable[Policy], day: date, days: int
) -> Iterator[Remark]:
    """Yield the waivers of rules that end within so many days, and those that have ended.

    Raises `InputError` for waivers that cannot be used.
    """
    known = [*policies]
    for path in files:
        waivers = read_waivers(
            path,
            levels=levels(known),
            as_of=day,
            longest_days=None,
            root=repository_of(path),
        )
        for waiver in waivers:
            left = (waiver.expires - day).days
            if left > days:
                continue
            text = (_SOON if left >= 0 else _ENDED).format(n=left, expires=waiver.expires)
            yield Remark(
                code="waiver", about=waiver.rule, place=waiver.place, message=text, hint=_RENEW
            )
