"""Whether a provincial licence that lies in a cross-regional one is given up (包含).

Each of the company's other licences is paired with the licence itself and with the others: one
of a province (CA) with one of the ministry (MIIT). It is contained where one of its services and
all its areas are in the other. ``within`` days of obtaining the other, an earlier one is cancelled
or changed at its province; without a time, none is obtained afterwards. Where the licence itself is
the provincial one, the filing is read from the cross-regional one. A licence that was re-issued may
have got a service only then; its ``scope_since`` says since when it has what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.say import Duty, judge_timely, steps
from pytest_icp.kinds.dated.when import Dates, Moment, Open, When, finding, is_before
from pytest_icp.kinds.dates import moment, time_of
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.holdings import LicensedScope, licensed_scope
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judge,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.likeness import NATIONWIDE, in_areas
from pytest_icp.kinds.numbers import resting_on
from pytest_icp.kinds.renewal import ENDED, EXPIRED, IN_FORCE, STRUCK_OFF
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.catalogue import covers
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Number, reckon

# ---- The company's licences (所持许可证), and which of a province may lie in one of the ministry

PROVINCIAL, NATIONAL = "CA", "MIIT"
"""Who issued a licence: the administration of a province, or the ministry."""

_LICENCE: Tokens = ("licence",)


class Paper(Struct, frozen=True):
    """One licence of the company; ``until`` is None of one that has no end yet, or none known.

    ``others`` are what it may be instead, each with the place of the fact that is not known;
    ``anew`` is the day of its last issue, where it may have its scope since any day up to that.
    """

    tokens: Tokens
    issuer: Fact
    codes: Fact
    areas: Fact
    obtained: Fact
    until: date | None
    status: str | None
    others: tuple[tuple[Tokens, Paper], ...] = ()
    anew: date | None = None

    @property
    def since(self) -> date | None:
        """When it was obtained, where that is known."""
        return time_of(self.obtained)

    def or_else(self, *others: tuple[Fact, Paper] | None) -> Paper:
        """Return it with what it may be instead, each for a fact that is not known."""
        each = [(fact.tokens, paper) for fact, paper in filter(None, others)]
        return replace(self, others=tuple(each))

    def got_after(self, day: date | None) -> Iterator[Paper]:
        """Yield it as one that has its scope only since the day after another, if that may be."""
        if day and self.anew and not is_before(day, self.since) and is_before(day, self.anew):
            after = civil_date(day) + timedelta(days=1)
            yield replace(self, obtained=Fact((*self.tokens, "scope_since"), after.isoformat()))


class Papers(Struct, frozen=True):
    """A licence of a province and one of the ministry, or what may be such."""

    provincial: Paper
    national: Paper

    def doubts(self) -> Iterator[tuple[Papers, Tokens]]:
        """Yield the same pair as it may be instead, each with the fact that is not known."""
        for at, other in self.provincial.others:
            yield Papers(other, self.national), at
        for at, other in self.national.others:
            yield Papers(self.provincial, other), at
        for one in self.provincial.got_after(self.national.since):
            yield Papers(one, self.national), one.obtained.tokens
        for one in self.national.got_after(self.provincial.since):
            yield Papers(self.provincial, one), one.obtained.tokens


def pairs_of(context: Context) -> Callable[[Subject], Iterator[Papers]]:
    """Return what pairs one of the other licences with those that it may be contained in.

    As a cross-regional one it is paired with the licence itself alone; its fellows pair with it.
    """
    printed = _printed(context)
    others = [_other(context, one) for one in context.subjects("/other_licences").subjects]

    def pairs(subject: Subject) -> Iterator[Papers]:
        own = _other(context, subject)
        fellows = (one for one in others if one.tokens != own.tokens)
        if own.issuer.text != NATIONAL:
            others_of = (one for one in (*printed, *fellows) if one.issuer.text != PROVINCIAL)
            yield from (Papers(own, one) for one in others_of)
        if own.issuer.text != PROVINCIAL:
            yield from (Papers(one, own) for one in printed if one.issuer.text != NATIONAL)

    return pairs


def is_contained(pair: Papers) -> tuple[bool | None, Tokens | None]:
    """Tell whether one licence lies in the other, else which fact is not known."""
    provincial, national = pair.provincial, pair.national
    held, theirs = _texts(provincial.codes), _texts(national.codes)
    shared = any(covers(a, b) or covers(b, a) for a in held for b in theirs)
    areas = _texts(national.areas)
    outside = [area for area in _texts(provincial.areas) if not in_areas(area, areas)]
    codes_open = provincial.codes.is_open or national.codes.is_open
    if not (shared or codes_open) or (outside and not national.areas.is_open):
        return False, None
    asked = [provincial.issuer, national.issuer]
    asked += () if shared else (provincial.codes, national.codes)
    asked += (provincial.areas, *((national.areas,) if outside else ()))
    open_at = next((fact.tokens for fact in asked if fact.is_open), None)
    return (None, open_at) if open_at else (True, None)


def _texts(fact: Fact) -> list[str]:
    return [value for value in fact.values if isinstance(value, str)]


def _other(context: Context, subject: Subject) -> Paper:
    """Read one of the other licences."""
    issuer, status, codes, areas, obtained, until = (
        context.fact(subject, name)
        for name in ("issuer", "status", "codes", "areas", "obtained_on", "valid_until")
    )
    if not areas.values:
        all_of_it = issuer.value == NATIONAL and areas.value == []
        areas = Fact(areas.tokens, NATIONWIDE if all_of_it else None)
    tokens, end = subject.tokens, time_of(until)
    paper = Paper(tokens, issuer, codes, areas, obtained, end, status.text)
    long_over = (until, replace(paper, until=date.min)) if until.value is None else None
    return paper.or_else(_if_ended(paper, status), long_over)


def _if_ended(paper: Paper, status: Fact) -> tuple[Fact, Paper] | None:
    """Return a licence as one that an authority has ended, where its status is not known."""
    return (status, replace(paper, status=STRUCK_OFF)) if status.value is None else None


def _printed(context: Context) -> tuple[Paper, ...]:
    """Read the licence itself, once it is issued; a province's without areas covers that one."""
    value = context.view.facts.get("licence")
    licence = Subject(_LICENCE, value if isinstance(value, Mapping) else {})
    issuer = context.fact(licence, "issuing_authority.kind")
    scope = licensed_scope(licence.value)
    first, issued, since, status, printed = (
        context.fact(licence, name)
        for name in ("first_issued_on", "issued_on", "scope_since", "status", "valid_until")
    )
    begins, latest = time_of(since), time_of(issued)
    if not begins and first.value == NEVER:
        return ()
    # What it prints it has had since it was issued at the latest.
    told = begins is not None and (latest is None or begins <= latest)
    # Without the day since which it has its scope, that is the first issue, or else a later one.
    days = (since,) if told else (first, issued)
    obtained = next((day for day in days if day.value is None), days[0])
    # One that was renewed still prints its old last day.
    until = None if status.value == IN_FORCE else time_of(printed)
    codes = Fact((*_LICENCE, "service_lines"), sorted(scope.permitted) if scope else None)
    areas = _areas(context, licence, issuer, scope)
    paper = Paper(_LICENCE, issuer, codes, areas, obtained, until, status.text)
    others = [_if_ended(paper, status)]
    if status.value is None and until:
        others.append((status, replace(paper, until=None)))
    if status.value != IN_FORCE and printed.value is None:
        others.append((printed, replace(paper, until=date.min)))
    if told and latest is None:
        others.append((issued, replace(paper, obtained=first)))
    if obtained is first and latest != time_of(first):
        # It may have its scope only since it was issued anew.
        others.append((since, replace(paper, obtained=issued)))
        paper = replace(paper, anew=latest)
    return (paper.or_else(*others),)


