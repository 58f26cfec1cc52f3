"""Kind ``law`` (专项): duties that fit no pattern, each decided by a function of its own.

``check`` names the function, ``with`` gives the numbers of the law that it reckons with.

The grade of an incident (事件等级) is not below what its figures reach. A leak has the grade of
whose number of persons it reaches, and an outage that lasts the ``minutes`` that of the ``users``
whom it affects. It is 一般 as well when they are the ``share`` in per cent of the users of the
service that has the most. A higher grade than the figures reach is allowed.

The licence is in force (许可证有效) within its term, renewed or deemed renewed. An expired one
remains valid once a renewal is granted, or while one applied for in time was not decided by the day
of expiry: 行政许可法 第五十条 deems it renewed. The last printed day counts.

A provincial licence that lies in a cross-regional one is given up (包含). Each of the company's
other licences is paired with the licence itself and with the others: one of a province (CA) with
one of the ministry (MIIT). It is contained where one of its services and all its areas are in the
other. ``within`` days of obtaining the other, an earlier one is cancelled or changed at its
province; without a time, none is obtained afterwards. Where the licence itself is the provincial
one, the filing is read from the cross-regional one. A licence that was re-issued may have got a
service only then; its ``scope_since`` says since when it has what it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import reduce
from typing import Any, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import Kind
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.say import Duty, judge_timely, steps, steps_until
from pytest_icp.kinds.dated.when import Moment, When, finding, is_before
from pytest_icp.kinds.dates import day_of, moment, time_of
from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.kinds.holdings import (
    ENDED,
    EXPIRED,
    IN_FORCE,
    STRUCK_OFF,
    InForce,
    LicensedScope,
    OpenFact,
    application,
    by_its_value,
    in_force_by,
    licensed_scope,
    lies_in,
)
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judge,
    Judgement,
    both,
    missing,
    noted,
    resting_on,
    unknown,
    violated,
)
from pytest_icp.kinds.likeness import NATIONWIDE
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import condition, shown
from pytest_icp.law.catalogue import covers
from pytest_icp.law.condition import Node, is_number, parse_condition
from pytest_icp.law.divisions import SIGNS
from pytest_icp.law.jsontypes import object_of, texts_of
from pytest_icp.law.text import Text, counted, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Amount, Number, reckon
from pytest_icp.rules.policy import Obligation, Spec

# ---- The grade of an incident

_GRADED_LOW = Text(
    zh="数据已达到“{grade}”，申报的等级为“{found}”",
    en="by its figures it is {grade}, but {found} is declared",
)
_GRADE = Text(zh="不低于“{grade}”（{which}）", en="at least {grade} ({which})")

GRADES = ("none", "一般", "较大", "重大", "特别重大")
"""The grades of incidents, in rising order."""

_LEAKED = {"extreme": 4, "major": 3, "larger": 2, "general": 1}
"""What the number of persons is called from which on a leak has each grade."""

_AFFECTED = {"users_extreme": 4, "users_major": 3, "users_larger": 2, "users": 1}
"""The same of the users whom an outage affects."""

_WHOLE = 100


class _Level(Struct, frozen=True):
    """A grade, and the figures that reach it; with ``open_at``, as far as that fact allows."""

    rank: int
    figures: Node
    open_at: Tokens | None = None


def grade(context: Context, given: Mapping[str, Number]) -> Judge:
    """Return what judges an incident by the figures ``given`` for grades or for outages."""
    numbers = {name: number.standing(context.today).n for name, number in given.items()}
    levels = tuple(_levels(context, numbers))

    def judge(incident: Subject) -> Judgement:
        declared = context.fact(incident, "grade")
        met = ((one, context.decide.truth(one.figures, incident.value)) for one in levels)
        reached = [(one, known) for one, known in met if known is not False]
        if reached and declared.text not in GRADES:
            return missing(incident, declared.tokens)
        above = [one for one in reached if one[0].rank > GRADES.index(str(declared.text))]
        for level, known in above:
            if known and level.open_at is None:
                return too_low(incident, declared, level)
        for level, known in above:
            at = level.open_at if known else context.open_of(incident, level.figures)
            return missing(incident, at or incident.tokens)
        return SATISFIED

    def too_low(incident: Subject, declared: Fact, level: _Level) -> Judgement:
        which = condition(level.figures, incident.tokens, incident.tokens)
        name, found = GRADES[level.rank], shown(declared.value, declared.tokens)
        message = _GRADED_LOW.format(grade=name, found=found)
        required = _GRADE.format(grade=name, which=which)
        on = day_of(context.fact(incident, "detected_at"))
        return violated(incident, declared.tokens, message, found=found, required=required, on=on)

    return judge


def _levels(context: Context, numbers: Mapping[str, float]) -> Iterator[_Level]:
    """Yield the grades that leaks reach, and those of outages, the highest first."""

    def affecting(users: float) -> Node:
        affected = {"minimum": users, "exclusiveMinimum": 0}
        lasts = {"minimum": numbers["minutes"]}
        return parse_condition({"affected_users": affected, "outage_minutes": lasts})

    for name, rank in _LEAKED.items():
        if name in numbers:
            yield _Level(rank, parse_condition({"leaked_subjects": {"minimum": numbers[name]}}))
    for name, rank in _AFFECTED.items():
        if name in numbers:
            yield _Level(rank, affecting(numbers[name]))
    for users, open_at in _largest(context) if "share" in numbers else ():
        yield _Level(1, affecting(-(-users * numbers["share"] // _WHOLE)), open_at)


def _largest(context: Context) -> Iterator[tuple[float, Tokens | None]]:
    """Yield how many users the service has that has the most, as far as a fact allows."""
    services = context.subjects("/services")
    counts = [(one.open_at, context.fact(one, "registered_users")) for one in services.subjects]
    known = [(users.value, at) for at, users in counts if is_number(users.value)]
    there = [users for users, at in known if not at]
    # What is not known can only raise the largest, unless there is no service at all.
    open_at = [*services.missing, *(users.tokens for _, users in counts if users.value is None)]
    fewest = 0 if open_at else min((users for users, _ in known), default=None)
    least = max(there, default=fewest)
    if least is None:
        return
    if there and not open_at:
        yield max(users for users, _ in known), None
    open_at += [at for users, at in known if at and (users > least or not there)]
    if open_at:
        yield least, open_at[0]


# ---- The licence is in force

_STATUS = Text(zh="许可证状态为“{status}”", en="the status of the licence is {status}")
_NOT_ISSUED = Text(zh="许可证尚未颁发", en="the licence has not been issued yet")
_EXPIRED = Text(
    zh="许可证已于 {until} 到期（{days} 日前），没有已批准的延续",
    en="the licence expired on {until}, {days:day} ago, and no renewal was granted",
)
_REFUSED = Text(zh="延续申请未获批准", en="the renewal was refused")
_VALID = Text(zh="在有效期内，或已获准延续", en="valid, or renewed")
_DEEMED = Text(
    zh="已按期申请延续，届满前未作决定，依行政许可法第五十条视为准予延续",
    en="applied for in time and not decided by {until}: deemed renewed (Licensing Law 50)",
)


def in_force(context: Context, given: Mapping[str, Number]) -> Judge:
    """Return what judges the licence.

    ``ahead`` is how many days before the last day an application for renewal is in time.
    """
    ahead = Amount(days=given["ahead"]) if "ahead" in given else None

    def judge(licence: Subject) -> Judgement:
        until = context.fact(licence, "valid_until")
        judged = _by_status(context, licence, until, _by_dates(context, licence, until, ahead))
        judged = by_its_value(judged, day_of(until), ahead)
        return context.explained(judged, lambda: _steps(context, day_of(until), ahead))

    return judge


def _by_status(context: Context, licence: Subject, until: Fact, dates: Judgement) -> Judgement:
    """Return what the dates say, unless the status says otherwise."""
    status, end = context.fact(licence, "status"), day_of(until)
    if status.text is None:
        is_good = dates.verdict is Verdict.SATISFIED
        return missing(licence, status.tokens) if is_good else dates
    # Whether an expired licence was renewed, in law as well, is not for the system to say.
    expired = status.text == EXPIRED and (end is None or context.today > end)
    if status.text == IN_FORCE or expired:
        return dates
    message = _STATUS.format(status=status.text)
    found, required = plain(status.text), plain(IN_FORCE)
    return violated(licence, status.tokens, message, found=found, required=required)


def _by_dates(context: Context, licence: Subject, until: Fact, ahead: Amount | None) -> Judgement:
    issued, first = (context.fact(licence, name) for name in ("issued_on", "first_issued_on"))
    end = day_of(until)
    if issued.value == NEVER and first.value == NEVER:
        required = say.NOT_AFTER.format(day=context.today)
        return violated(licence, issued.tokens, _NOT_ISSUED, found=shown(NEVER), required=required)
    if issued.value == NEVER and first.value is not None:
        # It is to be issued in the place of another one.
        text, found = say.EARLIER_ISSUE, shown(NEVER)
        return unknown(licence, issued.tokens, text, found=found, required=_VALID)
    if end is None or issued.value == NEVER:
        return missing(licence, until.tokens if issued.value != NEVER else first.tokens)
    if context.today <= end:
        return SATISFIED if issued.value is not None else missing(licence, issued.tokens)
    return _after(context, licence, end, in_force_by(context, until, end, ahead))


def _after(context: Context, licence: Subject, printed: date, known: InForce) -> Judgement:
    """Judge an expired licence by its renewal."""
    if known.outcome == "refused":
        found, at = plain("refused"), ("renewal", "decision")
        return violated(licence, at, _REFUSED, found=found, required=_VALID)
    if known.gap:
        return known.gap.judged(licence, _VALID)
    if known.outcome == "pending" and known.last == date.max:
        return noted(NoteKind.DEEMED, _DEEMED.format(until=printed), known.fact.tokens)
    if context.today <= known.last:
        return SATISFIED
    days = (context.today - known.last).days
    return violated(
        licence,
        known.fact.tokens,
        _EXPIRED.format(until=known.last, days=days),
        found=plain(moment(known.last)),
        required=_VALID,
        due=known.last,
    )


def _steps(context: Context, end: date | None, ahead: Amount | None) -> Iterator[Text]:
    if end is None:
        return
    yield from steps_until(end, None, end)
    if ahead is not None and context.today > end:
        reckoned = application(end, ahead)
        span = counted(int(reckoned.value.n), ahead.number.unit)
        yield say.MINUS.format(start=end, span=span, end=reckoned.due.last)


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
    status: Fact
    others: tuple[tuple[Tokens, Paper], ...] = ()
    anew: date | None = None

    @property
    def since(self) -> date | None:
        """When it was obtained, where that is known."""
        return time_of(self.obtained)

    @property
    def is_ended(self) -> bool:
        """Whether an authority has ended it."""
        return self.status.value in ENDED

    def perhaps(self, fact: Fact, **other: Any) -> Paper:
        """Return the same, that may be otherwise instead, as a fact is not known.

        So may be what it may be instead for another fact.
        """
        instead = (fact.tokens, replace(self, **other, others=()))
        each = [(at, replace(one, **other)) for at, one in self.others if at != fact.tokens]
        return replace(self, others=(*self.others, instead, *each))

    def instead(self, day: date | None) -> Iterator[tuple[Tokens, Paper]]:
        """Yield what it may be instead; perhaps it has its scope only since the day after one."""
        yield from self.others
        if day and self.anew and not is_before(day, self.since) and is_before(day, self.anew):
            at, after = (*self.tokens, "scope_since"), civil_date(day) + timedelta(days=1)
            yield at, replace(self, obtained=Fact(at, after.isoformat()))


class Papers(Struct, frozen=True):
    """A licence of a province and one of the ministry, or what may be such."""

    provincial: Paper
    national: Paper

    @property
    def is_contained(self) -> bool | OpenFact:
        """Whether one licence lies in the other, else the fact that is not known."""
        mine, theirs = self.provincial, self.national
        pairs = [(a, b) for a in texts_of(mine.codes.value) for b in texts_of(theirs.codes.value)]
        shared = any(covers(a, b) or covers(b, a) for a, b in pairs)
        asked = [mine.issuer, theirs.issuer, *(() if shared else (mine.codes, theirs.codes))]
        inside = lies_in(mine.areas, theirs.areas)
        if inside is False or not (shared or mine.codes.is_open or theirs.codes.is_open):
            return False
        open_at = next((fact.tokens for fact in asked if fact.is_open), None)
        return inside if open_at is None else OpenFact(open_at)

    def doubts(self) -> Iterator[tuple[Tokens, Papers]]:
        """Yield the same pair as it may be instead, each with the fact that is not known."""
        for at, one in self.provincial.instead(self.national.since):
            yield at, Papers(one, self.national)
        for at, one in self.national.instead(self.provincial.since):
            yield at, Papers(self.provincial, one)


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


def _other(context: Context, subject: Subject) -> Paper:
    """Read one of the other licences."""
    issuer, status, codes, areas, number, obtained, until = (
        context.fact(subject, name)
        for name in ("issuer", "status", "codes", "areas", "number", "obtained_on", "valid_until")
    )
    if not areas.values:
        # One that prints no area covers all of its authority's, whose province the number tells.
        covered = {NATIONAL: NATIONWIDE, PROVINCIAL: SIGNS.get((number.text or "")[:1])}
        told = covered.get(issuer.text or "") if areas.value == [] else None
        areas = Fact(areas.tokens, told)
    paper = Paper(subject.tokens, issuer, codes, areas, obtained, time_of(until), status)
    if status.value is None:
        paper = paper.perhaps(status, status=Fact(status.tokens, STRUCK_OFF))
    return paper.perhaps(until, until=date.min) if until.value is None else paper


def _printed(context: Context) -> tuple[Paper, ...]:
    """Read the licence itself, once it is issued; a province's without areas covers that one."""
    licence = Subject(_LICENCE, object_of(context.view.facts.get("licence")))
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
    paper = Paper(_LICENCE, issuer, codes, areas, obtained, until, status)
    if status.value is None:
        paper = paper.perhaps(status, status=Fact(status.tokens, STRUCK_OFF))
        paper = paper.perhaps(status, until=None)
    if status.value != IN_FORCE and printed.value is None:
        paper = paper.perhaps(printed, until=date.min)
    if told and latest is None:
        paper = paper.perhaps(issued, obtained=first)
    if obtained is first and latest != time_of(first):
        # It may have its scope only since it was issued anew.
        paper = replace(paper.perhaps(since, obtained=issued), anew=latest)
    return (paper,)


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


