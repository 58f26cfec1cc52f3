"""What a run of fuzzing says at its end."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pytest_icp.authoring.fuzzing.edges import Edges, summary_lines
from pytest_icp.reports.layout import width

MOST_LINES = 10

PLAIN = Edges(rule="SP07/encryption", situations=6, answers=(("data_stores[].kept", "false"),))
SCOPE = [
    Edges(
        rule=rule,
        situations=6,
        scope=True,
        answers=(
            ("services[].features.messaging", "user_to_user"),
            ("services[].features.messaging", "group_chat"),
            ("services[].features.search_scope", "web"),
        ),
    )
    for rule in ("SP02/scope", "SP02/declared")
]
DUE = [
    Edges(rule=f"SP12/{n}", situations=6, days=("2023-12-07", f"2024-0{n}-01")) for n in range(1, 5)
]


def said(*kept: Edges, broken: int = 0, every: bool = False) -> list[str]:
    return [*summary_lines(kept, broken, "en", 300, every=every)]


def test_what_was_tried_and_what_held() -> None:
    assert said(PLAIN) == [
        "1 rule kept every law in 6 situations",
        "of 1 more fact another answer alone would violate a rule: -v lists them",
    ]
    assert said(broken=2)[0] == "0 rules kept every law in 0 situations; 2 did not, see above"


def test_each_answer_is_said_once_with_its_rules() -> None:
    scope = said(*SCOPE)[1]
    assert scope.endswith(
        "services[].features.messaging: user_to_user | group_chat (SP02/scope, SP02/declared); "
        "services[].features.search_scope: web (SP02/scope, SP02/declared)"
    )


def test_of_many_answers_the_first_are_said() -> None:
    words = tuple(("services[].features.messaging", str(n)) for n in range(4))
    (one, _) = (replace(edges, answers=words) for edges in SCOPE)
    assert said(one)[1].endswith("messaging: 0 | 1 | 2 | … (SP02/scope)")


def test_days_in_their_order_and_how_many_more() -> None:
    days = said(*DUE)[1]
    assert "2023-12-07 SP12/1, SP12/2, SP12/3, SP12/4; 2024-01-01 SP12/1; 2024-02-01" in days
    assert days.endswith("; and 2 more")


def test_every_answer_where_all_are_asked_for() -> None:
    lines = said(PLAIN, *SCOPE, every=True)
    assert "  SP07/encryption: data_stores[].kept: false" in lines
    assert not any("-v" in line for line in lines)


@pytest.mark.parametrize(("language", "most"), [("en", MOST_LINES), ("zh", MOST_LINES)])
def test_it_is_short(language: str, most: int) -> None:
    lines = [*summary_lines([PLAIN, *SCOPE, *DUE], 3, language, 80)]  # type: ignore[arg-type]
    assert len(lines) <= most
    assert all(width(line) <= 80 for line in lines)
