from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.reports.excerpt import caret_lines
from pytest_icp.reports.layout import width


def lines(excerpt: str, column: int, meant: int, columns: int = 40) -> list[str]:
    return [*caret_lines(excerpt, column, meant, columns, lead="7 | ", under="  | ")]


def test_carets_stand_under_what_is_meant() -> None:
    assert lines("  done: never", 9, 5) == ["7 |   done: never", "  |         ^^^^^"]


def test_a_wide_character_has_two_columns() -> None:
    assert lines("名称: 北京", 5, 2) == ["7 | 名称: 北京", "  |       ^^^^"]


def test_nothing_is_meant_by_one_caret() -> None:
    assert lines("done:", 6, 0) == ["7 | done:", "  |      ^"]


def test_a_long_line_is_shown_where_the_carets_are() -> None:
    first, second = lines("x" * 100 + "HERE" + "y" * 100, 101, 4, columns=24)
    assert width(first) <= 24
    at = second.index("^")
    assert first[at : at + 4] == "HERE"
    assert second.count("^") == 4
    assert "…" in first[:8]
    assert first.endswith("…")


def test_controls_keep_their_column_and_lose_their_power() -> None:
    assert lines("\tx: \x1b[1m", 5, 4) == ["7 |  x: \ufffd[1m", "  |     ^^^^"]


@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=300),
    st.integers(1, 300),
    st.integers(0, 50),
    st.integers(20, 120),
)
def test_no_line_is_wider_than_asked(excerpt: str, column: int, meant: int, columns: int) -> None:
    for line in lines(excerpt, min(column, len(excerpt) + 1), meant, columns):
        assert width(line) <= columns


def test_the_part_before_the_fact_is_no_command_together_with_it() -> None:
    assert "##[" not in lines("a: ##[error]x", 6, 3)[0]
