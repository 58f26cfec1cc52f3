"""JSON Lines: one finding a line, for programs, and an evaluation as one document.

``finding.schema.json`` describes a line, ``evaluation.schema.json`` the document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict, replace

from pytest_icp.facts.files.schema import problems_of
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain
from pytest_icp.reports.entries import Entry, entries
from pytest_icp.reports.findings import advice, decision, who_knows
from pytest_icp.reports.layout import both_languages, given, json_text, one_line
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.record import Licence
from pytest_icp.reports.run import VERSION, Run, Trouble, incomplete, location_at, whole, without
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

_LONGEST = 4000
"""Characters of the lines to add that are written."""

JsonObject = dict[str, object]

_READ = Text(zh="已读取，{n} 个文件的摘要如下", en="was read; these are the digests of {n:file}")
_POLICIES = Text(zh="已读取的规定，{n} 个文件", en="the policies as they were read, {n:file}")
_SETTINGS = Text(zh="核对所依据的选项", en="the options that it was judged by")


def jsonl(run: Run) -> str:
    """Return a run as JSON Lines, in both languages whatever the language of the run."""
    return "".join(f"{json_text(line)}\n" for line in (*lines_of(run), *records_of(run)))


def lines_of(run: Run) -> list[JsonObject]:
    """Return the lines, but for those of `records_of`, each as the JSON object that it is."""
    missed = (*run.troubles, *incomplete(run))
    lines = [_trouble(trouble, run, NOT_JUDGED) for trouble in missed]
    lines += [_finding(entry, run) for entry in entries(whole(run))]
    lines += [_trouble(one, run, WEAKENED) for one in run.weakened]
    if run.since:
        lines += change_lines(run.since, run.as_of)
    return lines


def _line(**fields: object) -> JsonObject:
    line: JsonObject = {"apiVersion": VERSION}
    for name, value in fields.items():
        if value is not None:
            line[name] = _json(value)
    return line


def as_json(fields: Mapping[str, object]) -> JsonObject:
    """Return an object of JSON: texts in both languages, words on one line, no empty field."""
    return {one_line(key): _json(one) for key, one in given(fields).items()}


def _json(value: object) -> object:
    match value:
        case str():
            return one_line(value)
        case Text():
            return both_languages(value)
        case bool() | int():
            return value
        case list() | tuple():
            return [_json(one) for one in value]
        case Location():
            return _place(value)
        case Struct():
            return as_json(asdict(value))
        case Mapping():
            return as_json(value)
    return value


def _place(spot: Location) -> JsonObject:
    place: JsonObject = {"path": one_line(spot.path)}
    if spot.line:
        place |= given({"line": spot.line, "column": spot.column or None})
    for name in ("address", "attribute", "status"):
        if text := getattr(spot, name):
            place[name] = one_line(text)
    return place


def records_of(run: Run) -> Iterator[JsonObject]:
    """Yield a line for each description that was read, for the policies, and for the options."""
    results: dict[str, list[Result]] = defaultdict(list)
    for result in whole(run).results:
        if result.kind != KIND:
            results[result.description].append(result)
    for one in run.records:
        yield _record(
            run,
            one.description,
            _READ.format(n=len(one.digests)),
            holder=one.holder or None,
            licence=one.licence or None,
            valid_until=one.term.until or None,
            urgent=one.term.urgent,
            digests=one.digests,
            elements=one.elements or None,
            not_selected=one.left or None,
            licences=_licences(one.licences),
            rules={result.rule_id: result.standing for result in results[one.description]},
            upcoming=_upcoming(results[one.description]) or None,
        )
    if files := run.policy_files:
        yield _record(run, "policies", _POLICIES.format(n=len(files)), digests=files)
    if run.settings:
        yield _record(run, "settings", _SETTINGS, settings=run.settings)


def _record(run: Run, name: str, message: Text, **fields: object) -> JsonObject:
    whole_file = _whole_file(name, message)
    return _line(as_of=run.as_of, grade=RECORD, **whole_file, **fields)


def _upcoming(results: Iterable[Result]) -> dict[str, dict[str, str]]:
    """Return the last days that are to come, by rule or part and by subject."""
    upcoming: dict[str, dict[str, str]] = defaultdict(dict)
    for result in results:
        for one in result.upcoming:
            upcoming[part_id(result.rule_id, one.part)][one.subject] = one.last
    return upcoming


def _licences(held: Sequence[Licence]) -> list[JsonObject] | None:
    """Return the licences of a company that holds several, or has a line without rules."""
    if len(held) <= 1 and not any(one.without_rules for one in held):
        return None
    return [
        {
            "licence": one.name,
            "lines": one.lines,
            "areas": one.areas,
            "without_rules": one.without_rules or None,
        }
        for one in held
    ]


def change_lines(since: Since, as_of: str) -> Iterator[JsonObject]:
    """Yield a line for each change since the base, and for what could not be compared."""
    line = partial(_line, as_of=as_of, grade=CHANGE)
    for setting in since.settings:
        yield line(setting=setting.name, **_whole_file(setting.name, setting_text(setting)))
    for one in (*since.unseen, *since.rules):
        yield line(
            rule=one.rule_id,
            description=one.description,
            place=one.location,
            message=change_text(one),
            before=one.before,
            after=one.after,
            subject=one.subject or None,
            part=one.part or None,
        )
    for due in since.due:
        for rule in due.rules:
            at = _whole_file(due.description, due.how)
            yield line(rule=rule, subject=due.subject, **at, due=due.after, was_due=due.before)
    for label, named in ((ADDED, since.added), (GONE, since.gone)):
        for description, name in named:
            yield line(subject=name, **_whole_file(description, label + plain(f" {name}")))
    for said in remarks(since):
        yield _line(as_of=as_of, grade=NOT_COMPARED, **_whole_file(since.base.name, said))


def changes_json(since: Since, as_of: str) -> str:
    """Return the lines of the changes as one JSON document."""
    return json_text([*change_lines(since, as_of)], indented=True)


def _whole_file(path: str, message: Text) -> JsonObject:
    return {"description": path, "place": Location(path=path), "message": message}


def _finding(entry: Entry, run: Run) -> JsonObject:
    result, finding = entry.result, entry.finding
    about, hinge = result.about(finding), finding.hinge
    to_add = (hinge or finding).line_to_add
    return _line(
        grade=entry.standing,
        rule=result.rule_id,
        part=finding.part or None,
        description=result.description,
        as_of=result.as_of,
        verdict=finding.verdict,
        level=about.level,
        article=result.article,
        subject=finding.subject,
        pointer=finding.pointer,
        place=finding.location,
        title=about.title,
        message=finding.message,
        found=finding.found,
        required=finding.required,
        fix=advice(result, finding)[1],
        cited=[*dict.fromkeys(one.label for one in finding.cited)],
        numbers=finding.numbers,
        fingerprint=entry.fingerprint,
        known=entry.known,
        asked_for=result.licences or None,
        due=finding.due or None,
        hinge={"pointer": hinge.pointer, "place": hinge.location} if hinge else None,
        add=to_add[:_LONGEST].splitlines() or None,
        asked_of=(to_add and who_knows((hinge or finding).pointer)) or None,
        # What people accept or have decided of it, or have to decide.
        waiver=about.waived,
        review=finding.review or None,
        decide=decision(result, finding).splitlines() if finding.review else None,
        decided=finding.decided,
        new=entry.new if run.since else None,
        tolerated=entry.tolerated or None,
    )


def _trouble(trouble: Trouble, run: Run, grade: str) -> JsonObject:
    return _line(
        grade=grade,
        description=trouble.description,
        as_of=run.as_of,
        place=trouble.location,
        message=trouble.message,
        rule=trouble.rule_id or None,
        fix=trouble.hint if trouble.hint.en else None,
    )


def evaluation_json(run: Run | None, errors: Iterable[InputError], base: Path) -> str:
    """Return a run and errors beside it; the run is None if there was none.

    Paths of errors are relative to ``base``. Without a run there are no empty lists of rules or
    findings, which a script could take for a run without any.
    """
    document: JsonObject = {"apiVersion": VERSION}
    if run:
        document |= {
            "as_of": run.as_of,
            "rules": _standing_of_rules(run),
            **_parts(run),
            "findings": lines_of(run),
            "records": [*records_of(run)],
        }
    problems = (one for error in errors for one in problems_of(error)[0])
    document["errors"] = [as_json(_error(one, base)) for one in problems]
    return json_text(document, indented=True)


def _standing_of_rules(run: Run) -> dict[str, dict[str, str]]:
    """Return how each rule of each description stands."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for result in whole(run).results:
        found[one_line(result.description)][result.rule_id] = result.standing
    return found


def _parts(run: Run) -> JsonObject:
    """Return how each part of a rule stands, where rules have parts."""
    found: dict[str, dict[str, Mapping[str, str]]] = defaultdict(dict)
    for result in whole(run).results:
        if result.parts:
            parts = {part.name: part.standing for part in result.parts}
            found[one_line(result.description)][result.rule_id] = parts
    return {"parts": found} if found else {}


def _error(problem: InputError, base: Path) -> JsonObject:
    message, fix = (without(text, base) for text in (problem.message, problem.hint))
    spot = location_at(problem.place) if problem.place else None
    if spot:
        spot = replace(spot, path=spot.path.removeprefix(f"{base.as_posix()}/"))
    return {"message": message, "place": spot, "fix": fix if fix.en else None}
