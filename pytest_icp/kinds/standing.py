"""The standing of a rule (状态): its verdict, level and waivers combined."""

from __future__ import annotations

from enum import StrEnum

from pytest_icp.kinds.finding import Verdict
from pytest_icp.law.text import Text


class Standing(StrEnum):
    """The standing of a rule or a finding (状态), the worst first."""

    VIOLATED = "violated"
    UNKNOWN = "unknown"
    ADVISORY = "advisory"
    ADVISORY_UNKNOWN = "advisory unknown"
    DUE_SOON = "due soon"
    WAIVED = "waived"
    DECIDED = "decided"
    SATISFIED = "satisfied"
    NOT_APPLICABLE = "not applicable"


FAILING = (Standing.VIOLATED, Standing.UNKNOWN)
"""What fails a run."""

UNDECIDED = (Standing.UNKNOWN, Standing.ADVISORY_UNKNOWN)

OPEN = (*FAILING, Standing.ADVISORY, Standing.ADVISORY_UNKNOWN)
"""What a finding is that nobody has waived, the worst first."""

_NAMES = {
    Standing.VIOLATED: Text(zh="违反", en="violated"),
    Standing.UNKNOWN: Text(zh="无法判断", en="unknown"),
    Standing.ADVISORY: Text(zh="建议性要求未满足", en="advisory, not met"),
    Standing.ADVISORY_UNKNOWN: Text(zh="建议性要求无法判断", en="advisory, unknown"),
    Standing.DUE_SOON: Text(zh="即将到期", en="due soon"),
    Standing.WAIVED: Text(zh="已豁免", en="waived"),
    Standing.DECIDED: Text(zh="认定为已履行", en="decided: complied"),
    Standing.SATISFIED: Text(zh="符合", en="satisfied"),
    Standing.NOT_APPLICABLE: Text(zh="不适用", en="not applicable"),
}

_ADVISORY = {
    Standing.VIOLATED: Standing.ADVISORY,
    Standing.UNKNOWN: Standing.ADVISORY_UNKNOWN,
}


def standing(verdict: Verdict, level: str, *, waived: bool) -> Standing:
    """Return the standing for a verdict and a level."""
    if waived:
        return Standing.WAIVED
    known = Standing(verdict.value)
    return _ADVISORY.get(known, known) if level == "advisory" else known


def standing_name(of: Standing | Verdict) -> Text:
    """Return the word for a standing, or for a verdict alone, in both languages."""
    return _NAMES[Standing(of.value)]


def standing_title(of: Standing) -> Text:
    """Return the same word with a capital, as it begins a line."""
    name = standing_name(of)
    return Text(zh=name.zh, en=name.en[0].upper() + name.en[1:])
