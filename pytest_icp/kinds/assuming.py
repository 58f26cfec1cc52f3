"""Names the assumptions (假定) that a verdict rests on: in its findings, and in a note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from pytest_icp.facts.assumptions import Assumption
from pytest_icp.facts.derived import Status
from pytest_icp.kinds import messages as say
from pytest_icp.kinds.finding import Finding, Note, NoteKind, Outcome, Verdict
from pytest_icp.kinds.locator import Locator
from pytest_icp.law.describe import show
from pytest_icp.law.jsontypes import Json, overlap, pointer, tokens


def with_assumptions(locator: Locator, outcome: Outcome, facts: Sequence[str]) -> Outcome:
    """Return an outcome that rests on some facts with what of them is assumed.

    ``facts`` are dotted paths. An unknown outcome rests on what is not known instead.
    """
    assumptions = locator.description.assumptions
    used = [one for one in assumptions if any(overlap(one.fact, fact) for fact in facts)]
    if not used or outcome.verdict is Verdict.UNKNOWN:
        return outcome
    notes = tuple(_note(locator, one) for one in used)
    findings = tuple(_naming(locator, finding, used) for finding in outcome.findings)
    return replace(outcome, notes=outcome.notes + notes, findings=findings)


def _note(locator: Locator, one: Assumption) -> Note:
    each, _, name = one.fact.partition(".")
    at = locator.at(one.place)
    text = say.ASSUMES.format(
        count=one.elements, each=each, name=name, value=show(one.value), place=str(at)
    )
    return Note(kind=NoteKind.ASSUMED, text=text, location=at)


def _naming(locator: Locator, finding: Finding, used: Sequence[Assumption]) -> Finding:
    """Return a finding that names what is assumed of its element."""
    each, *rest = tokens(finding.pointer)
    held = [
        f"`{name}: {show(one.value)}`"
        for one in used
        if (name := one.fact.removeprefix(f"{each}.")) != one.fact
        and any(_is_assumed(locator, (each, *rest[:1], name, *at)) for at in _leaves(one.value))
    ]
    if not held:
        return finding
    assuming = say.ASSUMING.format(facts=", ".join(dict.fromkeys(held)))
    return replace(finding, message=finding.message + assuming)


def _leaves(value: Json) -> list[tuple[str, ...]]:
    """Return the paths of what is in a value: of an object, only a part may be assumed."""
    if not isinstance(value, Mapping):
        return [()]
    return [(name, *path) for name, part in value.items() for path in _leaves(part)]


def _is_assumed(locator: Locator, at: tuple[str, ...]) -> bool:
    provenance = locator.description.provenance(pointer(at))
    return provenance is not None and provenance.status is Status.ASSUMED
