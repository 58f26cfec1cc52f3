"""JSON Lines: one finding a line, for programs; ``finding.schema.json`` describes a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pytest_icp.kinds.result import Cited, LocatedFinding, Spot, Waived
from pytest_icp.law.text import Text
from pytest_icp.reports.advice import advice
from pytest_icp.reports.entries import Entry, entries
from pytest_icp.reports.run import Run, Trouble
from pytest_icp.reports.safe import json_text, quoted

VERSION = "pytest-icp/v1"
NOT_JUDGED = "not judged"
"""The grade of a description that cannot be read, and of a check that crashed."""


def jsonl(run: Run) -> str:
    """Return a run as JSON Lines, in both languages whatever the run speaks."""
    return "".join(_lines(run))


def _lines(run: Run) -> Iterator[str]:
    for trouble in run.troubles:
        yield _trouble(trouble, run)
    for _, found in groupby(entries(run), key=lambda entry: id(entry.result)):
        yield from _findings(list(found))


def _findings(found: Sequence[Entry]) -> Iterator[str]:
    """Yield the lines of one result; what all of them say is made once."""
    result = found[0].result
    rule = (
        f'"rule": {json_text(result.rule_id)}, "description": {quoted(result.description)}, '
        f'"as_of": {json_text(result.as_of)}'
    )
    level = f'"level": {json_text(result.level)}, "article": {json_text(result.article)}'
    title, waiver = _both(result.title), _waiver(result.waived)
    for entry in found:
        finding = entry.finding
        yield (
            f'{{"apiVersion": "{VERSION}", "grade": "{entry.grade}", {rule}, '
            f'"verdict": "{finding.verdict}", {level}, "subject": {quoted(finding.subject)}, '
            f'"pointer": {quoted(finding.pointer)}, "place": {_place(finding.spot)}, '
            f'"title": {title}, "message": {_both(finding.message)}, '
            f'"found": {_both(finding.found)}, "required": {_both(finding.required)}, '
            f'"mend": {_both(advice(result, finding)[1])}, "cited": {_cited(finding.cited)}, '
            f'"fingerprint": "{entry.fingerprint}", "known": {"true" if entry.known else "false"}'
            f"{_due(finding)}{waiver}}}\n"
        )


def _due(finding: LocatedFinding) -> str:
    due = f', "due": {quoted(finding.due)}' if finding.due else ""
    if not finding.line_to_add:
        return due
    return f'{due}, "add": {_list(map(quoted, finding.line_to_add[:4000].splitlines()))}'


def _waiver(waived: Waived | None) -> str:
    if not waived:
        return ""
    return (
        f', "waiver": {{"reason": {quoted(waived.reason)}, "owner": {quoted(waived.owner)}, '
        f'"expires": {json_text(waived.expires)}}}'
    )


def _trouble(trouble: Trouble, run: Run) -> str:
    rule = f', "rule": {json_text(trouble.rule_id)}' if trouble.rule_id else ""
    mend = f', "mend": {_both(trouble.hint)}' if trouble.hint.en else ""
    return (
        f'{{"apiVersion": "{VERSION}", "grade": "{NOT_JUDGED}", '
        f'"description": {quoted(trouble.description)}, "as_of": {json_text(run.as_of)}, '
        f'"place": {_place(trouble.spot)}, "message": {_both(trouble.message)}{rule}{mend}}}\n'
    )


def _place(spot: Spot) -> str:
    place = f'{{"path": {quoted(spot.path)}'
    if spot.line:
        place += f', "line": {spot.line}'
        if spot.column:
            place += f', "column": {spot.column}'
    for name, text in (
        ("address", spot.address),
        ("attribute", spot.attribute),
        ("status", spot.status),
    ):
        if text:
            place += f', "{name}": {quoted(text)}'
    return f"{place}}}"


def _cited(cited: tuple[Cited, ...]) -> str:
    return _list(dict.fromkeys([_both(one.label) for one in cited]))


def _list(parts: Iterable[str]) -> str:
    return f"[{', '.join(parts)}]"


def _both(text: Text) -> str:
    return f'{{"zh": {quoted(text.zh)}, "en": {quoted(text.en)}}}'
