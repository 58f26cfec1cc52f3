"""GitLab Code Quality: one issue for each open finding, with a fingerprint of its own."""

from __future__ import annotations

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import PartResult
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.location import Location
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import Entry, entries, entries_by_cause, fingerprint, others
from pytest_icp.reports.findings import resource_of
from pytest_icp.reports.layout import json_text, one_line
from pytest_icp.reports.run import READABLE, Run, Trouble, incomplete
from pytest_icp.reports.words import in_languages

_SEVERITIES = {
    Standing.VIOLATED: "critical",
    Standing.UNKNOWN: "major",
    Standing.ADVISORY: "minor",
    Standing.ADVISORY_UNKNOWN: "info",
    Standing.DUE_SOON: "info",
}


def gitlab(run: Run) -> str:
    """Return a run as a Code Quality report; waived findings are not issues."""
    issues = [_trouble(trouble, run, "blocker") for trouble in (*run.troubles, *incomplete(run))]
    issues += [_trouble(one, run, "info") for one in run.weakened]
    found = entries_by_cause(entries(run), {Verdict.UNKNOWN})
    issues += [_issue(entry, run) for entry in found if entry.standing in _SEVERITIES]
    return json_text(issues, indented=True) + "\n"


def _issue(entry: Entry, run: Run) -> dict[str, object]:
    result, finding = entry.result, entry.finding
    about = result.about(finding)
    title = in_languages(about.title, run.language)
    if isinstance(about, PartResult):
        title += f" [{in_languages(w.part_text(about), run.language)}]"
    said = f"{title}: {in_languages(finding.message, run.language)}"
    if finding.location.resource:
        said += f" [{in_languages(resource_of(finding.location), run.language)}]"
    if finding.others:
        also = in_languages(others(finding), run.language)
        said += f"; {in_languages(w.ALSO, run.language)}: {also}"
    # GitLab shows one of several that are equal, so the file counts.
    own = fingerprint(result.description, entry.fingerprint)
    return _json(said, result.rule_id, own, _SEVERITIES[entry.standing], finding.location)


def _trouble(trouble: Trouble, run: Run, severity: str) -> dict[str, object]:
    said = " ".join(trouble.sentences(run.language))
    own = fingerprint(
        trouble.description, trouble.rule_id, str(trouble.location), trouble.message.en
    )
    return _json(said, trouble.rule_id or READABLE, own, severity, trouble.location)


def _json(said: str, check: str, own: str, severity: str, spot: Location) -> dict[str, object]:
    return {
        "description": one_line(said),
        "check_name": one_line(check),
        "fingerprint": own,
        "severity": severity,
        "location": {"path": one_line(spot.path), "lines": {"begin": spot.line or 1}},
    }
