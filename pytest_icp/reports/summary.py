"""The end of a run: a matrix by provision, what is due next, what to declare next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from pytest_icp.kinds.finding import Finding, Note, NoteKind, Upcoming, Verdict
from pytest_icp.kinds.result import Result, Waived
from pytest_icp.kinds.standing import FAILING, OPEN, Standing
from pytest_icp.law.text import Text, plain
from pytest_icp.reports import blocks as b
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import by_cause
from pytest_icp.reports.failure import sentence
from pytest_icp.reports.layout import inert, pad, width
from pytest_icp.reports.marked import MarkedTest
from pytest_icp.reports.run import names_of_results, whose
from pytest_icp.reports.to_declare import MOST, first_to_declare, to_declare
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.policy import part_id
from pytest_icp.rules.practice import by_practice
from pytest_icp.rules.settings import WARN_DAYS

_SIGNS = {
    Standing.VIOLATED: "F",
    Standing.UNKNOWN: "?",
    Standing.ADVISORY: "a",
    Standing.ADVISORY_UNKNOWN: "u",
    Standing.WAIVED: "w",
    Standing.SATISFIED: ".",
    Standing.NOT_APPLICABLE: "-",
}

_Rule = tuple[str, Text | None, Standing]
"""The id of a rule, the title of its provision if there is one, and how it stands."""

_MOST_ROWS, _FEW_ROWS = 12, 3
_WIDEST_RULE = 40
"""Columns for the names of rules; a longer name moves what follows it in its row."""

_Said = Callable[[Result], Iterator[tuple[str, str, Text]]]
"""Yields what is told of a result: the id of a rule, what stands behind it, and a text."""

_Due = tuple[Upcoming, Result]


def notes(results: Sequence[Result]) -> Iterator[b.Block]:
    """Yield each note once with its rules, by due date, and where defaults are documented."""
    every: dict[Text, tuple[Note, dict[str, None]]] = {}
    names = names_of_results(results)
    for result in results:
        for note in result.notes:
            if note.kind == NoteKind.LEFT_OUT:
                # It is said where the facts are that are to be declared.
                continue
            # A number is the same in every description.
            name = "" if note.kind == NoteKind.DEFAULT else names[result.description]
            rule = whose(part_id(result.rule_id, note.part), name)
            every.setdefault(note.text, (note, {}))[1][rule] = None
    told = sorted(every.values(), key=lambda one: one[0].due or "9999")
    lines = (b.line(b.whole(f"{', '.join(rules)}:"), b.whole(note.text)) for note, rules in told)
    yield from b.items(lines, style="joined")
    if any(note.kind == NoteKind.DEFAULT for note, _ in told):
        yield from b.items([b.line(w.LEGAL_NOTES)])


def matrix(results: Sequence[Result], marked: Iterable[MarkedTest]) -> Iterator[b.Block]:
    """Yield a row for each provision and how many of its rules stand how.

    Descriptions come in their order, then the marked tests.
    """
    parts: list[tuple[b.Line, list[_Rule]]] = []
    for description, group in groupby(results, key=lambda one: one.description):
        of_one = list(group)
        day = w.AS_OF.format(day=of_one[0].as_of[:10])
        rules = [(one.rule_id, one.provision_title, one.standing) for one in of_one]
        parts.append((b.line(f"{description} ", day), [*rules]))
    if tests := sorted((one.rule_id, None, Standing(one.verdict)) for one in marked):
        parts.append((b.line(w.MARKED), [*tests]))
    for heading, told in parts:
        yield b.Paragraph(heading, "cut")
        yield b.Group((_table(told),))
    if parts:
        yield b.Group((b.paragraph(w.LEGEND),))


def _table(rules: Sequence[_Rule]) -> b.Table:
    """Return a row for each provision, with the names of what is violated or unknown."""
    standings = [how for how in _SIGNS if any(one[2] is how for one in rules)]
    rows = []
    for provision, group in groupby(rules, key=lambda one: one[0].partition("/")[0]):
        of_one = [(rule.partition("/")[2], title, how) for rule, title, how in group]
        counts = Counter(how for _, _, how in of_one)
        failing = {
            how: dict.fromkeys(name or provision for name, _, of in of_one if of is how)
            for how in FAILING
        }
        amiss = [f"{_SIGNS[how]} {', '.join(names)}" for how, names in failing.items() if names]
        # Marked tests have no provision with a title: their names stand for it.
        title = of_one[0][1] or plain(", ".join(dict.fromkeys(name for name, _, _ in of_one)))
        numbers = (b.line(str(counts[how] or "")) for how in standings)
        rows.append((b.line(plain(f"{provision} ") + title), *numbers, b.line("; ".join(amiss))))
    signs = (b.line(_SIGNS[how]) for how in standings)
    columns = (*b.head(w.PROVISION), *signs, *b.head(w.AMISS))
    return b.Table(columns, tuple(rows), numbers=frozenset(range(1, len(columns) - 1)))


def summary(
    results: Iterable[Result],
    marked: Iterable[MarkedTest],
    *,
    most: int | None = MOST,
    within: int = WARN_DAYS,
    brief: bool = False,
) -> Iterator[b.Section]:
    """Yield the sections of a finished run that have something to say.

    ``most`` is how many facts to declare are shown; of 0 one line says how many there are. None
    shows all of them, and with them the notes and the matrix. What is due ``within`` so many days
    is listed. One that is ``brief`` leaves out what needs nothing to be done, and shows little of
    what is due.
    """
    ordered = sorted(results, key=lambda r: (r.description, r.provision, r.rule_id))
    listed = sorted(ordered, key=lambda r: (r.description, by_practice(r.rule_id)))
    everything = most is None
    near, later = _due(ordered, within)
    next_due = near[: _FEW_ROWS if brief else _MOST_ROWS] or ([] if brief else later[:1])
    # Where something is wrong or not known, one line says what is due.
    in_title = brief and any(one.standing in OPEN for one in ordered)
    sections = [
        *(
            (title, () if brief else _told(listed, said))
            for title, said in (
                (w.ADVISORY, _advisory),
                (w.WAIVED, _waived),
                (w.DECIDED, _decided),
            )
        ),
        (w.NOTES, notes(ordered) if everything else ()),
        (w.DECLARE_NEXT, () if most == 0 else to_declare(ordered, most)),
        (w.NEXT_DUE, () if in_title else _next_due(next_due, len(near))),
        (w.MATRIX, matrix(ordered, marked) if everything else ()),
    ]
    for title, blocks in sections:
        if shown := tuple(blocks):
            yield b.Section(title, shown)
    if most == 0 and (said := first_to_declare(ordered)):
        yield b.Section(said)
    if in_title and near:
        one, result = near[0]
        rule = part_id(result.rule_id, one.part)
        yield b.Section(w.DUE_FIRST.format(day=one.last, rule=rule, n=len(near)))


def _told(results: Sequence[Result], said: _Said) -> Iterator[b.Block]:
    """Yield an item for each thing that is told of results."""
    names = names_of_results(results)
    lines = (
        b.line(f"{whose(rule, names[result.description])}{where}:", b.whole(text))
        for result in results
        for rule, where, text in said(result)
    )
    yield from b.items(lines, style="joined")


def _advisory(result: Result) -> Iterator[tuple[str, str, Text]]:
    found = [one for one in result.findings if _is_advice(result, one)]
    for one in found[:_MOST_ROWS]:
        yield part_id(result.rule_id, one.part), f" {one.location}", one.message


def _is_advice(result: Result, finding: Finding) -> bool:
    about = result.about(finding)
    return about.level == "advisory" and about.verdict is Verdict.VIOLATED


def _waived(result: Result) -> Iterator[tuple[str, str, Text]]:
    own = [(part_id(result.rule_id, one.name), one.waived) for one in result.parts]
    told: dict[Waived, str] = {}
    for rule, waived in ((result.rule_id, result.waived), *own):
        # What covers the whole is not said of each of its parts again.
        if waived and told.setdefault(waived, rule) == rule:
            yield rule, "", w.waiver_text(waived)


def _decided(result: Result) -> Iterator[tuple[str, str, Text]]:
    for one in result.findings:
        if one.decided:
            where = f" [{one.subject}]"
            yield part_id(result.rule_id, one.part), where, w.decided_text(one.decided)


def finding_lines(results: Iterable[Result], language: Language) -> Iterator[str]:
    """Yield what breaks a rule in a line each: ``path:line:col: rule: sentence``.

    What authorities pursue most comes first, and what a person must decide says so.
    """
    for result in sorted(results, key=lambda one: (by_practice(one.rule_id), one.rule_id)):
        for finding in by_cause(one for one in result.findings if _is_told(result, one)):
            said = in_languages(sentence(finding), language)
            if finding.review:
                said = f"{in_languages(w.TO_REVIEW, language)}: {said}"
            more = f" (+{len(finding.others)})" if finding.others else ""
            rule = part_id(result.rule_id, finding.part)
            yield inert(f"{finding.location}: {rule}: {said}{more}")


def _is_told(result: Result, finding: Finding) -> bool:
    """Whether a finding breaks more than advice, and nobody has waived that."""
    about = result.about(finding)
    violated = finding.verdict is Verdict.VIOLATED and about.standing is Standing.VIOLATED
    return violated or (finding.review and about.waived is None)


def _due(results: Iterable[Result], within: int) -> tuple[list[_Due], list[_Due]]:
    """Return what is due within so many days, and later, by its last day."""
    every = sorted(
        ((one, result) for result in results for one in result.upcoming),
        key=lambda pair: (pair[0].last, pair[1].rule_id, pair[0].part, pair[0].subject),
    )
    near = [pair for pair in every if _days_left(*pair) <= within]
    return near, every[len(near) :]


def _next_due(shown: Sequence[_Due], every: int) -> Iterator[b.Block]:
    """Yield a row for each of some duties, and how many of every one that is near are left out."""
    names = names_of_results(result for _, result in shown)
    rules = [
        inert(whose(part_id(result.rule_id, one.part), names[result.description]))
        for one, result in shown
    ]
    room = min(max(map(width, rules), default=0), _WIDEST_RULE)
    for (one, result), rule in zip(shown, rules, strict=True):
        days = _days_left(one, result)
        mark = "~" if one.provisional else "*" if one.last != one.safe else " "
        due = f"  {one.last}{mark} +{days:<4}  {pad(rule, room)} "
        yield b.paragraph(due, result.about(one).title, f"[{one.subject}]", style="cut")
    lines = []
    if moved := dict.fromkeys(
        f"{one.last} → {one.safe}" for one, _ in shown if one.last != one.safe
    ):
        lines.append(b.line("*", b.strong(w.SAFE_DAY), ", ".join(moved)))
    if any(one.provisional for one, _ in shown):
        lines.append(b.line("~", w.PROVISIONAL))
    if every > len(shown):
        lines.append(b.line(w.LATER.format(n=every - len(shown))))
    yield from b.items(lines, style="joined")


def _days_left(one: Upcoming, result: Result) -> int:
    """Return how many days are left until the last day of a duty."""
    return (date.fromisoformat(one.last) - date.fromisoformat(result.as_of[:10])).days


def ignored_section(every: Iterable[str], left: Collection[str]) -> Iterator[b.Section]:
    """Yield the section that counts and names the rules that are not selected, if any."""
    known = sorted(every)
    rules = [rule for rule in known if rule in left]
    if rules:
        text = w.IGNORED.format(n=len(rules), rules=", ".join(_in_short(rules, known)))
        yield b.Section(w.NOT_CHECKED, tuple(b.items([b.line(b.whole(text))], style="joined")))


def _in_short(rules: Sequence[str], every: Sequence[str]) -> Iterator[str]:
    """Yield rules, all those of one provision as ``SP09/*``."""
    for provision, group in groupby(rules, key=lambda rule: rule.partition("/")[0]):
        some = list(group)
        whole = sum(rule.startswith(f"{provision}/") for rule in every) == len(some) > 1
        yield from [f"{provision}/*"] if whole else some