_AREAS = Text(zh="写明所在的省、市", en="the province or city is named")
_DUPLICATE = Text(
    zh="{then} 取得的省内许可证，已包含在 {first} 取得的跨地区许可证范围内",
    en="this provincial licence of {then} lies within the cross-regional one of {first}",
)
_FILED = "cancel_or_change_filing"
_AT_ITS_PROVINCE = parse_condition({_FILED: {"authority": PROVINCIAL}})
_GIVEN_UP = parse_condition({_FILED: {"authority": PROVINCIAL, "decision": {"not": "refused"}}})
"""What a filing meets to count; of a licence that has ended all the same it need not be granted."""

_FINE = {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}


def contained(context: Context, given: Mapping[str, Number]) -> Judge:
    """Return what judges one of the other licences, ``within`` a number of days or for ever."""
    within = given.get("within")
    pairs = pairs_of(context)

    def judge(subject: Subject) -> Judgement:
        return reduce(both, (of(subject, pair) for pair in pairs(subject)), NOT_APPLICABLE)

    def of(subject: Subject, pair: Papers) -> Judgement:
        inside = pair.is_contained
        if inside is False:
            return NOT_APPLICABLE
        judged = surely(subject, pair)
        # What is not known may turn what is printed.
        turned = (at for at, other in pair.doubts() if _differ(judged, surely(subject, other)))
        gap = next(map(OpenFact, turned), None)
        if inside is not True and (gap or judged.verdict not in _FINE):
            gap = inside
        return judged if gap is None else gap.judged(subject, _AREAS).by(judged.steps)

    def surely(subject: Subject, pair: Papers) -> Judgement:
        if within:
            return _while_both(context, pair, _cancelled(within, context, subject, pair))
        return _not_duplicate(subject, pair)

    return judge


