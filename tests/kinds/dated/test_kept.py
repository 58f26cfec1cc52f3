"""How long records are set to be kept."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_icp.law.text import Text
from tests.contexts import decide, said
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


@pytest.mark.parametrize(
    ("kept", "en", "zh"),
    [
        (180, "kept 180 days, which is less than 6 months", "留存 180 日，不满 6 个月"),
        # From 1 March, for example, six months have 184 days.
        (
            183,
            "kept 183 days, which is less than 6 months for 33% of possible start days",
            "留存 183 日，按日历计算，33% 的起算日不满 6 个月",
        ),
    ],
)
def test_a_share_of_the_first_days_is_told_where_it_is_not_all(kept: int, en: str, zh: str) -> None:
    facts = {"stores": [{"id": "s", "kept": {"days": kept}}]}
    (finding,) = decide(keeping({"months": 6}), facts).findings
    assert finding.message == Text(zh=zh, en=en)


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


def test_a_bound_is_said_to_be_one() -> None:
    facts = {"stores": [{"id": "s", "kept": {"at_most": {"days": 30}}}]}
    (finding,) = decide(keeping({"months": 6}), facts).findings
    assert (finding.found.zh, finding.found.en) == ("至多 30 日", "at most 30 days")
    assert finding.message.en == "kept for at most 30 days, which is less than 6 months"
    assert finding.message.zh == "至多留存 30 日，不足 6 个月"


def test_a_bound_that_is_long_enough_shows_nothing() -> None:
    facts = {"stores": [{"id": "s", "kept": {"at_most": {"days": 400}}}]}
    (finding,) = decide(keeping({"months": 6}), facts).findings
    assert finding.message.zh == "只知道至多留存 400 日，实际设定的期限不知道"
    assert finding.message.en == "all that is known is that it is kept for at most 400 days"
    assert finding.found.en == "at most 400 days"


def test_a_bound_of_180_days_may_be_accepted() -> None:
    facts = {"stores": [{"id": "s", "kept": {"at_most": {"days": 180}}}]}
    assert decide(keeping({"months": 6}), facts, six_months="180").verdict == "unknown"


def test_the_share_of_days_is_told() -> None:
    facts = {"stores": [{"id": "s", "kept": {"days": 183}}]}
    ((_, _, words),) = said(decide(keeping({"months": 6}), facts))
    assert "33%" in words


def test_the_steps_tell_how_many_days_the_months_are() -> None:
    facts = {"stores": [{"id": "s", "kept": {"days": 183}}]}
    (steps,) = decide(keeping({"months": 6}), facts).steps.values()
    assert [one.en for one in steps()] == ["6 months are 181 to 184 calendar days"]
    assert not decide(keeping({"days": 60}), facts).steps
