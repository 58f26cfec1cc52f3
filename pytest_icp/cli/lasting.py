"""How much of a long command is done, and how long the rest will take (进度)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic

from pytest_icp.law.text import Text
from pytest_icp.reports.words import Language, in_languages

_DONE = Text(zh="已完成 {n:,}/{all:,}，约剩 {left}", en="{n:,} of {all:,}, about {left} left")
_SECONDS = Text(zh="{n} 秒", en="{n} s")
_MINUTES = Text(zh="{n} 分钟", en="{n} min")
_LONG = 99
"""Seconds from which minutes are told."""


def telling(say: Callable[[str], None], language: Language) -> Callable[[int, int], None]:
    """Return what a command calls with how much is done of how much; it begins now."""
    return partial(_tell, say, language, monotonic())


def _tell(
    say: Callable[[str], None], language: Language, begun: float, done: int, every: int
) -> None:
    left = (monotonic() - begun) / max(done, 1) * (every - done)
    lasts = _MINUTES.format(n=round(left / 60)) if left > _LONG else _SECONDS.format(n=round(left))
    say(in_languages(_DONE.format(n=done, all=every, left=lasts), language))
