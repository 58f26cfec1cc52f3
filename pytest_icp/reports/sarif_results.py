"""The results of a SARIF run as JSON: every entry once, for both of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import groupby
from urllib.parse import quote

from pytest_icp.kinds.result import LocatedFinding, Spot, Waived
from pytest_icp.reports import words as w
from pytest_icp.reports.entries import Entry, Grade, entries
from pytest_icp.reports.rules import rules
from pytest_icp.reports.run import Run, once
from pytest_icp.reports.safe import json_text, one_line, quoted
from pytest_icp.reports.words import Language, in_languages

ROOT = "%SRCROOT%"

_LEVELS = {
    Grade.VIOLATED: "error",
    Grade.UNKNOWN: "warning",
    Grade.ADVISORY: "warning",
    Grade.DUE_SOON: "note",
    Grade.WAIVED: "error",
}

Told = tuple[Entry, str]


@once
def told(run: Run) -> list[Told]:
    """Return every entry with its result as JSON."""
    found = entries(run)
    places = {rule.id: i for i, rule in enumerate(rules(run))}
    lines = line_hashes((entry.result.rule_id, entry.finding.spot) for entry in found)
    made: list[Told] = []
    for _, group in groupby(found, key=lambda entry: id(entry.result)):
        of_one = list(group)
        place = places[of_one[0].result.rule_id]
        made += zip(of_one, _results(of_one, place, lines, run), strict=True)
    return made


def _results(found: Sequence[Entry], place: int, lines: Iterator[str], run: Run) -> Iterator[str]:
    """Yield the results of one rule in one description; what all of them say is made once."""
    result, lang = found[0].result, run.language
    rule = f'"ruleId": {json_text(result.rule_id)}, "ruleIndex": {place}'
    title = in_languages(result.title, lang)
    as_of, article = json_text(result.as_of), json_text(result.article)
    until = f', "waivedUntil": {json_text(result.waived.expires)}' if result.waived else ""
    for entry in found:
        finding = entry.finding
        spot = finding.spot
        message = json_text(unlinked("\n".join(_sentences(finding, title, lang))))
        due = f', "due": {quoted(finding.due)}' if finding.due else ""
        yield (
            f'{{{rule}, "level": "{_level(entry)}", "message": {{"text": {message}}}, '
            f'"locations": [{location(spot, finding.pointer, finding.subject)}], '
            f'"partialFingerprints": {{"icpFinding/v1": "{entry.fingerprint}", '
            f'"primaryLocationLineHash": "{next(lines)}"}}, '
            f'"properties": {{"asOf": {as_of}, "verdict": "{finding.verdict}", '
            f'"grade": "{entry.grade}", "article": {article}, '
            f'"subject": {quoted(finding.subject)}, "path": {quoted(finding.pointer)}'
            f"{due}{_sureness(spot)}{until}}}{_state(entry, run)}}}"
        )


def _level(entry: Entry) -> str:
    if entry.grade is Grade.WAIVED and entry.result.level != "mandatory":
        return "warning"
    return _LEVELS[entry.grade]


def _sentences(finding: LocatedFinding, title: str, lang: Language) -> list[str]:
    """Return what a reader is told: what is wrong, then the two sides and the last day."""
    said = [one_line(f"{title}: {in_languages(finding.message, lang)}")]
    for label, text in ((w.FOUND, finding.found), (w.REQUIRED, finding.required)):
        if text.en:
            said.append(one_line(f"{in_languages(label, lang)}: {in_languages(text, lang)}"))
    if finding.due:
        said.append(f"{in_languages(w.DUE, lang)}: {finding.due}")
    return said


def _sureness(spot: Spot) -> str:
    """Return what a derived fact was read of and how sure it is; nothing of others."""
    parts = (("attribute", spot.attribute), ("status", spot.status))
    return "".join(f', "{name}": {quoted(text)}' for name, text in parts if text)


def _state(entry: Entry, run: Run) -> str:
    """Return whether a baseline has the entry, and the waiver that covers it."""
    state = ""
    if run.known is not None:
        state = f', "baselineState": "{"unchanged" if entry.known else "new"}"'
    if entry.grade is Grade.WAIVED and entry.result.waived:
        state += _suppressions(entry.result.waived, run.language)
    return state


def _suppressions(waived: Waived, lang: Language) -> str:
    reason = w.WAIVER.format(expires=waived.expires, owner=waived.owner, reason=waived.reason)
    return (
        ', "suppressions": [{"kind": "external", "status": "accepted", '
        f'"justification": {quoted(in_languages(reason, lang))}}}]'
    )


def location(spot: Spot, pointer: str = "", subject: str = "") -> str:
    """Return where something stands as JSON; what it is called where its subject is known."""
    region = f'"startLine": {spot.line or 1}'
    if spot.line and spot.column:
        end = spot.column + max(spot.width, 1)
        region += f', "startColumn": {spot.column}, "endColumn": {end}'
    if spot.excerpt:
        region += f', "snippet": {{"text": {quoted(spot.excerpt)}}}'
    logical = ""
    if pointer and subject:
        # What is derived has a name in its own tools.
        named, kind = (spot.address, "resource") if spot.address else (pointer, "value")
        logical = (
            f', "logicalLocations": [{{"name": {quoted(subject)}, '
            f'"fullyQualifiedName": {quoted(named)}, "kind": "{kind}"}}]'
        )
    return (
        f'{{"physicalLocation": {{"artifactLocation": {{"uri": "{uri(spot.path)}", '
        f'"uriBaseId": "{ROOT}"}}, "region": {{{region}}}}}{logical}}}'
    )


@lru_cache(maxsize=256)
def uri(path: str) -> str:
    """Return a relative path as a URI reference, all but unreserved ASCII percent-encoded."""
    return quote(path.encode("utf-8", "replace"), safe="/")


def line_hashes(places: Iterable[tuple[str, Spot]]) -> Iterator[str]:
    """Yield the hash of the line of each rule, with a number where several would be the same."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for rule_id, spot in places:
        text = "".join(spot.excerpt.split()).encode("utf-8", "replace")
        digest = sha256(text).hexdigest()[:16]
        key = (rule_id, spot.path, digest)
        seen[key] += 1
        yield f"{digest}:{seen[key]}"


def unlinked(text: str) -> str:
    """Return a message in which nothing is taken for a link, which ``[…](…)`` would be."""
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text
