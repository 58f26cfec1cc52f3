from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.text import plain
from pytest_icp.reports.layout import width
from pytest_icp.reports.page import Page


def test_a_table_has_two_columns_and_long_names_a_line_of_their_own() -> None:
    page = Page("en", 60)
    rows = [("a.b", "one two"), ("x" * 40, "three " * 6)]
    assert list(page.table(rows, 2)) == [
        f"  {'a.b':36}one two",
        f"  {'x' * 40}",
        f"  {'':36}three three three",
        f"  {'':36}three three three",
    ]
    assert list(page.table([], 2)) == []


words = st.text(alphabet="字词，。 ab,.", max_size=120)


@given(words, st.integers(20, 80))
def test_nothing_is_wider_than_the_page(text: str, columns: int) -> None:
    page = Page("zh", columns)
    lines = [
        *page.heading(plain(text)),
        *page.text(plain(text)),
        *page.row(plain("标签"), plain(text)),
        *page.steps([plain(text)], 2),
    ]
    longest = max((width(word) for word in text.replace("，", " ").split()), default=0)
    assert all(width(line) <= max(columns, longest + 12) for line in lines)


def test_what_would_command_a_terminal_is_made_harmless() -> None:
    page = Page("en", 80)
    lines = [*page.text(plain("a\x1b[31m")), *page.table([("\x1b", "\x07")], 0)]
    assert not any("\x1b" in line or "\x07" in line for line in lines)
