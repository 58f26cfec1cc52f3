"""What cannot be decided, on a terminal (无法判断): a cause that several rules have, once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.kinds.finding import Finding, as_one
from pytest_icp.kinds.locator import gap_of, of_one_gap
from pytest_icp.kinds.result import Result
from pytest_icp.kinds.standing import Standing
from pytest_icp.reports import words as w
from pytest_icp.reports.failure import (
    cause_lines,
    failure_text,
    rule_lines,
    sentence,
    worst_findings,
)
from pytest_icp.reports.layout import cut, inert, pad, width
from pytest_icp.reports.words import Language, in_languages
from pytest_icp.rules.practice import by_practice

_WOULD_BE = "would be violated "

Rule = tuple[str, str]
"""A description and the id of a rule that is decided of it."""


class Block(Struct, frozen=True):
    """Why some rules are not decided: ``write`` the lines to print, of those that are shown."""

    rules: frozenset[Rule]
    write: Callable[[], Iterable[str]]

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines to print."""
        return tuple(self.write())


def _by_urgency(results: Iterable[Result]) -> list[Result]:
    """Return unknown results: those that would be violated first, then those that fail a run."""
    return sorted(
        results, key=lambda one: (not one.would_be_violated, one.standing is not Standing.UNKNOWN)
    )


def by_rule(results: Iterable[Result], language: Language, columns: int) -> list[Block]:
    """Return a block for each unknown result, with the law that it rests on."""
    return [
        _block(result, partial(_failure_lines, result, language, columns))
        for result in _by_urgency(results)
    ]


def _failure_lines(result: Result, language: Language, columns: int) -> list[str]:
    return failure_text(result, language, columns).split("\n")


def undecided(
    results: Iterable[Result], language: Language, columns: int, *, named: int | None
) -> list[Block]:
    """Return a block for each cause that several rules have, and for each rule with one of its own.

    What would be violated comes first, then what keeps most rules from being decided. So many
    rules of a cause are ``named``; None for all of them.
    """
    told = [(result, *worst_findings(result)) for result in _by_urgency(results)]
    causes = _causes((result, findings) for result, findings, _ in told)
    urgent: list[Block] = []
    others: list[Block] = []
    for result, findings, more in told:
        own = [one for one in findings if len(causes[_cause(result, one)]) == 1]
        if own or more or not findings:
            lines = partial(rule_lines, result, own, more, language, columns)
            (urgent if result.would_be_violated else others).append(_block(result, lines))
    shared = [
        Block(frozenset(rules), partial(_shared, rules, named, language, columns))
        for rules in causes.values()
        if len(rules) > 1
    ]
    shared.sort(key=lambda block: -len(block.rules))
    return [*urgent, *shared, *others]


def would_be(results: Iterable[Result], language: Language, columns: int) -> list[str]:
    """Return a line for each rule that would be violated, and on which condition.

    The most pursued come first. A line that is too long is cut: what is found is below, with -v.
    """
    told = sorted(results, key=lambda one: by_practice(one.rule_id))
    found = [(one, worst_findings(one)[0]) for one in told if one.would_be_violated]
    rows = [(one.rule_id, next(f for f in of_one if f.hinge)) for one, of_one in found]
    room = max((width(rule) for rule, _ in rows), default=0)
    lines = []
    for rule, finding in rows:
        # The title has said the rest.
        said = in_languages(sentence(finding), language).replace(_WOULD_BE, "", 1)
        lines.append(cut(inert(f"{pad(rule, room)}  {said}"), columns))
    return lines


def _causes(
    told: Iterable[tuple[Result, Sequence[Finding]]],
) -> dict[Hashable, dict[Rule, list[Finding]]]:
    """Return the findings of each rule by their cause."""
    causes: dict[Hashable, dict[Rule, list[Finding]]] = {}
    for result, findings in told:
        for finding in findings:
            rules = causes.setdefault(_cause(result, finding), {})
            rules.setdefault((result.description, result.rule_id), []).append(finding)
    return causes


def _block(result: Result, write: Callable[[], Iterable[str]]) -> Block:
    return Block(frozenset({(result.description, result.rule_id)}), write)


def _shared(
    rules: Mapping[Rule, Sequence[Finding]], named: int | None, language: Language, columns: int
) -> Iterator[str]:
    findings = [finding for found in rules.values() for finding in found]
    one = of_one_gap(findings) if gap_of(findings[0]) else as_one(findings)
    if one.left_out:
        # Which words to add is said where the facts are that are to be declared.
        near = replace(one.location, excerpt="")
        one = replace(one, message=w.LEFT_OUT, location=near, line_to_add="")
    # Rules on several subjects may lack one fact of the whole description.
    others = tuple(other for other in one.others if other.pointer != one.pointer)
    one = replace(one, others=others)
    yield from cause_lines(one, sorted(rule for _, rule in rules), named, language, columns)


def _cause(result: Result, finding: Finding) -> Hashable:
    """Return what findings of several rules have in common that have one cause.

    What would be violated, and what a person must decide, is a matter of its rule alone. Whatever
    is left out of a description and usually so is one cause.
    """
    alone = finding.hinge or finding.review
    if finding.left_out and not alone:
        return result.description
    said = gap_of(finding) or finding.message
    own = (result.rule_id, finding.pointer) if alone else finding.line_to_add
    return result.description, str(finding.location), said, own
