"""Kind ``containment`` (包含): a provincial licence contained in a cross-regional one is cancelled.

Each of the company's other licences is paired with the licence itself and with the others: one
of a province (CA) with one of the ministry (MIIT). It is contained where one of its services and
all its areas are in the other. ``compare: cancel`` requires that an earlier one is cancelled
or changed at its province ``within: {days: n}`` of obtaining the other; ``compare: duplicate``
that none is obtained afterwards. Where the licence itself is the provincial one, the filing
is read from the cross-regional one. A licence that was re-issued may have got a service only then;
``scope_since`` of the licence says since when it has what it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import reduce
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.areas import NATIONWIDE, in_areas
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import moment, time_of
from pytest_icp.kinds.finding import Outcome, Verdict
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    violated,
)
from pytest_icp.kinds.kind import Kind
from pytest_icp.kinds.licence_scope import licensed_scope
from pytest_icp.kinds.selection import judge_each
from pytest_icp.kinds.subjects import Subject, Tokens
from pytest_icp.kinds.timeliness import DatedDuty, Done, done_at, judge_timely, steps_of
from pytest_icp.law.catalogue import covers
from pytest_icp.law.deadline import Term, Unit, reckon
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.rules.policy import Obligation, Spec

_DUPLICATE = Text(
    zh="{then} 取得的省内许可证，已包含在 {first} 取得的跨地区许可证范围内",
    en="this provincial licence of {then} lies within the cross-regional one of {first}",
)

ENDED = frozenset({"注销", "撤销", "吊销", "无效"})
"""The statuses of a licence that an authority has ended."""

_EXPIRED = "过期"
_PROVINCIAL, _NATIONAL = "CA", "MIIT"
_LICENCE: Tokens = ("licence",)
_SCOPE_SINCE: Tokens = ("licence", "scope_since")


class Within(Struct, frozen=True):
    """How many days after the other licence was obtained."""

    days: int


class Containment(Spec, frozen=True):
    """What is required of a licence that lies in another."""

    compare: Literal["cancel", "duplicate"]
    within: Within | None = None

    @property
    def event_decides_law(self) -> bool:
        """Whether a term runs from an event: then the law of its day counts."""
        return self.within is not None


class Paper(Struct, frozen=True):
    """One licence of the company; ``issuer_at``, ``codes_at``, ``areas_at`` where not known.

    ``until_at`` is a fact that is not known, so that the printed last day may be an old one.
    ``reissued`` is a later day on which its scope may have become what it is.
    """

    tokens: Tokens
    issuer: str | None
    issuer_at: Tokens | None
    codes: frozenset[str]
    codes_at: Tokens | None
    areas: frozenset[str]
    areas_at: Tokens | None
    obtained: date | None
    obtained_at: Tokens
    until: date | None
    until_at: Tokens | None
    status: str | None
    reissued: date | None = None


class Pair(Struct, frozen=True):
    """A licence of a province and one of the ministry, or what may be such."""

    provincial: Paper
    national: Paper

    def doubts(self) -> Iterator[tuple[Pair, Tokens]]:
        """Yield the same pair as it may be instead, each with the fact that is not known.

        A last day may be an old one, and a re-issued licence may have its scope only since then.
        """
        both_of = (self.provincial, self.national)
        perhaps = self.provincial.until_at or self.national.until_at
        if perhaps:
            yield Pair(*(_renewed(paper) for paper in both_of)), perhaps
        for one in both_of:
            if one.reissued:
                later = replace(one, obtained=one.reissued)
                yield Pair(*(later if paper is one else paper for paper in both_of)), _SCOPE_SINCE


def _renewed(paper: Paper) -> Paper:
    return replace(paper, until=None) if paper.until_at else paper


def check_containment(obligation: Obligation, context: Context) -> Outcome:
    """Decide a ``containment``."""
    within = obligation.spec_as(Containment).within

    def judge(subject: Subject) -> Judgement:
        return reduce(
            both, (of(subject, pair) for pair in pairs_of(context, subject)), NOT_APPLICABLE
        )

    def of(subject: Subject, pair: Pair) -> Judgement:
        inside, open_at = contained(pair)
        if inside is False:
            return NOT_APPLICABLE
        judged = either_way(subject, pair)
        if open_at is None or judged.verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return judged
        return missing(subject, open_at).by(judged.steps)

    def either_way(subject: Subject, pair: Pair) -> Judgement:
        """Judge by what is printed, unless what is not known may turn it."""
        judged = surely(subject, pair)
        for other, open_at in pair.doubts():
            if surely(subject, other).verdict is not judged.verdict:
                return missing(subject, open_at).by(judged.steps)
        return judged

    def surely(subject: Subject, pair: Pair) -> Judgement:
        if within:
            return _while_both(context, pair, _cancelled(within, context, subject, pair))
        return _not_duplicate(subject, pair)

    return judge_each(obligation, context, judge)


def pairs_of(context: Context, subject: Subject) -> Iterator[Pair]:
    """Yield the pairs of one of the other licences with those that it may be contained in.

    As a cross-regional one it is paired with the licence itself alone; its fellows pair with it.
    """
    own, printed = _other(context, subject), _printed(context)
    others = context.subjects("/other_licences").subjects
    fellows = [_other(context, one) for one in others if one.tokens != subject.tokens]
    for national in (*printed, *fellows):
        if own.issuer != _NATIONAL and national.issuer != _PROVINCIAL:
            yield Pair(own, national)
    for provincial in printed:
        if provincial.issuer != _NATIONAL and own.issuer != _PROVINCIAL:
            yield Pair(provincial, own)


def contained(pair: Pair) -> tuple[bool | None, Tokens | None]:
    """Tell whether one licence lies in the other, else which fact is not known."""
    provincial, national = pair.provincial, pair.national
    shared = any(covers(a, b) or covers(b, a) for a in provincial.codes for b in national.codes)
    codes_at = None if shared else provincial.codes_at or national.codes_at
    outside = [area for area in provincial.areas if not in_areas(area, national.areas)]
    if (not shared and codes_at is None) or (outside and national.areas_at is None):
        return False, None
    areas_at = provincial.areas_at or (national.areas_at if outside else None)
    open_at = provincial.issuer_at or national.issuer_at or codes_at or areas_at
    return (None, open_at) if open_at else (True, None)


def licensed_before(pair: Pair) -> bool | None:
    """Whether the provincial licence was held when the other was obtained (已持有)."""
    first, then = pair.provincial.obtained, pair.national.obtained
    if then and pair.provincial.until and pair.provincial.until < then:
        return False
    return None if first is None or then is None else first <= then


def filing_of(context: Context, subject: Subject) -> Done:
    """Find when the provincial licence was given up, at the right authority."""
    at = context.fact(subject, "cancel_or_change_filing.submitted_at")
    authority = context.fact(subject, "cancel_or_change_filing.authority")
    done = done_at(at)
    if done.at is None or authority.value == _PROVINCIAL:
        return done
    # Filed somewhere else is not filed; where it is not known where, it may be.
    return Done(authority.tokens, None, never=authority.value is not None)


def _cancelled(within: Within, context: Context, subject: Subject, pair: Pair) -> Judgement:
    since = pair.national.obtained
    if since is None:
        return missing(subject, pair.national.obtained_at)
    before = licensed_before(pair)
    if before is False:
        return NOT_APPLICABLE
    term = Term(start=since, direction="after", amount=within.days, unit=Unit.DAYS)
    limit = reckon(term, context.calendar)
    done, until = filing_of(context, subject), pair.provincial.until
    case = DatedDuty(subject, limit, done, civil_date(since), forward=True, term=term)
    over = pair.provincial.status in ENDED or (until is not None and until < limit.last)
    if done.at is None and over:
        return SATISFIED.by(lambda: steps_of(context, case))
    judged = judge_timely(context, case)
    if before is None and judged.verdict is not Verdict.SATISFIED:
        return missing(subject, pair.provincial.obtained_at).by(judged.steps)
    return judged


def _while_both(context: Context, pair: Pair, judged: Judgement) -> Judgement:
    """Say that a breach was over when the cross-regional licence had run out.

    One that was cancelled or revoked within its term contains no other any more.
    """
    national = pair.national
    if national.status in ENDED and not (national.until and _is_past(context, national.until)):
        return NOT_APPLICABLE
    if national.until is None or national.status not in {*ENDED, _EXPIRED}:
        return judged
    over = civil_date(national.until)
    return replace(judged, findings=tuple(replace(one, over=over) for one in judged.findings))


def _is_past(context: Context, until: date) -> bool:
    return civil_date(until) < context.today


def _not_duplicate(subject: Subject, pair: Pair) -> Judgement:
    provincial, national = pair.provincial, pair.national
    for paper in (national, provincial):
        if paper.obtained is None:
            return missing(subject, paper.obtained_at)
    first, then = civil_date(national.obtained or date.max), provincial.obtained or date.min
    if national.until and national.until < then:
        return NOT_APPLICABLE
    if then <= first:
        return SATISFIED
    if provincial.status in ENDED:
        return NOT_APPLICABLE
    return violated(
        subject,
        provincial.obtained_at,
        _DUPLICATE.format(then=moment(then), first=moment(first)),
        found=plain(moment(then)),
        required=say.NOT_AFTER.format(day=first),
        on=then,
    )


def _other(context: Context, subject: Subject) -> Paper:
    """Read one of the other licences."""
    issuer, status = context.fact(subject, "issuer"), context.fact(subject, "status")
    codes, areas = context.fact(subject, "codes"), context.fact(subject, "areas")
    obtained = context.fact(subject, "obtained_on")
    printed = frozenset(area for area in areas.values if isinstance(area, str))
    if issuer.value == _NATIONAL and areas.value == []:
        printed = frozenset({NATIONWIDE})
    unknown = not printed or None in areas.values
    return Paper(
        tokens=subject.tokens,
        issuer=issuer.text,
        issuer_at=None if issuer.text else issuer.tokens,
        codes=frozenset(code for code in codes.values if isinstance(code, str)),
        codes_at=codes.tokens if codes.is_open else None,
        areas=printed,
        areas_at=areas.tokens if unknown else None,
        obtained=time_of(obtained),
        obtained_at=obtained.tokens,
        until=time_of(context.fact(subject, "valid_until")),
        until_at=None,
        status=status.text,
    )


def _printed(context: Context) -> tuple[Paper, ...]:
    """Read the licence itself, once it is issued; a province's without areas covers that one."""
    value = context.view.facts.get("licence")
    licence = Subject(_LICENCE, value if isinstance(value, Mapping) else {})
    issuer = context.fact(licence, "issuing_authority.kind")
    scope = licensed_scope(licence.value)
    areas, areas_at = (scope.areas, scope.areas_at) if scope else (frozenset[str](), None)
    if not areas and areas_at is None:
        province = context.fact(licence, "issuing_authority.province")
        covered = NATIONWIDE if issuer.value == _NATIONAL else province.text
        areas = frozenset({covered}) if covered else areas
        areas_at = None if covered else province.tokens
        # A national licence covers more than the province that it is printed with.
        areas_at = issuer.tokens if issuer.text is None else areas_at
    first, issued = (context.fact(licence, name) for name in ("first_issued_on", "issued_on"))
    since = context.fact(licence, "scope_since")
    obtained = next((day for day in (since, first) if time_of(day)), issued)
    if obtained.value == NEVER:
        return ()
    again = time_of(issued) if obtained is first else None
    status = context.fact(licence, "status")
    # One that was renewed still prints its old last day.
    until = None if status.value == "正常" else time_of(context.fact(licence, "valid_until"))
    paper = Paper(
        tokens=_LICENCE,
        issuer=issuer.text,
        issuer_at=None if issuer.text else issuer.tokens,
        codes=scope.permitted if scope else frozenset(),
        codes_at=None if scope else (*_LICENCE, "service_lines"),
        areas=areas,
        areas_at=areas_at,
        obtained=time_of(obtained),
        obtained_at=obtained.tokens,
        until=until,
        until_at=status.tokens if status.value is None and until else None,
        status=status.text,
        reissued=again if again != time_of(first) else None,
    )
    return (paper,)


KIND = Kind("containment", Containment, check_containment)
