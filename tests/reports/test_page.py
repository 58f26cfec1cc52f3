from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.text import Text, plain
from pytest_icp.reports.layout import width
from pytest_icp.reports.page import Page

BOTH = Text("许可证编号", "the number of the licence")


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("zh", ["", "许可证编号"]),
        ("en", ["", "the number of the licence"]),
        ("both", ["", "许可证编号 · the number of the licence"]),
    ],
)
def test_a_heading(language: str, lines: list[str]) -> None:
    assert list(Page(language, 80).heading(BOTH)) == lines  # type: ignore[arg-type]  # one of the three


def test_a_text_is_said_once_for_each_language_its_paragraphs_kept() -> None:
    text = Text("甲\n\n乙", "one\ntwo\n")
    assert list(Page("both", 80).text(text)) == ["  甲", "", "  乙", "  one", "  two"]


def test_what_is_the_same_in_both_languages_is_said_once() -> None:
    assert list(Page("both", 80).text(plain("京B2-20190486"))) == ["  京B2-20190486"]


def test_a_row_is_labelled_in_its_language() -> None:
    assert list(Page("both", 80).row(Text("期限", "term"), plain("90"))) == [
        "  期限：90",
        "  term: 90",
    ]


def test_a_row_of_a_neutral_label_stands_once() -> None:
    assert list(Page("both", 80).row(plain("a · b"), plain("90"))) == ["  a · b：90"]


def test_steps_are_numbered_and_hang() -> None:
    page = Page("both", 20)
    steps = [Text("第一步第一步第一步", "the first of the steps"), plain("2")]
    assert list(page.steps(steps, 2)) == [
        "  1. 第一步第一步第",
        "     一步",
        "     the first of",
        "     the steps",
        "  2. 2",
    ]


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
