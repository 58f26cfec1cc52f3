"""SARIF 2.1.0: the whole run, or the part of it that GitHub code scanning is to show."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from pytest_icp.core.result import Spot
from pytest_icp.core.text import Text
from pytest_icp.reporters import words as w
from pytest_icp.reporters.entries import Entry, Grade, entries, worst_first
from pytest_icp.reporters.rules import Rule, help_markdown, help_text, rules
from pytest_icp.reporters.run import Run, Trouble, once
from pytest_icp.reporters.safe import json_lines, json_text, one_line
from pytest_icp.reporters.words import in_languages

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://pytest-icp.readthedocs.io/"
ROOT = "%SRCROOT%"

MOST_RESULTS = 25_000
"""GitHub refuses a run with more, and shows the 5,000 worst."""

READABLE = "icp/readable"
"""The rule of a description that cannot be read, or of a check that crashed."""

_LEVELS = {
    Grade.VIOLATED: "error",
    Grade.UNKNOWN: "warning",
    Grade.ADVISORY: "warning",
    Grade.DUE_SOON: "note",
    Grade.WAIVED: "error",
}
_RULES, _HERE = "rules", "results"
_SHORT = 1024
"""Characters of a short or full description, those that are escaped counted."""

_READABLE = Text(
    zh="描述可以读取，检查可以完成", en="The description can be read and the checks can finish"
)
_READABLE_MEANS = Text(
    zh="不能读取的描述没有经过任何检查，不等于没有违反。",
    en="A description that cannot be read was not checked at all, which is not to comply.",
)
_CUT = Text(
    zh="结果超过 {most} 项，未写入其余 {n} 项", en="more than {most} results; {n} are left out"
)
_ROOT = Text(zh="仓库的根文件夹", en="the root of the repository")

Json = dict[str, Any]
Told = tuple[Entry, str]


def sarif(run: Run) -> str:
    """Return the run as SARIF, waived findings as suppressed results."""
    return _log(run, _told(run), troubles=())


def sarif_for_github(run: Run) -> str:
    """Return the run as GitHub shows it right.

    It ignores suppressions, so waived findings are left out; it shows no notifications, so
    what could not be judged is a result.
    """
    open_ones = [one for one in _told(run) if one[0].grade is not Grade.WAIVED]
    return _log(run, open_ones, troubles=run.troubles)


def _log(run: Run, found: list[Told], *, troubles: tuple[Trouble, ...]) -> str:
    room = MOST_RESULTS - len(troubles)
    kept = found
    if len(found) > room:
        chosen = {id(entry) for entry in worst_first(entry for entry, _ in found)[:room]}
        kept = [one for one in found if id(one[0]) in chosen]
    known, results = [*_rules(run)], [text for _, text in kept]
    if troubles:
        not_judged = [_not_judged(trouble, len(known), run) for trouble in troubles]
        _hash_lines(not_judged, [trouble.spot for trouble in troubles])
        results += map(json_text, not_judged)
        known.append(json_text(_readable(run)))
    driver: Json = {"name": "pytest-icp", "informationUri": HOME, "rules": [_RULES]}
    if run.version:
        driver["semanticVersion"] = run.version
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "language": "zh-CN" if run.language == "zh" else "en-US",
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {ROOT: {"description": _message(_ROOT, run)}},
                "invocations": [_invocation(run, left_out=len(found) - len(kept))],
                "results": [_HERE],
                "properties": {"asOf": run.as_of, "notChecked": list(run.ignored)},
            }
        ],
    }
    # An item a line: indenting everything would take five times as long.
    head, _, rest = json_text(log).partition(f'["{_RULES}"]')
    middle, _, tail = rest.partition(f'["{_HERE}"]')
    return f"{head}{json_lines(known)}{middle}{json_lines(results)}{tail}\n"


# Both files are made of the same parts, which are the same text in both.


@once
def _told(run: Run) -> list[Told]:
    """Return every entry with its result as JSON."""
    found = entries(run)
    places = {rule.id: i for i, rule in enumerate(rules(run))}
    results = [_result(entry, places, run) for entry in found]
    _hash_lines(results, [entry.finding.spot for entry in found])
    return list(zip(found, map(json_text, results), strict=True))


@once
def _rules(run: Run) -> list[str]:
    """Return every rule as JSON."""
    return [json_text(_rule(rule, run)) for rule in rules(run)]


def _rule(rule: Rule, run: Run) -> Json:
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in re.findall("[A-Za-z0-9]+", rule.id)),
        "shortDescription": _message(rule.title, run),
        "fullDescription": _message(rule.meaning, run),
        "help": {
            "text": help_text(rule, run.language),
            "markdown": help_markdown(rule, run.language),
        },
        "defaultConfiguration": {"level": "error" if rule.level == "mandatory" else "warning"},
        "properties": {
            "tags": ["icp", "compliance", rule.provision, f"basis/{rule.basis}"],
            "precision": "very-high",
            "problem.severity": "error" if rule.level == "mandatory" else "recommendation",
        },
    }


def _readable(run: Run) -> Json:
    text = in_languages(_READABLE_MEANS, run.language)
    return {
        "id": READABLE,
        "shortDescription": _message(_READABLE, run),
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["icp"], "precision": "very-high", "problem.severity": "error"},
    }


def _result(entry: Entry, places: Mapping[str, int], run: Run) -> Json:
    result, finding = entry.result, entry.finding
    level = _LEVELS[entry.grade]
    if entry.grade is Grade.WAIVED and result.level != "mandatory":
        level = "warning"
    told: Json = {
        "ruleId": result.rule_id,
        "ruleIndex": places[result.rule_id],
        "level": level,
        "message": {"text": _unlinked("\n".join(_sentences(entry, run)))},
        "locations": [_location(finding.spot, finding.pointer, finding.subject)],
        "partialFingerprints": {"icpFinding/v1": entry.fingerprint},
        "properties": _properties(entry),
    }
    if run.known is not None:
        told["baselineState"] = "unchanged" if entry.known else "new"
    if entry.grade is Grade.WAIVED and result.waived:
        reason = w.WAIVER.format(
            expires=result.waived.expires, owner=result.waived.owner, reason=result.waived.reason
        )
        told["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": one_line(in_languages(reason, run.language)),
            }
        ]
    return told


def _sentences(entry: Entry, run: Run) -> Iterator[str]:
    """Yield what a reader is told: what is wrong, then the two sides and the last day."""
    finding = entry.finding
    title = in_languages(entry.result.title, run.language)
    yield one_line(f"{title}: {in_languages(finding.message, run.language)}")
    for label, text in ((w.FOUND, finding.found), (w.REQUIRED, finding.required)):
        if text.en:
            said = f"{in_languages(label, run.language)}: {in_languages(text, run.language)}"
            yield one_line(said)
    if finding.due:
        yield f"{in_languages(w.DUE, run.language)}: {finding.due}"


def _properties(entry: Entry) -> Json:
    result, finding = entry.result, entry.finding
    properties: Json = {
        "asOf": result.as_of,
        "verdict": str(finding.verdict),
        "grade": str(entry.grade),
        "article": result.article,
        "subject": one_line(finding.subject),
        "path": one_line(finding.pointer),
    }
    if finding.due:
        properties["due"] = finding.due
    told = {"attribute": finding.spot.attribute, "status": finding.spot.status}
    properties |= {name: one_line(text) for name, text in told.items() if text}
    if result.waived:
        properties["waivedUntil"] = result.waived.expires
    return properties


def _location(spot: Spot, pointer: str = "", subject: str = "") -> Json:
    region: Json = {"startLine": spot.line or 1}
    if spot.line and spot.column:
        region |= {"startColumn": spot.column, "endColumn": spot.column + max(spot.width, 1)}
    if spot.excerpt:
        region["snippet"] = {"text": one_line(spot.excerpt)}
    location: Json = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(spot.path), "uriBaseId": ROOT},
            "region": region,
        }
    }
    if pointer and subject:
        # What is derived has a name in its own tools.
        named, kind = (spot.address, "resource") if spot.address else (pointer, "value")
        logical = {"name": one_line(subject), "fullyQualifiedName": one_line(named)}
        location["logicalLocations"] = [logical | {"kind": kind}]
    return location


def uri(path: str) -> str:
    """Return a relative path as a URI reference, all but unreserved ASCII percent-encoded."""
    return quote(path.encode("utf-8", "replace"), safe="/")


def _hash_lines(results: list[Json], spots: Iterable[Spot]) -> None:
    """Give each result the hash of its line, with a number where several would be the same."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for told, spot in zip(results, spots, strict=True):
        text = "".join(spot.excerpt.split()).encode("utf-8", "replace")
        digest = sha256(text).hexdigest()[:16]
        key = (told["ruleId"], spot.path, digest)
        seen[key] += 1
        told["partialFingerprints"]["primaryLocationLineHash"] = f"{digest}:{seen[key]}"


