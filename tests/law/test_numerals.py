from __future__ import annotations

import pytest

from pytest_icp.law.numerals import arabic, number_of, numeral, year_of


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


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("酒仙桥东路一号院五号楼三层", "酒仙桥东路1号院5号楼三层"),
        ("二十三號", "23號"),
        ("一〇一号", "101号"),
        ("百子湾路八一路", "百子湾路八一路"),
        ("十十号", "十十号"),
    ],
)
def test_numbers_of_houses_in_digits(address: str, read: str) -> None:
    assert arabic(address) == read
