"""The content of the written reports as blocks: findings, dates, changes, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from msgspec import Struct

from pytest_icp.facts.fields import asked_of, roles, title_of
from pytest_icp.kinds.finding import Finding, NoteKind, Upcoming, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import OPEN, Standing, standing, standing_name, standing_title
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import since as s
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import Entry
from pytest_icp.reports.findings import who_knows
from pytest_icp.reports.overview import Overview, Row
from pytest_icp.reports.record import Licence, Record, line_name, remarks, urgent
from pytest_icp.reports.run import Run, Trouble, names_of_results
from pytest_icp.reports.to_declare import MissingFact, facts_by_role, missing_facts
from pytest_icp.rules.policy import part_id

_HOT, _WARM = 14, 60
"""Days up to which a duty is urgent, and soon so."""

MOST_DUTIES = 12
_MOST_ROWS = 60
_MOST_TROUBLES = 30
_MOST_SUBJECTS = 5


class State(StrEnum):
    """Whether a due date is past, near or far as of the run (期限状态)."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


class Duty(Struct, frozen=True, kw_only=True):
    """A duty with its last day; ``days`` are those left, negative once it is past.

    ``safe`` is the last working day not after it, ``level`` that of the rule or part, and ``who``
    the role that has to do it, as far as anybody is named.
    """

    last: date
    safe: date
    days: int
    state: State
    rule_id: str
    part: str
    title: Text
    subject: str
    description: str
    provisional: bool
    waived: bool = False
    level: str = "mandatory"
    who: Text = plain("")

    @property
    def own_id(self) -> str:
        """The id of the rule, or of the part of it that is due."""
        return part_id(self.rule_id, self.part)

    @property
    def turns(self) -> date:
        """The day from which the verdict is another one if it is not done (结论改变之日)."""
        return self.last + timedelta(days=1)

    @property
    def becomes(self) -> Text:
        """What the verdict is from then on."""
        if self.level != "mandatory":
            return w.LEVELS[self.level]
        return standing_name(standing(Verdict.VIOLATED, self.level, waived=self.waived))

    def urgency(self, within: int) -> tuple[int, str]:
        """Return how urgent it is: in thousandths of so many days that have passed, and a word."""
        size = max(0, min(1000, 1000 * (within - self.days) // max(within, 1)))
        return size, "hot" if self.days <= _HOT else "warm" if self.days <= _WARM else ""


@once
def duties(run: Run) -> tuple[Duty, ...]:
    """Return the dated duties of a run in the order of their last days."""
    found: list[Duty] = []
    for result in run.results:
        found += (*_overdue(result), *_next(result))
    # What is never due again, as far as dates go, is not a duty.
    found = [one for one in found if one.last != date.max]
    found.sort(key=lambda one: (one.last, one.own_id, one.description, one.subject))
    return tuple(dict.fromkeys(found))


def left(duty: Duty) -> Text:
    """Return how many days are left, or have passed."""
    if duty.days == 0:
        return w.TODAY
    return (w.DAYS if duty.days > 0 else w.AGO).format(n=abs(duty.days))


def _overdue(result: Result) -> Iterable[Duty]:
    for finding in result.findings:
        # What was done, though late, is to be done no more.
        if finding.broken and finding.due and finding.over is None:
            last = date.fromisoformat(finding.due)
            if last < _today(result):
                yield _duty(result, State.OVERDUE, finding, last, safe=last)


def _next(result: Result) -> Iterable[Duty]:
    near = (note for note in result.notes if note.kind == NoteKind.DUE_SOON)
    soon = {(note.due, note.location.pointer, note.part) for note in near}
    for one in result.upcoming:
        state = State.SOON if (one.last, one.pointer, one.part) in soon else State.LATER
        last, safe = map(date.fromisoformat, (one.last, one.safe))
        yield _duty(result, state, one, last, safe=safe, provisional=one.provisional)


def _duty(
    result: Result,
    state: State,
    one: Finding | Upcoming,
    last: date,
    *,
    safe: date,
    provisional: bool = False,
) -> Duty:
    about = result.about(one)
    return Duty(
        last=last,
        safe=safe,
        days=(last - _today(result)).days,
        state=state,
        rule_id=result.rule_id,
        part=one.part,
        title=about.title,
        subject=one.subject,
        description=result.description,
        provisional=provisional,
        waived=about.waived is not None,
        level=about.level,
        who=roles().get(who_knows(one.pointer), plain("")),
    )


def _today(result: Result) -> date:
    return date.fromisoformat(result.as_of[:10])


def urgent_blocks(run: Run) -> Iterator[b.Block]:
    """Yield what is urgent of the licences, before all else."""
    yield from (b.paragraph(said, style="urgent") for said in urgent(run.records))


def remark_blocks(run: Run) -> Iterator[b.Block]:
    """Yield which other licences are held, and which lines of business have no rules."""
    yield from (b.paragraph(said) for said in remarks(run.records))


def by_licence(run: Run, seen: Overview) -> Iterator[b.Block]:
    """Yield a row for each licence of a company that holds several, and how its rules stand."""
    several = (one for one in run.records if len(one.licences) > 1)
    held = [(licence, one) for one in several for licence in one.licences]
    rows = [_licence(*one, run, seen) for one in held]
    signs = (b.line(b.sign(how)) for how in seen.standings)
    head = (*b.head(w.LICENCE, w.LINES, w.AREAS, w.RULES), *signs)
    yield from b.table(head, rows, _MOST_ROWS, "matrix", range(3, len(head)))


def _licence(one: Licence, of: Record, run: Run, seen: Overview) -> tuple[b.Line, ...]:
    asked = [
        result.standing
        for result in run.results
        if result.description == of.description and one.name in result.licences
    ]
    areas = b.short(plain(", ".join(one.areas)), 200)
    lines = w.COMMA.join(map(line_name, one.lines))
    counts = (b.line(str(asked.count(how) or "")) for how in seen.standings)
    return b.line(b.code(one.name)), b.line(lines), b.line(areas), b.line(str(len(asked))), *counts


def numbers(seen: Overview) -> b.Line:
    """Return how many rules have which standing, the worst first."""
    told = [
        part
        for how in seen.standings
        for part in ("·", b.sign(how, standing_title(how)), b.strong(str(seen.counts[how])))
    ]
    return b.line(*told[1:])


def troubles(found: Sequence[Trouble], most: int = _MOST_TROUBLES) -> Iterator[b.Items]:
    """Yield a list of what could not be judged, or of what else a reader must know."""
    lines = [
        b.line(b.code(one.location), b.short(one.message, 300), b.short(one.hint, 300))
        for one in found
    ]
    yield from b.items(lines, most)


def change_blocks(run: Run, most: int) -> Iterator[b.Block]:
    """Yield what differs from the state that a run is compared with."""
    if run.since is not None:
        rows = list(s.rows(run.since, most))
        lines = [*map(change_line, rows), *map(remark_line, s.remarks(run.since))]
        yield from b.items(lines, len(lines))
    if said := run.says_tolerated:
        yield b.paragraph(said)


def change_line(row: s.Row) -> b.Line:
    """Return a row of what differs."""
    place = b.code(row.place, 120) if row.place else ""
    return b.line(place, b.short(row.what, 300))


def remark_line(said: Text) -> b.Line:
    """Return what a reader must not overlook."""
    return b.line(b.sign(Standing.ADVISORY, said))


def rule_name(
    rule_id: str, title: Text, run: Run, *, part: str = "", description: str = ""
) -> b.Line:
    """Return a rule by its title and id: links to where a page tells of it, and to the manual."""
    return b.line(
        b.Span(title, most=200, link=f"#{b.anchor(rule_id)}"),
        b.Span(plain(rule_id), "code", 80, link=run.pages.get(rule_id, "")),
        b.code(part, 60) if part else "",
        b.code(description, 80) if description else "",
    )


def provisions(seen: Overview, named: Callable[[Sequence[str]], b.Line]) -> Iterator[b.Block]:
    """Yield a row for each provision of which some rules are open, and one for the others.

    ``named`` returns the line of the rules that are not met; those that are not known are counted.
    """
    rows = [row for row in seen.rows if any(row.counts[how] for how in OPEN)]
    signs = [b.line(b.sign(how)) for how in seen.standings]
    head = (*b.head(w.PROVISION), *signs, *b.head(w.AMISS))
    cells = [_provision(row, named(_not_met(row)), seen) for row in rows]
    yield from b.table(head, cells, _MOST_ROWS, "matrix", range(1, len(head) - 1))
    others = [row.provision for row in seen.rows if row not in rows]
    if others:
        said = w.OTHER_PROVISIONS if rows else w.NO_PROVISION
        names = b.short(plain(", ".join(others)), 400)
        yield b.paragraph(said.format(n=len(others)), names)


def _not_met(row: Row) -> list[str]:
    """Return the rules of a provision that are not met, the worst first."""
    worst = (Standing.VIOLATED, Standing.ADVISORY)
    return list(dict.fromkeys(rule for one in worst for rule, how in row.rules if how is one))


def _provision(row: Row, rules: b.Line, seen: Overview) -> tuple[b.Line, ...]:
    counts = (b.line(str(row.counts[how] or "")) for how in seen.standings)
    return b.line(b.strong(row.provision, 40), b.short(row.title, 80)), *counts, rules


def unknown(results: Sequence[Result], most: int) -> Iterator[b.Block]:
    """Yield what would decide unknown results: facts with who knows them, then other causes."""
    rows = [*map(_fact, missing_facts(results)), *_causes(results)]
    head = b.head(w.FACT, w.WHO_KNOWS, w.RULES_DECIDED, w.PLACE)
    yield from b.table(head, rows, most, "facts", [2])


def _fact(fact: MissingFact) -> tuple[b.Line, ...]:
    n, role = len(fact.pointers), asked_of(fact.path)
    elements = b.Span(w.ELEMENTS.format(n=n), "tag") if n > 1 else ""
    return (
        b.line(title_of(fact.path), b.code(fact.path), elements),
        b.line(roles()[role] if role else ""),
        b.line(str(len(fact.waiting))),
        b.line(b.code(fact.first.location)),
    )


def _causes(results: Iterable[Result]) -> Iterator[tuple[b.Line, ...]]:
    """Yield why some rules cannot be decided that no fact would decide."""
    found: dict[tuple[str, Text], tuple[Finding, set[str]]] = {}
    for result in results:
        for finding in result.binding if result.verdict is Verdict.UNKNOWN else ():
            certain = finding.verdict is not Verdict.UNKNOWN or finding.review
            if not (certain or finding.hinge or finding.line_to_add):
                key = (finding.location.path, finding.message)
                found.setdefault(key, (finding, set()))[1].add(result.rule_id)
    for finding, rules in found.values():
        said = b.line(b.short(finding.message, 300))
        yield said, (), b.line(str(len(rules))), b.line(b.code(finding.location))


def who_knows_more(results: Sequence[Result]) -> b.Line:
    """Return how many facts each role knows that are not declared, and for how many rules."""
    parts: list[b.Words] = []
    for role, facts in facts_by_role(missing_facts(results)).items():
        rules = {rule for fact in facts for rule in fact.waiting}
        said = w.OF_ROLE.format(n=len(facts), rules=len(rules))
        parts += ("·", (roles()[role] if role else w.NOBODY) + said)
    return b.line(b.strong(w.KNOW_MORE), *parts[1:], b.code("pytest-icp ask"))


def accepted(
    found: Sequence[Entry], named: Callable[[Entry], b.Line], most: int
) -> Iterator[tuple[Text, Sequence[b.Block]]]:
    """Yield the titles of what is waived and of what people have decided, each with its table.

    ``named`` returns the line that names the rule of a finding.
    """
    covered = [one for one in found if one.standing is Standing.WAIVED]
    waivers = [(one, one.result.about(one.finding).waived) for one in covered]
    waived = [(entry, one.expires, one) for entry, one in waivers if one]
    made = [(one, one.finding.decided) for one in found]
    decided = [(entry, one.day, one) for entry, one in made if one]
    for title, when, rows in (
        (standing_title(Standing.WAIVED), w.UNTIL, waived),
        (w.DECIDED, w.ON, decided),
    ):
        head = b.head(w.RULE, w.SUBJECT, when, w.OWNER, w.REASON)
        cells = [
            (
                named(entry),
                b.line(b.code(entry.finding.subject, 60)),
                b.line(day),
                b.line(b.short(plain(one.owner), 60)),
                b.line(b.short(plain(one.reason), 160)),
            )
            for entry, day, one in rows
        ]
        yield title, [*b.table(head, cells, most)]


def due_table(found: Sequence[Duty], run: Run, most: int, later: int = 0) -> Iterator[b.Block]:
    """Yield duties by their last days: what to do, and what it is from when if it is not done.

    How many of them are not shown, and ``later`` ones, is said below.
    """
    names = names_of_results(run.results)
    groups = [list(group) for _, group in groupby(found, key=_same_duty)][:most]
    if groups:
        head = b.head(w.LAST_DAY, w.LEFT, plain(""), w.DUTY, w.WHO, w.IF_NOT_DONE)
        rows = tuple(_due(group, names[group[0].description], run) for group in groups)
        yield b.Table(head, rows, "due")
    shown = [one for group in groups for one in group]
    moved = dict.fromkeys(f"{one.last} → {one.safe}" for one in shown if one.safe != one.last)
    if moved:
        yield b.paragraph("*", w.SAFE_DAY + plain(f": {', '.join(moved)}"))
    if any(one.provisional for one in shown):
        yield b.paragraph("~", w.PROVISIONAL)
    yield from b.more(len(found) - len(shown) + later, w.LATER)


def _same_duty(duty: Duty) -> tuple[object, ...]:
    return duty.last, duty.own_id, duty.description, duty.state, duty.provisional, duty.waived


def _due(group: Sequence[Duty], name: str, run: Run) -> tuple[b.Line | b.Bar, ...]:
    duty = group[0]
    mark = "~" if duty.provisional else "*" if duty.last != duty.safe else ""
    named = rule_name(duty.rule_id, duty.title, run, part=duty.part, description=name)
    subjects = [b.code(one.subject, 60) for one in group if one.subject]
    left_out = len(subjects) - _MOST_SUBJECTS
    return (
        b.line(f"{duty.last}{mark}"),
        b.line(b.Span(left(duty), "bad" if duty.days < 0 else "")),
        b.Bar(*duty.urgency(run.warn_days)),
        b.line(
            *named,
            *subjects[:_MOST_SUBJECTS],
            f"(+{left_out})" if left_out > 0 else "",
            b.Span(standing_title(Standing.WAIVED), "tag") if duty.waived else "",
        ),
        b.line(duty.who),
        b.line(str(duty.turns), duty.becomes),
    )
