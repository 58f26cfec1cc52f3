from __future__ import annotations

import pytest

from pytest_icp.law.numerals import number_of, numeral, year_of


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
