"""``pytest-icp waivers add``: accepts a violation until a day, or settles what a person decides."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec import Struct

from pytest_icp.cli.editing import content_of, set_values
from pytest_icp.cli.evaluation import Evaluation
from pytest_icp.cli.files import write_bytes, write_new
from pytest_icp.facts.files.flow import flow
from pytest_icp.facts.files.repository import repository_of
from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import list_of
from pytest_icp.law.suggestions import suggested
from pytest_icp.law.text import Text, plain
from pytest_icp.law.times import civil_date
from pytest_icp.plugin.session import Refused
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.words import each_language
from pytest_icp.rules.policy import part_id
from pytest_icp.rules.waivers import FILE_NAMES, files_in

_NOT_VIOLATED = Text(
    zh="{rule} 没有违反，也没有须由人认定的", en="{rule} is not violated, and nobody need decide it"
)
_NOT_ON = Text(
    zh="{rule}：对象 '{subject}' 没有违反；有违反的是：{others}",
    en="{rule}: not violated by '{subject}'; it is by: {others}",
)
_NOT_TO_DECIDE = Text(
    zh="{rule} [{subject}] 已经违反，不是须由人认定的；可以豁免至某日：--until",
    en="{rule} [{subject}] is violated, and nobody need decide it; accept it until a day: --until",
)
_PAST = Text(zh="--until {day} 早于核对日 {today}", en="--until {day} is before {today}")
_SEVERAL = Text(
    zh="几份描述都有这项违反：{named}；写明其中一份",
    en="several descriptions have this violation: {named}; name one of them",
)
_WRITTEN = Text(
    zh="已写入 {file}：{rule} [{subject}] 豁免至 {day}，当日仍有效。",
    en="Wrote {file}: {rule} [{subject}] is accepted until {day}, inclusive.",
)
_DECIDED = Text(
    zh="已写入 {file}：{rule} [{subject}] 认定为已履行。",
    en="Wrote {file}: {rule} [{subject}] was complied with.",
)


class Acceptance(Struct, frozen=True, kw_only=True):
    """What is accepted of which rule (or part of one) and subject, by whom and why.

    ``until`` is the last day of a waiver; without it, the duty is said to have been met.
    """

    rule: str
    subject: str
    until: date | None
    owner: str
    reason: str


def run_waivers_add(evaluation: Evaluation, accepted: Acceptance, columns: int) -> str:
    """Write an entry beside the description that has the finding, and say so.

    Raises `InputError` where there is no such finding, or the entry cannot be.
    """
    result, finding = _found(evaluation.run.results, accepted)
    today = civil_date(evaluation.options.as_of)
    rule = accepted.rule
    if accepted.until is None:
        if not finding.review:
            raise InputError(_NOT_TO_DECIDE.format(rule=rule, subject=finding.subject))
        # Of a rule with parts only one is decided.
        rule = part_id(result.rule_id, finding.part)
    elif accepted.until < today:
        raise InputError(_PAST.format(day=accepted.until, today=today))
    entry = {
        "rule": rule,
        "subject": finding.subject,
        "reason": accepted.reason,
        "owner": accepted.owner,
        **(
            {"expires": str(accepted.until)}
            if accepted.until
            else {"decided": "complied", "decided_on": str(today)}
        ),
    }
    folder = Path(os.path.relpath((evaluation.root / result.description).parent))
    file = _append(evaluation, folder, {name: value for name, value in entry.items() if value})
    said = _WRITTEN if accepted.until else _DECIDED
    told = said.format(file=file.as_posix(), rule=rule, subject=finding.subject, day=accepted.until)
    lines = (wrap(text, columns) for text in each_language(told, evaluation.options.language))
    return "\n".join(line for some in lines for line in some)


def _found(results: Iterable[Result], accepted: Acceptance) -> tuple[Result, Finding]:
    """Return the finding on a subject, and its result."""
    broken = [
        (result, finding)
        for result in results
        for finding in result.findings
        if finding.broken
        and accepted.rule in {result.rule_id, part_id(result.rule_id, finding.part)}
    ]
    if not broken:
        raise InputError(_NOT_VIOLATED.format(rule=accepted.rule))
    there = [(result, one) for result, one in broken if one.subject == accepted.subject]
    if not there:
        others = list(dict.fromkeys(one.subject for _, one in broken))
        message = _NOT_ON.format(
            rule=accepted.rule, subject=accepted.subject, others=", ".join(others)
        )
        raise InputError(message, hint=suggested(accepted.subject, others))
    named = dict.fromkeys(result.description for result, _ in there)
    if len(named) > 1:
        raise InputError(_SEVERAL.format(named=", ".join(named)))
    return there[0]


def _append(evaluation: Evaluation, folder: Path, entry: dict[str, str]) -> Path:
    """Add an entry to the waivers beside a description, and return their file.

    What is not accepted there, such as a term that is too long, is taken back.
    """
    files = files_in(folder)
    file = files[0] if files else folder / FILE_NAMES[0]
    before = content_of(file) if files else None
    if before is None:
        lines = "\n    ".join(f"{name}: {flow(value)}" for name, value in entry.items())
        write_new(file, f"waivers:\n  - {lines}\n", overwrite=False)
    else:
        known = list_of(read_source(file, root=repository_of(file)).members.get("waivers"))
        set_values(file, {("waivers", len(known)): entry})
    try:
        evaluation.session.waivers_in(folder)
    except Refused as refused:
        if before is None:
            file.unlink()
        else:
            write_bytes(file, before, overwrite=True)
        raise InputError(plain(str(refused))) from None
    return file
