"""Remarks on a description and on the words of a licence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pytest_icp import Result, evaluate
from pytest_icp.kinds.doubts import own_words, with_own_words
from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.law.text import plain
from tests.derivations import described
from tests.obligations import obligation, policy

LATER = {"id": "cars", "status": "pilot", "launched_on": "2024-06-04", "commercial": True}


def decided(folder: Path, rule: str, *services: Any) -> Result:
    description = described(folder, {"services": [*services]})
    results = evaluate(description, as_of="2024-06-03")
    return next(result for result in results if result.rule_id == rule)


def test_the_day_decides_and_a_note_names_the_status(tmp_path: Path) -> None:
    result = decided(tmp_path, "SP15-01/pre-approval", LATER)
    assert result.verdict == "not applicable"
    (note,) = result.notes
    assert note.location.pointer == "/services/0/launched_on"
    assert note.text.en.startswith("the status of cars is pilot, but it is launched later")
    assert "（2024-06-04）" in note.text.zh


@pytest.mark.parametrize(
    ("rule", "services"),
    [
        # It is as its status says, or nothing hangs on the day.
        ("SP15-01/pre-approval", [{**LATER, "launched_on": "2024-06-03"}]),
        ("SP15-01/pre-approval", [{**LATER, "status": "planned"}]),
        ("SP15-01/pre-approval", [{**LATER, "launched_on": "never"}]),
        ("SP02/scope", [LATER]),
    ],
)
def test_nothing_is_said_of_others(tmp_path: Path, rule: str, services: list[Any]) -> None:
    result = decided(tmp_path, rule, *services)
    assert not [note for note in result.notes if "launched later" in note.text.en]


STORE = {"id": "access", "kinds": ["access"], "started_on": "2020-01-01"}
SITE = {"id": "www", "production": True, "launched_on": "2020-01-01"}


def of_rule(folder: Path, rule: str, *readings: Any, **facts: Any) -> Result:
    description = described(folder, facts, *readings)
    results = evaluate(description, as_of="2024-06-03")
    return next(result for result in results if result.rule_id == rule)


def said(result: Result) -> list[str]:
    return [note.text.en for note in result.notes if note.kind == "facts left out"]


def test_what_is_left_out_and_usually_so_is_listed_once_with_its_words(tmp_path: Path) -> None:
    facts = {
        "sites": [SITE],
        "log_stores": [STORE, {**STORE, "id": "more"}, {**STORE, "id": "known", "ended_on": None}],
        "attestations": [
            {"id": "a", "document": "a.pdf", "sha256": "none"},
            {"id": "b", "document": "none"},
        ],
        "billing": {"test_report": {"document": "b.pdf", "max_age_days": None}},
    }
    (text,) = said(of_rule(tmp_path, "SP09/access-log", **facts))
    listed = text.partition("write:\n")[2]
    assert listed.split(";\n") == [
        "other_licences: []",
        "log_stores.ended_on: never",
        "billing.test_report.sha256: none",
        "billing.test_report.expires_on: none",
        "attestations.expires_on: none",
        "attestations.max_age_days: none",
    ]


# ---- A provision that a licence words differently


OWN = {"id": "SP99", "text": "九十九、别的要求。"}
MADE = obligation("condition")
WHOLE = policy(MADE)


def worded(verdict: Verdict, **more: Any) -> Outcome:
    outcome = Outcome(verdict=verdict, reason=plain("as it is"))
    own = own_words({"provisions": [{"id": "SP98", "text": "x"}, OWN]}, WHOLE)
    return with_own_words(own, WHOLE, obligation("condition", **more), outcome)


@pytest.mark.parametrize(
    "licence",
    [
        {},
        {"provisions": None},
        {"provisions": []},
        {"provisions": [None, {"id": "SP99"}, {"id": "SP99", "text": None}]},
        {"provisions": [{**OWN, "id": "SP98"}]},
        # The same words, however they are spaced.
        {"provisions": [{"id": "SP99", "text": " 九十九、引文，\n以及其他。"}]},
    ],
)
def test_a_licence_has_the_common_words_unless_it_says_others(licence: Any) -> None:
    outcome = Outcome(verdict=Verdict.SATISFIED, reason=plain("as it is"))
    assert own_words(licence, WHOLE) is None
    assert with_own_words(None, WHOLE, MADE, outcome) is outcome


def test_a_pass_is_not_said_of_words_that_nobody_has_compared() -> None:
    outcome = worded(Verdict.SATISFIED)
    (finding,) = outcome.findings
    assert outcome.verdict is finding.verdict is Verdict.UNKNOWN
    assert finding.pointer == "/licence/provisions/1/text"
    assert finding.found == plain("九十九、别的要求。")
    assert "words SP99 differently" in finding.message.en


@pytest.mark.parametrize(
    ("verdict", "more"),
    [
        (Verdict.VIOLATED, {}),
        (Verdict.UNKNOWN, {}),
        (Verdict.SATISFIED, {"basis": "statute"}),
        (Verdict.SATISFIED, {"basis": "own"}),
    ],
)
def test_everything_else_stands_with_a_note(verdict: Verdict, more: Any) -> None:
    outcome = worded(verdict, **more)
    assert (outcome.verdict, outcome.findings) == (verdict, ())
    assert [(note.kind, note.location.pointer) for note in outcome.notes] == [
        (NoteKind.ADVICE, "/licence/provisions/1/text")
    ]
