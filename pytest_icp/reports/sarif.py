"""SARIF 2.1.0: the whole run, or the part of it for GitHub code scanning."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_icp.kinds.standing import Standing
from pytest_icp.law.once import once
from pytest_icp.law.text import Text
from pytest_icp.reports.entries import worst_first
from pytest_icp.reports.incomplete import incomplete, whole
from pytest_icp.reports.record import Role, by_role
from pytest_icp.reports.rules import Rule, help_markdown, help_text, parts, rules
from pytest_icp.reports.run import READABLE, Run, Trouble
from pytest_icp.reports.safe import json_text, one_line
from pytest_icp.reports.sarif_results import (
    ROOT,
    JsonObject,
    Reported,
    absent,
    line_hashes,
    location,
    reported,
    unlinked,
    uri,
)
from pytest_icp.reports.words import in_languages

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
    room = MOST_RESULTS - len(troubles)
    kept = found
    if len(found) > room:
        chosen = {id(entry) for entry in worst_first(entry for entry, _ in found)[:room]}
        kept = [one for one in found if id(one[0]) in chosen]
    known, results = [_rule(rule, run) for rule in rules(run)], [result for _, result in kept]
    results += more[: room - len(kept)]
    if troubles:
        results += _not_judged(troubles, len(known), run)
        known.append(_readable(run))
    driver: JsonObject = {"name": "pytest-icp", "rules": known}
    if run.docs_url:
        driver["informationUri"] = run.docs_url
    if run.version:
        driver["semanticVersion"] = run.version
    invocation: JsonObject = {"executionSuccessful": run.complete and not run.troubles}
    if notices := _notices(run, left_out=len(found) - len(kept)):
        invocation["toolExecutionNotifications"] = notices
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "language": "zh-CN" if run.language == "zh" else "en-US",
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": _bases(run),
                "invocations": [invocation],
                **_artifacts(run),
                "results": results,
                "properties": {"asOf": run.as_of, "notChecked": run.ignored, **_licences(run)},
            }
        ],
    }
    return json_text(log, indented=True) + "\n"


def _bases(run: Run) -> JsonObject:
    """Return what the paths of files start from."""
    package = {_PACKAGE: {"description": _message(_SHIPPED, run)}} if run.policy_files else {}
    return {ROOT: {"description": _message(_ROOT, run)}, **package}


def _artifacts(run: Run) -> JsonObject:
    """Return the files that were read, with their digests, if there are any."""
    every = by_role((*(one for each in run.records for one in each.digests), *run.policy_files))
    artifacts = [
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
    return {"artifacts": artifacts} if artifacts else {}


def _licences(run: Run) -> JsonObject:
    """Return whose licences were judged."""
    licences = [
        {
            "description": one_line(one.description),
            "holder": one_line(one.holder),
            "number": one_line(one.licence),
        }
        for one in run.records
    ]
    return {"licences": licences} if licences else {}


def _rule(rule: Rule, run: Run) -> JsonObject:
    mandatory, sections = rule.result.level == "mandatory", tuple(parts(rule))
    page = run.pages.get(rule.id)
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in re.findall("[A-Za-z0-9]+", rule.id)),
        "shortDescription": _message(rule.title, run),
        "fullDescription": _message(rule.result.meaning, run),
        "help": {
            "text": help_text(sections, run.language),
            "markdown": help_markdown(rule.title, sections, run.language),
        },
        **({"helpUri": page} if page else {}),
        "defaultConfiguration": {"level": "error" if mandatory else "warning"},
        "properties": {
            "tags": ["icp", "compliance", rule.result.provision, f"basis/{rule.result.basis}"],
            "precision": "very-high",
            "problem.severity": "error" if mandatory else "recommendation",
        },
    }


def _readable(run: Run) -> JsonObject:
    text = in_languages(_READABLE_MEANS, run.language)
    return {
        "id": READABLE,
        "shortDescription": _message(_READABLE, run),
        "fullDescription": {"text": text},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["icp"], "precision": "very-high", "problem.severity": "error"},
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
