"""Licences of an organisation (所持许可): what they permit, until when, and the current term.

Those of another organisation are in its ``licences``. The company's own are its licence, with all
its lines of business and its renewal, and ``other_licences``.

What every licence prints is asked for the one that is described. The rules of a line are asked for
each licence that permits it, of ``other_licences`` as well, unless its status says that it ended.

A renewal (延续) that was granted begins another term, whatever the paper still prints. One that was
applied for in time, and not decided by the last day, is deemed granted until it is decided
(行政许可法 50(2)).

The term (许可期) in which something has to be done is as printed, or as renewed. What is not
declared of a renewal is tried in every way in which it may be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import reduce
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER, NONE
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import ALWAYS, Days, Span, day_of, earlier, long_ago
from pytest_icp.kinds.finding import Verdict, worst
from pytest_icp.kinds.judgement import (
    NOT_APPLICABLE,
    SATISFIED,
    Judgement,
    both,
    missing,
    resting_on,
    unknown,
)
from pytest_icp.kinds.likeness import NATIONWIDE, in_areas, unclear_area
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.catalogue import CATALOGUE, PREAPPROVALS, covers, permits, root_of
from pytest_icp.law.jsontypes import Json, JsonObject, list_of, object_of, texts_of
from pytest_icp.law.once import once
from pytest_icp.law.scope import Scope, parse_scope
from pytest_icp.law.text import Text, plain, show
from pytest_icp.law.times import civil_date
from pytest_icp.rules.numbers import Amount, Reckoned, reckon

IN_FORCE = "正常"
"""The status of a licence in force, in the words of the licensing system."""

EXPIRED = "过期"
"""The status of one whose term has ended, in the same words."""

ENDED = frozenset({"注销", "撤销", "吊销", "无效"})
"""The statuses of a licence that an authority has ended."""

STRUCK_OFF = "注销"
"""The status that a licence may also get because it ran out (行政许可法 70(1))."""

_DAY = timedelta(days=1)

Decision: TypeAlias = Literal["none", "pending", "granted", "refused"]
"""What became of a renewal: not applied for, not decided, granted or refused."""


class OpenFact(Struct, frozen=True):
    """The place of an unknown fact, with a message of its own where it is not just absent."""

    tokens: Tokens
    message: Text | None = None

    def judged(self, subject: Subject, required: Text) -> Judgement:
        """Return that a subject cannot be decided for it."""
        if self.message is None:
            return missing(subject, self.tokens)
        return unknown(subject, self.tokens, self.message, required=required)


class Renewal(Struct, frozen=True):
    """What is known of the renewal of a licence."""

    applied_on: Fact
    decided_on: Fact
    decision: Fact
    new_valid_until: Fact

    @classmethod
    def at(cls, context: Context, subject: Subject, path: str) -> Renewal:
        """Return what a subject says of a renewal at a path."""
        return cls(*(context.fact(subject, f"{path}{name}") for name in cls.__struct_fields__))

    @property
    def outcomes(self) -> tuple[Decision, ...]:
        """What may have become of it as of the day: one, where that is known."""
        applied, decided_on = self.applied_on.value, self.decided_on.value
        if applied == NEVER:
            return ("none",)
        undecided: tuple[Decision, ...] = ("none", "pending") if applied is None else ("pending",)
        decided: tuple[Decision, ...] = ("granted", "refused")
        if self.decision.value is not None:
            decided = tuple(one for one in decided if one == self.decision.value)
        if decided_on is None:
            return (*undecided, *decided)
        # What was decided later was still pending on the day.
        return undecided if decided_on == NEVER or not decided else decided

    @property
    def outcome(self) -> Decision | None:
        """What became of it as of the day; None where that is not known."""
        return self.outcomes[0] if len(self.outcomes) == 1 else None

    @property
    def gap(self) -> Tokens:
        """The first fact that is not known."""
        if self.outcome:
            return self.new_valid_until.tokens
        if self.decision.value is not None and self.applied_on.value is not None:
            return self.decided_on.tokens
        return (self.applied_on if self.applied_on.value is None else self.decision).tokens


class InForce(Struct, frozen=True):
    """Until when the licence is in force as of the day: surely until ``last``, as ``fact`` says.

    ``outcome`` is what became of the renewal, None where it is not known. With ``gap``, a fact
    that is not known, it may be in force for longer.
    """

    last: date
    fact: Fact
    outcome: Decision | None
    gap: OpenFact | None = None


def renewal_of(context: Context) -> Renewal:
    """Return what is known of the renewal of the licence that is described."""
    return Renewal.at(context, Subject((), context.view.facts), "/renewal/")


def in_force_until(
    renewal: Renewal, printed: Fact, end: date, today: date, *, in_time_by: date
) -> InForce:
    """Return until when a licence is in force, by the last day on paper and by the renewal.

    An application by the day ``in_time_by``, ahead of the printed ``end``, is in time, so that it
    is deemed granted.
    """
    applied, decided, new = (
        day_of(fact) for fact in (renewal.applied_on, renewal.decided_on, renewal.new_valid_until)
    )
    in_time = applied is not None and applied <= in_time_by
    outcome = renewal.outcome
    on_paper = InForce(end, printed, outcome)
    if outcome == "granted":
        if new is None:
            return replace(on_paper, gap=OpenFact(renewal.gap))
        return InForce(new, renewal.new_valid_until, outcome) if new >= end else on_paper
    if today <= end or outcome == "none":
        return on_paper
    if outcome is None:
        said = say.UNDECIDED_RENEWAL.format(until=end)
        return replace(on_paper, gap=OpenFact(renewal.gap, said))
    if outcome == "pending":
        return InForce(date.max, renewal.applied_on, outcome) if in_time else on_paper
    if decided is None or decided <= end:
        return on_paper
    if applied is None:
        return replace(on_paper, gap=OpenFact(renewal.applied_on.tokens))
    return InForce(decided - _DAY, renewal.decided_on, outcome) if in_time else on_paper


def in_force_by(context: Context, printed: Fact, end: date, ahead: Amount | None) -> InForce:
    """Return until when the licence is in force that is described.

    ``ahead`` is how long before its last day on paper an application is in time.
    """
    by = civil_date(application(end, ahead).due.last) if ahead else date.min
    return in_force_until(renewal_of(context), printed, end, context.today, in_time_by=by)


def application(end: date, ahead: Amount) -> Reckoned:
    """Return by when a renewal is applied for in time: ``ahead`` of the last day of the term."""
    return reckon(ahead.number, end, "before")


def by_its_value(judged: Judgement, end: date | None, ahead: Amount | None) -> Judgement:
    """Return a judgement whose findings say how long ahead a renewal is applied for in time."""
    if end is None or ahead is None:
        return judged
    return resting_on(judged, ahead.number, application(end, ahead).value)


def ended_early(status: Fact, end: date, today: date) -> bool | None:
    """Whether an authority ended the licence within its term, so that the term never runs out.

    One that is struck off after its last day is taken to have run out. None is not known.
    """
    if status.value is None:
        return None
    return status.value in ENDED and not (status.value == STRUCK_OFF and end < today)


# ---- The term of the licence (许可期) in which something has to be done

ByEnd: TypeAlias = Callable[[date], Judgement]
"""Judges by the last day of a term."""


class Act(Struct, frozen=True):
    """What has to be done in a term: ``by`` judges it, by the last day of the term.

    What was ``done`` in the term before answers for that one, and tells nothing of this one:
    ``early`` judges it then. Without a day, it counts whenever it was done; when it was is not
    known where there is a ``gap``.
    """

    by: ByEnd
    early: ByEnd
    done: date | None = None
    gap: Tokens | None = None


class Since(Struct, frozen=True):
    """The first day of a term: not before ``first`` nor after ``last``, as far as is known.

    Where the two differ, ``gap`` is the fact that is not known.
    """

    first: date
    last: date
    gap: Tokens = ()

    def counts(self, done: date | None) -> bool | None:
        """Whether what was done on a day was done in the term; None where that is not known."""
        if done is None or civil_date(done) >= self.last:
            return True
        return False if civil_date(done) < self.first else None


class LicenceTerm(Struct, frozen=True):
    """One term: its last day, and the day from which on what is done is done for it.

    ``before`` is the last day of the term before, where the paper still prints that. With ``gap``,
    a fact that is not known, ``end`` is only the first day that may be the last.
    """

    end: date
    since: Since
    before: date | None = None
    gap: Tokens | None = None


def judge_in_term(context: Context, subject: Subject, end: date, act: Act) -> Judgement:
    """Judge what has to be done by the last day of the term that runs; ``end`` is that on paper.

    A term that an authority ended early never runs out.
    """
    renewal, cases = renewal_of(context), Cases(context, subject)
    terms = (term for one in renewal.outcomes for term in _terms(context, renewal, one, end))
    judged = (cases.unless_ended(term, cases.in_term(term, act)) for term in terms)
    return reduce(lambda one, other: cases.either(one, other, renewal.gap), judged)


def _terms(
    context: Context, renewal: Renewal, outcome: Decision, end: date
) -> Iterator[LicenceTerm]:
    """Yield the terms of which one runs, if this became of the renewal."""
    if outcome != "granted":
        yield LicenceTerm(end, _since(context, running=outcome != "none"))
        return
    new, next_day = day_of(renewal.new_valid_until), end + _DAY
    if new is None or new > end:
        gap = renewal.new_valid_until.tokens if new is None else None
        yield LicenceTerm(new or next_day, Since(next_day, next_day), before=end, gap=gap)
    if new is None or new <= end:
        # The paper is the renewed one.
        yield LicenceTerm(end, _since_renewed(context, renewal))


def _since_renewed(context: Context, renewal: Renewal) -> Since:
    """Return the first day of the term of a paper that a renewal brought, by the decision."""
    decided, (issued, first) = day_of(renewal.decided_on), _issues(context)
    if decided is None:
        last = day_of(issued) or date.max
        return Since(day_of(first) or date.min, last, renewal.decided_on.tokens)
    is_later = issued.value is not None and decided > (day_of(issued) or date.max)
    return _since(context, running=True) if is_later else Since(decided, decided)


def _since(context: Context, *, running: bool = False) -> Since:
    """Return the first day of the term of the paper; of one that may be issued anew, of the first.

    The paper may be issued anew while an application is ``running``.
    """
    issued, first = _issues(context)
    known = first if running or issued.value == NEVER else issued
    day = day_of(known)
    if day is not None or known.value == NEVER:
        return Since(day or date.min, day or date.min)
    if known is first:
        # The present licence was not issued before the first one.
        return Since(date.min, day_of(issued) or date.max, first.tokens)
    return Since(day_of(first) or date.min, date.max, issued.tokens)


def _issues(context: Context) -> tuple[Fact, Fact]:
    """Return the days of the present issue of the licence and of the first one."""
    whole = Subject((), context.view.facts)
    names = "issued_on", "first_issued_on"
    issued, first = (context.fact(whole, f"/licence/{name}") for name in names)
    return issued, first


class Cases(Struct, frozen=True):
    """Judges a subject in each case that there may be, and says what holds in all of them."""

    context: Context
    subject: Subject

    def in_term(self, term: LicenceTerm, act: Act) -> Judgement:
        """Judge what has to be done in one term that may be the one that runs."""
        counts = term.since.counts(act.done)
        judged = act.early(term.end) if counts is False else act.by(term.end)
        if judged.verdict is not Verdict.SATISFIED and self.context.today < term.since.first:
            # Nothing is due in a term that has not begun.
            judged = SATISFIED
        elif term.gap:
            # What is in time for the first day that may be the last is so for any other.
            in_time = judged.verdict is Verdict.SATISFIED
            judged = SATISFIED if in_time else missing(self.subject, term.gap)
        if counts is None:
            return self.either(judged, act.early(term.end), term.since.gap)
        if term.before is None:
            return judged
        if act.gap and not long_ago(self.context, term.before):
            # Perhaps it was done late in the term before.
            is_good = act.by(term.before).verdict is Verdict.SATISFIED
            return judged if is_good else both(missing(self.subject, act.gap), judged)
        return judged if counts else both(act.by(term.before), judged)

    def unless_ended(self, term: LicenceTerm, judged: Judgement) -> Judgement:
        """Return what is judged in a term, unless an authority ended it early."""
        status = self.context.fact(self.subject, "/licence/status")
        ended = ended_early(status, term.end, self.context.today)
        if ended:
            return NOT_APPLICABLE
        if ended is None and self._now(judged) is Verdict.VIOLATED:
            return self.either(judged, NOT_APPLICABLE, status.tokens)
        return judged

    def either(self, one: Judgement, other: Judgement, gap: Tokens) -> Judgement:
        """Return what holds in both of two cases, else that the fact which decides is unknown."""
        verdicts = {self._now(one), self._now(other)}
        if verdicts <= {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            return other if one.verdict is Verdict.NOT_APPLICABLE else one
        if len(verdicts) == 1:
            return one
        due = next((found.due for found in (*one.findings, *other.findings) if found.due), None)
        day = date.fromisoformat(due) if due else None
        return missing(self.subject, gap, due=day).by(one.steps)

    def _now(self, judged: Judgement) -> Verdict:
        """Return the verdict without what was done late, and that before the look-back."""
        if judged.verdict is not Verdict.VIOLATED:
            return judged.verdict
        kept = (
            one.verdict
            for one in judged.findings
            if not (one.over and long_ago(self.context, one.over))
        )
        return worst([Verdict.SATISFIED, *kept])


# ---- What the licence permits (许可范围): the items of all its lines of business together


class Line(Struct, frozen=True):
    """A line of business: the permitted items, and the areas where any are printed.

    ``areas_at`` is the place of the areas where it is not known which are printed.
    """

    permitted: frozenset[str]
    areas: frozenset[str]
    areas_at: Tokens | None

    def permits(self, code: str) -> bool:
        """Whether a catalogue code is licensed; of one that is divided, at least a part."""
        return permits(self.permitted, code) is not False

    @property
    def is_unlimited(self) -> bool:
        """Whether no area is printed, or the whole country; not where that is not known."""
        return NATIONWIDE in self.areas or (not self.areas and self.areas_at is None)


class LicensedScope(Struct, frozen=True):
    """The lines of business, and what they permit and exclude by name together.

    ``contents`` are the keys of pre-approved content that is printed as included, ``barred``
    those of what is excluded by name.
    """

    lines: tuple[Line, ...]
    permitted: frozenset[str]
    excluded: frozenset[str]
    contents: frozenset[str]
    barred: frozenset[str]

    @property
    def areas(self) -> frozenset[str]:
        """The areas of all lines."""
        return frozenset(area for line in self.lines for area in line.areas)

    @property
    def areas_at(self) -> Tokens | None:
        """The place of the first line of which it is not known what areas it prints."""
        return next((line.areas_at for line in self.lines if line.areas_at), None)

    def permits(self, code: str) -> bool:
        """Whether a catalogue code is licensed; of one that is divided, at least a part."""
        return permits(self.permitted, code) is not False

    def has_any(self, codes: tuple[str, ...]) -> bool:
        """Whether an item under one of the codes is licensed."""
        return any(covers(code, held) for code in codes for held in self.permitted)


def licensed_scope(licence: Json | JsonObject) -> LicensedScope | None:
    """Read the scope of a licence as described; None when its lines are not declared."""
    lines = list_of(object_of(licence).get("service_lines"))
    if not lines:
        return None
    read, scopes = list[Line](), list[Scope]()
    for i, fields in enumerate(map(object_of, lines)):
        name, text = fields.get("name"), fields.get("scope")
        if not isinstance(name, str) or not isinstance(text, str):
            return None
        scope = parse_scope(text, line=name)
        scopes.append(scope)
        printed = fields.get("areas")
        listed: list[Json] = printed if isinstance(printed, list) else [*scope.areas] or [None]
        areas_at = ("licence", "service_lines", i, "areas") if None in listed else None
        areas = frozenset({*scope.areas, *texts_of(listed)})
        read.append(Line(scope.permitted, areas, areas_at))
    permitted = frozenset(code for one in scopes for code in one.permitted)
    excluded = frozenset(code for one in scopes for code in one.excluded)
    contents = _keys(name for one in scopes for name in one.preapprovals_included)
    barred = _keys(name for one in scopes for name in one.preapprovals_excluded)
    return LicensedScope(tuple(read), permitted, excluded - permitted, contents, barred - contents)


def undeclared(licence: Json | JsonObject) -> Tokens:
    """Return the place of what is not known, so that the scope of a licence is not."""
    at: Tokens = ("licence", "service_lines")
    for i, line in enumerate(list_of(object_of(licence).get("service_lines"))):
        for name in ("name", "scope"):
            if isinstance(line, Mapping) and line.get(name) is None:
                return (*at, i, name)
    return at


def _keys(names: Iterable[str]) -> frozenset[str]:
    """Return the words that descriptions use for pre-approved content."""
    named = {*names}
    return frozenset(one.key for one in PREAPPROVALS if one.name in named)


_NO_LONGER = Text(
    zh="许可证状态为“{status}”；当日是否有效没有申报",
    en="the status of the licence is {status}; whether it was in force then is not declared",
)

_OF_OTHERS = ("categories", "valid_from", "valid_until")
"""What a licence of another organisation calls its codes, its first and its last day."""

_AHEAD = Span(90, "days")
"""How long before the end of a telecom licence its renewal is applied for in time.

