"""Judges the subjects of a long list that are alike (相同的对象) only once.

A subject with the same facts as an earlier one, as far as the obligation reads them, gets the same
verdict, unless that one violates the obligation or has a due date.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Container, Iterable
from itertools import repeat
from typing import TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from pytest_icp.kinds import kinds
from pytest_icp.kinds.finding import MANY, Finding, NoteKind, Other, Verdict, of_each_subject
from pytest_icp.kinds.judgement import NOT_APPLICABLE, Judgement
from pytest_icp.kinds.subjects import Subject
from pytest_icp.law.jsontypes import JsonObject
from pytest_icp.law.perhaps import PERHAPS
from pytest_icp.rules.policy import Obligation
from pytest_icp.rules.reads import facts_read

Judge: TypeAlias = Callable[[Subject], Judgement]
FactsOf: TypeAlias = Callable[[JsonObject], bytes | None]


def alike(
    facts_of: FactsOf,
    subjects: Iterable[tuple[Subject, bool]],
    judge: Judge,
    others: dict[tuple[str, str], Other],
) -> list[Judgement]:
    """Judge each of the subjects that perhaps match, those with the same facts only once.

    ``others`` keeps the further subjects of findings, for other rules to use.
    """
    judged: list[Judgement] = []
    known: dict[bytes, _Alike] = {}
    for subject, possible in subjects:
        facts = facts_of(subject.value) if possible else None
        if not possible:
            judged.append(NOT_APPLICABLE)
        elif facts in known:
            same = known[facts]
            same.others[len(judged)] = subject
            judged.append(same.again)
        else:
            judgement = judge(subject)
            if facts is not None and not _is_specific(judgement, subject):
                # A doubt about the law is the same for all, and is noted once.
                again = replace(judgement, notes=()) if judgement.notes else judgement
                known[facts] = _Alike(len(judged), subject, again)
            judged.append(judgement)
    shared = [same for same in known.values() if same.others and same.again.findings]
    few = sum(len(judgement.findings) for judgement in judged) <= MANY
    for same in shared:
        same.share(judged, others, apart=few)
    return judged


class _Alike(Struct):
    """Subjects with the same facts: the first and its number, the judgement of the others."""

    number: int
    first: Subject
    again: Judgement
    others: dict[int, Subject] = field(default_factory=dict)

    def share(
        self, judged: list[Judgement], others: dict[tuple[str, str], Other], *, apart: bool
    ) -> None:
        """Give the findings to the others too: each its own, or all with those of the first."""
        judgement = judged[self.number].shared(self.first, self.others.values(), others)
        findings: Iterable[tuple[Finding, ...]] = repeat(())
        if apart:
            own, *findings = zip(*map(of_each_subject, judgement.findings), strict=True)
            judgement = replace(judgement, findings=own)
        judged[self.number] = judgement
        for number, found in zip(self.others, findings, strict=False):
            judged[number] = replace(self.again, findings=found)


def projection(obligation: Obligation, indifferent: Container[str]) -> FactsOf:
    """Return a function that encodes the facts of a subject that the obligation reads.

    It returns None where the kind does not declare which facts it reads.
    """
    each = f"{obligation.each}."
    read = [fact.removeprefix(each) for fact in facts_read(obligation) if fact.startswith(each)]
    names = (PERHAPS, *{fact.partition(".")[0] for fact in read if fact not in indifferent})
    if obligation.kind not in kinds():
        return lambda _: None
    # It distinguishes `true` and 1, 1 and 1.0. Version 2 has no references in it.
    # Null is not the same as nothing.
    return lambda subject: marshal.dumps([subject.get(name, ...) for name in names], 2)


def _is_specific(judgement: Judgement, subject: Subject) -> bool:
    """Whether a judgement has more than a verdict that names its subject."""
    if judgement.verdict is Verdict.VIOLATED or judgement.upcoming:
        return True
    # Where all have the same fact, it does not tell what the finding of another hinges on.
    inside = f"{subject.place}/"
    return any(note.kind is not NoteKind.GREY for note in judgement.notes) or any(
        one.hinge is not None and not f"{one.pointer}/".startswith(inside)
        for one in judgement.findings
    )
