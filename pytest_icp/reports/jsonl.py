"""JSON Lines: one finding a line, for programs, and an evaluation as one document.

``finding.schema.json`` describes a line, ``evaluation.schema.json`` the document.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec.structs import replace

from pytest_icp.facts.files.schema import Problem, problems_of
from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.entries import Entry, entries
from pytest_icp.reports.findings import advice, decision, who_knows
from pytest_icp.reports.layout import both_languages, json_text, one_line
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.record import Digest, Licence
from pytest_icp.reports.run import VERSION, Run, Trouble, incomplete, location_at, whole
from pytest_icp.reports.since import ADDED, GONE, Since, change_text, remarks, setting_text
from pytest_icp.rules.policy import part_id

NOT_JUDGED = "not judged"
"""The grade of a description that cannot be read, of a check that crashed, of what was not run."""

CHANGE = "change"
"""The grade of what differs from the state that the run is compared with."""

NOT_COMPARED = "not compared"
"""The grade of what could not be compared with it."""

WEAKENED = "weakened"
"""The grade of what weakens a run: no finding, and nothing fails for it."""


RECORD = "record"
"""The grade of what a run rests on: whose licence, what was read, and by which settings."""

_READ = Text(zh="已读取，{n} 个文件的摘要如下", en="was read; these are the digests of {n:file}")
_POLICIES = Text(zh="已读取的规定，{n} 个文件", en="the policies as they were read, {n:file}")
_SETTINGS = Text(zh="核对所依据的选项", en="the options that it was judged by")


def jsonl(run: Run) -> str:
    """Return a run as JSON Lines, in both languages whatever the language of the run."""
    return "".join(f"{json_text(line)}\n" for line in (*lines_of(run), *records_of(run)))


def lines_of(run: Run) -> list[dict[str, object]]:
    """Return the lines, but for those of `records_of`, each as the JSON object that it is."""
    missed = (*run.troubles, *incomplete(run))
    lines = [_trouble(trouble, run, NOT_JUDGED) for trouble in missed]
    lines += [_finding(entry) | _compared(entry, run) for entry in entries(whole(run))]
    lines += [_trouble(one, run, WEAKENED) for one in run.weakened]
    if run.since:
        lines += change_lines(run.since, run.as_of)
    return lines


def records_of(run: Run) -> Iterator[dict[str, object]]:
    """Yield a line for each description that was read, for the policies, and for the options."""
    head: dict[str, object] = {"apiVersion": VERSION, "as_of": run.as_of, "grade": RECORD}
    results = _results(run)
    for one in run.records:
        line = head | _whole_file(one.description, _READ.format(n=len(one.digests)))
        licence = {"holder": one_line(one.holder), "licence": one_line(one.licence)}
        licence["valid_until"] = one.term.until
        line |= {name: text for name, text in licence.items() if text}
        if one.term.urgent:
            line["urgent"] = both_languages(one.term.urgent)
        elements = {name: [one_line(id_) for id_ in ids] for name, ids in one.elements.items()}
        yield line | {
            "digests": [_digest(each) for each in one.digests],
            **({"elements": elements} if elements else {}),
            **({"not_selected": one.left} if one.left else {}),
            **_licences(one.licences),
            **_standings(results.get(one.description, ())),
        }
    if run.policy_files:
        line = head | _whole_file("policies", _POLICIES.format(n=len(run.policy_files)))
        yield line | {"digests": [_digest(each) for each in run.policy_files]}
    if run.settings:
        line = head | _whole_file("settings", _SETTINGS)
        yield line | {"settings": {name: one_line(text) for name, text in run.settings.items()}}


def _results(run: Run) -> dict[str, list[Result]]:
    found: dict[str, list[Result]] = {}
    for result in whole(run).results:
        if result.kind != KIND:
            found.setdefault(result.description, []).append(result)
    return found


def _standings(results: Iterable[Result]) -> dict[str, object]:
    """Return how each rule of a description stands, and the last days that are to come."""
    rules: dict[str, str] = {}
    upcoming: dict[str, dict[str, str]] = {}
    for result in results:
        rules[result.rule_id] = result.standing
        for one in result.upcoming:
            rule = part_id(result.rule_id, one.part)
            upcoming.setdefault(rule, {})[one_line(one.subject)] = one.last
    return {"rules": rules, **({"upcoming": upcoming} if upcoming else {})}


def _licences(held: Sequence[Licence]) -> dict[str, object]:
    """Return the licences of a company that holds several, or has a line without rules."""
    told = [
        {
            "licence": one_line(one.name),
            "lines": one.lines,
            "areas": [one_line(area) for area in one.areas],
            **({"without_rules": one.without_rules} if one.without_rules else {}),
        }
        for one in held
    ]
    several = len(held) > 1 or any(one.without_rules for one in held)
    return {"licences": told} if several else {}


def _digest(one: Digest) -> dict[str, object]:
    return {"role": one.role, "path": one_line(one.path), "sha256": one.sha256}


def _compared(entry: Entry, run: Run) -> dict[str, object]:
    """Return whether a finding is new, and whether the run passes in spite of it."""
    new: dict[str, object] = {"new": entry.new} if run.since else {}
    return {**new, "tolerated": True} if entry.tolerated else new


def change_lines(since: Since, as_of: str) -> Iterator[dict[str, object]]:
    """Yield a line for each change since the base, and for what could not be compared."""
    head: dict[str, object] = {"apiVersion": VERSION, "as_of": as_of}
    for setting in since.settings:
        spot = setting.location if setting.location.path else Location(path=setting.name)
        line = head | {
            "grade": CHANGE,
            "setting": one_line(setting.name),
            "of_change": setting.ours,
        }
        line |= {"description": one_line(spot.path), "place": place_of(spot)}
        yield line | {"message": both_languages(setting_text(setting))}
    for one in (*since.unseen, *since.rules):
        line = head | {"grade": CHANGE, "rule": one.rule_id, "of_change": one.ours}
        line |= {"description": one_line(one.description), "place": place_of(one.location)}
        line["message"] = both_languages(change_text(one))
        sides = {"before": one.before, "after": one.after, "subject": one_line(one.subject)}
        sides["part"] = one.part
        yield line | {name: value for name, value in sides.items() if value}
    for due in since.due:
        for rule in due.rules:
            line = head | {"grade": CHANGE, "rule": rule, "subject": one_line(due.subject)}
            line |= _whole_file(due.description, due.how)
            yield line | {"due": due.after, "was_due": due.before}
    for label, named in ((ADDED, since.added), (GONE, since.gone)):
        for description, name in named:
            message = label + plain(f" {name}")
            line = head | {"grade": CHANGE, "subject": one_line(name)}
            yield line | _whole_file(description, message)
    for said in remarks(since):
        yield head | {"grade": NOT_COMPARED} | _whole_file(since.base.name, said)


def changes_json(since: Since, as_of: str) -> str:
    """Return the lines of the changes as one JSON document."""
    return json_text([*change_lines(since, as_of)], indented=True)


def _whole_file(path: str, message: Text) -> dict[str, object]:
    name = one_line(path)
    return {"description": name, "place": {"path": name}, "message": both_languages(message)}


def _finding(entry: Entry) -> dict[str, object]:
    result, finding = entry.result, entry.finding
    about = result.about(finding)
    cited = dict.fromkeys(one.label for one in finding.cited)
    line: dict[str, object] = {
        "apiVersion": VERSION,
        "grade": entry.standing,
        "rule": result.rule_id,
        **({"part": finding.part} if finding.part else {}),
        "description": one_line(result.description),
        "as_of": result.as_of,
        "verdict": finding.verdict,
        "level": about.level,
        "article": result.article,
        "subject": one_line(finding.subject),
        "pointer": one_line(finding.pointer),
        "place": place_of(finding.location),
        "title": both_languages(about.title),
        "message": both_languages(finding.message),
        "found": both_languages(finding.found),
        "required": both_languages(finding.required),
        "fix": both_languages(advice(result, finding)[1]),
        "cited": [both_languages(label) for label in cited],
        "numbers": [both_languages(number) for number in finding.numbers],
        "fingerprint": entry.fingerprint,
        "known": entry.known,
    }
    if result.licences:
        line["asked_for"] = [one_line(name) for name in result.licences]
    if finding.due:
        line["due"] = finding.due
    if finding.hinge:
        line["hinge"] = {
            "pointer": one_line(finding.hinge.pointer),
            "place": place_of(finding.hinge.location),
        }
    if to_add := (finding.hinge or finding).line_to_add:
        line["add"] = [one_line(one) for one in to_add[:4000].splitlines()]
        if role := who_knows((finding.hinge or finding).pointer):
            line["asked_of"] = role
    return line | dict(_accepted(result, finding))


def _accepted(result: Result, finding: Finding) -> Iterator[tuple[str, object]]:
    """Yield what people accept or have decided of a finding, or have to decide."""
    if waived := result.about(finding).waived:
        yield (
            "waiver",
            {
                "reason": one_line(waived.reason),
                "owner": one_line(waived.owner),
                "expires": waived.expires,
            },
        )
    if finding.review:
        yield "review", True
        yield "decide", [one_line(one) for one in decision(result, finding).splitlines()]
    if made := finding.decided:
        yield (
            "decided",
            {"reason": one_line(made.reason), "owner": one_line(made.owner), "day": made.day},
        )


def _trouble(trouble: Trouble, run: Run, grade: str) -> dict[str, object]:
    line: dict[str, object] = {
        "apiVersion": VERSION,
        "grade": grade,
        "description": one_line(trouble.description),
        "as_of": run.as_of,
        "place": place_of(trouble.location),
        "message": both_languages(trouble.message),
    }
    if trouble.rule_id:
        line["rule"] = trouble.rule_id
    if trouble.hint.en:
        line["fix"] = both_languages(trouble.hint)
    return line


def place_of(spot: Location) -> dict[str, object]:
    """Return a location as a JSON object."""
    place: dict[str, object] = {"path": one_line(spot.path)}
    if spot.line:
        place["line"] = spot.line
        if spot.column:
            place["column"] = spot.column
    for name in ("address", "attribute", "status"):
        if text := getattr(spot, name):
            place[name] = one_line(text)
    return place


def evaluation_json(run: Run | None, errors: Iterable[InputError], base: Path) -> str:
    """Return a run and errors beside it; the run is None if there was none.

    Paths of errors are relative to ``base``. Without a run there are no empty lists of rules or
    findings, which a script could take for a run without any.
    """
    document: dict[str, object] = {"apiVersion": VERSION}
    if run:
        document |= {
            "as_of": run.as_of,
            "rules": _standing_of_rules(run),
            **_parts(run),
            "findings": lines_of(run),
            "records": [*records_of(run)],
        }
    document["errors"] = [
        _error_line(one, base) for error in errors for one in problems_of(error)[0]
    ]
    return json_text(document, indented=True)


def _standing_of_rules(run: Run) -> dict[str, dict[str, str]]:
    """Return how each rule of each description stands."""
    found: dict[str, dict[str, str]] = {}
    for result in whole(run).results:
        found.setdefault(one_line(result.description), {})[result.rule_id] = result.standing
    return found


def _parts(run: Run) -> dict[str, object]:
    """Return how each part of a rule stands, where rules have parts."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for result in whole(run).results:
        for part in result.parts:
            rules = found.setdefault(one_line(result.description), {})
            rules.setdefault(result.rule_id, {})[part.name] = part.standing
    return {"parts": found} if found else {}


def _error_line(problem: InputError | Problem, base: Path) -> dict[str, object]:
    lead = f"{base}{os.sep}"

    def said(text: Text) -> dict[str, str]:
        return both_languages(Text(zh=text.zh.replace(lead, ""), en=text.en.replace(lead, "")))

    error: dict[str, object] = {"message": said(problem.message)}
    if problem.place:
        spot = location_at(problem.place)
        near = spot.path.removeprefix(f"{base.as_posix()}/")
        error["place"] = place_of(replace(spot, path=near))
    if problem.hint.en:
        error["fix"] = said(problem.hint)
    return error
