"""SARIF 2.1.0: the whole run, or the part of it for GitHub code scanning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from urllib.parse import quote

from pytest_icp.kinds.result import PartResult, Result
from pytest_icp.kinds.standing import UNDECIDED, Standing
from pytest_icp.law.location import Location
from pytest_icp.law.once import once
from pytest_icp.law.text import Text, plain, quoted
from pytest_icp.reports import words as w
from pytest_icp.reports.as_markdown import inline, paragraphs
from pytest_icp.reports.entries import Entry, entries, worst_first
from pytest_icp.reports.layout import given, json_text, one_line
from pytest_icp.reports.record import Role, by_role
from pytest_icp.reports.run import READABLE, Run, Trouble, incomplete, whole
from pytest_icp.reports.words import Language, each_language, in_languages
from pytest_icp.rules.policy import Policy
from pytest_icp.rules.practice import breach_of

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

MOST_RESULTS = 25_000
"""GitHub refuses a run with more, and shows the 5,000 worst."""

_SHORT = 1024
"""Characters of a short or full description, those that are escaped counted."""

_READABLE = Text(
    zh="描述可以读取，检查可以完成", en="The description can be read and the checks can finish"
)
_READABLE_MEANS = Text(
    zh="不能读取的描述、没有核对的规则都没有经过检查，不等于没有违反。",
    en="A description that cannot be read, or a rule that was not run, was not checked; that does "
    "not mean compliance.",
)
_OPEN = "icp/undecided"
_DECIDABLE = Text(zh="各项规则都能判断", en="Every rule can be decided")
_DECIDABLE_MEANS = Text(
    zh="有事实没有申报，或者须由人认定；pytest-icp ask 逐项提问。",
    en="Facts are not declared, or a person must decide; pytest-icp ask asks for them.",
)
_UNDECIDED_RULES = Text(
    zh="{n} 项规则无法判断：{rules}；pytest-icp ask 逐项提问",
    en="{n:rule} undecided: {rules}; pytest-icp ask asks for the facts",
)
_CUT = Text(
    zh="结果超过 {most} 项，未写入其余 {n} 项", en="more than {most} results; {n} are left out"
)
_ROOT = Text(zh="仓库的根文件夹", en="the root of the repository")
_PACKAGE = "%PACKAGE%"
_SHIPPED = Text(zh="软件包 pytest-icp", en="the package pytest-icp")
_SETTLED = (Standing.WAIVED, Standing.DECIDED)
_ROLES = {
    Role.DESCRIPTION: "analysisTarget",
    Role.SOURCE: "analysisTarget",
    Role.EVIDENCE: "attachment",
    Role.POLICY: "policy",
    Role.SHIPPED: "policy",
}
"""What SARIF calls a file of each role."""

ROOT = "%SRCROOT%"

_ABSENT = Text(zh="{title}：已没有这项发现（{subject}）", en="{title}: no longer found ({subject})")

_LEVELS = {
    Standing.VIOLATED: "error",
    Standing.UNKNOWN: "warning",
    Standing.ADVISORY: "note",
    Standing.ADVISORY_UNKNOWN: "note",
    Standing.WAIVED: "error",
    Standing.DECIDED: "note",
}
_NOT_FOUND = (*UNDECIDED, Standing.DUE_SOON)
"""What is undecided is one result together, and what is due none."""

_PROVISION = Text(zh="规定全文", en="The provision in full")
_READING = Text(zh="理解", en="How it is interpreted")
_LONGEST = 4000
"""Characters of one paragraph: more than any provision has, and less than a page can bear."""

JsonObject = dict[str, object]

Part = tuple[Text, Text]
"""A heading and the words under it."""

Reported = tuple[Entry, JsonObject]


@once
def sarif(run: Run) -> str:
    """Return the run as SARIF, waived findings as suppressed results.

    Findings of an earlier state that are no more are results that are absent.
    """
    every = whole(run)
    return _log(every, reported(every), more=tuple(absent(every)))


def sarif_for_github(run: Run) -> str:
    """Return the run so that GitHub shows it correctly.

    It ignores suppressions and `baselineState`, so waived findings and those that are no more are
    left out; it shows no notifications, so what could not be judged is a result; what was not run
    is one for each reason.
    """
    missed = (*run.troubles, *incomplete(run))
    every = reported(run)
    unwaived = [one for one in every if one[0].standing not in _SETTLED]
    if len(unwaived) == len(every) and not (missed or any(absent(run))):
        return sarif(run)
    return _log(run, unwaived, troubles=missed)


def _log(
    run: Run,
    found: list[Reported],
    *,
    troubles: tuple[Trouble, ...] = (),
    more: tuple[JsonObject, ...] = (),
) -> str:
    """Return the document; ``troubles`` are those that are results, ``more`` are others."""
    undecided = [*_undecided_results(run)]
    room = MOST_RESULTS - len(troubles) - len(undecided)
    kept = found
    if len(found) > room:
        chosen = {id(entry) for entry in worst_first(entry for entry, _ in found)[:room]}
        kept = [one for one in found if id(one[0]) in chosen]
    known = [_rule(rule, run) for rule in _rules(run).values()]
    results = [result for _, result in kept]
    results += more[: room - len(kept)]
    if undecided:
        results += [{**one, "ruleIndex": len(known)} for one in undecided]
        known.append(_own_rule(_OPEN, _DECIDABLE, _DECIDABLE_MEANS, "warning", run))
    if troubles:
        results += _not_judged(troubles, len(known), run)
        known.append(_own_rule(READABLE, _READABLE, _READABLE_MEANS, "error", run))
    driver = {
        "name": "pytest-icp",
        "rules": known,
        "informationUri": run.docs_url or None,
        "semanticVersion": run.version or None,
    }
    invocation = {
        "executionSuccessful": run.complete and not run.troubles,
        "toolExecutionNotifications": _notices(run, left_out=len(found) - len(kept)) or None,
    }
    licences, package = _licences(run) or None, _message(_SHIPPED, run)
    told = {
        "tool": {"driver": given(driver)},
        "language": "zh-CN" if run.language == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            ROOT: {"description": _message(_ROOT, run)},
            **({_PACKAGE: {"description": package}} if run.policy_files else {}),
        },
        "invocations": [given(invocation)],
        "artifacts": _artifacts(run) or None,
        "results": results,
        "properties": given({"asOf": run.as_of, "notChecked": run.ignored, "licences": licences}),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [given(told)]}
    return json_text(log, indented=True) + "\n"


def _artifacts(run: Run) -> list[JsonObject]:
    """Return the files that were read, with their digests."""
    every = by_role((*(one for each in run.records for one in each.digests), *run.policy_files))
    return [
        {
            "location": {
                "uri": uri(one.path),
                "uriBaseId": _PACKAGE if role is Role.SHIPPED else ROOT,
            },
            "roles": [_ROLES[role]],
            "hashes": {"sha-256": one.sha256},
        }
        for role, found in every.items()
        for one in found
    ]


def _licences(run: Run) -> list[JsonObject]:
    """Return whose licences were judged."""
    return [
        {
            "description": one_line(one.description),
            "holder": one_line(one.holder),
            "number": one_line(one.licence),
        }
        for one in run.records
    ]


def _rule(one: Result, run: Run) -> JsonObject:
    policy = next((policy for policy in run.policies if policy.id == one.provision), None)
    mandatory, sections = one.level == "mandatory", tuple(parts(one, policy))
    written = {
        "id": one.rule_id,
        "name": "".join(part.capitalize() for part in re.findall("[A-Za-z0-9]+", one.rule_id)),
        "shortDescription": _message(one.title, run),
        "fullDescription": _message(one.meaning, run),
        "help": {
            "text": help_text(sections, run.language),
            "markdown": help_markdown(one.title, sections, run.language),
        },
        "helpUri": run.pages.get(one.rule_id),
        "defaultConfiguration": {"level": "error" if mandatory else "warning"},
        "properties": {
            "tags": ["icp", "compliance", one.provision, f"basis/{one.basis}"],
            "precision": "very-high",
            "problem.severity": "error" if mandatory else "recommendation",
        },
    }
    return given(written)


def _own_rule(name: str, title: Text, means: Text, level: str, run: Run) -> JsonObject:
    """Return a rule about the run itself."""
    text = in_languages(means, run.language)
    return {
        "id": name,
        "shortDescription": _message(title, run),
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": ["icp"], "precision": "very-high", "problem.severity": level},
    }


def _undecided_results(run: Run) -> Iterator[JsonObject]:
    """Yield for each description which of its rules are undecided, together as a result."""
    open_rules: dict[str, dict[str, bool]] = {}
    for one in run.results:
        if one.standing in UNDECIDED and not (one.would_be_violated or one.to_review):
            fails = one.standing is Standing.UNKNOWN
            open_rules.setdefault(one.description, {})[one.rule_id] = fails
    for description, rules_of in open_rules.items():
        said = _UNDECIDED_RULES.format(n=len(rules_of), rules=", ".join(sorted(rules_of)))
        yield {
            "ruleId": _OPEN,
            "level": "warning" if any(rules_of.values()) else "note",
            "message": {"text": unlinked(one_line(in_languages(said, run.language)))},
            "locations": [location(Location(path=description))],
            "partialFingerprints": {"primaryLocationLineHash": f"{_OPEN}:1"},
        }


def _notices(run: Run, *, left_out: int) -> list[JsonObject]:
    """Return what a reader of the run must know."""
    notices: list[JsonObject] = [
        {"level": "error", **_described(trouble, run)}
        for trouble in (*run.troubles, *incomplete(run))
    ]
    notices += [{"level": "warning", **_described(one, run)} for one in run.weakened]
    if left_out:
        text = _CUT.format(most=str(MOST_RESULTS), n=str(left_out))
        notices.append({"level": "warning", "message": _message(text, run)})
    return notices


def _not_judged(troubles: tuple[Trouble, ...], place: int, run: Run) -> Iterator[JsonObject]:
    """Yield what could not be judged as results of the rule at that place."""
    lines = line_hashes((READABLE, trouble.location) for trouble in troubles)
    for trouble, line in zip(troubles, lines, strict=True):
        yield {
            "ruleId": READABLE,
            "ruleIndex": place,
            "level": "error",
            **_described(trouble, run),
            "partialFingerprints": {"primaryLocationLineHash": line},
        }


def _described(trouble: Trouble, run: Run) -> JsonObject:
    """Return the message and the place of a trouble."""
    message = unlinked("\n".join(map(one_line, trouble.sentences(run.language))))
    return {"message": {"text": message}, "locations": [location(trouble.location)]}


def _message(text: Text, run: Run) -> JsonObject:
    return {"text": unlinked(one_line(in_languages(text, run.language), _SHORT - 24))}


@once
def reported(run: Run) -> list[Reported]:
    """Return every entry of a run with its result."""
    found = [entry for entry in entries(run) if _is_result(entry)]
    lines = line_hashes((entry.result.rule_id, entry.finding.location) for entry in found)
    return [(entry, _result(entry, line, run)) for entry, line in zip(found, lines, strict=True)]


def _is_result(entry: Entry) -> bool:
    """Whether something is found: what would be violated, and what a person must decide, too."""
    found = entry.finding.hinge is not None or entry.finding.review
    return entry.standing not in _NOT_FOUND or (found and entry.standing in UNDECIDED)


def _result(entry: Entry, line: str, run: Run) -> JsonObject:
    rule, finding = entry.result, entry.finding
    waived = rule.about(finding).waived
    accepted = w.waiver_text(waived) if waived and entry.standing is Standing.WAIVED else None
    accepted = w.decided_text(finding.decided) if finding.decided else accepted
    result = {
        "ruleId": rule.rule_id,
        "ruleIndex": _places(run)[rule.rule_id],
        "level": _level(entry),
        "message": {"text": unlinked("\n".join(_sentences(entry, run.language)))},
        "locations": [location(finding.location, finding.pointer, finding.subject)],
        "partialFingerprints": {
            "icpFinding/v1": entry.fingerprint,
            "primaryLocationLineHash": line,
        },
        "properties": _properties(entry),
        "baselineState": _baseline_state(entry, run) or None,
    }
    if accepted:
        why = one_line(in_languages(accepted, run.language))
        suppression = {"kind": "external", "status": "accepted", "justification": why}
        result["suppressions"] = [suppression]
    return given(result)


def _baseline_state(entry: Entry, run: Run) -> str:
    """Return how an entry stands to an earlier state; nothing where that is not sure."""
    if run.since is None:
        return "" if run.known is None else "unchanged" if entry.known else "new"
    if entry.new:
        return "new"
    return "unchanged" if entry.kept or entry.known else ""


def absent(run: Run) -> Iterator[JsonObject]:
    """Yield what the state that a run is compared with had, and the run surely has not."""
    for was in run.since.absent if run.since else ():
        if was.standing in _NOT_FOUND:
            continue
        said = _ABSENT.format(title=was.title, subject=was.subject)
        yield {
            "ruleId": was.rule,
            "ruleIndex": _places(run)[was.rule],
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
        return "note"
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


def _properties(entry: Entry) -> JsonObject:
    result, finding = entry.result, entry.finding
    about = result.about(finding)
    part = about if isinstance(about, PartResult) else None
    properties = {
        "asOf": result.as_of,
        "verdict": finding.verdict,
        "grade": entry.standing,
        "article": result.article,
        "subject": one_line(finding.subject),
        "path": one_line(finding.pointer),
        "part": part and part.name,
        "level": part and part.level,
        "due": finding.due or None,
        "attribute": one_line(finding.location.attribute) or None,
        "status": one_line(finding.location.status) or None,
        "waivedUntil": about.waived and about.waived.expires,
    }
    return given(properties)


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


# ---- Rules


@once
def _rules(run: Run) -> Mapping[str, Result]:
    """Return a result of each rule that a run decided, in the order of their ids."""
    found: dict[str, Result] = {}
    for result in run.results:
        found.setdefault(result.rule_id, result)
    return {rule_id: found[rule_id] for rule_id in sorted(found)}


@once
def _places(run: Run) -> Mapping[str, int]:
    """Return at which place of the list of rules each of them stands."""
    return {rule_id: i for i, rule_id in enumerate(_rules(run))}


def parts(result: Result, policy: Policy | None) -> Iterator[Part]:
    """Yield what a reader may want to know about a rule, most wanted first."""
    yield w.MEANING, result.meaning
    if result.quote:
        yield w.ARTICLE, _quoted(plain(f"{result.provision} {result.article}"), result.quote)
    for cited in dict.fromkeys(result.cited):
        yield w.STATUTE, _quoted(cited.label, cited.quote) if cited.quote else cited.label
    yield w.FIX, result.fix
    if breach := breach_of(result.rule_id):
        yield w.PRACTICE, w.breach_text(breach)
    for part in result.parts:
        yield w.PARTS, w.level_text(plain(f"{part.name}: ") + part.title, part.level)
    if policy and (policy.is_printed or result.basis == "own"):
        yield _PROVISION, policy.text
    if policy and policy.reading:
        yield _READING, policy.reading


def _quoted(label: Text, quote: Text) -> Text:
    return label + Text("：", ": ") + quoted(quote)


def help_text(sections: Iterable[Part], language: Language) -> str:
    """Return parts as plain text, with a blank line between them."""
    return "\n\n".join(
        f"{in_languages(heading, language)}:\n{_lines(each_language(text, language))}".rstrip()
        for heading, text in sections
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(
        one_line(line, _LONGEST) for words in texts for line in words.strip().split("\n")
    )


def help_markdown(title: Text, sections: Iterable[Part], language: Language) -> str:
    """Return parts below a title in Markdown, with a blank line between them."""
    blocks = [f"# {inline(title, language)}"]
    for heading, group in groupby(sections, key=itemgetter(0)):
        blocks.append(f"## {inline(heading, language)}")
        for _, text in group:
            blocks.append("\n\n".join(paragraphs(each_language(text, language), _LONGEST)).rstrip())
    return "\n\n".join(blocks)
