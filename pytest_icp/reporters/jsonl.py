"""JSON Lines: one finding a line, for programs; ``finding.schema.json`` describes a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_icp.core.result import Spot
from pytest_icp.core.text import Text
from pytest_icp.reporters.entries import Entry, entries
from pytest_icp.reporters.run import Run, Trouble
from pytest_icp.reporters.safe import json_text, one_line

VERSION = "pytest-icp/v1"
NOT_JUDGED = "not judged"
"""The grade of a description that cannot be read, and of a check that crashed."""


def jsonl(run: Run) -> str:
    """Return a run as JSON Lines, in both languages whatever the run speaks."""
    return "".join(f"{json_text(line)}\n" for line in _lines(run))


def _lines(run: Run) -> Iterator[dict[str, Any]]:
    for trouble in run.troubles:
        yield _trouble(trouble, run)
    for entry in entries(run):
        yield _finding(entry)


def _finding(entry: Entry) -> dict[str, Any]:
    result, finding = entry.result, entry.finding
    line: dict[str, Any] = {
        "apiVersion": VERSION,
        "grade": str(entry.grade),
        "rule": result.rule_id,
        "description": one_line(result.description),
        "as_of": result.as_of,
        "verdict": str(finding.verdict),
        "level": result.level,
        "article": result.article,
        "subject": one_line(finding.subject),
        "pointer": one_line(finding.pointer),
        "place": _place(finding.spot),
        "title": _both(result.title),
        "message": _both(finding.message),
        "found": _both(finding.found),
        "required": _both(finding.required),
        "mend": _both(result.mend),
        "cited": [_both(cited.label) for cited in dict.fromkeys(finding.cited)],
        "fingerprint": entry.fingerprint,
        "known": entry.known,
    }
    if finding.due:
        line["due"] = finding.due
    if finding.line_to_add:
        line["add"] = [one_line(text) for text in finding.line_to_add[:4000].splitlines()]
    if result.waived:
        line["waiver"] = {
            "reason": one_line(result.waived.reason),
            "owner": one_line(result.waived.owner),
            "expires": result.waived.expires,
        }
    return line


def _trouble(trouble: Trouble, run: Run) -> dict[str, Any]:
    line: dict[str, Any] = {
        "apiVersion": VERSION,
        "grade": NOT_JUDGED,
        "description": one_line(trouble.description),
        "as_of": run.as_of,
        "place": _place(trouble.spot),
        "message": _both(trouble.message),
    }
    if trouble.rule_id:
        line["rule"] = trouble.rule_id
    if trouble.hint.en:
        line["mend"] = _both(trouble.hint)
    return line


def _place(spot: Spot) -> dict[str, Any]:
    place: dict[str, Any] = {"path": one_line(spot.path)}
    if spot.line:
        place["line"] = spot.line
        if spot.column:
            place["column"] = spot.column
    told = {"address": spot.address, "attribute": spot.attribute, "status": spot.status}
    return place | {name: one_line(text) for name, text in told.items() if text}


def _both(text: Text) -> dict[str, str]:
    return {"zh": one_line(text.zh), "en": one_line(text.en)}