行政许可法 50(1) leaves it to 电信业务经营许可管理办法 27: who applies later is not renewed.
"""


class Licence(Struct, frozen=True, gc=False):
    """One licence: its codes, the days on which it counts for sure, and those on which it may.

    ``open_fact`` is the first fact for which the two differ, as it is not known. ``areas`` are
    those that it names; None where they are not compared.
    """

    codes: Fact
    surely: Days | None
    perhaps: Days
    open_fact: OpenFact | None = None
    areas: Fact | None = None

    def is_for(self, areas: Fact | None) -> bool | OpenFact:
        """Whether it is for some areas, else what is not known of that."""
        if areas is None or self.areas is None:
            return True
        inside = lies_in(areas, self.areas)
        # Each area is asked for by itself then.
        return OpenFact(areas.tokens) if inside is False and areas.is_open else inside


def lies_in(areas: Fact, limits: Fact) -> bool | OpenFact:
    """Whether some areas lie in those that a licence prints, else what is not known of that.

    One that prints none is not limited to any.
    """
    if limits.value == [] or areas.value == [] or NATIONWIDE in limits.values:
        return True
    if limits.value is None or areas.value is None:
        return OpenFact((limits if limits.value is None else areas).tokens)
    names = [str(one) for one in limits.values if one is not None]
    inside = {str(one): in_areas(str(one), names) for one in areas.values if one is not None}
    if False in inside.values() and not limits.is_open:
        return False
    if areas.is_open:
        return OpenFact(areas.tokens)
    unclear = next((one for one, truth in inside.items() if not truth), None)
    if unclear is None:
        return True
    if limits.is_open:
        return OpenFact(limits.tokens)
    return OpenFact(areas.tokens or limits.tokens, unclear_area(unclear, names))


class Holdings(Struct, frozen=True, eq=False):
    """The licences that are described, and the places where there may be more."""

    licences: tuple[Licence, ...]
    missing: tuple[Tokens, ...]


def holdings_of(context: Context, subject: Subject, organisation: str) -> Holdings:
    """Return the licences of an organisation; those of the company itself without a path."""
    if not organisation:
        return _own(context)
    found = context.subjects(f"{organisation}.licences", subject)
    licences = tuple(_licence(context, one, _OF_OTHERS) for one in found.subjects)
    return Holdings(licences, found.missing)


def _licence(context: Context, licence: Subject, names: tuple[str, str, str]) -> Licence:
    codes, since, until = (context.fact(licence, name) for name in names)
    first, areas = day_of(since) or ALWAYS.first, context.fact(licence, "areas")
    end, latest, gap = _until(context, Renewal.at(context, licence, "renewal."), until)
    perhaps = Days(first, latest)
    status = context.fact(licence, "status")
    open_at = next((fact.tokens for fact in (since, status) if fact.value is None), None)
    if open_at:
        return Licence(codes, None, perhaps, OpenFact(open_at), areas)
    if status.text == IN_FORCE:
        return Licence(codes, Days(first, end) if end else None, perhaps, gap, areas)
    # It is no longer in force; whether it was on an earlier day is not known.
    last = min(latest, context.today - timedelta(days=1))
    said = OpenFact(status.tokens, _NO_LONGER.format(status=status.text))
    return Licence(codes, None, Days(first, last), said, areas)


def _until(
    context: Context, renewal: Renewal, printed: Fact
) -> tuple[date | None, date, OpenFact | None]:
    """Return the last day of a licence, for sure and at most, and what is not known of it."""
    if printed.value == NONE:
        return ALWAYS.last, ALWAYS.last, None
    end = day_of(printed)
    if end is None:
        return None, ALWAYS.last, OpenFact(printed.tokens)
    by = earlier(end, _AHEAD)
    known = in_force_until(renewal, printed, end, context.today, in_time_by=by)
    return known.last, ALWAYS.last if known.gap else known.last, known.gap


def listed(licences: Json) -> Text:
    """Return the licences of another organisation in words."""
    told = [one for one in list_of(licences) if isinstance(one, Mapping)]
    said = (f"{show(one.get('categories'))} – {show(one.get('valid_until'))}" for one in told)
    return plain("; ".join(said) if told else show(licences))


@once
def other_holdings(context: Context) -> Holdings:
    """Return the company's licences besides the one that is described."""
    others = context.subjects("other_licences")
    return Holdings(tuple(_other(context, one) for one in others.subjects), others.missing)


