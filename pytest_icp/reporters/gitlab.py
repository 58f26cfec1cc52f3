"""GitLab Code Quality: one issue for each open finding, with a fingerprint of its own."""

from __future__ import annotations

from typing import Any

from pytest_icp.core.result import Spot
from pytest_icp.reporters.certainty import resource_of
from pytest_icp.reporters.entries import Entry, Grade, entries, fingerprint
from pytest_icp.reporters.run import Run, Trouble
from pytest_icp.reporters.safe import json_array, one_line
from pytest_icp.reporters.words import in_languages

READABLE = "icp/readable"

_SEVERITIES = {
    Grade.VIOLATED: "critical",
    Grade.UNKNOWN: "major",
    Grade.ADVISORY: "minor",
    Grade.DUE_SOON: "info",
}


def gitlab(run: Run) -> str:
    """Return a run as a Code Quality report; waived findings are not issues."""
    issues = [_trouble(trouble, run) for trouble in run.troubles]
    issues += [_issue(entry, run) for entry in entries(run) if entry.grade in _SEVERITIES]
    return json_array(issues) + "\n"


def _issue(entry: Entry, run: Run) -> dict[str, Any]:
    result, finding = entry.result, entry.finding
    title = in_languages(result.title, run.language)
    said = f"{title}: {in_languages(finding.message, run.language)}"
    if finding.spot.resource:
        said += f" [{in_languages(resource_of(finding.spot), run.language)}]"
    return {
        "description": one_line(said),
        "check_name": result.rule_id,
        # GitLab shows one of several that are equal, so the file counts.
        "fingerprint": fingerprint(result.description, entry.fingerprint),
        "severity": _SEVERITIES[entry.grade],
        "location": _location(finding.spot),
    }


def _trouble(trouble: Trouble, run: Run) -> dict[str, Any]:
    spot = trouble.spot
    return {
        "description": one_line(in_languages(trouble.message, run.language)),
        "check_name": trouble.rule_id or READABLE,
        "fingerprint": fingerprint(
            trouble.description, trouble.rule_id, str(spot), trouble.message.en
        ),
        "severity": "blocker",
        "location": _location(spot),
    }


def _location(spot: Spot) -> dict[str, Any]:
    return {"path": one_line(spot.path), "lines": {"begin": spot.line or 1}}