def _differ(one: Judgement, other: Judgement) -> bool:
    """Whether it matters which of two judgements holds: of breaches also, when they were over."""
    if {one.verdict, other.verdict} <= _FINE:
        return False
    over, then = ([found.over for found in judged.findings] for judged in (one, other))
    return one.verdict is not other.verdict or over != then


def _cancelled(within: Number, context: Context, subject: Subject, pair: Papers) -> Judgement:
    """Judge when a provincial licence was given up that was held before the other."""
    mine, theirs = pair.provincial, pair.national
    first, since, until = mine.since, theirs.since, mine.until
    if since is None:
        return missing(subject, theirs.obtained.tokens)
    if (until and until < since) or (first and first > since):
        return NOT_APPLICABLE
    reckoned = reckon(within, since, "after", context.calendar)
    where = _AT_ITS_PROVINCE if mine.is_ended else _GIVEN_UP
    case = Duty(
        subject=subject,
        limit=reckoned.due,
        act=finding(context, When(at=(f"{_FILED}.submitted_at",), where=where))(subject),
        anchor=Moment(since, theirs.obtained.tokens),
        forward=True,
        term=reckoned.term,
    )
    if (until is not None and until < case.limit.last) or (mine.is_ended and case.act.never):
        return context.explained(SATISFIED, lambda: steps(context, case))
    judged = resting_on(judge_timely(context, case), within, reckoned.value)
    if mine.is_ended and case.act.open_at and judged.verdict is Verdict.VIOLATED:
        # It was filed late, or was not, and ended otherwise.
        return missing(subject, case.act.open_at).by(judged.steps)
    if first is None and judged.verdict is not Verdict.SATISFIED:
        return missing(subject, mine.obtained.tokens).by(judged.steps)
    return judged