def _invocation(run: Run, *, left_out: int) -> Json:
    told: Json = {"executionSuccessful": not run.troubles}
    notices = [_notification(trouble, run) for trouble in run.troubles]
    if left_out:
        text = _CUT.format(most=str(MOST_RESULTS), n=str(left_out))
        notices.append({"level": "warning", "message": _message(text, run)})
    if notices:
        told["toolExecutionNotifications"] = notices
    return told


def _notification(trouble: Trouble, run: Run) -> Json:
    return {
        "level": "error",
        "message": {"text": _trouble_text(trouble, run)},
        "locations": [_location(trouble.spot)],
    }


def _not_judged(trouble: Trouble, index: int, run: Run) -> Json:
    return {
        "ruleId": READABLE,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": _trouble_text(trouble, run)},
        "locations": [_location(trouble.spot)],
        "partialFingerprints": {},
    }


def _trouble_text(trouble: Trouble, run: Run) -> str:
    said = (in_languages(text, run.language) for text in (trouble.message, trouble.hint))
    return _unlinked("\n".join(one_line(text) for text in said if text))


def _message(text: Text, run: Run) -> Json:
    return {"text": _unlinked(one_line(in_languages(text, run.language), _SHORT - 24))}


def _unlinked(text: str) -> str:
    """Return a message in which nothing is taken for a link, which ``[…](…)`` would be."""
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text