@once
def _own(context: Context) -> Holdings:
    # Where the company's own network stands is not compared with the areas of its licences.
    others = other_holdings(context)
    own = (_main(context), *(replace(one, areas=None) for one in others.licences))
    return Holdings(own, others.missing)


def _other(context: Context, licence: Subject) -> Licence:
    one = _licence(context, licence, ("codes", "obtained_on", "valid_until"))
    open_at = licence.open_at
    return replace(one, surely=None, open_fact=OpenFact(open_at)) if open_at else one


def _main(context: Context) -> Licence:
    """Return the licence that is described, through its earlier issues and its renewal."""
    licence = Subject(("licence",), context.view.facts)
    scope = licensed_scope(context.view.facts.get("licence"))
    codes = Fact(("licence", "service_lines"), None if scope is None else sorted(scope.permitted))
    first, earliest, printed = (
        context.fact(licence, f"/licence/{name}")
        for name in ("issued_on", "first_issued_on", "valid_until")
    )
    begun, (last, latest, moves) = day_of(first), _until(context, renewal_of(context), printed)
    # What an earlier issue was for is not described.
    gap = OpenFact(first.tokens, say.EARLIER_ISSUE if begun or first.value == NEVER else None)
    perhaps = Days(day_of(earliest) or ALWAYS.first, latest)
    surely = Days(begun, last) if begun and last else None
    return Licence(codes, surely, perhaps, moves if begun and moves else gap)