def _while_both(context: Context, pair: Papers, judged: Judgement) -> Judgement:
    """Say that a breach was over when the cross-regional licence had run out.

    One that was cancelled or revoked within its term contains no other any more.
    """
    national = pair.national
    until = civil_date(national.until) if national.until else None
    if national.is_ended and not (until and until < context.today):
        return NOT_APPLICABLE
    if until is None or national.status.value not in {*ENDED, EXPIRED}:
        return judged
    return replace(judged, findings=tuple(replace(one, over=until) for one in judged.findings))


def _not_duplicate(subject: Subject, pair: Papers) -> Judgement:
    provincial, national = pair.provincial, pair.national
    first, then = national.since, provincial.since
    if first is None or then is None:
        fact = provincial.obtained if first else national.obtained
        return missing(subject, fact.tokens)
    if national.until and national.until < then:
        return NOT_APPLICABLE
    if then <= civil_date(first):
        return SATISFIED
    if provincial.is_ended:
        return NOT_APPLICABLE
    return violated(
        subject,
        provincial.obtained.tokens,
        _DUPLICATE.format(then=moment(then), first=moment(civil_date(first))),
        found=plain(moment(then)),
        required=say.NOT_AFTER.format(day=civil_date(first)),
        on=then,
    )


# ---- The functions by their names, and the kind

Judges: TypeAlias = Callable[[Context, Mapping[str, Number]], Judge]
"""Returns, for a context and the numbers that a rule gives, what judges one subject."""

CHECKS: Mapping[str, Judges] = {
    "incident.grade": grade,
    "licence.contained": contained,
    "licence.in_force": in_force,
}


_UNITS = {"ahead": "days", "within": "days"}


class Law(Spec, frozen=True, rename={"given": "with"}):
    """The name of a function, and the numbers that it reckons with."""

    check: str
    given: Mapping[str, Number] = field(default_factory=dict)

    @property
    def event_decides_law(self) -> bool:
        """Whether a term runs from an event: then the law of its day counts."""
        return "within" in self.given


def check_law(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``law``."""
    spec = obligation.spec_as(Law)
    # A number that a policy writes itself has the unit that the schema gives to its field.
    given = {
        name: replace(one, unit=_UNITS.get(name, one.unit)) for name, one in spec.given.items()
    }
    span = obligation.past.span
    if span:
        given = {name: replace(one, values=(one.standing(span[0]),)) for name, one in given.items()}
    return judge_each(obligation, context, CHECKS[spec.check](context, given))


KIND = Kind("law", Law, check_law)
