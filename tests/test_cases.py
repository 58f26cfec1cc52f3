"""Every case of `tests/cases`: a description, a day, and what the words of the law make of it."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest

from pytest_icp import evaluate
from pytest_icp.core.calendar import Calendar
from pytest_icp.core.settings import Settings
from pytest_icp.loading.description import load
from pytest_icp.loading.policies import default_policies
from pytest_icp.loading.workdays import published
from tests.helpers import Case, all_cases

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_icp.core.policy import Policy
    from pytest_icp.core.result import Result

LAST_PUBLISHED = 2026
"""The cases call later years unpublished, whatever has been published since."""


@cache
def calendar() -> Calendar:
    years = published().years
    return Calendar({year: years[year] for year in years if year <= LAST_PUBLISHED})


def policy_of(rule: str) -> Policy:
    """Return the policy of a rule with nothing but that rule."""
    for policy in default_policies():
        for obligation in policy.obligations:
            if obligation.rule_id == rule:
                return replace(policy, obligations=(obligation,))
    raise LookupError(rule)


def decide(case: Case, folder: Path) -> Result:
    for name, content in case.files.items():
        how = content if isinstance(content, dict) else {"text": content, "encoding": "utf-8"}
        (folder / name).write_bytes(how["text"].encode(how["encoding"]))
    file = folder / "case.icp.json"
    file.write_text(json.dumps(case.description, ensure_ascii=False), encoding="utf-8")
    (result,) = evaluate(
        load(file, root=folder),
        as_of=case.as_of,
        policies=[policy_of(case.rule)],
        settings=Settings(**case.settings),
        calendar=calendar(),
    )
    return result


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.id)
def test_case(case: Case, tmp_path: Path) -> None:
    result = decide(case, tmp_path)
    # What a failing case has to be read with.
    said = "\n".join(f"{f.pointer}: {f.message.en}" for f in result.findings)
    told = f"{result.reason.en}\n{said}\n{case.why}"
    kinds = {note.kind for note in result.notes}

    assert result.verdict == case.verdict, told
    assert result.failing == (case.verdict == "violated" and result.level == "mandatory")
    assert kinds >= set(case.notes), told
    assert not kinds & set(case.without), told
    if case.pointer:
        assert case.pointer in _blamed(result, case.verdict), told
    if case.due:
        assert case.due in _due(result), told
    assert any(one.provisional for one in result.upcoming) or not case.provisional, told
    if case.says:
        assert any(case.says in f.message.zh for f in result.findings), told
    if case.without_words:
        assert not any(case.without_words in f.message.zh for f in result.findings), told
    if case.cites:
        labels = {cited.label.zh for f in result.findings for cited in f.cited}
        assert any(label.endswith(case.cites) for label in labels), labels


def _blamed(result: Result, verdict: str) -> set[str]:
    """Return the facts that the verdict is laid to."""
    return {finding.pointer for finding in result.findings if finding.verdict == verdict}


def _due(result: Result) -> set[str | None]:
    return {finding.due for finding in result.findings} | {one.last for one in result.upcoming}