# ---- The lines of business (业务种类) of all licences, and for which of them a rule is asked


class Held(Struct, frozen=True):
    """A licence of the company by its number, else its id: the codes and areas that it permits.

    ``codes`` is None where they are not known: then it may be for any line.
    """

    name: str
    codes: frozenset[str] | None
    areas: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of business, in the order of the catalogue."""
        roots = {root_of(code) for code in self.codes or ()}
        return tuple(code for code in CATALOGUE if code in roots)


def licences_of(facts: JsonObject) -> tuple[Held, ...]:
    """Return the licences of a company: first the one that is described."""
    licence = facts.get("licence")
    scope, number = licensed_scope(licence), object_of(licence).get("number")
    held = Held(
        name=number if isinstance(number, str) else "licence",
        codes=scope.permitted if scope else None,
        areas=tuple(sorted(scope.areas)) if scope else (),
    )
    return (held, *_others(facts.get("other_licences")))


def _others(written: Json) -> Iterator[Held]:
    for one in map(object_of, list_of(written)):
        codes = one.get("codes")
        known = isinstance(codes, list) and None not in codes
        if one.get("status") not in {*ENDED, EXPIRED}:
            yield Held(
                name=str(one.get("number") or one.get("id")),
                codes=frozenset(texts_of(codes)) if known else None,
                areas=texts_of(one.get("areas")),
            )


def asked_for(family: str, held: tuple[Held, ...]) -> tuple[Held, ...]:
    """Return the licences for which a family of policies is asked; none where it does not bind.

    It is asked for those that permit something of it, or may: their codes are not known.
    """
    if not family:
        return held[:1]
    # Many licences are for the same codes.
    permitted = {one.codes for one in held}
    asked = {codes for codes in permitted if codes is None or permits(codes, family) is not False}
    return tuple(one for one in held if one.codes in asked)
