"""The end of a run: a matrix by provision, what is due next, what to declare next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct

from pytest_icp.kinds.finding import Finding, Upcoming, Verdict
from pytest_icp.kinds.result import Result, Waived
from pytest_icp.kinds.standing import OPEN, Standing
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import by_cause
from pytest_icp.reports.failure import sentence
from pytest_icp.reports.layout import cut, inert, item, pad, ruled, width
from pytest_icp.reports.matrix import Marked, matrix
from pytest_icp.reports.notes import notes
from pytest_icp.reports.run import names_of_results, whose
from pytest_icp.reports.to_declare import MOST, to_declare
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.policy import part_id
from pytest_icp.rules.practice import by_practice
from pytest_icp.rules.settings import WARN_DAYS

_MOST_ROWS, _FEW_ROWS = 12, 3
_WIDEST_RULE = 40
"""Columns for the names of rules; a longer name moves what follows it in its row."""


class Section(Struct, frozen=True):
    """A heading and the lines under it."""

    title: Text
    lines: tuple[str, ...]

    def ruled(self, language: Language, columns: int) -> Iterator[str]:
        """Yield the title in a rule, then the lines."""
        yield ruled(in_languages(self.title, language), columns, "-")
        yield from self.lines


def summary(
    results: Iterable[Result],
    marked: Iterable[Marked],
    language: Language,
    columns: int,
    *,
    most: int | None = MOST,
    within: int = WARN_DAYS,
    brief: bool = False,
) -> Iterator[Section]:
    """Yield the sections of a finished run that have something to say.

    ``most`` is how many facts to declare are shown; None, all of them, and with them the notes
    and the matrix. What is due ``within`` so many days is listed. One that is ``brief`` leaves out
    what needs nothing to be done, and shows little of what is due.
    """
    ordered = sorted(results, key=lambda r: (r.description, r.provision, r.rule_id))
    listed = sorted(ordered, key=lambda r: (r.description, by_practice(r.rule_id)))
    everything = most is None
    near, later = _due(ordered, within)
    next_due = near[: _FEW_ROWS if brief else _MOST_ROWS] or ([] if brief else later[:1])
    # Where something is wrong or not known, one line says what is due.
    in_title = brief and any(one.standing in OPEN for one in ordered)
    sections = [
        (w.ADVISORY, () if brief else _advisory(listed, language, columns)),
        (w.WAIVED, () if brief else _waived(listed, language, columns)),
        (w.DECIDED, () if brief else _decided(listed, language, columns)),
        (w.NOTES, notes(ordered, language, columns) if everything else ()),
        (w.DECLARE_NEXT, to_declare(ordered, language, columns, most)),
        (w.NEXT_DUE, () if in_title else _next_due(next_due, len(near), language, columns)),
        (w.MATRIX, matrix(ordered, marked, language, columns) if everything else ()),
    ]
    for title, lines in sections:
        shown = tuple(lines)
        if shown:
            yield Section(title, shown)
    if in_title and near:
        one, result = near[0]
        rule = part_id(result.rule_id, one.part)
        yield Section(w.DUE_FIRST.format(day=one.last, rule=rule, n=len(near)), ())


def _advisory(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    names = names_of_results(results)
    for result in results:
        found = [one for one in result.findings if _is_advice(result, one)]
        for finding in found[:_MOST_ROWS]:
            said = in_languages(finding.message, language)
            rule = whose(part_id(result.rule_id, finding.part), names[result.description])
            yield from item(f"{rule} {finding.location}: {said}", columns)


def _is_advice(result: Result, finding: Finding) -> bool:
    about = result.about(finding)
    return about.level == "advisory" and about.verdict is Verdict.VIOLATED


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
    """Whether a finding breaks a requirement that is no advice, and nobody has waived that."""
    about = result.about(finding)
    violated = finding.verdict is Verdict.VIOLATED and about.standing is Standing.VIOLATED
    return violated or (finding.review and about.waived is None)


def _waived(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    names = names_of_results(results)
    for result in results:
        own = [(part_id(result.rule_id, one.name), one.waived) for one in result.parts]
        told: dict[Waived, str] = {}
        for rule, waived in ((result.rule_id, result.waived), *own):
            # What covers the whole is not said of each of its parts again.
            if waived and told.setdefault(waived, rule) == rule:
                said = in_languages(w.waiver_text(waived), language)
                yield from item(f"{whose(rule, names[result.description])}: {said}", columns)


def _decided(results: list[Result], language: Language, columns: int) -> Iterator[str]:
    names = names_of_results(results)
    for result in results:
        for finding in result.findings:
            if finding.decided:
                said = in_languages(w.decided_text(finding.decided), language)
                rule = whose(part_id(result.rule_id, finding.part), names[result.description])
                yield from item(f"{rule} [{finding.subject}]: {said}", columns)


_Due = tuple[Upcoming, Result]


def _due(results: Iterable[Result], within: int) -> tuple[list[_Due], list[_Due]]:
    """Return what is due within so many days, and later, by its last day."""
    every = sorted(
        ((one, result) for result in results for one in result.upcoming),
        key=lambda pair: (pair[0].last, pair[1].rule_id, pair[0].part, pair[0].subject),
    )
    near = [pair for pair in every if days_left(*pair) <= within]
    return near, every[len(near) :]


def _next_due(shown: Sequence[_Due], every: int, language: Language, columns: int) -> Iterator[str]:
    """Yield a row for each of some duties, and how many of every one that is near are left out."""
    names = names_of_results(result for _, result in shown)
    rules = [
        inert(whose(part_id(result.rule_id, one.part), names[result.description]))
        for one, result in shown
    ]
    room = min(max(map(width, rules), default=0), _WIDEST_RULE)
    for (one, result), rule in zip(shown, rules, strict=True):
        days = days_left(one, result)
        title = in_languages(result.about(one).title, language)
        mark = "~" if one.provisional else "*" if one.last != one.safe else " "
        row = f"  {one.last}{mark} +{days:<4}  {pad(rule, room)}  {title} [{one.subject}]"
        yield cut(inert(row), columns)
    moved = dict.fromkeys(f"{one.last} → {one.safe}" for one, _ in shown if one.last != one.safe)
    if moved:
        yield from item(f"* {in_languages(w.SAFE_DAY, language)}: {', '.join(moved)}", columns)
    if any(one.provisional for one, _ in shown):
        yield from item(f"~ {in_languages(w.PROVISIONAL, language)}", columns)
    if every > len(shown):
        yield from item(in_languages(w.LATER.format(n=every - len(shown)), language), columns)


def days_left(one: Upcoming, result: Result) -> int:
    """Return how many days are left until the last day of a duty."""
    return (date.fromisoformat(one.last) - date.fromisoformat(result.as_of[:10])).days


def ignored_section(
    every: Iterable[str], left: Collection[str], language: Language, columns: int
) -> Iterator[Section]:
    """Yield the section that counts and names the rules that are not selected, if any."""
    known = sorted(every)
    rules = [rule for rule in known if rule in left]
    if not rules:
        return
    text = w.IGNORED.format(n=len(rules), rules=", ".join(_in_short(rules, known)))
    said = in_languages(text, language)
    yield Section(w.NOT_CHECKED, tuple(item(said, columns)))


def _in_short(rules: Sequence[str], every: Sequence[str]) -> Iterator[str]:
    """Yield rules, all those of one provision as ``SP09/*``."""
    for provision, group in groupby(rules, key=lambda rule: rule.partition("/")[0]):
        some = list(group)
        whole = sum(rule.startswith(f"{provision}/") for rule in every) == len(some) > 1
        yield from [f"{provision}/*"] if whole else some
