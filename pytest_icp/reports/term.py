"""The term of the licence (许可期), reported first: until when, and what is urgent.

A licence past its end is worse than any finding, and so is one whose renewal is late: that is said
first wherever something is said of a run, also where nobody declared what became of the renewal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from pytest_icp.engine import Scene, outcome_of
from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds.dated.when import Dated
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.holdings import InForce, application, ended_early, in_force_by, renewal_of
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.catalogue import root_of
from pytest_icp.law.text import Text
from pytest_icp.law.times import civil_date
from pytest_icp.reports.record import Licence, Record, Term, record_of
from pytest_icp.rules.policy import Obligation, Policy
from pytest_icp.rules.selection import Selection

_RENEWAL = "SP12/renewal"

_UNTIL = Text(zh="有效期至 {until}（还有 {days} 日）", en="valid until {until} ({days:day})")
_RENEW = Text(zh="{until}；最迟于 {due} 申请延续", en="{until}; renewal to be applied for by {due}")
_DEEMED = Text(
    zh="已于 {until} 届满，依行政许可法第五十条视为准予延续",
    en="ended on {until}, deemed renewed (Administrative Licensing Law, Art. 50)",
)
_ENDS = Text(zh="许可证还有 {days} 日届满（{until}）", en="LICENCE ENDS in {days:day}, on {until}")
_LAST_DAY = Text(zh="许可证当日届满（{until}）", en="LICENCE ENDS with this day, {until}")
_LATE = Text(
    zh="{ends}；最迟应于 {due} 申请延续，尚未申请",
    en="{ends}; renewal was due by {due}: not filed",
)
_FILED = Text(
    zh="{ends}；最迟应于 {due} 申请延续，是否已申请？",
    en="{ends}; renewal was due by {due}: filed?",
)
_REFUSED = Text(zh="{ends}；申请延续未获批准", en="{ends}; its renewal was refused")
_ENDED = Text(zh="许可证状态为“{status}”", en="LICENCE NOT IN FORCE: its status is {status}")
_EXPIRED = Text(
    zh="许可证已于 {until} 届满（{days} 日前），没有获准延续",
    en="LICENCE EXPIRED {days:day} ago, on {until}; no renewal was granted",
)
_RENEWED = Text(
    zh="许可证已于 {until} 届满（{days} 日前），是否获准延续？",
    en="LICENCE EXPIRED {days:day} ago, on {until}: renewed?",
)


def term_of(scene: Scene, policies: Iterable[Policy]) -> Term:
    """Return how long the licence of a description runs, as of the instant of its scene.

    Whether renewal is late is what the rule of it decides, selected or not; without that rule
    nothing is said of renewal.
    """
    context = scene.context
    printed = context.fact(Subject((), context.view.facts), "/licence/valid_until")
    end = day_of(printed)
    if end is None:
        return Term()
    found = _renewal(policies)
    rule = found[1] if found else None
    ahead = rule.spec.ahead if rule and isinstance(rule.spec, Dated) else None
    known = in_force_by(context, printed, end, ahead)
    status = context.fact(Subject((), context.view.facts), "/licence/status")
    if ended_early(status, end, context.today):
        said = _ENDED.format(status=str(status.value))
        return Term(said=said, urgent=said)
    if known.last == date.max:
        return Term(said=_DEEMED.format(until=end))
    days = (known.last - context.today).days
    if days < 0:
        return _ended(known, -days)
    term = Term(until=known.last.isoformat(), said=_UNTIL.format(until=known.last, days=days))
    if found is None or ahead is None:
        return term
    ends = (_ENDS if days else _LAST_DAY).format(until=known.last, days=days)
    if known.outcome == "refused":
        return replace(term, urgent=_REFUSED.format(ends=ends))
    verdict = outcome_of(scene, *found).verdict
    due = civil_date(application(known.last, ahead).due.last)
    applied = renewal_of(context).applied_on
    if verdict is Verdict.NOT_APPLICABLE or day_of(applied):
        return term
    if (due - context.today).days > context.settings.warn_days:
        return term
    if context.today <= due:
        return replace(term, said=_RENEW.format(until=term.said, due=due))
    late = _LATE if applied.value == NEVER else _FILED
    return replace(term, urgent=late.format(ends=ends, due=due))


def recorded(scene: Scene, selection: Selection) -> Record:
    """Return the record of a description: how long its licence runs, and what has no rules."""
    term = term_of(scene, selection.policies)
    families = {root_of(one.family) for one in selection.policies if one.family}
    licences = tuple(
        Licence(
            name=one.name,
            lines=one.lines,
            areas=one.areas,
            without_rules=tuple(line for line in one.lines if line not in families),
        )
        for one in scene.licences
    )
    return record_of(scene.description, scene.name, term, selection.left, licences)


def _ended(known: InForce, days: int) -> Term:
    said = (_RENEWED if known.gap else _EXPIRED).format(until=known.last, days=days)
    return Term(until=known.last.isoformat(), said=said, urgent=said)


def _renewal(policies: Iterable[Policy]) -> tuple[Policy, Obligation] | None:
    rules = ((policy, rule) for policy in policies for rule in policy.obligations)
    return next((found for found in rules if found[1].rule_id == _RENEWAL), None)
