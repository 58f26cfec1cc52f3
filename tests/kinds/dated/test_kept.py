"""How long records are set to be kept."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide
from tests.obligations import obligation


def keeping(least: dict[str, int], **more: str) -> Any:
    return obligation("dated", "stores", reaches=least, kept="kept", **more)


@pytest.mark.parametrize(
    ("least", "kept", "verdict"),
    [
        ({"months": 6}, {"days": 184}, "satisfied"),
        ({"months": 6}, {"days": 183}, "violated"),
        ({"months": 6}, {"months": 6}, "satisfied"),
        ({"months": 6}, {"months": 5}, "violated"),
        ({"months": 6}, {"years": 1}, "satisfied"),
        ({"days": 60}, {"days": 60}, "satisfied"),
        ({"days": 60}, {"days": 59}, "violated"),
        # Two months have 59 days at least, three months 89.
        ({"days": 60}, {"months": 2}, "violated"),
        ({"days": 60}, {"months": 3}, "satisfied"),
        ({"years": 1}, {"months": 12}, "satisfied"),
        ({"years": 1}, {"days": 365}, "violated"),
        ({"years": 1}, {"days": 366}, "satisfied"),
        ({"months": 6}, {"days": None}, "unknown"),
        ({"months": 6}, None, "unknown"),
    ],
)
def test_what_is_set_up(least: dict[str, int], kept: Any, verdict: str) -> None:
    assert decide(keeping(least), {"stores": [{"id": "s", "kept": kept}]}).verdict == verdict


def test_a_user_may_accept_180_days() -> None:
    facts = {"stores": [{"id": "s", "kept": {"days": 180}}]}
    outcome = decide(keeping({"months": 6}), facts, six_months="180")
    assert (outcome.verdict, [n.kind for n in outcome.notes]) == (
        "satisfied",
        ["rests on a default"],
    )
    for least, kept in (({"months": 6}, 179), ({"years": 1}, 180)):
        facts = {"stores": [{"id": "s", "kept": {"days": kept}}]}
        assert decide(keeping(least), facts, six_months="180").verdict == "violated"


@pytest.mark.parametrize(
    ("kept", "verdict", "at"),
    [
        ({"at_most": {"days": 183}}, "violated", "/at_most"),
        ({"at_most": {"days": 184}}, "unknown", ""),
        ({"at_most": {"months": 6}}, "unknown", ""),
        ({"at_most": {"months": None}}, "unknown", ""),
        ({"at_most": None}, "unknown", ""),
        # What several files declare has both: a setting does not undo what is deleted before.
        ({"days": 184, "at_most": {"days": 200}}, "satisfied", None),
        ({"days": 184, "at_most": {"days": 30}}, "violated", "/at_most"),
        ({"days": 30, "at_most": {"days": 60}}, "violated", ""),
        ({"days": 30, "at_most": {"days": 10}}, "violated", ""),
    ],
)
def test_what_is_set_up_at_most(kept: Any, verdict: str, at: str | None) -> None:
    outcome = decide(keeping({"months": 6}), {"stores": [{"id": "s", "kept": kept}]})
    assert outcome.verdict == verdict
    wanted = [] if at is None else [f"/stores/0/kept{at}"]
    assert [one.pointer for one in outcome.findings] == wanted


def test_the_steps_tell_how_many_days_the_months_are() -> None:
    facts = {"stores": [{"id": "s", "kept": {"days": 183}}]}
    (steps,) = decide(keeping({"months": 6}), facts).steps.values()
    assert [one.en for one in steps()] == ["6 months are 181 to 184 calendar days"]
    assert not decide(keeping({"days": 60}), facts).steps
