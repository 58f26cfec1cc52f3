from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_icp.law.folding import fold, fold_tight, number_of, numeral, year_of


@pytest.mark.parametrize(
    ("text", "folded", "tight"),
    [
        ("（Ａ）：，", "(A):,", "(A):,"),
        ("京\u200bB\u00ad2\ufeff", "京B2", "京B2"),
        ("a\u3000b\u00a0c\td\n", "a b c\td\n", "abcd"),
        ("㎏", "kg", "kg"),
        ("①②⑳⑴❿➀➓⓾", "(1)(2)(20)(1)(10)(1)(10)(10)", "(1)(2)(20)(1)(10)(1)(10)(10)"),
        ("", "", ""),
    ],
)
def test_folding(text: str, folded: str, tight: str):
    assert fold(text).text == folded
    assert fold_tight(text).text == tight


@given(st.text())
def test_every_character_knows_where_it_came_from(text: str):
    for folded in (fold(text), fold_tight(text)):
        assert len(folded.offsets) == len(folded.text) + 1
        assert list(folded.offsets) == sorted(folded.offsets)
        assert folded.origin(len(folded.text)) == len(text)
        assert all(0 <= offset <= len(text) for offset in folded.offsets)


@given(st.text())
def test_nothing_is_left_to_fold(text: str):
    assert not any(char.isspace() for char in fold_tight(text).text)


@given(st.text(st.sampled_from("京B2 －Ａ㎏⻋\u200b\u00b4e\u0301가ᄀ\u1161")) | st.text())
def test_a_text_is_folded_character_by_character(text: str):
    assert fold(text).text == "".join(fold(char).text for char in text)


@given(st.text("京B2-0123 abc\n"))
def test_plain_text_is_left_alone(text: str):
    assert fold(text).text == text


def test_radicals_of_pdf_files_are_the_characters_that_they_look_like() -> None:
    # The first are CJK radicals, which NFKC leaves; the others Kangxi radicals, which it knows.
    assert fold("⻋⻔⻚⻓⺠ ⼈⽹⽇").text == "车门页长民 人网日"


# ---- Chinese numerals


def test_every_number_is_read_as_it_is_written() -> None:
    assert [number_of(numeral(n)) for n in range(1, 100)] == list(range(1, 100))
    assert [numeral(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]


@pytest.mark.parametrize("words", ["", "零", "〇", "一一", "二十三四", "百", "十十", "1", "二三"])
def test_what_is_no_numeral(words: str) -> None:
    assert number_of(words) is None


@pytest.mark.parametrize("number", [0, 100, -1])
def test_numbers_that_are_not_written(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        numeral(number)


@pytest.mark.parametrize(
    ("words", "year"),
    [("二〇一九", 2019), ("二零一九", 2019), ("二○O九", 2009), ("", None), ("二千", None)],
)
def test_years_digit_by_digit(words: str, year: int | None) -> None:
    assert year_of(words) == year
