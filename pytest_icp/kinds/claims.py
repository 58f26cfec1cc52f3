"""Claims (各处的说法) about one fact that differ: each is judged by itself.

A fact with different values in different places counts as not known. Yet where one of the values
breaks a rule, the rule is violated: either it is broken, or that place says what is not so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.facts.derived import Disagreement
from pytest_icp.facts.description import Description
from pytest_icp.kinds.context import Context
from pytest_icp.kinds.contradictions import contradicted, seeing
from pytest_icp.kinds.finding import Finding, Outcome, Verdict, of_each_subject
from pytest_icp.kinds.locator import Locator
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json, JsonObject, tokens
from pytest_icp.law.text import Text
from pytest_icp.rules.contradictions import contradictions

_ELSEWHERE = Text(
    zh="{found}（{place}）；另一处不同：{others}",
    en="{found} ({place}); elsewhere it differs: {others}",
)
_STALE = Text(
    zh="；计划或状态已经过时，请重新生成计划，或用 terraform apply 部署代码所写的",
    en="; the plan or state is out of date: plan again, or apply what the code says",
)
_FINE = (Verdict.SATISFIED, Verdict.NOT_APPLICABLE)


class Claims(Struct, frozen=True):
    """The facts that have several values, by pointer, and contexts with one value of each."""

    contested: Mapping[str, Disagreement] = field(default_factory=dict)
    ways: tuple[Context, ...] = ()


def claims(context: Context, description: Description) -> Claims:
    """Return the claims in a description; ``context`` is that in which it is decided.

    A list that is contested as a whole is left out: it may be incomplete whichever is so.
    """
    judged = {at: one for at, one in description.contested.items() if not _is_list(one)}
    most = max((len(one.statements) for one in judged.values()), default=0)

    def way(number: int) -> Context:
        facts = _with_values(description.facts, judged, number)
        seen = seeing(context, description.view(context.as_of, facts))
        return contradicted(seen, contradictions()).context or seen

    return Claims(judged, tuple(map(way, range(most))))


def with_claims(
    known: Claims,
    locator: Locator,
    outcome: Outcome,
    facts: Sequence[str],
    judge: Callable[[Context], Outcome],
) -> Outcome:
    """Return the outcome of a rule that reads ``facts``, judged by each claim about them.

    If it is violated by one of them, it is violated, or would be; if each of them satisfies it,
    it is satisfied; else it stays unknown.
    """
    mine = {at: one for at, one in known.contested.items() if _is_read(at, facts)}
    if not mine or outcome.verdict in _FINE:
        return outcome
    outcome, *ways = map(_apart, (outcome, *map(judge, known.ways)))
    broken = next((way for way in ways if way.verdict is Verdict.VIOLATED), None)

    def counts(one: Finding) -> bool:
        would = broken is None and one.hinge is not None
        return one.verdict is Verdict.VIOLATED or would

    found = {_about(one): one for one in outcome.findings if counts(one)}
    for number, way in enumerate(ways):
        for one in filter(counts, way.findings):
            found.setdefault(_about(one), _placed(locator, mine, one, number))
    if found:
        subjects = {one.subject for one in found.values()}
        others = (one for one in outcome.findings if one.subject not in subjects)
        return replace(broken or outcome, findings=(*found.values(), *others))
    # Of several facts not every pair of claims was tried.
    agreed = len(mine) == 1 and all(way.verdict in _FINE for way in ways)
    return min(ways, key=lambda way: _FINE.index(way.verdict)) if agreed else outcome


def _is_list(one: Disagreement) -> bool:
    whole = len(tokens(one.pointer)) == 1
    return whole and any(isinstance(each.value, list) for each in one.statements)


def _with_values(
    facts: JsonObject, contested: Mapping[str, Disagreement], number: int
) -> JsonObject:
    """Return the facts with the value of this number of each contested one, the last if fewer."""
    values = [
        (tokens(at), one.statements[min(number, len(one.statements) - 1)].value)
        for at, one in contested.items()
    ]
    changed = _changed(facts, values)
    return changed if isinstance(changed, Mapping) else {}


def _changed(value: Json, changes: Sequence[tuple[Sequence[str], Json]]) -> Json:
    """Return a value with others at some paths in it."""
    inner: dict[str, list[tuple[Sequence[str], Json]]] = {}
    for names, new in changes:
        if not names:
            return new
        inner.setdefault(names[0], []).append((names[1:], new))
    if isinstance(value, list):
        elements = list(value)
        for name, below in inner.items():
            elements[int(name)] = _changed(value[int(name)], below)
        return elements
    known = value if isinstance(value, Mapping) else {}
    return {**known, **{name: _changed(known.get(name), below) for name, below in inner.items()}}


def _is_read(at: str, facts: Iterable[str]) -> bool:
    """Whether a rule reads a contested fact, a part of it or what it is a part of."""
    mine = ".".join(name for name in tokens(at) if not name.isdecimal())
    return any(
        f"{mine}.".startswith(f"{one}.") or f"{one}.".startswith(f"{mine}.") for one in facts
    )


def _apart(outcome: Outcome) -> Outcome:
    """Return an outcome with a finding of each subject: alike ones are contested singly."""
    findings = chain.from_iterable(map(of_each_subject, outcome.findings))
    return replace(outcome, findings=tuple(findings))


def _about(finding: Finding) -> tuple[str, str]:
    return finding.subject, finding.pointer


def _placed(
    locator: Locator, contested: Mapping[str, Disagreement], finding: Finding, number: int
) -> Finding:
    """Return a finding at the place of the claim that it rests on, with the other claims."""
    about = f"{finding.pointer}/"
    claim = next((c for at, c in contested.items() if _overlap(f"{at}/", about)), None)
    if claim is None:
        return finding
    number = min(number, len(claim.statements) - 1)
    here = locator.stated(claim.statements[number].provenance, finding.pointer)
    others = "; ".join(
        f"{show(one.value)} ({locator.stated(one.provenance, finding.pointer)})"
        for i, one in enumerate(claim.statements)
        if i != number
    )
    found = _ELSEWHERE.format(found=finding.found, place=here, others=others)
    return replace(finding, location=here, found=found + _STALE if claim.stale else found)


def _overlap(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