def _areas(context: Context, licence: Subject, issuer: Fact, scope: LicensedScope | None) -> Fact:
    """Return the areas of the licence itself; without any it covers all of its authority's."""
    if scope and (scope.areas or scope.areas_at):
        unknown = [None] if scope.areas_at else []
        return Fact(scope.areas_at or _LICENCE, [*sorted(scope.areas), *unknown])
    province = context.fact(licence, "issuing_authority.province")
    covered = NATIONWIDE if issuer.value == NATIONAL else province.text
    if issuer.text is None:
        # A national licence covers more than the province that it is printed with.
        return Fact(issuer.tokens, [covered, None])
    return Fact(province.tokens, covered or None)


_DUPLICATE = Text(
    zh="{then} 取得的省内许可证，已包含在 {first} 取得的跨地区许可证范围内",
    en="this provincial licence of {then} lies within the cross-regional one of {first}",
)


def contained(context: Context, given: Mapping[str, Number]) -> Judge:
    """Return what judges one of the other licences, ``within`` a number of days or for ever."""
    within = given.get("within")
    pairs = pairs_of(context)

    def judge(subject: Subject) -> Judgement:
        return reduce(both, (of(subject, pair) for pair in pairs(subject)), NOT_APPLICABLE)

    def of(subject: Subject, pair: Papers) -> Judgement:
        inside, open_at = is_contained(pair)
        if inside is False:
            return NOT_APPLICABLE
        judged = either_way(subject, pair)
        if open_at is None or judged.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return judged
        return missing(subject, open_at).by(judged.steps)

    def either_way(subject: Subject, pair: Papers) -> Judgement:
        """Judge by what is printed, unless what is not known may turn it."""
        judged = surely(subject, pair)
        for other, open_at in pair.doubts():
            if _differ(judged, surely(subject, other)):
                return missing(subject, open_at).by(judged.steps)
        return judged

    def surely(subject: Subject, pair: Papers) -> Judgement:
        if within:
            return _while_both(context, pair, _cancelled(within, context, subject, pair))
        return _not_duplicate(subject, pair)

    return judge


