"""Ordinary Python tests that decide a rule (marker ``icp``), as results for reports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from pytest_icp.kinds.finding import Finding, Verdict
from pytest_icp.kinds.result import Result
from pytest_icp.law.location import Location
from pytest_icp.law.text import Text, plain

if TYPE_CHECKING:
    from pytest_icp.rules.policy import Obligation, Policy

KIND = "test"
"""The kind of a result that a Python test decided."""

_MEANING = Text(zh="测试 {test} 通过。", en="The test {test} passes.")
_FIX = Text(
    zh="查看测试 {test} 的输出，整改后使其通过。",
    en="Read the output of the test {test} and fix what it reports.",
)
_REASONS = {
    Verdict.SATISFIED: Text(zh="测试通过", en="the test passes"),
    Verdict.NOT_APPLICABLE: Text(zh="测试已跳过：{why}", en="the test was skipped: {why}"),
    Verdict.VIOLATED: Text(zh="测试未通过：{why}", en="the test fails: {why}"),
    Verdict.UNKNOWN: Text(zh="测试未能开始：{why}", en="the test could not start: {why}"),
}


class MarkedTest(Struct, frozen=True, kw_only=True):
    """A test and its verdict on a rule.

    ``title`` is the first line of its docstring, else its name; ``why`` the first line of its
    message; ``path`` and ``line`` where it is defined.
    """

    rule_id: str
    verdict: Verdict
    title: str
    name: str
    why: str
    path: str
    line: int


def marked_results(
    tests: Iterable[MarkedTest], policies: Iterable[Policy], as_of: str
) -> tuple[Result, ...]:
    """Return tests as results; one that decides a rule of a policy has the words of that rule.

    The file of the test takes the place of a description.
    """
    rules = {o.rule_id: (policy, o) for policy in policies for o in policy.obligations}
    return tuple(_result(test, rules.get(test.rule_id), as_of) for test in tests)


def _result(test: MarkedTest, rule: tuple[Policy, Obligation] | None, as_of: str) -> Result:
    policy, obligation = rule or (None, None)
    spot = Location(path=test.path, line=test.line)
    named = f"{test.path}::{test.name}"
    meaning = obligation.meaning if obligation else _MEANING.format(test=named)
    reason = _REASONS[test.verdict].format(why=test.why)
    return Result(
        description=test.path,
        rule_id=test.rule_id,
        provision=test.rule_id.partition("/")[0],
        provision_title=policy.title if policy else plain(""),
        article=policy.article if policy else "",
        title=obligation.title if obligation else plain(test.title),
        meaning=meaning,
        kind=KIND,
        # It fails the run, whatever level a policy gives the rule.
        level="mandatory",
        basis=obligation.basis if obligation else "own",
        as_of=as_of,
        verdict=test.verdict,
        reason=reason,
        location=spot,
        quote=obligation.quote if obligation else None,
        fix=obligation.fix if obligation else _FIX.format(test=named),
        cited=(),
        findings=_findings(test, reason, meaning, spot),
        notes=(),
        upcoming=(),
        subjects=1,
    )


def _findings(test: MarkedTest, reason: Text, meaning: Text, spot: Location) -> tuple[Finding, ...]:
    if test.verdict not in {Verdict.VIOLATED, Verdict.UNKNOWN}:
        return ()
    finding = Finding(
        verdict=test.verdict,
        subject=test.name,
        message=reason,
        found=plain(""),
        required=meaning,
        due=None,
        location=spot,
        cited=(),
    )
    return (finding,)
