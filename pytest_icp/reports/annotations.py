"""Findings beside a change: workflow commands for GitHub, a Code Quality report for GitLab."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import PartResult
from pytest_icp.kinds.standing import Standing, standing_name
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import (
    Entry,
    entries,
    entries_by_cause,
    fingerprint,
    others,
    worst_first,
)
from pytest_icp.reports.findings import advice, resource_of
from pytest_icp.reports.layout import json_text, one_line
from pytest_icp.reports.run import READABLE, Run, Trouble, incomplete
from pytest_icp.reports.words import in_languages
from pytest_icp.rules.policy import part_id

MOST = 10
"""Annotations of one level that a step may have; GitHub drops the others without a word."""

_LEVELS = {
    Standing.VIOLATED: "error",
    Standing.UNKNOWN: "warning",
    Standing.ADVISORY: "warning",
    Standing.ADVISORY_UNKNOWN: "notice",
    Standing.DUE_SOON: "notice",
}
_TITLE = 200
_LINES = 20
_REST = Text(
    zh="另有 {n} 项，见本次作业的摘要（job summary）", en="{n} more: see the summary of this job"
)

_SEVERITIES = {
    Standing.VIOLATED: "critical",
    Standing.UNKNOWN: "major",
    Standing.ADVISORY: "minor",
    Standing.ADVISORY_UNKNOWN: "info",
    Standing.DUE_SOON: "info",
}


def github(run: Run) -> str:
    """Return the annotations of a run, one command a line."""
    return "".join(f"{line}\n" for line in commands(run))


def commands(run: Run, *, leave_out: Collection[Standing] = ()) -> Iterator[str]:
    """Yield the commands: at most ten of each level, the last of too many counting the rest.

    ``leave_out`` are standings that another plugin annotates; what could not be judged goes with
    the violated ones, what does not fail the run because it was there already with the notices.
    """
    by_level: dict[str, list[Entry | Trouble]] = {
        "error": [],
        "warning": [],
        "notice": [*run.weakened],
    }
    if Standing.VIOLATED not in leave_out:
        by_level["error"] += run.troubles
    by_level["error"] += incomplete(run)
    for entry in worst_first(entries_by_cause(entries(run))):
        if entry.standing in _LEVELS and entry.standing not in leave_out:
            level = "notice" if entry.tolerated else _LEVELS[entry.standing]
            by_level[level].append(entry)
    for level, found in by_level.items():
        shown = found if len(found) <= MOST else found[: MOST - 1]
        for one in shown:
            heading = w.NOT_JUDGED if level == "error" else w.WEAKENED
            made = (
                _of_trouble(one, heading, run) if isinstance(one, Trouble) else _of_entry(one, run)
            )
            yield f"::{level} {made}"
        if len(found) > len(shown):
            rest = in_languages(_REST.format(n=len(found) - len(shown)), run.language)
            yield f"::{level} title=pytest-icp::{_data(rest)}"


def _of_entry(entry: Entry, run: Run) -> str:
    finding, result = entry.finding, entry.result
    title = in_languages(result.about(finding).title, run.language)
    how = in_languages(standing_name(entry.standing), run.language)
    lines = [in_languages(finding.message, run.language)]
    if finding.others:
        also = in_languages(others(finding), run.language)
        lines.append(f"{in_languages(w.ALSO, run.language)}: {also}")
    for label, holds in ((w.NEW, entry.new), (w.KNOWN, entry.known)):
        if holds:
            lines[0] += f" ({in_languages(label, run.language)})"
    if entry.standing is not Standing.DUE_SOON:
        _, what = advice(result, finding)
        to_add = (finding.hinge or finding).line_to_add
        lines += [in_languages(what, run.language), *to_add.splitlines()[:_LINES]]
    rule = part_id(result.rule_id, finding.part)
    return _command(finding.location, f"{rule} {how}: {title}", lines)


def _of_trouble(trouble: Trouble, heading: Text, run: Run) -> str:
    title = f"pytest-icp: {in_languages(heading, run.language)}"
    return _command(trouble.location, title, trouble.sentences(run.language))


def _command(spot: Location, title: str, lines: list[str]) -> str:
    message = "\n".join(one_line(line) for line in lines)
    properties = {**_place(spot), "title": one_line(title, _TITLE)}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"{written}::{_data(message)}"


def _place(spot: Location) -> dict[str, str]:
    """Return the place of an annotation; outside the repository it has none."""
    if spot.path.startswith("../"):
        return {}
    place = {"file": one_line(spot.path)}
    if spot.line:
        place |= {"line": str(spot.line), "endLine": str(spot.line)}
        if spot.column:
            last = spot.column + max(spot.width, 1)
            place |= {"col": str(spot.column), "endColumn": str(last)}
    return place


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(run: Run) -> str:
    """Return a run as a Code Quality report; waived findings are not issues."""
    issues = [
        _issue_of_trouble(trouble, run, "blocker") for trouble in (*run.troubles, *incomplete(run))
    ]
    issues += [_issue_of_trouble(one, run, "info") for one in run.weakened]
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


def _issue_of_trouble(trouble: Trouble, run: Run, severity: str) -> dict[str, object]:
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
