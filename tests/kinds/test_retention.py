from __future__ import annotations

from typing import Any

import pytest

from tests.contexts import decide, said
from tests.obligations import obligation


def keeping(least: dict[str, int], **more: str) -> Any:
    return obligation("retention", "stores", at_least=least, fact="kept", **more)


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


DATA = keeping({"months": 6}, oldest="oldest", since="since")


@pytest.mark.parametrize(
    ("oldest", "since", "as_of", "verdict"),
    [
        ("2023-12-03", "2020-01-01", "2024-06-03", "satisfied"),
        ("2023-12-04", "2020-01-01", "2024-06-03", "violated"),
        ("2023-12-03", None, "2024-06-03", "satisfied"),
        ("2023-12-04", None, "2024-06-03", "unknown"),
        (None, "2020-01-01", "2024-06-03", "unknown"),
        # Recording is younger than six months: everything since is there.
        ("2024-03-01", "2024-03-01", "2024-06-03", "satisfied"),
        ("2024-03-02", "2024-03-01", "2024-06-03", "violated"),
        (None, "never", "2024-06-03", "satisfied"),
        ("2024-03-02", "never", "2024-06-03", "satisfied"),
        # Of 29 February is kept to 29 August: on the 31st it is no longer owed.
        ("2024-03-01", "2020-01-01", "2024-08-31", "satisfied"),
        ("2024-03-01", "2020-01-01", "2024-08-29", "violated"),
        ("2024-02-29", "2020-01-01", "2024-08-29", "satisfied"),
    ],
)
def test_what_is_really_there(
    oldest: str | None, since: str | None, as_of: str, verdict: str
) -> None:
    facts = {"stores": [{"id": "s", "kept": {"years": 1}, "oldest": oldest, "since": since}]}
    assert decide(DATA, facts, as_of).verdict == verdict


def test_the_share_of_days_is_told() -> None:
    facts = {"stores": [{"id": "s", "kept": {"days": 183}}]}
    ((_, _, words),) = said(decide(keeping({"months": 6}), facts))
    assert "33%" in words
