"""Whether the licence prints a duty (许可证是否印有): by the edition of its special provisions.

A duty that not every edition prints binds from the first issue of a licence with one that does,
until a licence is issued with another. Which edition the licence of today prints is declared, or
follows from its day of issue where only one fits; what former licences printed only follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from pytest_icp.facts.titles import title_of
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.dates import day_of
from pytest_icp.kinds.finding import Finding, Outcome, Verdict, worst
from pytest_icp.kinds.judgement import missing, would_be_violated
from pytest_icp.kinds.legal_force import by_event, in_force, is_statute_in_force, not_in_force
from pytest_icp.kinds.subjects import Fact, Subject
from pytest_icp.law.jsontypes import pointer
from pytest_icp.law.text import Text
from pytest_icp.rules.policy import Edition, Obligation, Printed

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
    declared, issued, first = (_licence(context, name) for name in _FACTS)
    since, begun = day_of(issued), day_of(first) or date.min
    if since is None or day >= since:
        said = [one for one in printed.of if one.id == declared.value]
        days = (since or begun, since or day)
        yield from said or (one for one in printed.of if one.may_be_printed(*days))
    if since is None or day < since:
        # A licence before that of today, or perhaps before it.
        yield from (one for one in printed.of if one.may_be_printed(begun, day))


_FACTS = ("provisions_edition", "issued_on", "first_issued_on")


def _licence(context: Context, name: str) -> Fact:
    return context.fact(Subject((), context.view.facts), f"/licence/{name}")


def not_binding(obligation: Obligation, context: Context) -> Outcome | None:
    """Return that a duty does not apply on the as-of day: it is not law, or certainly not printed.

    None where it does, or where the days of its subjects decide.
    """
    if by_event(obligation):
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
