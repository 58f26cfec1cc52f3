"""The law that removing evidence (证据) never fixes a violation."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_icp.authoring.fuzzing import messages as say
from pytest_icp.authoring.fuzzing.breach import Breach
from pytest_icp.authoring.fuzzing.subjects import subjects
from pytest_icp.authoring.strategies.documents import Tokens, dotted, found_at, without
from pytest_icp.authoring.strategies.situations import Situation
from pytest_icp.authoring.strategies.smallest import expand
from pytest_icp.authoring.strategies.trial import Trial
from pytest_icp.facts.evidence_files import named_files
from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.standing import standing_name
from pytest_icp.rules.fields import join_path


def removing_evidence_never_fixes(trial: Trial, situation: Situation) -> Iterator[Breach]:
    """Where the duty is violated, take each record, document and file away."""
    if trial.verdict(situation) is not Verdict.VIOLATED:
        return
    for at in evidence(trial, situation):
        less = situation.having(without(situation.document, at))
        verdict = trial.verdict(less)
        if verdict in {Verdict.SATISFIED, Verdict.NOT_APPLICABLE}:
            yield Breach(
                law=say.EVIDENCE_LAW,
                situation=less,
                found=standing_name(verdict),
                expected=standing_name(Verdict.VIOLATED),
                why=say.WITH_EVIDENCE.format(
                    verdict=standing_name(Verdict.VIOLATED), fact=dotted(at)
                ),
            )


def evidence(trial: Trial, situation: Situation) -> Iterator[Tokens]:
    """Yield the records and documents that an obligation looks for (证据)."""
    # The subjects themselves are not evidence, nor is what decides whether the duty applies.
    document, each = situation.document, join_path("", trial.obligation.each)
    for records in trial.records:
        aside = not records.evidence or records.path == each or _gates(trial, records.path)
        for at in () if aside else expand(document, records.path):
            found = found_at(document, at)
            yield from ((*at, i) for i in range(len(found) if isinstance(found, list) else 0))
    judged = subjects(document, each)
    for at, _, what in named_files(document, "description"):
        is_paper = what == "document" and at[-1] == "document" and at[:-1] not in judged
        if is_paper and not _gates(trial, ".".join(one for one in at[:-1] if isinstance(one, str))):
            yield at[:-1]


def _gates(trial: Trial, path: str) -> bool:
    """Whether something at a path, or in it, decides whether the obligation applies."""
    return any(f"{gate}.".startswith(f"{path}.") for gate in trial.gating)