def _differ(one: Judgement, other: Judgement) -> bool:
    """Whether it matters which of two judgements holds: of breaches also, when they were over."""
    if not {one.verdict, other.verdict} - {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
        return False
    both_over = ([finding.over for finding in judged.findings] for judged in (one, other))
    return one.verdict is not other.verdict or next(both_over) != next(both_over)


def licensed_before(pair: Papers) -> bool | None:
    """Whether the provincial licence was held when the other was obtained (已持有)."""
    first, then = pair.provincial.since, pair.national.since
    if then and pair.provincial.until and pair.provincial.until < then:
        return False
    return None if first is None or then is None else first <= then


def filing_of(context: Context, subject: Subject, *, ended: bool) -> Dates:
    """Find when the provincial licence was given up, at the right authority.

    A filing that was refused is none, unless the licence has ``ended`` all the same.
    """
    done = finding(context, When.on("cancel_or_change_filing.submitted_at"))(subject)
    authority = context.fact(subject, "cancel_or_change_filing.authority")
    decision = context.fact(subject, "cancel_or_change_filing.decision")
    if done.first is None:
        return done
    if authority.value not in {None, PROVINCIAL}:
        return Dates(authority.tokens)
    if decision.value == "refused" and not ended:
        return Dates(decision.tokens)
    # Filed there on that day, or not at all.
    asked = [authority] if ended else [authority, decision]
    at = next((fact.tokens for fact in asked if fact.value is None), None)
    return Dates(at, open=(Open(done.first, at),)) if at else done


def _cancelled(within: Number, context: Context, subject: Subject, pair: Papers) -> Judgement:
    since, since_at = pair.national.since, pair.national.obtained.tokens
    if since is None:
        return missing(subject, since_at)
    before = licensed_before(pair)
    if before is False:
        return NOT_APPLICABLE
    reckoned = reckon(within, since, "after", context.calendar)
    limit, term = reckoned.due, reckoned.term
    ended, until = pair.provincial.status in ENDED, pair.provincial.until
    done = filing_of(context, subject, ended=ended)
    anchor = Moment(since, since_at)
    case = Duty(subject=subject, limit=limit, act=done, anchor=anchor, forward=True, term=term)
    if (until is not None and until < limit.last) or (ended and done.never):
        return context.explained(SATISFIED, lambda: steps(context, case))
    judged = resting_on(judge_timely(context, case), within, reckoned.value)
    if ended and done.open_at and judged.verdict is Verdict.VIOLATED:
        # It was filed late, or was not, and ended otherwise.
        return missing(subject, done.open_at).by(judged.steps)
    if before is None and judged.verdict is not Verdict.SATISFIED:
        return missing(subject, pair.provincial.obtained.tokens).by(judged.steps)
    return judged


def _while_both(context: Context, pair: Papers, judged: Judgement) -> Judgement:
    """Say that a breach was over when the cross-regional licence had run out.

    One that was cancelled or revoked within its term contains no other any more.
    """
    national = pair.national
    until = civil_date(national.until) if national.until else None
    if national.status in ENDED and not (until and until < context.today):
        return NOT_APPLICABLE
    if until is None or national.status not in {*ENDED, EXPIRED}:
        return judged
    return replace(judged, findings=tuple(replace(one, over=until) for one in judged.findings))


def _not_duplicate(subject: Subject, pair: Papers) -> Judgement:
    provincial, national = pair.provincial, pair.national
    for paper in (national, provincial):
        if paper.since is None:
            return missing(subject, paper.obtained.tokens)
    first, then = civil_date(national.since or date.max), provincial.since or date.min
    if national.until and national.until < then:
        return NOT_APPLICABLE
    if then <= first:
        return SATISFIED
    if provincial.status in ENDED:
        return NOT_APPLICABLE
    return violated(
        subject,
        provincial.obtained.tokens,
        _DUPLICATE.format(then=moment(then), first=moment(first)),
        found=plain(moment(then)),
        required=say.NOT_AFTER.format(day=first),
        on=then,
    )
