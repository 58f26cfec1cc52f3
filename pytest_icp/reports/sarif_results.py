"""The results of a SARIF run: every entry once, for both of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from urllib.parse import quote

from pytest_icp.kinds.finding import Verdict
from pytest_icp.kinds.result import PartResult
from pytest_icp.kinds.standing import Standing
from pytest_icp.law.location import Location
from pytest_icp.law.once import once
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.causes import entries_by_cause, others
from pytest_icp.reports.entries import Entry, entries
from pytest_icp.reports.rules import rules
from pytest_icp.reports.run import Run
from pytest_icp.reports.safe import one_line
from pytest_icp.reports.words import Language, in_languages

ROOT = "%SRCROOT%"

_ABSENT = Text(zh="{title}：已没有这项发现（{subject}）", en="{title}: no longer found ({subject})")

_LEVELS = {
    Standing.VIOLATED: "error",
    Standing.UNKNOWN: "warning",
    Standing.ADVISORY: "warning",
    Standing.ADVISORY_UNKNOWN: "note",
    Standing.DUE_SOON: "note",
    Standing.WAIVED: "error",
    Standing.DECIDED: "note",
}

JsonObject = dict[str, object]

Reported = tuple[Entry, JsonObject]


@once
def reported(run: Run) -> list[Reported]:
    """Return every entry of a run with its result."""
    found = entries_by_cause(entries(run), {Verdict.UNKNOWN})
    places = {rule.id: i for i, rule in enumerate(rules(run))}
    lines = line_hashes((entry.result.rule_id, entry.finding.location) for entry in found)
    return [
        (entry, _result(entry, places[entry.result.rule_id], line, run))
        for entry, line in zip(found, lines, strict=True)
    ]


def _result(entry: Entry, place: int, line: str, run: Run) -> JsonObject:
    """Return an entry as a result of the rule at that place."""
    rule, finding = entry.result, entry.finding
    result: JsonObject = {
        "ruleId": rule.rule_id,
        "ruleIndex": place,
        "level": _level(entry),
        "message": {"text": unlinked("\n".join(_sentences(entry, run.language)))},
        "locations": [location(finding.location, finding.pointer, finding.subject)],
        "partialFingerprints": {
            "icpFinding/v1": entry.fingerprint,
            "primaryLocationLineHash": line,
        },
        "properties": _properties(entry),
    }
    if state := _baseline_state(entry, run):
        result["baselineState"] = state
    waived = rule.about(finding).waived
    if entry.standing is Standing.WAIVED and waived:
        result["suppressions"] = [_suppression(w.waiver_text(waived), run.language)]
    if finding.decided:
        result["suppressions"] = [_suppression(w.decided_text(finding.decided), run.language)]
    return result


def _baseline_state(entry: Entry, run: Run) -> str:
    """Return how an entry stands to an earlier state; nothing where that is not sure."""
    if run.since is None:
        return "" if run.known is None else "unchanged" if entry.known else "new"
    if entry.new:
        return "new"
    return "unchanged" if entry.kept or entry.known else ""


def absent(run: Run) -> Iterator[JsonObject]:
    """Yield what the state that a run is compared with had, and the run surely has not."""
    places = {rule.id: i for i, rule in enumerate(rules(run))}
    for was in run.since.absent if run.since else ():
        said = _ABSENT.format(title=was.title, subject=was.subject)
        yield {
            "ruleId": was.rule,
            "ruleIndex": places[was.rule],
            "level": _LEVELS[was.standing],
            "message": {"text": unlinked(one_line(in_languages(said, run.language)))},
            "locations": [location(Location(path=was.description), was.pointer, was.subject)],
            "partialFingerprints": {"icpFinding/v1": was.fingerprint},
            "baselineState": "absent",
            "properties": {"asOf": run.as_of, "grade": was.standing},
        }


def _level(entry: Entry) -> str:
    about = entry.result.about(entry.finding)
    if entry.standing is Standing.WAIVED and about.level != "mandatory":
        return "warning"
    return _LEVELS[entry.standing]


def _sentences(entry: Entry, lang: Language) -> Iterator[str]:
    """Yield what is wrong, then the two sides and the last day."""
    finding, about = entry.finding, entry.result.about(entry.finding)
    title = in_languages(about.title, lang)
    yield one_line(f"{title}: {in_languages(finding.message, lang)}")
    if isinstance(about, PartResult):
        said = in_languages(w.part_text(about), lang)
        yield one_line(f"{in_languages(w.PART, lang)}: {said}")
    for label, text in ((w.FOUND, finding.found), (w.REQUIRED, finding.required)):
        if text.en:
            yield one_line(f"{in_languages(label, lang)}: {in_languages(text, lang)}")
    if finding.due:
        yield f"{in_languages(w.DUE, lang)}: {finding.due}"
    if finding.others:
        yield one_line(f"{in_languages(w.ALSO, lang)}: {in_languages(others(finding), lang)}")


def _properties(entry: Entry) -> JsonObject:
    result, finding = entry.result, entry.finding
    about = result.about(finding)
    properties: JsonObject = {
        "asOf": result.as_of,
        "verdict": finding.verdict,
        "grade": entry.standing,
        "article": result.article,
        "subject": one_line(finding.subject),
        "path": one_line(finding.pointer),
    }
    if isinstance(about, PartResult):
        properties |= {"part": about.name, "level": about.level}
    if finding.due:
        properties["due"] = finding.due
    for name in ("attribute", "status"):
        if text := getattr(finding.location, name):
            properties[name] = one_line(text)
    if about.waived:
        properties["waivedUntil"] = about.waived.expires
    return properties


def _suppression(why: Text, lang: Language) -> JsonObject:
    return {
        "kind": "external",
        "status": "accepted",
        "justification": one_line(in_languages(why, lang)),
    }


def location(spot: Location, pointer: str = "", subject: str = "") -> JsonObject:
    """Return the place of a finding, and its name where its subject is known."""
    region: JsonObject = {"startLine": spot.line or 1}
    if spot.line and spot.column:
        region["startColumn"] = spot.column
        region["endColumn"] = spot.column + max(spot.width, 1)
    if spot.excerpt:
        region["snippet"] = {"text": one_line(spot.excerpt)}
    artifact = {"uri": uri(spot.path), "uriBaseId": ROOT}
    place: JsonObject = {"physicalLocation": {"artifactLocation": artifact, "region": region}}
    if pointer and subject:
        # What is derived has a name in its own tools.
        named, kind = (spot.address, "resource") if spot.address else (pointer, "value")
        logical = {"name": one_line(subject), "fullyQualifiedName": one_line(named), "kind": kind}
        place["logicalLocations"] = [logical]
    return place


def uri(path: str) -> str:
    """Return a relative path as a URI reference, all but unreserved ASCII percent-encoded."""
    return quote(path.encode("utf-8", "replace"), safe="/")


def line_hashes(places: Iterable[tuple[str, Location]]) -> Iterator[str]:
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
