"""``pytest-icp waivers``: lists and checks the waivers beside descriptions; ``add`` writes one."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from pytest_icp.cli.editing import content_of, set_values
from pytest_icp.cli.output import Output, write_bytes, write_new
from pytest_icp.cli.project import WITHOUT_REPORTS, Evaluation, in_evaluation
from pytest_icp.facts.files.disk import repository_of
from pytest_icp.facts.files.faults import flow
from pytest_icp.facts.files.source import read_source
from pytest_icp.kinds.finding import Finding
from pytest_icp.kinds.result import Result
from pytest_icp.law.errors import InputError
from pytest_icp.law.jsontypes import list_of
from pytest_icp.law.text import Text, plain, suggested
from pytest_icp.law.times import civil_date
from pytest_icp.plugin.session import Refused
from pytest_icp.reports import blocks as b
from pytest_icp.reports.accepted import Use
from pytest_icp.reports.errors import problem_lines
from pytest_icp.reports.words import in_languages
from pytest_icp.rules.policy import part_id
from pytest_icp.rules.waivers import FILE_NAMES, Waiver, files_in

_NONE = Text(zh="没有豁免。", en="There are no waivers.")
_USED = Text(zh="在用，还有 {n} 日到期", en="in use, {n:day} left")
_LAST_DAY = Text(zh="在用，今日到期", en="in use, on its last day")
_EXPIRED = Text(zh="已到期 {n} 日", en="expired {n:day} ago")
_IDLE = Text(zh="未匹配任何违反，可以删除", en="matches no violation; it can be removed")
_NOT_JUDGED = Text(
    zh="本次未核对该规则的全部描述", en="its rule was not checked in every description here"
)
_SETTLES = Text(zh="在用，认定为已履行", en="in use: decided that it was complied with")
_DECIDED = Text(zh="认定日期", en="decided on")
_REASON = Text(zh="理由", en="reason")
_OWNER = Text(zh="负责岗位", en="owner")
_EXPIRES = Text(zh="截止日期", en="expires")
_STATE = Text(zh="状态", en="state")


def run(arguments: Namespace) -> Output:
    """List the waivers; the exit code is 1 if one has expired or matches no violation."""
    return in_evaluation(arguments, _listed, arguments.descriptions, *WITHOUT_REPORTS)


def _listed(evaluation: Evaluation) -> Output:
    run, screen = evaluation.run, evaluation.screen
    session = evaluation.session
    judged = session.judged(run.results, evaluation.root)
    blocks: list[b.Block] = []
    failed = bool(run.troubles)
    folders = sorted({path.parent for path in evaluation.descriptions})
    for waiver in (one for folder in folders for one in session.waivers_in(folder)):
        use = judged.use(waiver)
        failed = failed or use in {Use.EXPIRED, Use.IDLE}
        blocks += _waiver(waiver, _state(waiver, use, judged.today))
    lines = [*screen.lines(blocks)]
    for trouble in run.troubles:
        lines += problem_lines(trouble, trouble.location, screen.language, screen.columns)
    text = "\n".join(lines).lstrip("\n") or in_languages(_NONE, screen.language)
    return Output(text=text, code=int(failed))


def _state(waiver: Waiver, use: Use, today: date) -> Text:
    """Return the state of a waiver in words."""
    left = (waiver.expires - today).days
    if use is Use.USED and waiver.decided_on:
        return _SETTLES
    if use is Use.USED:
        return _USED.format(n=left) if left else _LAST_DAY
    return {Use.EXPIRED: _EXPIRED.format(n=-left), Use.IDLE: _IDLE}.get(use, _NOT_JUDGED)


def _waiver(waiver: Waiver, state: Text) -> Iterator[b.Block]:
    place = f"{Path(waiver.place.path).as_posix()}:{waiver.place.line}"
    yield b.section(f"{place}: {waiver.rule} [{waiver.subject}]")
    day, of = (waiver.decided_on, _DECIDED) if waiver.decided_on else (waiver.expires, _EXPIRES)
    said = ((_STATE, state), (of, str(day)), (_OWNER, waiver.owner), (_REASON, waiver.reason))
    yield b.Rows(tuple((label, b.line(text)) for label, text in said))


# ---- One more


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
_COMPLIED = Text(
    zh="已写入 {file}：{rule} [{subject}] 认定为已履行。",
    en="Wrote {file}: {rule} [{subject}] was complied with.",
)


def run_add(arguments: Namespace) -> str:
    """Write a waiver, or that a duty was met, beside the description that has the finding."""
    return in_evaluation(
        arguments,
        lambda found: _added(found, arguments),
        [arguments.named],
        *WITHOUT_REPORTS,
        f"--icp-select={arguments.rule.partition('#')[0]}",
    )


def _added(evaluation: Evaluation, accepted: Namespace) -> str:
    """Write an entry beside the description that has the finding, and say so.

    ``accepted`` are the arguments: which rule and subject, by whom and why, ``until`` the last day
    of a waiver; without that the duty is said to have been met.
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
    said = _WRITTEN if accepted.until else _COMPLIED
    told = said.format(file=file.as_posix(), rule=rule, subject=finding.subject, day=accepted.until)
    return evaluation.screen.steps(told)


def _found(results: Iterable[Result], accepted: Namespace) -> tuple[Result, Finding]:
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
