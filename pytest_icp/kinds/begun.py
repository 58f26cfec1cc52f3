"""Elements of which nobody says since when they are there (不知道是否已有): perhaps not yet.

What is wrong with such an element, or because of it, is wrong only if it has begun.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.judgement import Judgement, unknown, would_be_violated
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.words import title
from pytest_icp.law.text import Text

_PERHAPS = Text(
    zh="未申报“{fact}”，不知道截至 {day} 是否已有此项",
    en="“{fact}” is not declared, so whether this was there on {day} is not known",
)
_NOT_AFTER = Text(zh="“{fact}”不晚于 {day}", en="“{fact}” is not after {day}")


def begun(begin: Tokens, day: date) -> Text:
    """Return in words that something has begun by a day."""
    return _not_after(title(begin), day.isoformat())


@lru_cache(maxsize=256)
def _not_after(fact: Text, day: str) -> Text:
    return _NOT_AFTER.format(fact=fact, day=day)


@lru_cache(maxsize=256)
def _perhaps(fact: Text, day: str) -> Text:
    return _PERHAPS.format(fact=fact, day=day)


def perhaps_there(subject: Subject, begin: Tokens, day: date) -> Finding:
    """Return that it is not known whether an element is there on a day."""
    message = _perhaps(title(begin), day.isoformat())
    (finding,) = unknown(subject, begin, message, required=begun(begin, day)).findings
    return finding


def if_there(element: Subject, subject: Subject, judgement: Judgement, day: date) -> Judgement:
    """Return what holds of a subject because of an element, which perhaps is not there."""
    begin = element.open_at
    if begin is None or judgement.verdict is not Verdict.VIOLATED:
        return judgement
    gap = perhaps_there(subject, begin, day)
    findings = would_be_violated(begun(begin, day), gap, judgement.findings)
    return replace(judgement, verdict=Verdict.UNKNOWN, findings=findings, upcoming=())
