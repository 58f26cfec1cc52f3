"""What to declare next: the facts that are not known, the most needed first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.jsontypes import stable_pointer, tokens
from pytest_icp.reports import words as w
from pytest_icp.reports.layout import item, to_paste, wrap
from pytest_icp.reports.words import Language, in_languages

MOST = 8
MOST_QUIETLY = 3
"""Facts that are shown in one run, the second number under ``-q``."""

_NAMED = 4
"""Rules and elements that are named of each fact; the others are counted."""


class _MissingFact(Struct):
    """A fact that is not declared, in one element of a list or in several."""

    first: Finding
    rules: dict[str, None] = field(default_factory=dict)
    subjects: dict[str, None] = field(default_factory=dict)


def to_declare(
    results: Iterable[Result], language: Language, columns: int, most: int | None
) -> Iterator[str]:
    """Yield so many facts (None: all), each with the rules that wait for it and how to add it."""
    facts = _facts(results)
    if facts:
        yield from wrap(f"  {in_languages(w.FOR_NULL, language)}", columns, indent="  ")
    for fact in facts[:most]:
        yield from _fact(fact, language, columns, None if most is None else _NAMED)
    more = len(facts[most:]) if most is not None else 0
    if more:
        said = in_languages(w.MORE_FACTS.format(n=more), language)
        yield from item(said, columns)


def _facts(results: Iterable[Result]) -> list[_MissingFact]:
    """Gather the facts, whatever element of a list lacks them, the most useful first."""
    facts: dict[tuple[str, str], _MissingFact] = {}
    for result in results:
        for unknown in result.findings if result.verdict is Verdict.UNKNOWN else ():
            finding = unknown.hinge or unknown
            if finding.verdict is Verdict.UNKNOWN and finding.line_to_add:
                key = (finding.location.path, stable_pointer(finding.pointer))
                fact = facts.setdefault(key, _MissingFact(finding))
                fact.rules[result.rule_id] = None
                fact.subjects[finding.subject] = None
                fact.subjects |= dict.fromkeys(other.subject for other in unknown.others)
    return [facts[key] for key in sorted(facts, key=lambda key: (-len(facts[key].rules), key))]


def _fact(fact: _MissingFact, language: Language, columns: int, named: int | None) -> Iterator[str]:
    from pytest_icp.facts.questions import title_of

    finding = fact.first
    alone = len(fact.subjects) == 1 and finding.subject not in finding.pointer
    element = f" [{finding.subject}]" if alone else ""
    yield from item(f"{finding.location}  {finding.pointer}{element}", columns)
    names = ".".join(name for name in tokens(finding.pointer) if not name.isdecimal())
    yield from wrap(f"    {in_languages(title_of(names), language)}", columns, indent="    ")
    # A list that is not declared has no elements, whoever waits for it.
    if len(fact.subjects) > 1 and any(map(str.isdecimal, tokens(finding.pointer))):
        elements = in_languages(w.ELEMENTS.format(n=len(fact.subjects)), language)
        yield from _listed(elements, list(fact.subjects), language, columns, named)
    count = in_languages(w.DECIDES.format(n=len(fact.rules)), language)
    yield from _listed(count, list(fact.rules), language, columns, named)
    yield from to_paste(finding.line_to_add, "      + ", columns)


def _listed(
    label: str, names: Sequence[str], language: Language, columns: int, named: int | None
) -> Iterator[str]:
    said = f"    {label}: {', '.join(names[:named])}"
    if named is not None and len(names) > named:
        said += f"; {in_languages(w.MORE.format(n=len(names) - named), language)}"
    yield from wrap(said, columns, indent="      ")
