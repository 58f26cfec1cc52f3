"""What to do about a finding: fix a violation, declare an unknown fact."""

from __future__ import annotations

from shlex import quote

from pytest_icp.facts.fields import asked_of, roles
from pytest_icp.facts.files.faults import flow
from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.jsontypes import tokens
from pytest_icp.law.text import Text
from pytest_icp.reports import words as w
from pytest_icp.reports.marked import KIND
from pytest_icp.reports.run import RUN_ALL
from pytest_icp.rules.policy import part_id

_DECLARE = Text(
    zh="申报该事实即可判断（null 换成实际的值）",
    en="declare the fact (replace null with the actual value)",
)
_ASK = Text(zh="；由{role}申报", en="; ask {role}")
_FIND_OUT = Text(
    zh="查明该事实并写入描述，即可判断",
    en="find out the fact and add it to the description",
)
_OVER = Text(
    zh="此事已无法补办：核对登记的日期，查明原因，避免再次发生",
    en="it cannot be made up for: check the dates declared, and see that it does not recur",
)
_ACCEPT = Text(
    zh="；需要接受的：pytest-icp waivers add {rule} {subject} --until …",
    en="; to accept it until a day: pytest-icp waivers add {rule} {subject} --until …",
)

_DECIDE = Text(
    zh="申报该事实即可判断；如果适用：{fix}",
    en="declare the fact that decides; if this applies: {fix}",
)
_REVIEW = Text(
    zh="须由人认定：确已履行的，在 icp-waivers.yaml 中写明理由（decided: complied）；否则：{fix}",
    en="a person must decide: if the duty was met, say why in icp-waivers.yaml "
    "(decided: complied); if not: {fix}",
)


def advice(result: Result, finding: Finding) -> tuple[Text, Text]:
    """Return a label and what to do.

    An unknown finding is not yet something to fix, and a breach that is over no longer is. Only
    a user's own test knows what it requires, so its findings have the test's advice.
    """
    if not result.decided:
        return w.TO_DO, RUN_ALL
    fix = result.about(finding).fix
    if finding.decided:
        return w.DECIDE, w.decided_text(finding.decided)
    if finding.review:
        return w.DECIDE, _REVIEW.format(fix=fix if finding.over is None else _OVER)
    if finding.over is not None:
        rule = part_id(result.rule_id, finding.part)
        return w.FIX, _OVER + _ACCEPT.format(rule=rule, subject=quote(finding.subject))
    if finding.verdict is not Verdict.UNKNOWN or result.kind == KIND:
        return w.FIX, fix
    if finding.hinge:
        return w.TO_DO, _DECIDE.format(fix=fix)
    if not finding.line_to_add:
        return w.TO_DO, _FIND_OUT
    role = who_knows(finding.pointer)
    return w.TO_DO, _DECLARE + _ASK.format(role=roles()[role]) if role else _DECLARE


def decision(result: Result, finding: Finding) -> str:
    """Return the entry of a waivers file that says that a duty was met; a person says why."""
    rule = part_id(result.rule_id, finding.part)
    fields = {"rule": rule, "subject": finding.subject, "decided": "complied"}
    day = {"decided_on": result.as_of[:10]}
    lines = [f"{name}: {flow(value)}" for name, value in (fields | day).items()]
    return "\n  ".join(["- " + lines[0], *lines[1:], "owner: null", "reason: null"])


def who_knows(pointer: str) -> str:
    """Return the role that knows the fact at a pointer; empty where nobody is named."""
    return asked_of(".".join(name for name in tokens(pointer) if not name.isdecimal()))
