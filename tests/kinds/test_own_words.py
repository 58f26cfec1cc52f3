"""A licence that prints a provision in words of its own is not passed by the common ones."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.kinds.finding import NoteKind, Outcome, Verdict
from pytest_icp.kinds.remarks import own_words, with_own_words
from pytest_icp.law.text import plain
from tests.obligations import obligation, policy

OWN = {"id": "SP99", "text": "九十九、别的要求。"}
MADE = obligation("condition")
WHOLE = policy(MADE)


def decided(verdict: Verdict, **more: Any) -> Outcome:
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
    outcome = decided(Verdict.SATISFIED)
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
    outcome = decided(verdict, **more)
    assert (outcome.verdict, outcome.findings) == (verdict, ())
    assert [(note.kind, note.location.pointer) for note in outcome.notes] == [
        (NoteKind.ADVICE, "/licence/provisions/1/text")
    ]


def test_what_does_not_apply_does_not() -> None:
    outcome = decided(Verdict.NOT_APPLICABLE)
    assert (outcome.verdict, outcome.notes) == (Verdict.NOT_APPLICABLE, ())
