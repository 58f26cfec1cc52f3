"""``pytest-icp mutate``: changes policies as people get them wrong, and asks their cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from pytest_icp.authoring.case_runner import CaseRunner
from pytest_icp.authoring.cases import Case, Equivalent, read_cases, read_equivalents
from pytest_icp.authoring.mutation.mutant import Survivor
from pytest_icp.authoring.mutation.report import mutants_json, scores_text, survivors_text
from pytest_icp.authoring.mutation.run import Failing, MutationResult, run
from pytest_icp.cli.answer import Answer
from pytest_icp.facts.files.resources import resource
from pytest_icp.law.errors import InputError
from pytest_icp.law.location import Place
from pytest_icp.law.text import Text
from pytest_icp.reports.layout import wrap
from pytest_icp.reports.words import Language, each_language
from pytest_icp.rules.lookup import PolicySelection, shipped
from pytest_icp.rules.rule_ids import no_such_rule

Form = Literal["text", "json"]

_NO_CASES = Text(
    zh="没有指明自定义规定 {policies} 的用例文件夹", en="no folder of cases is given for {policies}"
)
_NAME_CASES = Text(
    zh="用 --cases 指明：其中每条规定一个用例文件",
    en="give one with --cases; it contains a file of cases for each policy",
)
_FAILS = Text(
    zh="用例「{name}」在规定未改动时就不成立：{why}",
    en="the case {name!r} fails on the unchanged policy: {why}",
)
_STALE = Text(
    zh="等价变异「{rule} {change}」已不存在或者已被用例察觉，可以删除",
    en="{rule} {change}: this change is no longer made, or a case notices it; remove the entry",
)


class Mutate(Struct, frozen=True, kw_only=True):
    """What the user asked for: which policies, and the folders of cases."""

    policies: Sequence[PolicySelection]
    cases: Sequence[Path]
    language: Language
    runner: CaseRunner
    form: Form = "text"


def run_mutate(asked: Mutate, columns: int) -> Answer:
    """Change policies and say what no case notices; the exit code is 1 when something is amiss.

    Raises `InputError` when policies of the user's own have no cases, or cases cannot be used.
    """
    folders = _folders(asked)
    files = [file for folder in folders for file in read_cases(folder)]
    reasons = [reason for folder in folders for reason in read_equivalents(folder)]
    cases = [case for file in files for case in file.cases]
    _must_be_rules(asked.policies, cases, reasons)
    mutated = run(asked.policies, cases, reasons, asked.runner)
    mutated = replace(mutated, survivors=tuple(map(_nearby, mutated.survivors)))
    text = _json(mutated) if asked.form == "json" else "\n".join(_text(mutated, asked, columns))
    return Answer(text=text, code=int(not mutated.passed))


def _folders(asked: Mutate) -> list[Path]:
    own = [one.written.policy.id for one in asked.policies if not shipped(one.written)]
    if own and not asked.cases:
        raise InputError(_NO_CASES.format(policies=", ".join(own)), hint=_NAME_CASES)
    ours = len(own) < len(asked.policies)
    return [*([resource("cases")] if ours else []), *asked.cases]


def _must_be_rules(
    policies: Sequence[PolicySelection], cases: Sequence[Case], reasons: Sequence[Equivalent]
) -> None:
    """Raise `InputError` for a rule that there is not: its cases would notice nothing.

    Only policies that are asked about are known here; cases of others are left alone.
    """
    known = [o.rule_id for one in policies for o in one.written.policy.obligations]
    asked = {one.written.policy.id for one in policies}
    named = [(case.rule, case.rule_at) for case in cases if case.provision in asked]
    named += [(reason.rule, reason.place) for reason in reasons if _provision(reason) in asked]
    for rule, place in named:
        if rule not in known:
            raise no_such_rule(rule, known, place)


def _provision(reason: Equivalent) -> str:
    return reason.rule.partition("/")[0]


def _nearby(survivor: Survivor) -> Survivor:
    """Return a survivor whose file is named as seen from here."""
    place = survivor.change.place
    path = Path(place.path).absolute()
    if not path.is_relative_to(Path.cwd()):
        return survivor
    near = replace(place, path=path.relative_to(Path.cwd()))
    return replace(survivor, change=replace(survivor.change, place=near))


def _text(mutated: MutationResult, asked: Mutate, columns: int) -> Iterator[str]:
    for failing in mutated.failing:
        yield from _said(failing.place, _failure(failing), asked.language, columns)
    for stale in mutated.stale:
        text = _STALE.format(rule=stale.rule, change=stale.change)
        yield from _said(stale.place, text, asked.language, columns)
    if mutated.failing or mutated.stale:
        yield ""
    yield from survivors_text(mutated.survivors, asked.language, columns)
    yield from scores_text(mutated.scores, asked.language, columns)


def _failure(failing: Failing) -> Text:
    why = Text("；".join(text.zh for text in failing.why), "; ".join(t.en for t in failing.why))
    return _FAILS.format(name=failing.name, why=why)


def _said(place: Place, text: Text, language: Language, columns: int) -> Iterator[str]:
    for words in each_language(text, language):
        yield from wrap(f"{place}: {words}", columns)


def _json(mutated: MutationResult) -> str:
    rest: dict[str, Any] = {
        "failing_cases": [
            {"case": failing.name, "why": [text.en for text in failing.why]}
            for failing in mutated.failing
        ],
        "stale_reasons": [_reason(stale) for stale in mutated.stale],
    }
    return mutants_json(mutated.scores, mutated.survivors, rest)


def _reason(stale: Equivalent) -> dict[str, str]:
    return {"rule": stale.rule, "change": stale.change, "reason": stale.reason}
