"""Kind ``law`` (专项): what the law asks is not a pattern, and one function of its own decides it.

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
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import Kind
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dated.say import Duty, judge_timely, steps, steps_until
from pytest_icp.kinds.dated.when import Dates, Moment, Open, When, finding, is_before
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
from pytest_icp.kinds.likeness import NATIONWIDE, in_areas, unclear_area
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.kinds.words import condition, shown
from pytest_icp.law.catalogue import covers
from pytest_icp.law.condition import Node, parse_condition
from pytest_icp.law.divisions import SIGNS
from pytest_icp.law.jsontypes import object_of
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

_LEAKED = ("", "general", "larger", "major", "extreme")
"""What the number of persons is called from which on a leak has each grade."""

_AFFECTED = ("", "users", "users_larger", "users_major", "users_extreme")
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
    levels = (*_of_leaks(numbers), *_of_outages(context, numbers))

    def judge(incident: Subject) -> Judgement:
        declared = context.fact(incident, "grade")
        met = ((one, context.decide.truth(one.figures, incident.value)) for one in levels)
        reached = [(one, known) for one, known in met if known is not False]
        if not reached:
            return SATISFIED
        if declared.text not in GRADES:
            return missing(incident, declared.tokens)
        above = [(one, known) for one, known in reached if one.rank > GRADES.index(declared.text)]
        surely = next((one for one, known in above if known and one.open_at is None), None)
        if surely:
            return too_low(incident, declared, surely)
        if not above:
            return SATISFIED
        level, known = above[0]
        at = level.open_at if known else context.open_of(incident, level.figures)
        return missing(incident, at or incident.tokens)

    def too_low(incident: Subject, declared: Fact, level: _Level) -> Judgement:
        which = condition(level.figures, incident.tokens, incident.tokens)
        name, found = GRADES[level.rank], shown(declared.value, declared.tokens)
        message, required = (
            _GRADED_LOW.format(grade=name, found=found),
            _GRADE.format(grade=name, which=which),
        )
        on = day_of(context.fact(incident, "detected_at"))
        return violated(incident, declared.tokens, message, found=found, required=required, on=on)

    return judge


def _of_leaks(numbers: Mapping[str, float]) -> Iterator[_Level]:
    """Yield the grades that leaks reach, the highest first."""
    for rank, name in reversed([*enumerate(_LEAKED)]):
        if name in numbers:
            yield _Level(rank, parse_condition({"leaked_subjects": {"minimum": numbers[name]}}))


def _of_outages(context: Context, numbers: Mapping[str, float]) -> Iterator[_Level]:
    """Yield the grades that outages reach by many users, or a share of the largest service's."""

    def affecting(users: float) -> Node:
        affected = {"minimum": users, "exclusiveMinimum": 0}
        lasts = {"minimum": numbers["minutes"]}
        return parse_condition({"affected_users": affected, "outage_minutes": lasts})

    def share_of(users: float) -> Node:
        return affecting(-(-users * numbers["share"] // _WHOLE))

    for rank, name in reversed([*enumerate(_AFFECTED)]):
        if name in numbers:
            yield _Level(rank, affecting(numbers[name]))
    if "share" not in numbers:
        return
    services = context.subjects("/services")
    counts = [(one, context.fact(one, "registered_users")) for one in services.subjects]
    known = [(one, count.value) for one, count in counts if isinstance(count.value, (int, float))]
    there = [users for one, users in known if not one.open_at]
    perhaps = [(users, one.open_at) for one, users in known if one.open_at]
    # What is not known can only raise the largest, unless there is no service at all.
    open_at = [*services.missing, *(count.tokens for _, count in counts if count.value is None)]
    fewest = 0 if open_at else min((users for users, _ in perhaps), default=None)
    least = max(there, default=fewest)
    if least is None:
        return
    if there and not open_at:
        yield _Level(1, share_of(max([least, *(users for users, _ in perhaps)])))
    open_at += [at for users, at in perhaps if users > least or not there]
    if open_at:
        yield _Level(1, share_of(least), open_at[0])


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
    if issued.value == NEVER:
        return _not_issued(context, licence, issued, first)
    if end is None:
        return missing(licence, until.tokens)
    if context.today <= end:
        return SATISFIED if issued.value is not None else missing(licence, issued.tokens)
    return _after(context, licence, end, in_force_by(context, until, end, ahead))


def _not_issued(context: Context, licence: Subject, issued: Fact, first: Fact) -> Judgement:
    """Judge by a licence that is still to be issued, perhaps in the place of another one."""
    if first.value is None:
        return missing(licence, first.tokens)
    if first.value != NEVER:
        text, found = say.EARLIER_ISSUE, shown(NEVER)
        return unknown(licence, issued.tokens, text, found=found, required=_VALID)
    required = say.NOT_AFTER.format(day=context.today)
    return violated(licence, issued.tokens, _NOT_ISSUED, found=shown(NEVER), required=required)


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
    status: str | None
    others: tuple[tuple[Tokens, Paper], ...] = ()
    anew: date | None = None

    @property
    def since(self) -> date | None:
        """When it was obtained, where that is known."""
        return time_of(self.obtained)

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


def is_contained(pair: Papers) -> bool | OpenFact:
    """Whether one licence lies in the other, else the fact that is not known."""
    provincial, national = pair.provincial, pair.national
    held, theirs = _texts(provincial.codes), _texts(national.codes)
    shared = any(covers(a, b) or covers(b, a) for a in held for b in theirs)
    areas = _texts(national.areas)
    inside = {area: in_areas(area, areas) for area in _texts(provincial.areas)}
    outside = [area for area, truth in inside.items() if not truth]
    codes_open = provincial.codes.is_open or national.codes.is_open
    if not (shared or codes_open) or (False in inside.values() and not national.areas.is_open):
        return False
    asked = [provincial.issuer, national.issuer]
    asked += () if shared else (provincial.codes, national.codes)
    # Wherever in the country a provincial one holds, one for the whole country contains it.
    asked += () if in_areas(NATIONWIDE, areas) else (provincial.areas,)
    asked += (national.areas,) if outside else ()
    open_at = next((fact.tokens for fact in asked if fact.is_open), None)
    if open_at is None and outside:
        return OpenFact(provincial.areas.tokens, unclear_area(outside[0], areas))
    return True if open_at is None else OpenFact(open_at)


def _texts(fact: Fact) -> list[str]:
    return [value for value in fact.values if isinstance(value, str)]


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
    paper = Paper(subject.tokens, issuer, codes, areas, obtained, time_of(until), status.text)
    others = []
    if status.value is None:
        others.append((status.tokens, replace(paper, status=STRUCK_OFF)))
    if until.value is None:
        others.append((until.tokens, replace(paper, until=date.min)))
    return replace(paper, others=tuple(others))


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
    paper = Paper(_LICENCE, issuer, codes, areas, obtained, until, status.text)
    others = []
    if status.value is None:
        others.append((status.tokens, replace(paper, status=STRUCK_OFF)))
        if until:
            others.append((status.tokens, replace(paper, until=None)))
    if status.value != IN_FORCE and printed.value is None:
        others.append((printed.tokens, replace(paper, until=date.min)))
    if told and latest is None:
        others.append((issued.tokens, replace(paper, obtained=first)))
    if obtained is first and latest != time_of(first):
        # It may have its scope only since it was issued anew.
        others.append((since.tokens, replace(paper, obtained=issued)))
        paper = replace(paper, anew=latest)
    return (replace(paper, others=tuple(others)),)


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


def contained(context: Context, given: Mapping[str, Number]) -> Judge:
    """Return what judges one of the other licences, ``within`` a number of days or for ever."""
    within = given.get("within")
    pairs = pairs_of(context)

    def judge(subject: Subject) -> Judgement:
        return reduce(both, (of(subject, pair) for pair in pairs(subject)), NOT_APPLICABLE)

    def of(subject: Subject, pair: Papers) -> Judgement:
        inside = is_contained(pair)
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


_FINE = {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}


def _differ(one: Judgement, other: Judgement) -> bool:
    """Whether it matters which of two judgements holds: of breaches also, when they were over."""
    if {one.verdict, other.verdict} <= _FINE:
        return False
    over, then = ([found.over for found in judged.findings] for judged in (one, other))
    return one.verdict is not other.verdict or over != then


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
    return judge_each(obligation, context, CHECKS[spec.check](context, given))


KIND = Kind("law", Law, check_law)
