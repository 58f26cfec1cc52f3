"""Whether a duty binds (效力): by the law of a day, the printed licence, and what is past.

A duty that not every edition of the special provisions prints binds from the first issue of a
licence with one that does, until a licence is issued with another. Which edition the licence of
today prints is declared, or follows from its day of issue where only one fits; what former licences
printed only follows.

An obligation names with ``happened`` the day of an act and with ``over`` the day on which a matter
ended. Before its article was in force, and before the licence was first issued where it rests on
the licence, it bound nobody. A breach that is over cannot be fixed: it stays a violation for the
look-back (回溯期), then it is a note. A kind says of its findings itself when they were over, such
as of what was done late. With ``over: never`` the breach goes on, however long ago it began. Where
such a day is not known, and may excuse, a violation is only an unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.facts.asof import NEVER
from pytest_icp.facts.fields import title_of
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import Span, day_of, later, long_ago
from pytest_icp.kinds.finding import Cited, Finding, Note, NoteKind, Outcome, Verdict, worst
from pytest_icp.kinds.judgement import SATISFIED, Judgement, missing, would_be_violated
from pytest_icp.kinds.subjects import Fact, Subject, Tokens
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.once import once
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Citation, Edition, Obligation, Printed, Version


def in_force(obligation: Obligation, day: date) -> bool:
    """Whether an obligation binds on ``day``, as far as the articles tell that it cites.

    One that rests on a statute does while one of them is in force. One that rests on the licence,
    or is the company's own, outlives them; none binds before the first of them is law.
    """
    if obligation.basis == "statute":
        return _any_in_force(obligation, day)
    return binding_since(obligation) <= day


def _any_in_force(obligation: Obligation, day: date) -> bool:
    versions = _versions(obligation)
    return not versions or any(version.in_force(day) for version in versions)


@once
def _versions(obligation: Obligation) -> tuple[Version, ...]:
    """Return each wording of the articles that an obligation cites."""
    return tuple(version for citation in obligation.cites for version in citation.versions)


def is_statute_in_force(obligation: Obligation, day: date) -> bool:
    """Whether an obligation binds on a day by a statute, whatever the licence prints."""
    return obligation.basis in {"statute", "both"} and _any_in_force(obligation, day)


def binding_since(obligation: Obligation) -> date:
    """Return the first day on which an obligation binds: that of its law, where it cites some."""
    return min((version.effective_from for version in _versions(obligation)), default=date.min)


def not_in_force(obligation: Obligation, day: date) -> Outcome:
    """Return that an obligation does not apply on a day on which it is not law."""
    text = say.NOT_IN_FORCE.format(day=day, since=binding_since(obligation))
    days = (version.effective_to or date.max for version in _versions(obligation))
    last = max(days, default=date.max)
    if last < day:
        text = say.NO_LONGER_IN_FORCE.format(day=day, until=last)
    return Outcome(verdict=Verdict.NOT_APPLICABLE, reason=text)


_OF = Text("", ", ")


def cited(obligation: Obligation, day: date) -> tuple[Cited, ...]:
    """Return the articles in force on a day; of a duty that is not law then, the first wordings."""
    articles = []
    for citation in obligation.cites:
        version = citation.on(day)
        if version or not in_force(obligation, day):
            i = citation.versions.index(version) if version else 0
            articles.append(_wordings(citation)[i])
    return tuple(articles)


@once
def _wordings(citation: Citation) -> tuple[Cited, ...]:
    """Return each wording of a citation as reports cite it: many findings rest on the same."""
    return tuple(
        Cited(label=_OF.join((citation.statute, one.article)), quote=one.quote)
        for one in citation.versions
    )


# ---- Whether the licence prints a duty (许可证是否印有): by the edition of its special provisions

EDITION = ("licence", "provisions_edition")
_NOT_PRINTED = Text(
    zh="许可证所附特别规定事项的版本（{edition}）没有印这一项",
    en="the edition of the special provisions on the licence ({edition}) does not print this",
)


def prints(obligation: Obligation, context: Context, day: date) -> bool | None:
    """Whether the licence held on a day prints a duty; None where that is not known."""
    printed = obligation.printed
    if printed is None:
        return True
    possible = {edition.id for edition in _possible(printed, context, day)}
    # One that is older than all that are known may print anything.
    if not possible or (possible & printed.by and not possible <= printed.by):
        return None
    return possible <= printed.by


def _possible(printed: Printed, context: Context, day: date) -> Iterator[Edition]:
    """Yield the editions that the licence held on a day may print."""
    names = ("provisions_edition", "issued_on", "first_issued_on")
    declared, issued, first = (_licence(context, name) for name in names)
    since, begun = day_of(issued), day_of(first) or date.min
    if since is None or day >= since:
        said = [one for one in printed.of if one.id == declared.value]
        days = (since or begun, since or day)
        yield from said or (one for one in printed.of if one.may_be_printed(*days))
    if since is None or day < since:
        # A licence before that of today, or perhaps before it.
        yield from (one for one in printed.of if one.may_be_printed(begun, day))


def _licence(context: Context, name: str) -> Fact:
    return context.fact(Subject((), context.view.facts), f"/licence/{name}")


def not_binding(obligation: Obligation, context: Context) -> Outcome | None:
    """Return that a duty does not apply on the as-of day: it is not law, or certainly not printed.

    None where it does, or where the days of its subjects decide.
    """
    if obligation.spec.event_decides_law or obligation.past.happened is not None:
        return None
    if not in_force(obligation, context.today):
        return not_in_force(obligation, context.today)
    printed = prints(obligation, context, context.today) is not False
    if printed or is_statute_in_force(obligation, context.today):
        return None
    edition = _licence(context, "provisions_edition").text or title_of("licence.issued_on")
    text = _NOT_PRINTED.format(edition=edition)
    return Outcome(verdict=Verdict.NOT_APPLICABLE, reason=text, pointer=pointer(EDITION))


def by_its_law(obligation: Obligation, context: Context, outcome: Outcome) -> Outcome:
    """Return an outcome without violations of what the licence of their day did not print.

    Where its edition is not known, neither is whether they are some. What applies to no subject
    for it is still to come says so.
    """
    if outcome.verdict is Verdict.NOT_APPLICABLE and not in_force(obligation, context.today):
        return not_in_force(obligation, context.today)
    if obligation.printed is None or outcome.verdict is not Verdict.VIOLATED:
        return outcome
    findings = tuple(_certain(obligation, context, outcome.findings))
    verdict = worst([Verdict.SATISFIED, *(one.verdict for one in findings)])
    return replace(outcome, verdict=verdict, findings=findings)


def _certain(
    obligation: Obligation, context: Context, findings: Iterable[Finding]
) -> Iterator[Finding]:
    for finding in findings:
        day = finding.on or context.today
        binding = is_statute_in_force(obligation, day) or prints(obligation, context, day)
        if finding.verdict is not Verdict.VIOLATED or binding:
            yield finding
        elif binding is None:
            gap = missing(Subject(("licence",), {}), EDITION).findings[0]
            yield from would_be_violated(say.IT_APPLIES, gap, (finding,))


# ---- What is past (既往): acts that nothing bound yet, and breaches that are over

_STAYS = Text(
    zh="；违法行为已经发生，不能补正，在回溯期内（至 {until}）继续列示",
    en="; this can no longer be fixed, and stays a violation until {until}",
)
_BEFORE = Text(zh="；早于回溯期，只作提示", en="; before the look-back, so only a note")
_NOT_OVER = Text(zh="该事项没有在回溯期以前结束", en="it was not over before the look-back")

_NEVER = Fact((), NEVER)


FIRST_ISSUE: Tokens = ("licence", "first_issued_on")
"""The fact of when there was a licence for the first time."""


def before_the_licence(obligation: Obligation, context: Context, day: date) -> bool | None:
    """Whether a day lies before the first issue of the licence that an obligation rests on.

    None where that is not known; the paper at hand is the first one, or a later one.
    """
    if not obligation.by_licence or _goes_on(obligation) or is_statute_in_force(obligation, day):
        return False
    first, issued = context.first_issued_on, context.issued_on
    if first is not None:
        return day < first
    return False if issued is not None and issued <= day else None


def _goes_on(obligation: Obligation) -> bool:
    return obligation.past.over == (NEVER,)


def binds(obligation: Obligation, context: Context, day: date) -> bool | None:
    """Whether an obligation binds what happens on a day; None where that is not known."""
    if not in_force(obligation, day):
        return False
    if is_statute_in_force(obligation, day):
        return True
    before = before_the_licence(obligation, context, day)
    if before or prints(obligation, context, day) is False:
        return False
    return None if before is None else True


class Matter(Struct, frozen=True):
    """The matter of one subject that a duty is about: its act, and its end."""

    obligation: Obligation
    context: Context
    subject: Subject

    @property
    def act(self) -> Fact:
        """The day on which it happened; ``never`` where the duty names none."""
        path = self.obligation.past.happened
        return self.context.fact(self.subject, path) if path else _NEVER

    @property
    def chosen_by(self) -> Fact:
        """The day on which it hangs by which values it is judged."""
        path = self.obligation.past.chosen_by
        return self.context.fact(self.subject, path) if path else _NEVER

    @property
    def end(self) -> Fact:
        """The first of the days on which it was over that is not ``never``."""
        paths = () if _goes_on(self.obligation) else self.obligation.past.over
        facts = (self.context.fact(self.subject, path) for path in paths)
        return next((fact for fact in facts if fact.value != NEVER), _NEVER)

    def is_bound(self) -> bool | Tokens:
        """Whether the obligation binds the subject, or the unknown fact on which that hangs.

        One whose values are those of a time is for what happened then; of what has not happened,
        or nobody knows when, for the as-of day.
        """
        obligation, past = self.obligation, self.obligation.past
        if past.happened is None and not past.over and past.span is None:
            return True
        act, end, span = day_of(self.act), day_of(self.end), past.span
        truths = [binds(obligation, self.context, act)] if act else []
        if end:
            before = before_the_licence(obligation, self.context, end)
            truths.append(None if before is None else not before)
            # What was over before there was a law, it bound nobody to.
            truths.append(end >= binding_since(obligation))
        chosen_by = day_of(self.chosen_by) or self.context.today
        if False in truths or (span and not span[0] <= chosen_by <= span[1]):
            return False
        if self.act.value is None and obligation.basis != "own":
            return self.act.tokens
        return FIRST_ISSUE if None in truths else True

    def judged_now(self, judgement: Judgement) -> Judgement:
        """Judge anew what is over: beyond the look-back it is no violation, whatever else is so."""
        is_right = judgement.verdict not in {Verdict.VIOLATED, Verdict.UNKNOWN}
        span = self.obligation.past.span
        if is_right and not span:
            return judgement
        chosen_by = self.chosen_by
        if span and chosen_by.value is None and judgement.verdict is not Verdict.NOT_APPLICABLE:
            # It is not known by which values to judge.
            return missing(self.subject, chosen_by.tokens)
        if is_right or _goes_on(self.obligation):
            return judgement
        if judgement.verdict is Verdict.UNKNOWN:
            end = day_of(self.end)
            return SATISFIED if end and long_ago(self.context, end) else judgement
        found = [one for finding in judgement.findings for one in self._now(finding)]
        kept = tuple(one for one in found if isinstance(one, Finding))
        notes = (*judgement.notes, *(one for one in found if isinstance(one, Note)))
        rest = [Verdict.SATISFIED] if notes or judgement.upcoming else []
        verdict = worst([*rest, *(one.verdict for one in kept)])
        return replace(judgement, verdict=verdict, findings=kept, notes=notes)

    def _now(self, found: Finding) -> Iterator[Finding | Note]:
        """Yield what a finding is by now: it stays, is in doubt, or is a note, if anything."""
        context, over = self.context, self.end
        # Of two days on which it was over, the first counts.
        ends = filter(None, (found.over, day_of(over)))
        one = replace(found, over=min(ends, default=None), on=found.on or day_of(self.act))
        day = one.over
        if one.verdict is not Verdict.VIOLATED or (day and day > context.today):
            yield replace(one, over=None)
            return
        before = before_the_licence(self.obligation, context, day) if day else False
        if before:
            return
        if day and long_ago(context, day):
            kind, text = NoteKind.LATE_REMEDIED, one.message + _BEFORE
            yield Note(kind=kind, text=text, location=one.location, due=one.due)
            return
        # Whether it violates anything at level review, a person must say.
        if day and self.obligation.level != "review":
            until = later(day, Span(context.settings.lookback_days, "days"))
            one = replace(one, message=one.message + _STAYS.format(until=until))
        if over.value is None and (one.on is None or long_ago(context, one.on)):
            # It may be long past.
            one = _doubted(self.subject, one, over.tokens, _NOT_OVER)
        yield _doubted(self.subject, one, FIRST_ISSUE) if before is None else one


def in_doubt(context: Context, subject: Subject, judgement: Judgement, at: Tokens) -> Judgement:
    """Return as unknown what is violated if a duty applies, where that hangs on a fact."""
    found = tuple(
        one if one.over and long_ago(context, one.over) else _doubted(subject, one, at)
        for one in judgement.findings
    )
    verdict = worst(one.verdict for one in found) if found else judgement.verdict
    return replace(judgement, verdict=verdict, findings=found)


def _doubted(
    subject: Subject, finding: Finding, at: Tokens, condition: Text = say.IT_APPLIES
) -> Finding:
    """Return what is found as what would be a violation, if it is one."""
    if finding.verdict is not Verdict.VIOLATED:
        return finding
    gap = missing(subject, at).findings[0]
    return would_be_violated(condition, gap, [finding])[0]
