"""Facts whose absence has a meaning of its own (缺省的含义), so that it is not unknown.

When one fact becomes unknown, a verdict may stay or become unknown. The tables name every fact
of which that is not so, each with its reason; ``*`` stands for the way through lists.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

from pytest_icp.facts.plans import time_plan
from pytest_icp.facts.timeplan import TimePlan
from pytest_icp.kinds.finding import Verdict

CLAIMS = {
    "services*.declared_codes*": "an item that is not declared is not claimed to be operated",
}
NOT_CLAIMED = {
    **CLAIMS,
    "*.sha256": "a document without a hash is taken as it is",
    "*.expires_on": "a document without a last day has none of its own",
    "*.max_age_days": "a document without an age of its own has that of the rule",
    "annual_reports*.year_of_submission": "a report that names no year answers that of its day",
    "licence.attachments*.server_location.*": "a place counts as far as the page prints it",
    "servers*.location.*": "the parts of an address tell each other; one that disagrees is gone",
}
_OVER = "a breach is over only when its end is declared"
OVER = (
    "charges*.charged_at",
    "illegal_content_cases*.disposed_at",
    "illegal_content_cases*.stopped_at",
    "resource_grants*.to",
)
EXEMPTIONS = {
    "*.former_names*": "a former name excuses only when it is declared",
    "company.former_names*": "the same",
    "company.name": "a former name is that of a company with another name today",
    "company": "the same",
    **dict.fromkeys(OVER, _OVER),
    "service_ads*.first_run_on": "an act lies before the licence only when its day is declared",
    "licence.authorised_subsidiaries*": "a subsidiary is authorised only when it is named",
}
DEFECTS = {
    "*.document": "a document that is declared without its file is defective",
    "*.issued_on": "a document that is declared without its day is defective",
    "*.owner*": "a document that is declared without an owner is defective",
}
FIRST_ISSUE = {
    "licence.first_issued_on": "without it, the licence was first issued on the day of this one",
}
TIME = {
    **FIRST_ISSUE,
    "*.valid_from": "a licence whose first day is not known is taken to have begun",
    "renewal": "a licence whose renewal is not known ends on its printed day for the yearly report",
    "renewal.new_valid_until": "the same: it is LIC/valid that asks until when the licence runs",
    "renewal.decided_on": "a decision without its day is taken to have been made",
    "annual_reports*.submitted_at": "a report without its day is not late beyond the look-back",
}


def beginnings(plan: TimePlan, at: str = "") -> set[str]:
    """Return the paths of the days on which elements begin; without it, one has begun."""
    paths = {f"{at}*.{name}" for name, role in plan.fields.items() if role == "begins"}
    for name, child in plan.children.items():
        paths |= beginnings(child, f"{at}*.{name}" if at else name)
    return paths


@cache
def _exceptions(verdict: Verdict) -> tuple[str, ...]:
    begins = beginnings(time_plan("description"))
    match verdict:
        case Verdict.SATISFIED:
            return (*NOT_CLAIMED, *TIME, *begins)
        case Verdict.VIOLATED:
            return (*EXEMPTIONS, *DEFECTS, *TIME, *begins)
    return (*CLAIMS, *FIRST_ISSUE)


@cache
def excepted(path: str, verdict: Verdict) -> bool:
    """Whether a fact may change a verdict given without it; ``path`` has no indices."""
    return any(fnmatchcase(path, pattern) for pattern in _exceptions(verdict))
