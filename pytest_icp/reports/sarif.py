"""SARIF 2.1.0: the whole run, or the part of it that GitHub code scanning is to show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from pytest_icp.law.text import Text
from pytest_icp.reports.entries import Grade, worst_first
from pytest_icp.reports.rules import Rule, help_markdown, help_text, parts, rules
from pytest_icp.reports.run import Run, Trouble, once
from pytest_icp.reports.safe import json_lines, json_text, one_line
from pytest_icp.reports.sarif_results import ROOT, Told, line_hashes, location, told, unlinked
from pytest_icp.reports.words import in_languages

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HOME = "https://pytest-icp.readthedocs.io/"

MOST_RESULTS = 25_000
"""GitHub refuses a run with more, and shows the 5,000 worst."""

READABLE = "icp/readable"
"""The rule of a description that cannot be read, or of a check that crashed."""

_RULES, _NOTICES, _RESULTS = "rules", "notices", "results"
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


@once
def sarif(run: Run) -> str:
    """Return the run as SARIF, waived findings as suppressed results."""
    return _log(run, told(run), troubles=())


def sarif_for_github(run: Run) -> str:
    """Return the run as GitHub shows it right.

    It ignores suppressions, so waived findings are left out; it shows no notifications, so
    what could not be judged is a result.
    """
    every = told(run)
    open_ones = [one for one in every if one[0].grade is not Grade.WAIVED]
    if len(open_ones) == len(every) and not run.troubles:
        return sarif(run)
    return _log(run, open_ones, troubles=run.troubles)


def _log(run: Run, found: list[Told], *, troubles: tuple[Trouble, ...]) -> str:
    room = MOST_RESULTS - len(troubles)
    kept = found
    if len(found) > room:
        chosen = {id(entry) for entry in worst_first(entry for entry, _ in found)[:room]}
        kept = [one for one in found if id(one[0]) in chosen]
    known, results = [*_rules(run)], [text for _, text in kept]
    if troubles:
        results += _not_judged(troubles, len(known), run)
        known.append(json_text(_readable(run)))
    driver: Json = {"name": "pytest-icp", "informationUri": HOME, "rules": [_RULES]}
    if run.version:
        driver["semanticVersion"] = run.version
    notices = _notices(run, left_out=len(found) - len(kept))
    invocation: Json = {"executionSuccessful": not run.troubles}
    if notices:
        invocation["toolExecutionNotifications"] = [_NOTICES]
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "language": "zh-CN" if run.language == "zh" else "en-US",
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {ROOT: {"description": _message(_ROOT, run)}},
                "invocations": [invocation],
                "results": [_RESULTS],
                "properties": {"asOf": run.as_of, "notChecked": list(run.ignored)},
            }
        ],
    }
    # An item a line: indenting everything would take five times as long.
    lists = {
        _RULES: json_lines(known),
        _NOTICES: [f"[{', '.join(notices)}]"],
        _RESULTS: json_lines(results),
    }
    return _filled(json_text(log), lists)


def _filled(frame: str, lists: Mapping[str, Iterable[str]]) -> str:
    """Return a document with its lists, in pieces of JSON, where it has their names."""
    # Joined at once: a copy of what may be megabytes is dear.
    pieces: list[str] = []
    for name, made in lists.items():
        before, found, after = frame.partition(f'["{name}"]')
        if found:
            pieces += (before, *made)
            frame = after
    return "".join([*pieces, frame, "\n"])


@once
def _rules(run: Run) -> list[str]:
    """Return every rule as JSON."""
    return [_rule(rule, run) for rule in rules(run)]


def _rule(rule: Rule, run: Run) -> str:
    mandatory, told_of = rule.level == "mandatory", tuple(parts(rule))
    name = "".join(part.capitalize() for part in re.findall("[A-Za-z0-9]+", rule.id))
    tags = f'"icp", "compliance", {json_text(rule.provision)}, {json_text(f"basis/{rule.basis}")}'
    return (
        f'{{"id": {json_text(rule.id)}, "name": "{name}", '
        f'"shortDescription": {{"text": {json_text(_short(rule.title, run))}}}, '
        f'"fullDescription": {{"text": {json_text(_short(rule.meaning, run))}}}, '
        f'"help": {{"text": {_sections(help_text(told_of, run.language))}, '
        f'"markdown": {_sections(help_markdown(rule.title, told_of, run.language))}}}, '
        f'"defaultConfiguration": {{"level": "{"error" if mandatory else "warning"}"}}, '
        f'"properties": {{"tags": [{tags}], "precision": "very-high", '
        f'"problem.severity": "{"error" if mandatory else "recommendation"}"}}}}'
    )


def _sections(texts: Iterable[str]) -> str:
    """Return sections with a blank line between them as JSON."""
    inside = "\\n\\n".join(map(_section, texts))
    return f'"{inside}"'


# Those of a provision come back with each of its rules.
@lru_cache(maxsize=2048)
def _section(text: str) -> str:
    return json_text(text)[1:-1]


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


def _notices(run: Run, *, left_out: int) -> list[str]:
    """Return what a reader of the run is to know, as JSON."""
    notices = [f'{{"level": "error", {_said(trouble, run)}}}' for trouble in run.troubles]
    if left_out:
        text = _CUT.format(most=str(MOST_RESULTS), n=str(left_out))
        notices.append(json_text({"level": "warning", "message": _message(text, run)}))
    return notices


def _not_judged(troubles: tuple[Trouble, ...], place: int, run: Run) -> Iterator[str]:
    """Yield what could not be judged as results of the rule at that place."""
    lines = line_hashes((READABLE, trouble.spot) for trouble in troubles)
    for trouble, line in zip(troubles, lines, strict=True):
        yield (
            f'{{"ruleId": "{READABLE}", "ruleIndex": {place}, "level": "error", '
            f"{_said(trouble, run)}, "
            f'"partialFingerprints": {{"primaryLocationLineHash": "{line}"}}}}'
        )


def _said(trouble: Trouble, run: Run) -> str:
    """Return the message and the place of a trouble, as members of a JSON object."""
    message = json_text({"text": _trouble_text(trouble, run)})
    return f'"message": {message}, "locations": [{location(trouble.spot)}]'


def _trouble_text(trouble: Trouble, run: Run) -> str:
    said = (in_languages(text, run.language) for text in (trouble.message, trouble.hint))
    return unlinked("\n".join(one_line(text) for text in said if text))


def _message(text: Text, run: Run) -> Json:
    return {"text": _short(text, run)}


def _short(text: Text, run: Run) -> str:
    return unlinked(one_line(in_languages(text, run.language), _SHORT - 24))
